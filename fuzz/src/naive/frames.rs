//! Multiplexed output, from a slice.

use docker_proto::ErrorKind::{self, Protocol, Truncated};
use docker_proto::wire::{StreamKind, limits::MAX_FRAME_ERROR};

/// A part of what came out.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Part {
    /// All bytes of one stream up to the next change of stream.
    Run(StreamKind, Vec<u8>),
    /// An engine error, with as much of its text as is kept.
    Error(Vec<u8>),
}

#[derive(Debug, Default)]
pub(crate) struct Frames {
    pub(crate) parts: Vec<Part>,
    pub(crate) end: Option<ErrorKind>,
    /// Bytes of headers, complete or not, and of engine errors, complete or not: what is not handed on as output.
    pub(crate) framing: usize,
    /// Frames that carried output and were complete.
    pub(crate) whole: usize,
}

pub(crate) fn frames(mut rest: &[u8]) -> Frames {
    let mut out = Frames::default();
    while !rest.is_empty() {
        let header = &rest[..rest.len().min(8)];
        let reserved = header.iter().skip(1).take(3);
        if header[0] > 3 || reserved.clone().any(|&b| b != 0) {
            out.end = Some(Protocol);
            return out;
        }
        out.framing += header.len();
        let Ok(&[id, _, _, _, a, b, c, d]) = <&[u8; 8]>::try_from(header) else {
            out.end = Some(Truncated);
            return out;
        };
        let length = u64::from(a) << 24 | u64::from(b) << 16 | u64::from(c) << 8 | u64::from(d);
        let there = length.min(rest.len() as u64 - 8) as usize;
        let payload = &rest[8..8 + there];
        rest = &rest[8 + there..];
        let whole = there as u64 == length;
        if id == 3 {
            out.framing += there;
            if whole {
                out.parts.push(Part::Error(payload[..there.min(MAX_FRAME_ERROR)].to_vec()));
            }
        } else {
            push(&mut out.parts, if id == 2 { StreamKind::Stderr } else { StreamKind::Stdout }, payload);
            out.whole += usize::from(whole && there > 0);
        }
        if !whole {
            out.end = Some(Truncated);
        }
    }
    out
}

/// Appends output, joined with what came before on the same stream.
pub(crate) fn push(parts: &mut Vec<Part>, stream: StreamKind, bytes: &[u8]) {
    if bytes.is_empty() {
        return;
    }
    match parts.last_mut() {
        Some(Part::Run(last, run)) if *last == stream => run.extend_from_slice(bytes),
        _ => parts.push(Part::Run(stream, bytes.to_vec())),
    }
}

/// A frame.
pub(crate) fn encode(id: u8, payload: &[u8]) -> Vec<u8> {
    let length = payload.len();
    let mut out = vec![id, 0, 0, 0, (length >> 24) as u8, (length >> 16) as u8, (length >> 8) as u8, length as u8];
    out.extend_from_slice(payload);
    out
}
