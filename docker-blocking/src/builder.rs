//! Making a client: of an address, with settings of its own, over connections of the caller's.

use crate::link::{Blocking, Shared};
use crate::{Docker, Result, Transport, dial};
use docker_proto::session::{Builder, CallOptions, Client, Config, Endpoint, Pool, PoolLimits};
use std::fmt;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io;
use std::sync::{Arc, Mutex};
use std::time::Instant;

impl Docker {
    /// Settings of a client, one after another.
    ///
    /// ```
    /// use docker_blocking::{Docker, session::Timeouts};
    /// use std::time::Duration;
    ///
    /// let docker = Docker::builder()
    ///     .url("tcp://127.0.0.1:2375")
    ///     .version("1.45")
    ///     .timeouts(Timeouts::default().connect(Some(Duration::from_secs(3))))
    ///     .build()?;
    /// # Ok::<(), docker_blocking::Error>(())
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
    ///
    /// The names of TCP hosts are resolved by the system, which may block for longer than the connect deadline; all
    /// addresses of a name are tried in turn.
    pub fn new(endpoint: Endpoint, config: Config, limits: PoolLimits) -> Self {
        Self::with(dial::endpoint(endpoint), config, limits)
    }

    /// A client over connections that the caller makes: sockets, or any [`Transport`]. The dialer may block, but then
    /// deadlines and cancellers wait for it.
    ///
    /// ```
    /// use docker_blocking::{Docker, session::{Config, Endpoint, PoolLimits}};
    ///
    /// let docker = Docker::with_dial(
    ///     || std::os::unix::net::UnixStream::connect("/var/run/docker.sock"),
    ///     Config::new(&Endpoint::default()),
    ///     PoolLimits::default(),
    /// );
    /// ```
    pub fn with_dial<F, T>(dial: F, config: Config, limits: PoolLimits) -> Self
    where
        F: Fn() -> io::Result<T> + Send + Sync + 'static,
        T: Transport,
    {
        Self::with(dial::custom(dial), config, limits)
    }

    fn with(dial: dial::Dial, config: Config, limits: PoolLimits) -> Self {
        let shared = Shared {
            client: Arc::new(Client::new(config).seeded(RandomState::new().build_hasher().finish())),
            pool: Mutex::new(Pool::new(limits)),
            dial,
            start: Instant::now(),
        };
        Self { runtime: Blocking(Arc::new(shared)), options: CallOptions::default(), canceller: None }
    }

    /// The same client with other options for the calls made through it: deadlines, gating, header fields.
    #[must_use]
    pub fn with_options(&self, options: CallOptions) -> Self {
        Self { options, ..self.clone() }
    }
}

impl fmt::Debug for Docker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Docker").field(&self.runtime).finish()
    }
}
