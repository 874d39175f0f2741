//! Sockets and whatever else carries bytes, all as one [`Transport`].

use crate::link::Transport;
use async_io::Async;
use futures_io::{AsyncRead, AsyncWrite};
use std::any::Any;
use std::io::{self, ErrorKind, IoSlice, Read};
use std::net::{Shutdown, TcpStream};
#[cfg(unix)]
use std::os::unix::net::UnixStream;
use std::pin::Pin;
use std::task::{Context, Poll, Waker, ready};

/// A unix socket.
#[cfg(unix)]
pub(crate) fn unix(io: Async<UnixStream>) -> Box<dyn Transport> {
    Box::new(Io { io, try_read: |io, room| io.get_ref().read(room) })
}

/// A TCP connection.
pub(crate) fn tcp(io: Async<TcpStream>) -> io::Result<Box<dyn Transport>> {
    crate::tcp::prepare(io.get_ref())?;
    Ok(Box::new(Io { io, try_read: |io, room| io.get_ref().read(room) }))
}

/// A transport of the caller's.
pub(crate) fn custom<T: AsyncRead + AsyncWrite + Send + Unpin + 'static>(io: T) -> Box<dyn Transport> {
    let try_read =
        |io: &mut T, room: &mut [u8]| match Pin::new(io).poll_read(&mut Context::from_waker(Waker::noop()), room) {
            Poll::Ready(read) => read,
            Poll::Pending => Err(ErrorKind::WouldBlock.into()),
        };
    Box::new(Io { io, try_read })
}

/// A transport, and how to read what the system has now. Sockets here never wait.
struct Io<S> {
    io: S,
    try_read: fn(&mut S, &mut [u8]) -> io::Result<usize>,
}

impl<S: AsyncRead + AsyncWrite + Send + Unpin + 'static> Transport for Io<S> {
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
        let closed = match shutdown(&self.io) {
            Some(result) => result,
            None => ready!(Pin::new(&mut self.io).poll_close(cx)),
        };
        // The peer may have been first.
        Poll::Ready(closed.or_else(|e| if e.kind() == ErrorKind::NotConnected { Ok(()) } else { Err(e) }))
    }

    fn try_read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        (self.try_read)(&mut self.io, room)
    }
}

/// Shuts the writing side down, if it is a socket whose own close would only flush.
fn shutdown(io: &dyn Any) -> Option<io::Result<()>> {
    #[cfg(feature = "async-std")]
    use ::async_std::{net, os};
    let how = Shutdown::Write;
    let done = io.downcast_ref().map(|s: &Async<TcpStream>| s.get_ref().shutdown(how));
    #[cfg(unix)]
    let done = done.or_else(|| Some(io.downcast_ref::<Async<UnixStream>>()?.get_ref().shutdown(how)));
    #[cfg(feature = "async-std")]
    let done = done.or_else(|| Some(io.downcast_ref::<net::TcpStream>()?.shutdown(how)));
    #[cfg(all(unix, feature = "async-std"))]
    let done = done.or_else(|| Some(io.downcast_ref::<os::unix::net::UnixStream>()?.shutdown(how)));
    done
}
