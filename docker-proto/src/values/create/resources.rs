//! How much it may use.

use super::{CreateOptions, plain, read, set};
use crate::Error;
use crate::model::{HostConfig, ThrottleDevice, Ulimit, WeightDevice};
use crate::values::{ByteSize, Cpus};
use alloc::string::String;
use alloc::vec::Vec;

set! {
    /// CPUs it may run on, such as `0-2,4`.
    cpuset_cpus(String) => host.cpuset_cpus;
    /// NUMA nodes it may take memory from, such as `0,1`.
    cpuset_mems(String) => host.cpuset_mems;
    /// Control group under which its own is made.
    cgroup_parent(String) => host.cgroup_parent;
}

plain! {
    /// Weight of its CPU time against other containers; 1024 is usual, 0 the default.
    cpu_shares(i64) => host.cpu_shares;
    /// Length of a CPU scheduling period, in microseconds; 0 is the default.
    cpu_period(i64) => host.cpu_period;
    /// CPU time in each period, in microseconds; -1 is no limit.
    cpu_quota(i64) => host.cpu_quota;
    /// Length of a real-time scheduling period, in microseconds.
    cpu_rt_period(i64) => host.cpu_realtime_period;
    /// Real-time CPU in each such period, in microseconds.
    cpu_rt_runtime(i64) => host.cpu_realtime_runtime;
    /// CPU limit, in billionths of a CPU: 64 bits wide.
    nano_cpus(i64) => host.nano_cpus;
    /// Windows: number of CPUs.
    cpu_count(i64) => host.cpu_count;
    /// Windows: share of all CPUs, in percent.
    cpu_percent(i64) => host.cpu_percent;
    /// Eagerness to swap, 0 to 100; -1 is the host's own.
    memory_swappiness(i64) => host.memory_swappiness;
    /// Keeps the OOM killer away; needs a memory limit to be of use.
    oom_kill_disable(bool) => host.oom_kill_disable;
    /// Shift of the OOM killer's score, -1000 to 1000.
    oom_score_adj(i64) => host.oom_score_adj;
    /// Most processes; 0 or -1 is no limit.
    pids_limit(i64) => host.pids_limit;
    /// Weight of its block I/O, 10 to 1000; 0 leaves it off.
    blkio_weight(u16) => host.blkio_weight;
    /// Windows: operations a second on the system drive.
    io_maxiops(u64) => host.io_maximum_iops;
}

read! {
    /// Memory limit: `64m`, or bytes; 0 is none.
    memory(ByteSize) => |o, size| o.host.memory = Some(size.0);
    /// Memory and swap together; -1 is no limit, 0 the default.
    memory_swap(ByteSize) => |o, size| o.host.memory_swap = Some(size.0);
    /// Soft memory limit.
    memory_reservation(ByteSize) => |o, size| o.host.memory_reservation = Some(size.0);
    /// Limit of kernel memory. Until API 1.41.
    kernel_memory(ByteSize) => |o, size| o.host.kernel_memory = Some(size.0);
    /// Size of `/dev/shm`; 0 is the default.
    shm_size(ByteSize) => |o, size| o.host.shm_size = Some(size.0);
    /// CPU limit: `1.5`. Since API 1.25.
    cpus(Cpus) => |o, cpus| o.host.nano_cpus = Some(cpus.0);
    /// Adds a limit of its processes: `nofile=1024:2048`.
    ulimit(Ulimit) => |o, limit| o.host.ulimits.push(limit);
}

type Limits = Option<Vec<ThrottleDevice>>;

/// ```
/// use docker_proto::values::CreateOptions;
///
/// let host = CreateOptions::new("alpine")
///     .cpus("1.5")
///     .ulimit("nofile=1024:2048")
///     .blkio_weight_device("/dev/sda", 200)
///     .device_read_bps("/dev/sda", "1mb")
///     .device_write_iops("/dev/sda", 1000)
///     .create()?
///     .body
///     .host_config
///     .unwrap();
/// assert_eq!(host.nano_cpus, Some(1_500_000_000));
/// assert_eq!(host.blkio_device_read_bps.unwrap()[0].rate, Some(1 << 20));
/// # Ok::<(), docker_proto::Error>(())
/// ```
impl CreateOptions {
    /// Adds the weight of one device, 10 to 1000.
    #[inline]
    pub fn blkio_weight_device(mut self, path: impl Into<String>, weight: u16) -> Self {
        let device = WeightDevice::new().path(path).weight(weight);
        self.host.blkio_weight_device.get_or_insert_default().push(device);
        self
    }

    /// Adds a read limit of one device, a second: `1mb`, or bytes.
    #[inline]
    pub fn device_read_bps(self, path: impl Into<String>, rate: impl TryInto<ByteSize, Error: Into<Error>>) -> Self {
        self.bytes("device_read_bps", path.into(), rate, |host| &mut host.blkio_device_read_bps)
    }

    /// Adds a write limit of one device, a second: `1mb`, or bytes.
    #[inline]
    pub fn device_write_bps(self, path: impl Into<String>, rate: impl TryInto<ByteSize, Error: Into<Error>>) -> Self {
        self.bytes("device_write_bps", path.into(), rate, |host| &mut host.blkio_device_write_bps)
    }

    /// Adds a read limit of one device, in operations a second.
    #[inline]
    pub fn device_read_iops(self, path: impl Into<String>, rate: u64) -> Self {
        self.throttle(path.into(), rate, |host| &mut host.blkio_device_read_iops)
    }

    /// Adds a write limit of one device, in operations a second.
    #[inline]
    pub fn device_write_iops(self, path: impl Into<String>, rate: u64) -> Self {
        self.throttle(path.into(), rate, |host| &mut host.blkio_device_write_iops)
    }

    #[inline]
    fn bytes(
        mut self,
        option: &str,
        path: String,
        rate: impl TryInto<ByteSize, Error: Into<Error>>,
        list: fn(&mut HostConfig) -> &mut Limits,
    ) -> Self {
        let Some(ByteSize(rate)) = self.read(option, rate) else { return self };
        match u64::try_from(rate) {
            Ok(rate) => self.throttle(path, rate, list),
            Err(_) => {
                let e = crate::values::refuse("byte size", &alloc::format!("{rate}"), "must not be negative");
                self.fail(option, &e);
                self
            }
        }
    }

    #[inline]
    fn throttle(mut self, path: String, rate: u64, list: fn(&mut HostConfig) -> &mut Limits) -> Self {
        list(&mut self.host).get_or_insert_default().push(ThrottleDevice::new().path(path).rate(rate));
        self
    }

    /// Windows: bytes a second on the system drive: `10mb`, or bytes.
    #[inline]
    pub fn io_maxbandwidth(mut self, rate: impl TryInto<ByteSize, Error: Into<Error>>) -> Self {
        if let Some(ByteSize(rate)) = self.read("io_maxbandwidth", rate) {
            // A negative limit is none.
            self.host.io_maximum_bandwidth = Some(u64::try_from(rate).unwrap_or(0));
        }
        self
    }
}
