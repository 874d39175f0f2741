//! What `docker stats` shows: percentages and sums, computed from a sample of a container's counters.

use crate::model::{ContainerCPUStats, ContainerMemoryStats, ContainerStatsResponse, Timestamp};

/// What a container uses, as the columns of `docker stats` show it.
///
/// The formulas are those of the docker command line, `cli/command/container/stats_helpers.go`. Where that prints 0 because
/// it does not know, there is nothing here.
///
/// ```
/// use docker_proto::model::ContainerStatsResponse;
///
/// let sample: ContainerStatsResponse = serde_json::from_str(
///     r#"{"read":"2026-01-02T03:04:05Z",
///         "cpu_stats":{"cpu_usage":{"total_usage":1500000000},"system_cpu_usage":8000000000,"online_cpus":4},
///         "precpu_stats":{"cpu_usage":{"total_usage":1000000000},"system_cpu_usage":4000000000,"online_cpus":4},
///         "memory_stats":{"usage":3145728,"limit":8388608,"stats":{"inactive_file":1048576}}}"#,
/// )
/// .unwrap();
/// let usage = sample.usage().expect("the container runs");
/// // Half a second of one CPU, while four CPUs had a second each.
/// assert_eq!(usage.cpu_percent, Some(50.0));
/// assert_eq!((usage.memory_used, usage.memory_percent), (Some(2 << 20), Some(25.0)));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[non_exhaustive]
pub struct Usage {
    /// CPU time since the sample before, in percent of one CPU: 200 is two busy CPUs. On Windows in percent of all of
    /// them. Nothing if there is no sample before: in the first one of a stream, and with `one_shot`.
    pub cpu_percent: Option<f64>,
    /// Bytes in use, without the part of the page cache that would be dropped first.
    pub memory_used: Option<u64>,
    /// Bytes that may be used; the host's memory, or the highest number, if the container has no limit of its own. Not
    /// on Windows.
    pub memory_limit: Option<u64>,
    /// Memory in use, in percent of the limit.
    pub memory_percent: Option<f64>,
    /// Bytes that came in, over all interfaces. Nothing if the container has no interface of its own: no network, or the
    /// host's.
    pub network_received: Option<u64>,
    /// Bytes that went out, in the same way.
    pub network_sent: Option<u64>,
    /// Bytes read from block devices.
    pub block_read: u64,
    /// Bytes written to block devices.
    pub block_written: u64,
    /// Processes and threads. Not on Windows.
    pub processes: Option<u64>,
}

impl ContainerStatsResponse {
    /// The figures of `docker stats`; nothing if the container does not run, of which engines send a sample of zeros.
    #[must_use]
    #[inline]
    pub fn usage(&self) -> Option<Usage> {
        compute(self, self.precpu_stats.as_ref(), self.preread.as_deref())
    }
}

impl Usage {
    /// The figures of `newer`, with the CPU time since `older`: for samples that were asked for one at a time, which do
    /// not hold the one before. Nothing if the container does not run.
    ///
    /// ```
    /// use docker_proto::model::{ContainerCPUStats, ContainerCPUUsage, ContainerStatsResponse};
    /// use docker_proto::values::Usage;
    ///
    /// let sample = |used, passed| {
    ///     let cpu = ContainerCPUStats::new().cpu_usage(ContainerCPUUsage::new().total_usage(used));
    ///     ContainerStatsResponse::new().cpu_stats(cpu.system_cpu_usage(passed).online_cpus(2))
    /// };
    /// let usage = Usage::between(&sample(100, 1000), &sample(250, 2000)).expect("the container runs");
    /// assert_eq!(usage.cpu_percent, Some(30.0));
    /// ```
    #[must_use]
    #[inline]
    pub fn between(older: &ContainerStatsResponse, newer: &ContainerStatsResponse) -> Option<Self> {
        compute(newer, older.cpu_stats.as_ref(), older.read.as_deref())
    }
}

/// `before` and `read_before` are of the sample before.
#[inline]
fn compute(
    sample: &ContainerStatsResponse,
    before: Option<&ContainerCPUStats>,
    read_before: Option<&str>,
) -> Option<Usage> {
    if sample.read.as_deref().is_some_and(is_year_1) {
        return None;
    }
    let mut usage = if is_windows(sample) { windows(sample, before, read_before) } else { linux(sample, before) };
    if !sample.networks.is_empty() {
        let sum = |one: fn(&crate::model::ContainerNetworkStats) -> Option<u64>| {
            Some(sample.networks.values().filter_map(one).fold(0, u64::saturating_add))
        };
        usage.network_received = sum(|network| network.rx_bytes);
        usage.network_sent = sum(|network| network.tx_bytes);
    }
    Some(usage)
}

/// Go's zero time, which stands for no time.
#[inline]
fn is_year_1(time: &str) -> bool {
    time.starts_with("0001-01-01")
}

/// Engines say so since API 1.52; before that only Windows counts its processors.
#[inline]
fn is_windows(sample: &ContainerStatsResponse) -> bool {
    match sample.os_type.as_deref() {
        Some("") | None => sample.num_procs.is_some_and(|n| n > 0),
        Some(os) => os == "windows",
    }
}

#[inline]
fn linux(sample: &ContainerStatsResponse, before: Option<&ContainerCPUStats>) -> Usage {
    let (block_read, block_written) = block_bytes(sample);
    let memory = sample.memory_stats.as_ref();
    let memory_used = memory.and_then(without_cache);
    // Zero is what an engine writes that does not know.
    let memory_limit = memory.and_then(|m| m.limit).filter(|&limit| limit != 0);
    let percent = |used: u64, limit: u64| used as f64 / limit as f64 * 100.0;
    Usage {
        cpu_percent: sample.cpu_stats.as_ref().zip(before).and_then(|(now, before)| linux_cpu(now, before)),
        memory_used,
        memory_limit,
        memory_percent: memory_used.zip(memory_limit).map(|(used, limit)| percent(used, limit)),
        block_read,
        block_written,
        processes: sample.pids_stats.as_ref().and_then(|pids| pids.current),
        ..Usage::default()
    }
}

#[inline]
fn linux_cpu(now: &ContainerCPUStats, before: &ContainerCPUStats) -> Option<f64> {
    let used = |cpu: &ContainerCPUStats| cpu.cpu_usage.as_ref().and_then(|usage| usage.total_usage);
    // The host's counter is above zero from its first second on: zero is a sample that was never taken.
    let passed_before = before.system_cpu_usage.filter(|&passed| passed != 0)?;
    let used = used(now)? as f64 - used(before).unwrap_or_default() as f64;
    let passed = now.system_cpu_usage? as f64 - passed_before as f64;
    let cpus = match now.online_cpus.unwrap_or_default() {
        0 => now.cpu_usage.as_ref().map_or(0, |usage| usage.percpu_usage.len()) as f64,
        online => f64::from(online),
    };
    // Counters that go back are those of another start.
    (used >= 0.0 && passed > 0.0 && cpus > 0.0).then(|| used / passed * cpus * 100.0)
}

/// Memory in use without the inactive page cache, whose name tells cgroup v1 and v2 apart.
#[inline]
fn without_cache(memory: &ContainerMemoryStats) -> Option<u64> {
    let usage = memory.usage?;
    let inactive = |name| memory.stats.get(name).copied().filter(|&cache| cache < usage);
    Some(usage - inactive("total_inactive_file").or_else(|| inactive("inactive_file")).unwrap_or_default())
}

/// Bytes read and written. Kernels write `Read` or `read`, and totals besides.
#[inline]
fn block_bytes(sample: &ContainerStatsResponse) -> (u64, u64) {
    let entries = sample.blkio_stats.iter().flat_map(|stats| &stats.io_service_bytes_recursive);
    entries.fold((0, 0), |(read, written), entry| {
        let bytes = entry.value.unwrap_or_default();
        match entry.op.as_deref().and_then(|op| op.bytes().next()) {
            Some(b'r' | b'R') => (read.saturating_add(bytes), written),
            Some(b'w' | b'W') => (read, written.saturating_add(bytes)),
            _ => (read, written),
        }
    })
}

#[inline]
fn windows(sample: &ContainerStatsResponse, before: Option<&ContainerCPUStats>, read_before: Option<&str>) -> Usage {
    let used = |cpu: &ContainerCPUStats| cpu.cpu_usage.as_ref().and_then(|usage| usage.total_usage);
    let cpu_percent = || {
        let before = used(before?)?;
        let began = Timestamp::parse(read_before.filter(|time| !is_year_1(time))?).ok()?;
        let ended = Timestamp::parse(sample.read.as_deref()?).ok()?;
        let nanos = |time: Timestamp| i128::from(time.seconds) * 1_000_000_000 + i128::from(time.nanos);
        // CPU time comes in units of 100 ns.
        let passed = (nanos(ended) - nanos(began)) / 100 * i128::from(sample.num_procs?);
        let used = i128::from(used(sample.cpu_stats.as_ref()?)?) - i128::from(before);
        (used >= 0 && passed > 0).then(|| used as f64 / passed as f64 * 100.0)
    };
    let storage = sample.storage_stats.as_ref();
    Usage {
        cpu_percent: cpu_percent(),
        memory_used: sample.memory_stats.as_ref().and_then(|memory| memory.privateworkingset),
        block_read: storage.and_then(|disks| disks.read_size_bytes).unwrap_or_default(),
        block_written: storage.and_then(|disks| disks.write_size_bytes).unwrap_or_default(),
        ..Usage::default()
    }
}
