//! What smol supplies to the driver: connections, timers, the pool's lock.

use crate::dial::Dial;
use docker_proto::Source;
use docker_proto::drive::{Dialing, Link as ProtoLink, Runtime, Timer as ProtoTimer};
use docker_proto::session::{Client, Pool};
use std::fmt;
use std::future::Future;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::task::{Context, Poll, Waker, ready};
use std::time::{Duration, Instant};

/// A connected transport: anything that reads and writes, and can be tested while idle.
pub(crate) trait Transport: Send {
    fn poll_read(&mut self, cx: &mut Context<'_>, room: &mut [u8]) -> Poll<io::Result<usize>>;
    fn poll_write(&mut self, cx: &mut Context<'_>, parts: &[IoSlice<'_>]) -> Poll<io::Result<usize>>;
    fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>>;

    /// Ends the writing side; reading goes on.
    fn poll_close(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>>;

    /// Reads what the system has now; `WouldBlock` if that is nothing.
    fn try_read(&mut self, room: &mut [u8]) -> io::Result<usize>;
}

/// What all calls of one client share.
pub(crate) struct Shared {
    pub(crate) client: Arc<Client>,
    pub(crate) pool: Mutex<Pool<Link>>,
    pub(crate) dial: Dial,
    pub(crate) start: Instant,
}

/// A handle for each call.
#[derive(Clone)]
pub(crate) struct Smol(pub(crate) Arc<Shared>);

impl Runtime for Smol {
    type Link = Link;
    type Timer = Timer;

    fn dial(&self) -> Dialing<Link> {
        (self.0.dial)()
    }

    fn timer(&self) -> Timer {
        Timer { start: self.0.start, at: None, timer: async_io::Timer::never() }
    }

    fn now(&self) -> Duration {
        self.0.start.elapsed()
    }

    fn key(&self) -> u64 {
        // One reactor serves the whole process, and async-std's executor as well as smol's.
        0
    }

    fn pool<T>(&self, work: impl FnOnce(&mut Pool<Link>) -> T) -> T {
        work(&mut lock(&self.0.pool))
    }
}

/// The pool and the transports stay sound whatever panicked while they were locked.
fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A connection. A two-way session has a second, weak hand on it: when the reader is done, so is the connection.
pub(crate) struct Link(Arc<Held>);

pub(crate) struct Held {
    io: Mutex<Box<dyn Transport>>,
    writer: Mutex<Writer>,
}

/// Who is to be told that the connection goes away.
enum Writer {
    Idle,
    Waiting(Waker),
    /// It went. Nobody may begin to wait: a socket that is dropped wakes no one.
    Gone,
}

impl Drop for Link {
    fn drop(&mut self) {
        let writer = std::mem::replace(&mut *lock(&self.0.writer), Writer::Gone);
        if let Writer::Waiting(waker) = writer {
            waker.wake();
        }
    }
}

fn source(e: io::Error) -> Source {
    Arc::new(e)
}

impl Link {
    pub(crate) fn new(io: Box<dyn Transport>) -> Self {
        Self(Arc::new(Held { io: Mutex::new(io), writer: Mutex::new(Writer::Idle) }))
    }

    pub(crate) fn writer(&self) -> WriteHalf {
        WriteHalf(Arc::downgrade(&self.0))
    }
}

impl ProtoLink for Link {
    fn poll_read(&mut self, cx: &mut Context<'_>, room: &mut [u8]) -> Poll<Result<usize, Source>> {
        lock(&self.0.io).poll_read(cx, room).map_err(source)
    }

    fn poll_write(&mut self, cx: &mut Context<'_>, parts: [&[u8]; 3]) -> Poll<Result<usize, Source>> {
        lock(&self.0.io).poll_write(cx, &parts.map(IoSlice::new)).map_err(source)
    }

    fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Source>> {
        lock(&self.0.io).poll_flush(cx).map_err(source)
    }

    fn is_alive(&mut self) -> bool {
        matches!(lock(&self.0.io).try_read(&mut [0]), Err(e) if e.kind() == io::ErrorKind::WouldBlock)
    }
}

/// The writing side of a two-way session.
pub(crate) struct WriteHalf(Weak<Held>);

impl WriteHalf {
    /// Writes the beginning of `part`; a transport that takes nothing of something is broken.
    pub(crate) fn write(&self, cx: &mut Context<'_>, part: &[u8]) -> Poll<io::Result<usize>> {
        match ready!(self.poll(cx, |io, cx| io.poll_write(cx, &[IoSlice::new(part)])))? {
            0 if !part.is_empty() => Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
            n => Poll::Ready(Ok(n)),
        }
    }

    pub(crate) fn poll<T>(
        &self,
        cx: &mut Context<'_>,
        work: impl FnOnce(&mut dyn Transport, &mut Context<'_>) -> Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        let ended = || Poll::Ready(Err(io::Error::new(io::ErrorKind::BrokenPipe, "the session has ended")));
        let Some(held) = self.0.upgrade() else { return ended() };
        let result = work(&mut **lock(&held.io), cx);
        let mut writer = lock(&held.writer);
        if result.is_pending() {
            if matches!(*writer, Writer::Gone) {
                return ended();
            }
            *writer = Writer::Waiting(cx.waker().clone());
        } else if matches!(*writer, Writer::Waiting(_)) {
            *writer = Writer::Idle;
        }
        result
    }
}

/// A timer that registers with the reactor only once something waits for it.
pub(crate) struct Timer {
    start: Instant,
    /// What `timer` is set to.
    at: Option<Duration>,
    timer: async_io::Timer,
}

impl ProtoTimer for Timer {
    fn poll_at(&mut self, cx: &mut Context<'_>, at: Duration) -> Poll<()> {
        if self.at != Some(at) {
            self.at = Some(at);
            match self.start.checked_add(at) {
                Some(moment) => self.timer.set_at(moment),
                None => self.timer = async_io::Timer::never(),
            }
        }
        ready!(Pin::new(&mut self.timer).poll(cx));
        // One that has fired is spent.
        self.at = None;
        Poll::Ready(())
    }
}

impl fmt::Debug for Smol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Smol").field("client", &self.0.client).finish_non_exhaustive()
    }
}
