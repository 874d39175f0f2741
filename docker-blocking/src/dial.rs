//! Making connections: unix sockets, TCP, TLS over it, programs, or whatever the caller brings.

use crate::link::{Held, Link};
use crate::secure::Way;
use crate::tcp;
use crate::transport::Transport;
use docker_proto::drive::{DialError, Dialing};
use docker_proto::session::{Address, Endpoint};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::net::addr::SocketAddrArg;
use rustix::net::{self, AddressFamily, SocketAddrUnix, SocketType, sockopt};
use std::future::poll_fn;
use std::io;
use std::net::{TcpStream, ToSocketAddrs};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::sync::Arc;

/// Something that can dial an engine.
pub(crate) type Dial = Box<dyn Fn() -> Dialing<Link> + Send + Sync>;

/// The dialer of an endpoint.
pub(crate) fn endpoint(endpoint: Endpoint) -> Dial {
    let way = Arc::new(Way::of(endpoint));
    Box::new(move || {
        let way = way.clone();
        Box::pin(async move {
            match &way.dialled() {
                Address::Unix(path) => unix(path).await.map_err(classify),
                Address::Tcp(host, port) => way.over(tcp(host, *port).await.map_err(failed)?).await.map_err(failed),
                Address::Command(command) => {
                    crate::child::connect(command).map(|io| Link(Held::new(io))).map_err(failed)
                }
                other => Err(failed(io::Error::other(format!("{other:?} cannot be dialled on this system")))),
            }
        })
    })
}

/// A unix socket whose backlog is full says "would block" or, on some systems, "not connected".
fn classify(e: io::Error) -> DialError {
    match e.kind() {
        io::ErrorKind::WouldBlock | io::ErrorKind::NotConnected => DialError::busy(Arc::new(e)),
        _ => failed(e),
    }
}

fn failed(e: io::Error) -> DialError {
    DialError::new(Arc::new(e))
}

async fn unix(path: &str) -> io::Result<Link> {
    connect::<UnixStream>(socket(AddressFamily::UNIX)?, &SocketAddrUnix::new(path)?).await
}

async fn tcp(host: &str, port: u16) -> io::Result<Link> {
    let mut last = io::Error::new(io::ErrorKind::NotFound, "the name has no address");
    for address in (host, port).to_socket_addrs()? {
        let fd = socket(if address.is_ipv4() { AddressFamily::INET } else { AddressFamily::INET6 })?;
        tcp::prepare(&fd)?;
        match connect::<TcpStream>(fd, &address).await {
            Ok(link) => return Ok(link),
            Err(e) => last = e,
        }
    }
    Err(last)
}

#[cfg(any(target_os = "linux", target_os = "android"))]
fn socket(family: AddressFamily) -> io::Result<OwnedFd> {
    let flags = net::SocketFlags::CLOEXEC | net::SocketFlags::NONBLOCK;
    Ok(net::socket_with(family, SocketType::STREAM, flags, None)?)
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
fn socket(family: AddressFamily) -> io::Result<OwnedFd> {
    let fd = net::socket(family, SocketType::STREAM, None)?;
    rustix::io::fcntl_setfd(&fd, rustix::io::FdFlags::CLOEXEC)?;
    rustix::io::ioctl_fionbio(&fd, true)?;
    Ok(fd)
}

async fn connect<S: Transport + From<OwnedFd>>(fd: OwnedFd, address: &(impl SocketAddrArg + Sync)) -> io::Result<Link> {
    let begun = net::connect(&fd, address);
    let held = Held::new(S::from(fd));
    match begun {
        Ok(()) => {}
        Err(Errno::INPROGRESS | Errno::INTR) => poll_fn(|cx| held.attempt(cx, PollFlags::OUT, connected)).await?,
        Err(e) => return Err(e.into()),
    }
    Ok(Link(held))
}

/// Whether a connect has come to its end. The socket's error alone does not tell: there is none before.
fn connected(io: &dyn Transport) -> io::Result<()> {
    let Some(fd) = io.fd() else { return Ok(()) };
    match poll(&mut [PollFd::from_borrowed_fd(fd, PollFlags::OUT)], Some(&Timespec::default()))? {
        0 => Err(io::ErrorKind::WouldBlock.into()),
        _ => Ok(sockopt::socket_error(fd)??),
    }
}

/// The caller's own dialer.
pub(crate) fn custom<T: Transport>(dial: impl Fn() -> io::Result<T> + Send + Sync + 'static) -> Dial {
    let connect = move || {
        let io = dial()?;
        if let Some(fd) = io.fd() {
            rustix::io::ioctl_fionbio(fd, true)?;
        }
        Ok(Link(Held::new(io)))
    };
    Box::new(move || {
        let dialled = connect().map_err(failed);
        Box::pin(async { dialled })
    })
}
