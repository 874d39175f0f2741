//! The input of a two-way session, up to the transport.

use crate::observe::Session;
use crate::session::Core;
use crate::wire::websocket::Sender;
use alloc::boxed::Box;
use core::task::{Poll, ready};

/// What becomes of the input of a session before the transport has it: nothing, or the frames of a websocket.
///
/// It writes by a function that takes bytes and says how many it took; an adapter's, which reports it as an error if the
/// transport takes none. Of a websocket's frame, what is not taken at once is kept until the next call: the last write is
/// to be flushed.
#[derive(Debug)]
pub struct Outgoing {
    sender: Option<Sender>,
    closes_on_drop: bool,
    tap: Option<Box<dyn Session>>,
}

impl Outgoing {
    /// That of a call that became a session. Make one for a call.
    pub fn new(core: &Core) -> Self {
        Self { sender: core.sender(), closes_on_drop: core.half_closes_on_drop(), tap: core.observe_session() }
    }

    /// Whether bytes go to the transport as they are, so that several slices may be written in one go.
    pub fn is_plain(&self) -> bool {
        self.sender.is_none() && self.tap.is_none()
    }

    /// Whether dropping the writer closes the transport's writing side: that of an exec without a terminal, unless it was
    /// closed already.
    pub fn closes_on_drop(&self) -> bool {
        self.closes_on_drop
    }

    /// Writes the beginning of `bytes`, and says how many those are.
    ///
    /// # Errors
    /// Those of `write`.
    #[inline]
    pub fn poll_write<E>(
        &mut self,
        bytes: &[u8],
        mut write: impl FnMut(&[u8]) -> Poll<Result<usize, E>>,
    ) -> Poll<Result<usize, E>> {
        let Self { sender, tap, .. } = self;
        match (sender, tap) {
            (None, None) => write(bytes),
            (None, Some(tap)) => tapped(tap, write)(bytes),
            (Some(sender), None) => sender.poll_write(bytes, write),
            (Some(sender), Some(tap)) => sender.poll_write(bytes, tapped(tap, write)),
        }
    }

    /// Writes what was kept. Then the transport is to be flushed.
    ///
    /// # Errors
    /// Those of `write`.
    #[inline]
    pub fn poll_flush<E>(&mut self, write: impl FnMut(&[u8]) -> Poll<Result<usize, E>>) -> Poll<Result<(), E>> {
        let Self { sender, tap, .. } = self;
        match (sender, tap) {
            (None, _) => Poll::Ready(Ok(())),
            (Some(sender), None) => sender.poll_flush(write),
            (Some(sender), Some(tap)) => sender.poll_flush(tapped(tap, write)),
        }
    }

    /// Ends the input. True if that is done by closing the transport's writing side, which is then the adapter's to do;
    /// false if the end was written, and the transport is to be flushed.
    ///
    /// # Errors
    /// Those of `write`.
    #[inline]
    pub fn poll_close<E>(&mut self, write: impl FnMut(&[u8]) -> Poll<Result<usize, E>>) -> Poll<Result<bool, E>> {
        self.closes_on_drop = false;
        let Self { sender, tap, .. } = self;
        match (sender, tap) {
            (Some(sender), None) => ready!(sender.poll_close(write))?,
            (Some(sender), Some(tap)) => ready!(sender.poll_close(tapped(tap, write)))?,
            (None, tap) => {
                // Once: closing may be waited for.
                tap.take().iter().for_each(|tap| tap.half_closed());
                return Poll::Ready(Ok(true));
            }
        }
        Poll::Ready(Ok(false))
    }
}

/// Tells what is written.
fn tapped<E>(
    tap: &mut Box<dyn Session>,
    mut write: impl FnMut(&[u8]) -> Poll<Result<usize, E>>,
) -> impl FnMut(&[u8]) -> Poll<Result<usize, E>> {
    move |bytes| {
        let wrote = write(bytes);
        if let Poll::Ready(Ok(n)) = &wrote {
            tap.wrote(bytes.get(..*n).unwrap_or_default());
        }
        wrote
    }
}
