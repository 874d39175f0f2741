//! A client's settings, one after another.

use super::client::{Config, VersionChoice};
use super::command::Command;
use super::deadline::Timeouts;
use super::endpoint::Endpoint;
use super::pool::PoolLimits;
use super::proxy::Proxy;
use crate::error::without_users;
use crate::model::ApiVersion;
use crate::observe::{Observer, Observers};
use crate::op::Gating;
use crate::tls::Tls;
use crate::wire::Names;
use crate::{Error, Result};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

/// Settings of a client, collected; every adapter's `Docker::builder()` gives one. Order does not matter, and what
/// cannot be understood is told of by [`build`](Self::build), all of it in the first error.
///
/// ```
/// use core::time::Duration;
/// use docker_proto::session::{Builder, Config, Endpoint, PoolLimits, Timeouts};
///
/// // An adapter gives its own constructor here.
/// let builder = Builder::new(|endpoint: Endpoint, config: Config, limits: PoolLimits| (endpoint, config, limits));
/// let (endpoint, config, _) = builder
///     .url("tcp://127.0.0.1:2375")
///     .version("1.45")
///     .timeouts(Timeouts::default().connect(Some(Duration::from_secs(3))))
///     .header("X-Team", "build")
///     .build()?;
/// assert_eq!(endpoint.to_string(), "tcp://127.0.0.1:2375");
/// assert_eq!(config.headers.len(), 1);
/// # Ok::<(), docker_proto::Error>(())
/// ```
#[derive(Clone)]
#[must_use = "nothing is made before `build`"]
pub struct Builder<D> {
    make: fn(Endpoint, Config, PoolLimits) -> D,
    url: Option<String>,
    command: Option<Command>,
    tls: Option<Tls>,
    proxy: Option<String>,
    version: Option<Version>,
    user_agent: Option<String>,
    headers: Vec<(String, String)>,
    timeouts: Option<Timeouts>,
    gating: Option<Gating>,
    detach_keys: Option<String>,
    observers: Observers,
    limits: Option<PoolLimits>,
}

#[derive(Clone)]
enum Version {
    Text(String),
    None,
}

impl<D> Builder<D> {
    /// Settings that end in `make`.
    pub fn new(make: fn(Endpoint, Config, PoolLimits) -> D) -> Self {
        Self {
            make,
            url: None,
            command: None,
            tls: None,
            proxy: None,
            version: None,
            user_agent: None,
            headers: Vec::new(),
            timeouts: None,
            gating: None,
            detach_keys: None,
            observers: Observers::own(),
            limits: None,
        }
    }

    /// Where the engine is; see [`Endpoint::parse`]. Without it, the default socket: the environment is not asked. Nor is it for
    /// proxies; see [`proxy`](Self::proxy).
    pub fn url(mut self, url: impl Into<String>) -> Self {
        self.url = Some(url.into());
        self
    }

    /// Reaches the engine through ssh: `user@host`, `host:port`, an alias of ssh's configuration; the rest of an `ssh://` URL.
    ///
    /// The ssh command is run, once for each connection, with its own configuration, keys and agent; whom it does not know it
    /// does not trust. The docker command must be there, 18.09 or later. A login takes its time, and servers take ten at once
    /// (`MaxStartups`): the pool has eight places then.
    ///
    /// ```
    /// # use docker_proto::session::{Builder, Endpoint};
    /// // An adapter's `Docker::builder()`.
    /// # let builder = Builder::new(|endpoint: Endpoint, _, limits| (endpoint, limits));
    /// let made = builder.ssh("me@lab.example").build()?;
    /// # assert_eq!((made.0.to_string(), made.1.places), ("ssh://me@lab.example".into(), 8));
    /// # Ok::<(), docker_proto::Error>(())
    /// ```
    #[inline]
    pub fn ssh(self, destination: impl Into<String>) -> Self {
        let destination = destination.into();
        self.url(["ssh://", &destination].concat())
    }

    /// Reaches the engine through a program's stdin and stdout, instead of a URL.
    #[inline]
    pub fn command(mut self, command: Command) -> Self {
        self.command = Some(command);
        self
    }

    /// Speaks TLS to the engine, which is at a TCP address. For `https` URLs that is so anyway, with what the system trusts.
    /// The adapters have it as a feature, `tls`; without it, a connect says so. Certificates and keys are looked at here.
    ///
    /// ```
    /// # use docker_proto::session::{Builder, Endpoint};
    /// use docker_proto::tls::Tls;
    ///
    /// // An adapter's `Docker::builder()`.
    /// # let builder = Builder::new(|endpoint: Endpoint, _, _| endpoint);
    /// let made = builder.url("tcp://lab.example:2376").tls(Tls::new().server_name("engine.example")).build()?;
    /// # assert_eq!(made.to_string(), "https://lab.example:2376");
    /// # Ok::<(), docker_proto::Error>(())
    /// ```
    #[inline]
    pub fn tls(mut self, tls: Tls) -> Self {
        self.tls = Some(tls);
        self
    }

    /// Reaches the engine, which is at a TCP address, through an HTTP proxy: `http://user:password@host:port`; see
    /// [`Proxy`]. `HTTP_PROXY` counts only where the environment is asked, as `from_env` does.
    ///
    /// ```
    /// # use docker_proto::session::{Builder, Endpoint};
    /// // An adapter's `Docker::builder()`.
    /// # let builder = Builder::new(|endpoint: Endpoint, _, _| endpoint);
    /// let made = builder.url("https://lab.example").proxy("http://me:secret@proxy.example:3128").build()?;
    /// # assert_eq!(made.proxy.map(|p| p.to_string()), Some("http://proxy.example:3128".into()));
    /// # Ok::<(), docker_proto::Error>(())
    /// ```
    #[inline]
    pub fn proxy(mut self, url: impl Into<String>) -> Self {
        self.proxy = Some(url.into());
        self
    }

    /// Pins the API version, as `1.45`. Without it, the first call agrees on one with the engine.
    pub fn version(mut self, version: impl Into<String>) -> Self {
        self.version = Some(Version::Text(version.into()));
        self
    }

    /// Sends requests without a version: they mean whatever the engine's newest means.
    pub fn unversioned(mut self) -> Self {
        self.version = Some(Version::None);
        self
    }

    /// The `User-Agent` field.
    pub fn user_agent(mut self, text: impl Into<String>) -> Self {
        self.user_agent = Some(text.into());
        self
    }

    /// A header field for every request. More than one call adds more than one.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Default deadlines.
    pub fn timeouts(mut self, timeouts: Timeouts) -> Self {
        self.timeouts = Some(timeouts);
        self
    }

    /// Whether parameters and fields are held against the API version; they are.
    pub fn gating(mut self, gating: Gating) -> Self {
        self.gating = Some(gating);
        self
    }

    /// The keys that detach from a terminal, as `ctrl-a,d`, for attach and exec calls that name none.
    pub fn detach_keys(mut self, keys: impl Into<String>) -> Self {
        self.detach_keys = Some(keys.into());
        self
    }

    /// Tells somebody what calls do; see [`observe`](crate::observe). More than one call adds more than one.
    pub fn observer(mut self, observer: impl Observer + 'static) -> Self {
        self.observers.push(observer);
        self
    }

    /// Bounds of the connection pool; without them, [`Endpoint::pool_limits`].
    pub fn pool(mut self, limits: PoolLimits) -> Self {
        self.limits = Some(limits);
        self
    }

    /// Makes the client. It does not connect.
    ///
    /// # Errors
    /// [`Usage`](crate::ErrorKind::Usage): the URL, the TLS material, the proxy, the version or the keys cannot be understood.
    pub fn build(self) -> Result<D> {
        let mut wrong = Vec::new();
        let mut keep = |e: Error| wrong.push(String::from(e.message()));
        let found = match (self.url.as_deref(), self.command) {
            (None, None) => Ok(Endpoint::default()),
            (None, Some(command)) => Ok(Endpoint::command(command)),
            (Some(url), None) => Endpoint::parse(url),
            (Some(_), Some(_)) => Err(Error::usage("a URL and a command are given: only one leads to the engine")),
        };
        let found = found.and_then(|endpoint| match self.tls {
            Some(tls) => endpoint.with_tls(tls),
            None => Ok(endpoint),
        });
        let found = found.and_then(|endpoint| match self.proxy.as_deref().map(Proxy::parse) {
            Some(proxy) => endpoint.with_proxy(proxy?),
            None => Ok(endpoint),
        });
        let endpoint = found.unwrap_or_else(|e| {
            keep(e);
            Endpoint::default()
        });
        let mut config = Config::new(&endpoint);
        match self.version {
            None => {}
            Some(Version::None) => config.version = VersionChoice::Unversioned,
            Some(Version::Text(text)) => match ApiVersion::parse(&text) {
                Ok(version) => config.version = VersionChoice::Pinned(version),
                Err(e) => keep(Error::usage(format!("version: {}", e.message()))),
            },
        }
        match self.detach_keys.as_deref().map(str::parse) {
            None => {}
            Some(Ok(keys)) => config.detach_keys = Some(keys),
            Some(Err(e)) => keep(e),
        }
        if !wrong.is_empty() {
            return Err(Error::usage(wrong.join("; ")));
        }
        config.headers = self.headers;
        config.observers = self.observers;
        config.user_agent = self.user_agent.unwrap_or(config.user_agent);
        config.timeouts = self.timeouts.unwrap_or(config.timeouts);
        config.gating = self.gating.unwrap_or(config.gating);
        let limits = self.limits.unwrap_or_else(|| endpoint.pool_limits());
        Ok((self.make)(endpoint, config, limits))
    }
}

impl<D> fmt::Debug for Builder<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let url = self.url.as_deref().map(|url| without_users(url.into()));
        f.debug_struct("Builder").field("url", &url).field("headers", &Names(&self.headers)).finish_non_exhaustive()
    }
}
