//! Frames in memory: what a header costs.

use bytes::Bytes;
use docker_proto::wire::{Decode, Frames, Input, RecvBuf, StreamKind};
use std::hint::black_box;

/// Payloads that are measured.
pub const SIZES: [usize; 4] = [16, 64, 1024, 16 * 1024];

/// What was found, so that nothing is optimised away and contenders can be compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Pieces of output.
    pub pieces: usize,
    /// Their bytes, on either stream.
    pub bytes: [usize; 2],
}

impl Found {
    #[inline]
    fn add(&mut self, stream: StreamKind, payload: &[u8]) {
        self.pieces += 1;
        self.bytes[usize::from(stream == StreamKind::Stderr)] += payload.len();
        black_box(payload.as_ptr());
    }
}

/// Frames of this payload size, as many as fit the largest block; every fourth is stderr.
pub fn sample(size: usize) -> Vec<u8> {
    let mut out = Vec::new();
    for i in 0.. {
        if out.len() + 8 + size > docker_proto::wire::limits::MAX_BLOCK / 2 {
            break;
        }
        frame(if i % 4 == 3 { 2 } else { 1 }, size, &mut out);
    }
    out
}

/// One frame.
pub fn frame(id: u8, size: usize, out: &mut Vec<u8>) {
    out.extend_from_slice(&[id, 0, 0, 0]);
    // Sizes here are far below 4 GiB.
    out.extend_from_slice(&(size as u32).to_be_bytes());
    out.resize(out.len() + size, b'x');
}

/// By hand: from header to header in one slice, with the checks that cannot be left out.
pub fn walk(mut rest: &[u8]) -> Found {
    let mut found = Found::default();
    while let Some((&[id, 0, 0, 0, a, b, c, d], behind)) = rest.split_first_chunk::<8>() {
        let length = u32::from_be_bytes([a, b, c, d]) as usize;
        let Some((payload, behind)) = behind.split_at_checked(length) else { break };
        match id {
            0 | 1 => found.add(StreamKind::Stdout, payload),
            2 => found.add(StreamKind::Stderr, payload),
            _ => break,
        }
        rest = behind;
    }
    found
}

/// By hand: the same walk, with every payload as a slice of shared bytes.
pub fn walk_owned(bytes: &Bytes) -> Found {
    let (mut found, mut at) = (Found::default(), 0);
    while let Some((&[id, 0, 0, 0, a, b, c, d], _)) = bytes[at..].split_first_chunk::<8>() {
        let end = at + 8 + u32::from_be_bytes([a, b, c, d]) as usize;
        if end > bytes.len() {
            break;
        }
        let payload = bytes.slice(at + 8..end);
        found.add(if id == 2 { StreamKind::Stderr } else { StreamKind::Stdout }, black_box(&payload));
        at = end;
    }
    found
}

/// Pieces borrowed from the block.
pub fn borrowed(block: &mut RecvBuf) -> Found {
    let (mut frames, mut left, mut found) = (Frames::new(), block.len(), Found::default());
    let mut input = Input::new(block, &mut left);
    while let Ok(Some((stream, n, _))) = frames.next_len(&mut input) {
        found.add(stream, &input.bytes()[..n]);
        input.skip(n);
    }
    found
}

/// Pieces as items that own their part of the block.
pub fn owned(block: &mut RecvBuf) -> Found {
    let (mut frames, mut left, mut found) = (Frames::new(), block.len(), Found::default());
    let mut input = Input::new(block, &mut left);
    while let Ok(Some(piece)) = frames.decode(&mut input) {
        found.add(piece.stream, black_box(&piece.bytes));
    }
    found
}
