//! What a container may do on its host: mounts, ports, limits, privileges.

use super::macros::{model, open_enum};
use super::{ConsoleSize, LogConfig, Mount, PortBinding, RestartPolicy};
use alloc::string::String;
use alloc::vec::Vec;

/// The resource limits, which are in the host settings and again, at the same depth, in the body of an update.
macro_rules! with_resources {
    ($(#[$meta:meta])* pub struct $name:ident { $($own:tt)* }) => {
        model! {
            $(#[$meta])*
            pub struct $name {
                /// Weight of its CPU time against other containers; 1024 is usual, 0 the default.
                cpu_shares: "CpuShares" i64,
                /// Memory limit, in bytes; 0 is none.
                memory: "Memory" i64,
                /// Control group under which its own is made.
                cgroup_parent: "CgroupParent" String,
                /// Weight of its block I/O, 10 to 1000; 0 leaves it off.
                blkio_weight: "BlkioWeight" u16,
                /// Weights for single devices.
                blkio_weight_device: "BlkioWeightDevice" (opt [WeightDevice]),
                /// Read limits, in bytes a second.
                blkio_device_read_bps: "BlkioDeviceReadBps" (opt [ThrottleDevice]),
                /// Write limits, in bytes a second.
                blkio_device_write_bps: "BlkioDeviceWriteBps" (opt [ThrottleDevice]),
                /// Read limits, in operations a second.
                blkio_device_read_iops: "BlkioDeviceReadIOps" (opt [ThrottleDevice]),
                /// Write limits, in operations a second.
                blkio_device_write_iops: "BlkioDeviceWriteIOps" (opt [ThrottleDevice]),
                /// Length of a CPU scheduling period, in microseconds; 0 is the default.
                cpu_period: "CpuPeriod" i64,
                /// CPU time in each period, in microseconds; 0 or less is no limit.
                cpu_quota: "CpuQuota" i64,
                /// Length of a real-time scheduling period, in microseconds; 0 allots none.
                cpu_realtime_period: "CpuRealtimePeriod" i64 since 1.25,
                /// Real-time CPU in each such period, in microseconds; 0 allots none.
                cpu_realtime_runtime: "CpuRealtimeRuntime" i64 since 1.25,
                /// CPUs it may run on, such as `0-2,4`.
                cpuset_cpus: "CpusetCpus" String,
                /// NUMA nodes it may take memory from, such as `0,1`.
                cpuset_mems: "CpusetMems" String,
                /// Devices of the host it may use.
                devices: "Devices" [DeviceMapping],
                /// Rules for further devices, such as `c 13:* rwm`.
                device_cgroup_rules: "DeviceCgroupRules" [String] since 1.28,
                /// Devices that drivers provide, such as GPUs.
                device_requests: "DeviceRequests" [DeviceRequest] since 1.40,
                /// Soft memory limit, in bytes; 0 is none.
                memory_reservation: "MemoryReservation" i64,
                /// Memory and swap together, in bytes; -1 is no limit, 0 twice the memory.
                memory_swap: "MemorySwap" i64,
                /// Eagerness to swap, 0 to 100; -1 is the host's own.
                memory_swappiness: "MemorySwappiness" i64,
                /// CPU limit, in billionths of a CPU; 0 is none.
                nano_cpus: "NanoCpus" i64 since 1.25,
                /// Keeps the OOM killer away; has no effect with cgroup v2.
                oom_kill_disable: "OomKillDisable" bool,
                /// Runs an init as process 1, which passes signals on and reaps children.
                init: "Init" bool since 1.25,
                /// Most processes; 0 or -1 is no limit.
                pids_limit: "PidsLimit" i64,
                /// Resource limits of its processes.
                ulimits: "Ulimits" [Ulimit],
                /// Windows: number of CPUs.
                cpu_count: "CpuCount" i64 since 1.25,
                /// Windows: share of all CPUs, in percent.
                cpu_percent: "CpuPercent" i64,
                /// Windows: operations a second on the system drive; 0 is no limit.
                io_maximum_iops: "IOMaximumIOps" u64,
                /// Windows: bytes a second on the system drive; 0 is no limit.
                io_maximum_bandwidth: "IOMaximumBandwidth" u64,
                /// Disk limit, in bytes; 0 is none.
                disk_quota: "DiskQuota" i64 since 1.25 until 1.39,
                /// Limit of kernel memory, in bytes; 0 is none.
                kernel_memory: "KernelMemory" i64 until 1.41,
                /// Limit of TCP buffer memory, in bytes; 0 is none.
                kernel_memory_tcp: "KernelMemoryTCP" i64 since 1.40 until 1.51,
                $($own)*
            }
        }
    };
}

with_resources! {
    /// What a container may do on its host.
    pub struct HostConfig {
        /// Bind mounts and volumes, as `source:target[:options]`.
        binds: "Binds" [String],
        /// File the command line wrote the id to.
        container_id_file: "ContainerIDFile" String,
        /// Where output goes.
        log_config: "LogConfig" LogConfig,
        /// `bridge`, `host`, `none`, `container:<id>` or a network's name.
        network_mode: "NetworkMode" String,
        /// Ports to publish: from `80/tcp` to addresses on the host.
        port_bindings: "PortBindings" {Vec<PortBinding>},
        /// When the engine starts it again.
        restart_policy: "RestartPolicy" RestartPolicy,
        /// Removes the container once it has ended.
        auto_remove: "AutoRemove" bool since 1.25,
        /// Driver of the volumes it makes.
        volume_driver: "VolumeDriver" String,
        /// Containers whose volumes it mounts, as `name[:ro|rw]`.
        volumes_from: "VolumesFrom" [String],
        /// Mounts in their structured form.
        mounts: "Mounts" [Mount],
        /// First size of the terminal.
        console_size: "ConsoleSize" ConsoleSize since 1.25,
        /// Free metadata handed to the runtime.
        annotations: "Annotations" {String} since 1.43,
        /// Kernel capabilities to add.
        cap_add: "CapAdd" [String],
        /// Kernel capabilities to drop.
        cap_drop: "CapDrop" [String],
        /// Which cgroup namespace it lives in.
        cgroupns_mode: "CgroupnsMode" CgroupnsMode since 1.41,
        /// Addresses of name servers.
        dns: "Dns" [String],
        /// Options of the resolver.
        dns_options: "DnsOptions" [String],
        /// Domains the resolver tries.
        dns_search: "DnsSearch" [String],
        /// More lines of `/etc/hosts`, as `name:address`.
        extra_hosts: "ExtraHosts" [String],
        /// More groups of the process.
        group_add: "GroupAdd" [String],
        /// `none`, `private`, `shareable`, `host` or `container:<id>`.
        ipc_mode: "IpcMode" String,
        /// Control group to join.
        cgroup: "Cgroup" String since 1.25,
        /// Links to other containers, as `name:alias`.
        links: "Links" [String],
        /// Shift of the OOM killer's score, -1000 to 1000.
        oom_score_adj: "OomScoreAdj" i64,
        /// `host` or `container:<id>`; its own namespace when unset.
        pid_mode: "PidMode" String,
        /// Gives it every capability and device.
        privileged: "Privileged" bool,
        /// Publishes each exposed port on a free port of the host.
        publish_all_ports: "PublishAllPorts" bool,
        /// Mounts its root read-only.
        readonly_rootfs: "ReadonlyRootfs" bool,
        /// Options of security modules, such as `no-new-privileges`.
        security_opt: "SecurityOpt" [String],
        /// Options of the storage driver, such as `size`.
        storage_opt: "StorageOpt" {String},
        /// File systems in memory: from path to mount options.
        tmpfs: "Tmpfs" {String},
        /// `host` shares the host's name; its own when unset.
        uts_mode: "UTSMode" String since 1.25,
        /// `host` switches user remapping off.
        userns_mode: "UsernsMode" String,
        /// Size of `/dev/shm`, in bytes; 0 is the engine's default of 64 MiB.
        shm_size: "ShmSize" i64,
        /// Kernel parameters of its namespaces.
        sysctls: "Sysctls" {String},
        /// Runtime to use, by name.
        runtime: "Runtime" String since 1.25,
        /// Windows: how it is isolated.
        isolation: "Isolation" Isolation since 1.25,
        /// Paths hidden from it; an empty list hides nothing, unset is the default list.
        masked_paths: "MaskedPaths" (opt [String]) since 1.38,
        /// Paths it cannot write; an empty list protects none, unset is the default list.
        readonly_paths: "ReadonlyPaths" (opt [String]) since 1.38,
        /// The exact set of kernel capabilities.
        capabilities: "Capabilities" (opt [String]) since 1.40 until 1.40,
    }
}

with_resources! {
    /// New limits for an existing container; what is unset stays as it is.
    pub struct ContainerUpdateBody {
        /// When the engine starts it again.
        restart_policy: "RestartPolicy" RestartPolicy,
    }
}

open_enum! {
    /// Which cgroup namespace a container lives in.
    pub enum CgroupnsMode {
        /// Its own.
        Private = "private",
        /// The host's.
        Host = "host",
    }

    /// How Windows isolates a container.
    pub enum Isolation {
        /// As the engine is set up.
        Default = "default",
        /// By namespaces of the host's kernel.
        Process = "process",
        /// By a virtual machine.
        HyperV = "hyperv",
    }
}

model! {
    /// The I/O weight of one device.
    pub struct WeightDevice {
        /// Path of the device on the host.
        path: "Path" String,
        /// Weight, 10 to 1000.
        weight: "Weight" u16,
    }

    /// The I/O limit of one device.
    pub struct ThrottleDevice {
        /// Path of the device on the host.
        path: "Path" String,
        /// Limit a second, in the unit of the list it is in.
        rate: "Rate" u64,
    }

    /// A device of the host given to a container.
    pub struct DeviceMapping {
        /// Path on the host.
        path_on_host: "PathOnHost" String,
        /// Path inside the container.
        path_in_container: "PathInContainer" String,
        /// What it may do: letters of `rwm` for read, write, make node.
        cgroup_permissions: "CgroupPermissions" String,
    }

    /// Devices that a driver provides.
    pub struct DeviceRequest {
        /// The driver, such as `nvidia` or `cdi`.
        driver: "Driver" String since 1.40,
        /// How many; -1 is all.
        count: "Count" i64 since 1.40,
        /// Which ones, by the driver's names; excludes a count.
        device_ids: "DeviceIDs" [String] since 1.40,
        /// Alternatives of capabilities that must all be there.
        capabilities: "Capabilities" [Vec<String>] since 1.40,
        /// Options of the driver.
        options: "Options" {String} since 1.40,
    }

    /// A resource limit of processes.
    pub struct Ulimit {
        /// Its name, such as `nofile`.
        name: "Name" String,
        /// Limit in force; -1 is none.
        soft: "Soft" i64,
        /// Bound up to which the process may raise it; -1 is none.
        hard: "Hard" i64,
    }
}
