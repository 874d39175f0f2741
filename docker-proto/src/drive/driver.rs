//! One call's connection, and what to try on it in a turn.

use super::{BodySource, Dialing, Link, Runtime, Timer};
use crate::observe::{Event, Observing};
use crate::session::{Core, Fate, Io, Pool, Ticket};
use crate::wire::{RecvBuf, Wants};
use crate::{Error, ErrorKind};
use alloc::boxed::Box;
use alloc::vec::Vec;
use core::fmt;
use core::mem;
use core::task::{Context, Poll};
use core::time::Duration;

/// Drives the [`Core`] of one call. Keeps the dial and the timer between polls, so that dropping a future that waits for
/// the next item loses nothing.
pub struct Driver<R: Runtime> {
    runtime: R,
    conn: Conn<R>,
    place: Place,
    timer: Option<R::Timer>,
    body: Option<Box<dyn BodySource>>,
}

enum Conn<R: Runtime> {
    None,
    Dialing(Dialing<R::Link>),
    /// The engine's backlog was full; dial again at this moment.
    Busy(Duration),
    Open(R::Link),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    None,
    Waiting(Ticket),
    Taken,
}

/// Between two tries to reach an engine whose backlog is full.
const BUSY_PAUSE: Duration = Duration::from_millis(10);

impl<R: Runtime> Driver<R> {
    /// A driver without a connection yet, and the source of the request body if there is one.
    pub fn new(runtime: R, body: Option<Box<dyn BodySource>>) -> Self {
        Self { runtime, conn: Conn::None, place: Place::None, timer: None, body }
    }

    /// Tries everything that `core` asks for. Ready means that something was reported and the call is to be polled;
    /// pending, that nothing moved and the task will be woken. A body that is `lent` takes the place of the driver's own.
    pub fn poll_turn(&mut self, cx: &mut Context<'_>, core: &mut Core, lent: Option<&mut dyn BodySource>) -> Poll<()> {
        let now = self.runtime.now();
        core.unpark(|| self.runtime.pool(Pool::take_block));
        // Beside the core while that lends its buffers.
        let mut observed = core.take_observed(|| now);
        let deadline = match core.io(now) {
            Io::Poll => {
                core.put_observed(observed);
                return Poll::Ready(());
            }
            Io::Connect { fresh, place, deadline } => {
                core.put_observed(observed);
                if self.poll_connect(cx, core, fresh, place).is_ready() {
                    return Poll::Ready(());
                }
                let again = match self.conn {
                    Conn::Busy(at) => Some(at),
                    _ => None,
                };
                match (deadline, again) {
                    (Some(a), Some(b)) => Some(a.min(b)),
                    (a, b) => a.or(b),
                }
            }
            Io::Wait { wants, deadline } => {
                let Conn::Open(link) = &mut self.conn else {
                    // `connected` is reported only with an open link, and it is kept until the core wants another.
                    core.put_observed(observed);
                    core.fail(Error::new(ErrorKind::Transport, "the connection is gone"));
                    return Poll::Ready(());
                };
                let body: Option<&mut dyn BodySource> = match (lent, &mut self.body) {
                    (Some(lent), _) => Some(&mut *lent),
                    (None, Some(own)) => Some(&mut **own),
                    (None, None) => None,
                };
                let tried = Tried::all(cx, link, body, wants, observed.as_mut());
                core.put_observed(observed);
                if let Some(tried) = tried {
                    tried.report(core);
                    return Poll::Ready(());
                }
                if let Some(block) = core.parked() {
                    self.runtime.pool(|pool| pool.put_block(block));
                }
                deadline
            }
        };
        let Some(at) = deadline else { return Poll::Pending };
        let timer = self.timer.get_or_insert_with(|| self.runtime.timer());
        if timer.poll_at(cx, at).is_pending() {
            return Poll::Pending;
        }
        core.queued(matches!(self.place, Place::Waiting(_)));
        core.expired(self.runtime.now());
        Poll::Ready(())
    }

    fn poll_connect(&mut self, cx: &mut Context<'_>, core: &mut Core, fresh: bool, place: bool) -> Poll<()> {
        if let Conn::Open(_) = self.conn {
            self.close();
        }
        if place && self.place != Place::Taken {
            let ticket = match self.place {
                Place::Waiting(ticket) => Some(ticket),
                _ => None,
            };
            match self.runtime.pool(|pool| pool.enter(ticket, cx.waker())) {
                Ok(()) => {
                    self.place = Place::Taken;
                    core.observe_queue(false);
                }
                Err(ticket) => {
                    core.observe_queue(true);
                    self.place = Place::Waiting(ticket);
                    return Poll::Pending;
                }
            }
        }
        loop {
            match &mut self.conn {
                Conn::None => {
                    if let Some((link, recv)) = if fresh { None } else { self.idle(core) } {
                        self.conn = Conn::Open(link);
                        core.connected(true, recv);
                        return Poll::Ready(());
                    }
                    core.tell(&Event::Dialling);
                    self.conn = Conn::Dialing(self.runtime.dial());
                }
                Conn::Dialing(dialing) => match dialing.as_mut().poll(cx) {
                    Poll::Pending => return Poll::Pending,
                    Poll::Ready(Ok(link)) => {
                        self.runtime.pool(|pool| pool.count_dialled());
                        self.conn = Conn::Open(link);
                        let mut recv = RecvBuf::new();
                        recv.connection = core.observe_dial();
                        core.connected(false, recv);
                        return Poll::Ready(());
                    }
                    Poll::Ready(Err(e)) if e.busy => {
                        core.tell(&Event::Busy);
                        self.conn = Conn::Busy(self.runtime.now() + BUSY_PAUSE);
                    }
                    Poll::Ready(Err(e)) => {
                        self.conn = Conn::None;
                        core.connect_failed(e.source);
                        return Poll::Ready(());
                    }
                },
                Conn::Busy(at) if *at <= self.runtime.now() => self.conn = Conn::None,
                Conn::Busy(_) => return Poll::Pending,
                // Dropped above, and nothing in the loop opens one without returning.
                Conn::Open(_) => return Poll::Ready(()),
            }
        }
    }

    /// A kept connection that passed its test.
    fn idle(&self, core: &mut Core) -> Option<(R::Link, RecvBuf)> {
        let (key, now) = (self.runtime.key(), self.runtime.now());
        loop {
            // Dropped at the end of each round, outside the lock.
            let mut old = Vec::new();
            let (mut link, recv) = self.runtime.pool(|pool| pool.take(key, now, &mut old))?;
            // The test is a system call, so it is not made under the lock.
            let alive = link.is_alive();
            self.runtime.pool(|pool| if alive { pool.count_reused() } else { pool.count_discarded() });
            if alive {
                return Some((link, recv));
            }
            core.tell(&Event::Discarded { connection: recv.connection });
        }
    }

    /// The call has ended: keeps the connection if it is clean, gives the place to the next.
    pub fn finish(&mut self, core: &mut Core) {
        self.body = None;
        let fate = core.fate();
        core.observe_end(|| self.runtime.now(), true, matches!(fate, Fate::Reuse(_)));
        match fate {
            Fate::Close => self.close(),
            Fate::Reuse(recv) => {
                if let Conn::Open(link) = mem::replace(&mut self.conn, Conn::None) {
                    let (key, now) = (self.runtime.key(), self.runtime.now());
                    // Dropped outside the lock.
                    let mut old = Vec::new();
                    self.runtime.pool(|pool| pool.put(link, recv, key, now, &mut old));
                }
            }
        }
        self.release();
    }

    /// Closes the connection, if there is one.
    fn close(&mut self) {
        if let Conn::Open(link) = mem::replace(&mut self.conn, Conn::None) {
            // Closed before it is counted, so that the counters never tell of fewer than there are.
            drop(link);
            self.runtime.pool(|pool| pool.count_spent());
        }
    }

    fn release(&mut self) {
        match mem::replace(&mut self.place, Place::None) {
            Place::None => {}
            Place::Waiting(ticket) => self.runtime.pool(|pool| pool.leave(ticket)),
            Place::Taken => self.runtime.pool(|pool| pool.exit()),
        }
    }

    /// The open connection.
    pub fn link(&mut self) -> Option<&mut R::Link> {
        match &mut self.conn {
            Conn::Open(link) => Some(link),
            _ => None,
        }
    }

    /// The runtime.
    pub fn runtime(&self) -> &R {
        &self.runtime
    }
}

/// What was tried in one turn and came to something.
#[derive(Default)]
struct Tried {
    wrote: Option<Result<usize, crate::Source>>,
    flushed: Option<Result<(), crate::Source>>,
    read: Option<Result<usize, crate::Source>>,
    piece: Option<Result<crate::wire::BodyPiece, crate::Source>>,
}

impl Tried {
    fn all(
        cx: &mut Context<'_>,
        link: &mut impl Link,
        body: Option<&mut dyn BodySource>,
        wants: Wants<'_>,
        mut observed: Option<&mut Box<dyn Observing>>,
    ) -> Option<Self> {
        fn ready<T>(poll: Poll<T>) -> Option<T> {
            match poll {
                Poll::Ready(value) => Some(value),
                Poll::Pending => None,
            }
        }
        let mut tried = Self::default();
        // Flushed in the same turn: an answer that is complete a moment later then finds the request so as well.
        let mut flush = wants.flush;
        if let Some(parts) = wants.write {
            tried.wrote = ready(link.poll_write(cx, parts));
            match (&mut observed, &tried.wrote) {
                (Some(observed), Some(Ok(n))) => observed.wrote(parts, *n),
                (Some(observed), Some(Err(_))) => observed.broke(),
                _ => {}
            }
            let all: usize = parts.iter().map(|p| p.len()).sum();
            flush = matches!(tried.wrote, Some(Ok(n)) if n == all) || flush && tried.wrote.is_none();
        }
        if flush {
            tried.flushed = ready(link.poll_flush(cx));
        }
        if let Some(room) = wants.read {
            tried.read = ready(link.poll_read(cx, room));
            match (&mut observed, &tried.read) {
                (Some(observed), Some(Ok(n))) => observed.read(room.get(..*n).unwrap_or_default()),
                (Some(observed), Some(Err(_))) => observed.broke(),
                _ => {}
            }
        }
        if let Some(room) = wants.body {
            tried.piece = match body {
                Some(source) => ready(source.poll_piece(cx, room)),
                None => Some(Ok(crate::wire::BodyPiece::End)),
            };
        }
        let moved = tried.wrote.is_some() || tried.flushed.is_some() || tried.read.is_some() || tried.piece.is_some();
        moved.then_some(tried)
    }

    fn report(self, core: &mut Core) {
        match self.wrote {
            // A writer that takes nothing and says that it is ready would be asked for ever.
            Some(Ok(0)) => core.write_broke(alloc::sync::Arc::new(TookNothing)),
            Some(Ok(n)) => core.wrote(n),
            Some(Err(e)) => core.write_broke(e),
            None => {}
        }
        match self.flushed {
            Some(Ok(())) => core.flushed(),
            Some(Err(e)) => core.write_broke(e),
            None => {}
        }
        match self.read {
            Some(Ok(n)) => core.read(n),
            Some(Err(e)) => core.read_broke(e),
            None => {}
        }
        match self.piece {
            Some(Ok(piece)) => core.body(piece),
            Some(Err(e)) => core.body_broke(e),
            None => {}
        }
    }
}

#[derive(Debug)]
struct TookNothing;

impl fmt::Display for TookNothing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the transport took no bytes")
    }
}

impl core::error::Error for TookNothing {}

impl<R: Runtime> Drop for Driver<R> {
    fn drop(&mut self) {
        self.close();
        self.release();
    }
}

impl<R: Runtime> fmt::Debug for Driver<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Driver").finish_non_exhaustive()
    }
}
