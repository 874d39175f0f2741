//! Output line by line: the lines of each stream by itself, whatever frames they came in.

use docker_proto::ErrorKind::{InStream, Protocol, Truncated};
use docker_proto::testkit::{Ends, Seen, Vector, each, every_cut};
use docker_proto::wire::LineEnd::{Cut, End, Newline, Return};
use docker_proto::wire::StreamKind::{self, Stderr, Stdout};
use docker_proto::wire::{Decode, Input, Line, LineEnd, Lines, Output, RecvBuf};
use proptest::prelude::*;

fn frame(id: u8, payload: &[u8]) -> Vec<u8> {
    let mut out = vec![id, 0, 0, 0];
    out.extend_from_slice(&(payload.len() as u32).to_be_bytes());
    out.extend_from_slice(payload);
    out
}

fn line(stream: StreamKind, text: &str, end: LineEnd) -> Line {
    Line { stream, bytes: text.to_owned().into(), end, over: false }
}

fn out(text: &str) -> Line {
    line(Stdout, text, Newline)
}

fn err(text: &str) -> Line {
    line(Stderr, text, Newline)
}

fn returned(text: &str) -> Line {
    line(Stdout, text, Return)
}

fn over(line: Line) -> Line {
    Line { over: true, ..line }
}

fn vector(name: &'static str, bytes: impl Into<Vec<u8>>, lines: impl IntoIterator<Item = Line>) -> Vector<Line> {
    lines.into_iter().fold(Vector::new(name, bytes.into()), Vector::item)
}

const SHORT: usize = 8;

fn framed() -> Lines {
    Lines::new(Output::new(false), SHORT)
}

fn terminal() -> Lines {
    Lines::new(Output::new(true), SHORT)
}

/// What a terminal shows, at every cut. It may end anywhere.
fn raw(name: &'static str, bytes: &str, lines: impl IntoIterator<Item = Line>) {
    let v = vector(name, bytes, lines).ends_here(Ends::Everywhere);
    assert_eq!(every_cut(terminal, &v, each), bytes.len());
}

/// Frames that may end before each of them.
fn frames(frames: &[(u8, &str)], vector: impl Fn(Vec<u8>) -> Vector<Line>) {
    let (mut bytes, mut ends) = (Vec::new(), Vec::new());
    for (id, payload) in frames {
        ends.push(bytes.len());
        bytes.extend(frame(*id, payload.as_bytes()));
    }
    assert_eq!(every_cut(framed, &vector(bytes).ends_here(Ends::At(ends.into())), each), frames.len());
}

#[test]
fn a_newline_ends_a_line_and_so_does_the_end() {
    raw("newlines", "one\ntwo\n", [out("one"), out("two")]);
    raw("empty lines", "\n\na\n\n", [out(""), out(""), out("a"), out("")]);
    // docker-api, docker-modem: a last line without `\n` is an error for ever, or dropped.
    raw("no newline at the end", "one\ntw", [out("one"), line(Stdout, "tw", End)]);
    raw("nothing", "", []);
    // docker-modem: raw output shorter than 8 bytes was never delivered.
    raw("short", "ok\r\n", [returned("ok")]);
}

#[test]
fn a_return_ends_a_line_at_once_and_a_newline_behind_it_is_its_own() {
    raw("crlf", "one\r\ntwo\r\n", [returned("one"), returned("two")]);
    raw("empty lines", "a\r\n\r\n\r\nb\r\n", [returned("a"), out(""), out(""), returned("b")]);
    // What a terminal makes of a program's own `\r\n`.
    raw("crcrlf", "one\r\r\ntwo\r\r\n", [returned("one"), returned("two")]);
    raw("progress", "10%\r20%\r100%\n", [returned("10%"), over(returned("20%")), over(out("100%"))]);
    raw("progress, ended by crlf", "1\r2\r\n3\r\n", [returned("1"), over(returned("2")), returned("3")]);
    raw("return first", "go\n\r10%\r20%", [out("go"), returned("10%"), over(line(Stdout, "20%", End))]);
    raw("only returns", "\r\r\r", []);
    raw("return, then an empty line", "a\r\n\n", [returned("a"), out("")]);
}

#[test]
fn progress_is_seen_when_it_is_written() {
    // bollard: waits for `\n`, so `10%\r20%\r` is never shown.
    let (mut lines, mut block) = (Lines::new(Output::new(true), 100), RecvBuf::new());
    let mut next = |bytes: &str| {
        block.push(bytes.as_bytes());
        let mut left = block.len();
        let line = lines.decode(&mut Input::new(&mut block, &mut left)).expect("no error");
        (line.map(|l| (l.text().into_owned(), l.over)), left)
    };
    assert_eq!(next("10%\r"), (Some(("10%".into(), false)), 0));
    assert_eq!(next("20%"), (None, 0));
    assert_eq!(next("\r"), (Some(("20%".into(), true)), 0));
    assert_eq!(next("\n"), (None, 0));
    assert_eq!(next("done\r"), (Some(("done".into(), false)), 0));
}

#[test]
fn each_stream_has_its_own_lines() {
    let list = [(1, "a"), (2, "x\ny"), (1, "b\nc"), (2, "z\n"), (0, "d\n")];
    let lines = [err("x"), out("ab"), err("yz"), out("cd")];
    frames(&list, |bytes| vector("interleaved in the middle of lines", bytes, lines.clone()));
    let tails = [line(Stdout, "a", End), line(Stderr, "y", End)];
    frames(&[(2, "y"), (1, "a")], |bytes| vector("both without a newline", bytes, tails.clone()));
    let list = [(1, "a\r"), (2, "\n"), (1, "\nb\n")];
    let lines = [returned("a"), err(""), out("b")];
    frames(&list, |bytes| vector("a return and a newline of another stream", bytes, lines.clone()));
}

#[test]
fn characters_are_left_alone() {
    let bytes = [frame(1, b"caf\xC3"), frame(2, b"\xE2\x82"), frame(1, b"\xA9\n"), frame(2, b"\xAC\n")].concat();
    let v = vector("UTF-8 split over frames", bytes, [out("café"), err("€")]);
    assert_eq!(every_cut(framed, &v.ends_here(Ends::at(&[0, 12, 22, 32])), each), 4);
    let line = Line { stream: Stdout, bytes: b"\xFF\0\x85"[..].into(), end: Newline, over: false };
    let v = vector("no UTF-8", *b"\xFF\0\x85\n", [line.clone()]).ends_here(Ends::Everywhere);
    assert_eq!(every_cut(terminal, &v, each), 4);
    assert_eq!(line.text(), "\u{FFFD}\0\u{FFFD}");
}

#[test]
fn a_long_line_comes_in_parts() {
    let cut = |text| line(Stdout, text, Cut);
    raw("as long as allowed", "12345678\n", [out("12345678")]);
    raw("one more", "123456789\n", [cut("12345678"), out("9")]);
    raw("much more", "12345678abcdefghABCDEFGH", [cut("12345678"), cut("abcdefgh"), line(Stdout, "ABCDEFGH", End)]);
    raw("over", "x\r123456789\r\nq\n", [returned("x"), over(cut("12345678")), returned("9"), out("q")]);
    let list = [(1, "12345"), (2, "e"), (1, "6789\n"), (2, "\n")];
    frames(&list, |bytes| vector("in frames", bytes, [cut("12345678"), out("9"), err("e")]));
}

#[test]
fn an_error_of_the_engine_comes_in_its_place() {
    frames(&[(1, "a"), (3, "boom"), (1, "b\n")], |bytes| {
        Vector::new("type 3 inside a line", bytes).item_error(InStream, "boom").item(out("ab"))
    });
}

#[test]
fn what_is_at_hand_comes_before_the_error() {
    let cut = [frame(1, b"one\ntw"), frame(2, b"x"), frame(1, b"o\n")].concat();
    for (n, missing) in [(15, "header: 1 of 8"), (21, "header: 7 of 8"), (25, "frame of stdout: 1 of 2")] {
        let lines = match n {
            15 => [out("one"), line(Stdout, "tw", End)].to_vec(),
            21 => [out("one"), line(Stdout, "tw", End)].to_vec(),
            _ => [out("one"), line(Stdout, "two", End), line(Stderr, "x", End)].to_vec(),
        };
        let n = if n == 25 { 32 } else { n };
        let v = vector("truncated", &cut[..n], lines).error(Truncated, missing);
        let ends: &[usize] = if n == 32 { &[0, 14, 23] } else { &[0, 14] };
        assert_eq!(every_cut(framed, &v.ends_here(Ends::At(ends.to_vec().into())), each), ends.len());
    }
    let bytes = [frame(1, b"prom"), b"pt$ ".to_vec()].concat();
    let v = vector("no frame", bytes, [line(Stdout, "prom", End)]).error(Protocol, "stream id 112");
    assert_eq!(every_cut(framed, &v.ends_here(Ends::at(&[0, 12])), each), 2);
}

#[test]
fn a_line_that_lies_in_one_piece_is_not_copied() {
    let mut block = RecvBuf::from(&b"one\r\ntwo\nthree"[..]);
    let at = block.bytes().as_ptr() as usize;
    let (mut lines, mut left) = (Lines::new(Output::new(true), 100), block.len());
    for (text, offset) in [("one", 0), ("two", 5)] {
        let line = lines.decode(&mut Input::new(&mut block, &mut left)).unwrap().unwrap();
        assert_eq!((line.text(), line.bytes.as_ptr() as usize - at), (text.into(), offset));
    }
}

#[test]
fn a_hundred_thousand_small_frames_in_one_read() {
    // docker-modem: the call stack overflows at 5 000, and the rest is copied for every frame. Linear: each call of the
    // decoder gives a line or uses the input up.
    let mut bytes: Vec<u8> = (0..100_000u32).flat_map(|i| frame(1 + (i % 2) as u8, b"a\n")).collect();
    bytes.extend((0..100_000).flat_map(|_| frame(1, b"b")));
    let (mut block, mut left) = (RecvBuf::from(&bytes[..]), bytes.len());
    let (mut lines, mut calls) = (Lines::new(Output::new(false), 1 << 20), 0);
    while lines.decode(&mut Input::new(&mut block, &mut left)).unwrap().is_some() {
        calls += 1;
    }
    assert_eq!((calls, left), (100_000, 0));
    assert_eq!(lines.finish().unwrap().map(|l| (l.bytes.len(), l.end)), Some((100_000, End)));
    assert_eq!(lines.finish().unwrap(), None);
}

/// Without states: all the text of a stream is there.
fn naive(stream: StreamKind, text: &[u8], max: usize) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut rest = text;
    let mut over = false;
    while !rest.is_empty() {
        let n = rest.iter().position(|b| matches!(b, b'\r' | b'\n')).unwrap_or(rest.len());
        let (text, behind) = rest.split_at(n);
        let mut parts = text.chunks(max).collect::<Vec<_>>();
        let last = parts.pop().unwrap_or_default();
        for part in parts {
            lines.push(Line { stream, bytes: part.to_vec().into(), end: Cut, over });
            over = false;
        }
        let returns = behind.iter().take_while(|b| **b == b'\r').count();
        rest = &behind[returns..];
        let newline = rest.first() == Some(&b'\n');
        rest = &rest[usize::from(newline)..];
        let end = match (returns > 0, newline) {
            (true, _) if n > 0 => Return,
            (_, true) => Newline,
            (false, false) => End,
            // Returns without a text before them.
            (true, false) => continue,
        };
        lines.push(Line { stream, bytes: last.to_vec().into(), end, over });
        over = end == Return && !newline;
    }
    lines
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// Any text in any frames at any cut: the lines of each stream are those of all its text.
    #[test]
    fn any_lines(list in prop::collection::vec((1..3u8, "[ab\r\n\u{e9}]{0,12}"), 0..8)) {
        let (mut bytes, mut ends, mut texts) = (Vec::new(), Vec::new(), [Vec::new(), Vec::new()]);
        for (id, payload) in &list {
            ends.push(bytes.len());
            bytes.extend(frame(*id, payload.as_bytes()));
            texts[usize::from(*id) - 1].extend_from_slice(payload.as_bytes());
        }
        // Each stream by itself: how they interleave is shown above.
        let apart = |seen: &mut Vec<Seen<Line>>, line: Line| {
            let at = seen.iter().take_while(|s| matches!(s, Seen::Item(l) if l.stream <= line.stream)).count();
            seen.insert(at, Seen::Item(line));
        };
        let wanted = naive(Stdout, &texts[0], SHORT).into_iter().chain(naive(Stderr, &texts[1], SHORT));
        let v = vector("generated", bytes, wanted).ends_here(Ends::At(ends.into()));
        prop_assert_eq!(every_cut(framed, &v, apart), list.len());
        let all = texts.concat();
        let v = vector("generated, raw", all.clone(), naive(Stdout, &all, SHORT)).ends_here(Ends::Everywhere);
        prop_assert_eq!(every_cut(terminal, &v, each), all.len());
    }
}
