//! Directories into containers, files and directories out of them. Where they land is compared with the docker command by
//! the suite.

#[path = "../tar/folder.rs"]
mod folder;

use super::run as job;
use docker_proto::ErrorKind;
use docker_proto::jobs::{copy_in, copy_out};
use docker_proto::tar::{Pack, Tree};
use docker_proto::testkit::{Script, Want};
use folder::{Memory, Node, dir};

/// The head of a stat: `{"name":..,"size":0,"mode":..,"mtime":"..","linkTarget":..}` in base64.
fn stat(script: Script, path: &str, mode: u32, link: &str) -> Script {
    let json = format!(r#"{{"name":"x","size":0,"mode":{mode},"mtime":"","linkTarget":"{link}"}}"#);
    let head =
        format!("HTTP/1.1 200 OK\r\nX-Docker-Container-Path-Stat: {}\r\nContent-Length: 0\r\n\r\n", base64(&json));
    script.expect(&*format!("HEAD /v1.41/containers/web/archive?path={}", path.replace('/', "%2F"))).reply(head)
}

pub(crate) fn base64(text: &str) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let group = |bytes: &[u8]| -> String {
        let n = bytes.iter().fold(0usize, |n, &b| n << 8 | usize::from(b)) << (8 * (3 - bytes.len()));
        (0..=bytes.len()).map(|i| char::from(LETTERS[n >> (18 - 6 * i) & 63])).collect()
    };
    let text: String = text.as_bytes().chunks(3).map(group).collect();
    let padding = "=".repeat((4 - text.len() % 4) % 4);
    text + &padding
}

const DIR: u32 = 1 << 31 | 0o755;
const LINK: u32 = 1 << 27 | 0o777;

fn missing(script: Script, path: &str) -> Script {
    let want = format!("HEAD /v1.41/containers/web/archive?path={}", path.replace('/', "%2F"));
    script.expect(&*want).reply("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
}

fn puts(script: Script, path: &str) -> Script {
    let path = path.replace('/', "%2F");
    let want =
        Want::from(&*format!("PUT /v1.41/containers/web/archive?path={path}&noOverwriteDirNonDir=1")).body("tar");
    script.accept().expect(want).reply("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
}

/// What a job asks before it adds to a directory that is there.
fn changes(script: Script) -> Script {
    script.expect("GET /v1.41/containers/web/changes").json(200, "null")
}

/// What is packed does not matter here.
fn tar(_: Pack) -> &'static str {
    "tar"
}

#[test]
fn a_directory_goes_where_its_path_says() {
    let is = |script: Script, path: &str, now: &str| {
        let (done, bench) = job(script, copy_in("web", path, tar));
        assert_eq!(done.unwrap().path, now);
        bench.finish();
    };
    let there = |script: Script, path: &str| changes(stat(script, path, DIR, ""));
    is(puts(there(Script::new(), "/srv"), "/srv"), "/srv/", "/srv");
    is(puts(there(Script::new(), "/"), "/"), "/", "/");
    // This engine does not say that it is dockerd: others would make what is missing above it.
    let above = |script: Script, path: &str| stat(script, path, DIR, "");
    is(puts(above(missing(Script::new(), "/srv/site"), "/srv"), "/srv/"), "/srv/site", "/srv/site");
    is(puts(missing(Script::new(), "site"), "/"), "site", "/site");
    // A link is followed, once, wherever it leads.
    let link = |to: &str| stat(Script::new(), "/l", LINK, to);
    is(puts(there(link("/srv"), "/srv"), "/srv"), "/l", "/srv");
    is(puts(above(missing(link("/a/b"), "/a/b"), "/a"), "/a/"), "/l", "/a/b");
    let named = puts(missing(stat(Script::new(), "/srv", DIR, ""), "/srv/site"), "/srv");
    let (done, bench) = job(named, copy_in("web", "/srv", tar).named("site"));
    assert_eq!(done.unwrap().path, "/srv/site");
    bench.finish();
}

#[test]
fn what_makes_no_sense_is_refused_before_it_is_packed() {
    fn never(_: Pack) -> &'static str {
        panic!("it is not packed")
    }
    let (done, bench) = job(stat(Script::new(), "/f", 0o644, ""), copy_in("web", "/f", never));
    let e = done.unwrap_err();
    assert!(e.kind() == ErrorKind::Usage && e.message().starts_with("\"/f\" is a file"), "{e}");
    bench.finish();
    for name in ["", "a/b", ".."] {
        let (done, bench) = job(Script::new(), copy_in("web", "/srv", never).named(name));
        assert_eq!((done.unwrap_err().kind(), bench.dials()), (ErrorKind::Usage, 0), "{name}");
    }
}

fn gets(script: Script, path: &str, tar: &[u8]) -> Script {
    let want = format!("GET /v1.41/containers/web/archive?path={}", path.replace('/', "%2F"));
    let stat = base64(&format!(r#"{{"name":"x","mode":{DIR}}}"#));
    let head =
        format!("HTTP/1.1 200 OK\r\nContent-Type: application/x-tar\r\nX-Docker-Container-Path-Stat: {stat}\r\n");
    script.expect(&*want).reply(format!("{head}Content-Length: {}\r\n\r\n", tar.len())).reply(tar)
}

#[test]
fn a_directory_comes_out() {
    let tar = Tree::new().dir("d").unwrap().file("d/f", "x").unwrap().into_bytes();
    // Where nothing is, into a directory, and its contents only, behind a link.
    for (path, stated, there, names) in [
        ("/tmp/d", &["/tmp/d"][..], false, &["", "f"][..]),
        ("/tmp/d", &["/tmp/d"], true, &["", "d", "d/f"]),
        ("/tmp/d/.", &["/tmp/d"], true, &["", "f"]),
        ("/l/.", &["/l", "/tmp/d"], true, &["", "f"]),
    ] {
        let mut script = Script::new();
        for path in stated {
            script = stat(script, path, if *path == "/l" { LINK } else { DIR }, "/tmp/d");
        }
        let to = Memory::new("dest");
        let to = if there { to.with("", dir(0o711)) } else { to };
        let (done, bench) = job(gets(script, "/tmp/d", &tar), copy_out("web", path, to.clone()));
        assert_eq!(done.unwrap().size, 1);
        bench.finish();
        assert_eq!(to.nodes().keys().collect::<Vec<_>>(), names, "{path}");
    }
}

#[test]
fn a_tar_that_is_cut_or_leads_elsewhere_leaves_nothing() {
    let tar = Tree::new().dir("d").unwrap().file("d/f", "x").unwrap().into_bytes();
    let evil = Tree::new().dir("d").unwrap().add(docker_proto::tar::Entry::file("d/../../evil"), b"x").unwrap();
    for (tar, kind) in [(&tar[..1536], ErrorKind::Truncated), (&evil.into_bytes()[..], ErrorKind::Protocol)] {
        let to = Memory::new("dest");
        let script = gets(stat(Script::new(), "/tmp/d", DIR, ""), "/tmp/d", tar);
        let (done, _) = job(script, copy_out("web", "/tmp/d", to.clone()));
        assert_eq!(done.unwrap_err().kind(), kind);
        assert!(to.nodes().is_empty());
    }
}

#[test]
fn what_is_there_decides() {
    let file = || Memory::new("dest").with("", Node::File { data: vec![], mode: 0, mtime: 0 });
    let (done, bench) = job(stat(Script::new(), "/tmp/d", DIR, ""), copy_out("web", "/tmp/d", file()));
    assert_eq!(done.unwrap_err().kind(), ErrorKind::Usage);
    bench.finish();
    let (done, _) = job(stat(Script::new(), "/f", 0o644, ""), copy_out("web", "/f/.", file()));
    assert!(done.unwrap_err().message().contains("\"/f\" is no directory that has contents"));
}
