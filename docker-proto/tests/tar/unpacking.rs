//! Tars that are unpacked: as they are, and never beside the destination.

use super::folder::{Memory, Node, Nodes, dir};
use bytes::Bytes;
use docker_proto::ErrorKind;
use docker_proto::tar::{Entry, EntryKind, From, Lands, Onto, Sparse, TarItem, Unpack};
use std::sync::{Arc, Mutex};

fn file(data: &str) -> Node {
    Node::File { data: data.into(), mode: 0o644, mtime: 0 }
}

fn items(entries: &[(Entry, &str)]) -> Vec<TarItem> {
    let mut items = Vec::new();
    for (entry, data) in entries {
        let mut entry = entry.clone();
        entry.size = data.len() as u64;
        items.push(TarItem::Entry(entry));
        if !data.is_empty() {
            items.push(TarItem::Data(Bytes::copy_from_slice(data.as_bytes())));
        }
    }
    items
}

fn unpack(to: &Memory, name: &str, entries: &[(Entry, &str)]) -> docker_proto::Result<u64> {
    let mut unpack = Unpack::new(to.clone()).named(name);
    for item in items(entries) {
        unpack.take(item)?;
    }
    unpack.finish()
}

fn tree() -> Vec<(Entry, &'static str)> {
    vec![
        (Entry::dir("root/").mode(0o1755).mtime(5), ""),
        (Entry::file("root/a").mode(0o4644).mtime(6), "hello"),
        (Entry::symlink("root/s", "/etc/passwd"), ""),
        (Entry::hardlink("root/h", "root/a"), ""),
        (Entry::special("root/pipe", EntryKind::Fifo), ""),
        (Entry::special("root/dev", EntryKind::CharDevice(1, 3)), ""),
        // Its directory comes behind it, and of the other none comes.
        (Entry::file("root/d/e/f").mtime(7), ""),
        (Entry::dir("root/d").mode(0o500).mtime(8), ""),
        (Entry::hardlink("root/other", "root/pipe"), ""),
    ]
}

fn unpacked() -> Nodes {
    let a = Node::File { data: b"hello".into(), mode: 0o644, mtime: 6 };
    Nodes::from([
        ("".into(), Node::Dir { mode: 0o755, mtime: Some(5) }),
        ("a".into(), a.clone()),
        ("s".into(), Node::Link("/etc/passwd".into())),
        ("h".into(), a),
        ("d".into(), Node::Dir { mode: 0o500, mtime: Some(8) }),
        ("d/e".into(), Node::Dir { mode: 0o755, mtime: None }),
        ("d/e/f".into(), Node::File { data: vec![], mode: 0o644, mtime: 7 }),
    ])
}

#[test]
fn a_tree_comes_out_as_it_is() {
    let to = Memory::new("dest");
    assert_eq!(unpack(&to, "", &tree()).unwrap(), 5);
    assert_eq!(to.nodes(), unpacked());
    // Under a name, in a directory that stays as it is.
    let to = Memory::new("dest").with("", dir(0o711));
    unpack(&to, "name", &tree()).unwrap();
    let nodes = to.nodes();
    assert_eq!((&nodes[""], nodes.len()), (&dir(0o711), 1 + unpacked().len()));
    assert_eq!(nodes["name/d"], unpacked()["d"]);
}

#[test]
fn what_is_left_out_is_told() {
    let told = Arc::new(Mutex::new(Vec::new()));
    let ours = told.clone();
    let mut unpack = Unpack::new(Memory::new("dest")).left_out(move |path| ours.lock().unwrap().push(path.to_vec()));
    items(&tree()).into_iter().for_each(|item| unpack.take(item).unwrap());
    unpack.finish().unwrap();
    assert_eq!(*told.lock().unwrap(), [&b"pipe"[..], b"dev", b"other"]);
}

#[test]
fn the_name_of_what_was_asked_for_does_not_matter() {
    // That of `/` is empty.
    for root in ["", "a/name", "..", "."] {
        let first = root.split('/').next().unwrap();
        let to = Memory::new("dest");
        unpack(&to, "", &[(Entry::dir(first), ""), (Entry::file(format!("{first}/f")), "x")]).unwrap();
        assert!(to.nodes().len() == 2 && to.nodes().contains_key("f"), "{:?}", to.nodes());
    }
    // A file alone is the destination.
    let to = Memory::new("dest");
    unpack(&to, "", &[(Entry::file("passwd"), "root")]).unwrap();
    assert!(matches!(&to.nodes()[""], Node::File { data, .. } if data == b"root"));
}

#[test]
fn nothing_is_written_beside_the_destination() {
    let sym = |target: &str| (Entry::symlink("r/l", target), "");
    for (entries, why) in [
        (vec![(Entry::file("r/../evil"), "")], "leads out"),
        (vec![(Entry::file("r/a/../../../evil"), "")], "leads out"),
        (vec![(Entry::dir("r/.."), "")], "leads out"),
        (vec![(Entry::symlink("r/..", "x"), "")], "leads out"),
        (vec![(Entry::file("r/a\0b"), "")], "leads out"),
        (vec![sym("/etc"), (Entry::file("r/l/passwd"), "")], "is no directory"),
        (vec![sym(".."), (Entry::dir("r/l/evil"), "")], "is no directory"),
        (vec![sym("/etc"), (Entry::dir("r/l"), "")], "which is no directory"),
        (vec![sym("/etc"), (Entry::symlink("r/l/x", "y"), "")], "is no directory"),
        (vec![(Entry::hardlink("r/h", "r/../../etc/passwd"), "")], "leads out"),
        (vec![sym("/etc/passwd"), (Entry::hardlink("r/h", "r/l"), "")], "no file"),
        (vec![sym("/etc"), (Entry::hardlink("r/h", "r/l/passwd"), "")], "is no directory"),
        (vec![(Entry::file("r/f"), "x"), (Entry::file("r/f/g"), "")], "is no directory"),
    ] {
        let to = Memory::new("dest").with("", dir(0o755));
        let e = unpack(&to, "", &entries).unwrap_err();
        assert!(e.message().contains(why) && e.is_final(), "{entries:?}: {e}");
        assert_eq!(to.nodes().len(), 1, "{entries:?} leaves {:?}", to.nodes());
    }
    // A link is replaced, and not written through.
    let to = Memory::new("dest").with("", dir(0o755)).with("l", Node::Link("/etc/passwd".into()));
    unpack(&to, "", &[(Entry::file("r/l"), "x")]).unwrap();
    assert!(matches!(&to.nodes()["l"], Node::File { data, .. } if data == b"x"));
    // As is one that is in the way of a directory, in a place that was there before.
    let to = Memory::new("dest").with("", dir(0o755)).with("l", Node::Link("/etc".into()));
    assert!(unpack(&to, "", &[(Entry::file("r/l/x"), "")]).is_err());
}

#[test]
fn what_is_there_is_replaced_by_its_like_only() {
    let before = || Memory::new("dest").with("", dir(0o711)).with("f", file("old")).with("d", dir(0o700));
    let to = before();
    unpack(&to, "", &[(Entry::dir("r"), ""), (Entry::dir("r/d"), ""), (Entry::file("r/f"), "new")]).unwrap();
    assert_eq!((&to.nodes()["d"], &to.nodes()[""]), (&dir(0o700), &dir(0o711)));
    assert!(matches!(&to.nodes()["f"], Node::File { data, .. } if data == b"new"));
    for entry in [Entry::dir("r/f"), Entry::file("r/d"), Entry::symlink("r/d", "x")] {
        let e = unpack(&before(), "", &[(entry, "")]).unwrap_err();
        assert!(e.kind() == ErrorKind::Writer && e.message().contains("is there already"), "{e}");
    }
}

#[test]
fn holes_are_where_they_were() {
    let mut entry = Entry::file("r");
    let mut sparse = Sparse::default();
    (sparse.size, sparse.parts) = (12, vec![(2, 3), (8, 2)]);
    entry.sparse = Some(sparse);
    entry.size = 5;
    let to = Memory::new("dest");
    let mut unpack = Unpack::new(to.clone());
    unpack.take(TarItem::Entry(entry)).unwrap();
    for piece in ["a", "bcd", "e"] {
        unpack.take(TarItem::Data(piece.into())).unwrap();
    }
    assert_eq!(unpack.finish().unwrap(), 12);
    assert!(matches!(&to.nodes()[""], Node::File { data, .. } if data == b"\0\0abc\0\0\0de\0\0"));
}

#[test]
fn one_that_is_given_up_anywhere_leaves_nothing() {
    let all = items(&tree());
    for name in ["", "name"] {
        for n in 0..=all.len() {
            let to = Memory::new("dest");
            let to = if name.is_empty() { to } else { to.with("", dir(0o711)).with("other", file("x")) };
            let before = to.nodes();
            let mut unpack = Unpack::new(to.clone()).named(name);
            all[..n].iter().for_each(|item| unpack.take(item.clone()).unwrap());
            drop(unpack);
            assert_eq!(to.nodes(), before, "{n}");
        }
    }
    let to = Memory::new("dest");
    let e = unpack(&to, "", &[(Entry::dir("r"), ""), (Entry::file("r/f"), "the disk is full")]).unwrap_err();
    assert!(e.kind() == ErrorKind::Writer && e.to_string().contains("cannot write \"f\""), "{e}");
    assert!(to.nodes().is_empty());
}

/// The table of `docker cp`, which the suite compares with the command.
#[test]
fn what_is_copied_lands_where_the_command_puts_it() {
    use Lands::{There, Within};
    for (from, onto, slash, lands) in [
        (From::Directory, Onto::Nothing, false, Some(There)),
        (From::Directory, Onto::Nothing, true, Some(There)),
        (From::Directory, Onto::Directory, false, Some(Within)),
        (From::Directory, Onto::File, false, None),
        (From::Contents, Onto::Nothing, false, Some(There)),
        (From::Contents, Onto::Directory, true, Some(There)),
        (From::Contents, Onto::File, false, None),
        (From::File, Onto::Nothing, false, Some(There)),
        (From::File, Onto::Nothing, true, None),
        (From::File, Onto::Directory, false, Some(Within)),
        (From::File, Onto::Directory, true, Some(Within)),
        (From::File, Onto::File, false, Some(There)),
        (From::File, Onto::File, true, None),
    ] {
        let found = Lands::of(from, onto, slash, "dest");
        assert!(
            found.as_ref().is_ok_and(|l| Some(*l) == lands) || lands.is_none() && found.is_err(),
            "{from:?} {onto:?}"
        );
        if let Err(e) = found {
            assert!(e.kind() == ErrorKind::Usage && e.message().starts_with("\"dest\" is"), "{e}");
        }
    }
}
