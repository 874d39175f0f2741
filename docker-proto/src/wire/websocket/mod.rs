//! WebSocket, the client's side (RFC 6455): a stream of bytes each way, in frames.
//!
//! What stands in messages is handed on as bytes, as it arrives: where one message ends and the next begins, and whether
//! it was called text or binary, means nothing to who uses a websocket as a pipe.
//!
//! - [`Handshake`]: the key that is sent, and the answer that fits it.
//! - [`Receiver`]: decodes what the server sends.
//! - [`Sender`]: encodes what the client sends.
//!
//! Pings are answered by the sender, at its next write or flush: the two halves may be in the hands of different threads,
//! and only one of them may write. A close frame of the server is not answered, the connection is closed instead.

mod handshake;
mod pongs;
mod receiver;
mod sender;

pub use handshake::Handshake;
pub use receiver::{Close, Receiver};
pub use sender::Sender;

/// What a frame is for.
mod opcode {
    pub(super) const CONTINUATION: u8 = 0;
    pub(super) const TEXT: u8 = 1;
    pub(super) const BINARY: u8 = 2;
    pub(super) const CLOSE: u8 = 8;
    pub(super) const PING: u8 = 9;
    pub(super) const PONG: u8 = 10;
}

/// The longest payload of a control frame.
const MAX_CONTROL: usize = 125;

/// Numbers that look random, from a seed (SplitMix64).
///
/// Masks are there so that a client cannot be made to write the bytes of its peer's choice past an old proxy. That takes
/// numbers which whoever chooses the payload cannot foresee, so the seed must be unknown to them. It is not cryptography.
#[derive(Clone, Debug)]
struct Random(u64);

impl Random {
    #[inline]
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let x = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        x ^ (x >> 31)
    }
}
