//! Making connections: unix sockets, TCP, or whatever the caller brings.

#[cfg(feature = "async-std")]
pub mod async_std;
#[cfg(feature = "smol")]
pub(crate) mod smol;

use crate::link::Transport;
use async_io::Async;
use docker_proto::drive::DialError;
use futures_io::{AsyncRead, AsyncWrite};
use std::any::Any;
use std::future::Future;
use std::io::{self, IoSlice, Read};
use std::net::{Shutdown, TcpStream};
#[cfg(unix)]
use std::os::unix::net::UnixStream;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

pub(crate) type Dialed = Pin<Box<dyn Future<Output = Result<Box<dyn Transport>, DialError>> + Send>>;

/// Something that can dial an engine.
pub(crate) type Dial = Box<dyn Fn() -> Dialed + Send + Sync>;

/// The dialer of an endpoint, by one of the runtimes.
#[cfg(any(feature = "smol", feature = "async-std"))]
pub(crate) fn endpoint<D>(
    endpoint: docker_proto::session::Endpoint,
    connect: fn(docker_proto::session::Address) -> D,
) -> Dial
where
    D: Future<Output = io::Result<Box<dyn Transport>>> + Send + 'static,
{
    Box::new(move || {
        let connecting = connect(endpoint.address.clone());
        Box::pin(async move { connecting.await.map_err(classify) })
    })
}

/// A unix socket whose backlog is full says "would block" or, once asked for its peer, "not connected".
#[cfg(any(feature = "smol", feature = "async-std"))]
fn classify(e: io::Error) -> DialError {
    match e.kind() {
        io::ErrorKind::WouldBlock | io::ErrorKind::NotConnected => DialError::busy(Arc::new(e)),
        _ => DialError::new(Arc::new(e)),
    }
}

#[cfg(any(feature = "smol", feature = "async-std"))]
fn unsupported(address: &docker_proto::session::Address) -> io::Error {
    io::Error::new(io::ErrorKind::Unsupported, format!("{address:?} cannot be dialled on this platform"))
}

/// The caller's own dialer.
pub(crate) fn custom<F, D, T>(dial: F) -> Dial
where
    F: Fn() -> D + Send + Sync + 'static,
    D: Future<Output = io::Result<T>> + Send + 'static,
    T: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    Box::new(move || {
        let dialing = dial();
        Box::pin(async move {
            let io = dialing.await.map_err(|e| DialError::new(Arc::new(e)))?;
            Ok(Box::new(Io { io, is_alive: is_pending, close }) as Box<dyn Transport>)
        })
    })
}

#[cfg(all(unix, any(feature = "smol", feature = "async-std")))]
fn unix(io: Async<UnixStream>) -> Box<dyn Transport> {
    Box::new(Io { io, is_alive: |io| is_quiet(io.get_ref()), close })
}

#[cfg(any(feature = "smol", feature = "async-std"))]
fn tcp(io: Async<TcpStream>) -> io::Result<Box<dyn Transport>> {
    io.get_ref().set_nodelay(true)?;
    Ok(Box::new(Io { io, is_alive: |io| is_quiet(io.get_ref()), close }))
}

/// A transport, and how to test it while idle and to close its writing side.
struct Io<S> {
    io: S,
    is_alive: fn(&mut S) -> bool,
    close: fn(&mut S, &mut Context<'_>) -> Poll<io::Result<()>>,
}

/// One read of the system's, without waiting.
fn is_quiet(mut socket: impl Read) -> bool {
    matches!(socket.read(&mut [0]), Err(e) if e.kind() == io::ErrorKind::WouldBlock)
}

/// The same for what can only be polled.
fn is_pending<S: AsyncRead + Unpin>(io: &mut S) -> bool {
    Pin::new(io).poll_read(&mut Context::from_waker(Waker::noop()), &mut [0]).is_pending()
}

/// Closing a socket of async-io or async-std only flushes it: these are really shut down.
fn close<S: AsyncWrite + Unpin + 'static>(io: &mut S, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
    match shutdown(io) {
        // The peer was first.
        Some(Err(e)) if e.kind() == io::ErrorKind::NotConnected => Poll::Ready(Ok(())),
        Some(result) => Poll::Ready(result),
        None => Pin::new(io).poll_close(cx),
    }
}

fn shutdown(io: &dyn Any) -> Option<io::Result<()>> {
    #[cfg(unix)]
    if let Some(socket) = io.downcast_ref::<Async<UnixStream>>() {
        return Some(socket.get_ref().shutdown(Shutdown::Write));
    }
    #[cfg(feature = "async-std")]
    if let Some(result) = async_std::shutdown(io) {
        return Some(result);
    }
    Some(io.downcast_ref::<Async<TcpStream>>()?.get_ref().shutdown(Shutdown::Write))
}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Transport for Io<S> {
    fn poll_read(&mut self, cx: &mut Context<'_>, room: &mut [u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.io).poll_read(cx, room)
    }

    fn poll_write(&mut self, cx: &mut Context<'_>, parts: &[IoSlice<'_>]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.io).poll_write_vectored(cx, parts)
    }

    fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(cx)
    }

    fn poll_close(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        (self.close)(&mut self.io, cx)
    }

    fn is_alive(&mut self) -> bool {
        (self.is_alive)(&mut self.io)
    }
}
