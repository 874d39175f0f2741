//! Items that are bytes, read as a stream of bytes.

use super::{Items, Runtime};
use crate::op::{Operation, Reply};
use crate::{Error, Result};
use bytes::{Buf, Bytes};
use core::task::{Context, Poll, ready};

/// What a byte reader keeps between two reads: the rest of the last item, and the error that ended the stream.
///
/// The reader itself belongs to the adapter, whose runtime says what reading is.
#[derive(Debug, Default)]
pub struct Unread {
    bytes: Bytes,
    failed: Option<Error>,
}

impl Unread {
    /// The bytes at hand, waiting for some if there are none. Empty means that the answer has ended.
    ///
    /// # Errors
    /// What ended the answer, now and from now on: whoever reads again must not take it for a clean end.
    #[inline]
    pub fn poll_fill<R, O>(&mut self, cx: &mut Context<'_>, items: &mut Items<R, O>) -> Poll<Result<&[u8]>>
    where
        R: Runtime,
        O: Operation<Reply: Reply<Item: Into<Bytes>>>,
    {
        while self.bytes.is_empty() {
            if let Some(e) = &self.failed {
                return Poll::Ready(Err(e.clone()));
            }
            match ready!(items.poll_next(cx)) {
                None => break,
                Some(Ok(item)) => self.bytes = item.into(),
                // A reader has no place for an error that concerns one item: what follows would look whole.
                Some(Err(e)) => self.failed = Some(e.as_final()),
            }
        }
        Poll::Ready(Ok(&self.bytes))
    }

    /// The bytes at hand.
    #[inline]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Says that so many of the bytes at hand were read.
    #[inline]
    pub fn consume(&mut self, n: usize) {
        self.bytes.advance(n.min(self.bytes.len()));
    }

    /// Reads into `room`; 0 is the end of the answer, or an empty room.
    ///
    /// # Errors
    /// As [`poll_fill`](Self::poll_fill).
    #[inline]
    pub fn poll_read<R, O>(
        &mut self,
        cx: &mut Context<'_>,
        items: &mut Items<R, O>,
        room: &mut [u8],
    ) -> Poll<Result<usize>>
    where
        R: Runtime,
        O: Operation<Reply: Reply<Item: Into<Bytes>>>,
    {
        if room.is_empty() {
            return Poll::Ready(Ok(0));
        }
        let bytes = ready!(self.poll_fill(cx, items))?;
        let n = bytes.len().min(room.len());
        room[..n].copy_from_slice(&bytes[..n]);
        self.consume(n);
        Poll::Ready(Ok(n))
    }
}
