//! The driver that every adapter shares: it moves bytes between a [`Call`](crate::session::Call) and a connection by
//! polling, and decides nothing.
//!
//! An adapter supplies a [`Runtime`]: how to dial, how to read and write without blocking, how to wait until a moment.
//! What is left is the same for all of them, and here once: when to dial, when to take an idle connection, what to try
//! in a turn, when to give up. No socket, clock or thread is named: a runtime that has none of them, an in-memory one in
//! a test, is driven just so. There is no background task: between two polls nothing happens.

mod body;
mod caller;
#[cfg(feature = "std")]
mod carrier;
mod copy;
mod driver;
mod items;
mod keep_alive;
mod outgoing;
mod packed;
mod resumed;
mod unread;

pub use body::{Known, Whole};
pub use caller::Caller;
#[cfg(feature = "std")]
pub use carrier::{Carrier, poll_tunnel};
pub use copy::{Copied, Copying, Sink};
pub use driver::Driver;
pub use items::Items;
pub use keep_alive::{KEEP_ALIVE, KeepAlive};
pub use outgoing::Outgoing;
pub use packed::{Disk, Packed};
pub use resumed::Resumed;
pub use unread::Unread;

use crate::Source;
use crate::session::Pool;
use crate::wire::BodyPiece;
use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll};
use core::time::Duration;

/// A connection, used without blocking. A method that is not ready has arranged for the task to be woken.
pub trait Link: Send + Unpin {
    /// Reads into `room`; 0 is the end of the stream.
    fn poll_read(&mut self, cx: &mut Context<'_>, room: &mut [u8]) -> Poll<Result<usize, Source>>;

    /// Writes from the parts, in order, as much as is taken at once.
    fn poll_write(&mut self, cx: &mut Context<'_>, parts: [&[u8]; 3]) -> Poll<Result<usize, Source>>;

    /// Hands everything written to the peer.
    fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Source>>;

    /// Tries one read without waiting, on a connection that was idle: true only if there was nothing to read and no end.
    fn is_alive(&mut self) -> bool;
}

/// A timer that can be set anew.
pub trait Timer: Send + Unpin {
    /// Ready once the moment `at`, in the runtime's own time, has come.
    fn poll_at(&mut self, cx: &mut Context<'_>, at: Duration) -> Poll<()>;
}

/// A stream of bytes that becomes the body of a request.
pub trait BodySource: Send {
    /// The length, if it is known.
    fn length(&self) -> Option<u64>;

    /// The next piece: into `room`, or bytes of its own, or the end.
    fn poll_piece(&mut self, cx: &mut Context<'_>, room: &mut [u8]) -> Poll<Result<BodyPiece, Source>>;
}

/// Why no connection could be made.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct DialError {
    /// What the transport said.
    pub source: Source,
    /// The engine is there but its backlog is full: worth another try until the deadline.
    pub busy: bool,
}

impl DialError {
    /// A failure for good.
    pub fn new(source: Source) -> Self {
        Self { source, busy: false }
    }

    /// A failure for now.
    pub fn busy(source: Source) -> Self {
        Self { source, busy: true }
    }
}

/// A dial on its way.
pub type Dialing<L> = Pin<alloc::boxed::Box<dyn Future<Output = Result<L, DialError>> + Send>>;

/// What an adapter supplies. Cheap to clone: every call keeps one.
pub trait Runtime: Clone + Send + Sync + Unpin + 'static {
    /// Its connections.
    type Link: Link;
    /// Its timers.
    type Timer: Timer;

    /// Begins to dial the engine.
    fn dial(&self) -> Dialing<Self::Link>;

    /// A new timer.
    fn timer(&self) -> Self::Timer;

    /// The time since a starting point of its own.
    fn now(&self) -> Duration;

    /// Connections are used again only under the key they were made under: the runtime's id, where sockets belong to one.
    fn key(&self) -> u64;

    /// Works on the pool, under a lock.
    fn pool<T>(&self, work: impl FnOnce(&mut Pool<Self::Link>) -> T) -> T;
}
