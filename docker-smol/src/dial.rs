//! Making connections: unix sockets, TCP, or whatever the caller brings.

use crate::link::{Link, Transport};
use async_io::Async;
use docker_proto::drive::{DialError, Dialing};
use docker_proto::session::{Address, Endpoint};
use futures_io::{AsyncRead, AsyncWrite};
use std::any::Any;
use std::future::Future;
use std::io::{self, ErrorKind, IoSlice, Read};
use std::net::{Shutdown, TcpStream};
#[cfg(unix)]
use std::os::unix::net::UnixStream;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker, ready};

/// Something that can dial an engine.
pub(crate) type Dial = Box<dyn Fn() -> Dialing<Link> + Send + Sync>;

/// The dialer of an endpoint, through one of the runtimes below.
pub(crate) fn endpoint<D>(endpoint: Endpoint, connect: fn(Address) -> D) -> Dial
where
    D: Future<Output = io::Result<Link>> + Send + 'static,
{
    Box::new(move || {
        let connecting = connect(endpoint.address.clone());
        Box::pin(async move {
            connecting.await.map_err(|e| match e.kind() {
                // So says a unix socket whose backlog is full; the second, once it is asked for its peer.
                ErrorKind::WouldBlock | ErrorKind::NotConnected => DialError::busy(Arc::new(e)),
                _ => DialError::new(Arc::new(e)),
            })
        })
    })
}

/// Connects a socket of smol's.
#[cfg(feature = "smol")]
pub(crate) async fn smol(address: Address) -> io::Result<Link> {
    match address {
        #[cfg(unix)]
        Address::Unix(path) => Ok(unix(Async::<UnixStream>::connect(path).await?)),
        Address::Tcp(host, port) => {
            let mut error = io::Error::new(ErrorKind::NotFound, "the host has no address");
            for address in async_net::resolve((&*host, port)).await? {
                match Async::<TcpStream>::connect(address).await {
                    Ok(socket) => return tcp(socket),
                    Err(e) => error = e,
                }
            }
            Err(error)
        }
        _ => Err(ErrorKind::Unsupported.into()),
    }
}

/// Connects a socket of async-std's. It is one of async-io's in a wrapper that hides the system's own and writes no two
/// slices at once; so it is taken out.
#[cfg(feature = "async-std")]
pub(crate) async fn async_std(address: Address) -> io::Result<Link> {
    use ::async_std::{net, os};
    match address {
        #[cfg(unix)]
        Address::Unix(path) => Ok(unix(Async::new(os::unix::net::UnixStream::connect(path).await?.try_into()?)?)),
        Address::Tcp(host, port) => tcp(Async::new(net::TcpStream::connect((&*host, port)).await?.try_into()?)?),
        _ => Err(ErrorKind::Unsupported.into()),
    }
}

/// The caller's own dialer.
pub(crate) fn custom<F, D, T>(dial: F) -> Dial
where
    F: Fn() -> D + Send + Sync + 'static,
    D: Future<Output = io::Result<T>> + Send + 'static,
    T: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let is_alive = |io: &mut T| Pin::new(io).poll_read(&mut Context::from_waker(Waker::noop()), &mut [0]).is_pending();
    Box::new(move || {
        let dialing = dial();
        Box::pin(async move {
            let io = dialing.await.map_err(|e| DialError::new(Arc::new(e)))?;
            Ok(Link::new(Io { io, is_alive }))
        })
    })
}

#[cfg(unix)]
fn unix(io: Async<UnixStream>) -> Link {
    Link::new(Io { io, is_alive: |io| is_quiet(io.get_ref()) })
}

fn tcp(io: Async<TcpStream>) -> io::Result<Link> {
    crate::tcp::prepare(io.get_ref())?;
    Ok(Link::new(Io { io, is_alive: |io| is_quiet(io.get_ref()) }))
}

/// One read by the system, which never waits on these sockets.
fn is_quiet(mut socket: impl Read) -> bool {
    matches!(socket.read(&mut [0]), Err(e) if e.kind() == ErrorKind::WouldBlock)
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

/// A transport, and how to test it while idle.
struct Io<S> {
    io: S,
    is_alive: fn(&mut S) -> bool,
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

    fn is_alive(&mut self) -> bool {
        (self.is_alive)(&mut self.io)
    }
}
