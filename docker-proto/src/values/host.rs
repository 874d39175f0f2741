//! Names that a container knows other hosts and containers by.

use super::refuse;
use crate::{Error, Result};
use alloc::format;
use alloc::string::{String, ToString};
use core::fmt;
use core::net::IpAddr;
use core::str::FromStr;

/// A line of `/etc/hosts`: `name:address` or `name=address`, the address an IP address or `host-gateway`.
///
/// Displayed as containers take it; tasks of a swarm take [`task`](Self::task).
///
/// ```
/// use docker_proto::values::ExtraHost;
///
/// let host: ExtraHost = "db:10.0.0.7".parse()?;
/// assert_eq!(host.to_string(), "db:10.0.0.7");
/// assert_eq!(host.task(), "10.0.0.7 db");
/// assert_eq!("v6=[::1]".parse::<ExtraHost>()?.to_string(), "v6:::1");
/// # Ok::<(), docker_proto::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ExtraHost {
    name: String,
    address: String,
}

impl ExtraHost {
    /// The name.
    #[must_use]
    #[inline]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The address.
    #[must_use]
    #[inline]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// As tasks of a swarm take it: `address name`.
    #[must_use]
    #[inline]
    pub fn task(&self) -> String {
        format!("{} {}", self.address, self.name)
    }
}

impl TryFrom<(&str, &str)> for ExtraHost {
    type Error = Error;

    #[inline]
    fn try_from((name, address): (&str, &str)) -> Result<Self> {
        let refuse = |rule: &str| refuse("extra host", &format!("{name}:{address}"), rule);
        if name.is_empty() || name.contains(|c: char| c.is_whitespace() || matches!(c, ':' | '=')) {
            return Err(refuse("needs a name, without white space, `:` and `=`"));
        }
        let bare = address.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(address);
        let address = match bare.parse::<IpAddr>() {
            Ok(ip) => ip.to_string(),
            Err(_) if address == "host-gateway" => address.into(),
            Err(_) => return Err(refuse("the address must be an IP address or `host-gateway`")),
        };
        Ok(Self { name: name.into(), address })
    }
}

impl TryFrom<(&str, IpAddr)> for ExtraHost {
    type Error = Error;

    #[inline]
    fn try_from((name, address): (&str, IpAddr)) -> Result<Self> {
        (name, &*address.to_string()).try_into()
    }
}

impl FromStr for ExtraHost {
    type Err = Error;

    #[inline]
    fn from_str(text: &str) -> Result<Self> {
        let parts = text.split_once([':', '=']).ok_or_else(|| refuse("extra host", text, "must be `name:address`"))?;
        parts.try_into()
    }
}

impl fmt::Display for ExtraHost {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.name, self.address)
    }
}

/// A link to another container: `name[:alias]`.
///
/// ```
/// use docker_proto::values::Link;
///
/// let link: Link = "postgres_1:db".parse()?;
/// assert_eq!((link.container(), link.alias()), ("postgres_1", Some("db")));
/// assert!("a:b:c".parse::<Link>().is_err());
/// # Ok::<(), docker_proto::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Link {
    container: String,
    alias: Option<String>,
}

impl Link {
    /// The other container: id or name.
    #[must_use]
    #[inline]
    pub fn container(&self) -> &str {
        &self.container
    }

    /// The name it is known by; its own if there is none.
    #[must_use]
    #[inline]
    pub fn alias(&self) -> Option<&str> {
        self.alias.as_deref()
    }
}

impl FromStr for Link {
    type Err = Error;

    #[inline]
    fn from_str(text: &str) -> Result<Self> {
        let (container, alias) = match text.split_once(':') {
            Some((container, alias)) => (container, Some(alias)),
            None => (text, None),
        };
        let fits = |part: &str| !part.is_empty() && !part.contains(|c: char| c == ':' || c.is_whitespace());
        if !fits(container) || !alias.is_none_or(fits) {
            return Err(refuse("link", text, "must be `container[:alias]`"));
        }
        Ok(Self { container: container.into(), alias: alias.map(Into::into) })
    }
}

impl TryFrom<(&str, &str)> for Link {
    type Error = Error;

    #[inline]
    fn try_from((container, alias): (&str, &str)) -> Result<Self> {
        if alias.is_empty() { container.parse() } else { format!("{container}:{alias}").parse() }
    }
}

impl fmt::Display for Link {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.container)?;
        self.alias.as_ref().map_or(Ok(()), |alias| write!(f, ":{alias}"))
    }
}

super::read_from_text!(ExtraHost, Link);
