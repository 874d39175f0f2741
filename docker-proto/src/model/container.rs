//! Bodies of the container operations: listing, creating, waiting, pruning. Their settings are in `config` and `host_config`,
//! the long answer of an inspect in `inspect`.

use super::macros::{model, open_enum};
use super::{EndpointSettings, OCIDescriptor};
use alloc::string::String;
use alloc::vec::Vec;

open_enum! {
    /// The state of a container.
    pub enum ContainerStatus {
        /// Made, never started.
        Created = "created",
        /// Its process runs.
        Running = "running",
        /// Its processes are frozen.
        Paused = "paused",
        /// Between an exit and the next start by its restart policy.
        Restarting = "restarting",
        /// Being removed.
        Removing = "removing",
        /// Its process has ended.
        Exited = "exited",
        /// Removal began and failed; it cannot be started again.
        Dead = "dead",
    }

    /// The verdict of health checks.
    pub enum HealthStatus {
        /// There are none.
        None = "none",
        /// Too early to tell.
        Starting = "starting",
        /// The last check passed.
        Healthy = "healthy",
        /// Too many checks failed in a row.
        Unhealthy = "unhealthy",
    }

    /// A transport protocol.
    pub enum PortProtocol {
        /// TCP.
        Tcp = "tcp",
        /// UDP.
        Udp = "udp",
        /// SCTP, since API 1.37.
        Sctp = "sctp",
    }

    /// What kind of thing is mounted.
    pub enum MountType {
        /// A file or directory of the host.
        Bind = "bind",
        /// A volume of the swarm, since API 1.42.
        Cluster = "cluster",
        /// The content of an image, since API 1.48.
        Image = "image",
        /// A named pipe of a Windows host, since API 1.32.
        Npipe = "npipe",
        /// A file system in memory.
        Tmpfs = "tmpfs",
        /// A volume.
        Volume = "volume",
    }

    /// How mounts made later travel between the host and a container.
    pub enum MountPropagation {
        /// Neither way; this mount only.
        Private = "private",
        /// Neither way; nested mounts too.
        RPrivate = "rprivate",
        /// Both ways; this mount only.
        Shared = "shared",
        /// Both ways; nested mounts too.
        RShared = "rshared",
        /// Into the container; this mount only.
        Slave = "slave",
        /// Into the container; nested mounts too.
        RSlave = "rslave",
    }
}

model! {
    /// One row of a container listing.
    pub struct ContainerSummary {
        /// Full id, 64 hexadecimal digits.
        id: "Id" String,
        /// All names, each with a leading slash; links add `/other/alias`.
        names: "Names" [String],
        /// The image as it was named at creation, or its id where that name has moved on.
        image: "Image" String,
        /// Digest of the image; which digest depends on the engine's image store.
        image_id: "ImageID" String,
        /// The platform manifest chosen at creation; containerd image store only.
        image_manifest_descriptor: "ImageManifestDescriptor" OCIDescriptor since 1.48,
        /// The command line as one text.
        command: "Command" String,
        /// Creation time, in seconds since 1970.
        created: "Created" i64,
        /// Ports that are exposed, and where they are published.
        ports: "Ports" [PortSummary],
        /// Bytes written on top of the image; only when sizes were asked for.
        size_rw: "SizeRw" i64,
        /// Bytes of the whole root file system, image included; only when sizes were asked for.
        size_root_fs: "SizeRootFs" i64,
        /// Labels of the container, those of its image included.
        labels: "Labels" {String},
        /// The state as one word.
        state: "State" ContainerStatus,
        /// The state as a sentence for people, such as `Up 4 days`.
        status: "Status" String,
        /// The part of the host settings that listings carry.
        host_config: "HostConfig" ContainerSummaryHostConfig,
        /// The part of the network state that listings carry.
        network_settings: "NetworkSettings" ContainerSummaryNetworkSettings,
        /// Everything mounted into the container.
        mounts: "Mounts" [MountPoint],
        /// Result of the health checks, in short.
        health: "Health" HealthSummary since 1.52,
    }

    /// The host settings in a container listing.
    pub struct ContainerSummaryHostConfig {
        /// How the container is networked: `bridge`, `host`, `none`, `container:<id>` or a network's name.
        network_mode: "NetworkMode" String,
        /// Annotations handed to the runtime.
        annotations: "Annotations" {String} since 1.46,
    }

    /// The network state in a container listing.
    pub struct ContainerSummaryNetworkSettings {
        /// One endpoint for each attached network, by network name.
        networks: "Networks" {EndpointSettings},
    }

    /// Result of the health checks in a container listing.
    pub struct HealthSummary {
        /// The verdict.
        status: "Status" HealthStatus since 1.52,
        /// How many checks in a row have failed by now.
        failing_streak: "FailingStreak" i64 since 1.52,
    }

    /// A port in a container listing.
    pub struct PortSummary {
        /// Address on the host; absent when the port is not published.
        ip: "IP" String since 1.25,
        /// Port inside the container.
        private_port: "PrivatePort" u16,
        /// Port on the host; absent when the port is not published.
        public_port: "PublicPort" u16,
        /// Transport protocol.
        kind: "Type" PortProtocol,
    }

    /// Something mounted into a container.
    pub struct MountPoint {
        /// What is mounted.
        kind: "Type" MountType,
        /// Name of the volume.
        name: "Name" String,
        /// Path on the host; empty for volumes whose driver hides it.
        source: "Source" String,
        /// Path inside the container.
        destination: "Destination" String,
        /// Driver of the volume.
        driver: "Driver" String,
        /// The options as text, such as `z` or `ro`.
        mode: "Mode" String,
        /// False for read-only mounts.
        rw: "RW" bool,
        /// How mounts travel between host and container; empty except for bind mounts.
        propagation: "Propagation" String,
    }

    /// What creating a container gives.
    pub struct ContainerCreateResponse {
        /// Full id of the new container.
        id: "Id" String,
        /// What the engine ignored or changed, for people.
        warnings: "Warnings" [String],
    }

    /// How a container ended.
    pub struct ContainerWaitResponse {
        /// Exit code of its main process; 0 to 255 on Linux.
        status_code: "StatusCode" i64,
        /// Why waiting failed; absent when it did not.
        error: "Error" ContainerWaitExitError since 1.34,
    }

    /// Why waiting for a container failed.
    pub struct ContainerWaitExitError {
        /// The engine's words.
        message: "Message" String since 1.34,
    }

    /// What runs in a container, as `ps` shows it.
    pub struct ContainerTopResponse {
        /// Names of the columns.
        titles: "Titles" [String],
        /// One row a process, with a text for each column.
        processes: "Processes" [Vec<String>],
    }

    /// What changing the limits of a container gives.
    pub struct ContainerUpdateResponse {
        /// What the engine ignored or changed, for people.
        warnings: "Warnings" [String],
    }

    /// What removing all stopped containers did.
    pub struct ContainerPruneResponse {
        /// Ids of the containers that are gone.
        containers_deleted: "ContainersDeleted" [String] since 1.25,
        /// Bytes that became free.
        space_reclaimed: "SpaceReclaimed" i64 since 1.25,
    }
}
