//! TLS over TCP: what it takes to let docker-proto's machine run here.

use crate::link::Transport;
#[cfg(feature = "tls")]
use docker_proto::Result;
use docker_proto::session::Endpoint;
#[cfg(not(feature = "tls"))]
use std::io;

/// How TLS is spoken to an engine, if it is.
pub(crate) enum Tls {
    None,
    #[cfg(feature = "tls")]
    By(Box<dyn Fn() -> Result<docker_proto::tls::Connector> + Send + Sync>),
    #[cfg(not(feature = "tls"))]
    Missing,
}

impl Tls {
    #[cfg(not(feature = "tls"))]
    pub(crate) fn of(endpoint: &Endpoint) -> Self {
        if endpoint.tls.is_some() { Self::Missing } else { Self::None }
    }

    /// TLS over a connection that is there, if the endpoint wants it.
    #[cfg(not(feature = "tls"))]
    pub(crate) async fn over(&self, io: Box<dyn Transport>) -> io::Result<Box<dyn Transport>> {
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
    use super::{Endpoint, Tls, Transport};
    use docker_proto::session::Address;
    use docker_proto::tls::{Carrier, Connector, Secured};
    use std::future::poll_fn;
    use std::io::{self, IoSlice};
    use std::sync::OnceLock;
    use std::task::{Context, Poll};

    impl Tls {
        pub(crate) fn of(endpoint: &Endpoint) -> Self {
            let (Address::Tcp(host, _), Some(tls)) = (&endpoint.address, endpoint.tls.clone()) else {
                return Self::None;
            };
            let (host, made) = (host.clone(), OnceLock::new());
            // Made by the first dial: what the system trusts is read from files.
            Self::By(Box::new(move || made.get_or_init(|| Connector::new(&tls, &host, system)).clone()))
        }

        /// TLS over a connection that is there, if the endpoint wants it.
        pub(crate) async fn over(&self, io: Box<dyn Transport>) -> io::Result<Box<dyn Transport>> {
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
