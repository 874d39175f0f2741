//! The body of an upload, piece by piece, each when the test wants it to come.

use super::bench::Bench;
use crate::Source;
use crate::drive::BodySource;
use crate::wire::BodyPiece;
use alloc::collections::VecDeque;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use bytes::Bytes;
use core::fmt;
use core::task::{Context, Poll};
use core::time::Duration;

/// A request body for [`Bench::upload`].
#[derive(Debug, Default)]
pub struct MemoryBody {
    parts: VecDeque<Part>,
    length: Option<u64>,
    until: Option<Duration>,
    bench: Option<Bench>,
}

#[derive(Debug)]
enum Part {
    Owned(Bytes),
    Filled(Vec<u8>),
    Pause(Duration),
    Fail(String),
    Never,
}

impl MemoryBody {
    /// An empty body of unknown length.
    #[inline]
    pub fn new() -> Self {
        Self::default()
    }

    /// Promises this length.
    #[must_use]
    #[inline]
    pub fn length(mut self, length: u64) -> Self {
        self.length = Some(length);
        self
    }

    #[inline]
    fn part(mut self, part: Part) -> Self {
        self.parts.push_back(part);
        self
    }

    /// Then these bytes, which are handed over as they are.
    #[must_use]
    #[inline]
    pub fn piece(self, bytes: impl Into<Bytes>) -> Self {
        self.part(Part::Owned(bytes.into()))
    }

    /// Then these bytes, which are put into the room that is offered.
    #[must_use]
    #[inline]
    pub fn filled(self, bytes: impl AsRef<[u8]>) -> Self {
        self.part(Part::Filled(bytes.as_ref().to_vec()))
    }

    /// Then nothing for so long.
    #[must_use]
    #[inline]
    pub fn pause(self, time: Duration) -> Self {
        self.part(Part::Pause(time))
    }

    /// Then an error.
    #[must_use]
    #[inline]
    pub fn fail(self, why: impl Into<String>) -> Self {
        self.part(Part::Fail(why.into()))
    }

    /// Then nothing, for ever.
    #[must_use]
    #[inline]
    pub fn never(self) -> Self {
        self.part(Part::Never)
    }

    #[inline]
    pub(super) fn on(mut self, bench: Bench) -> Self {
        self.bench = Some(bench);
        self
    }
}

impl BodySource for MemoryBody {
    #[inline]
    fn length(&self) -> Option<u64> {
        self.length
    }

    #[inline]
    fn poll_piece(&mut self, _: &mut Context<'_>, room: &mut [u8]) -> Poll<Result<BodyPiece, Source>> {
        loop {
            let Some(part) = self.parts.pop_front() else { return Poll::Ready(Ok(BodyPiece::End)) };
            match part {
                Part::Owned(bytes) => return Poll::Ready(Ok(BodyPiece::Owned(bytes))),
                Part::Filled(mut bytes) => {
                    let n = bytes.len().min(room.len());
                    room[..n].copy_from_slice(&bytes[..n]);
                    if n < bytes.len() {
                        self.parts.push_front(Part::Filled(bytes.split_off(n)));
                    }
                    return Poll::Ready(Ok(BodyPiece::Filled(n)));
                }
                Part::Pause(time) => {
                    // Only a body that is on a bench is ever polled.
                    let Some(bench) = &self.bench else { continue };
                    let until = *self.until.get_or_insert_with(|| bench.time() + time);
                    if bench.wait_until(until).is_pending() {
                        self.parts.push_front(Part::Pause(time));
                        return Poll::Pending;
                    }
                    self.until = None;
                }
                Part::Fail(why) => return Poll::Ready(Err(Arc::new(Failed(why)))),
                Part::Never => {
                    self.parts.push_front(Part::Never);
                    return Poll::Pending;
                }
            }
        }
    }
}

#[derive(Debug)]
struct Failed(String);

impl fmt::Display for Failed {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl core::error::Error for Failed {}
