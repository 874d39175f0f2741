//! Making connections: unix sockets, TCP, TLS over it, programs, or whatever the caller brings.

use crate::link::{Link, Transport};
use crate::secure::Way;
use crate::transport;
use async_io::Async;
use docker_proto::drive::{DialError, Dialing};
use docker_proto::session::{Address, Endpoint};
use futures_io::{AsyncRead, AsyncWrite};
use std::future::Future;
use std::io::{self, ErrorKind};
#[cfg(feature = "smol")]
use std::net::TcpStream;
#[cfg(all(unix, feature = "smol"))]
use std::os::unix::net::UnixStream;
use std::sync::Arc;

/// Something that can dial an engine.
pub(crate) type Dial = Box<dyn Fn() -> Dialing<Link> + Send + Sync>;

/// The dialer of an endpoint, through one of the runtimes below.
pub(crate) fn endpoint<D>(endpoint: Endpoint, connect: fn(Address) -> D) -> Dial
where
    D: Future<Output = io::Result<Box<dyn Transport>>> + Send + 'static,
{
    let way = Arc::new(Way::of(endpoint));
    Box::new(move || {
        let (connecting, way) = (connect(way.dialled()), way.clone());
        Box::pin(async move {
            let io = connecting.await.map_err(|e| match e.kind() {
                // So says a unix socket whose backlog is full; the second, once it is asked for its peer.
                ErrorKind::WouldBlock | ErrorKind::NotConnected => DialError::busy(Arc::new(e)),
                _ => failed(e),
            })?;
            Ok(Link::new(way.over(io).await.map_err(failed)?))
        })
    })
}

fn failed(e: io::Error) -> DialError {
    DialError::new(Arc::new(e))
}

/// Connects a socket of smol's.
#[cfg(feature = "smol")]
pub(crate) async fn smol(address: Address) -> io::Result<Box<dyn Transport>> {
    match address {
        #[cfg(unix)]
        Address::Unix(path) => Ok(transport::unix(Async::<UnixStream>::connect(path).await?)),
        Address::Tcp(host, port) => {
            let mut error = io::Error::new(ErrorKind::NotFound, "the host has no address");
            for address in async_net::resolve((&*host, port)).await? {
                match Async::<TcpStream>::connect(address).await {
                    Ok(socket) => return transport::tcp(socket),
                    Err(e) => error = e,
                }
            }
            Err(error)
        }
        other => elsewhere(other),
    }
}

/// Connects a socket of async-std's. It is one of async-io's in a wrapper that hides the system's own and writes no two
/// slices at once; so it is taken out.
#[cfg(feature = "async-std")]
pub(crate) async fn async_std(address: Address) -> io::Result<Box<dyn Transport>> {
    use ::async_std::{net, os};
    match address {
        #[cfg(unix)]
        Address::Unix(path) => {
            Ok(transport::unix(Async::new(os::unix::net::UnixStream::connect(path).await?.try_into()?)?))
        }
        Address::Tcp(host, port) => {
            transport::tcp(Async::new(net::TcpStream::connect((&*host, port)).await?.try_into()?)?)
        }
        other => elsewhere(other),
    }
}

/// What is no socket to be connected.
fn elsewhere(address: Address) -> io::Result<Box<dyn Transport>> {
    match address {
        #[cfg(unix)]
        Address::Command(command) => crate::child::connect(&command),
        other => Err(io::Error::new(ErrorKind::Unsupported, format!("{other:?} cannot be dialled on this system"))),
    }
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
        Box::pin(async move { Ok(Link::new(transport::custom(dialing.await.map_err(failed)?))) })
    })
}
