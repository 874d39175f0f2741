//! Where an engine is.

use crate::{Error, Result};
use alloc::format;
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

/// Where Docker listens when nobody said otherwise.
const DEFAULT_SOCKET: &str = "/var/run/docker.sock";
/// The port of an engine without TLS.
const DEFAULT_PORT: u16 = 2375;

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
    /// `host:port` alone. Without a port it is 2375; without a path a unix URL means `/var/run/docker.sock`.
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
        let refuse = |why: &str| Err(Error::usage(format!("engine address {url:?} {why}")));
        let trimmed = url.trim();
        if trimmed.is_empty() {
            return refuse("is empty");
        }
        if trimmed.chars().any(|c| c.is_control() || c == ' ') {
            return refuse("holds a space or a control character");
        }
        let (scheme, rest) = match trimmed.split_once("://") {
            Some(("", _)) => return refuse("has an empty scheme; unix:// and tcp:// are understood"),
            Some(parts) => parts,
            None => ("", trimmed),
        };
        match scheme {
            "" if rest.starts_with(['/', '.', '~']) => refuse("is a path; a socket is written as unix:///path"),
            "" if !rest.contains(':') => refuse("has neither a scheme nor a port; unix:// and tcp:// are understood"),
            "unix" | "http+unix" if rest.is_empty() => Ok(Self::default()),
            "unix" | "http+unix" if !rest.starts_with('/') => {
                refuse("needs an absolute path, as in unix:///var/run/docker.sock")
            }
            "unix" | "http+unix" => match rest.find(['?', '#']) {
                Some(_) => refuse("holds a query or a fragment, which no socket has"),
                None => Ok(Self::unix(rest)),
            },
            "" | "tcp" | "http" => Self::tcp(rest).map_err(|why| Error::usage(format!("engine address {url:?} {why}"))),
            "fd" => refuse("is for engines: it names a socket they inherit"),
            "https" => refuse("needs TLS, which this version does not speak"),
            "ssh" | "npipe" => {
                refuse("has a scheme that this version does not speak; unix:// and tcp:// are understood")
            }
            _ => refuse("has an unknown scheme; unix:// and tcp:// are understood"),
        }
    }

    fn tcp(rest: &str) -> core::result::Result<Self, String> {
        if let Some(c) = rest.chars().find(|c| matches!(c, '?' | '#' | '@' | ';')) {
            return Err(format!("holds {c:?}: no user, query, parameters or fragment belong there"));
        }
        let (authority, path) = match rest.find('/') {
            Some(at) => rest.split_at(at),
            None => (rest, ""),
        };
        let (host, port) = match authority.strip_prefix('[') {
            Some(v6) => {
                let (host, port) = v6.split_once(']').ok_or("has a bracket that is not closed")?;
                let port = if port.is_empty() {
                    None
                } else {
                    Some(port.strip_prefix(':').ok_or("has text behind the bracket")?)
                };
                (host, port)
            }
            None if authority.matches(':').count() > 1 => return Err("has an IPv6 address without brackets".into()),
            None => match authority.split_once(':') {
                Some((host, port)) => (host, Some(port)),
                None => (authority, None),
            },
        };
        if host.is_empty() && port.is_none() {
            return Err("names no host".into());
        }
        let port = match port {
            None => DEFAULT_PORT,
            Some(p) => match p.parse() {
                Ok(n) if n > 0 && p.bytes().all(|b| b.is_ascii_digit()) => n,
                _ => return Err(format!("has {p:?} for a port, which is not 1 to 65535")),
            },
        };
        // It goes into the Host field as it is.
        if let Some(c) = host.chars().find(|&c| !c.is_ascii_alphanumeric() && !"-._:%~".contains(c)) {
            return Err(format!("has {c:?} in its host"));
        }
        let host = if host.is_empty() { "127.0.0.1" } else { host };
        let base = path.trim_end_matches('/');
        if !base.bytes().all(|b| b.is_ascii_graphic())
            || base.split('/').any(|s| s == "." || s == "..")
            || base.contains("//")
        {
            return Err("has a path that cannot stand before requests".into());
        }
        Ok(Self { address: Address::Tcp(host.into(), port), base: base.into() })
    }

    /// The `Host` field. A socket's path is no host, and engines refuse it.
    pub fn host(&self) -> String {
        match &self.address {
            Address::Unix(_) => "docker".into(),
            Address::Tcp(host, port) if host.contains(':') => format!("[{host}]:{port}"),
            Address::Tcp(host, port) => format!("{host}:{port}"),
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
