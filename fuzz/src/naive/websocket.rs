//! Frames of a websocket, from a slice.

use docker_proto::ErrorKind::{self, InStream, Protocol, Truncated};

#[derive(Debug, Default, PartialEq)]
pub(crate) struct Frames {
    /// What the messages carried.
    pub(crate) bytes: Vec<u8>,
    pub(crate) end: Option<ErrorKind>,
    /// The payload of the last ping.
    pub(crate) ping: Option<Vec<u8>>,
}

/// What a server sent.
pub(crate) fn server(mut rest: &[u8]) -> Frames {
    let mut out = Frames::default();
    let mut open = false;
    loop {
        let &[first, second, ..] = rest else { return end(out, Truncated) };
        let (form, least) = match second & 0x7F {
            126 => (2, 126),
            127 => (8, 65536),
            _ => (0, 0),
        };
        if rest.len() < 2 + form {
            return end(out, Truncated);
        }
        let mut length = u128::from(second & 0x7F);
        if form > 0 {
            length = rest[2..2 + form].iter().fold(0, |n, &b| n << 8 | u128::from(b));
        }
        let (opcode, fin) = (first & 15, first >= 128);
        let data = opcode < 3 && (opcode == 0) == open;
        let control = (8..11).contains(&opcode) && fin && length < 126;
        let sound = second < 128 && first & 0x70 == 0 && length >= least && length < 1 << 63;
        if !sound || !(data || control) {
            return end(out, Protocol);
        }
        let there = length.min((rest.len() - 2 - form) as u128) as usize;
        let payload = &rest[2 + form..][..there];
        rest = &rest[2 + form + there..];
        if data {
            open = !fin;
            out.bytes.extend_from_slice(payload);
        }
        if there as u128 != length {
            return end(out, Truncated);
        }
        match (opcode, payload) {
            (9, ping) => out.ping = Some(ping.to_vec()),
            (8, []) if open => return end(out, Truncated),
            (8, []) => return out,
            (8, [_]) => return end(out, Protocol),
            (8, [a, b, reason @ ..]) => {
                let code = u32::from(*a) * 256 + u32::from(*b);
                let known = (1000..=1003).contains(&code)
                    || (1007..=1014).contains(&code)
                    || code / 1000 == 3
                    || code / 1000 == 4;
                if !known || String::from_utf8(reason.to_vec()).is_err() {
                    return end(out, Protocol);
                }
                return match (code, open) {
                    (1000, false) => out,
                    (1000, true) => end(out, Truncated),
                    _ => end(out, InStream),
                };
            }
            _ => {}
        }
    }
}

fn end(mut out: Frames, kind: ErrorKind) -> Frames {
    out.end = Some(kind);
    out
}

/// What a client sent: first byte and payload of each frame. All must be masked and whole.
pub(crate) fn client(mut rest: &[u8]) -> Vec<(u8, Vec<u8>)> {
    let mut frames = Vec::new();
    while !rest.is_empty() {
        assert!(rest[1] >= 128, "a client masks");
        let (length, behind) = match rest[1] & 0x7F {
            126 => (usize::from(rest[2]) * 256 + usize::from(rest[3]), 4),
            127 => panic!("no frame is that long"),
            n => (usize::from(n), 2),
        };
        let mask = &rest[behind..behind + 4];
        let payload = &rest[behind + 4..][..length];
        frames.push((rest[0], payload.iter().enumerate().map(|(i, b)| b ^ mask[i % 4]).collect()));
        rest = &rest[behind + 4 + length..];
    }
    frames
}

/// A frame as a server sends it.
pub(crate) fn encode(first: u8, payload: &[u8]) -> Vec<u8> {
    let n = payload.len();
    let mut out = vec![first];
    if n < 126 {
        out.push(n as u8);
    } else if n < 65536 {
        out.extend([126, (n >> 8) as u8, n as u8]);
    } else {
        out.extend([127, 0, 0, 0, 0, (n >> 24) as u8, (n >> 16) as u8, (n >> 8) as u8, n as u8]);
    }
    out.extend_from_slice(payload);
    out
}
