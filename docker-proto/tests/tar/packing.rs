//! Directories, answered from memory.

use crate::kit::{File, read};
use docker_proto::ErrorKind::Body;
use docker_proto::drive::{BodySource, Disk, Packed};
use docker_proto::model::Timestamp;
use docker_proto::tar::{Choice, Entry, EntryKind, Found, Pack};
use docker_proto::wire::BodyPiece;
use docker_proto::{Error, Source};
use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

/// What is at a path: its mode with its kind, and its content or target.
#[derive(Clone, Default)]
struct Node {
    found: Found,
    content: Vec<u8>,
    /// How long it says it is, if that is not true.
    says: Option<u64>,
    denied: bool,
}

/// A file system in memory.
#[derive(Clone, Default)]
struct Memory(BTreeMap<Vec<u8>, Node>);

impl Memory {
    fn with(mut self, path: &str, mode: u32, content: &[u8]) -> Self {
        let ino = self.0.len() as u64 + 1;
        let size = content.len() as u64;
        let mtime = Timestamp::new(1_700_000_000, 5);
        let found = Found { mode, size, mtime, ino, links: 1, uid: 1000, gid: 100, ..Found::default() };
        self.0.insert(path.into(), Node { found, content: content.into(), ..Node::default() });
        self
    }

    fn change(mut self, path: &str, change: impl FnOnce(&mut Node)) -> Self {
        change(self.0.get_mut(path.as_bytes()).expect("it is there"));
        self
    }

    fn at(&self, path: &[u8]) -> Result<&Node, Source> {
        let node = self.0.get(path).ok_or(io::ErrorKind::NotFound);
        let node = node.and_then(|n| if n.denied { Err(io::ErrorKind::PermissionDenied) } else { Ok(n) });
        node.map_err(|e| Arc::new(io::Error::from(e)) as Source)
    }
}

impl Disk for Memory {
    type File = (Vec<u8>, usize);

    fn list(&mut self, path: &[u8]) -> Result<Vec<Vec<u8>>, Source> {
        if !path.is_empty() {
            self.at(path)?;
        }
        let prefix = if path.is_empty() { Vec::new() } else { [path, b"/"].concat() };
        let below =
            self.0.keys().filter_map(|p| p.strip_prefix(&*prefix)).filter(|p| !p.is_empty() && !p.contains(&b'/'));
        // Any order will do.
        Ok(below.map(Into::into).rev().collect())
    }

    fn stat(&mut self, path: &[u8]) -> Result<Found, Source> {
        // Who may not read a file may look at it.
        Ok(self.0[path].found)
    }

    fn link(&mut self, path: &[u8]) -> Result<Vec<u8>, Source> {
        self.at(path).map(|n| n.content.clone())
    }

    fn open(&mut self, path: &[u8]) -> Result<(Self::File, Found), Source> {
        let node = self.at(path)?;
        assert_eq!(node.found.mode & 0o170_000, 0o100_000, "only files are opened");
        let size = node.says.unwrap_or(node.found.size);
        Ok(((node.content.clone(), 0), Found { size, ..node.found }))
    }

    fn read(&mut self, (content, at): &mut Self::File, room: &mut [u8]) -> Result<usize, Source> {
        assert!(!room.is_empty());
        // Less than there is room for, as a disk may give it.
        let n = room.len().min(content.len() - *at).min(700);
        room[..n].copy_from_slice(&content[*at..*at + n]);
        *at += n;
        Ok(n)
    }
}

/// Drives a body to its end, in pieces of at most `room` bytes.
fn body(disk: Memory, pack: Pack, room: usize) -> Result<Vec<u8>, Source> {
    let mut source = Packed::new(pack, disk);
    assert_eq!(source.length(), None);
    let (mut all, mut room) = (Vec::new(), vec![0; room]);
    loop {
        match source.poll_piece(&mut Context::from_waker(Waker::noop()), &mut room) {
            Poll::Ready(Ok(BodyPiece::Filled(n))) => {
                assert!(n > 0);
                all.extend_from_slice(&room[..n]);
            }
            Poll::Ready(Ok(BodyPiece::End)) => return Ok(all),
            Poll::Ready(Ok(_)) => panic!("bytes of its own"),
            Poll::Ready(Err(e)) => return Err(e),
            Poll::Pending => panic!("a disk is waited for"),
        }
    }
}

fn packed(disk: Memory, pack: Pack) -> Vec<File> {
    read(&body(disk, pack, 64 * 1024).expect("packed")).expect("a tar")
}

fn failure(disk: Memory) -> Error {
    let e = body(disk, Pack::new(), 1024).expect_err("it cannot be packed");
    e.downcast_ref::<Error>().expect("our error").clone()
}

fn tree() -> Memory {
    Memory::default()
        .with("b", 0o100_644, &[7; 1500])
        .with("a", 0o040_755, b"")
        .with("a/z", 0o104_755, b"setuid")
        .with("a/empty", 0o100_600, b"")
        .with("a.b", 0o100_644, b"between")
        .with("link", 0o120_777, b"a/z")
        .with("pipe", 0o010_644, b"")
        .with("sock", 0o140_755, b"")
}

#[test]
fn the_same_tar_each_time_in_the_order_of_the_names() {
    let found = packed(tree(), Pack::new());
    let paths: Vec<_> = found.iter().map(|(e, _)| e.path_text().into_owned()).collect();
    assert_eq!(paths, ["a/", "a/empty", "a/z", "a.b", "b", "link", "pipe"]);
    let (z, data) = &found[2];
    let time = Timestamp::new(1_700_000_000, 5);
    let mut wanted = Entry::file("a/z").mode(0o4755).owner(1000, 100).mtime(time);
    wanted.size = 6;
    assert_eq!((z, &**data), (&wanted, &b"setuid"[..]));
    assert_eq!((found[5].0.kind, found[5].0.link_text()), (EntryKind::Symlink, "a/z".into()));
    assert_eq!((found[6].0.kind, &found[4].1), (EntryKind::Fifo, &vec![7; 1500]));
    let whole = body(tree(), Pack::new(), 64 * 1024).unwrap();
    for room in [1, 2, 511, 512, 513, 4096] {
        let other = body(tree(), Pack::new(), room).unwrap();
        let differs = other.iter().zip(&whole).position(|(a, b)| a != b);
        assert!(other == whole, "{room}: {} and {} bytes, other at {differs:?}", other.len(), whole.len());
    }
}

#[test]
fn a_file_with_two_names_is_packed_once() {
    let same = |node: &mut Node| (node.found.ino, node.found.links) = (99, 2);
    let disk = tree().with("c", 0o100_644, &[7; 1500]).change("b", same).change("c", same);
    let found = packed(disk.clone(), Pack::new());
    let c = found.iter().find(|(e, _)| e.path == b"c").unwrap();
    assert_eq!(
        (c.0.kind, c.0.link_text(), c.0.size, c.1.len(), c.0.mode),
        (EntryKind::Hardlink, "b".into(), 0, 0, 0o644)
    );
    // If the first is left out, the second is the file.
    let leave = |entry: &mut Entry| if entry.path == b"b" { Choice::Leave } else { Choice::Take };
    let found = packed(disk, Pack::new().choose(leave));
    assert_eq!(found.iter().find(|(e, _)| e.path == b"c").unwrap().1.len(), 1500);
}

#[test]
fn sockets_are_left_out_and_told_of() {
    let told = Arc::new(Mutex::new(Vec::new()));
    let ours = told.clone();
    let pack = Pack::new().left_out(move |path| ours.lock().unwrap().push(path.to_vec()));
    assert!(packed(tree(), pack).iter().all(|(e, _)| e.path != b"sock"));
    assert_eq!(*told.lock().unwrap(), [b"sock"]);
}

#[test]
fn what_is_chosen_is_packed_as_it_was_changed() {
    let pack = Pack::new().choose(|entry| {
        (entry.uid, entry.mtime) = (0, Timestamp::new(0, 0));
        match &*entry.path {
            b"a" => Choice::LookBelow,
            b"b" | b"pipe" => Choice::Leave,
            _ => Choice::Take,
        }
    });
    // What is left out need not be readable.
    let found = packed(tree().change("b", |b| b.denied = true), pack);
    let seen: Vec<_> = found.iter().map(|(e, _)| (e.path_text().into_owned(), e.uid, e.mtime.seconds)).collect();
    assert_eq!(seen, ["a/empty", "a/z", "a.b", "link"].map(|path| (path.into(), 0, 0)));
    let pack = Pack::new().choose(|entry| if entry.is_dir() { Choice::Leave } else { Choice::Take });
    assert!(packed(tree(), pack).iter().all(|(e, _)| !e.path.starts_with(b"a/")));
}

#[test]
fn what_cannot_be_packed_is_named() {
    let with = |path: &str, change: fn(&mut Node)| failure(tree().change(path, change));
    let e = with("b", |b| b.denied = true);
    assert!(
        e.kind() == Body && e.to_string().contains("cannot open \"b\"") && e.to_string().contains("permission"),
        "{e}"
    );
    let e = with("a", |a| a.denied = true);
    assert!(e.to_string().contains("cannot list \"a\""), "{e}");
    let e = with("link", |l| l.denied = true);
    assert!(e.to_string().contains("cannot read the link \"link\""), "{e}");
    let e = with("b", |b| b.says = Some(2000));
    assert!(
        e.message().contains("\"b\" of the directory to be packed shrank while it was read, from 2000 bytes to 1500"),
        "{e}"
    );
    let e = with("b", |b| b.says = Some(1000));
    assert!(e.message().contains("grew while it was read, beyond 1000 bytes"), "{e}");
    let e = with("a/empty", |f| f.content = b"no longer".to_vec());
    assert!(e.message().contains("\"a/empty\"") && e.message().contains("grew"), "{e}");
}

#[test]
fn the_directory_itself_is_packed_under_a_name() {
    let same = |node: &mut Node| (node.found.ino, node.found.links) = (99, 2);
    let disk = Memory::default().with("", 0o040_711, b"").with("a", 0o040_755, b"").with("a/z", 0o100_644, b"z");
    let disk = disk.with("b", 0o100_644, b"b").with("c", 0o100_644, b"b").change("b", same).change("c", same);
    let disk = disk.with("link", 0o120_777, b"a/z");
    let leave = |entry: &mut Entry| if entry.path == b"a" { Choice::Leave } else { Choice::Take };
    let found = packed(disk.clone(), Pack::new().under("site").choose(leave));
    let paths: Vec<_> = found.iter().map(|(e, _)| (e.path_text().into_owned(), e.link_text().into_owned())).collect();
    let wanted = [("site/", ""), ("site/b", ""), ("site/c", "site/b"), ("site/link", "a/z")];
    assert_eq!(paths, wanted.map(|(path, link)| (path.to_owned(), link.to_owned())));
    assert_eq!((found[0].0.mode, &*found[1].1), (0o711, &b"b"[..]));
    // Nothing is in one of no name.
    let plain = packed(disk, Pack::new().under(""));
    assert_eq!(plain[0].0.path, b"a/");
    let e =
        body(Memory::default().with("", 0o100_644, b""), Pack::new().under("site"), 1024).expect_err("no directory");
    assert!(e.to_string().contains("is no directory"), "{e}");
}
