//! The way through a proxy and TLS, over TCP: what it takes to let docker-proto's machine run on plain threads.

use crate::link::{Held, Link};
#[cfg(feature = "tls")]
use docker_proto::Result;
use docker_proto::drive::{Carrier, poll_tunnel};
use docker_proto::session::{Address, Endpoint};
use rustix::event::PollFlags;
use std::future::poll_fn;
use std::io::{self, ErrorKind, IoSlice};
use std::sync::Arc;
use std::task::{Context, Poll};

/// What comes between a connection and the first request.
pub(crate) struct Way {
    endpoint: Endpoint,
    tls: Tls,
}

impl Way {
    pub(crate) fn of(endpoint: Endpoint) -> Self {
        Self { tls: Tls::of(&endpoint), endpoint }
    }

    /// What is to be dialled.
    pub(crate) fn dialled(&self) -> Address {
        self.endpoint.dialled()
    }

    /// Through the proxy, and with TLS, as the endpoint wants it.
    pub(crate) async fn over(&self, io: Link) -> io::Result<Link> {
        if let Some(mut tunnel) = self.endpoint.tunnel()? {
            let mut raw = Raw(io.0.clone());
            poll_fn(|cx| {
                let done = poll_tunnel(&mut tunnel, &mut raw, cx);
                raw.waits(done, tunnel.wants().write.is_some(), cx)
            })
            .await?;
        }
        self.tls.over(io).await
    }
}

/// A connection before HTTP is spoken on it.
struct Raw(Arc<Held>);

impl Raw {
    /// What is pending waits until something can be written, or else read.
    fn waits<T>(&self, done: Poll<io::Result<T>>, to_write: bool, cx: &Context<'_>) -> Poll<io::Result<T>> {
        if done.is_ready() {
            return done;
        }
        let events = if to_write { PollFlags::OUT } else { PollFlags::IN };
        self.0.attempt(cx, events, |_| Err(ErrorKind::WouldBlock.into()))
    }
}

fn ready<T>(result: io::Result<T>) -> Poll<io::Result<T>> {
    match result {
        Err(e) if e.kind() == ErrorKind::WouldBlock => Poll::Pending,
        result => Poll::Ready(result),
    }
}

impl Carrier for Raw {
    fn poll_read(&mut self, _: &mut Context<'_>, room: &mut [u8]) -> Poll<io::Result<usize>> {
        ready(self.0.io().read(room))
    }

    fn try_read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        self.0.io().read(room)
    }

    fn poll_write(&mut self, _: &mut Context<'_>, parts: &[IoSlice<'_>]) -> Poll<io::Result<usize>> {
        ready(self.0.io().write_vectored(parts))
    }

    fn poll_flush(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready(self.0.io().flush())
    }
}

/// How TLS is spoken to an engine, if it is.
enum Tls {
    None,
    #[cfg(feature = "tls")]
    By(Box<dyn Fn() -> Result<docker_proto::tls::Connector> + Send + Sync>),
    #[cfg(not(feature = "tls"))]
    Missing,
}

impl Tls {
    #[cfg(not(feature = "tls"))]
    fn of(endpoint: &Endpoint) -> Self {
        if endpoint.tls.is_some() { Self::Missing } else { Self::None }
    }

    /// TLS over a connection that is there, if the endpoint wants it.
    #[cfg(not(feature = "tls"))]
    async fn over(&self, io: Link) -> io::Result<Link> {
        match self {
            Self::None => Ok(io),
            Self::Missing => Err(io::Error::new(
                ErrorKind::Unsupported,
                "the engine wants TLS, and this program is built without it: docker-blocking has the feature `tls`",
            )),
        }
    }
}

#[cfg(feature = "tls")]
mod spoken {
    use super::{Address, Endpoint, Held, Link, Raw, Tls, poll_fn};
    use crate::link::lock;
    use crate::transport::Transport;
    use docker_proto::tls::{Connector, Secured};
    use std::io::{self, ErrorKind, IoSlice};
    use std::os::fd::BorrowedFd;
    use std::sync::{Arc, Mutex, OnceLock};
    use std::task::{Context, Poll, Waker};

    impl Tls {
        pub(super) fn of(endpoint: &Endpoint) -> Self {
            let (Address::Tcp(host, _), Some(tls)) = (&endpoint.address, endpoint.tls.clone()) else {
                return Self::None;
            };
            let (host, made) = (host.clone(), OnceLock::new());
            // Made by the first dial: what the system trusts is read from files.
            Self::By(Box::new(move || made.get_or_init(|| Connector::new(&tls, &host, system)).clone()))
        }

        /// TLS over a connection that is there, if the endpoint wants it.
        pub(super) async fn over(&self, link: Link) -> io::Result<Link> {
            let Self::By(connector) = self else { return Ok(link) };
            let raw = Raw(link.0.clone());
            let mut secured = connector()?.connect(Raw(link.0.clone()))?;
            poll_fn(|cx| {
                let done = secured.poll_handshake(cx);
                raw.waits(done, secured.wants_write(), cx)
            })
            .await?;
            Ok(Link(Held::new(Secure { raw: link.0.clone(), tls: Mutex::new(secured) })))
        }
    }

    /// The certificates that the system trusts. What it cannot read, it does not trust.
    fn system() -> Vec<Vec<u8>> {
        rustls_native_certs::load_native_certs().certs.into_iter().map(|root| root.to_vec()).collect()
    }

    /// Two threads, one that reads and one that writes, take turns: neither waits while it holds the lock.
    struct Secure {
        raw: Arc<Held>,
        tls: Mutex<Secured<Raw>>,
    }

    impl Secure {
        fn attempt<T>(
            &self,
            work: impl FnOnce(&mut Secured<Raw>, &mut Context<'_>) -> Poll<io::Result<T>>,
        ) -> io::Result<T> {
            // Who waits, and for what, is noted by the link.
            match work(&mut lock(&self.tls), &mut Context::from_waker(Waker::noop())) {
                Poll::Ready(result) => result,
                Poll::Pending => Err(ErrorKind::WouldBlock.into()),
            }
        }
    }

    impl Transport for Secure {
        fn read(&self, room: &mut [u8]) -> io::Result<usize> {
            self.attempt(|tls, cx| tls.poll_read(cx, room))
        }

        fn write_vectored(&self, parts: &[IoSlice<'_>]) -> io::Result<usize> {
            self.attempt(|tls, cx| tls.poll_write(cx, parts))
        }

        fn flush(&self) -> io::Result<()> {
            self.attempt(Secured::poll_flush)
        }

        fn shutdown_write(&self) -> io::Result<()> {
            self.attempt(Secured::poll_close)
        }

        fn fd(&self) -> Option<BorrowedFd<'_>> {
            self.raw.io().fd()
        }

        fn wake_when_ready(&self, waker: &Waker) {
            self.raw.io().wake_when_ready(waker);
        }
    }
}
