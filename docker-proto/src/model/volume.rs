//! Volumes.

use super::macros::{model, open_enum};
use super::{ClusterVolume, ClusterVolumeSpec};
use alloc::string::String;
use serde_json::Value;

open_enum! {
    /// How far a volume reaches.
    pub enum VolumeScope {
        /// This engine.
        Local = "local",
        /// The whole swarm.
        Global = "global",
    }
}

model! {
    /// A volume.
    pub struct Volume {
        /// Its name.
        name: "Name" String,
        /// Its driver.
        driver: "Driver" String,
        /// Its content, as a path on the engine's host; empty where the driver hides it.
        mountpoint: "Mountpoint" String,
        /// When it was made, RFC 3339.
        created_at: "CreatedAt" String since 1.31,
        /// Facts its driver tells, in the driver's own form.
        status: "Status" {Value},
        /// Labels.
        labels: "Labels" {String},
        /// How far it reaches.
        scope: "Scope" VolumeScope,
        /// The part that only volumes of a swarm have.
        cluster_volume: "ClusterVolume" ClusterVolume since 1.42,
        /// Options its driver was given.
        options: "Options" {String} since 1.25,
        /// Who uses it and how large it is; only in answers about disk usage.
        usage_data: "UsageData" VolumeUsageData since 1.25,
    }

    /// Who uses a volume, and how large it is.
    pub struct VolumeUsageData {
        /// Bytes of its content; -1 when not computed.
        size: "Size" i64 since 1.25,
        /// Containers that mount it; -1 when not counted.
        ref_count: "RefCount" i64 since 1.25,
    }

    /// A volume to make.
    pub struct VolumeCreateRequest {
        /// Its name; the engine invents one if there is none.
        name: "Name" String,
        /// Its driver; `local` if there is none.
        driver: "Driver" String,
        /// Options for the driver.
        driver_opts: "DriverOpts" {String},
        /// Labels.
        labels: "Labels" {String},
        /// Makes it a volume of the swarm.
        cluster_volume_spec: "ClusterVolumeSpec" ClusterVolumeSpec since 1.42,
    }

    /// The volumes of an engine.
    pub struct VolumeListResponse {
        /// The volumes.
        volumes: "Volumes" [Volume],
        /// Drivers that did not answer, for people.
        warnings: "Warnings" [String],
    }

    /// What removing unused volumes did.
    pub struct VolumePruneResponse {
        /// Names of the volumes that are gone.
        volumes_deleted: "VolumesDeleted" [String] since 1.25,
        /// Bytes that became free.
        space_reclaimed: "SpaceReclaimed" i64 since 1.25,
    }
}
