//! Where an engine is.

use super::command::Command;
use super::host::{DEFAULT_SOCKET, HostSpec, authority};
use super::pool::PoolLimits;
use super::proxy::Proxy;
use super::tunnel::Tunnel;
use crate::tls::Tls;
use crate::{Error, Result};
use alloc::string::{String, ToString};
use core::fmt;
use core::str::FromStr;

/// What to dial.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Address {
    /// A unix socket.
    Unix(String),
    /// A host (a name or an IP address, without brackets) and a port.
    Tcp(String, u16),
    /// A program to run: its stdin and stdout are the connection.
    Command(Command),
    /// A named pipe of Windows, as `//./pipe/name`.
    Pipe(String),
}

/// An engine's address, whether TLS is spoken there, and the path that a proxy put before its API.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Endpoint {
    /// What to dial.
    pub address: Address,
    /// Put before every request path: empty, or `/like/this`.
    pub base: String,
    /// How to speak TLS; `None` for none.
    pub tls: Option<Tls>,
    /// The proxy that leads to the address; `None` for none.
    pub proxy: Option<Proxy>,
}

impl Default for Endpoint {
    fn default() -> Self {
        Self::unix(DEFAULT_SOCKET)
    }
}

impl Endpoint {
    /// A unix socket at `path`.
    pub fn unix(path: impl Into<String>) -> Self {
        Self::at(Address::Unix(path.into()))
    }

    /// An engine behind a program's stdin and stdout, as `docker system dial-stdio` has it.
    #[inline]
    pub fn command(command: Command) -> Self {
        Self::at(Address::Command(command))
    }

    fn at(address: Address) -> Self {
        Self { address, base: String::new(), tls: None, proxy: None }
    }

    /// Reads a host string as `DOCKER_HOST` has it: `unix:///path`, `tcp://host:port/base`, `http://host:port/base`,
    /// `https://host:port/base`, `ssh://user@host:port`, or `host:port` alone. Without a port it is 2375, for `https` 2376;
    /// without a path a unix URL means `/var/run/docker.sock`. All forms are those of [`HostSpec`].
    ///
    /// # Errors
    /// [`Usage`](crate::ErrorKind::Usage), saying what is wrong with it.
    ///
    /// ```
    /// use docker_proto::session::{Address, Endpoint};
    ///
    /// let endpoint = Endpoint::parse("tcp://127.0.0.1:2375/docker/")?;
    /// assert_eq!(endpoint.address, Address::Tcp("127.0.0.1".into(), 2375));
    /// assert_eq!(endpoint.base, "/docker");
    /// # Ok::<(), docker_proto::Error>(())
    /// ```
    pub fn parse(url: &str) -> Result<Self> {
        HostSpec::parse(url).map(Self::from)
    }

    /// The same engine, spoken to through TLS.
    ///
    /// # Errors
    /// [`Usage`](crate::ErrorKind::Usage): TLS is for TCP, and for nothing else; or what [`Tls::check`] finds.
    #[inline]
    pub fn with_tls(mut self, tls: Tls) -> Result<Self> {
        if !matches!(self.address, Address::Tcp(..)) {
            let rule = "TLS: it is spoken over TCP only; the engine is at ";
            return Err(Error::usage([rule, &self.to_string()].concat()));
        }
        tls.check()?;
        self.tls = Some(tls);
        Ok(self)
    }

    /// The same engine, reached through a proxy.
    ///
    /// # Errors
    /// [`Usage`](crate::ErrorKind::Usage): proxies lead to TCP addresses, and to nothing else.
    #[inline]
    pub fn with_proxy(mut self, proxy: Proxy) -> Result<Self> {
        if !matches!(self.address, Address::Tcp(..)) {
            let rule = "proxy: it leads to TCP addresses only; the engine is at ";
            return Err(Error::usage([rule, &self.to_string()].concat()));
        }
        self.proxy = Some(proxy);
        Ok(self)
    }

    /// What is to be dialled: the proxy, if there is one.
    #[inline]
    pub fn dialled(&self) -> Address {
        match &self.proxy {
            Some(proxy) => Address::Tcp(proxy.host.clone(), proxy.port),
            None => self.address.clone(),
        }
    }

    /// The way through the proxy, if there is one: it comes before TLS.
    ///
    /// # Errors
    /// None that is known of: host and port were looked at before.
    #[inline]
    pub fn tunnel(&self) -> Result<Option<Tunnel>> {
        self.proxy.as_ref().map(|proxy| Tunnel::new(proxy, self.host())).transpose()
    }

    /// The bounds of a pool that suit the way to the engine: each connection through a program is a process, and through ssh
    /// a login, of which a server takes ten at a time.
    pub fn pool_limits(&self) -> PoolLimits {
        match self.address {
            Address::Command(_) => PoolLimits::default().places(8).idle(8),
            _ => PoolLimits::default(),
        }
    }

    /// The `Host` field. A socket's path is no host, and engines refuse it.
    pub fn host(&self) -> String {
        match &self.address {
            Address::Tcp(host, port) => authority(host, *port),
            _ => "docker".into(),
        }
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.address {
            Address::Unix(path) => write!(f, "unix://{path}"),
            Address::Tcp(..) => {
                let scheme = if self.tls.is_some() { "https" } else { "tcp" };
                write!(f, "{scheme}://{}{}", self.host(), self.base)
            }
            Address::Command(command) => command.fmt(f),
            Address::Pipe(path) => write!(f, "npipe://{path}"),
        }
    }
}

impl From<HostSpec> for Endpoint {
    /// `https` means TLS with what the system trusts.
    fn from(spec: HostSpec) -> Self {
        match spec {
            HostSpec::Unix(path) => Self::unix(path),
            HostSpec::Tcp { host, port, base, tls } => {
                Self { address: Address::Tcp(host, port), base, tls: tls.then(Tls::default), proxy: None }
            }
            HostSpec::Ssh { .. } => Self::command(Command::ssh(&spec)),
            HostSpec::Npipe(path) => Self::at(Address::Pipe(path)),
        }
    }
}

impl FromStr for Endpoint {
    type Err = Error;

    fn from_str(url: &str) -> Result<Self> {
        Self::parse(url)
    }
}

impl From<&Endpoint> for String {
    fn from(endpoint: &Endpoint) -> Self {
        endpoint.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn understood() {
        for (url, want) in [
            ("unix:///run/x.sock", "unix:///run/x.sock"),
            ("unix://", "unix:///var/run/docker.sock"),
            (" tcp://h:1 ", "tcp://h:1"),
            ("tcp://h", "tcp://h:2375"),
            ("tcp://:99", "tcp://127.0.0.1:99"),
            ("tcp://[::1]:5/a/b/", "tcp://[::1]:5/a/b"),
            ("http://h:80/base", "tcp://h:80/base"),
            ("h:1", "tcp://h:1"),
            (":1", "tcp://127.0.0.1:1"),
            ("[::1]:1/base", "tcp://[::1]:1/base"),
            ("http+unix:///run/x.sock", "unix:///run/x.sock"),
            ("https://h", "https://h:2376"),
            ("ssh://me@h:2222/run/d.sock", "ssh://me@h:2222/run/d.sock"),
            ("npipe:////./pipe/docker_engine", "npipe:////./pipe/docker_engine"),
        ] {
            assert_eq!(Endpoint::parse(url).unwrap().to_string(), want, "{url}");
        }
    }

    #[test]
    fn refused() {
        for url in [
            "",
            " ",
            "h",
            "://h:1",
            "/run/docker.sock",
            "./docker.sock",
            "unix://rel",
            "unix:///sock?x",
            "unix:///sock#x",
            "tcp://",
            "tcp:///x",
            "tcp://h:x",
            "tcp://h:0",
            "tcp://h:65536",
            "tcp://h:+1",
            "tcp://::1:5",
            "tcp://[::1",
            "tcp://[::1]x",
            "tcp://h/a b",
            "tcp://h/../x",
            "tcp://h?x",
            "tcp://u@h",
            "fd://",
            "udp://h",
            "tcp://h\"x",
            "tcp://hé",
            "tcp://h\\x",
            "tcp://h\r\nX: y",
        ] {
            let e = Endpoint::parse(url).expect_err(url);
            assert!(e.message().contains("engine address"), "{e}");
        }
    }

    #[test]
    fn tls_is_for_tcp() {
        let tcp = Endpoint::parse("tcp://h:1/base").unwrap().with_tls(Tls::new()).unwrap();
        assert_eq!((tcp.to_string(), tcp.host()), ("https://h:1/base".into(), "h:1".into()));
        for url in ["unix://", "ssh://h", "npipe://"] {
            let e = Endpoint::parse(url).unwrap().with_tls(Tls::new()).expect_err(url);
            assert!(e.message().contains("over TCP only"), "{e}");
        }
        let e = tcp.with_tls(Tls::new().ca("nothing")).unwrap_err();
        assert!(e.message().starts_with("TLS: the authorities' certificates: there is none"), "{e}");
    }
}
