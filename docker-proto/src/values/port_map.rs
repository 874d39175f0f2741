//! Exposed ports and bindings, collected from many specifications.

use super::{PortSpec, refuse};
use crate::model::{Keys, PortBinding};
use crate::{Error, Result};
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt::Display;

/// Where a port of a container is published: a port of the host, or an address and a port. [`HostPort::ANY`] lets the
/// engine choose.
///
/// ```
/// use docker_proto::values::{HostPort, PortMap};
///
/// let ports = PortMap::new()
///     .bind(80, 8080)?
///     .bind("53/udp", ("127.0.0.1", 5353))?
///     .bind(443, HostPort::ANY)?;
/// assert_eq!(ports.bindings()["53/udp"][0].host_ip.as_deref(), Some("127.0.0.1"));
/// # Ok::<(), docker_proto::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HostPort {
    address: String,
    port: String,
}

impl HostPort {
    /// Any address and any free port.
    pub const ANY: Self = Self { address: String::new(), port: String::new() };

    /// Any free port of an address.
    #[must_use]
    #[inline]
    pub fn any_of(address: impl Into<String>) -> Self {
        Self { address: address.into(), port: String::new() }
    }
}

impl From<u16> for HostPort {
    #[inline]
    fn from(port: u16) -> Self {
        Self { address: String::new(), port: port.to_string() }
    }
}

impl From<&str> for HostPort {
    /// A port or range, not an address.
    #[inline]
    fn from(port: &str) -> Self {
        Self { address: String::new(), port: port.into() }
    }
}

impl<A: Into<String>> From<(A, u16)> for HostPort {
    #[inline]
    fn from((address, port): (A, u16)) -> Self {
        Self { address: address.into(), port: port.to_string() }
    }
}

impl From<PortBinding> for HostPort {
    #[inline]
    fn from(binding: PortBinding) -> Self {
        Self { address: binding.host_ip.unwrap_or_default(), port: binding.host_port.unwrap_or_default() }
    }
}

/// Which ports a container exposes, and where they are published. Nothing that is added takes away what was there, and
/// what is added twice counts once.
///
/// ```
/// use docker_proto::values::PortMap;
///
/// let ports = PortMap::new().publish("127.0.0.1:8080:80")?.publish("8081:80")?.expose("9000-9001/udp")?;
/// assert_eq!(ports.bindings()["80/tcp"].len(), 2);
/// assert_eq!(ports.exposed().iter().collect::<Vec<_>>(), ["80/tcp", "9000/udp", "9001/udp"]);
/// # Ok::<(), docker_proto::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PortMap {
    exposed: Keys,
    bindings: BTreeMap<String, Vec<PortBinding>>,
}

impl PortMap {
    /// No ports.
    #[must_use]
    #[inline]
    pub fn new() -> Self {
        Self::default()
    }

    /// Exposes and binds the ports of a specification.
    ///
    /// # Errors
    /// What [`PortSpec`] refuses.
    #[inline]
    pub fn publish(mut self, spec: impl TryInto<PortSpec, Error: Into<Error>>) -> Result<Self> {
        let spec: PortSpec = spec.try_into().map_err(Into::into)?;
        for (port, binding) in spec.bindings() {
            self.add(port, binding);
        }
        Ok(self)
    }

    /// Exposes ports without binding them: `80`, `8000-8010/udp`.
    ///
    /// # Errors
    /// What [`PortSpec`] refuses, and a port of the host.
    #[inline]
    pub fn expose(mut self, ports: impl Display) -> Result<Self> {
        let spec = container_ports(&ports.to_string())?;
        self.exposed.extend(spec.exposed());
        Ok(self)
    }

    /// Exposes a port of the container (`80`, `53/udp`) and binds it to a port of the host; may be repeated.
    ///
    /// # Errors
    /// A range or no port of the container; a port of the host that is no port or range, an address that is none.
    #[inline]
    pub fn bind(self, port: impl Display, on: impl Into<HostPort>) -> Result<Self> {
        let port = port.to_string();
        let HostPort { address, port: host } = on.into();
        if container_ports(&port)?.container().len() > 1 {
            return Err(refuse("port", &port, "must be one port of the container"));
        }
        if host.contains(':') {
            return Err(refuse("port of the host", &host, "must be a port or a range, without an address"));
        }
        // The whole is read as one specification, which has all the rules.
        let spec = match (&*address, &*host) {
            ("", "") => port,
            ("", host) => format!("{host}:{port}"),
            (address, host) if address.contains(':') && !address.starts_with('[') => {
                format!("[{address}]:{host}:{port}")
            }
            (address, host) => format!("{address}:{host}:{port}"),
        };
        self.publish(&*spec)
    }

    #[inline]
    fn add(&mut self, port: String, binding: PortBinding) {
        self.exposed.extend([&*port]);
        let bindings = self.bindings.entry(port).or_default();
        if !bindings.contains(&binding) {
            bindings.push(binding);
        }
    }

    /// The exposed ports.
    #[must_use]
    #[inline]
    pub const fn exposed(&self) -> &Keys {
        &self.exposed
    }

    /// The bindings, by port of the container.
    #[must_use]
    #[inline]
    pub const fn bindings(&self) -> &BTreeMap<String, Vec<PortBinding>> {
        &self.bindings
    }

    /// Both, as the bodies of the API have them.
    #[must_use]
    #[inline]
    pub fn into_parts(self) -> (Keys, BTreeMap<String, Vec<PortBinding>>) {
        (self.exposed, self.bindings)
    }
}

/// A specification without ports of the host.
#[inline]
fn container_ports(text: &str) -> Result<PortSpec> {
    let spec: PortSpec = text.parse()?;
    if spec.host().is_some() || spec.address().is_some() {
        return Err(refuse("port", text, "must be a port of the container alone"));
    }
    Ok(spec)
}
