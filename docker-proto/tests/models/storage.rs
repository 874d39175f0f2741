//! Volumes, and what takes space on an engine's disk.

use crate::kit::{Area, Correction, Type, again, bounds, types};
use docker_proto::model::*;

pub(crate) const AREA: Area = Area { types: TYPES, bodies: &[], examples: 8, corrections };

types!(
    BuildCacheDiskUsage, ContainersDiskUsage, ImagesDiskUsage, SystemDataUsage, Volume, VolumeCreateRequest,
    VolumeListResponse, VolumePruneResponse, VolumeUsageData, VolumesDiskUsage;
);

fn corrections(_: &str) -> Vec<Correction> {
    vec![]
}
