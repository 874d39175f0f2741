//! What containers use, run and change.

use crate::kit::{Area, Correction, Type, again, bounds, types};
use docker_proto::model::*;
use serde_json::{from_value, json, to_value};

pub(crate) const AREA: Area = Area { types: TYPES, bodies: &[], examples: 13, corrections };

types!(
    Checkpoint,
    CheckpointCreateRequest,
    ContainerBlkioStatEntry,
    ContainerBlkioStats,
    ContainerCPUStats,
    ContainerCPUUsage,
    ContainerMemoryStats,
    ContainerNetworkStats,
    ContainerPidsStats,
    ContainerPruneResponse,
    ContainerStatsResponse,
    ContainerStorageStats,
    ContainerThrottlingData,
    ContainerTopResponse,
    ContainerUpdateResponse,
    FilesystemChange;
    "ContainerChanges" => Vec<FilesystemChange>,
);

fn corrections(name: &str) -> Vec<Correction> {
    // The largest number stands there as a text, because YAML readers lose its end. Engines send a number.
    let limit = || (json!("18446744073709551615"), json!(u64::MAX));
    match name {
        "ContainerPidsStats" => vec![("/limit", limit().0, limit().1)],
        "ContainerStatsResponse" => vec![("/pids_stats/limit", limit().0, limit().1)],
        // Each sample is the whole answer, so that putting them together nests them.
        "ContainerTopResponse" => {
            let titles = json!(["UID", "PID", "PPID", "C", "STIME", "TTY", "TIME", "CMD"]);
            let rows = json!([
                ["root", "13642", "882", "0", "17:03", "pts/0", "00:00:00", "/bin/bash"],
                ["root", "13735", "13642", "0", "17:06", "pts/0", "00:00:00", "sleep 10"],
            ]);
            vec![("/Titles", json!({ "Titles": titles }), titles), ("/Processes", json!({ "Processes": rows }), rows)]
        }
        _ => vec![],
    }
}

#[test]
fn counters_reach_the_end_of_their_range() {
    let sent =
        json!({"pids_stats": {"limit": u64::MAX}, "memory_stats": {"limit": u64::MAX, "stats": {"x": u64::MAX}}});
    let stats: ContainerStatsResponse = from_value(sent.clone()).unwrap();
    assert_eq!(stats.pids_stats.as_ref().unwrap().limit, Some(u64::MAX));
    assert_eq!(to_value(stats).unwrap(), sent);
}

#[test]
fn unknown_kinds_of_changes_are_kept() {
    for (number, kind) in [(0, ChangeType::Modified), (1, ChangeType::Added), (2, ChangeType::Deleted)] {
        let change: FilesystemChange = from_value(json!({"Kind": number})).unwrap();
        assert_eq!(change.kind, Some(kind));
        assert_eq!(kind.number(), number);
        assert_eq!(kind, ChangeType::Other(number));
    }
    let change: FilesystemChange = from_value(json!({"Kind": 7})).unwrap();
    assert_eq!(change.kind, Some(ChangeType::Other(7)));
    assert_eq!(to_value(&change).unwrap(), json!({"Kind": 7}));
    assert_ne!(change.kind, Some(ChangeType::Deleted));
}
