//! Any tree: what goes in is what comes out, by us and by the `tar` crate.

use crate::kit::{File, read};
use docker_proto::model::Timestamp;
use docker_proto::tar::{Entry, EntryKind, Tree};
use proptest::prelude::*;
use std::io::Read;

/// Bytes that a path may have: everything but NUL, of any length that a file system allows.
fn path() -> impl Strategy<Value = Vec<u8>> {
    let byte = prop_oneof![8 => 0x61..0x7Bu8, 1 => 1..=255u8];
    let part = prop_oneof![4 => 1..12usize, 1 => 90..110usize, 1 => 200..256usize];
    let part = part.prop_flat_map(move |n| prop::collection::vec(byte.clone(), n));
    let path = prop::collection::vec(part, 1..4).prop_map(|parts| parts.join(&b'/'));
    path.prop_filter("a name that is no directory", |p| !p.ends_with(b"/"))
}

fn kind() -> impl Strategy<Value = EntryKind> {
    prop_oneof![
        4 => Just(EntryKind::File),
        1 => Just(EntryKind::Directory),
        1 => Just(EntryKind::Symlink),
        1 => Just(EntryKind::Hardlink),
        1 => Just(EntryKind::Fifo),
        1 => (0..0o777_7777u32, 0..0o777_7777u32).prop_map(|(a, b)| EntryKind::CharDevice(a, b)),
        1 => (0..300u32, 0..300u32).prop_map(|(a, b)| EntryKind::BlockDevice(a, b)),
    ]
}

prop_compose! {
    fn any_file()(
        path in path(),
        kind in kind(),
        mode in 0..=0o7777u32,
        owner in (0..=u64::from(u32::MAX), 0..=u64::from(u32::MAX)),
        time in (-10_000_000_000..100_000_000_000i64, prop_oneof![Just(0), 0..1_000_000_000u32]),
        link in path(),
        names in ("[a-z]{0,40}", "[a-z]{0,8}"),
        xattr in prop::option::of(prop::collection::vec(any::<u8>(), 1..50)),
        data in prop::collection::vec(any::<u8>(), 0..2000),
    ) -> File {
        let mut entry = match kind {
            EntryKind::Symlink => Entry::symlink(path, link),
            EntryKind::Hardlink => Entry::hardlink(path, link),
            kind => Entry::special(path, kind),
        };
        entry = entry.mode(mode).owner(owner.0, owner.1).mtime(Timestamp::new(time.0, time.1));
        (entry.user, entry.group) = (names.0.into(), names.1.into());
        if let Some(value) = xattr {
            entry = entry.with_xattr("user.test", value);
        }
        let data = if entry.is_file() { data } else { Vec::new() };
        entry.size = data.len() as u64;
        (entry, data)
    }
}

fn write(files: &[File]) -> Vec<u8> {
    let tree = files.iter().fold(Tree::new(), |tree, (entry, data)| tree.add(entry.clone(), data).expect("a tree"));
    tree.into_bytes().to_vec()
}

/// As it is read: directories end in a slash.
fn as_read(mut file: File) -> File {
    if file.0.is_dir() {
        file.0.path.push(b'/');
    }
    file
}

proptest! {
    #[test]
    fn what_we_write_we_read(files in prop::collection::vec(any_file(), 0..8)) {
        let found = read(&write(&files)).expect("a tar");
        prop_assert_eq!(found, files.into_iter().map(as_read).collect::<Vec<_>>());
    }

    #[test]
    fn what_we_write_the_tar_crate_reads(files in prop::collection::vec(any_file(), 1..6)) {
        // It ends a record at the first newline.
        let line = |mut text: Vec<u8>| {
            text.iter_mut().filter(|b| **b == b'\n').for_each(|b| *b = b'_');
            text
        };
        let files: Vec<File> = files
            .into_iter()
            .map(|(entry, data)| {
                let mut clean = entry.clone();
                (clean.path, clean.link) = (line(entry.path), line(entry.link));
                (clean, data)
            })
            .collect();
        let bytes = write(&files);
        let mut archive = tar::Archive::new(&*bytes);
        let mut theirs = archive.entries().expect("entries");
        for file in files {
            let (entry, data) = as_read(file);
            let mut other = theirs.next().expect("as many").expect("an entry");
            prop_assert_eq!(&*other.path_bytes(), &*entry.path);
            prop_assert!(other.link_name_bytes().as_deref().unwrap_or_default() == &*entry.link);
            prop_assert_eq!(other.header().mode().expect("a mode"), entry.mode);
            let mut content = Vec::new();
            other.read_to_end(&mut content).expect("data");
            prop_assert!(content == data);
        }
        prop_assert!(theirs.next().is_none());
    }

    #[test]
    fn what_the_tar_crate_writes_we_read(
        names in prop::collection::vec(("[a-z]{1,9}(/[a-z]{1,120}){0,3}", prop::collection::vec(any::<u8>(), 0..1500), 0..0o777u32), 0..6),
    ) {
        let mut builder = tar::Builder::new(Vec::new());
        for (name, data, mode) in &names {
            let mut header = tar::Header::new_gnu();
            header.set_size(data.len() as u64);
            header.set_mode(*mode);
            builder.append_data(&mut header, name, &data[..]).expect("written");
        }
        let found = read(&builder.into_inner().expect("a tar")).expect("a tar");
        prop_assert_eq!(found.len(), names.len());
        for ((entry, data), (name, content, mode)) in found.iter().zip(&names) {
            prop_assert_eq!((&*entry.path, data, entry.mode), (name.as_bytes(), content, *mode));
        }
    }
}

#[test]
fn what_no_tar_can_hold_is_refused() {
    let refused = |result: docker_proto::Result<Tree>| {
        let e = result.expect_err("refused");
        assert_eq!(e.kind(), docker_proto::ErrorKind::Usage);
        e.to_string()
    };
    let add = |entry: Entry| refused(Tree::new().add(entry, ""));
    assert!(refused(Tree::new().file("", "x")).contains("empty path"));
    assert!(refused(Tree::new().file("a\0b", "x")).contains("NUL byte in its path"));
    assert!(refused(Tree::new().symlink("a", "")).contains("link to nowhere"));
    assert!(refused(Tree::new().hardlink("a", "b")).contains("no file of the tree"));
    assert!(refused(Tree::new().add(Entry::dir("d"), "data")).contains("4 bytes of data"));
    assert!(add(Entry::file("f").mode(0o100_644)).contains("the mode 100644"));
    assert!(add(Entry::special("f", EntryKind::CharDevice(1, 0o1000_0000))).contains("device numbers"));
    assert!(add(Entry::special("f", EntryKind::Other(b'x'))).contains("means something else"));
    assert!(add(Entry::file("f").with_xattr("a=b", "v")).contains("a keyword without `=`"));
    let mut sparse = Entry::file("f");
    sparse.sparse = Some(docker_proto::tar::Sparse::default());
    assert!(add(sparse).contains("sparse"));
}
