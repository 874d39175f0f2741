//! Host strings, as `DOCKER_HOST` and contexts have them.

use crate::{Error, Result};
use alloc::borrow::{Cow, ToOwned};
use alloc::format;
use alloc::string::String;
use core::fmt;
use core::str::FromStr;

/// Where Docker listens when nobody said otherwise.
pub(super) const DEFAULT_SOCKET: &str = "/var/run/docker.sock";
/// The same on Windows.
const DEFAULT_PIPE: &str = "//./pipe/docker_engine";
/// The port of an engine without TLS.
const DEFAULT_PORT: u16 = 2375;
/// The port of an engine with TLS.
const DEFAULT_TLS_PORT: u16 = 2376;

/// What a host string means.
///
/// | host string | means |
/// |---|---|
/// | `unix:///path`, `http+unix:///path` | a unix socket; without a path `/var/run/docker.sock` |
/// | `tcp://host:port/base`, `http://..`, `host:port/base` | TCP; no host is `127.0.0.1`, no port 2375 |
/// | `https://host:port/base` | TCP with TLS; no port is 2376 |
/// | `ssh://user@host:port/path` | the docker command at a host, reached by ssh as it is configured; its engine's socket, if there is a path |
/// | `npipe:////./pipe/name` | a named pipe; without a name `docker_engine` |
///
/// Everything else is refused, with the reason: a host without a port and a scheme, a path without a scheme, `fd://`, other
/// schemes, a query, a fragment, parameters, a password, and a user where there is no SSH.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum HostSpec {
    /// A unix socket.
    Unix(String),
    /// A host (a name or an IP address, without brackets) and a port.
    Tcp {
        /// The host.
        host: String,
        /// The port.
        port: u16,
        /// Put before every request path: empty, or `/like/this`.
        base: String,
        /// Whether TLS is asked for, as `https` does.
        tls: bool,
    },
    /// An engine that is reached by running the docker command on another host.
    Ssh {
        /// The user there, if one is named.
        user: Option<String>,
        /// The host.
        host: String,
        /// The port; without one, what ssh's configuration says.
        port: Option<u16>,
        /// The engine's socket there, if it is not the default.
        path: Option<String>,
    },
    /// A named pipe of Windows.
    Npipe(String),
}

impl HostSpec {
    /// Reads a host string.
    ///
    /// # Errors
    /// [`Usage`](crate::ErrorKind::Usage), saying what is wrong with it.
    ///
    /// ```
    /// use docker_proto::session::HostSpec;
    ///
    /// let there = HostSpec::parse("ssh://me@engine.example")?;
    /// assert_eq!(there.to_string(), "ssh://me@engine.example");
    /// # Ok::<(), docker_proto::Error>(())
    /// ```
    pub fn parse(url: &str) -> Result<Self> {
        parse(url.trim()).map_err(|why| refused(url, &why))
    }
}

/// The error of a host string; a password in it is not repeated.
pub(crate) fn refused(url: &str, why: &str) -> Error {
    let (scheme, rest) = url.split_once("://").map_or(("", url), |(scheme, rest)| (scheme, rest));
    // What stands behind the question mark may be a token.
    let (rest, query) = rest.split_once('?').map_or((rest, ""), |(rest, _)| (rest, "?***"));
    let is_ssh = scheme == "ssh";
    let scheme = if scheme.is_empty() { String::new() } else { format!("{scheme}://") };
    let shown = match rest.rsplit_once('@') {
        // The name alone in a URL of ssh is no secret.
        Some((user, host)) if user.contains(':') || !is_ssh => format!("{scheme}***@{host}{query}"),
        _ => format!("{scheme}{rest}{query}"),
    };
    Error::usage(format!("engine address {shown:?} {why}"))
}

fn parse(url: &str) -> Result<HostSpec, Cow<'static, str>> {
    if url.is_empty() {
        return Err("is empty".into());
    }
    if url.chars().any(|c| c.is_control() || c == ' ') {
        return Err("holds a space or a control character".into());
    }
    let (scheme, rest) = match url.split_once("://") {
        Some(("", _)) => return Err("has an empty scheme; unix:// and tcp:// are understood".into()),
        Some(parts) => parts,
        None => ("", url),
    };
    match scheme {
        "" if rest.starts_with(['/', '.', '~']) => Err("is a path; a socket is written as unix:///path".into()),
        "" if !rest.contains(':') => Err("has neither a scheme nor a port; unix:// and tcp:// are understood".into()),
        "unix" | "http+unix" => socket(rest),
        "" | "tcp" | "http" => tcp(rest, false),
        "https" => tcp(rest, true),
        "ssh" => ssh(rest),
        "npipe" => pipe(rest),
        "fd" => Err("is for engines: it names a socket they inherit".into()),
        _ => Err("has an unknown scheme; unix, tcp, http, https, ssh and npipe are known".into()),
    }
}

fn socket(path: &str) -> Result<HostSpec, Cow<'static, str>> {
    match path {
        "" => Ok(HostSpec::Unix(DEFAULT_SOCKET.into())),
        _ if !path.starts_with('/') => Err("needs an absolute path, as in unix:///var/run/docker.sock".into()),
        _ if path.contains(['?', '#']) => Err("holds a query or a fragment, which no socket has".into()),
        _ => Ok(HostSpec::Unix(path.into())),
    }
}

fn pipe(path: &str) -> Result<HostSpec, Cow<'static, str>> {
    let name = path.strip_prefix("//./pipe/").unwrap_or_default();
    match path {
        "" => Ok(HostSpec::Npipe(DEFAULT_PIPE.into())),
        _ if name.is_empty() || name.contains(['/', '?', '#']) => {
            Err("is no named pipe; one is written as npipe:////./pipe/docker_engine".into())
        }
        _ => Ok(HostSpec::Npipe(path.into())),
    }
}

fn tcp(rest: &str, tls: bool) -> Result<HostSpec, Cow<'static, str>> {
    if let Some(c) = rest.chars().find(|c| matches!(c, '?' | '#' | '@' | ';')) {
        return Err(format!("holds {c:?}: no user, query, parameters or fragment belong there").into());
    }
    let (authority, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
    let (host, port) = host_and_port(authority)?;
    if host.is_empty() && port.is_none() {
        return Err("names no host".into());
    }
    let host = if host.is_empty() { "127.0.0.1" } else { host };
    let port = port.unwrap_or(if tls { DEFAULT_TLS_PORT } else { DEFAULT_PORT });
    let base = path.trim_end_matches('/');
    if !base.bytes().all(|b| b.is_ascii_graphic())
        || base.split('/').any(|s| s == "." || s == "..")
        || base.contains("//")
    {
        return Err("has a path that cannot stand before requests".into());
    }
    Ok(HostSpec::Tcp { host: host.into(), port, base: base.into(), tls })
}

fn ssh(rest: &str) -> Result<HostSpec, Cow<'static, str>> {
    if let Some(c) = rest.chars().find(|c| matches!(c, '?' | '#' | ';')) {
        return Err(format!("holds {c:?}: no query, parameters or fragment belong there").into());
    }
    let (authority, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
    let (user, authority) = match authority.rsplit_once('@') {
        Some((user, _)) if user.contains(':') => return Err("holds a password, which ssh takes from nobody".into()),
        Some((user, authority)) => (Some(user), authority),
        None => (None, authority),
    };
    // They become arguments of ssh, which may put the user into a ProxyCommand: what a shell would look at is refused, as
    // newer versions of ssh do themselves.
    let strange = |c: char| "@'`\";&<>|(){}$\\".contains(c);
    if user.is_some_and(|user| user.is_empty() || user.starts_with('-') || user.contains(strange)) {
        return Err("has a user that is none".into());
    }
    let (host, port) = host_and_port(authority)?;
    if host.is_empty() || host.starts_with('-') {
        return Err("names no host".into());
    }
    let path = Some(path).filter(|path| !matches!(*path, "" | "/")).map(ToOwned::to_owned);
    Ok(HostSpec::Ssh { user: user.map(ToOwned::to_owned), host: host.into(), port, path })
}

pub(super) fn host_and_port(authority: &str) -> Result<(&str, Option<u16>), Cow<'static, str>> {
    let (host, port) = match authority.strip_prefix('[') {
        Some(v6) => {
            let (host, port) = v6.split_once(']').ok_or("has a bracket that is not closed")?;
            let port =
                if port.is_empty() { None } else { Some(port.strip_prefix(':').ok_or("has text behind the bracket")?) };
            (host, port)
        }
        None if authority.matches(':').count() > 1 => return Err("has an IPv6 address without brackets".into()),
        None => match authority.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (authority, None),
        },
    };
    // It goes into the Host field as it is.
    if let Some(c) = host.chars().find(|&c| !c.is_ascii_alphanumeric() && !"-._:%~".contains(c)) {
        return Err(format!("has {c:?} in its host").into());
    }
    let port = match port {
        None => None,
        Some(p) => match p.parse() {
            Ok(n) if n > 0 && p.bytes().all(|b| b.is_ascii_digit()) => Some(n),
            _ => return Err(format!("has {p:?} for a port, which is not 1 to 65535").into()),
        },
    };
    Ok((host, port))
}

/// A host and a port as they stand in a URL.
pub(super) fn authority(host: &str, port: u16) -> String {
    if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") }
}

impl fmt::Display for HostSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unix(path) => write!(f, "unix://{path}"),
            Self::Tcp { host, port, base, tls } => {
                write!(f, "{}://{}{base}", if *tls { "https" } else { "tcp" }, authority(host, *port))
            }
            Self::Ssh { user, host, port, path } => {
                f.write_str("ssh://")?;
                if let Some(user) = user {
                    write!(f, "{user}@")?;
                }
                match port {
                    Some(port) => f.write_str(&authority(host, *port))?,
                    None if host.contains(':') => write!(f, "[{host}]")?,
                    None => f.write_str(host)?,
                }
                f.write_str(path.as_deref().unwrap_or_default())
            }
            Self::Npipe(path) => write!(f, "npipe://{path}"),
        }
    }
}

impl FromStr for HostSpec {
    type Err = Error;

    fn from_str(url: &str) -> Result<Self> {
        Self::parse(url)
    }
}
