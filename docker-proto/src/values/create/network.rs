//! Ports, networks and names.

use super::{CreateOptions, add, pairs, plain, read};
use crate::model::{EndpointIPAMConfig, EndpointSettings, NetworkingConfig};
use crate::values::{ExtraHost, HostPort, Link, PortMap, PortSpec};
use crate::{Error, Result};
use alloc::string::{String, ToString};
use core::fmt::Display;
use core::net::{Ipv4Addr, Ipv6Addr};

/// ```
/// use docker_proto::values::CreateOptions;
///
/// let body = CreateOptions::new("alpine")
///     .publish("8080:80")
///     .bind_port("53/udp", ("127.0.0.1", 5353))
///     .expose(9000)
///     .network("backend")
///     .network_alias("db")
///     .add_host("api:10.0.0.7")
///     .create()?
///     .body;
/// assert_eq!(body.exposed_ports.len(), 3);
/// assert_eq!(body.networking_config.unwrap().endpoints_config["backend"].aliases, ["db"]);
/// # Ok::<(), docker_proto::Error>(())
/// ```
impl CreateOptions {
    /// Publishes ports: `[[address:][host[-host]]:]port[-port][/protocol]`; see [`PortSpec`].
    #[inline]
    pub fn publish(self, spec: impl TryInto<PortSpec, Error: Into<Error>>) -> Self {
        self.ports("publish", |ports| ports.publish(spec))
    }

    /// Publishes one port of the container, by values.
    #[inline]
    pub fn bind_port(self, port: impl Display, on: impl Into<HostPort>) -> Self {
        self.ports("bind_port", |ports| ports.bind(port, on))
    }

    /// Exposes ports without publishing them: `80`, `8000-8010/udp`.
    #[inline]
    pub fn expose(self, ports: impl Display) -> Self {
        self.ports("expose", |map| map.expose(ports))
    }

    #[inline]
    fn ports(mut self, option: &str, add: impl FnOnce(PortMap) -> Result<PortMap>) -> Self {
        match add(core::mem::take(&mut self.ports)) {
            Ok(ports) => self.ports = ports,
            Err(e) => self.fail(option, &e),
        }
        self
    }

    /// The network it joins: `bridge`, `host`, `none`, `container:<id>` or a network's name. Its other settings are
    /// [`network_alias`](Self::network_alias), [`ip`](Self::ip) and those beside them.
    #[inline]
    pub fn network(mut self, network: impl Into<String>) -> Self {
        self.host.network_mode = Some(network.into());
        self
    }

    /// Joins a network with settings of its own; may be repeated for others. Without [`network`](Self::network), the
    /// first by name becomes the main one. Several need API 1.44.
    #[inline]
    pub fn endpoint(mut self, network: impl Into<String>, settings: EndpointSettings) -> Self {
        self.endpoints.insert(network.into(), settings);
        self
    }

    /// IPv4 address in its network.
    #[inline]
    pub fn ip(mut self, address: impl Into<Ipv4Addr>) -> Self {
        self.ipam().ipv4_address = Some(address.into().to_string());
        self
    }

    /// IPv6 address in its network.
    #[inline]
    pub fn ip6(mut self, address: impl Into<Ipv6Addr>) -> Self {
        self.ipam().ipv6_address = Some(address.into().to_string());
        self
    }

    /// Adds a link-local address in its network.
    #[inline]
    pub fn link_local_ip(mut self, address: impl Into<core::net::IpAddr>) -> Self {
        self.ipam().link_local_ips.push(address.into().to_string());
        self
    }

    #[inline]
    fn ipam(&mut self) -> &mut EndpointIPAMConfig {
        self.endpoint.ipam_config.get_or_insert_default()
    }

    /// MAC address, as a setting of the container; API 1.51 is the last to have it.
    #[inline]
    pub fn mac_address(mut self, address: impl Into<String>) -> Self {
        self.body.mac_address = Some(address.into());
        self
    }

    /// MAC address in its network; engines heed it from API 1.44.
    #[inline]
    pub fn endpoint_mac_address(mut self, address: impl Into<String>) -> Self {
        self.endpoint.mac_address = Some(address.into());
        self
    }

    /// Adds a line to `/etc/hosts`: `name:address`, or `(name, address)`; the address may be `host-gateway`.
    #[inline]
    pub fn add_host(mut self, host: impl TryInto<ExtraHost, Error: Into<Error>>) -> Self {
        if let Some(host) = self.read::<ExtraHost>("add_host", host) {
            self.host.extra_hosts.push(host.to_string());
        }
        self
    }

    /// Gives the main network the settings that were made for it.
    #[inline]
    pub(super) fn join_networks(&mut self) {
        let first = self.endpoints.keys().next().cloned();
        if self.host.network_mode.is_none() {
            self.host.network_mode = first;
        }
        let endpoint = core::mem::take(&mut *self.endpoint);
        if endpoint != EndpointSettings::new() {
            // `check` saw to it that there is a network, and that it has no settings of its own.
            let network = self.host.network_mode.clone().unwrap_or_else(|| "bridge".into());
            self.endpoints.insert(network, endpoint);
        }
        if !self.endpoints.is_empty() {
            let endpoints = core::mem::take(&mut self.endpoints);
            self.body.networking_config = Some(NetworkingConfig::new().endpoints_config(endpoints));
        }
    }
}

plain! {
    /// Publishes each exposed port on a free port of the host.
    publish_all(bool) => host.publish_all_ports;
    /// Leaves it without any network.
    network_disabled(bool) => body.network_disabled;
}

add! {
    /// Adds a name of it in its network.
    network_alias => endpoint.aliases;
    /// Adds the address of a name server.
    dns => host.dns;
    /// Adds an option of the resolver.
    dns_option => host.dns_options;
    /// Adds a domain the resolver tries.
    dns_search => host.dns_search;
}

read! {
    /// Adds a link to another container: `name[:alias]`, or `(name, alias)`.
    link(Link) => |o, link| o.host.links.push(link.to_string());
}

pairs! {
    /// Adds an option of its network's driver. Since API 1.32.
    driver_opt => |o, pair| o.endpoint.driver_opts.insert(pair.name, pair.value);
}
