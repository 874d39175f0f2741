//! Where an engine is.

use super::host::{DEFAULT_SOCKET, HostSpec, authority, refused};
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
}

/// An engine's address and the path that a proxy put before its API.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Endpoint {
    /// What to dial.
    pub address: Address,
    /// Put before every request path: empty, or `/like/this`.
    pub base: String,
}

impl Default for Endpoint {
    fn default() -> Self {
        Self::unix(DEFAULT_SOCKET)
    }
}

impl Endpoint {
    /// A unix socket at `path`.
    pub fn unix(path: impl Into<String>) -> Self {
        Self { address: Address::Unix(path.into()), base: String::new() }
    }

    /// Reads a host string as `DOCKER_HOST` has it: `unix:///path`, `tcp://host:port/base`, `http://host:port/base`, or
    /// `host:port` alone. Without a port it is 2375; without a path a unix URL means `/var/run/docker.sock`. All forms are
    /// those of [`HostSpec`].
    ///
    /// # Errors
    /// [`Usage`](crate::ErrorKind::Usage), saying what is wrong with it, or that it is of a kind that cannot be dialled.
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
        HostSpec::parse(url)?.try_into()
    }

    /// The `Host` field. A socket's path is no host, and engines refuse it.
    pub fn host(&self) -> String {
        match &self.address {
            Address::Unix(_) => "docker".into(),
            Address::Tcp(host, port) => authority(host, *port),
        }
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.address {
            Address::Unix(path) => write!(f, "unix://{path}"),
            Address::Tcp(..) => write!(f, "tcp://{}{}", self.host(), self.base),
        }
    }
}

impl TryFrom<HostSpec> for Endpoint {
    type Error = Error;

    /// # Errors
    /// [`Usage`](crate::ErrorKind::Usage): it is of a kind that this version cannot dial, and which.
    fn try_from(spec: HostSpec) -> Result<Self> {
        let what = match spec {
            HostSpec::Unix(path) => return Ok(Self::unix(path)),
            HostSpec::Tcp { host, port, base, tls: false } => {
                return Ok(Self { address: Address::Tcp(host, port), base });
            }
            HostSpec::Tcp { .. } => "needs TLS",
            HostSpec::Ssh { .. } => "needs SSH",
            HostSpec::Npipe(_) => "is a named pipe",
        };
        Err(refused(&spec.to_string(), &[what, ", which this version does not speak"].concat()))
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
            "ssh://h",
            "https://h",
            "npipe:////./pipe/docker_engine",
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
}
