//! Smaller parts of a container's host settings: mounts, ports, restarts, logs.

use super::macros::{model, open_enum};
use super::{MountPropagation, MountType};
use alloc::string::String;
use alloc::vec::Vec;

open_enum! {
    /// When a container is started again.
    pub enum RestartPolicyName {
        /// Never.
        No = "no",
        /// Whenever it ends.
        Always = "always",
        /// Whenever it ends, unless somebody stopped it.
        UnlessStopped = "unless-stopped",
        /// Whenever it ends with a code other than 0.
        OnFailure = "on-failure",
    }

    /// A log driver; plugins add their own names.
    pub enum LogDriver {
        /// Files in the engine's own compact format.
        Local = "local",
        /// Files of JSON lines.
        JsonFile = "json-file",
        /// syslog.
        Syslog = "syslog",
        /// The journal of systemd.
        Journald = "journald",
        /// Graylog.
        Gelf = "gelf",
        /// Fluentd.
        Fluentd = "fluentd",
        /// Amazon CloudWatch.
        AwsLogs = "awslogs",
        /// Splunk.
        Splunk = "splunk",
        /// Event Tracing for Windows.
        EtwLogs = "etwlogs",
        /// Nowhere; logs cannot be read.
        None = "none",
    }
}

model! {
    /// A mount in its structured form.
    pub struct Mount {
        /// Path inside the container.
        target: "Target" String,
        /// Volume name, path on the host or image; none for file systems in memory.
        source: "Source" String,
        /// What is mounted.
        kind: "Type" MountType,
        /// Mounts it read-only.
        read_only: "ReadOnly" bool,
        /// Consistency of the view on macOS: `default`, `consistent`, `cached` or `delegated`.
        consistency: "Consistency" String since 1.29,
        /// Options of a bind mount.
        bind_options: "BindOptions" BindOptions,
        /// Options of a volume.
        volume_options: "VolumeOptions" VolumeOptions,
        /// Options of an image.
        image_options: "ImageOptions" ImageOptions since 1.48,
        /// Options of a file system in memory.
        tmpfs_options: "TmpfsOptions" TmpfsOptions since 1.25,
    }

    /// Options of a bind mount.
    pub struct BindOptions {
        /// How later mounts travel.
        propagation: "Propagation" MountPropagation,
        /// Leaves out what is mounted below the source.
        non_recursive: "NonRecursive" bool since 1.40,
        /// Makes the source directory where it is missing.
        create_mountpoint: "CreateMountpoint" bool since 1.42,
        /// Read-only at the top alone; mounts below stay writable.
        read_only_non_recursive: "ReadOnlyNonRecursive" bool since 1.44,
        /// Fails unless everything below can be made read-only.
        read_only_force_recursive: "ReadOnlyForceRecursive" bool since 1.44,
    }

    /// Options of a volume mount.
    pub struct VolumeOptions {
        /// Does not fill a new volume with what the image has there.
        no_copy: "NoCopy" bool,
        /// Labels of a volume that is made.
        labels: "Labels" {String},
        /// Driver of a volume that is made.
        driver_config: "DriverConfig" VolumeDriverConfig,
        /// Path inside the volume to mount; must exist.
        subpath: "Subpath" String since 1.45,
    }

    /// The driver of a volume that a mount makes.
    pub struct VolumeDriverConfig {
        /// Its name.
        name: "Name" String,
        /// Its options.
        options: "Options" {String},
    }

    /// Options of an image mount.
    pub struct ImageOptions {
        /// Path inside the image to mount; must exist.
        subpath: "Subpath" String since 1.48,
    }

    /// Options of a file system in memory.
    pub struct TmpfsOptions {
        /// Size limit, in bytes.
        size_bytes: "SizeBytes" i64 since 1.25,
        /// Permission bits of its root, as a number.
        mode: "Mode" i64,
        /// Further mount options: a flag, or a name and a value.
        options: "Options" [Vec<String>] since 1.46,
    }

    /// When an engine starts a container again.
    pub struct RestartPolicy {
        /// The policy.
        name: "Name" RestartPolicyName,
        /// Most attempts after failures; only with `on-failure`.
        maximum_retry_count: "MaximumRetryCount" i64,
    }

    /// Where the output of a container goes.
    pub struct LogConfig {
        /// The log driver.
        kind: "Type" LogDriver,
        /// Its options.
        config: "Config" {String},
    }

    /// An address on the host that a port is published at.
    pub struct PortBinding {
        /// Address; empty is every address.
        host_ip: "HostIp" String,
        /// Port or range, as text; empty picks a free one.
        host_port: "HostPort" String,
    }
}
