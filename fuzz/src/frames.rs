//! Multiplexed output.

use crate::naive::frames::{self as naive, Part};
use crate::source::Source;
use crate::{cut, run};
use docker_proto::testkit::{Seen, pieces};
use docker_proto::wire::{Decode, Frames, Input, RecvBuf, StreamKind};
use std::cell::Cell;

/// Beginnings of headers and lengths.
pub(crate) const WORDS: &[&[u8]] = &[
    b"\x00\0\0\0",
    b"\x01\0\0\0",
    b"\x02\0\0\0",
    b"\x03\0\0\0",
    b"\0\0\0\0",
    b"\0\0\0\x01",
    b"\0\0\0\x05hello",
    b"\x01\0\0\0\0\0\0\x03abc",
    b"\x03\0\0\0\0\0\0\x04boom",
    b"\xFF\xFF\xFF\xFF",
    b"\0\0\x01\0",
    b"\xC3\xA9",
];

/// See [`TARGETS`](crate::TARGETS).
pub fn frames(data: &[u8]) {
    raw(data);
    for n in cut::prefixes(data) {
        raw(&data[..n]);
    }
    built(data);
}

/// The input is what the engine sent.
fn raw(data: &[u8]) {
    let wanted = naive::frames(data);
    let run = run::at_any_cut(data, |set| decoded(data, set));
    assert_eq!((&run.0, run.1), (&wanted.parts, wanted.end), "other than the naive decoder");
    let output: usize = run.0.iter().map(|p| if let Part::Run(_, bytes) = p { bytes.len() } else { 0 }).sum();
    if run.1 != Some(docker_proto::ErrorKind::Protocol) {
        assert_eq!(output + wanted.framing, data.len(), "bytes in are not bytes out and framing");
    }
    assert_eq!(run.2, wanted.whole, "ends of frames");
    assert_eq!(copied(data), output_of(&run.0), "next_len says other than decode");
}

type Decoded = (Vec<Part>, Option<docker_proto::ErrorKind>, usize, String);

/// What the decoder makes of it: parts, class of the final error, ends of frames, message.
fn decoded(data: &[u8], set: &[usize]) -> Decoded {
    let ends = Cell::new(0);
    let run = run::run(
        &mut Frames::new(),
        data,
        set,
        |seen, piece| {
            assert!(!piece.bytes.is_empty(), "an empty piece");
            ends.set(ends.get() + usize::from(piece.frame_end));
            pieces(seen, piece);
        },
        |_| {},
    );
    let kind = run.kind();
    let parts = run.seen.into_iter().map(part).collect();
    (parts, kind, ends.get(), format!("{:?}", run.end))
}

fn part(seen: Seen<(StreamKind, Vec<u8>)>) -> Part {
    match seen {
        Seen::Item((stream, bytes)) => Part::Run(stream, bytes),
        Seen::Error(kind, message, raw) => {
            assert_eq!(kind, docker_proto::ErrorKind::InStream);
            assert!(!message.is_empty());
            Part::Error(raw.unwrap_or_default().to_vec())
        }
    }
}

fn output_of(parts: &[Part]) -> Vec<u8> {
    parts.iter().flat_map(|p| if let Part::Run(_, bytes) = p { &bytes[..] } else { &[] }).copied().collect()
}

/// All output, copied straight from the block.
fn copied(data: &[u8]) -> Vec<u8> {
    let mut block = RecvBuf::from(data);
    let (mut frames, mut left, mut out) = (Frames::new(), block.len(), Vec::new());
    loop {
        let mut input = Input::new(&mut block, &mut left);
        match frames.next_len(&mut input) {
            Ok(Some((_, n, _))) => {
                out.extend_from_slice(&input.bytes()[..n]);
                input.skip(n);
            }
            Ok(None) => return out,
            Err(e) if e.is_final() => return out,
            Err(_) => {}
        }
    }
}

/// The input is a plan of frames: what is encoded comes out.
fn built(data: &[u8]) {
    let mut source = Source::new(data);
    let (mut bytes, mut wanted) = (Vec::new(), Vec::new());
    while !source.is_empty() && bytes.len() < 10_000 {
        let id = source.below(4) as u8;
        let length = source.length();
        let payload = source.filler(length, b"abc\r\n\0\x01\x02\x03\xC3\xA9");
        bytes.extend(naive::encode(id, &payload));
        match id {
            3 => wanted.push(Part::Error(payload[..length.min(docker_proto::wire::limits::MAX_FRAME_ERROR)].to_vec())),
            2 => naive::push(&mut wanted, StreamKind::Stderr, &payload),
            _ => naive::push(&mut wanted, StreamKind::Stdout, &payload),
        }
    }
    let (parts, kind, ..) = run::at_any_cut(&bytes, |set| decoded(&bytes, set));
    assert_eq!(kind, None, "what is well-formed is refused");
    assert!(parts == wanted, "what was encoded is not what came out");
    assert!(Frames::new().finish().is_ok());
}
