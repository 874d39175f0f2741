//! Plugins that engines manage.

use super::macros::{model, open_enum};
use alloc::string::String;

open_enum! {
    /// What a plugin serves, as `prefix.capability/version`.
    pub enum PluginInterfaceType {
        /// Volumes.
        VolumeDriver = "docker.volumedriver/1.0",
        /// Networks.
        NetworkDriver = "docker.networkdriver/1.0",
        /// Addresses of networks.
        IpamDriver = "docker.ipamdriver/1.0",
        /// Logs.
        LogDriver = "docker.logdriver/1.0",
        /// Permission for requests.
        Authz = "docker.authz/1.0",
        /// Metrics of the engine.
        MetricsCollector = "docker.metricscollector/1.0",
        /// Storage of images.
        GraphDriver = "docker.graphdriver/1.0",
    }

    /// How a plugin is spoken to.
    pub enum PluginProtocol {
        /// HTTP with JSON bodies.
        HttpV1 = "moby.plugins.http/v1",
    }
}

model! {
    /// A plugin of an engine.
    pub struct Plugin {
        /// Its id.
        id: "Id" String,
        /// Its name here, with a tag.
        name: "Name" String,
        /// Whether it runs.
        enabled: "Enabled" bool since 1.25,
        /// Its settings as they are now.
        settings: "Settings" PluginSettings since 1.25,
        /// Where it came from, with registry and tag.
        plugin_reference: "PluginReference" String since 1.26,
        /// What it was made with.
        config: "Config" PluginConfig,
    }

    /// Settings of a plugin as they are now.
    pub struct PluginSettings {
        /// Its mounts.
        mounts: "Mounts" [PluginMount],
        /// Its environment, as `NAME=value`.
        env: "Env" [String],
        /// Arguments of its program.
        args: "Args" [String],
        /// Its devices.
        devices: "Devices" [PluginDevice],
    }

    /// What a plugin was made with.
    pub struct PluginConfig {
        /// Version of the engine that packed it.
        docker_version: "DockerVersion" String since 1.29 until 1.51,
        /// What it is, for people.
        description: "Description" String,
        /// Where to read about it.
        documentation: "Documentation" String,
        /// How it is spoken to.
        interface: "Interface" PluginInterface,
        /// Its program, and first arguments.
        entrypoint: "Entrypoint" [String],
        /// Directory the program starts in.
        work_dir: "WorkDir" String since 1.25,
        /// Who runs it.
        user: "User" PluginUser,
        /// Its network.
        network: "Network" PluginNetwork,
        /// What Linux grants it.
        linux: "Linux" PluginLinux since 1.25,
        /// Path inside whose mounts the host sees.
        propagated_mount: "PropagatedMount" String since 1.25,
        /// Whether it shares the host's inter-process communication.
        ipc_host: "IpcHost" bool since 1.29,
        /// Whether it sees the host's processes.
        pid_host: "PidHost" bool since 1.29,
        /// Its mounts.
        mounts: "Mounts" [PluginMount],
        /// Its environment.
        env: "Env" [PluginEnv],
        /// Arguments of its program.
        args: "Args" PluginArgs,
        /// Layers of its root file system.
        rootfs: "rootfs" PluginRootFS since 1.25,
    }

    /// How a plugin is spoken to.
    pub struct PluginInterface {
        /// What it serves.
        types: "Types" [PluginInterfaceType],
        /// Name of its socket.
        socket: "Socket" String,
        /// The protocol; HTTP when unset.
        protocol_scheme: "ProtocolScheme" PluginProtocol since 1.38,
    }

    /// Who runs a plugin.
    pub struct PluginUser {
        /// The user; absent for root.
        uid: "UID" u32 since 1.25,
        /// The group; absent for root's.
        gid: "GID" u32 since 1.25,
    }

    /// The network of a plugin.
    pub struct PluginNetwork {
        /// `host`, `none` or a bridge.
        kind: "Type" String,
    }

    /// What Linux grants a plugin.
    pub struct PluginLinux {
        /// Kernel capabilities.
        capabilities: "Capabilities" [String],
        /// Whether it may use every device of the host.
        allow_all_devices: "AllowAllDevices" bool since 1.25,
        /// Devices it may use.
        devices: "Devices" [PluginDevice],
    }

    /// Arguments of a plugin's program.
    pub struct PluginArgs {
        /// A name for them.
        name: "Name" String,
        /// What they are, for people.
        description: "Description" String,
        /// Which parts of them a user may set.
        settable: "Settable" [String],
        /// The arguments.
        value: "Value" [String],
    }

    /// Layers of a plugin's root file system.
    pub struct PluginRootFS {
        /// Kind of list: `layers`.
        kind: "type" String since 1.25,
        /// Digests of the uncompressed layers, lowest first.
        diff_ids: "diff_ids" [String] since 1.25,
    }

    /// A mount of a plugin.
    pub struct PluginMount {
        /// A name for it.
        name: "Name" String,
        /// What it is, for people.
        description: "Description" String,
        /// Which of its fields a user may set.
        settable: "Settable" [String],
        /// Path on the host; absent until somebody sets it.
        source: "Source" String,
        /// Path inside.
        destination: "Destination" String,
        /// What is mounted, such as `bind`.
        kind: "Type" String,
        /// Options of the mount.
        options: "Options" [String],
    }

    /// A device of a plugin.
    pub struct PluginDevice {
        /// A name for it.
        name: "Name" String,
        /// What it is, for people.
        description: "Description" String,
        /// Which of its fields a user may set.
        settable: "Settable" [String],
        /// Path on the host; absent until somebody sets it.
        path: "Path" String,
    }

    /// A variable in a plugin's environment.
    pub struct PluginEnv {
        /// Its name.
        name: "Name" String,
        /// What it is, for people.
        description: "Description" String,
        /// Which of its fields a user may set.
        settable: "Settable" [String],
        /// Its value; absent until somebody sets it.
        value: "Value" String,
    }

    /// Something a plugin asks to be allowed. Pulling one sends back those that are granted.
    pub struct PluginPrivilege {
        /// What it concerns: `network`, `mount`, `device`, `capabilities` and others.
        name: "Name" String,
        /// Why, for people.
        description: "Description" String,
        /// What exactly, such as `host` for a network.
        value: "Value" [String],
    }
}
