//! Tars.

use crate::source::Source;
use crate::{cut, run};
use bytes::Bytes;
use docker_proto::ErrorKind;
use docker_proto::tar::{Entry, EntryKind, TarCheck, TarItem, TarReader, Tree};
use docker_proto::testkit::Seen;
use std::io::Read;

/// Fields of headers, records, ends, and what engines append.
pub(crate) const WORDS: &[&[u8]] = &[
    b"ustar\x0000",
    b"ustar  \0",
    b"0000644\0",
    b"00000000005\0",
    b"\x80\0\0\0\0\0\0\0\0\0\0\x05",
    b"12 path=abc\n",
    b"8 size=1\n",
    b"22 GNU.sparse.major=1\n",
    b"GNU.sparse.map=0,5",
    b"././@LongLink",
    b"{\"message\":\"boom\"}\n",
    b"{\"errorDetail\":{\"message\":\"boom\"},\"error\":\"boom\"}\r\n",
    &[0; 512],
    &[0; 1024],
];

/// See [`TARGETS`](crate::TARGETS).
pub fn tar(data: &[u8]) {
    raw(data);
    raw(&repaired(data));
    for n in cut::prefixes(data) {
        raw(&repaired(&data[..n]));
    }
    built(data);
}

type File = (Entry, Vec<u8>);

fn fold(seen: &mut Vec<Seen<File>>, item: TarItem) {
    match (item, seen.last_mut()) {
        (TarItem::Entry(entry), _) => seen.push(Seen::Item((entry, Vec::new()))),
        (TarItem::Data(bytes), Some(Seen::Item((entry, data)))) => {
            data.extend_from_slice(&bytes);
            assert!(!bytes.is_empty() && data.len() as u64 <= entry.size, "more data than announced");
        }
        (item, _) => panic!("{item:?} before any entry"),
    }
}

fn joined(seen: &mut Vec<Seen<Vec<u8>>>, bytes: Bytes) {
    assert!(!bytes.is_empty(), "an empty item");
    match seen.last_mut() {
        Some(Seen::Item(all)) => all.extend_from_slice(&bytes),
        _ => seen.push(Seen::Item(bytes.to_vec())),
    }
}

/// The input is what the engine sent.
fn raw(data: &[u8]) {
    let read = run::at_any_cut(data, |set| run::run(&mut TarReader::new(), data, set, fold, |_| {}));
    let check = run::at_any_cut(data, |set| run::run(&mut TarCheck::new(), data, set, joined, |_| {}));
    let given = match &check.seen[..] {
        [] => &[][..],
        [Seen::Item(all)] => all,
        other => panic!("{other:?}"),
    };
    assert!(data.starts_with(given), "what is given on is not what came");
    match (check.kind(), read.kind()) {
        (None, None) => assert_eq!(given.len(), data.len(), "bytes in are not bytes out"),
        // Only the reader looks at all fields.
        (_, Some(ErrorKind::Protocol)) => {}
        (a, b) => assert_eq!(a, b, "the check and the reader disagree"),
    }
}

/// The same with checksums that are right, so that what is behind them is reached.
fn repaired(data: &[u8]) -> Vec<u8> {
    let mut data = data.to_vec();
    for block in data.chunks_exact_mut(512) {
        if block[0] != 0 && matches!(block[156], 0 | b'0'..=b'7' | b'x' | b'g' | b'L' | b'K' | b'S') {
            block[148..156].fill(b' ');
            let sum: u32 = block.iter().map(|&b| u32::from(b)).sum();
            block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        }
    }
    data
}

/// The input is a plan of entries: what is written is read, by us and by the `tar` crate.
fn built(data: &[u8]) {
    let mut source = Source::new(data);
    let (mut tree, mut wanted) = (Tree::new(), Vec::new());
    while !source.is_empty() && wanted.len() < 20 {
        let length = 1 + source.length() % 600;
        let path = source.filler(length, b"abc./-\xC3\xA9 ");
        let kinds = [EntryKind::File, EntryKind::Fifo, EntryKind::Symlink, EntryKind::Hardlink];
        let mut entry = match source.pick(&kinds) {
            EntryKind::Symlink => Entry::symlink(path, source.filler(1 + length, b"to/\xFF")),
            EntryKind::Hardlink => Entry::hardlink(path, source.filler(1 + length, b"of/")),
            kind => Entry::special(path, kind),
        };
        let (uid, time) = (u64::from(source.byte()) << 17, i64::from(source.byte()) - 100);
        entry = entry.mode(u32::from(source.byte()) & 0o777).owner(uid, 1).mtime(time << 30);
        let length = if entry.is_file() { source.length() } else { 0 };
        let content = source.filler(length, b"data{}\"\0");
        entry.size = length as u64;
        tree = tree.add(entry.clone(), &content).expect("an entry that a tar can hold");
        wanted.push((entry, content));
    }
    let bytes = tree.into_bytes();
    let read = run::run(&mut TarReader::new(), &bytes, &[], fold, |_| {});
    assert_eq!(read.kind(), None, "what is well-formed is refused");
    let found: Vec<File> =
        read.seen.into_iter().map(|s| if let Seen::Item(f) = s { f } else { panic!("{s:?}") }).collect();
    assert_eq!(found.len(), wanted.len(), "as many are read as were written");
    for ((entry, data), (written, content)) in found.iter().zip(&wanted) {
        assert!(entry == written, "{written:?} was written, {entry:?} was read");
        assert!(data == content, "what was written is not what was read");
    }
    let mut archive = ::tar::Archive::new(&*bytes);
    let mut theirs = archive.entries().expect("entries");
    for (entry, data) in &wanted {
        let mut other = theirs.next().expect("as many").expect("an entry");
        assert_eq!(*other.path_bytes(), *entry.path);
        let mut content = Vec::new();
        other.read_to_end(&mut content).expect("its data");
        assert!(content == *data, "the tar crate reads other data");
    }
    assert!(theirs.next().is_none());
}
