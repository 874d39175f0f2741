//! Bodies that need no runtime.

use super::BodySource;
use crate::Source;
use crate::wire::BodyPiece;
use alloc::boxed::Box;
use bytes::Bytes;
use core::fmt;
use core::task::{Context, Poll};

/// A body that is at hand: sent without copying it.
#[derive(Debug)]
pub struct Whole(Option<Bytes>);

impl Whole {
    /// All of `bytes`.
    pub fn new(bytes: impl Into<Bytes>) -> Self {
        Self(Some(bytes.into()))
    }
}

impl BodySource for Whole {
    fn length(&self) -> Option<u64> {
        self.0.as_ref().map(|b| b.len() as u64)
    }

    fn poll_piece(&mut self, _: &mut Context<'_>, _: &mut [u8]) -> Poll<Result<BodyPiece, Source>> {
        Poll::Ready(Ok(self.0.take().map_or(BodyPiece::End, BodyPiece::Owned)))
    }
}

/// A body whose length somebody knows.
pub struct Known {
    source: Box<dyn BodySource>,
    length: u64,
}

impl Known {
    /// `source`, which will give `length` bytes.
    pub fn new(source: Box<dyn BodySource>, length: u64) -> Self {
        Self { source, length }
    }
}

impl BodySource for Known {
    fn length(&self) -> Option<u64> {
        Some(self.length)
    }

    fn poll_piece(&mut self, cx: &mut Context<'_>, room: &mut [u8]) -> Poll<Result<BodyPiece, Source>> {
        self.source.poll_piece(cx, room)
    }
}

impl fmt::Debug for Known {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Known").field("length", &self.length).finish_non_exhaustive()
    }
}
