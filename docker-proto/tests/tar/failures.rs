//! What engines do when they fail in the middle of a tar.

use crate::kit::{END, entry, file, files, header, joined, pax, read, run};
use docker_proto::ErrorKind::{self, InStream, Protocol, TooLarge, Truncated};
use docker_proto::tar::{Entry, MAX_APPENDED, TarCheck, TarReader};
use docker_proto::testkit::{Ends, Vector, every_cut};

/// What dockerd 20.10 wrote behind an export whose child process was killed, verbatim.
const KILLED: &[u8] =
    b"{\"message\":\"Error exporting container p3-x: error processing tar file: : signal: killed\"}\n";
const KILLED_WORDS: &str = "Error exporting container p3-x: error processing tar file: : signal: killed";
/// The way of the images' endpoints.
const FORMATTED: &[u8] =
    b"{\"errorDetail\":{\"code\":5,\"message\":\"no space left\"},\"error\":\"no space left\"}\r\n";

/// Decodes with both and wants the same end; the bytes that were given on.
fn ends(tar: &[u8], kind: ErrorKind, words: &str) -> Vec<u8> {
    let mut given = Vec::new();
    let e = run(&mut TarCheck::new(), tar, |bytes| given.extend_from_slice(&bytes)).expect_err("it is not whole");
    assert!(e.kind() == kind && e.message().contains(words), "{e:?}");
    let read = read(tar).expect_err("it is not whole");
    assert_eq!((read.kind(), read.message()), (e.kind(), e.message()));
    assert!(tar.starts_with(&given), "what is given on is what came");
    given
}

#[test]
fn sound_bytes_are_given_on_as_they_are_at_any_cut() {
    let tar = [file("a", b"hello"), entry("d/", b'5', b""), END.to_vec()].concat();
    let whole = Vector::new("a tar", tar.clone()).item(tar.clone());
    assert_eq!(every_cut(TarCheck::new, &whole, joined), 0);
    // Padding to a record of 20 blocks, as GNU tar does it; any part of it may be missing.
    let padded = [&tar[..], &[0; 300]].concat();
    let v = Vector::new("padded", padded.clone()).item(padded).ends_here(Ends::After(|p| p.len() >= 2560));
    assert_eq!(every_cut(TarCheck::new, &v, joined), 300);
    let mut a = Entry::file("a");
    a.size = 5;
    let v = Vector::new("read", tar).item((a, b"hello".to_vec())).item((Entry::dir("d/").mode(0o644), Vec::new()));
    assert_eq!(every_cut(TarReader::new, &v, files), 0);
}

#[test]
fn a_tar_that_is_cut_says_where() {
    let tar = [file("etc/motd", &[b'x'; 700]), file("b", b"."), END.to_vec()].concat();
    let cases = [
        (0, "the tar is empty"),
        (100, "inside a header, after 100 of 512 bytes, before its first entry"),
        (512, "inside \"etc/motd\": 0 of 700 bytes"),
        (519, "inside \"etc/motd\": 7 of 700 bytes"),
        (512 + 700, "324 bytes before the end of the padding behind \"etc/motd\""),
        (1536, "without the two blocks of zeros that end one, behind \"etc/motd\""),
        (1537, "inside a header, after 1 of 512 bytes, behind \"etc/motd\""),
        (2560, "without the two blocks of zeros that end one, behind \"b\""),
        (3072, "inside the two blocks of zeros"),
        (3583, "inside the two blocks of zeros"),
    ];
    for (at, words) in cases {
        let given = ends(&tar[..at], Truncated, words);
        assert!(given.len() + 511 >= at, "{} of {at}", given.len());
    }
}

#[test]
fn an_error_behind_whole_entries_is_the_engines_own() {
    for (text, words) in [(KILLED, KILLED_WORDS), (FORMATTED, "no space left")] {
        let name: &'static str = if text == KILLED { "message" } else { "errorDetail" };
        let parts: [&[u8]; 3] = [b"", &file("a", b"hello"), &[file("a", b"hello"), vec![0; 512]].concat()];
        for before in parts {
            let tar = [before, text].concat();
            let given = ends(&tar, InStream, words);
            assert_eq!(given, before, "not a byte of the error is given on as tar");
            let v = Vector::new(name, tar);
            let v = if before.is_empty() { v } else { v.item(before.to_vec()) };
            // Its last newline may be missing.
            assert_eq!(every_cut(TarCheck::new, &v.error(InStream, words), joined), 0);
        }
        // After a complete tar, which may end there.
        let whole = [file("a", b"hello"), END.to_vec()].concat();
        let v = Vector::new(name, [&whole[..], text].concat()).item(whole).ends_here(Ends::At(vec![2048].into()));
        assert_eq!(every_cut(TarCheck::new, &v.error(InStream, words), joined), 1);
    }
    let e = read(FORMATTED).expect_err("an error");
    assert_eq!((e.status(), e.raw().map(|r| &r[..])), (Some(5), Some(FORMATTED.trim_ascii_end())));
}

#[test]
fn an_error_of_any_length_behind_whole_entries_is_found() {
    for length in [400, 511, 512, 513, 5000, MAX_APPENDED - 14] {
        let text = format!("{{\"message\":\"{}\"}}", "x".repeat(length));
        let before = file("a", b"hello");
        let given = ends(&[&before[..], text.as_bytes()].concat(), InStream, &"x".repeat(length));
        assert_eq!(given, before);
    }
    let text = format!("{{\"message\":\"{}\"}}", "x".repeat(MAX_APPENDED));
    ends(text.as_bytes(), Protocol, "the checksum in it");
}

#[test]
fn an_error_in_the_middle_of_data_is_quoted() {
    // As it was seen: the header of a file of 64 MiB, some of its data, the error.
    let size = format!("{:011o}\0", 64 << 20);
    let head = header(&[(0, b"big"), (124, size.as_bytes()), (156, b"0"), (257, b"ustar\x0000")]);
    let tar = [&head[..], &[0; 3000], KILLED].concat();
    let words = format!(
        "inside \"big\": {} of 67108864 bytes; at its end the engine says: {KILLED_WORDS}",
        3000 + KILLED.len()
    );
    ends(&tar, Truncated, &words);
    let short =
        Vector::new("in data", [&head[..], &[0; 40], KILLED].concat()).item([&head[..], &[0; 40], KILLED].concat());
    every_cut(TarCheck::new, &short.error(Truncated, KILLED_WORDS), joined);
}

#[test]
fn an_error_at_every_position_is_an_error() {
    let tar = [pax(b'x', &[("path", b"long/name")]), file("a", &[b'.'; 520]), file("b", b"."), END.to_vec()].concat();
    let boundaries = [0, 1024, 2560, 3584, 4096, 4608];
    for at in 0..=tar.len() {
        for text in [KILLED, FORMATTED] {
            let words = if text == KILLED { KILLED_WORDS } else { "no space left" };
            let broken = [&tar[..at], text].concat();
            let header = boundaries.contains(&at);
            let mut given = Vec::new();
            let e = run(&mut TarCheck::new(), &broken, |bytes| given.extend_from_slice(&bytes)).expect_err("an error");
            let inside_block =
                !header && (at < 512 || (1024..1536).contains(&at) || (2560..3072).contains(&at) || at > 3584);
            match e.kind() {
                InStream => assert!(header && e.message() == words, "{at}: {e}"),
                Truncated => assert!(!header && (e.message().contains(words) || inside_block), "{at}: {e}"),
                // The block that the error completed is no header.
                Protocol => assert!(inside_block, "{at}: {e}"),
                _ => panic!("{at}: {e}"),
            }
            assert!(broken.starts_with(&given) && read(&broken).is_err());
        }
    }
}

#[test]
fn what_is_no_tar_is_said_to_be_none() {
    ends(&[b'x'; 2048], Protocol, "no tar at offset 0: the checksum in it, \"xxxxxxxx\", is no number");
    let mut wrong = file("a", b"hello");
    wrong[0] = b'b';
    ends(&[wrong, END.to_vec()].concat(), Protocol, "the checksum in it is");
    let tar = [file("a", b"hello"), END.to_vec(), b"garbage".to_vec()].concat();
    let given = ends(&tar, Protocol, "no tar at offset 2048: the tar has ended, and something else follows");
    assert_eq!(given.len(), 2048);
    let lone = [file("a", b""), vec![0; 512], file("b", b""), END.to_vec()].concat();
    ends(&lone, Protocol, "one block of zeros");
    ends(&[entry("x", b'x', b"11 path=abc\n"), END.to_vec()].concat(), Protocol, "no pax record");
    for (at, bytes, words) in
        [(124, &b"0000000000x"[..], "the size in it"), (124, &[0xFF; 12][..], "the size in it is -1")]
    {
        ends(&[header(&[(0, b"a"), (at, bytes)]), END.to_vec()].concat(), Protocol, words);
    }
}

#[test]
fn what_a_tar_makes_us_keep_is_bounded() {
    let head = header(&[(0, b"x"), (124, b"00077777777\0"), (156, b"x"), (257, b"ustar\x0000")]);
    ends(&head, TooLarge, "more than 1048576");
    // An entry that claims 8 EiB costs nothing.
    let mut size = [0xFF; 12];
    size[..5].copy_from_slice(&[0x80, 0, 0, 0, 0x7F]);
    let head = header(&[(0, b"huge"), (124, &size), (257, b"ustar  \0")]);
    ends(&head, Truncated, "inside \"huge\": 0 of 9223372036854775807 bytes");
    let keys: Vec<String> = (0..5000).map(|n| format!("k{n}")).collect();
    let records: Vec<(&str, &[u8])> = keys.iter().map(|k| (&**k, &b"v"[..])).collect();
    ends(&[pax(b'x', &records), file("a", b""), END.to_vec()].concat(), Protocol, "more than 4096 pax records");
}
