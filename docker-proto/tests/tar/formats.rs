//! The formats there are, each at any cut.

use crate::kit::{END, File, entry, file, files, header, pax, read};
use docker_proto::tar::{Entry, EntryKind, TarReader};
use docker_proto::testkit::{Vector, every_cut};

fn one(tar: Vec<u8>) -> File {
    let files_in = [&tar[..], &END].concat();
    let found = read(&files_in).expect("a tar");
    let [only] = &found[..] else { panic!("{found:?}") };
    let v = Vector::new("one entry", files_in).item(only.clone());
    assert_eq!(every_cut(TarReader::new, &v, files), 0);
    only.clone()
}

fn named(path: &[u8]) -> Entry {
    Entry::file(path)
}

#[test]
fn ustar_with_a_prefix() {
    let tar =
        header(&[(0, b"file"), (156, b"0"), (257, b"ustar\x0000"), (345, b"a/long/way"), (265, b"me"), (297, b"us")]);
    let (entry, data) = one(tar);
    assert_eq!(
        (entry.path_text(), &*entry.user, &*entry.group, data.len()),
        ("a/long/way/file".into(), &b"me"[..], &b"us"[..], 0)
    );
    // Full fields have no NUL at their end.
    let (name, prefix) = ([b'n'; 100], [b'p'; 155]);
    let (entry, _) = one(header(&[(0, &name), (156, b"0"), (257, b"ustar\x0000"), (345, &prefix)]));
    assert_eq!(entry.path, [&prefix[..], b"/", &name].concat());
    // GNU has times where ustar has its prefix.
    let (entry, _) = one(header(&[(0, b"file"), (156, b"0"), (257, b"ustar  \0"), (345, b"14537046743\0")]));
    assert_eq!(entry.path, b"file");
    // star ends its prefix earlier.
    let (entry, _) =
        one(header(&[(0, b"f"), (257, b"ustar\x0000"), (345, b"p"), (476, b"00000000001 "), (508, b"tar\0")]));
    assert_eq!(entry.path, b"p/f");
}

#[test]
fn the_old_format() {
    let (entry, _) = one(header(&[(0, b"dir/"), (257, b"nothing"), (265, b"nobody"), (345, b"nowhere")]));
    assert_eq!((entry.kind, &*entry.path, &*entry.user), (EntryKind::Directory, &b"dir/"[..], &b""[..]));
    assert!(one(header(&[(0, b"file")])).0.is_file());
}

/// A file without a flag is told from a directory by its name: by all of it, not by what a header has room for.
#[test]
fn a_name_that_is_cut_behind_a_slash_is_no_directory() {
    let long = "n".repeat(99) + "/file";
    let cut = entry(&long[..100], 0, b"data");
    let gnu = entry("././@LongLink", b'L', long.as_bytes());
    for front in [gnu, pax(b'x', &[("path", long.as_bytes())])] {
        let (entry, data) = one([&front[..], &cut].concat());
        assert_eq!((entry.path_text(), entry.kind, &*data), (long.as_str().into(), EntryKind::File, &b"data"[..]));
    }
}

#[test]
fn names_of_gnu_and_of_pax() {
    let long = "x/".repeat(300) + "file";
    let gnu = |flag, name: &str| entry("././@LongLink", flag, [name.as_bytes(), b"\0"].concat().as_slice());
    let tar = [gnu(b'L', &long), gnu(b'K', "to"), entry("x/x", b'2', b"")].concat();
    let (entry, _) = one(tar);
    assert_eq!(
        (entry.path_text(), entry.link_text(), entry.kind),
        (long.as_str().into(), "to".into(), EntryKind::Symlink)
    );
    let (entry, data) = one([pax(b'x', &[("path", long.as_bytes())]), file("x/x", b"data")].concat());
    assert_eq!((entry.path_text(), entry.size, &*data), (long.as_str().into(), 4, &b"data"[..]));
    // Bytes that are no text.
    let (entry, _) = one([pax(b'x', &[("hdrcharset", b"BINARY"), ("path", b"caf\xE9")]), file("cafe", b"")].concat());
    assert_eq!((&*entry.path, entry.path_text()), (&b"caf\xE9"[..], "caf\u{FFFD}".into()));
}

#[test]
fn pax_records() {
    let records: &[(&str, &[u8])] = &[
        ("mtime", b"1700000000.123456789"),
        ("uid", b"4000000"),
        ("gid", b"5000000"),
        ("uname", b"user"),
        ("gname", b"group"),
        ("size", b"3"),
        ("atime", b"1.5"),
        ("SCHILY.xattr.user.mime", b"a=b\nc\0d"),
    ];
    // The size in the header is another: that of the record counts.
    let mut tar = pax(b'x', records);
    tar.extend(header(&[(0, b"f"), (124, b"00000000000\0"), (257, b"ustar\x0000")]));
    tar.extend([&b"abc"[..], &[0; 509]].concat());
    let (entry, data) = one(tar);
    assert_eq!((entry.mtime.seconds, entry.mtime.nanos), (1_700_000_000, 123_456_789));
    assert_eq!((entry.uid, entry.gid, entry.size, &*data), (4_000_000, 5_000_000, 3, &b"abc"[..]));
    assert_eq!((&*entry.user, &*entry.group), (&b"user"[..], &b"group"[..]));
    assert_eq!(entry.xattr("user.mime"), Some(&b"a=b\nc\0d"[..]));
    assert_eq!(format!("{:?}", entry.records), "[atime=1.5, SCHILY.xattr.user.mime=a=b\\nc\\x00d]");
}

#[test]
fn records_for_all_that_follow() {
    let tar = [
        pax(b'g', &[("uid", b"7"), ("comment", b"all")]),
        file("a", b""),
        pax(b'x', &[("uid", b"8")]),
        file("b", b""),
        file("c", b""),
        END.to_vec(),
    ];
    let found = read(&tar.concat()).expect("a tar");
    let seen: Vec<_> = found.iter().map(|(e, _)| (e.path_text(), e.uid, e.records.len())).collect();
    assert_eq!(seen, [("a".into(), 7, 1), ("b".into(), 8, 1), ("c".into(), 7, 1)]);
}

#[test]
fn numbers_beyond_octal() {
    let mut size = [0; 12];
    (size[0], size[11]) = (0x80, 2);
    let (uid, mtime) = ([0x80, 0, 0, 0, 0xFF, 0, 0, 1], [0xFF; 12]);
    let mut tar = header(&[(0, b"f"), (108, &uid), (124, &size), (136, &mtime), (257, b"ustar  \0")]);
    tar.extend([&b"ab"[..], &[0; 510]].concat());
    let (entry, data) = one(tar);
    assert_eq!((entry.uid, entry.mtime.seconds, &*data), (0xFF00_0001, -1, &b"ab"[..]));
    // Before 1970 with a fraction.
    let (entry, _) = one([pax(b'x', &[("mtime", b"-0.5")]), file("f", b"")].concat());
    assert_eq!((entry.mtime.seconds, entry.mtime.nanos), (-1, 500_000_000));
    // Spaces in front and behind, as old writers have them.
    let (entry, _) = one(header(&[(0, b"f"), (100, b"   755 \0"), (257, b"ustar\x0000")]));
    assert_eq!(entry.mode, 0o755);
}

#[test]
fn a_checksum_of_signed_bytes() {
    let mut block = header(&[(0, b"caf\xE9"), (257, b"ustar\x0000")]);
    let sum: u32 =
        block.iter().enumerate().map(|(at, &b)| if (148..156).contains(&at) { 32 } else { u32::from(b) }).sum();
    block[148..156].copy_from_slice(format!("{:06o}\0 ", sum - 256).as_bytes());
    assert_eq!(one(block).0.path, b"caf\xE9");
}

#[test]
fn kinds() {
    let magic = (257, &b"ustar\x0000"[..]);
    let device =
        |flag: &'static [u8]| header(&[(0, b"dev"), (156, flag), (329, b"0000010\0"), (337, b"0000777\0"), magic]);
    assert_eq!(one(device(b"3")).0.kind, EntryKind::CharDevice(8, 511));
    assert_eq!(one(device(b"4")).0.kind, EntryKind::BlockDevice(8, 511));
    assert_eq!(one(entry("p", b'6', b"")).0.kind, EntryKind::Fifo);
    assert_eq!(one(entry("c", b'7', b"data")), (with_size(named(b"c"), 4), b"data".to_vec()));
    assert_eq!(one(entry("V", b'V', b"label")).0.kind, EntryKind::Other(b'V'));
    // Some writers give a link, or a directory, the size of the file; no data follows.
    for flag in *b"12345" {
        let tar =
            header(&[(0, b"x"), (124, b"00000000017\0"), (156, &[flag]), (157, b"to"), (329, b"0000000\0"), magic]);
        let (entry, data) = one(tar);
        assert_eq!((entry.size, data.len(), &*entry.link), (0, 0, &b"to"[..]), "{flag}");
    }
}

fn with_size(mut entry: Entry, size: u64) -> Entry {
    entry.size = size;
    entry
}

#[test]
fn sparse_files() {
    let parts = vec![(512, 3), (4096, 2)];
    let check = |(entry, data): File| {
        let sparse = entry.sparse.clone().expect("sparse");
        assert_eq!((sparse.size, &sparse.parts, &*data), (10_000, &parts, &b"abcde"[..]));
        assert_eq!((entry.path_text(), entry.size, entry.file_size()), ("holes".into(), 5, 10_000));
    };
    // GNU's old format.
    let old = |map: &[u8]| {
        let magic = (257, &b"ustar  \0"[..]);
        header(&[(0, b"holes"), (124, b"00000000005\0"), (156, b"S"), magic, (386, map), (483, b"00000023420\0")])
    };
    let map = b"00000001000 00000000003 00000010000 00000000002 ";
    let data = [&b"abcde"[..], &[0; 507]].concat();
    check(one([old(map), data.clone()].concat()));
    // Its map goes on in blocks of its own.
    let mut first = old(&map[..24]);
    first[482] = 1;
    let sum: u32 =
        first.iter().enumerate().map(|(at, &b)| if (148..156).contains(&at) { 32 } else { u32::from(b) }).sum();
    first[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    let mut more = vec![0; 512];
    more[..24].copy_from_slice(&map[24..]);
    check(one([first, more, data].concat()));
    // Those of pax: 0.0, 0.1 and 1.0.
    let body = file("GNUSparseFile.1/holes", b"abcde");
    let numbers: &[(&str, &[u8])] = &[
        ("GNU.sparse.name", b"holes"),
        ("GNU.sparse.size", b"10000"),
        ("GNU.sparse.numblocks", b"2"),
        ("GNU.sparse.offset", b"512"),
        ("GNU.sparse.numbytes", b"3"),
        ("GNU.sparse.offset", b"4096"),
        ("GNU.sparse.numbytes", b"2"),
    ];
    check(one([pax(b'x', numbers), body.clone()].concat()));
    let list = [&numbers[..3], &[("GNU.sparse.map", &b"512,3,4096,2"[..])]].concat();
    check(one([pax(b'x', &list), body].concat()));
    let in_front: &[(&str, &[u8])] = &[
        ("GNU.sparse.major", b"1"),
        ("GNU.sparse.minor", b"0"),
        ("GNU.sparse.name", b"holes"),
        ("GNU.sparse.realsize", b"10000"),
    ];
    let mut map = b"2\n512\n3\n4096\n2\n".to_vec();
    map.resize(512, 0);
    map.extend_from_slice(b"abcde");
    check(one([pax(b'x', in_front), file("GNUSparseFile.1/holes", &map)].concat()));
}

#[test]
fn a_sparse_map_that_makes_no_sense_is_refused() {
    let with = |map: &str, data: &[u8]| {
        let records: &[(&str, &[u8])] = &[("GNU.sparse.size", b"100"), ("GNU.sparse.map", map.as_bytes())];
        read(&[pax(b'x', records), file("holes", data), END.to_vec()].concat()).expect_err("refused").to_string()
    };
    assert!(with("0,5,50,5", b"123").contains("hold 10 bytes, its data 3"));
    assert!(with("50,5,0,5", b"1234567890").contains("does not fit"));
    assert!(with("0,200", b"1234567890").contains("does not fit"));
    assert!(with("0,5,5", b"1234567890").contains("no pairs"));
    assert!(with("0,x", b"1234567890").contains("no number"));
    assert!(with("18446744073709551615,2", b"12").contains("does not fit"));
}
