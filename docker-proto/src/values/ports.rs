//! Port specifications: `[[address:][host[-host]]:]port[-port][/protocol]`.

use super::refuse;
use crate::model::{PortBinding, PortProtocol};
use crate::{Error, Result};
use alloc::format;
use alloc::string::{String, ToString};
use core::fmt;
use core::net::IpAddr;
use core::str::FromStr;

const WHAT: &str = "port";
const FORM: &str = "must be `[[address:][host[-host]]:]port[-port][/tcp|udp|sctp]`";

/// One port or several in a row, 0 to 65535; `first` is not above `last`.
///
/// ```
/// use docker_proto::values::PortRange;
///
/// let range: PortRange = "8000-8003".parse()?;
/// assert_eq!((range.first(), range.last(), range.len()), (8000, 8003, 4));
/// assert_eq!(PortRange::from(80).to_string(), "80");
/// # Ok::<(), docker_proto::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PortRange {
    first: u16,
    last: u16,
}

#[allow(clippy::len_without_is_empty)] // a range holds one port at least
impl PortRange {
    /// The lowest port.
    #[must_use]
    #[inline]
    pub const fn first(self) -> u16 {
        self.first
    }

    /// The highest port.
    #[must_use]
    #[inline]
    pub const fn last(self) -> u16 {
        self.last
    }

    /// How many ports: 1 to 65536.
    #[must_use]
    #[inline]
    pub const fn len(self) -> usize {
        self.last as usize - self.first as usize + 1
    }

    /// The ports in order.
    #[inline]
    pub fn iter(self) -> impl Iterator<Item = u16> {
        self.first..=self.last
    }
}

impl From<u16> for PortRange {
    #[inline]
    fn from(port: u16) -> Self {
        Self { first: port, last: port }
    }
}

impl FromStr for PortRange {
    type Err = Error;

    #[inline]
    fn from_str(text: &str) -> Result<Self> {
        range(text).map_err(|rule| refuse(WHAT, text, rule))
    }
}

#[inline]
fn range(text: &str) -> Result<PortRange, &'static str> {
    let number = |part: &str| {
        if part.is_empty() || !part.bytes().all(|b| b.is_ascii_digit()) {
            return Err(FORM);
        }
        part.parse::<u16>().map_err(|_| "a port must be at most 65535")
    };
    let (first, last) = match text.split_once('-') {
        Some((first, last)) => (number(first)?, number(last)?),
        None => (number(text)?, number(text)?),
    };
    if first > last {
        return Err("a range must not end below its begin");
    }
    Ok(PortRange { first, last })
}

impl fmt::Display for PortRange {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.first == self.last { write!(f, "{}", self.first) } else { write!(f, "{}-{}", self.first, self.last) }
    }
}

/// Ports of a container and where they are published.
///
/// The ports of the container are published on as many ports of the host, in order; one port of the container may have a
/// range of the host, of which the engine picks one that is free. Without ports of the host, or with 0, the engine picks
/// any free one. An IPv6 address may stand in brackets, as it does when displayed; without them, the last two parts are
/// the ports. The grammar is docker-py's: unlike the docker command line it refuses `:80`.
///
/// ```
/// use docker_proto::values::PortSpec;
///
/// let spec: PortSpec = "[::1]:8080-8081:80-81/udp".parse()?;
/// let ports: Vec<_> = spec.bindings().map(|(port, on)| (port, on.host_ip.unwrap(), on.host_port.unwrap())).collect();
/// assert_eq!(ports[0], ("80/udp".to_string(), "::1".to_string(), "8080".to_string()));
/// assert_eq!(ports[1].2, "8081");
/// assert!("1000:2000-2002".parse::<PortSpec>().is_err());
/// # Ok::<(), docker_proto::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PortSpec {
    address: Option<IpAddr>,
    host: Option<PortRange>,
    container: PortRange,
    protocol: PortProtocol,
}

impl PortSpec {
    /// The address of the host, if one was written.
    #[must_use]
    #[inline]
    pub const fn address(&self) -> Option<IpAddr> {
        self.address
    }

    /// The ports of the host, if they were written.
    #[must_use]
    #[inline]
    pub const fn host(&self) -> Option<PortRange> {
        self.host
    }

    /// The ports of the container.
    #[must_use]
    #[inline]
    pub const fn container(&self) -> PortRange {
        self.container
    }

    /// The protocol; TCP if none was written.
    #[must_use]
    #[inline]
    pub const fn protocol(&self) -> &PortProtocol {
        &self.protocol
    }

    /// The ports of the container as the API writes them: `80/tcp`.
    #[inline]
    pub fn exposed(&self) -> impl Iterator<Item = String> {
        self.container.iter().map(move |port| format!("{port}/{}", self.protocol))
    }

    /// Each port of the container and what it is bound to. Address and port are set always, to the empty text where
    /// the engine is to choose: it deprecates leaving them out.
    #[inline]
    pub fn bindings(&self) -> impl Iterator<Item = (String, PortBinding)> {
        let address = self.address.map(|ip| ip.to_string()).unwrap_or_default();
        self.exposed().enumerate().map(move |(at, port)| {
            let host = match self.host {
                None => String::new(),
                Some(range) if self.container.len() == 1 => range.to_string(),
                // Both ranges are of one length, so this is within the range.
                Some(range) => (usize::from(range.first) + at).to_string(),
            };
            (port, PortBinding::new().host_ip(&*address).host_port(host))
        })
    }
}

impl FromStr for PortSpec {
    type Err = Error;

    #[inline]
    fn from_str(text: &str) -> Result<Self> {
        let refuse = |rule: &str| refuse(WHAT, text, rule);
        let (ports, protocol) = text.split_once('/').unwrap_or((text, "tcp"));
        let protocol = PortProtocol::from(protocol);
        if matches!(protocol, PortProtocol::Other(_)) {
            return Err(refuse("the protocol must be `tcp`, `udp` or `sctp`"));
        }
        let mut parts = ports.rsplitn(3, ':');
        let container = range(parts.next().unwrap_or_default()).map_err(refuse)?;
        if container.first == 0 {
            return Err(refuse("port 0 of a container cannot be reached"));
        }
        let (host, address) = match (parts.next(), parts.next()) {
            (None, _) => (None, None),
            (Some(host), None) => (Some(range(host).map_err(refuse)?), None),
            (Some(host), Some(address)) => {
                let host = if host.is_empty() { None } else { Some(range(host).map_err(refuse)?) };
                let bare = address.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
                let address: IpAddr =
                    bare.unwrap_or(address).parse().map_err(|_| refuse("the address must be an IP address"))?;
                if bare.is_some() && address.is_ipv4() {
                    return Err(refuse("only IPv6 addresses stand in brackets"));
                }
                (host, Some(address))
            }
        };
        if container.len() > 1 && host.is_some_and(|host| host.len() != container.len()) {
            return Err(refuse("both ranges must be of one length"));
        }
        Ok(Self { address, host, container, protocol })
    }
}

impl fmt::Display for PortSpec {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.address {
            Some(IpAddr::V6(address)) => write!(f, "[{address}]:")?,
            Some(IpAddr::V4(address)) => write!(f, "{address}:")?,
            None => {}
        }
        match self.host {
            Some(host) => write!(f, "{host}:")?,
            None if self.address.is_some() => f.write_str(":")?,
            None => {}
        }
        write!(f, "{}", self.container)?;
        if self.protocol == PortProtocol::Tcp { Ok(()) } else { write!(f, "/{}", self.protocol) }
    }
}

super::read_from_text!(PortRange, PortSpec);

impl From<u16> for PortSpec {
    /// That port of the container on any port of the host.
    #[inline]
    fn from(port: u16) -> Self {
        Self { address: None, host: None, container: port.into(), protocol: PortProtocol::Tcp }
    }
}
