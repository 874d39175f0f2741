//! Volumes, and what takes space on an engine's disk.

use crate::engine::documented_late;
use crate::kit::{Area, Bound, Correction, Type, again, bounds, types};
use docker_proto::model::*;

pub(crate) const AREA: Area =
    Area { of, bodies: &[], examples: 8, corrections, full: include_str!("../data/storage.json"), types: 5, bound };

types!(
    BuildCacheDiskUsage,
    ContainersDiskUsage,
    ImagesDiskUsage,
    SystemDataUsage,
    Volume,
    VolumeCreateRequest,
    VolumeListResponse,
    VolumePruneResponse,
    VolumesDiskUsage;
);

fn corrections(_: &str) -> Vec<Correction> {
    vec![]
}

fn bound(_: &str, path: &str) -> Option<Bound> {
    documented_late(path).then_some(Bound::Free)
}
