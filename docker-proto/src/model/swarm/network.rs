//! How services and their tasks are connected.

use super::{Driver, ObjectVersion};
use crate::model::PortProtocol;
use crate::model::macros::{model, open_enum};
use alloc::string::String;

open_enum! {
    /// What the name of a service leads to.
    pub enum EndpointMode {
        /// One address, behind which connections are spread over its tasks.
        Vip = "vip",
        /// The addresses of its tasks. Its ports can only be published on hosts.
        Dnsrr = "dnsrr",
    }

    /// Where a port is published.
    pub enum PublishMode {
        /// On every node; any of them passes connections on to a task.
        Ingress = "ingress",
        /// On the nodes that run a task, straight to it.
        Host = "host",
    }
}

model! {
    /// How a service is to be reached.
    pub struct EndpointSpec {
        /// What its name leads to.
        mode: "Mode" EndpointMode,
        /// Ports to publish.
        ports: "Ports" [EndpointPortConfig],
    }

    /// A published port of a service.
    pub struct EndpointPortConfig {
        /// A name for it.
        name: "Name" String,
        /// Transport protocol.
        protocol: "Protocol" PortProtocol,
        /// Port inside the tasks.
        target_port: "TargetPort" u32,
        /// Port on the nodes; 0 has one assigned.
        published_port: "PublishedPort" u32,
        /// On which nodes; on all when unset.
        publish_mode: "PublishMode" PublishMode since 1.34,
    }

    /// An address of a service.
    pub struct EndpointVirtualIP {
        /// Id of the network.
        network_id: "NetworkID" String,
        /// Address there, in CIDR form.
        addr: "Addr" String,
    }

    /// A network that tasks join.
    pub struct NetworkAttachmentConfig {
        /// Its id or name; it must span the swarm.
        target: "Target" String,
        /// More names of the service there.
        aliases: "Aliases" [String] since 1.25,
        /// Options of the network's driver.
        driver_opts: "DriverOpts" {String} since 1.39,
    }

    /// The connection of a task to a network.
    pub struct NetworkAttachment {
        /// The network.
        network: "Network" SwarmNetwork,
        /// Addresses of the task there, in CIDR form.
        addresses: "Addresses" [String],
    }

    /// A network as swarms describe it, which is not the form that the network operations give.
    pub struct SwarmNetwork {
        /// Its id.
        id: "ID" String,
        /// Its version as an object of the swarm.
        version: "Version" ObjectVersion,
        /// Creation time, RFC 3339.
        created_at: "CreatedAt" String,
        /// Time of the last change, RFC 3339.
        updated_at: "UpdatedAt" String,
        /// The settings.
        spec: "Spec" SwarmNetworkSpec,
        /// The driver in use, with what it was assigned.
        driver_state: "DriverState" Driver,
        /// Subnets in use.
        ipam_options: "IPAMOptions" SwarmIPAMOptions,
    }

    /// Settings of a network of a swarm.
    pub struct SwarmNetworkSpec {
        /// Its name.
        name: "Name" String,
        /// Free metadata.
        labels: "Labels" {String},
        /// The driver asked for.
        driver_configuration: "DriverConfiguration" Driver,
        /// Whether it has IPv6.
        ipv6_enabled: "IPv6Enabled" bool,
        /// Whether it has no way out.
        internal: "Internal" bool,
        /// Whether containers outside services may join.
        attachable: "Attachable" bool,
        /// Whether it carries the ports published on every node.
        ingress: "Ingress" bool,
        /// Subnets asked for.
        ipam_options: "IPAMOptions" SwarmIPAMOptions,
        /// How far it reaches.
        scope: "Scope" String,
    }

    /// Subnets of a network of a swarm.
    pub struct SwarmIPAMOptions {
        /// Who manages the addresses.
        driver: "Driver" Driver,
        /// The subnets.
        configs: "Configs" [SwarmIPAMConfig],
    }

    /// A subnet of a network of a swarm.
    pub struct SwarmIPAMConfig {
        /// The subnet, in CIDR form.
        subnet: "Subnet" String,
        /// The part of it that addresses are taken from, in CIDR form.
        range: "Range" String,
        /// Its gateway.
        gateway: "Gateway" String,
    }
}
