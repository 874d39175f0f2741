//! Tasks: what a service runs on one node, and what became of it.

use super::{
    ContainerSpec, Driver, EndpointPortConfig, NetworkAttachment, NetworkAttachmentConfig, ObjectVersion, Platform,
};
use crate::model::macros::{model, open_enum};
use alloc::string::String;

open_enum! {
    /// The state of a task. It moves down this list and never back.
    pub enum TaskState {
        /// Made.
        New = "new",
        /// It has what the swarm gives it, such as addresses.
        Allocated = "allocated",
        /// It waits for a node.
        Pending = "pending",
        /// A node was chosen.
        Assigned = "assigned",
        /// The node has taken it.
        Accepted = "accepted",
        /// The node gets the image and what else it needs.
        Preparing = "preparing",
        /// It could start.
        Ready = "ready",
        /// It starts.
        Starting = "starting",
        /// It runs.
        Running = "running",
        /// It ended without an error.
        Complete = "complete",
        /// It was asked to end.
        Shutdown = "shutdown",
        /// It ended with an error.
        Failed = "failed",
        /// The node could not run it.
        Rejected = "rejected",
        /// It is to be removed once it has ended, since API 1.37.
        Remove = "remove",
        /// Its node was silent for too long, since API 1.37.
        Orphaned = "orphaned",
    }

    /// When a task is replaced by a new one.
    pub enum TaskRestartCondition {
        /// Never.
        None = "none",
        /// When it ended with an error.
        OnFailure = "on-failure",
        /// Whenever it ended.
        Any = "any",
    }
}

model! {
    /// A task of a service.
    pub struct Task {
        /// Its id.
        id: "ID" String,
        /// Its version as an object of the swarm.
        version: "Version" ObjectVersion,
        /// Creation time, RFC 3339.
        created_at: "CreatedAt" String,
        /// Time of the last change, RFC 3339.
        updated_at: "UpdatedAt" String,
        /// Its name; most have none.
        name: "Name" String,
        /// Free metadata.
        labels: "Labels" {String},
        /// What it runs.
        spec: "Spec" TaskSpec,
        /// Id of its service.
        service_id: "ServiceID" String,
        /// Which replica it is, from 1; absent in services that run on every node.
        slot: "Slot" i64,
        /// Id of its node; absent until one was chosen.
        node_id: "NodeID" String,
        /// Pieces of resources it was given.
        assigned_generic_resources: "AssignedGenericResources" [GenericResource] since 1.32,
        /// How it is.
        status: "Status" TaskStatus,
        /// The state it should reach.
        desired_state: "DesiredState" TaskState,
        /// The run of a job it belongs to; jobs only.
        job_iteration: "JobIteration" ObjectVersion since 1.41,
        /// Its networks.
        networks_attachments: "NetworksAttachments" [NetworkAttachment],
        /// The volumes of the swarm it was given.
        volumes: "Volumes" [TaskVolume],
    }

    /// A volume of the swarm that a task was given.
    pub struct TaskVolume {
        /// Id of the volume in the swarm.
        id: "ID" String,
        /// Source of the mount it is for: its name, or `group:` and that of its group.
        source: "Source" String,
        /// Path of the mount inside.
        target: "Target" String,
    }

    /// What tasks run. One of container, plugin and network attachment is set.
    pub struct TaskSpec {
        /// A plugin; with the runtime `plugin`.
        plugin_spec: "PluginSpec" PluginSpec since 1.31,
        /// A container; with the runtime `container`, or none.
        container_spec: "ContainerSpec" ContainerSpec,
        /// A container outside the swarm that joined a network of it; engines make such tasks themselves.
        network_attachment_spec: "NetworkAttachmentSpec" NetworkAttachmentSpec since 1.38,
        /// What each task may use, and needs.
        resources: "Resources" TaskResources,
        /// When an ended task is replaced.
        restart_policy: "RestartPolicy" TaskRestartPolicy,
        /// On which nodes.
        placement: "Placement" Placement,
        /// Raise it to replace all tasks although nothing else changed.
        force_update: "ForceUpdate" u64 since 1.25,
        /// What kind of task: `container`, `plugin`, `attachment`.
        runtime: "Runtime" String since 1.30,
        /// Networks of the tasks.
        networks: "Networks" [NetworkAttachmentConfig],
        /// Where their output goes; as the swarm says, when unset.
        log_driver: "LogDriver" Driver,
    }

    /// A plugin that runs as a task. Engines spell these names in lower case.
    pub struct PluginSpec {
        /// Its name on the nodes.
        name: "name" String since 1.31,
        /// Where it is pulled from.
        remote: "remote" String since 1.31,
        /// Installs it without switching it on.
        disabled: "disabled" bool since 1.31,
        /// What it is allowed to do.
        privileges: "privileges" [PluginSpecPrivilege] since 1.31,
        /// Environment of it, as `NAME=value`.
        env: "env" [String],
    }

    /// Something a plugin that runs as a task is allowed to do.
    pub struct PluginSpecPrivilege {
        /// What it concerns, such as `network`.
        name: "name" String,
        /// For people.
        description: "description" String,
        /// What is allowed, such as `host`.
        value: "value" [String],
    }

    /// A container outside the swarm.
    pub struct NetworkAttachmentSpec {
        /// Its id.
        container_id: "ContainerID" String since 1.38,
    }

    /// What each task of a service may use, and needs.
    pub struct TaskResources {
        /// What it cannot exceed.
        limits: "Limits" Limit,
        /// What must be free on its node.
        reservations: "Reservations" ResourceObject,
        /// Swap it may use, in bytes; -1 is no limit.
        swap_bytes: "SwapBytes" i64 since 1.52,
        /// Eagerness to swap, 0 to 100; -1 is the host's own.
        memory_swappiness: "MemorySwappiness" i64 since 1.52,
    }

    /// What a task cannot exceed.
    pub struct Limit {
        /// CPU time, in billionths of a CPU; 0 is no limit.
        nano_cpus: "NanoCPUs" i64,
        /// Memory, in bytes; 0 is no limit.
        memory_bytes: "MemoryBytes" i64,
        /// Most processes; 0 is no limit.
        pids: "Pids" i64 since 1.41,
        /// Of no effect.
        generic_resources: "GenericResources" [GenericResource] since 1.32 until 1.40,
    }

    /// Resources that a node has, or that a task needs.
    pub struct ResourceObject {
        /// CPU time, in billionths of a CPU.
        nano_cpus: "NanoCPUs" i64,
        /// Memory, in bytes.
        memory_bytes: "MemoryBytes" i64,
        /// Other resources.
        generic_resources: "GenericResources" [GenericResource] since 1.32,
    }

    /// A resource that swarm tasks can claim; one of the two is set.
    pub struct GenericResource {
        /// One named piece.
        named_resource_spec: "NamedResourceSpec" NamedGenericResource since 1.32,
        /// A number of equal pieces.
        discrete_resource_spec: "DiscreteResourceSpec" DiscreteGenericResource since 1.32,
    }

    /// One named piece of a resource.
    pub struct NamedGenericResource {
        /// Kind of resource, such as `GPU`.
        kind: "Kind" String since 1.32,
        /// Name of the piece.
        value: "Value" String since 1.32,
    }

    /// A number of equal pieces of a resource.
    pub struct DiscreteGenericResource {
        /// Kind of resource, such as `SSD`.
        kind: "Kind" String since 1.32,
        /// How many.
        value: "Value" i64 since 1.32,
    }

    /// When an ended task is replaced by a new one.
    pub struct TaskRestartPolicy {
        /// After which ends.
        condition: "Condition" TaskRestartCondition,
        /// Nanoseconds to wait before.
        delay: "Delay" i64,
        /// Most replacements within the window; 0 is no limit.
        max_attempts: "MaxAttempts" i64,
        /// Nanoseconds over which replacements are counted; 0 counts all.
        window: "Window" i64,
    }

    /// On which nodes tasks run.
    pub struct Placement {
        /// What must be true of a node, such as `node.role==manager`.
        constraints: "Constraints" [String],
        /// How tasks are spread over the nodes that are left.
        preferences: "Preferences" [PlacementPreference] since 1.28,
        /// Most tasks of the service on one node; 0 is no limit.
        max_replicas: "MaxReplicas" i64 since 1.40,
        /// Platforms the image is for; none is any.
        platforms: "Platforms" [Platform] since 1.30,
    }

    /// A way to choose among nodes.
    pub struct PlacementPreference {
        /// Evenly over the values of a label.
        spread: "Spread" SpreadOver since 1.28,
    }

    /// Evenly over the values of a label.
    pub struct SpreadOver {
        /// The label, such as `node.labels.rack`.
        spread_descriptor: "SpreadDescriptor" String since 1.28,
    }

    /// How a task is.
    pub struct TaskStatus {
        /// Since when, RFC 3339.
        timestamp: "Timestamp" String,
        /// Its state.
        state: "State" TaskState,
        /// The state in words.
        message: "Message" String,
        /// What went wrong.
        err: "Err" String since 1.25,
        /// Its container, once there is one.
        container_status: "ContainerStatus" TaskContainerStatus,
        /// Its ports that are published on its node.
        port_status: "PortStatus" PortStatus since 1.44,
    }

    /// The container of a task.
    pub struct TaskContainerStatus {
        /// Its id.
        container_id: "ContainerID" String,
        /// Process id on the node.
        pid: "PID" i64,
        /// Exit code; 0 or absent while it runs.
        exit_code: "ExitCode" i64 since 1.25,
    }

    /// Ports of a task that are published on its node.
    pub struct PortStatus {
        /// The ports, with those that were assigned.
        ports: "Ports" [EndpointPortConfig] since 1.44,
    }
}
