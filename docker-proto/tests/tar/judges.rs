//! What others write we read, what we write others read: the `tar` crate and GNU tar.

use crate::kit::{File, read};
use docker_proto::model::Timestamp;
use docker_proto::tar::{Entry, EntryKind, Tree};
use std::fs;
use std::io::Read;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

/// A directory that is gone at the end of a test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("dp-tar-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).expect("a folder");
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Runs GNU tar, which these tests need.
fn gnu_tar(arguments: &[&str]) -> Vec<u8> {
    let out = Command::new("tar").args(arguments).output().expect("GNU tar is there");
    assert!(out.status.success(), "tar {arguments:?}: {}", String::from_utf8_lossy(&out.stderr));
    out.stdout
}

/// Files of all kinds that need no privileges, with names of all lengths.
fn fill(root: &Path) {
    let mode = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("a mode");
    fs::create_dir(root.join("dir")).expect("a directory");
    for (n, length) in [1, 98, 99, 100, 101, 154, 155, 156, 200, 255].into_iter().enumerate() {
        let name = format!("dir/{}{}", n, "n".repeat(length - 1));
        fs::write(root.join(&name), vec![b'a' + n as u8; n * 300]).expect("a file");
    }
    let deep = (0..5).fold(root.join("deep"), |path, _| path.join("d".repeat(90)));
    fs::create_dir_all(&deep).expect("directories");
    fs::write(deep.join("file"), "deep").expect("a file");
    symlink("t".repeat(150), root.join("dir/link")).expect("a link");
    symlink("1", root.join("dir/short")).expect("a link");
    fs::hard_link(root.join("dir/1".to_owned() + &"n".repeat(97)), root.join("dir/same")).expect("a hard link");
    fs::write(root.join("caf\u{e9}"), "text").expect("a file");
    fs::write(root.join("locked"), "").expect("a file");
    mode(&root.join("locked"), 0o000);
    mode(&root.join("dir/1".to_owned() + &"n".repeat(97)), 0o4755);
    mode(&root.join("dir"), 0o1777);
    let status = Command::new("mkfifo").arg(root.join("pipe")).status().expect("mkfifo is there");
    assert!(status.success());
}

/// Compares entries with what is on the disk below `root`: all of it, and nothing else.
fn same(found: &[File], root: &Path, nanos: bool) {
    let mut there = Vec::new();
    walk(root, Path::new(""), &mut there);
    let mut paths: Vec<_> = found.iter().map(|(e, _)| clean(&e.path)).collect();
    paths.sort();
    there.sort();
    assert_eq!(paths, there);
    for (entry, data) in found {
        let path = root.join(clean(&entry.path));
        let meta = fs::symlink_metadata(&path).expect("it is there");
        let kind = match meta.mode() & 0o170_000 {
            0o100_000 => EntryKind::File,
            0o040_000 => EntryKind::Directory,
            0o120_000 => EntryKind::Symlink,
            0o010_000 => EntryKind::Fifo,
            _ => EntryKind::Other(0),
        };
        let hard = entry.kind == EntryKind::Hardlink;
        assert!(entry.kind == kind || hard && kind == EntryKind::File, "{path:?}: {:?}", entry.kind);
        let owner = (u64::from(meta.uid()), u64::from(meta.gid()));
        assert_eq!((entry.mode, entry.uid, entry.gid), (meta.mode() & 0o7777, owner.0, owner.1), "{path:?}");
        assert_eq!(entry.mtime.seconds, meta.mtime(), "{path:?}");
        if nanos {
            assert_eq!(i64::from(entry.mtime.nanos), meta.mtime_nsec(), "{path:?}");
        }
        match kind {
            EntryKind::Symlink => assert_eq!(fs::read_link(&path).expect("a link").as_os_str(), &*entry.link_text()),
            _ if hard => {
                let first = fs::metadata(root.join(clean(&entry.link))).expect("the first name");
                assert_eq!(first.ino(), meta.ino());
            }
            EntryKind::File if meta.mode() & 0o400 != 0 => {
                assert_eq!(unpacked(entry, data), fs::read(&path).expect("it"))
            }
            _ => assert!(data.is_empty()),
        }
    }
}

/// The content of a file, its holes filled with zeros.
fn unpacked(entry: &Entry, data: &[u8]) -> Vec<u8> {
    let Some(sparse) = &entry.sparse else { return data.to_vec() };
    let (mut all, mut rest) = (vec![0; sparse.size as usize], data);
    for &(offset, length) in &sparse.parts {
        let (part, later) = rest.split_at(length as usize);
        all[offset as usize..][..part.len()].copy_from_slice(part);
        rest = later;
    }
    all
}

fn clean(path: &[u8]) -> PathBuf {
    let text = std::str::from_utf8(path).expect("names of the test are text");
    PathBuf::from(text.trim_start_matches("./").trim_end_matches('/'))
}

fn walk(root: &Path, at: &Path, there: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(root.join(at)).expect("a directory") {
        let entry = entry.expect("an entry");
        let path = at.join(entry.file_name());
        if entry.file_type().expect("a kind").is_dir() {
            walk(root, &path, there);
        }
        there.push(path);
    }
}

#[test]
fn what_gnu_tar_writes_in_any_format() {
    let folder = Folder::new("gnu");
    fill(&folder.0);
    let root = folder.0.to_str().expect("text");
    for format in ["gnu", "oldgnu", "pax"] {
        let tar = gnu_tar(&[
            "-C",
            root,
            &format!("--format={format}"),
            "--sort=name",
            "-cf",
            "-",
            "--",
            "caf\u{e9}",
            "deep",
            "dir",
            "locked",
            "pipe",
        ]);
        same(&read(&tar).expect(format), &folder.0, format == "pax");
    }
    // ustar has no room for some of the names.
    let folder = Folder::new("ustar");
    fs::create_dir_all(folder.0.join("a".repeat(90))).expect("a directory");
    fs::write(folder.0.join("a".repeat(90)).join("b".repeat(99)), "ustar").expect("a file");
    let root = folder.0.to_str().expect("text");
    for format in ["ustar", "v7"] {
        let name = if format == "v7" { folder.0.join("short") } else { folder.0.join("s") };
        fs::write(&name, "short").expect("a file");
        let out = Command::new("tar").args(["-C", root, &format!("--format={format}"), "-cf", "-", "."]).output();
        let out = out.expect("GNU tar is there");
        let found = read(&out.stdout).expect(format);
        let names: Vec<_> = found.iter().map(|(e, _)| e.path.len()).collect();
        assert!(format == "v7" || names.contains(&(2 + 90 + 1 + 99)), "{names:?}");
        let (_, data) = found.iter().find(|(e, _)| e.path.starts_with(b"./s")).expect("the short one");
        assert_eq!(data, b"short");
    }
}

#[test]
fn sparse_files_of_gnu_tar_in_any_format() {
    use std::io::{Seek, SeekFrom, Write};
    let folder = Folder::new("sparse");
    let mut file = fs::File::create(folder.0.join("holes")).expect("a file");
    // More parts than a header has room for.
    for n in 0..40u64 {
        file.seek(SeekFrom::Start(n * 100_000 + 4096)).expect("a place");
        file.write_all(&[n as u8 + 1; 5000]).expect("data");
    }
    file.set_len(5_000_000).expect("a hole at the end");
    let root = folder.0.to_str().expect("text");
    for format in [
        &["--format=gnu"][..],
        &["--format=oldgnu"],
        &["--format=pax", "--sparse-version=0.0"],
        &["--format=pax", "--sparse-version=0.1"],
        &["--format=pax", "--sparse-version=1.0"],
    ] {
        let tar = gnu_tar(&[&["-C", root, "--sparse", "-cf", "-"], format, &["holes"]].concat());
        let found = read(&tar).expect("a tar");
        let [(entry, data)] = &found[..] else { panic!("{format:?}: {found:?}") };
        let sparse = entry.sparse.as_ref().expect("sparse");
        assert_eq!((entry.path_text(), entry.file_size()), ("holes".into(), 5_000_000), "{format:?}");
        assert!(sparse.parts.len() >= 40 && data.len() < 1_000_000, "{format:?}");
        assert!(unpacked(entry, data) == fs::read(folder.0.join("holes")).expect("it"), "{format:?}");
    }
}

/// A tree with everything that we write.
fn tree() -> Tree {
    let long = "long/".repeat(60) + "name";
    Tree::new()
        .dir("dir")
        .and_then(|t| {
            t.add(
                Entry::file("dir/a").mode(0o4711).owner(1234, 70_000).mtime(Timestamp::new(1_500_000_000, 250)),
                b"data",
            )
        })
        .and_then(|t| t.file(&*long, vec![7; 5000]))
        .and_then(|t| t.symlink("dir/link", "t".repeat(300)))
        .and_then(|t| t.hardlink("dir/same", "dir/a"))
        .and_then(|t| t.add(Entry::special("dir/pipe", EntryKind::Fifo), b""))
        .and_then(|t| t.add(Entry::file("big").owner(3_000_000, 1).mtime(Timestamp::new(-5, 500_000_000)), b"x"))
        .expect("a tree")
}

#[test]
fn what_we_write_the_tar_crate_reads() {
    let tar = tree().into_bytes();
    let ours = read(&tar).expect("a tar");
    let mut archive = tar::Archive::new(&*tar);
    let mut count = 0;
    for (theirs, (entry, data)) in archive.entries().expect("entries").zip(&ours) {
        let mut theirs = theirs.expect("an entry");
        assert_eq!(&*theirs.path_bytes(), &*entry.path);
        assert_eq!(theirs.link_name_bytes().as_deref().unwrap_or_default(), &*entry.link);
        assert_eq!(theirs.header().mode().expect("a mode"), entry.mode);
        let mut content = Vec::new();
        theirs.read_to_end(&mut content).expect("data");
        assert!(content == *data);
        count += 1;
    }
    assert_eq!((count, ours.len()), (7, 7));
}

#[test]
fn what_we_write_gnu_tar_unpacks() {
    let folder = Folder::new("unpack");
    let file = folder.0.join("t.tar");
    fs::write(&file, tree().into_bytes()).expect("a file");
    let out = folder.0.join("out");
    fs::create_dir(&out).expect("a directory");
    let (file, root) = (file.to_str().expect("text"), out.to_str().expect("text"));
    gnu_tar(&["-C", root, "--same-permissions", "--no-same-owner", "-xf", file]);
    let found = read(&tree().into_bytes()).expect("a tar");
    for (entry, data) in &found {
        let path = out.join(clean(&entry.path));
        let meta = fs::symlink_metadata(&path).expect("unpacked");
        if entry.kind == EntryKind::Symlink {
            assert_eq!(fs::read_link(&path).expect("a link").as_os_str(), &*entry.link_text());
            continue;
        }
        assert_eq!(meta.mode() & 0o7777, entry.mode, "{path:?}");
        if !entry.is_dir() {
            assert_eq!((meta.mtime(), meta.mtime_nsec()), (entry.mtime.seconds, entry.mtime.nanos.into()), "{path:?}");
        }
        if entry.is_file() {
            assert!(fs::read(&path).expect("it") == *data, "{path:?}");
        }
    }
    assert_eq!(
        fs::metadata(out.join("dir/a")).expect("it").ino(),
        fs::metadata(out.join("dir/same")).expect("it").ino()
    );
    let listed = String::from_utf8(gnu_tar(&["--numeric-owner", "--utc", "-tvf", file])).expect("text");
    assert!(listed.contains("-rws--x--x 1234/70000"), "{listed}");
    assert!(listed.contains("3000000/1") && listed.contains("1969-12-31 23:59 big"), "{listed}");
}
