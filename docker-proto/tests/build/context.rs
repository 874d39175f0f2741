//! Directories as contexts of builds.

use super::disk::Node::{Denied, Fifo, File, Folder, Link, Socket};
use super::disk::{Memory, files, sent};
use docker_proto::ErrorKind;
use docker_proto::api::build::FromTar;
use docker_proto::build::{Context, MAX_FILE};
use docker_proto::model::Timestamp;
use docker_proto::tar::EntryKind;
use std::error::Error as _;

fn dockerfile(name: &str) -> FromTar {
    FromTar::new().dockerfile(name)
}

fn refused(memory: Memory, build: FromTar) -> docker_proto::Error {
    sent(Context::directory(memory), build).err().expect("a refusal")
}

#[test]
fn everything_is_sent_sorted_and_owned_by_root() {
    let memory = files(&[
        ("Dockerfile", File("FROM scratch\n")),
        ("z", Folder),
        ("a", Folder),
        ("a/empty", Folder),
        ("a/file", File("x")),
        ("a/socket", Socket),
        ("a/pipe", Fifo),
        ("a/broken", Link("nowhere")),
        ("a/dir", Link("../z")),
    ]);
    let one = sent(Context::directory(memory.clone()), FromTar::new()).unwrap();
    assert_eq!(one.dockerfile, "Dockerfile");
    assert_eq!(one.paths(), ["Dockerfile", "a/", "a/broken", "a/dir", "a/empty/", "a/file", "a/pipe", "z/"]);
    assert!(one.entries.iter().all(|(entry, _)| (entry.uid, entry.gid) == (0, 0)));
    let kinds: Vec<_> = one.entries.iter().map(|(entry, _)| entry.kind).collect();
    assert_eq!(kinds[2..4], [EntryKind::Symlink, EntryKind::Symlink]);
    assert_eq!((one.entries[2].0.link.as_slice(), kinds[6]), (&b"nowhere"[..], EntryKind::Fifo));
    let again = sent(Context::directory(memory), FromTar::new()).unwrap();
    assert!(one.tar == again.tar, "byte for byte the same");
}

#[test]
fn the_first_kib_is_a_tar_to_buildkit() {
    // A time with a fraction, and a name that is too long for a header, ask for a pax header.
    let long: &'static str = format!(".{}", "x".repeat(200)).leak();
    let mut memory = files(&[(long, File("")), ("Dockerfile", File(""))]);
    memory.mtime = Timestamp::new(-5, 7);
    let one = sent(Context::directory(memory.clone()), FromTar::new().version("2")).unwrap();
    assert_eq!(one.paths(), ["./", long, "Dockerfile"]);
    assert_eq!((&one.tar[..3], one.tar[156]), (&b"./\0"[..], b'5'), "no pax header is before it");
    assert_eq!(one.entries[2].0.mtime, Timestamp::new(-5, 0));
    assert_eq!(sent(Context::directory(memory), FromTar::new()).unwrap().paths(), [long, "Dockerfile"]);
}

#[test]
fn times_before_1970_and_far_away_are_kept() {
    for seconds in [-1, -2_208_988_800, 1 << 33, 1 << 40] {
        let mut memory = files(&[("Dockerfile", File(""))]);
        memory.mtime = Timestamp::new(seconds, 0);
        let sent = sent(Context::directory(memory), FromTar::new()).unwrap();
        assert_eq!(sent.entries[0].0.mtime, Timestamp::new(seconds, 0));
    }
}

#[test]
fn what_is_ignored_is_not_sent_and_what_the_engine_needs_is() {
    let all = [
        ("Dockerfile", File("FROM scratch\n")),
        (".dockerignore", File("*\n!src\n**/*.log\n!src/keep.log\n")),
        ("src", Folder),
        ("src/main.rs", File("")),
        ("src/a.log", File("")),
        ("src/keep.log", File("")),
        ("target", Folder),
        ("target/a", Denied),
        ("docker", Folder),
        ("docker/Dockerfile", File("FROM alpine\n")),
    ];
    let one = sent(Context::directory(files(&all)), FromTar::new()).unwrap();
    assert_eq!(one.paths(), [".dockerignore", "Dockerfile", "src/", "src/keep.log", "src/main.rs"]);
    // Its folder is left out, itself not.
    let one = sent(Context::directory(files(&all)), dockerfile("./docker//Dockerfile")).unwrap();
    assert_eq!(one.dockerfile, "docker/Dockerfile");
    assert_eq!(one.paths(), [".dockerignore", "docker/Dockerfile", "src/", "src/keep.log", "src/main.rs"]);
}

#[test]
fn siblings_of_what_was_looked_into_are_judged_by_themselves() {
    let memory = files(&[
        (".dockerignore", File("a\n!a/b/c\nd*\n!d1/e")),
        ("Dockerfile", File("")),
        ("a", Folder),
        ("a/b", Folder),
        ("a/b/c", File("")),
        ("a/b/d", File("")),
        ("a/c", File("")),
        ("ab", Folder),
        ("ab/c", File("")),
        ("d1", Folder),
        ("d1/e", Folder),
        ("d1/e/f", File("")),
        ("d2", Folder),
        ("d2/e", File("")),
    ]);
    let sent = sent(Context::directory(memory), FromTar::new()).unwrap();
    assert_eq!(sent.paths(), [".dockerignore", "Dockerfile", "a/b/c", "ab/", "ab/c", "d1/e/", "d1/e/f"]);
}

#[test]
fn buildkit_prefers_the_ignore_file_of_the_dockerfile() {
    let all = [
        ("Dockerfile", File("")),
        (".dockerignore", File("a")),
        ("docker", Folder),
        ("docker/app", File("")),
        ("docker/app.dockerignore", File("b")),
        ("a", File("")),
        ("b", File("")),
    ];
    let leaves = |build| {
        let paths = sent(Context::directory(files(&all)), build).unwrap().paths();
        ["a", "b"].into_iter().filter(|name| !paths.iter().any(|path| path == name)).collect::<Vec<_>>()
    };
    assert_eq!(leaves(dockerfile("docker/app").version("2")), ["b"]);
    assert_eq!(leaves(dockerfile("docker/app")), ["a"]);
    assert_eq!(leaves(FromTar::new().version("2")), ["a"], "there is none of its own");
}

#[test]
fn a_dockerfile_from_elsewhere_is_sent_and_left_out_of_the_context() {
    let outside = ("/other/My.Dockerfile", File("FROM elsewhere\n"));
    let with = |more: &[_]| files(&[&[("a", File("")), outside.clone()], more].concat());
    for name in ["../other/My.Dockerfile", "/other/My.Dockerfile", "link"] {
        let link = ("link", Link("../other/My.Dockerfile"));
        let one = sent(Context::directory(with(&[link])), dockerfile(name)).unwrap();
        let hidden = one.dockerfile.clone();
        assert!(hidden.starts_with(".dockerfile.") && hidden.len() == 32, "{hidden}");
        assert_eq!(one.paths(), [".dockerignore", &*hidden, "a", "link"]);
        assert_eq!(one.text(&hidden), "FROM elsewhere\n");
        assert_eq!(one.text(".dockerignore"), format!("\n.dockerignore\n{hidden}\n"), "nor is this one seen");
    }
    // BuildKit does not read the ignore file, and so gets none that was not there.
    let ignored = with(&[(".dockerignore", File("b\n.docker*"))]);
    let one = sent(Context::directory(ignored), dockerfile("/other/My.Dockerfile").version("2")).unwrap();
    assert_eq!(one.paths(), ["./", &*one.dockerfile, "a"]);
    // One that is there stays what it is.
    let memory = with(&[(".dockerignore", File("b")), ("b", File("")), ("Dockerfile", File("FROM here\n"))]);
    let one = sent(Context::directory(memory), dockerfile("../other/My.Dockerfile")).unwrap();
    assert_eq!(one.paths(), [".dockerignore", &*one.dockerfile, "Dockerfile", "a"]);
    assert_eq!(one.text(".dockerignore"), format!("b\n\n{}\n", one.dockerfile));
}

#[test]
fn a_dockerfile_may_be_meant_in_several_ways() {
    let all = [("docker", Folder), ("docker/app", File("")), ("link", Link("docker/app")), ("dockerfile", File(""))];
    for (name, is) in [
        ("docker/app", "docker/app"),
        ("./docker/app", "docker/app"),
        ("docker/../docker/app", "docker/app"),
        ("/ctx/docker/app", "docker/app"),
        ("../ctx/docker/app", "docker/app"),
        ("link", "docker/app"),
        ("", "dockerfile"),
    ] {
        assert_eq!(sent(Context::directory(files(&all)), dockerfile(name)).unwrap().dockerfile, is, "{name}");
    }
    assert_eq!(sent(Context::directory(files(&all)), FromTar::new()).unwrap().dockerfile, "dockerfile");
    let both = files(&[("Dockerfile", File("")), ("dockerfile", File(""))]);
    assert_eq!(sent(Context::directory(both), FromTar::new()).unwrap().dockerfile, "Dockerfile");
}

#[test]
fn what_cannot_be_read_is_named() {
    let app = ("Dockerfile", File(""));
    for (memory, build, kind, says) in [
        (files(&[]), FromTar::new(), ErrorKind::Body, "cannot find \"Dockerfile\""),
        (files(std::slice::from_ref(&app)), dockerfile("no/such"), ErrorKind::Body, "cannot find \"no/such\""),
        (files(&[("a", Folder)]), dockerfile("a"), ErrorKind::Body, "\"a\" of the build is no file"),
        (
            files(&[app.clone(), (".dockerignore", Fifo)]),
            FromTar::new(),
            ErrorKind::Body,
            "\".dockerignore\" of the build is no file",
        ),
        (
            files(&[app.clone(), (".dockerignore", Denied)]),
            FromTar::new(),
            ErrorKind::Body,
            "cannot read \".dockerignore\"",
        ),
        (
            files(&[app.clone(), (".dockerignore", File("ok\n["))]),
            FromTar::new(),
            ErrorKind::Usage,
            "line 2 of the ignore file",
        ),
        (files(&[app.clone(), ("a", Denied)]), FromTar::new(), ErrorKind::Body, "cannot open \"a\""),
        (files(&[("/x", Denied)]), dockerfile("/x"), ErrorKind::Body, "cannot read \"/x\""),
    ] {
        let e = refused(memory, build);
        assert!(e.kind() == kind && e.message().contains(says), "{e}: {says}");
    }
    let e = refused(files(&[]), FromTar::new());
    assert_eq!(e.source().unwrap().to_string(), "entity not found");
    let long: &'static str = "#".repeat(MAX_FILE + 1).leak();
    let e = refused(files(&[app, (".dockerignore", File(long))]), FromTar::new());
    assert_eq!(e.kind(), ErrorKind::TooLarge);
}

#[test]
fn a_dockerfile_alone_has_the_name_that_it_is_asked_for_by() {
    for (build, name) in [(FromTar::new(), "Dockerfile"), (dockerfile("docker/app"), "docker/app")] {
        let one = sent(Context::dockerfile("FROM scratch\n"), build).unwrap();
        assert_eq!((one.paths(), one.text(name)), (vec![name.to_string()], "FROM scratch\n"));
    }
}
