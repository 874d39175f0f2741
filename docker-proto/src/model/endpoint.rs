//! How containers are connected to networks.

use super::PortBinding;
use super::macros::model;
use alloc::string::String;
use alloc::vec::Vec;

model! {
    /// The networks a new container joins.
    pub struct NetworkingConfig {
        /// Endpoints to make, by name or id of the network.
        endpoints_config: "EndpointsConfig" {EndpointSettings},
    }

    /// The connection of a container to a network.
    pub struct EndpointSettings {
        /// Addresses asked for.
        ipam_config: "IPAMConfig" EndpointIPAMConfig,
        /// Links to other containers there, as `name:alias`.
        links: "Links" [String],
        /// MAC address; asks for it when sent, tells it in answers.
        mac_address: "MacAddress" String,
        /// More names of the container there.
        aliases: "Aliases" [String],
        /// Options of the network's driver.
        driver_opts: "DriverOpts" {String} since 1.32,
        /// Rank as default gateway: the highest wins, 0 is the default.
        gw_priority: "GwPriority" i64 since 1.48,
        /// Id of the network.
        network_id: "NetworkID" String,
        /// Id of the endpoint.
        endpoint_id: "EndpointID" String,
        /// IPv4 gateway.
        gateway: "Gateway" String,
        /// IPv4 address; empty when there is none.
        ip_address: "IPAddress" String,
        /// Prefix length of the IPv4 subnet.
        ip_prefix_len: "IPPrefixLen" i64,
        /// IPv6 gateway.
        ipv6_gateway: "IPv6Gateway" String,
        /// IPv6 address; empty when there is none.
        global_ipv6_address: "GlobalIPv6Address" String,
        /// Prefix length of the IPv6 subnet.
        global_ipv6_prefix_len: "GlobalIPv6PrefixLen" i64,
        /// Names under which others there find the container.
        dns_names: "DNSNames" [String] since 1.44,
    }

    /// Addresses asked for.
    pub struct EndpointIPAMConfig {
        /// IPv4 address.
        ipv4_address: "IPv4Address" String,
        /// IPv6 address.
        ipv6_address: "IPv6Address" String,
        /// Link-local addresses.
        link_local_ips: "LinkLocalIPs" [String],
    }

    /// The network state of a container.
    pub struct NetworkSettings {
        /// Id of its network namespace.
        sandbox_id: "SandboxID" String,
        /// Path of its network namespace.
        sandbox_key: "SandboxKey" String,
        /// Its ports and where they are published; an empty list is exposed only.
        ports: "Ports" {Vec<PortBinding>},
        /// Its endpoints, by network name.
        networks: "Networks" {EndpointSettings},
        /// Legacy address.
        address: "Address" String since 1.25 until 1.31,
        /// Name of the default bridge.
        bridge: "Bridge" String until 1.51,
        /// Id of its endpoint on the default bridge.
        endpoint_id: "EndpointID" String since 1.32 until 1.51,
        /// IPv4 gateway on the default bridge.
        gateway: "Gateway" String until 1.51,
        /// IPv6 address on the default bridge.
        global_ipv6_address: "GlobalIPv6Address" String since 1.32 until 1.51,
        /// Prefix length of that address.
        global_ipv6_prefix_len: "GlobalIPv6PrefixLen" i64 since 1.32 until 1.51,
        /// Whether the bridge sends packets back to where they came from.
        hairpin_mode: "HairpinMode" bool since 1.32 until 1.51,
        /// IPv4 address on the default bridge.
        ip_address: "IPAddress" String since 1.32 until 1.51,
        /// Prefix length of that address.
        ip_prefix_len: "IPPrefixLen" i64 until 1.51,
        /// IPv6 gateway on the default bridge.
        ipv6_gateway: "IPv6Gateway" String since 1.32 until 1.51,
        /// Link-local IPv6 address.
        link_local_ipv6_address: "LinkLocalIPv6Address" String since 1.32 until 1.51,
        /// Prefix length of that address.
        link_local_ipv6_prefix_len: "LinkLocalIPv6PrefixLen" i64 since 1.32 until 1.51,
        /// MAC address on the default bridge.
        mac_address: "MacAddress" String until 1.51,
        /// Legacy port mapping.
        port_mapping: "PortMapping" String since 1.25 until 1.31,
        /// Further IPv4 addresses.
        secondary_ip_addresses: "SecondaryIPAddresses" [Address] since 1.32 until 1.51,
        /// Further IPv6 addresses.
        secondary_ipv6_addresses: "SecondaryIPv6Addresses" [Address] since 1.32 until 1.51,
    }

    /// An address and its prefix.
    pub struct Address {
        /// The address.
        addr: "Addr" String since 1.32,
        /// Length of the prefix.
        prefix_len: "PrefixLen" i64 since 1.32,
    }
}
