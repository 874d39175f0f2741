//! Container output, multiplexed and raw.

use docker_proto::ErrorKind::{InStream, Protocol, Truncated};
use docker_proto::testkit::{Ends, Seen, Vector, every_cut, pieces};
use docker_proto::wire::StreamKind::{Stderr, Stdout};
use docker_proto::wire::{Decode, Frames, Input, Output, Piece, RawOutput, RecvBuf, StreamKind, limits};
use proptest::prelude::*;

type Run = (StreamKind, Vec<u8>);

fn frame(id: u8, payload: &[u8]) -> Vec<u8> {
    announced(id, payload.len() as u32, payload)
}

/// A frame whose header may lie about its length.
fn announced(id: u8, length: u32, payload: &[u8]) -> Vec<u8> {
    let mut out = vec![id, 0, 0, 0];
    out.extend_from_slice(&length.to_be_bytes());
    out.extend_from_slice(payload);
    out
}

fn vector(name: &'static str, bytes: impl Into<Vec<u8>>) -> Vector<Run> {
    Vector::new(name, bytes.into())
}

fn out(text: &str) -> Run {
    (Stdout, text.into())
}

fn err(text: &str) -> Run {
    (Stderr, text.into())
}

/// A vector of whole frames may end before each of them: there must be as many such places as frames.
fn frames(count: usize, vector: Vector<Run>, ends: &'static [usize]) {
    assert_eq!(ends.len(), count);
    assert_eq!(every_cut(Frames::new, &vector.ends_here(Ends::at(ends)), pieces), count);
}

#[test]
fn both_streams_in_order() {
    let bytes = [frame(1, b"first\n"), frame(2, b"err"), frame(1, b"caf\xC3"), frame(1, b"\xA9")].concat();
    // docker-py: a frame in the same packet as the head was lost: (None, b"err").
    // docker-py: `caf\xc3|\xa9` became replacement characters; a character may be split between frames too.
    let v = vector("stdout, stderr, stdout", bytes).item(out("first\n")).item(err("err")).item(out("café"));
    frames(4, v, &[0, 14, 25, 37]);
}

#[test]
fn stdin_counts_as_stdout() {
    // docker-modem: type 0 went to stderr, while the Go client sends it to stdout. docker-py: ValueError.
    frames(1, vector("type 0", frame(0, b"echo")).item(out("echo")), &[0]);
}

#[test]
fn empty_frames_carry_nothing() {
    // bollard: a zero-length data frame read as the end of the stream.
    let bytes = [frame(1, b""), frame(2, b""), frame(1, b"a"), frame(2, b""), frame(1, b"b")].concat();
    frames(5, vector("zero-length frames", bytes).item(out("ab")), &[0, 8, 16, 25, 33]);
    let mut decoder = Frames::new();
    assert_eq!(all(&mut decoder, &frame(1, b"")), []);
}

#[test]
fn an_engine_error_is_delivered_in_its_place_and_the_stream_goes_on() {
    let bytes = [frame(1, b"a"), frame(3, b"Error grabbing logs: EOF\r\n"), frame(2, b"b")].concat();
    // bollard: type 3 treated as raw text, header bytes and all; on exec it swallowed the frames behind it.
    // docker-api, shiplift: panic on type 3. docker-py: the error was mixed into the output.
    let v = vector("type 3", bytes).item(out("a")).item_error(InStream, "Error grabbing logs: EOF").item(err("b"));
    frames(3, v, &[0, 9, 43]);
    let v = vector("type 3, empty", frame(3, b"")).item_error(InStream, "without a text");
    frames(1, v, &[0]);
    let v = vector("type 3, not UTF-8", frame(3, b"bad \xFF")).item_error(InStream, "bad \u{FFFD}");
    frames(1, v, &[0]);
}

#[test]
fn the_text_of_an_engine_error_is_bounded() {
    let mut decoder = Frames::new();
    let long = vec![b'x'; limits::MAX_FRAME_ERROR + 1000];
    let bytes = [frame(3, &long), frame(1, b"next")].concat();
    let mut block = RecvBuf::from(&bytes[..]);
    let mut left = block.len();
    let error = decoder.decode(&mut Input::new(&mut block, &mut left)).expect_err("type 3 is an error");
    assert!(!error.is_final());
    assert_eq!(error.raw().map(|raw| raw.len()), Some(limits::MAX_FRAME_ERROR));
    assert!(error.message().ends_with("[cut: 65536 of 66536 bytes are kept]"), "{}", &error.message()[65530..]);
    let next = decoder.decode(&mut Input::new(&mut block, &mut left)).expect("the stream goes on");
    assert_eq!(next.map(|p| p.bytes), Some("next".into()));
    // Exactly as long as the limit is not cut.
    let error = decoder.decode(&mut input(&frame(3, &long[1000..]), &mut RecvBuf::new(), &mut 0)).expect_err("type 3");
    assert!(error.message().ends_with("xxx"));
}

#[test]
fn a_cut_header_is_truncation() {
    // bollard: a 3-byte header fragment was returned as text. Go, docker-api, docker-py, docker-modem: clean end.
    let v = vector("3 bytes of a header", *b"\x01\0\0").error(Truncated, "header: 3 of 8 bytes");
    frames(1, v, &[0]);
    let v = vector("7 bytes", [frame(2, b"x"), b"\x01\0\0\0\0\0\0".to_vec()].concat());
    frames(2, v.item(err("x")).error(Truncated, "7 of 8"), &[0, 9]);
}

#[test]
fn a_cut_payload_is_truncation_and_what_arrived_is_delivered() {
    // bollard: the fragment was returned as Console, its stream forgotten, and the stream ended cleanly.
    // docker-api, shiplift, docker-py, docker-modem: the tail was lost without a word.
    let v = vector("1 of 4294967280", announced(1, 0xFFFF_FFF0, b"x"));
    frames(1, v.item(out("x")).error(Truncated, "stdout: 1 of 4294967280 bytes"), &[0]);
    let v = vector("stderr cut", announced(2, 5, b"oops"));
    frames(1, v.item(err("oops")).error(Truncated, "stderr: 4 of 5 bytes"), &[0]);
    let v = vector("type 3 cut", announced(3, 50, b"Error grabbing lo"));
    frames(1, v.error(Truncated, "engine error: 17 of 50 bytes: Error grabbing lo"), &[0]);
    frames(1, vector("type 3, header only", announced(3, 9, b"")).error(Truncated, "0 of 9 bytes"), &[0]);
}

#[test]
fn types_0_to_255() {
    for id in 0..=255u8 {
        let v = vector("every type", frame(id, b"text"));
        let v = match id {
            0 | 1 => v.item(out("text")),
            2 => v.item(err("text")),
            3 => v.item_error(InStream, "text"),
            // docker-api, shiplift: panic. docker-modem: header and all later frames written to stdout.
            _ => v.error(Protocol, "unrecognized stream id"),
        };
        frames(1, v, &[0]);
    }
}

#[test]
fn reserved_bytes_must_be_zero() {
    // All clients skip them unseen; they are the surest sign that this is a terminal's output.
    for place in 1..4 {
        for value in [1u8, 0x20, 0xFF] {
            let mut bytes = [frame(1, b"ok"), frame(1, b"text")].concat();
            bytes[10 + place] = value;
            frames(2, vector("reserved", bytes).item(out("ok")).error(Protocol, "raw (TTY) stream"), &[0, 10]);
        }
    }
}

#[test]
fn terminal_output_read_as_frames_is_told_at_its_first_byte() {
    // docker-api, shiplift: a TTY hangs them, because a prompt never fills a header.
    let mut decoder = Frames::new();
    let (mut block, mut left) = (RecvBuf::from(&b"$ "[..]), 2);
    let error = decoder.decode(&mut Input::new(&mut block, &mut left)).expect_err("no header begins with $");
    assert!(error.message().contains("stream id 36"), "{error}");
    assert_eq!(error.raw().map(|raw| &raw[..]), Some(&b"$ "[..]));
}

#[test]
fn a_frame_of_4_gib_needs_no_memory() {
    // bollard, Go: the whole payload buffered. docker-api, shiplift: `vec![0; len]` before reading a byte of it.
    let mut decoder = Frames::new();
    let mut block = RecvBuf::new();
    let (mut had, total) = (0u64, u64::from(u32::MAX));
    block.push(&announced(2, u32::MAX, b""));
    while had < total {
        let mut left = block.len();
        while let Some((stream, n, frame_end)) =
            decoder.next_len(&mut Input::new(&mut block, &mut left)).expect("no error")
        {
            had += n as u64;
            assert_eq!((stream, frame_end), (Stderr, had == total));
            Input::new(&mut block, &mut left).skip(n);
        }
        // The block as it is stands for what a socket would have read into it.
        let n = block.room().len().min((total - had) as usize);
        assert!(n <= limits::MAX_BLOCK);
        block.filled(n);
    }
    assert!(decoder.finish().expect("complete").is_none());
}

#[test]
fn a_hundred_thousand_frames_in_one_read() {
    // docker-modem: 5 000 one-byte frames in one chunk overflow the call stack; the rest is copied for every frame.
    let bytes: Vec<u8> = (0..100_000u32).flat_map(|i| frame(1 + (i % 2) as u8, &[i as u8])).collect();
    let items = all(&mut Frames::new(), &bytes);
    assert_eq!(items.len(), 100_000);
    for (i, piece) in items.iter().enumerate() {
        assert_eq!((piece.stream == Stderr, &piece.bytes[..], piece.frame_end), (i % 2 == 1, &[i as u8][..], true));
    }
}

#[test]
fn pieces_do_not_wait_for_their_frame() {
    let mut decoder = Frames::new();
    let half = all(&mut decoder, &announced(1, 4, b"ab"));
    assert_eq!(half, [Piece { stream: Stdout, bytes: "ab".into(), frame_end: false }]);
    let rest = all(&mut decoder, b"cd");
    assert_eq!(rest, [Piece { stream: Stdout, bytes: "cd".into(), frame_end: true }]);
}

fn raw(name: &'static str, bytes: impl Into<Vec<u8>>) {
    let bytes = bytes.into();
    let vector = vector(name, bytes.clone()).item((Stdout, bytes.clone())).ends_here(Ends::Everywhere);
    assert_eq!(every_cut(|| RawOutput, &vector, pieces), bytes.len());
    assert_eq!(every_cut(|| Output::new(true), &vector, pieces), bytes.len());
}

#[test]
fn raw_output_is_passed_on_whatever_it_looks_like() {
    // bollard: mode guessed per frame from byte 0; these became headers with bogus lengths, and hung.
    raw("begins with 0", *b"\x00\x01prompt$ ");
    raw("begins with 1", *b"\x01\x02abc\n...");
    raw("begins with 2", *b"\x02text that is long enough for a header");
    raw("begins with 3", *b"\x03\0\0\0\0\0\0\x04text");
    raw("a perfect frame", frame(1, b"hello"));
    // docker-modem: raw output shorter than 8 bytes was never delivered.
    raw("short", *b"ok\r\n");
    // bollard: raw logs waited for `\n`.
    raw("progress without a newline", *b"10%\r20%\r");
    // docker-modem, docker-py: decoding per chunk corrupts.
    raw("binary", (0..=255).rev().collect::<Vec<u8>>());
}

#[test]
fn raw_output_comes_as_it_arrived() {
    // docker-py: TTY logs one byte at a time. bollard: quadratic in the length of a line.
    assert_eq!(all(&mut RawOutput, &[b'x'; 5000]).len(), 1);
}

fn input<'a>(bytes: &[u8], block: &'a mut RecvBuf, left: &'a mut usize) -> Input<'a> {
    block.push(bytes);
    *left = block.len();
    Input::new(block, left)
}

/// All pieces of one read.
fn all(decoder: &mut impl Decode<Item = Piece>, bytes: &[u8]) -> Vec<Piece> {
    let (mut block, mut left) = (RecvBuf::from(bytes), bytes.len());
    let mut items = Vec::new();
    while let Some(piece) = decoder.decode(&mut Input::new(&mut block, &mut left)).expect("no error") {
        items.push(piece);
    }
    assert_eq!(left, 0);
    items
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// Any frames at any cut give the same bytes per stream, and may end between frames and nowhere else.
    #[test]
    fn any_frames(list in prop::collection::vec((0..3u8, prop::collection::vec(any::<u8>(), 0..20)), 0..8)) {
        let mut bytes = Vec::new();
        let mut ends = Vec::new();
        let mut wanted: Vec<Run> = Vec::new();
        for (id, payload) in &list {
            ends.push(bytes.len());
            bytes.extend(frame(*id, payload));
            let stream = if *id == 2 { Stderr } else { Stdout };
            match wanted.last_mut() {
                _ if payload.is_empty() => {}
                Some((last, run)) if *last == stream => run.extend(payload),
                _ => wanted.push((stream, payload.clone())),
            }
        }
        let mut v = vector("generated", bytes).ends_here(Ends::At(ends.into()));
        for run in wanted {
            v = v.item(run);
        }
        prop_assert_eq!(every_cut(Frames::new, &v, pieces), list.len());
    }

    /// Any bytes at all: never a panic, and the same at any cut. The prefixes say what the whole will say.
    #[test]
    fn any_bytes(bytes in prop::collection::vec(prop_oneof![4 => 0..4u8, 1 => any::<u8>()], 0..60)) {
        let run = |cut: &[usize]| {
            let (mut decoder, mut block, mut from) = (Frames::new(), RecvBuf::new(), 0);
            let mut seen = Vec::new();
            for &to in cut.iter().chain([&bytes.len()]) {
                block.push(&bytes[from..to]);
                from = to;
                loop {
                    let mut left = block.len();
                    match decoder.decode(&mut Input::new(&mut block, &mut left)) {
                        Ok(Some(piece)) => pieces(&mut seen, piece),
                        Ok(None) => break,
                        Err(e) if e.is_final() => return (seen, e.message().to_owned()),
                        Err(e) => seen.push(Seen::Error(e.kind(), e.message().into(), None)),
                    }
                }
            }
            (seen, decoder.finish().err().map(|e| e.message().to_owned()).unwrap_or_default())
        };
        let whole = run(&[]);
        for cut in docker_proto::testkit::cuts(bytes.len(), 16) {
            prop_assert_eq!(&run(&cut), &whole);
        }
    }
}
