//! What the client sends: frames, each in one piece and masked.

use super::pongs::Pongs;
use super::{Random, opcode};
use crate::wire::limits::MAX_WEBSOCKET_SEND;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::mem;
use core::task::{Poll, ready};

/// Encodes what is sent: every write becomes one binary message of one frame, of at most
/// [`MAX_WEBSOCKET_SEND`] bytes.
///
/// It writes by the function it is given, which takes bytes and says how many it took; taking none of some is for it to
/// report as an error. What a transport does not take at once of a frame is kept, and written first by the next call: so
/// the last write is to be flushed, as with every writer that has a buffer.
#[derive(Debug)]
pub struct Sender {
    masks: Random,
    pongs: Arc<Pongs>,
    answered: u32,
    /// Encoded, and written up to `written`.
    out: Vec<u8>,
    written: usize,
    closed: bool,
}

/// Every frame is a whole message.
const FIN: u8 = 0x80;
const MASKED: u8 = 0x80;
/// The code of a close frame: what the connection was for is done.
const NORMAL: u16 = 1000;

impl Sender {
    #[inline]
    pub(super) fn new(masks: Random, pongs: Arc<Pongs>) -> Self {
        Self { masks, pongs, answered: 0, out: Vec::new(), written: 0, closed: false }
    }

    /// Sends the beginning of `bytes`, and says how many those are; 0 once the input was closed.
    ///
    /// # Errors
    /// Those of `write`.
    #[inline]
    pub fn poll_write<E>(
        &mut self,
        bytes: &[u8],
        mut write: impl FnMut(&[u8]) -> Poll<Result<usize, E>>,
    ) -> Poll<Result<usize, E>> {
        ready!(self.poll_out(&mut write))?;
        if self.closed || bytes.is_empty() {
            return Poll::Ready(Ok(0));
        }
        self.answer_ping();
        let n = bytes.len().min(MAX_WEBSOCKET_SEND);
        self.frame(opcode::BINARY, &bytes[..n]);
        // Taken, whether or not the transport has room for all of it: pending would mean that nothing was.
        match self.poll_out(&mut write) {
            Poll::Ready(Err(e)) => Poll::Ready(Err(e)),
            _ => Poll::Ready(Ok(n)),
        }
    }

    /// Writes what was kept, and answers a ping if there is one.
    ///
    /// # Errors
    /// Those of `write`.
    #[inline]
    pub fn poll_flush<E>(&mut self, mut write: impl FnMut(&[u8]) -> Poll<Result<usize, E>>) -> Poll<Result<(), E>> {
        ready!(self.poll_out(&mut write))?;
        self.answer_ping();
        self.poll_out(&mut write)
    }

    /// Ends the input with a close frame. The connection itself stays open both ways.
    ///
    /// # Errors
    /// Those of `write`.
    #[inline]
    pub fn poll_close<E>(&mut self, mut write: impl FnMut(&[u8]) -> Poll<Result<usize, E>>) -> Poll<Result<(), E>> {
        ready!(self.poll_out(&mut write))?;
        if !mem::replace(&mut self.closed, true) {
            self.frame(opcode::CLOSE, &NORMAL.to_be_bytes());
        }
        self.poll_out(&mut write)
    }

    #[inline]
    fn poll_out<E>(&mut self, write: &mut impl FnMut(&[u8]) -> Poll<Result<usize, E>>) -> Poll<Result<(), E>> {
        while self.written < self.out.len() {
            let n = ready!(write(&self.out[self.written..]))?;
            self.written = (self.written + n).min(self.out.len());
        }
        self.out.clear();
        self.written = 0;
        Poll::Ready(Ok(()))
    }

    #[inline]
    fn answer_ping(&mut self) {
        // Nothing follows a close frame.
        if self.closed {
            return;
        }
        if let Some(payload) = self.pongs.take(&mut self.answered) {
            self.frame(opcode::PONG, &payload);
        }
    }

    /// Appends a frame. Payloads are no longer than [`MAX_WEBSOCKET_SEND`], so that 16 bits hold their length.
    #[inline]
    fn frame(&mut self, opcode: u8, payload: &[u8]) {
        self.out.push(FIN | opcode);
        match u8::try_from(payload.len()) {
            Ok(short @ ..126) => self.out.push(MASKED | short),
            _ => {
                self.out.push(MASKED | 126);
                self.out.extend_from_slice(&(payload.len() as u16).to_be_bytes());
            }
        }
        let mask = ((self.masks.next() >> 32) as u32).to_ne_bytes();
        self.out.extend_from_slice(&mask);
        let begin = self.out.len();
        self.out.extend_from_slice(payload);
        for part in self.out[begin..].chunks_mut(4) {
            part.iter_mut().zip(mask).for_each(|(byte, mask)| *byte ^= mask);
        }
    }
}
