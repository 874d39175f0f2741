//! Detach keys: moby/term's table, and the keys found in what is typed at any cut.

use crate::kit::{bad, good};
use docker_proto::testkit::cuts;
use docker_proto::values::DetachKeys;
use proptest::prelude::*;

#[test]
fn keys_and_their_bytes() {
    for (text, bytes) in [
        ("ctrl-p,ctrl-q", &b"\x10\x11"[..]),
        ("ctrl-@", b"\0"),
        ("ctrl-a,ctrl-z", b"\x01\x1A"),
        ("ctrl-[,ctrl-\\,ctrl-],ctrl-^,ctrl-_", b"\x1B\x1C\x1D\x1E\x1F"),
        ("a", b"a"),
        ("~,.", b"~."),
        ("A,Z, ,9", b"AZ 9"),
        ("DEL,ctrl-c", b"\x7F\x03"),
        ("-,^", b"-^"),
    ] {
        let keys = good(text, text.parse::<DetachKeys>());
        assert_eq!(keys.bytes(), bytes, "{text}");
        assert_eq!(keys.to_string(), text);
        assert_eq!(good(text, DetachKeys::try_from(text)), keys);
    }
    assert_eq!(good("default", "ctrl-p,ctrl-q".parse::<DetachKeys>()), DetachKeys::default());
    for text in [
        "", ",", "a,", ",a", "ctrl-", "ctrl-A", "ctrl-1", "Ctrl-p", "CTRL-P", "ctrl-pp", "^P", "del", "ab", "é",
        "a, b", "ctrl-?",
    ] {
        bad(text, "list with commas", text.parse::<DetachKeys>());
        bad(text, "detach keys", text.parse::<DetachKeys>());
    }
}

/// What is sent of a text that comes in pieces, and whether the keys were in it.
fn scanned(keys: &str, pieces: &[&[u8]]) -> (Vec<u8>, bool) {
    let mut scan = good(keys, keys.parse::<DetachKeys>()).scan();
    let mut send = Vec::new();
    for piece in pieces {
        if scan.feed(piece, &mut send) {
            return (send, true);
        }
    }
    send.extend_from_slice(scan.rest());
    (send, false)
}

#[test]
fn keys_are_found_in_what_is_typed() {
    for (keys, typed, sent, found) in [
        ("ctrl-p,ctrl-q", &b"ls\r\x10\x11more"[..], &b"ls\r"[..], true),
        ("ctrl-p,ctrl-q", b"\x10x\x11", b"\x10x\x11", false),
        ("ctrl-p,ctrl-q", b"\x10", b"\x10", false),
        // The docker command line does not find these: it begins anew only with the next key.
        ("ctrl-p,ctrl-q", b"\x10\x10\x11", b"\x10", true),
        ("a,a,b", b"aaab", b"a", true),
        ("a,b,a,c", b"abaabac", b"aba", true),
        ("x", b"abcx", b"abc", true),
    ] {
        assert_eq!(scanned(keys, &[typed]), (sent.into(), found), "{typed:?}");
        for cut in cuts(typed.len(), 16) {
            let mut pieces = Vec::new();
            let mut from = 0;
            for to in cut.into_iter().chain([typed.len()]) {
                pieces.push(&typed[from..to]);
                from = to;
            }
            assert_eq!(scanned(keys, &pieces), (sent.into(), found), "{pieces:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is typed of few keys: what is sent is what stands before the first place where they stand.
    #[test]
    fn any_keys(keys in prop::collection::vec(0..3u8, 1..5), typed in prop::collection::vec(0..3u8, 0..40)) {
        let letters = |codes: &[u8]| codes.iter().map(|c| b'a' + c).collect::<Vec<u8>>();
        let (keys, typed) = (letters(&keys), letters(&typed));
        let text = keys.iter().map(|&b| char::from(b).to_string()).collect::<Vec<_>>().join(",");
        let at = typed.windows(keys.len()).position(|w| w == keys);
        prop_assert_eq!(scanned(&text, &[&typed]), (typed[..at.unwrap_or(typed.len())].to_vec(), at.is_some()));
    }

    /// Every list of keys reads back as it prints.
    #[test]
    fn any_text(codes in prop::collection::vec(0..128u8, 1..6)) {
        prop_assume!(!codes.contains(&b','));
        let text: Vec<String> = codes.iter().map(|&code| match code {
            0 => "ctrl-@".into(),
            1..=26 => format!("ctrl-{}", char::from(code + 96)),
            27..=31 => format!("ctrl-{}", char::from(code + 64)),
            127 => "DEL".into(),
            _ => char::from(code).to_string(),
        }).collect();
        let keys: DetachKeys = good("keys", text.join(",").parse());
        prop_assert_eq!(keys.bytes(), &codes[..]);
        prop_assert_eq!(keys.to_string(), text.join(","));
    }
}
