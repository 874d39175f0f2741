//! What a server sends over a websocket.

use bytes::Bytes;
use docker_proto::ErrorKind::{InStream, Protocol, Truncated};
use docker_proto::testkit::{Ends, Seen, Vector, cuts, every_cut};
use docker_proto::wire::websocket::Receiver;
use docker_proto::wire::{Decode, Input, RecvBuf};
use proptest::prelude::*;

const TEXT: u8 = 0x81;
const BINARY: u8 = 0x82;
const CLOSE: u8 = 0x88;
const PING: u8 = 0x89;
const PONG: u8 = 0x8A;
/// A close frame that says that all is done.
const DONE: &[u8] = b"\x88\x02\x03\xE8";

/// A frame with its length written as short as possible.
fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut out = vec![first];
    match payload.len() {
        n @ ..126 => out.push(n as u8),
        n @ ..65536 => {
            out.push(126);
            out.extend((n as u16).to_be_bytes());
        }
        n => {
            out.push(127);
            out.extend((n as u64).to_be_bytes());
        }
    }
    out.extend_from_slice(payload);
    out
}

/// Adjoining pieces are one.
fn joined(seen: &mut Vec<Seen<Vec<u8>>>, piece: Bytes) {
    assert!(!piece.is_empty(), "an empty piece");
    match seen.last_mut() {
        Some(Seen::Item(bytes)) => bytes.extend_from_slice(&piece),
        _ => seen.push(Seen::Item(piece.to_vec())),
    }
}

/// What comes out of frames that end with a close frame; without that frame it is truncated, wherever it ends.
fn carries(name: &'static str, frames: &[Vec<u8>], wanted: &str) {
    let mut bytes = frames.concat();
    let mut vector = Vector::new(name, [&bytes[..], DONE].concat());
    if !wanted.is_empty() {
        vector = vector.item(wanted.as_bytes());
    }
    assert_eq!(every_cut(Receiver::new, &vector, joined), 0, "{name}");
    // Whatever follows the close frame means nothing.
    bytes.extend([DONE, b"\xFF\xFF\x00more"].concat());
    let len = bytes.len();
    let ends = Ends::At((len - 7..len + 1).collect::<Vec<_>>().into());
    let mut vector = Vector::new(name, bytes).ends_here(ends);
    if !wanted.is_empty() {
        vector = vector.item(wanted.as_bytes());
    }
    assert_eq!(every_cut(Receiver::new, &vector, joined), 7, "{name}");
}

/// Frames after which the peer has broken the protocol: no prefix is complete.
fn breaks(name: &'static str, bytes: impl Into<Vec<u8>>, wanted: &'static str) {
    let before = frame(BINARY, b"ok");
    let bytes = [before, bytes.into()].concat();
    let vector = Vector::new(name, bytes).item(*b"ok").error(Protocol, wanted);
    assert_eq!(every_cut(Receiver::new, &vector, joined), 0);
}

#[test]
fn messages_are_bytes() {
    carries("nothing", &[], "");
    carries("binary", &[frame(BINARY, b"hello\n")], "hello\n");
    carries("text, as below API 1.28, with half a character", &[frame(TEXT, b"caf\xC3"), frame(TEXT, b"\xA9")], "café");
    carries("empty messages", &[frame(BINARY, b""), frame(BINARY, b"a"), frame(TEXT, b""), frame(BINARY, b"b")], "ab");
    let longer = "0123456789".repeat(13);
    carries("16 bits of length", &[frame(BINARY, longer.as_bytes())], &longer);
}

#[test]
fn a_length_of_64_bits_is_no_reason_to_keep_anything() {
    let long = frame(BINARY, &vec![b'x'; 70_000]);
    let (mut block, mut decoder, mut got) = (RecvBuf::new(), Receiver::new(), 0);
    for part in long.chunks(1000).chain([DONE]) {
        block.push(part);
        let mut left = block.len();
        while let Some(piece) = decoder.decode(&mut Input::new(&mut block, &mut left)).expect("sound") {
            got += piece.len();
        }
        assert!(block.is_empty(), "what arrived is handed on at once");
    }
    assert_eq!(got, 70_000);
    assert!(decoder.has_ended());
    // 2^62 bytes are announced, and three come.
    let vector = Vector::new("2^62", &b"\x82\x7F\x40\0\0\0\0\0\0\0abc"[..]).item(*b"abc");
    assert_eq!(every_cut(Receiver::new, &vector.error(Truncated, "3 of 4611686018427387904 bytes"), joined), 0);
}

#[test]
fn fragments_are_one_message_and_control_frames_may_stand_between() {
    let fragments = [frame(0x02, b"one "), frame(0x00, b"two "), frame(0x80, b"three")];
    carries("fragments", &fragments, "one two three");
    let [a, b, c] = fragments;
    carries(
        "with control",
        &[a, frame(PING, b"hi"), b, frame(PONG, b""), frame(PING, &[b'p'; 125]), c],
        "one two three",
    );
    carries("empty fragments", &[frame(0x01, b""), frame(0x00, b""), frame(0x80, b"x")], "x");
}

#[test]
fn a_broken_protocol_is_named() {
    for first in [0xC2, 0xA2, 0x92, 0xF8] {
        breaks("reserved bits", [first, 0], "reserved bits");
    }
    for opcode in (3..8).chain(11..16) {
        breaks("reserved types", [0x80 | opcode, 0], "means nothing");
    }
    breaks("masked", *b"\x82\x81\0\0\0\0x", "masked");
    breaks("a long ping", *b"\x89\x7E\0\x7E", "126 bytes, more than 125");
    breaks("a fragmented close", *b"\x08\0", "fragmented");
    breaks("not minimal in 16 bits", *b"\x82\x7E\0\x7D", "length of 125");
    breaks("not minimal in 64 bits", *b"\x82\x7F\0\0\0\0\0\0\xFF\xFF", "length of 65535");
    breaks("a negative length", *b"\x82\x7F\x80\0\0\0\0\0\0\0", "not allowed");
    breaks("a continuation of nothing", *b"\x80\x01x", "was not begun");
    breaks("half a code", *b"\x88\x01\x03", "half a code");
    for code in [0u16, 999, 1004, 1005, 1006, 1015, 2999, 5000] {
        breaks("codes that are not for the wire", [&[CLOSE, 2][..], &code.to_be_bytes()].concat(), "not for the wire");
    }
    breaks("a reason that is no text", *b"\x88\x03\x03\xE8\xFF", "not UTF-8");
    let inside = vec![0x02, 1, b'a', BINARY, 1, b'b'];
    let vector = Vector::new("a message in a message", inside).item(*b"a").error(Protocol, "inside another");
    assert_eq!(every_cut(Receiver::new, &vector, joined), 0);
}

#[test]
fn the_end_is_a_close_frame() {
    for (name, close) in [("a code", DONE), ("no code", &b"\x88\x00"[..]), ("a reason", b"\x88\x05\x03\xE8bye")] {
        let vector = Vector::new(name, [&frame(BINARY, b"x")[..], close].concat()).item(*b"x");
        assert_eq!(every_cut(Receiver::new, &vector, joined), 0);
    }
    let mut decoder = Receiver::new();
    let mut block = RecvBuf::from(&b"\x88\x05\x03\xE8bye"[..]);
    let mut left = block.len();
    assert!(matches!(decoder.decode(&mut Input::new(&mut block, &mut left)), Ok(None)));
    let close = decoder.close().expect("it came");
    assert_eq!((close.code, &*close.reason), (Some(1000), "bye"));

    let failed = Vector::new("a failure", [&frame(BINARY, b"x")[..], b"\x88\x06\x03\xF3oops"].concat()).item(*b"x");
    assert_eq!(every_cut(Receiver::new, &failed.error(InStream, "with code 1011: oops"), joined), 0);
    let mute = Vector::new("going away", &b"\x88\x02\x03\xE9"[..]).error(InStream, "with code 1001: no reason given");
    assert_eq!(every_cut(Receiver::new, &mute, joined), 0);
    let early = Vector::new("inside a message", &b"\x02\x01a\x88\x02\x03\xE8"[..]).item(*b"a");
    assert_eq!(every_cut(Receiver::new, &early.error(Truncated, "inside a message"), joined), 0);
}

#[test]
fn an_end_without_it_is_truncation() {
    let cut = |name, bytes: &[u8], wanted| {
        let vector = Vector::new(name, [&frame(TEXT, b"x")[..], bytes].concat()).item(*b"x").error(Truncated, wanted);
        assert_eq!(every_cut(Receiver::new, &vector, joined), 0);
    };
    cut("between frames", b"", "without a close frame");
    cut("a header", b"\x82", "header of a frame, after 1 byte");
    cut("a long header", b"\x82\x7F\0\0", "header of a frame, after 4 bytes");
    cut("a ping", b"\x89\x05he", "control frame: 2 of 5 bytes");
    cut("a close frame", b"\x88\x02\x03", "control frame: 1 of 2 bytes");
    let cut =
        Vector::new("a message", &b"\x82\x05hel"[..]).item(*b"hel").error(Truncated, "inside a frame: 3 of 5 bytes");
    assert_eq!(every_cut(Receiver::new, &cut, joined), 0);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// Any messages, fragmented anyhow, with control frames anywhere, at any cut: what they carry, in order.
    #[test]
    fn any_messages(list in prop::collection::vec((0..4u8, prop::collection::vec(any::<u8>(), 0..40)), 0..10)) {
        let (mut bytes, mut wanted, mut open) = (Vec::new(), Vec::new(), false);
        for (kind, payload) in &list {
            let first = match kind {
                0 => PING,
                1 => PONG,
                more => {
                    wanted.extend_from_slice(payload);
                    let fin = *more == 3;
                    let opcode = if open { 0 } else { 2 };
                    open = !fin;
                    opcode | if fin { 0x80 } else { 0 }
                }
            };
            bytes.extend(frame(first, payload));
        }
        if open {
            bytes.extend(frame(0x80, b""));
        }
        bytes.extend(DONE);
        let mut vector = Vector::new("generated", bytes);
        if !wanted.is_empty() {
            vector = vector.item(wanted);
        }
        prop_assert_eq!(every_cut(Receiver::new, &vector, joined), 0);
    }

    /// Any bytes at all: never a panic, and the same at any cut.
    #[test]
    fn any_bytes(bytes in prop::collection::vec(
        prop_oneof![3 => 0..4u8, 3 => 0x80..0x8Bu8, 1 => 0x7E..0x80u8, 1 => any::<u8>()],
        0..60,
    )) {
        let run = |cut: &[usize]| {
            let (mut decoder, mut block, mut from, mut seen) = (Receiver::new(), RecvBuf::new(), 0, Vec::new());
            for &to in cut.iter().chain([&bytes.len()]) {
                block.push(&bytes[from..to]);
                from = to;
                loop {
                    let mut left = block.len();
                    match decoder.decode(&mut Input::new(&mut block, &mut left)) {
                        Ok(Some(piece)) => seen.extend_from_slice(&piece),
                        Ok(None) => break,
                        Err(e) => return (seen, e.message().to_owned()),
                    }
                }
            }
            (seen, decoder.finish().err().map(|e| e.message().to_owned()).unwrap_or_default())
        };
        let whole = run(&[]);
        for cut in cuts(bytes.len(), 16) {
            prop_assert_eq!(&run(&cut), &whole);
        }
    }
}
