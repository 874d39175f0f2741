//! What a container uses: one sample of CPU, memory, networks and disks.
//!
//! Counters only grow while a container runs. Where a kernel has no limit, 18446744073709551615 stands for it.

use super::macros::model;
use alloc::string::String;

model! {
    /// One sample of what a container uses.
    ///
    /// A container that does not run gives a sample of zeros whose time is in year 1.
    pub struct ContainerStatsResponse {
        /// Full id of the container.
        id: "id" String since 1.25,
        /// Its name, with a leading slash.
        name: "name" String since 1.25,
        /// `linux` or `windows`; decides which fields have values.
        os_type: "os_type" String since 1.52,
        /// When the sample was taken, RFC 3339.
        read: "read" String,
        /// CPU time.
        cpu_stats: "cpu_stats" ContainerCPUStats,
        /// Memory.
        memory_stats: "memory_stats" ContainerMemoryStats,
        /// Traffic by interface; absent with the host's network.
        networks: "networks" {ContainerNetworkStats},
        /// Processes; Linux.
        pids_stats: "pids_stats" ContainerPidsStats,
        /// Block devices; Linux.
        blkio_stats: "blkio_stats" ContainerBlkioStats,
        /// Number of processors; Windows. 0 on Linux.
        num_procs: "num_procs" u32 since 1.25,
        /// Disks; Windows.
        storage_stats: "storage_stats" ContainerStorageStats since 1.25,
        /// When the sample before was taken; year 1 in the first sample.
        preread: "preread" String since 1.25,
        /// CPU time of the sample before: the difference of both is the load.
        precpu_stats: "precpu_stats" ContainerCPUStats,
    }

    /// CPU time.
    pub struct ContainerCPUStats {
        /// What the container used.
        cpu_usage: "cpu_usage" ContainerCPUUsage,
        /// Nanoseconds all CPUs of the host were busy or idle; Linux.
        system_cpu_usage: "system_cpu_usage" u64,
        /// CPUs that are switched on; Linux.
        online_cpus: "online_cpus" u32 since 1.27,
        /// How often a quota stopped it; Linux.
        throttling_data: "throttling_data" ContainerThrottlingData,
    }

    /// CPU time of a container: nanoseconds on Linux, units of 100 ns on Windows.
    pub struct ContainerCPUUsage {
        /// In all.
        total_usage: "total_usage" u64,
        /// By CPU; absent with cgroup v2.
        percpu_usage: "percpu_usage" [u64],
        /// In the kernel.
        usage_in_kernelmode: "usage_in_kernelmode" u64,
        /// In its own programs.
        usage_in_usermode: "usage_in_usermode" u64,
    }

    /// How often a CPU quota stopped a container.
    pub struct ContainerThrottlingData {
        /// Scheduling periods that have passed.
        periods: "periods" u64,
        /// Those in which it used up its quota.
        throttled_periods: "throttled_periods" u64,
        /// Nanoseconds it had to wait.
        throttled_time: "throttled_time" u64,
    }

    /// Memory of a container, in bytes.
    pub struct ContainerMemoryStats {
        /// In use, page cache included; Linux.
        usage: "usage" u64,
        /// The most that was ever in use; cgroup v1.
        max_usage: "max_usage" u64,
        /// The kernel's own figures by name, different for cgroup v1 and v2; Linux.
        stats: "stats" {u64},
        /// How often the limit was hit; cgroup v1.
        failcnt: "failcnt" u64,
        /// The limit; without one, what the host has or the highest number.
        limit: "limit" u64,
        /// Committed; Windows.
        commitbytes: "commitbytes" u64 since 1.25,
        /// The most that was ever committed; Windows.
        commitpeakbytes: "commitpeakbytes" u64 since 1.25,
        /// Private working set; Windows.
        privateworkingset: "privateworkingset" u64 since 1.25,
    }

    /// Traffic of one interface.
    pub struct ContainerNetworkStats {
        /// Bytes that came in.
        rx_bytes: "rx_bytes" u64,
        /// Packets that came in.
        rx_packets: "rx_packets" u64,
        /// Errors on the way in; Linux.
        rx_errors: "rx_errors" u64,
        /// Incoming packets that were dropped.
        rx_dropped: "rx_dropped" u64,
        /// Bytes that went out.
        tx_bytes: "tx_bytes" u64,
        /// Packets that went out.
        tx_packets: "tx_packets" u64,
        /// Errors on the way out; Linux.
        tx_errors: "tx_errors" u64,
        /// Outgoing packets that were dropped.
        tx_dropped: "tx_dropped" u64,
        /// Id of the endpoint; Windows.
        endpoint_id: "endpoint_id" String since 1.48,
        /// Id of the instance; Windows.
        instance_id: "instance_id" String since 1.48,
    }

    /// Processes of a container, threads included.
    pub struct ContainerPidsStats {
        /// How many there are.
        current: "current" u64,
        /// How many there may be.
        limit: "limit" u64 since 1.25,
    }

    /// Traffic of block devices. With cgroup v2 only the first list is filled.
    pub struct ContainerBlkioStats {
        /// Bytes moved.
        io_service_bytes_recursive: "io_service_bytes_recursive" [ContainerBlkioStatEntry],
        /// Operations done.
        io_serviced_recursive: "io_serviced_recursive" [ContainerBlkioStatEntry],
        /// Operations that wait.
        io_queue_recursive: "io_queue_recursive" [ContainerBlkioStatEntry],
        /// Nanoseconds from dispatch to completion.
        io_service_time_recursive: "io_service_time_recursive" [ContainerBlkioStatEntry],
        /// Nanoseconds spent waiting for the scheduler.
        io_wait_time_recursive: "io_wait_time_recursive" [ContainerBlkioStatEntry],
        /// Operations that were merged into others.
        io_merged_recursive: "io_merged_recursive" [ContainerBlkioStatEntry],
        /// Milliseconds of disk time.
        io_time_recursive: "io_time_recursive" [ContainerBlkioStatEntry],
        /// Sectors moved.
        sectors_recursive: "sectors_recursive" [ContainerBlkioStatEntry],
    }

    /// A number about one kind of operation on one block device.
    pub struct ContainerBlkioStatEntry {
        /// Major number of the device.
        major: "major" u64,
        /// Minor number of the device.
        minor: "minor" u64,
        /// Kind of operation, such as `read`; upper and lower case differ by kernel.
        op: "op" String,
        /// The number.
        value: "value" u64,
    }

    /// Traffic of disks; Windows.
    pub struct ContainerStorageStats {
        /// Reads, normalized by Windows.
        read_count_normalized: "read_count_normalized" u64 since 1.25,
        /// Bytes that were read.
        read_size_bytes: "read_size_bytes" u64 since 1.25,
        /// Writes, normalized by Windows.
        write_count_normalized: "write_count_normalized" u64 since 1.25,
        /// Bytes that were written.
        write_size_bytes: "write_size_bytes" u64 since 1.25,
    }
}
