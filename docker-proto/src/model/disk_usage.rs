//! What takes space on an engine's disk.
//!
//! Newer engines send both forms, unless the verbose one is asked for.

use super::macros::model;
use super::{BuildCache, ContainerSummary, ImageSummary, Volume};

model! {
    /// What takes space on an engine's disk.
    pub struct SystemDataUsage {
        /// Images.
        image_usage: "ImageUsage" ImagesDiskUsage since 1.52,
        /// Containers.
        container_usage: "ContainerUsage" ContainersDiskUsage since 1.52,
        /// Volumes.
        volume_usage: "VolumeUsage" VolumesDiskUsage since 1.52,
        /// Build cache.
        build_cache_usage: "BuildCacheUsage" BuildCacheDiskUsage since 1.52,
        /// Older form: bytes of all layers, each counted once.
        layers_size: "LayersSize" i64 since 1.25 until 1.51,
        /// Older form: the images.
        images: "Images" [ImageSummary] since 1.25 until 1.51,
        /// Older form: the containers, with their sizes.
        containers: "Containers" [ContainerSummary] since 1.25 until 1.51,
        /// Older form: the volumes, with their usage.
        volumes: "Volumes" [Volume] since 1.25 until 1.51,
        /// Older form: the records of the build cache.
        build_cache: "BuildCache" [BuildCache] since 1.39 until 1.51,
        /// Oldest form: bytes of the build cache.
        builder_size: "BuilderSize" i64 until 1.41,
    }

    /// Space that images take.
    pub struct ImagesDiskUsage {
        /// Images that containers use.
        active_count: "ActiveCount" i64 since 1.52,
        /// All images.
        total_count: "TotalCount" i64 since 1.52,
        /// Bytes that removing unused ones would free.
        reclaimable: "Reclaimable" i64 since 1.52,
        /// Bytes in all.
        total_size: "TotalSize" i64 since 1.52,
        /// The images; only in the verbose form.
        items: "Items" [ImageSummary] since 1.52,
    }

    /// Space that containers take.
    pub struct ContainersDiskUsage {
        /// Running containers.
        active_count: "ActiveCount" i64 since 1.52,
        /// All containers.
        total_count: "TotalCount" i64 since 1.52,
        /// Bytes that removing stopped ones would free.
        reclaimable: "Reclaimable" i64 since 1.52,
        /// Bytes in all.
        total_size: "TotalSize" i64 since 1.52,
        /// The containers; only in the verbose form.
        items: "Items" [ContainerSummary] since 1.52,
    }

    /// Space that volumes take.
    pub struct VolumesDiskUsage {
        /// Volumes that containers use.
        active_count: "ActiveCount" i64 since 1.52,
        /// All volumes.
        total_count: "TotalCount" i64 since 1.52,
        /// Bytes that removing unused ones would free.
        reclaimable: "Reclaimable" i64 since 1.52,
        /// Bytes in all.
        total_size: "TotalSize" i64 since 1.52,
        /// The volumes; only in the verbose form.
        items: "Items" [Volume] since 1.52,
    }

    /// Space that the build cache takes.
    pub struct BuildCacheDiskUsage {
        /// Records that builds use right now.
        active_count: "ActiveCount" i64 since 1.52,
        /// All records.
        total_count: "TotalCount" i64 since 1.52,
        /// Bytes that removing unused ones would free.
        reclaimable: "Reclaimable" i64 since 1.52,
        /// Bytes in all.
        total_size: "TotalSize" i64 since 1.52,
        /// The records; only in the verbose form.
        items: "Items" [BuildCache] since 1.52,
    }
}
