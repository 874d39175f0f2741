//! The engine's long answer about itself.

use super::macros::model;
use super::{
    AddressPool, CgroupDriver, CgroupVersion, Commit, ContainerdInfo, DeviceInfo, FirewallInfo, GenericResource,
    Isolation, NRIInfo, PluginsInfo, RegistryServiceConfig, Runtime, SwarmInfo,
};
use alloc::string::String;
use alloc::vec::Vec;

model! {
    /// An engine, its host and what it can do.
    pub struct SystemInfo {
        /// Id of the engine; podman makes a new one for each answer.
        id: "ID" String,
        /// All containers.
        containers: "Containers" i64,
        /// Running containers.
        containers_running: "ContainersRunning" i64,
        /// Paused containers.
        containers_paused: "ContainersPaused" i64,
        /// Containers neither running nor paused.
        containers_stopped: "ContainersStopped" i64,
        /// Images, untagged ones included.
        images: "Images" i64,
        /// Storage driver or snapshotter.
        driver: "Driver" String,
        /// Facts about it: pairs of a name and a value.
        driver_status: "DriverStatus" [Vec<String>],
        /// Directory of the engine's data.
        docker_root_dir: "DockerRootDir" String,
        /// Plugins by kind.
        plugins: "Plugins" PluginsInfo,
        /// Memory can be limited.
        memory_limit: "MemoryLimit" bool,
        /// Swap can be limited.
        swap_limit: "SwapLimit" bool,
        /// CPU periods can be set.
        cpu_cfs_period: "CpuCfsPeriod" bool,
        /// CPU quotas can be set.
        cpu_cfs_quota: "CpuCfsQuota" bool,
        /// CPU shares can be set.
        cpu_shares: "CPUShares" bool since 1.32,
        /// Containers can be bound to CPUs.
        cpu_set: "CPUSet" bool since 1.32,
        /// Numbers of processes can be limited.
        pids_limit: "PidsLimit" bool since 1.40,
        /// The OOM killer can be kept off containers; false with cgroup v2.
        oom_kill_disable: "OomKillDisable" bool,
        /// The host forwards IPv4.
        ipv4_forwarding: "IPv4Forwarding" bool,
        /// Debug output is on.
        debug: "Debug" bool,
        /// Open file descriptors of the engine; debug only.
        n_fd: "NFd" i64,
        /// Goroutines of the engine; debug only.
        n_goroutines: "NGoroutines" i64,
        /// Its clock, RFC 3339 with nanoseconds.
        system_time: "SystemTime" String,
        /// Log driver of containers that name none.
        logging_driver: "LoggingDriver" String since 1.32,
        /// Who manages control groups.
        cgroup_driver: "CgroupDriver" CgroupDriver,
        /// Version of control groups.
        cgroup_version: "CgroupVersion" CgroupVersion since 1.41,
        /// Clients that listen to events.
        n_events_listener: "NEventsListener" i64,
        /// Release of the kernel, or build of Windows.
        kernel_version: "KernelVersion" String,
        /// Operating system, for people.
        operating_system: "OperatingSystem" String,
        /// Version of the operating system.
        os_version: "OSVersion" String since 1.41,
        /// `linux` or `windows`.
        os_type: "OSType" String,
        /// Machine type as the kernel names it, such as `x86_64`.
        architecture: "Architecture" String,
        /// CPUs the engine may use.
        ncpu: "NCPU" i64,
        /// Memory of the host, in bytes.
        mem_total: "MemTotal" i64,
        /// Address of the default registry.
        index_server_address: "IndexServerAddress" String,
        /// How registries are reached.
        registry_config: "RegistryConfig" RegistryServiceConfig,
        /// Resources that swarm tasks can claim.
        generic_resources: "GenericResources" [GenericResource] since 1.32,
        /// Proxy for plain HTTP, its password masked.
        http_proxy: "HttpProxy" String,
        /// Proxy for HTTPS, its password masked.
        https_proxy: "HttpsProxy" String,
        /// Hosts reached without a proxy, comma-separated.
        no_proxy: "NoProxy" String,
        /// Host name.
        name: "Name" String,
        /// Labels of the engine, as `name=value`.
        labels: "Labels" [String],
        /// Experimental features are on.
        experimental_build: "ExperimentalBuild" bool,
        /// Version of the engine.
        server_version: "ServerVersion" String,
        /// Programs that run containers, by name.
        runtimes: "Runtimes" {Runtime} since 1.32,
        /// Name of the one used by default.
        default_runtime: "DefaultRuntime" String since 1.32,
        /// Part the engine plays in a swarm.
        swarm: "Swarm" SwarmInfo since 1.32,
        /// Containers survive a stop of the engine.
        live_restore_enabled: "LiveRestoreEnabled" bool since 1.32,
        /// Default isolation; Windows only.
        isolation: "Isolation" Isolation since 1.32,
        /// Program used as process 1 where one is asked for.
        init_binary: "InitBinary" String since 1.32,
        /// Build of containerd.
        containerd_commit: "ContainerdCommit" Commit since 1.32,
        /// Build of runc.
        runc_commit: "RuncCommit" Commit since 1.32,
        /// Build of the init program.
        init_commit: "InitCommit" Commit since 1.32,
        /// Security features in force, as `name=seccomp,profile=default`.
        security_options: "SecurityOptions" [String],
        /// Licence of the product.
        product_license: "ProductLicense" String since 1.39,
        /// Ranges from which local networks get subnets.
        default_address_pools: "DefaultAddressPools" [AddressPool] since 1.41,
        /// The firewall driver.
        firewall_backend: "FirewallBackend" FirewallInfo since 1.49,
        /// Devices that were found.
        discovered_devices: "DiscoveredDevices" [DeviceInfo] since 1.50,
        /// The node resource interface.
        nri: "NRI" NRIInfo since 1.53,
        /// Missing features and risky settings, for people.
        warnings: "Warnings" [String] since 1.39,
        /// Directories searched for device descriptions.
        cdi_spec_dirs: "CDISpecDirs" [String] since 1.44,
        /// The containerd in use.
        containerd: "Containerd" ContainerdInfo since 1.46,
        /// Bridged IPv6 traffic passes ip6tables.
        bridge_nf_ip6tables: "BridgeNfIp6tables" bool since 1.32 until 1.49,
        /// Bridged IPv4 traffic passes iptables.
        bridge_nf_iptables: "BridgeNfIptables" bool since 1.32 until 1.49,
        /// Address announced to an external key-value store.
        cluster_advertise: "ClusterAdvertise" String since 1.32 until 1.41,
        /// Address of an external key-value store.
        cluster_store: "ClusterStore" String since 1.32 until 1.41,
        /// Where classic swarm nodes were discovered.
        discovery_backend: "DiscoveryBackend" String since 1.25 until 1.31,
        /// Path of the init program.
        init_path: "InitPath" String until 1.31,
        /// SHA-1 of the init program.
        init_sha1: "InitSha1" String until 1.31,
        /// Kernel memory can be limited.
        kernel_memory: "KernelMemory" bool since 1.36 until 1.41,
        /// Kernel memory of TCP buffers can be limited.
        kernel_memory_tcp: "KernelMemoryTCP" bool since 1.40 until 1.51,
        /// OOM score of the engine.
        oom_score_adj: "OomScoreAdj" i64 since 1.25 until 1.31,
        /// Facts about a classic swarm: pairs of a name and a value.
        system_status: "SystemStatus" [Vec<String>] until 1.40,
    }
}
