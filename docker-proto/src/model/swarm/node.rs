//! The nodes of a swarm.

use super::{ObjectVersion, ResourceObject, TLSInfo};
use crate::model::Topology;
use crate::model::macros::{model, open_enum};
use alloc::string::String;

open_enum! {
    /// The part a node plays.
    pub enum NodeRole {
        /// It runs tasks.
        Worker = "worker",
        /// It also keeps the state of the swarm.
        Manager = "manager",
    }

    /// Whether a node takes tasks.
    pub enum NodeAvailability {
        /// It does.
        Active = "active",
        /// It keeps those it has and takes no more.
        Pause = "pause",
        /// It takes none, and those it has move elsewhere.
        Drain = "drain",
    }

    /// Whether managers hear from a node.
    pub enum NodeState {
        /// Nobody knows.
        Unknown = "unknown",
        /// It is silent.
        Down = "down",
        /// It reports and can run tasks.
        Ready = "ready",
        /// It was down and is about to come back.
        Disconnected = "disconnected",
    }

    /// Whether the other managers reach a manager.
    pub enum Reachability {
        /// Nobody knows.
        Unknown = "unknown",
        /// They do not.
        Unreachable = "unreachable",
        /// They do.
        Reachable = "reachable",
    }
}

model! {
    /// A node of a swarm.
    pub struct Node {
        /// Its id.
        id: "ID" String,
        /// Number that an update must name.
        version: "Version" ObjectVersion,
        /// Time it joined, RFC 3339.
        created_at: "CreatedAt" String,
        /// Time of the last change, RFC 3339.
        updated_at: "UpdatedAt" String,
        /// The settings.
        spec: "Spec" NodeSpec,
        /// What it says of itself.
        description: "Description" NodeDescription,
        /// How it is, as managers see it.
        status: "Status" NodeStatus since 1.32,
        /// How it is as a manager; managers only.
        manager_status: "ManagerStatus" ManagerStatus since 1.32,
    }

    /// Settings of a node. An update replaces all of them: start from those that an inspect gave.
    pub struct NodeSpec {
        /// Its name.
        name: "Name" String,
        /// Free metadata; tasks can be placed by it.
        labels: "Labels" {String},
        /// Its part.
        role: "Role" NodeRole,
        /// Whether it takes tasks.
        availability: "Availability" NodeAvailability,
    }

    /// What a node says of itself.
    pub struct NodeDescription {
        /// Its host name.
        hostname: "Hostname" String,
        /// Processor and operating system.
        platform: "Platform" Platform,
        /// What tasks can claim there.
        resources: "Resources" ResourceObject,
        /// Its engine.
        engine: "Engine" EngineDescription,
        /// Certificates it trusts.
        tls_info: "TLSInfo" TLSInfo since 1.30,
        /// Storage plugins it runs.
        csi_info: "CSIInfo" [NodeCSIInfo],
    }

    /// A storage plugin on a node.
    pub struct NodeCSIInfo {
        /// Its name.
        plugin_name: "PluginName" String,
        /// The node's id as the plugin has it.
        node_id: "NodeID" String,
        /// Most volumes it can publish there.
        max_volumes_per_node: "MaxVolumesPerNode" i64,
        /// Where the node is, in the plugin's terms.
        accessible_topology: "AccessibleTopology" Topology,
    }

    /// A processor architecture and an operating system.
    pub struct Platform {
        /// The architecture, such as `x86_64`.
        architecture: "Architecture" String,
        /// The operating system, such as `linux`.
        os: "OS" String,
    }

    /// The engine of a node.
    pub struct EngineDescription {
        /// Its version.
        engine_version: "EngineVersion" String,
        /// Labels set in its configuration.
        labels: "Labels" {String},
        /// Its plugins, built-in ones included.
        plugins: "Plugins" [EnginePlugin],
    }

    /// A plugin of an engine.
    pub struct EnginePlugin {
        /// What it is for: `Volume`, `Network`, `Log`.
        kind: "Type" String,
        /// Its name.
        name: "Name" String,
    }

    /// How a node is.
    pub struct NodeStatus {
        /// Whether it is heard from.
        state: "State" NodeState since 1.32,
        /// Why, for people.
        message: "Message" String since 1.32,
        /// Its address.
        addr: "Addr" String since 1.32,
    }

    /// How a manager is.
    pub struct ManagerStatus {
        /// True for the one that leads.
        leader: "Leader" bool since 1.32,
        /// Whether the others reach it.
        reachability: "Reachability" Reachability since 1.32,
        /// Its address and port.
        addr: "Addr" String since 1.32,
    }
}
