//! A websocket: what a server sends, and what the client does.

use crate::naive::websocket as naive;
use crate::source::Source;
use crate::{cut, run};
use docker_proto::ErrorKind;
use docker_proto::testkit::Seen;
use docker_proto::wire::limits::MAX_WEBSOCKET_SEND;
use docker_proto::wire::websocket::{Handshake, Receiver};
use std::convert::Infallible;
use std::task::Poll;

/// Headers, lengths and ends.
pub(crate) const WORDS: &[&[u8]] = &[
    b"\x82\x05hello",
    b"\x81\x02hi",
    b"\x02\x01a",
    b"\x00\x01b",
    b"\x80\x01c",
    b"\x82\x00",
    b"\x82\x7E\0\x7E",
    b"\x82\x7F\0\0\0\0\0\x01\0\0",
    b"\x82\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF",
    b"\x89\x04ping",
    b"\x8A\x00",
    b"\x88\x02\x03\xE8",
    b"\x88\x00",
    b"\x88\x06\x03\xF3oops",
    b"\x88\x03\x03\xE8\xFF",
    b"\x82\x81\0\0\0\0x",
    b"\xC2\x00",
];

/// See [`TARGETS`](crate::TARGETS).
pub fn websocket(data: &[u8]) {
    raw(data);
    for n in cut::prefixes(data) {
        raw(&data[..n]);
    }
    built(data);
    sent(data);
}

/// The input is what the server sent.
fn raw(data: &[u8]) {
    let wanted = naive::server(data);
    let run = run::at_any_cut(data, |set| decoded(data, set));
    assert_eq!((&run.0, run.1), (&wanted.bytes, wanted.end), "other than the naive decoder: {}", run.2);
}

/// What the decoder makes of it: bytes, class of the final error, message.
fn decoded(data: &[u8], set: &[usize]) -> (Vec<u8>, Option<ErrorKind>, String) {
    let mut receiver = Receiver::new();
    let run = run::run(
        &mut receiver,
        data,
        set,
        |seen: &mut Vec<Seen<Vec<u8>>>, piece| {
            assert!(!piece.is_empty(), "an empty piece");
            match seen.last_mut() {
                Some(Seen::Item(bytes)) => bytes.extend_from_slice(&piece),
                _ => seen.push(Seen::Item(piece.to_vec())),
            }
        },
        |_| {},
    );
    let kind = run.kind();
    if kind.is_none() {
        assert!(receiver.close().is_some(), "a clean end without a close frame");
    }
    let bytes = run.seen.into_iter().flat_map(|seen| match seen {
        Seen::Item(bytes) => bytes,
        error @ Seen::Error(..) => panic!("an error of one item: {error:?}"),
    });
    (bytes.collect(), kind, format!("{:?}", run.end))
}

/// The input is a plan of messages: what they carry comes out.
fn built(data: &[u8]) {
    let mut source = Source::new(data);
    let (mut bytes, mut wanted, mut open) = (Vec::new(), Vec::new(), false);
    while !source.is_empty() && bytes.len() < 10_000 {
        let kind = source.below(6);
        let length = source.length();
        match kind {
            0 | 1 => {
                let payload = source.filler(length % 126, b"ping");
                bytes.extend(naive::encode(0x89 + kind as u8, &payload));
            }
            _ => {
                let payload = source.filler(length, b"abc\r\n\0\x88\x82\xC3\xA9");
                let fin = kind > 2;
                let opcode = if open { 0 } else { 1 + source.below(2) as u8 };
                bytes.extend(naive::encode(opcode | u8::from(fin) << 7, &payload));
                open = !fin;
                wanted.extend(payload);
            }
        }
    }
    if open {
        bytes.extend(naive::encode(0x80, b""));
    }
    bytes.extend(naive::encode(0x88, b"\x03\xE8"));
    let (got, kind, message) = run::at_any_cut(&bytes, |set| decoded(&bytes, set));
    assert_eq!(kind, None, "what is well-formed is refused: {message}");
    assert!(got == wanted, "what was encoded is not what came out");
}

/// The input is a plan of writes, and of how a transport takes them: what is written arrives, in frames.
fn sent(data: &[u8]) {
    let mut source = Source::new(data);
    let mut sender = Handshake::new(u64::from(source.byte())).sender();
    let (mut took, mut wanted) = (Vec::new(), Vec::new());
    while !source.is_empty() && wanted.len() < 100_000 {
        let length = source.length();
        let bytes = source.filler(length, b"abc\0\xFF");
        let most = [0, 1, 3, 100, usize::MAX][source.below(5)];
        let mut write = |part: &[u8]| -> Poll<Result<usize, Infallible>> {
            assert!(!part.is_empty(), "nothing to write");
            if most == 0 {
                return Poll::Pending;
            }
            let n = part.len().min(most);
            took.extend_from_slice(&part[..n]);
            Poll::Ready(Ok(n))
        };
        match sender.poll_write(&bytes, &mut write) {
            Poll::Pending => assert_eq!(most, 0, "pending, and the transport was not"),
            Poll::Ready(Ok(n)) => {
                assert!(n > 0 || bytes.is_empty(), "nothing was taken");
                assert!(n <= MAX_WEBSOCKET_SEND, "more than the limit was taken");
                wanted.extend_from_slice(&bytes[..n]);
            }
            Poll::Ready(Err(never)) => match never {},
        }
    }
    let all = |part: &[u8]| -> Poll<Result<usize, Infallible>> {
        took.extend_from_slice(part);
        Poll::Ready(Ok(part.len()))
    };
    assert!(sender.poll_close(all).is_ready());
    let mut frames = naive::client(&took);
    assert_eq!(frames.pop(), Some((0x88, b"\x03\xE8".to_vec())), "the last frame");
    assert!(frames.iter().all(|(first, payload)| *first == 0x82 && !payload.is_empty()), "a frame of another kind");
    assert!(frames.into_iter().flat_map(|(_, payload)| payload).eq(wanted), "what was written is not what arrived");
}
