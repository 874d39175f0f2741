//! What plain threads supply to the driver: connections, timers, the pool's lock.

use crate::dial::Dial;
use crate::transport::Transport;
use crate::wait::{note, note_deadline};
use docker_proto::Source;
use docker_proto::drive::{Dialing, Link as ProtoLink, Runtime, Timer as ProtoTimer};
use docker_proto::session::{Client, Pool};
use rustix::event::PollFlags;
use std::fmt;
use std::io::{self, ErrorKind, IoSlice};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

/// What all calls of one client share.
pub(crate) struct Shared {
    pub(crate) client: Arc<Client>,
    pub(crate) pool: Mutex<Pool<Link>>,
    pub(crate) dial: Dial,
    pub(crate) start: Instant,
}

/// A handle for each call.
#[derive(Clone)]
pub(crate) struct Blocking(pub(crate) Arc<Shared>);

impl Runtime for Blocking {
    type Link = Link;
    type Timer = Timer;

    fn dial(&self) -> Dialing<Link> {
        (self.0.dial)()
    }

    fn timer(&self) -> Timer {
        Timer(self.0.start)
    }

    fn now(&self) -> Duration {
        self.0.start.elapsed()
    }

    fn key(&self) -> u64 {
        // A socket works in any thread.
        0
    }

    fn pool<T>(&self, work: impl FnOnce(&mut Pool<Link>) -> T) -> T {
        work(&mut lock(&self.0.pool))
    }
}

/// What is locked here stays sound whatever panicked meanwhile.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A connection. A two-way session has a second, weak hand on it: when the reader is done, so is the connection.
pub(crate) struct Link(pub(crate) Arc<Held>);

pub(crate) struct Held {
    io: Box<dyn Transport>,
    writer: Mutex<Writer>,
}

#[derive(Default)]
struct Writer {
    /// A writer that may be waiting.
    waker: Option<Waker>,
    /// The reader has gone.
    ended: bool,
}

impl Held {
    pub(crate) fn new(io: impl Transport) -> Arc<Self> {
        Arc::new(Self { io: Box::new(io), writer: Mutex::default() })
    }

    pub(crate) fn io(&self) -> &dyn Transport {
        &*self.io
    }

    /// Tries once; what would block is noted.
    pub(crate) fn attempt<T>(
        self: &Arc<Self>,
        cx: &Context<'_>,
        events: PollFlags,
        mut work: impl FnMut(&dyn Transport) -> io::Result<T>,
    ) -> Poll<io::Result<T>> {
        loop {
            match work(self.io()) {
                Err(e) if e.kind() == ErrorKind::WouldBlock => {
                    match self.io.fd() {
                        Some(_) => note(self.clone(), events),
                        None => self.io.wake_when_ready(cx.waker()),
                    }
                    return Poll::Pending;
                }
                Err(e) if e.kind() == ErrorKind::Interrupted => {}
                result => return Poll::Ready(result),
            }
        }
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        let mut writer = lock(&self.0.writer);
        writer.ended = true;
        writer.waker.take().into_iter().for_each(Waker::wake);
    }
}

impl ProtoLink for Link {
    fn poll_read(&mut self, cx: &mut Context<'_>, room: &mut [u8]) -> Poll<Result<usize, Source>> {
        self.0.attempt(cx, PollFlags::IN, |io| io.read(room)).map_err(|e| Arc::new(e) as Source)
    }

    fn poll_write(&mut self, cx: &mut Context<'_>, parts: [&[u8]; 3]) -> Poll<Result<usize, Source>> {
        let slices = parts.map(IoSlice::new);
        self.0.attempt(cx, PollFlags::OUT, |io| io.write_vectored(&slices)).map_err(|e| Arc::new(e) as Source)
    }

    fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Source>> {
        self.0.attempt(cx, PollFlags::OUT, |io| io.flush()).map_err(|e| Arc::new(e) as Source)
    }

    fn is_alive(&mut self) -> bool {
        matches!(self.0.io.read(&mut [0]), Err(e) if e.kind() == ErrorKind::WouldBlock)
    }
}

/// The writing side of a two-way session.
pub(crate) struct WriteHalf(Weak<Held>);

impl WriteHalf {
    pub(crate) fn new(link: &Link) -> Self {
        Self(Arc::downgrade(&link.0))
    }

    /// The connection, as long as its reader is there.
    pub(crate) fn held(&self) -> io::Result<Arc<Held>> {
        self.0.upgrade().ok_or_else(ended)
    }

    pub(crate) fn poll<T>(
        &self,
        cx: &Context<'_>,
        work: impl FnMut(&dyn Transport) -> io::Result<T>,
    ) -> Poll<io::Result<T>> {
        let held = self.held()?;
        let mut writer = lock(&held.writer);
        if writer.ended {
            return Poll::Ready(Err(ended()));
        }
        // Before the attempt: from here on the end of the reader is not missed.
        if !writer.waker.as_ref().is_some_and(|w| w.will_wake(cx.waker())) {
            writer.waker = Some(cx.waker().clone());
        }
        drop(writer);
        held.attempt(cx, PollFlags::OUT, work)
    }
}

fn ended() -> io::Error {
    io::Error::new(ErrorKind::BrokenPipe, "the session has ended")
}

/// A timer: the client's starting point.
pub(crate) struct Timer(Instant);

impl ProtoTimer for Timer {
    fn poll_at(&mut self, _: &mut Context<'_>, at: Duration) -> Poll<()> {
        if self.0.elapsed() >= at {
            return Poll::Ready(());
        }
        // A time beyond what the clock can express does not come.
        if let Some(at) = self.0.checked_add(at) {
            note_deadline(at);
        }
        Poll::Pending
    }
}

impl fmt::Debug for Blocking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Blocking").field("client", &self.0.client).finish_non_exhaustive()
    }
}
