//! The client's side of a [`Bench`]: connections to a script, and timers of its time.

use super::bench::Bench;
use super::peer::{Fault, Peer};
use crate::drive::{Link, Timer};
use crate::{Result, Source};
use alloc::sync::Arc;
use core::fmt;
use core::task::{Context, Poll};
use core::time::Duration;

/// The client's end of a scripted connection.
pub struct MemoryLink {
    pub(super) bench: Bench,
    pub(super) number: usize,
}

impl MemoryLink {
    #[inline]
    fn peer<T>(&self, work: impl FnOnce(Duration, &mut Peer) -> Option<Result<T, Fault>>) -> Poll<Result<T, Source>> {
        let mut state = self.bench.state();
        let now = state.now;
        match state.peers.get_mut(&self.number).and_then(|(peer, _)| work(now, peer)) {
            None => Poll::Pending,
            Some(result) => Poll::Ready(result.map_err(|fault| -> Source { Arc::new(fault) })),
        }
    }

    /// Closes the writing side.
    #[inline]
    pub fn half_close(&mut self) {
        let _ = self.peer(|now, peer| {
            peer.end(now);
            Some(Ok(()))
        });
    }
}

impl Link for MemoryLink {
    #[inline]
    fn poll_read(&mut self, _: &mut Context<'_>, room: &mut [u8]) -> Poll<Result<usize, Source>> {
        self.peer(|now, peer| peer.read(now, room))
    }

    #[inline]
    fn poll_write(&mut self, _: &mut Context<'_>, parts: [&[u8]; 3]) -> Poll<Result<usize, Source>> {
        self.peer(|now, peer| peer.write(now, &parts))
    }

    #[inline]
    fn poll_flush(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Source>> {
        self.peer(|now, peer| peer.flush(now))
    }

    #[inline]
    fn is_alive(&mut self) -> bool {
        let mut state = self.bench.state();
        let now = state.now;
        state.peers.get_mut(&self.number).is_some_and(|(peer, _)| peer.is_silent(now))
    }
}

impl Drop for MemoryLink {
    #[inline]
    fn drop(&mut self) {
        if let Some((_, open)) = self.bench.state().peers.get_mut(&self.number) {
            *open = false;
        }
    }
}

impl fmt::Debug for MemoryLink {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MemoryLink({})", self.number)
    }
}

/// A timer of a [`Bench`].
#[derive(Debug)]
pub struct MemoryTimer(pub(super) Bench);

impl Timer for MemoryTimer {
    #[inline]
    fn poll_at(&mut self, _: &mut Context<'_>, at: Duration) -> Poll<()> {
        self.0.wait_until(at)
    }
}
