//! Making connections: unix sockets, TCP, TLS over it, programs, or whatever the caller brings.

use crate::link::Transport;
use crate::secure::Way;
use docker_proto::drive::DialError;
use docker_proto::session::{Address, Endpoint};
use socket2::SockRef;
use std::future::Future;
use std::io::{self, ErrorKind, Read};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
#[cfg(unix)]
use tokio::net::UnixStream;

type Dialed = Pin<Box<dyn Future<Output = Result<Box<dyn Transport>, DialError>> + Send>>;

/// Something that can dial an engine.
pub(crate) trait Dial: Send + Sync {
    fn dial(&self) -> Dialed;
}

impl<F: Fn() -> Dialed + Send + Sync> Dial for F {
    fn dial(&self) -> Dialed {
        self()
    }
}

/// The dialer of an endpoint.
pub(crate) fn endpoint(endpoint: Endpoint) -> Box<dyn Dial> {
    let way = Arc::new(Way::of(endpoint));
    Box::new(move || -> Dialed {
        let way = way.clone();
        Box::pin(async move { connect(&way.dialled(), &way).await })
    })
}

async fn connect(address: &Address, way: &Way) -> Result<Box<dyn Transport>, DialError> {
    match address {
        #[cfg(unix)]
        Address::Unix(path) => Ok(Box::new(Socket(UnixStream::connect(path).await.map_err(classify)?))),
        Address::Tcp(host, port) => way.over(tcp(host, *port).await.map_err(failed)?).await.map_err(failed),
        #[cfg(unix)]
        Address::Command(command) => crate::child::connect(command).map_err(failed),
        other => Err(failed(io::Error::other(format!("{other:?} cannot be dialled on this system")))),
    }
}

async fn tcp(host: &str, port: u16) -> io::Result<Box<dyn Transport>> {
    let stream = TcpStream::connect((host, port)).await?;
    crate::tcp::prepare(&stream)?;
    Ok(Box::new(Socket(stream)))
}

/// A unix socket whose backlog is full says "would block" or, on some systems, "not connected".
fn classify(e: io::Error) -> DialError {
    match e.kind() {
        ErrorKind::WouldBlock | ErrorKind::NotConnected => DialError::busy(Arc::new(e)),
        _ => failed(e),
    }
}

fn failed(e: io::Error) -> DialError {
    DialError::new(Arc::new(e))
}

/// The caller's own dialer.
pub(crate) fn custom<F, D, T>(dial: F) -> Box<dyn Dial>
where
    F: Fn() -> D + Send + Sync + 'static,
    D: Future<Output = io::Result<T>> + Send + 'static,
    T: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    Box::new(move || -> Dialed {
        let dialing = dial();
        Box::pin(async move {
            let io = dialing.await.map_err(failed)?;
            Ok(Box::new(Custom(io)) as Box<dyn Transport>)
        })
    })
}

/// A socket of the system.
pub(crate) struct Socket<S>(pub(crate) S);

macro_rules! socket {
    ($($socket:ty),*) => {$(
        impl Transport for Socket<$socket> {
            fn try_read(&mut self, room: &mut [u8]) -> io::Result<usize> {
                // tokio answers reads from what it last heard of the socket; only a real one sees an end that came since.
                (&*SockRef::from(&self.0)).read(room)
            }
        }
    )*};
}
socket!(TcpStream);
#[cfg(unix)]
socket!(UnixStream);

/// A transport of the caller's.
struct Custom<S>(S);

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Transport for Custom<S> {
    fn try_read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        let (mut cx, mut room) = (Context::from_waker(Waker::noop()), ReadBuf::new(room));
        match Pin::new(&mut self.0).poll_read(&mut cx, &mut room) {
            Poll::Ready(read) => read.map(|()| room.filled().len()),
            Poll::Pending => Err(ErrorKind::WouldBlock.into()),
        }
    }
}

macro_rules! delegate {
    ($($outer:ident),*) => {$(
        impl<S: AsyncRead + Unpin> AsyncRead for $outer<S> {
            fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
                Pin::new(&mut self.0).poll_read(cx, buf)
            }
        }

        impl<S: AsyncWrite + Unpin> AsyncWrite for $outer<S> {
            fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
                Pin::new(&mut self.0).poll_write(cx, buf)
            }

            fn poll_write_vectored(
                mut self: Pin<&mut Self>,
                cx: &mut Context<'_>,
                bufs: &[io::IoSlice<'_>],
            ) -> Poll<io::Result<usize>> {
                Pin::new(&mut self.0).poll_write_vectored(cx, bufs)
            }

            fn is_write_vectored(&self) -> bool {
                self.0.is_write_vectored()
            }

            fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
                Pin::new(&mut self.0).poll_flush(cx)
            }

            fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
                Pin::new(&mut self.0).poll_shutdown(cx)
            }
        }
    )*};
}
delegate!(Socket, Custom);
