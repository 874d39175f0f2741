//! The long answer about one container.

use super::macros::model;
use super::{ContainerConfig, ContainerStatus, HealthStatus, HostConfig, MountPoint, NetworkSettings, OCIDescriptor};
use alloc::string::String;
use serde_json::Value;

model! {
    /// Everything an engine tells about one container.
    pub struct ContainerInspectResponse {
        /// Full id, 64 hexadecimal digits.
        id: "Id" String,
        /// Creation time, RFC 3339.
        created: "Created" String,
        /// Program that is run.
        path: "Path" String,
        /// Its arguments.
        args: "Args" [String],
        /// Whether it runs, and how it ended.
        state: "State" ContainerState,
        /// Digest of its image.
        image: "Image" String,
        /// Its `resolv.conf`, as a path on the engine's host.
        resolv_conf_path: "ResolvConfPath" String,
        /// Its `hostname`, as a path on the engine's host.
        hostname_path: "HostnamePath" String,
        /// Its `hosts`, as a path on the engine's host.
        hosts_path: "HostsPath" String,
        /// Its log, as a path on the engine's host; empty for drivers without a file.
        log_path: "LogPath" String,
        /// Its name, with a leading slash.
        name: "Name" String,
        /// How often its policy has started it again.
        restart_count: "RestartCount" i64,
        /// Storage driver or snapshotter of its root file system.
        driver: "Driver" String,
        /// Operating system it was made for.
        platform: "Platform" String since 1.40,
        /// The platform manifest chosen at creation; containerd image store only.
        image_manifest_descriptor: "ImageManifestDescriptor" OCIDescriptor since 1.48,
        /// SELinux label of its mounts.
        mount_label: "MountLabel" String,
        /// SELinux label of its processes.
        process_label: "ProcessLabel" String,
        /// AppArmor profile in force.
        app_armor_profile: "AppArmorProfile" String,
        /// Commands run in it that the engine still knows.
        exec_ids: "ExecIDs" [String],
        /// Settings that concern the host.
        host_config: "HostConfig" HostConfig,
        /// Its layers, with a storage driver; absent with a snapshotter.
        graph_driver: "GraphDriver" DriverData since 1.25,
        /// Its layers, with a snapshotter.
        storage: "Storage" Storage since 1.52,
        /// Bytes written on top of the image; only when sizes were asked for.
        size_rw: "SizeRw" i64,
        /// Bytes of the whole root file system, image included; only when sizes were asked for.
        size_root_fs: "SizeRootFs" i64,
        /// Everything mounted into it.
        mounts: "Mounts" [MountPoint],
        /// The program and its surroundings.
        config: "Config" ContainerConfig,
        /// Its networks and ports.
        network_settings: "NetworkSettings" NetworkSettings,
        /// Its node in a classic swarm.
        node: "Node" Value since 1.25 until 1.38,
    }

    /// Whether a container runs, and how it ended.
    pub struct ContainerState {
        /// The state as one word.
        status: "Status" ContainerStatus,
        /// It runs; also true while paused or restarting.
        running: "Running" bool,
        /// Its processes are frozen.
        paused: "Paused" bool,
        /// It ended and its policy will start it again.
        restarting: "Restarting" bool,
        /// The OOM killer struck during its last run.
        oom_killed: "OOMKilled" bool,
        /// Its removal failed.
        dead: "Dead" bool,
        /// Process id on the engine's host; 0 when it does not run.
        pid: "Pid" i64,
        /// Exit code of the last run; 0 before and during the first.
        exit_code: "ExitCode" i64,
        /// Why the last start failed.
        error: "Error" String,
        /// Last start, RFC 3339; year 1 before the first.
        started_at: "StartedAt" String,
        /// Last end, RFC 3339; year 1 before the first.
        finished_at: "FinishedAt" String,
        /// Result of the health checks; absent without any.
        health: "Health" Health,
    }

    /// Result of health checks.
    pub struct Health {
        /// The verdict.
        status: "Status" HealthStatus,
        /// How many checks in a row have failed by now.
        failing_streak: "FailingStreak" i64,
        /// The last checks, oldest first.
        log: "Log" [HealthcheckResult],
    }

    /// One health check.
    pub struct HealthcheckResult {
        /// When it began, RFC 3339.
        start: "Start" String,
        /// When it ended, RFC 3339.
        end: "End" String,
        /// 0 passed, 1 failed, others are errors of the check itself.
        exit_code: "ExitCode" i64,
        /// What it printed, shortened.
        output: "Output" String,
    }

    /// Layers of a storage driver.
    pub struct DriverData {
        /// Name of the driver.
        name: "Name" String,
        /// What the driver tells, such as `UpperDir`.
        data: "Data" {String},
    }

    /// Layers of a snapshotter.
    pub struct Storage {
        /// The root file system.
        root_fs: "RootFS" RootFSStorage since 1.52,
    }

    /// Where a root file system is kept.
    pub struct RootFSStorage {
        /// The snapshot.
        snapshot: "Snapshot" RootFSStorageSnapshot since 1.52,
    }

    /// A snapshot that holds a root file system.
    pub struct RootFSStorageSnapshot {
        /// Name of the snapshotter.
        name: "Name" String since 1.52,
    }
}
