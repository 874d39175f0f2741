//! What tokio supplies to the driver: connections, timers, the pool's lock.

use crate::dial::Dial;
use docker_proto::Source;
use docker_proto::drive::{Dialing, Link as ProtoLink, Runtime, Timer as ProtoTimer};
use docker_proto::session::{Client, Pool};
use std::collections::hash_map::DefaultHasher;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::task::{Context, Poll, Waker, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep};

/// A connected transport: anything that reads and writes, and can be tested while idle.
pub(crate) trait Transport: AsyncRead + AsyncWrite + Send + Unpin {
    /// Reads what the system has now, whatever tokio last heard of it; `WouldBlock` if that is nothing.
    fn try_read(&mut self, room: &mut [u8]) -> io::Result<usize>;
}

/// What all calls of one client share.
pub(crate) struct Shared {
    pub(crate) client: Arc<Client>,
    pub(crate) pool: Mutex<Pool<Link>>,
    pub(crate) dial: Box<dyn Dial>,
    pub(crate) start: Instant,
}

/// A handle for each call.
#[derive(Clone)]
pub(crate) struct Tokio(pub(crate) Arc<Shared>);

impl Runtime for Tokio {
    type Link = Link;
    type Timer = Timer;

    fn dial(&self) -> Dialing<Link> {
        let dialing = self.0.dial.dial();
        Box::pin(async move { dialing.await.map(|io| Link(Arc::new(Held::new(io)))) })
    }

    fn timer(&self) -> Timer {
        Timer { start: self.0.start, sleep: None }
    }

    fn now(&self) -> Duration {
        self.0.start.elapsed()
    }

    fn key(&self) -> u64 {
        // A socket works only while the runtime that it is registered with lives.
        let mut hasher = DefaultHasher::new();
        if let Ok(handle) = tokio::runtime::Handle::try_current() {
            handle.id().hash(&mut hasher);
        }
        hasher.finish()
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

/// What the reading side leaves for the writing side.
#[derive(Default)]
struct Writer {
    /// The reader is gone, and the connection is about to be.
    ended: bool,
    /// A writer that waits; woken when the connection goes away under it.
    waker: Option<Waker>,
}

impl Held {
    fn new(io: Box<dyn Transport>) -> Self {
        Self { io: Mutex::new(io), writer: Mutex::default() }
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        let mut writer = lock(&self.0.writer);
        writer.ended = true;
        let waker = writer.waker.take();
        // A waker may run anything, so not under the lock.
        drop(writer);
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

fn source(e: io::Error) -> Source {
    Arc::new(e)
}

impl Link {
    pub(crate) fn writer(&self) -> WriteHalf {
        WriteHalf(Arc::downgrade(&self.0))
    }
}

impl ProtoLink for Link {
    fn poll_read(&mut self, cx: &mut Context<'_>, room: &mut [u8]) -> Poll<Result<usize, Source>> {
        let mut buf = ReadBuf::new(room);
        ready!(Pin::new(&mut **lock(&self.0.io)).poll_read(cx, &mut buf)).map_err(source)?;
        Poll::Ready(Ok(buf.filled().len()))
    }

    fn poll_write(&mut self, cx: &mut Context<'_>, parts: [&[u8]; 3]) -> Poll<Result<usize, Source>> {
        let slices = parts.map(IoSlice::new);
        Pin::new(&mut **lock(&self.0.io)).poll_write_vectored(cx, &slices).map_err(source)
    }

    fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Source>> {
        Pin::new(&mut **lock(&self.0.io)).poll_flush(cx).map_err(source)
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
        match ready!(self.poll(cx, |io, cx| io.poll_write(cx, part)))? {
            0 if !part.is_empty() => Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
            n => Poll::Ready(Ok(n)),
        }
    }

    pub(crate) fn poll<T>(
        &self,
        cx: &mut Context<'_>,
        work: impl FnOnce(Pin<&mut dyn Transport>, &mut Context<'_>) -> Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        let ended = || Poll::Ready(Err(io::Error::new(io::ErrorKind::BrokenPipe, "the session has ended")));
        let Some(held) = self.0.upgrade() else { return ended() };
        let mut writer = lock(&held.writer);
        if writer.ended {
            return ended();
        }
        // Before the attempt: from here on the end of the reader is not missed.
        writer.waker = Some(cx.waker().clone());
        drop(writer);
        work(Pin::new(&mut **lock(&held.io)), cx)
    }
}

/// A timer that registers with the runtime only once something waits for it.
pub(crate) struct Timer {
    start: Instant,
    sleep: Option<Pin<Box<Sleep>>>,
}

impl ProtoTimer for Timer {
    fn poll_at(&mut self, cx: &mut Context<'_>, at: Duration) -> Poll<()> {
        // A moment that the clock cannot express does not come.
        let Some(deadline) = self.start.checked_add(at) else { return Poll::Pending };
        let sleep = self.sleep.get_or_insert_with(|| Box::pin(tokio::time::sleep_until(deadline)));
        if sleep.deadline() != deadline {
            sleep.as_mut().reset(deadline);
        }
        Future::poll(sleep.as_mut(), cx)
    }
}

impl fmt::Debug for Tokio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tokio").field("client", &self.0.client).finish_non_exhaustive()
    }
}
