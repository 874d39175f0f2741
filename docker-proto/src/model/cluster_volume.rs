//! Volumes that a swarm manages through storage plugins.

use super::ObjectVersion;
use super::macros::{model, open_enum};
use alloc::string::String;

open_enum! {
    /// On how many nodes a volume is used at one time.
    pub enum ClusterVolumeScope {
        /// One.
        Single = "single",
        /// Several.
        Multi = "multi",
    }

    /// How tasks share a volume.
    pub enum ClusterVolumeSharing {
        /// One task alone has it.
        None = "none",
        /// Any number of tasks read.
        ReadOnly = "readonly",
        /// One task writes, any number read.
        OneWriter = "onewriter",
        /// Any number of tasks read and write.
        All = "all",
    }

    /// Whether a volume takes tasks.
    pub enum ClusterVolumeAvailability {
        /// It does.
        Active = "active",
        /// It keeps those it has and takes no more.
        Pause = "pause",
        /// It takes none, and those it has move elsewhere.
        Drain = "drain",
    }

    /// How a volume stands on a node.
    pub enum ClusterVolumePublishState {
        /// To be published there; the plugin has not said yes.
        PendingPublish = "pending-publish",
        /// Published there.
        Published = "published",
        /// The node is to let it go.
        PendingNodeUnpublish = "pending-node-unpublish",
        /// The node has let it go, the plugin has not.
        PendingControllerUnpublish = "pending-controller-unpublish",
    }
}

model! {
    /// What only volumes of a swarm have.
    pub struct ClusterVolume {
        /// Its id in the swarm.
        id: "ID" String since 1.42,
        /// Number that an update must name.
        version: "Version" ObjectVersion since 1.42,
        /// Creation time, RFC 3339.
        created_at: "CreatedAt" String since 1.42,
        /// Time of the last change, RFC 3339.
        updated_at: "UpdatedAt" String since 1.42,
        /// The settings.
        spec: "Spec" ClusterVolumeSpec since 1.42,
        /// What the plugin tells of it.
        info: "Info" ClusterVolumeInfo since 1.42,
        /// The nodes it is published on, or about to be.
        publish_status: "PublishStatus" [ClusterVolumePublishStatus] since 1.42,
    }

    /// What a storage plugin tells of a volume.
    pub struct ClusterVolumeInfo {
        /// Its size, in bytes.
        capacity_bytes: "CapacityBytes" i64 since 1.42,
        /// Whatever else the plugin says.
        volume_context: "VolumeContext" {String} since 1.42,
        /// Its id with the plugin.
        volume_id: "VolumeID" String since 1.42,
        /// From where it can be used.
        accessible_topology: "AccessibleTopology" [Topology] since 1.42,
    }

    /// How a volume stands on one node.
    pub struct ClusterVolumePublishStatus {
        /// Id of the node.
        node_id: "NodeID" String since 1.42,
        /// Its state there.
        state: "State" ClusterVolumePublishState since 1.42,
        /// Whatever else the plugin says.
        publish_context: "PublishContext" {String} since 1.42,
    }

    /// Settings of a volume of a swarm.
    pub struct ClusterVolumeSpec {
        /// Group of volumes that mounts can name instead of one, as `group:name`.
        group: "Group" String since 1.42,
        /// How tasks use it.
        access_mode: "AccessMode" ClusterVolumeAccessMode since 1.42,
        /// Secrets handed to the plugin.
        secrets: "Secrets" [ClusterVolumeSecret] since 1.42,
        /// From where it must be usable.
        accessibility_requirements: "AccessibilityRequirements" TopologyRequirement since 1.42,
        /// How large it must be.
        capacity_range: "CapacityRange" CapacityRange since 1.42,
        /// Whether it takes tasks.
        availability: "Availability" ClusterVolumeAvailability since 1.42,
    }

    /// How tasks use a volume of a swarm. One of the two kinds of volume is set.
    pub struct ClusterVolumeAccessMode {
        /// On how many nodes.
        scope: "Scope" ClusterVolumeScope since 1.42,
        /// How they share it.
        sharing: "Sharing" ClusterVolumeSharing since 1.42,
        /// It is mounted as a file system.
        mount_volume: "MountVolume" ClusterVolumeMount since 1.42,
        /// It is given as a block device.
        block_volume: "BlockVolume" ClusterVolumeBlock,
    }

    /// A volume mounted as a file system. Sent without settings, it chooses that kind.
    pub struct ClusterVolumeMount {
        /// The file system, such as `ext4`; the plugin chooses when unset.
        fs_type: "FsType" String,
        /// Options of the mount.
        mount_flags: "MountFlags" [String],
    }

    /// A volume given as a block device. Sent, it chooses that kind; it has no settings.
    pub struct ClusterVolumeBlock {}

    /// A secret handed to a storage plugin.
    pub struct ClusterVolumeSecret {
        /// The name the plugin knows it by.
        key: "Key" String since 1.42,
        /// Name or id of the secret.
        secret: "Secret" String since 1.42,
    }

    /// From where a volume must be usable.
    pub struct TopologyRequirement {
        /// One of these places at least.
        requisite: "Requisite" [Topology] since 1.42,
        /// Places to try first, best one first.
        preferred: "Preferred" [Topology] since 1.42,
    }

    /// A place, in a storage plugin's terms.
    pub struct Topology {
        /// From domain to the part of it, such as `region` to `R1`.
        segments: "Segments" {String} since 1.42,
    }

    /// How large a volume must be.
    pub struct CapacityRange {
        /// The least, in bytes; 0 leaves it open.
        required_bytes: "RequiredBytes" i64 since 1.42,
        /// The most, in bytes; 0 leaves it open.
        limit_bytes: "LimitBytes" i64 since 1.42,
    }

    /// A change of a volume of a swarm.
    pub struct VolumeUpdateBody {
        /// The new settings, all of them; only the availability may differ from the old ones.
        spec: "Spec" ClusterVolumeSpec since 1.42,
    }
}
