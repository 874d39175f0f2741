//! Networks. How containers are connected to them is in `endpoint`.

use super::EndpointSettings;
use super::macros::model;
use alloc::string::String;

/// The fields that a listing and an inspect of networks have in common.
macro_rules! with_network {
    ($(#[$meta:meta])* pub struct $name:ident { $($own:tt)* }) => {
        model! {
            $(#[$meta])*
            pub struct $name {
                /// Its name; several networks can have the same.
                name: "Name" String,
                /// Its id.
                id: "Id" String,
                /// When it was made, RFC 3339.
                created: "Created" String since 1.25,
                /// How far it reaches: `local`, `global` or `swarm`.
                scope: "Scope" String,
                /// Its driver.
                driver: "Driver" String,
                /// It has IPv4.
                enable_ipv4: "EnableIPv4" bool since 1.48,
                /// It has IPv6.
                enable_ipv6: "EnableIPv6" bool,
                /// Where its addresses come from.
                ipam: "IPAM" IPAM,
                /// Nothing outside can be reached from it.
                internal: "Internal" bool,
                /// Containers can join it by themselves; networks of a swarm.
                attachable: "Attachable" bool since 1.27,
                /// It carries the published ports of a swarm.
                ingress: "Ingress" bool since 1.29,
                /// The network that holds its settings.
                config_from: "ConfigFrom" ConfigReference since 1.30,
                /// It only holds settings for others; nothing can join it.
                config_only: "ConfigOnly" bool since 1.30,
                /// Options of its driver.
                options: "Options" {String},
                /// Labels.
                labels: "Labels" {String},
                /// The other nodes it spans; networks of a swarm.
                peers: "Peers" [PeerInfo] since 1.41,
                $($own)*
            }
        }
    };
}

/// What every answer about networks tells.
pub type Network = NetworkSummary;

with_network! {
    /// One row of a listing of networks.
    pub struct NetworkSummary {
        /// The endpoints in it, by container id; not in listings since API 1.28.
        containers: "Containers" {EndpointResource} until 1.51,
    }
}

with_network! {
    /// Everything an engine tells about one network.
    pub struct NetworkInspect {
        /// The endpoints in it, by container id; those of this engine only.
        containers: "Containers" {EndpointResource},
        /// The services in it, by name; only when asked for, and networks of a swarm.
        services: "Services" {ServiceInfo} since 1.52,
        /// How full it is.
        status: "Status" NetworkStatus since 1.52,
    }
}

model! {
    /// Where the addresses of a network come from.
    pub struct IPAM {
        /// The driver that gives them; `default` is built in.
        driver: "Driver" String,
        /// Its subnets.
        config: "Config" [IPAMConfig],
        /// Options of the driver.
        options: "Options" {String},
    }

    /// One subnet.
    pub struct IPAMConfig {
        /// The subnet, in CIDR form.
        subnet: "Subnet" String,
        /// The part of it that containers get addresses from, in CIDR form.
        ip_range: "IPRange" String,
        /// Address of its gateway.
        gateway: "Gateway" String,
        /// Addresses that are taken, by the name of who has them.
        auxiliary_addresses: "AuxiliaryAddresses" {String},
    }

    /// How full a network is.
    pub struct NetworkStatus {
        /// Its addresses.
        ipam: "IPAM" IPAMStatus since 1.52,
    }

    /// How many addresses of a network are taken.
    pub struct IPAMStatus {
        /// Each subnet, by its CIDR form.
        subnets: "Subnets" {SubnetStatus} since 1.52,
    }

    /// How many addresses of a subnet are taken.
    pub struct SubnetStatus {
        /// Taken, or not to be given; the highest number also stands for more.
        ips_in_use: "IPsInUse" u64 since 1.52,
        /// Free for containers; the highest number also stands for more.
        dynamic_ips_available: "DynamicIPsAvailable" u64 since 1.52,
    }

    /// An endpoint in a network.
    pub struct EndpointResource {
        /// Name of the container.
        name: "Name" String since 1.30,
        /// Id of the endpoint.
        endpoint_id: "EndpointID" String,
        /// MAC address.
        mac_address: "MacAddress" String,
        /// IPv4 address with the length of its prefix; empty when there is none.
        ipv4_address: "IPv4Address" String,
        /// IPv6 address with the length of its prefix; empty when there is none.
        ipv6_address: "IPv6Address" String,
    }

    /// A service of a swarm, as seen from a network.
    pub struct ServiceInfo {
        /// Its virtual address; empty when it has none.
        vip: "VIP" String since 1.52,
        /// Its published ports, for people.
        ports: "Ports" [String] since 1.52,
        /// Mark by which packets to its virtual address find their load balancer.
        local_lb_index: "LocalLBIndex" i64 since 1.52,
        /// Its tasks.
        tasks: "Tasks" [NetworkTaskInfo] since 1.52,
    }

    /// A task of a service, as seen from a network.
    pub struct NetworkTaskInfo {
        /// Its name.
        name: "Name" String since 1.52,
        /// Id of its endpoint.
        endpoint_id: "EndpointID" String since 1.52,
        /// Address of its endpoint.
        endpoint_ip: "EndpointIP" String since 1.52,
        /// Facts about it, such as `Host IP`.
        info: "Info" {String} since 1.52,
    }

    /// Another node that a network spans.
    pub struct PeerInfo {
        /// Its name.
        name: "Name" String since 1.41,
        /// Its address.
        ip: "IP" String since 1.41,
    }

    /// The network that holds the settings of another.
    pub struct ConfigReference {
        /// Its name.
        network: "Network" String since 1.30,
    }

    /// A network to make.
    pub struct NetworkCreateRequest {
        /// Its name.
        name: "Name" String,
        /// Its driver; `bridge` on Linux if there is none.
        driver: "Driver" String,
        /// How far it shall reach: `local` or `swarm`; what the driver does if there is none.
        scope: "Scope" String since 1.30,
        /// Lets nothing outside be reached from it.
        internal: "Internal" bool,
        /// Lets containers join it by themselves; networks of a swarm.
        attachable: "Attachable" bool since 1.27,
        /// Lets it carry the published ports of a swarm.
        ingress: "Ingress" bool since 1.29,
        /// Only holds settings for others; nothing can join it.
        config_only: "ConfigOnly" bool since 1.30,
        /// Takes its settings from another.
        config_from: "ConfigFrom" ConfigReference since 1.30,
        /// Where its addresses come from.
        ipam: "IPAM" IPAM,
        /// Gives it IPv4, which is the default.
        enable_ipv4: "EnableIPv4" bool since 1.48,
        /// Gives it IPv6.
        enable_ipv6: "EnableIPv6" bool,
        /// Options for its driver.
        options: "Options" {String},
        /// Labels.
        labels: "Labels" {String},
        /// Refuses a name that is taken; newer engines always do.
        check_duplicate: "CheckDuplicate" bool until 1.45,
    }

    /// What making a network gives.
    pub struct NetworkCreateResponse {
        /// Its id.
        id: "Id" String,
        /// What the engine has to say about it, for people; mostly empty.
        warning: "Warning" String,
    }

    /// A container to connect to a network.
    pub struct NetworkConnectRequest {
        /// Id or name of the container.
        container: "Container" String,
        /// How it is connected.
        endpoint_config: "EndpointConfig" EndpointSettings,
    }

    /// A container to disconnect from a network.
    pub struct NetworkDisconnectRequest {
        /// Id or name of the container.
        container: "Container" String,
        /// Also when the container is no longer there.
        force: "Force" bool,
    }

    /// What removing unused networks did.
    pub struct NetworkPruneResponse {
        /// Names of the networks that are gone.
        networks_deleted: "NetworksDeleted" [String] since 1.26,
        /// The same, under a name that one version documents.
        volumes_deleted: "VolumesDeleted" [String] since 1.25 until 1.25,
    }
}
