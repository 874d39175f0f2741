//! Making a client: of an address, with settings of its own, over connections of the caller's.

#[cfg(feature = "smol")]
use crate::Result;
use crate::link::{Shared, Smol};
use crate::{Docker, dial};
#[cfg(feature = "smol")]
use docker_proto::session::{Builder, Endpoint};
use docker_proto::session::{CallOptions, Client, Config, Pool, PoolLimits};
use futures_io::{AsyncRead, AsyncWrite};
use std::fmt;
use std::future::Future;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io;
use std::sync::{Arc, Mutex};
use std::time::Instant;

impl Docker {
    /// Settings of a client, one after another.
    ///
    /// ```
    /// use docker_smol::{Docker, session::Timeouts};
    /// use std::time::Duration;
    ///
    /// let docker = Docker::builder()
    ///     .url("tcp://127.0.0.1:2375")
    ///     .version("1.45")
    ///     .timeouts(Timeouts::default().connect(Some(Duration::from_secs(3))))
    ///     .build()?;
    /// # Ok::<(), docker_smol::Error>(())
    /// ```
    #[cfg(feature = "smol")]
    pub fn builder() -> Builder<Self> {
        Builder::new(Self::new)
    }

    /// The engine at `url`: `unix:///path`, `tcp://host:port/base`, `https://host:port/base` (with the feature `tls`) or
    /// `ssh://user@host`.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`](crate::ErrorKind::Usage) if the URL is malformed; nothing else is looked at.
    #[cfg(feature = "smol")]
    pub fn connect(url: &str) -> Result<Self> {
        let endpoint = Endpoint::parse(url)?;
        let (config, limits) = (Config::new(&endpoint), endpoint.pool_limits());
        Ok(Self::new(endpoint, config, limits))
    }

    /// A client of `endpoint` with settings of its own.
    #[cfg(feature = "smol")]
    pub fn new(endpoint: Endpoint, config: Config, limits: PoolLimits) -> Self {
        Self::with(dial::endpoint(endpoint, dial::smol), config, limits)
    }

    /// A client over connections that the caller makes: anything that reads and writes. Closing it must end its writing
    /// side and leave the reading side open. Sockets of smol, async-io and (with its feature) async-std are known and
    /// really shut down; a wrapper around one of them has to see to that itself, for their own close may only flush.
    ///
    /// ```
    /// use docker_smol::{Docker, session::{Config, Endpoint, PoolLimits}};
    ///
    /// let docker = Docker::with_dial(
    ///     || smol::net::TcpStream::connect(("192.0.2.1", 2375)),
    ///     Config::new(&Endpoint::default()),
    ///     PoolLimits::default(),
    /// );
    /// ```
    pub fn with_dial<F, D, T>(dial: F, config: Config, limits: PoolLimits) -> Self
    where
        F: Fn() -> D + Send + Sync + 'static,
        D: Future<Output = io::Result<T>> + Send + 'static,
        T: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        Self::with(dial::custom(dial), config, limits)
    }

    pub(crate) fn with(dial: dial::Dial, config: Config, limits: PoolLimits) -> Self {
        let shared = Shared {
            client: Arc::new(Client::new(config).seeded(RandomState::new().build_hasher().finish())),
            pool: Mutex::new(Pool::new(limits)),
            dial,
            start: Instant::now(),
        };
        Self { runtime: Smol(Arc::new(shared)), options: CallOptions::default() }
    }

    /// The same client with other options for the calls made through it: deadlines, gating, header fields.
    #[must_use]
    pub fn with_options(&self, options: CallOptions) -> Self {
        Self { runtime: self.runtime.clone(), options }
    }
}

impl fmt::Debug for Docker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Docker").field(&self.runtime).finish()
    }
}
