//! The whole way of output: chunks out of an answer, frames out of chunks, payloads to where they belong.

use crate::frames::{Found, frame};
use crate::head;
use docker_proto::wire::{Decode, Event, Exchange, Frames, StreamKind};
use std::hint::black_box;

/// The payload of each frame; each frame is a chunk of its own, as an engine writes lines.
pub const PAYLOAD: usize = 64;
/// Bytes of the sample.
const BYTES: usize = 1 << 20;
/// What the raw loop reads at once: as much as docker-proto's largest block.
pub(crate) const BLOCK: usize = docker_proto::wire::limits::MAX_BLOCK;

pub(crate) const HEAD: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.multiplexed-stream\r\n\
    Transfer-Encoding: chunked\r\n\r\n";

/// An answer with about a MiB of output.
pub fn sample() -> Vec<u8> {
    let mut out = HEAD.to_vec();
    for i in 0.. {
        if out.len() > BYTES {
            break;
        }
        out.extend_from_slice(format!("{:x}\r\n", PAYLOAD + 8).as_bytes());
        frame(if i % 4 == 3 { 2 } else { 1 }, PAYLOAD, &mut out);
        out.extend_from_slice(b"\r\n");
    }
    out.extend_from_slice(b"0\r\n\r\n");
    out
}

/// Where output goes: one buffer for each stream, as two files would have.
#[derive(Debug, Default)]
pub struct Sink {
    out: [Vec<u8>; 2],
    found: Found,
}

/// What payloads are handed to.
pub(crate) trait Payloads {
    fn add(&mut self, stream: StreamKind, payload: &[u8]);
}

impl Payloads for Sink {
    #[inline]
    fn add(&mut self, stream: StreamKind, payload: &[u8]) {
        Self::add(self, stream, payload);
    }
}

impl Sink {
    /// Bytes of each stream; pieces as they came.
    pub(crate) fn found(&self) -> Found {
        self.found
    }

    #[inline]
    pub(crate) fn add(&mut self, stream: StreamKind, payload: &[u8]) {
        let i = usize::from(stream == StreamKind::Stderr);
        let out = &mut self.out[i];
        if out.len() + payload.len() > 1 << 16 {
            black_box(&out[..]);
            out.clear();
        }
        out.extend_from_slice(payload);
        self.found.pieces += 1;
        self.found.bytes[i] += payload.len();
    }
}

/// By hand: one buffer, chunks and frames taken apart where they stand, what is incomplete moved to the front.
pub fn by_hand(mut answer: &[u8]) -> Found {
    let (mut block, mut start, mut end) = (vec![0; BLOCK], 0, 0);
    let (mut sink, mut in_head) = (Sink::default(), true);
    loop {
        let n = answer.len().min(block.len() - end);
        let (now, later) = answer.split_at(n);
        block[end..end + n].copy_from_slice(now);
        (answer, end) = (later, end + n);
        if in_head {
            start = memchr::memmem::find(&block[..end], b"\r\n\r\n").map_or(end, |at| at + 4);
            in_head = false;
        }
        while let Some((length, used)) = hand_chunk(&block[start..end], &mut sink) {
            start += used;
            if length == 0 {
                return sink.found;
            }
        }
        if n == 0 {
            return sink.found;
        }
        block.copy_within(start..end, 0);
        (start, end) = (0, end - start);
    }
}

/// One chunk with one whole frame in it; its length and what it takes up. `None` if it is incomplete.
#[inline]
pub(crate) fn hand_chunk(bytes: &[u8], sink: &mut impl Payloads) -> Option<(usize, usize)> {
    let (mut length, mut digits) = (0usize, 0);
    loop {
        let byte = *bytes.get(digits)?;
        let digit = match byte {
            b'0'..=b'9' => byte - b'0',
            b'a'..=b'f' => byte - b'a' + 10,
            _ => break,
        };
        length = length << 4 | usize::from(digit);
        digits += 1;
    }
    let data = bytes.get(digits + 2..digits + 2 + length)?;
    let used = digits + 2 + length + 2;
    if used > bytes.len() {
        return None;
    }
    if let Some((&[id, 0, 0, 0, a, b, c, d], payload)) = data.split_first_chunk::<8>() {
        let stream = if id == 2 { StreamKind::Stderr } else { StreamKind::Stdout };
        sink.add(stream, payload.get(..u32::from_be_bytes([a, b, c, d]) as usize)?);
    }
    Some((length, used))
}

/// Through an exchange, payloads copied straight from the block.
pub fn copied(answer: &[u8]) -> Found {
    run(answer, |exchange, frames, sink| {
        let mut input = exchange.input();
        while let Ok(Some((stream, n, _))) = frames.next_len(&mut input) {
            sink.add(stream, &input.bytes()[..n]);
            input.skip(n);
        }
    })
}

/// Through an exchange, payloads as items.
pub fn items(answer: &[u8]) -> Found {
    run(answer, |exchange, frames, sink| {
        if let Ok(Some(piece)) = frames.decode(&mut exchange.input()) {
            sink.add(piece.stream, &piece.bytes);
        }
    })
}

fn run(mut answer: &[u8], data: impl Fn(&mut Exchange, &mut Frames, &mut Sink)) -> Found {
    let (request, block) = head::request();
    let mut exchange = Exchange::start(request, block);
    let (mut frames, mut sink) = (Frames::new(), Sink::default());
    loop {
        match exchange.poll() {
            Ok(Event::Data) => data(&mut exchange, &mut frames, &mut sink),
            Ok(Event::NeedIo) => {
                let wants = exchange.wants();
                let wrote = wants.write.map_or(0, |parts| parts.iter().map(|p| p.len()).sum());
                let Some(room) = wants.read else { return sink.found };
                let n = answer.len().min(room.len());
                let (now, later) = answer.split_at(n);
                room[..n].copy_from_slice(now);
                answer = later;
                exchange.wrote(wrote);
                exchange.flushed();
                exchange.read(n);
            }
            Ok(Event::Head(_)) => {}
            _ => return sink.found,
        }
    }
}
