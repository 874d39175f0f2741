//! The figures of `docker stats`, beside what the real command prints for the same documents.
//!
//! `documents/` holds samples. Those named after an engine were recorded from it, on a machine with cgroup v1 and neither
//! disk counters nor networks; the others are made by hand: `v2*` from the fields that dockerd copies out of a kernel's
//! cgroup v2, `windows*` from those that the API describes. `printed.jsonl` is what the docker command 28.5.2 printed for
//! each, and 20.10.24 printed the same; `record` makes it anew.

use docker_proto::model::ContainerStatsResponse;
use docker_proto::values::Usage;
use serde_json::Value;

/// Where the command prints a 0, or the load since the container's start, and nothing is known.
const CPU_UNKNOWN: &[&str] =
    &["d20-first-of-a-stream", "d26-one-shot", "podman-one-shot", "counters-gone-back", "without-any-cpu-count"];

fn document(name: &str) -> ContainerStatsResponse {
    let path = format!("{}/tests/usage/documents/{name}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn printed() -> Vec<Value> {
    include_str!("printed.jsonl").lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Go's `%.Ng` of a size below 1024, and its unit.
fn size(value: u64, base: f64, digits: usize, units: &[&str]) -> String {
    let (mut value, mut unit) = (value as f64, 0);
    while value >= base && unit + 1 < units.len() {
        value /= base;
        unit += 1;
    }
    let whole = if value < 1.0 { 1 } else { (value.log10().floor() as usize) + 1 };
    let text = format!("{value:.*}", digits.saturating_sub(whole));
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    format!("{text}{}", units[unit])
}

fn decimal(bytes: Option<u64>) -> String {
    size(bytes.unwrap_or_default(), 1000.0, 3, &["B", "kB", "MB", "GB", "TB", "PB", "EB"])
}

fn binary(bytes: Option<u64>) -> String {
    size(bytes.unwrap_or_default(), 1024.0, 4, &["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"])
}

fn percent(value: Option<f64>) -> String {
    format!("{:.2}%", value.unwrap_or_default())
}

#[test]
fn the_figures_are_those_of_the_docker_command() {
    let printed = printed();
    assert!(printed.len() >= 26, "{}", printed.len());
    for line in printed {
        let name = line["document"].as_str().unwrap();
        let found = document(name).usage();
        assert_eq!(found.is_none(), name.ends_with("-stopped"), "{name}");
        let usage = found.unwrap_or_default();
        let is = |column: &str, ours: String| assert_eq!(line[column], ours, "{name}: {column} of {usage:?}");
        is("NetIO", format!("{} / {}", decimal(usage.network_received), decimal(usage.network_sent)));
        is("BlockIO", format!("{} / {}", decimal(Some(usage.block_read)), decimal(Some(usage.block_written))));
        if CPU_UNKNOWN.contains(&name) {
            assert_eq!(usage.cpu_percent, None, "{name}");
        } else {
            assert!(usage.cpu_percent.is_some() || found.is_none(), "{name}: {usage:?}");
            is("CPUPerc", percent(usage.cpu_percent));
        }
        if name.starts_with("windows") {
            is("MemUsage", binary(usage.memory_used));
            assert_eq!((usage.memory_limit, usage.memory_percent, usage.processes), (None, None, None), "{name}");
        } else {
            is("MemUsage", format!("{} / {}", binary(usage.memory_used), binary(usage.memory_limit)));
            is("MemPerc", percent(usage.memory_percent));
            is("PIDs", usage.processes.unwrap_or_default().to_string());
        }
    }
}

#[test]
fn every_document_was_printed() {
    let folder = format!("{}/tests/usage/documents", env!("CARGO_MANIFEST_DIR"));
    let mut names: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned())
        .collect();
    names.sort();
    let mut printed: Vec<_> = printed().iter().map(|l| l["document"].as_str().unwrap().to_owned()).collect();
    printed.sort();
    assert_eq!(names, printed);
}

#[test]
fn what_is_not_known_is_not_told() {
    let of = |name: &str| document(name).usage().unwrap();
    let no_limit = of("no-memory-limit");
    assert_eq!((no_limit.memory_limit, no_limit.memory_percent), (None, None));
    assert_eq!(of("no-memory-cgroup").memory_used, None);
    assert_eq!(of("v2-host-network-null-blkio").network_received, None);
    assert_eq!(of("v2-no-limit-two-networks").memory_limit, Some(u64::MAX));
    assert_eq!(of("idle").cpu_percent, Some(0.0));
}

#[test]
fn samples_one_at_a_time() {
    let (older, newer) = (document("podman-one-shot"), document("podman-streamed"));
    assert_eq!(newer.usage().map(|u| u.cpu_percent.is_some()), Some(true));
    // The one asked for alone was taken after the other.
    let mut usage = Usage::between(&newer, &older).unwrap();
    let cpu = usage.cpu_percent.take().unwrap();
    assert!((1.0..200.0).contains(&cpu), "{cpu}");
    assert_eq!(Some(usage), older.usage());
    assert_eq!(Usage::between(&older, &newer).unwrap().cpu_percent, None, "the wrong way round");
    let (running, stopped) = (document("d28-cgroup-v1"), document("d28-stopped"));
    assert_eq!(Usage::between(&running, &stopped), None);
    assert_eq!(Usage::between(&stopped, &running).unwrap().cpu_percent, None);
    // What a streamed sample says of itself is what it says beside the one before.
    let streamed = document("v2");
    let before = streamed.clone().cpu_stats(streamed.precpu_stats.clone().unwrap());
    assert_eq!(Usage::between(&before, &streamed), streamed.usage());
    let windows = document("windows");
    let before = windows.clone().read(windows.preread.clone().unwrap());
    let before = before.cpu_stats(windows.precpu_stats.clone().unwrap());
    assert_eq!(Usage::between(&before, &windows), windows.usage());
    assert_eq!(windows.preread("0001-01-01T00:00:00Z").usage().unwrap().cpu_percent, None);
}

#[test]
fn an_empty_sample_is_no_zero() {
    assert_eq!(ContainerStatsResponse::new().usage(), Some(Usage::default()));
}
