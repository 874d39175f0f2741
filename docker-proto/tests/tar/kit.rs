//! Tars made by hand, and what is seen of them.

use docker_proto::tar::{Entry, TarItem, TarReader};
use docker_proto::testkit::Seen;
use docker_proto::wire::{Decode, Input, RecvBuf};

/// A block with this at these places, and its checksum.
pub(crate) fn header(parts: &[(usize, &[u8])]) -> Vec<u8> {
    let mut block = vec![0; 512];
    for (at, bytes) in [(100, &b"0000644\0"[..]), (108, b"0000000\0"), (116, b"0000000\0"), (136, b"00000000000\0")] {
        block[at..at + bytes.len()].copy_from_slice(bytes);
    }
    for (at, bytes) in parts {
        block[*at..at + bytes.len()].copy_from_slice(bytes);
    }
    let sum: u32 =
        block.iter().enumerate().map(|(at, &b)| if (148..156).contains(&at) { 32 } else { u32::from(b) }).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    block
}

/// An entry of ustar with its data, padded.
pub(crate) fn entry(name: &str, flag: u8, data: &[u8]) -> Vec<u8> {
    let size = format!("{:011o}\0", data.len());
    let magic = (257, &b"ustar\x0000"[..]);
    let mut out = header(&[(0, name.as_bytes()), (124, size.as_bytes()), (156, &[flag]), magic]);
    out.extend_from_slice(data);
    out.resize(out.len().next_multiple_of(512), 0);
    out
}

/// A regular file.
pub(crate) fn file(name: &str, data: &[u8]) -> Vec<u8> {
    entry(name, b'0', data)
}

/// A pax header with these records.
pub(crate) fn pax(flag: u8, records: &[(&str, &[u8])]) -> Vec<u8> {
    let mut text = Vec::new();
    for (key, value) in records {
        let rest = key.len() + value.len() + 3;
        let length = (rest + 1..).find(|n| *n == rest + n.to_string().len()).expect("a length");
        text.extend_from_slice(format!("{length} {key}=").as_bytes());
        text.extend_from_slice(value);
        text.push(b'\n');
    }
    entry("PaxHeaders/x", flag, &text)
}

/// The end of a tar.
pub(crate) const END: [u8; 1024] = [0; 1024];

/// What a reader gives, however the data is cut: each entry with all of its data.
pub(crate) type File = (Entry, Vec<u8>);

/// Folds data into its entry.
pub(crate) fn files(seen: &mut Vec<Seen<File>>, item: TarItem) {
    match (item, seen.last_mut()) {
        (TarItem::Entry(entry), _) => seen.push(Seen::Item((entry, Vec::new()))),
        (TarItem::Data(bytes), Some(Seen::Item((_, data)))) => {
            assert!(!bytes.is_empty());
            data.extend_from_slice(&bytes);
        }
        (item, _) => panic!("{item:?} before any entry"),
    }
}

/// Folds bytes into one.
pub(crate) fn joined(seen: &mut Vec<Seen<Vec<u8>>>, bytes: bytes::Bytes) {
    match seen.last_mut() {
        Some(Seen::Item(all)) => all.extend_from_slice(&bytes),
        _ => seen.push(Seen::Item(bytes.to_vec())),
    }
}

/// Reads a whole tar.
pub(crate) fn read(tar: &[u8]) -> Result<Vec<File>, docker_proto::Error> {
    let mut seen = Vec::new();
    run(&mut TarReader::new(), tar, |item| files(&mut seen, item))?;
    let file = |seen| match seen {
        Seen::Item(file) => file,
        Seen::Error(..) => unreachable!("errors of tars are final"),
    };
    Ok(seen.into_iter().map(file).collect())
}

/// Decodes all of `bytes`.
pub(crate) fn run<D: Decode>(
    decoder: &mut D,
    bytes: &[u8],
    mut item: impl FnMut(D::Item),
) -> Result<(), docker_proto::Error> {
    let mut block = RecvBuf::from(bytes);
    let mut left = block.len();
    while let Some(found) = decoder.decode(&mut Input::new(&mut block, &mut left))? {
        item(found);
    }
    while let Some(found) = decoder.finish()? {
        item(found);
    }
    Ok(())
}
