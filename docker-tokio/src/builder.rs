//! Making a client: of an address, with settings of its own, over connections of the caller's.

use crate::link::{Shared, Tokio};
use crate::{Docker, Result, dial};
use docker_proto::session::{Builder, CallOptions, Client, Config, Endpoint, Pool, PoolLimits};
use std::fmt;
use std::future::Future;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::Instant;

impl Docker {
    /// Settings of a client, one after another.
    ///
    /// ```
    /// use docker_tokio::{Docker, session::Timeouts};
    /// use std::time::Duration;
    ///
    /// let docker = Docker::builder()
    ///     .url("tcp://127.0.0.1:2375")
    ///     .version("1.45")
    ///     .timeouts(Timeouts::default().connect(Some(Duration::from_secs(3))))
    ///     .build()?;
    /// # Ok::<(), docker_tokio::Error>(())
    /// ```
    pub fn builder() -> Builder<Self> {
        Builder::new(Self::new)
    }

    /// The engine at `url`: `unix:///path`, `tcp://host:port/base`, `https://host:port/base` (with the feature `tls`) or
    /// `ssh://user@host`.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`](crate::ErrorKind::Usage) if the URL is malformed; nothing else is looked at.
    pub fn connect(url: &str) -> Result<Self> {
        let endpoint = Endpoint::parse(url)?;
        let (config, limits) = (Config::new(&endpoint), endpoint.pool_limits());
        Ok(Self::new(endpoint, config, limits))
    }

    /// A client of `endpoint` with settings of its own.
    pub fn new(endpoint: Endpoint, config: Config, limits: PoolLimits) -> Self {
        Self::with(dial::endpoint(endpoint), config, limits)
    }

    /// A client over connections that the caller makes: anything that reads and writes. Shutting its writing side down
    /// must leave the reading side open.
    ///
    /// ```
    /// use docker_tokio::{Docker, session::{Config, Endpoint, PoolLimits}};
    ///
    /// let docker = Docker::with_dial(
    ///     || async { Ok(tokio::io::duplex(1024).0) },
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

    fn with(dial: Box<dyn dial::Dial>, config: Config, limits: PoolLimits) -> Self {
        let shared = Shared {
            client: Arc::new(Client::new(config).seeded(RandomState::new().build_hasher().finish())),
            pool: Mutex::new(Pool::new(limits)),
            dial,
            start: Instant::now(),
        };
        Self { runtime: Tokio(Arc::new(shared)), options: CallOptions::default() }
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
