//! The way through a proxy and TLS, over TCP: what it takes to let docker-proto's machine run here.

use crate::link::Transport;
#[cfg(feature = "tls")]
use docker_proto::Result;
use docker_proto::drive::{Carrier, poll_tunnel};
use docker_proto::session::{Address, Endpoint};
use std::future::poll_fn;
use std::io::{self, IoSlice};
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
    pub(crate) async fn over(&self, mut io: Box<dyn Transport>) -> io::Result<Box<dyn Transport>> {
        if let Some(mut tunnel) = self.endpoint.tunnel()? {
            poll_fn(|cx| poll_tunnel(&mut tunnel, &mut io, cx)).await?;
        }
        self.tls.over(io).await
    }
}

impl Carrier for Box<dyn Transport> {
    fn poll_read(&mut self, cx: &mut Context<'_>, room: &mut [u8]) -> Poll<io::Result<usize>> {
        (**self).poll_read(cx, room)
    }

    fn try_read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        (**self).try_read(room)
    }

    fn poll_write(&mut self, cx: &mut Context<'_>, parts: &[IoSlice<'_>]) -> Poll<io::Result<usize>> {
        (**self).poll_write(cx, parts)
    }

    fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        (**self).poll_flush(cx)
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
    async fn over(&self, io: Box<dyn Transport>) -> io::Result<Box<dyn Transport>> {
        match self {
            Self::None => Ok(io),
            Self::Missing => Err(io::Error::new(
                io::ErrorKind::Unsupported,
                "the engine wants TLS, and this program is built without it: docker-smol has the feature `tls`",
            )),
        }
    }
}

#[cfg(feature = "tls")]
mod spoken {
    use super::{Address, Endpoint, Tls, Transport, poll_fn};
    use docker_proto::tls::{Connector, Secured};
    use std::io::{self, IoSlice};
    use std::sync::OnceLock;
    use std::task::{Context, Poll};

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
        pub(super) async fn over(&self, io: Box<dyn Transport>) -> io::Result<Box<dyn Transport>> {
            let Self::By(connector) = self else { return Ok(io) };
            let mut secured = connector()?.connect(io)?;
            poll_fn(|cx| secured.poll_handshake(cx)).await?;
            Ok(Box::new(secured))
        }
    }

    /// The certificates that the system trusts. What it cannot read, it does not trust.
    fn system() -> Vec<Vec<u8>> {
        rustls_native_certs::load_native_certs().certs.into_iter().map(|root| root.to_vec()).collect()
    }

    impl Transport for Secured<Box<dyn Transport>> {
        fn poll_read(&mut self, cx: &mut Context<'_>, room: &mut [u8]) -> Poll<io::Result<usize>> {
            self.poll_read(cx, room)
        }

        fn poll_write(&mut self, cx: &mut Context<'_>, parts: &[IoSlice<'_>]) -> Poll<io::Result<usize>> {
            self.poll_write(cx, parts)
        }

        fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
            self.poll_flush(cx)
        }

        fn poll_close(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
            self.poll_close(cx)
        }

        fn try_read(&mut self, room: &mut [u8]) -> io::Result<usize> {
            self.try_read(room)
        }
    }
}
