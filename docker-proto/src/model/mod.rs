//! Typed bodies: what requests carry and answers contain, one `model!` block a type.
//!
//! A body belongs here if an engine reads or writes it as JSON; a file holds the types of one kind of object. Every
//! field is optional and keeps what an engine sent; `null` is the same as an absent field; unknown fields are ignored
//! and unknown names of an enum kept. Times stay texts, as they were sent.
//!
//! Every field has a setter of its name:
//!
//! ```
//! use docker_proto::model::{ContainerCreateBody, HostConfig, Mount, RestartPolicy};
//!
//! let body = ContainerCreateBody::new()
//!     .image("alpine")
//!     .cmd(["sleep", "60"])
//!     .exposed_ports(["80/tcp"])
//!     .host_config(
//!         HostConfig::new()
//!             .memory(64 << 20)
//!             .restart_policy(RestartPolicy::new().name("always"))
//!             .mounts([Mount::new().kind("tmpfs").target("/run")]),
//!     );
//! assert_eq!(serde_json::to_value(&body).unwrap()["HostConfig"]["Memory"], 64 << 20);
//! ```

// First, because the files below are written with them.
mod macros;
mod open_enum;

mod build;
mod change;
mod checkpoint;
mod cluster_volume;
mod config;
mod container;
mod disk_usage;
mod endpoint;
mod event;
mod exec;
mod filters;
pub mod gate;
mod host_config;
mod identity;
mod image;
mod image_inspect;
mod info;
mod inspect;
mod lenient;
mod mount;
mod network;
mod outcome;
mod path_stat;
mod payload;
mod plugin;
mod progress;
mod registry;
mod shape;
mod stats;
mod swarm;
mod system;
mod timestamp;
mod values;
mod version;
mod volume;

pub use build::{BuildCache, BuildCacheType, BuildPruneResponse, ImageID};
pub use change::{ChangeType, FilesystemChange};
pub use checkpoint::{Checkpoint, CheckpointCreateRequest};
pub use cluster_volume::{
    CapacityRange, ClusterVolume, ClusterVolumeAccessMode, ClusterVolumeAvailability, ClusterVolumeBlock,
    ClusterVolumeInfo, ClusterVolumeMount, ClusterVolumePublishState, ClusterVolumePublishStatus, ClusterVolumeScope,
    ClusterVolumeSecret, ClusterVolumeSharing, ClusterVolumeSpec, Topology, TopologyRequirement, VolumeUpdateBody,
};
pub use config::{ContainerConfig, ContainerCreateBody, HealthConfig};
pub use container::{
    ContainerCreateResponse, ContainerPruneResponse, ContainerStatus, ContainerSummary, ContainerSummaryHostConfig,
    ContainerSummaryNetworkSettings, ContainerTopResponse, ContainerUpdateResponse, ContainerWaitExitError,
    ContainerWaitResponse, HealthStatus, HealthSummary, MountPoint, MountPropagation, MountType, PortProtocol,
    PortSummary,
};
pub use disk_usage::{BuildCacheDiskUsage, ContainersDiskUsage, ImagesDiskUsage, SystemDataUsage, VolumesDiskUsage};
pub use endpoint::{Address, EndpointIPAMConfig, EndpointSettings, NetworkSettings, NetworkingConfig};
pub use event::{EventActor, EventMessage, EventScope, EventType};
pub use exec::{ExecConfig, ExecInspectResponse, ExecStartConfig, IdResponse, ProcessConfig};
pub use filters::Filters;
pub use gate::{Gate, Gated};
pub use host_config::{
    CgroupnsMode, ContainerUpdateBody, DeviceMapping, DeviceRequest, HostConfig, Isolation, ThrottleDevice, Ulimit,
    WeightDevice,
};
pub use identity::{
    BuildIdentity, Identity, KnownSignerIdentity, PullIdentity, SignatureIdentity, SignatureTimestamp,
    SignatureTimestampType, SignatureType, SignerIdentity,
};
pub use image::{
    AttestationStatement, ImageDeleteResponseItem, ImageHistoryResponseItem, ImageManifestAttestation,
    ImageManifestImage, ImageManifestImageSize, ImageManifestKind, ImageManifestSize, ImageManifestSummary,
    ImagePruneResponse, ImageSearchResponseItem, ImageSummary, OCIDescriptor, OCIPlatform,
};
pub use image_inspect::{ImageConfig, ImageInspect, ImageMetadata, ImageRootFS};
pub use info::SystemInfo;
pub use inspect::{
    ContainerInspectResponse, ContainerState, DriverData, Health, HealthcheckResult, RootFSStorage,
    RootFSStorageSnapshot, Storage,
};
pub use mount::{
    BindOptions, ImageOptions, LogConfig, LogDriver, Mount, PortBinding, RestartPolicy, RestartPolicyName,
    TmpfsOptions, VolumeDriverConfig, VolumeOptions,
};
pub use network::{
    ConfigReference, EndpointResource, IPAM, IPAMConfig, IPAMStatus, Network, NetworkConnectRequest,
    NetworkCreateRequest, NetworkCreateResponse, NetworkDisconnectRequest, NetworkInspect, NetworkPruneResponse,
    NetworkStatus, NetworkSummary, NetworkTaskInfo, PeerInfo, ServiceInfo, SubnetStatus,
};
pub use path_stat::{FileMode, PathStat};
pub use payload::Base64;
pub use plugin::{
    Plugin, PluginArgs, PluginConfig, PluginDevice, PluginEnv, PluginInterface, PluginInterfaceType, PluginLinux,
    PluginMount, PluginNetwork, PluginPrivilege, PluginProtocol, PluginRootFS, PluginSettings, PluginUser,
};
pub use progress::{ErrorDetail, ErrorResponse, Progress, ProgressDetail};
pub use registry::{AuthConfig, AuthResponse, DistributionInspect};
pub use shape::{Described, FieldSpec, ModelSpec, Shape};
pub use stats::{
    ContainerBlkioStatEntry, ContainerBlkioStats, ContainerCPUStats, ContainerCPUUsage, ContainerMemoryStats,
    ContainerNetworkStats, ContainerPidsStats, ContainerStatsResponse, ContainerStorageStats, ContainerThrottlingData,
};
pub use swarm::{
    AppArmorMode, AppArmorOptions, CAConfig, ClusterInfo, Config, ConfigCreateResponse, ConfigSpec, ContainerSpec,
    CredentialSpec, DNSConfig, DiscreteGenericResource, DispatcherConfig, Driver, EncryptionConfig, EndpointMode,
    EndpointPortConfig, EndpointSpec, EndpointVirtualIP, EngineDescription, EnginePlugin, ExternalCA,
    ExternalCAProtocol, FailureAction, GenericResource, GlobalJob, GlobalService, JobStatus, JoinTokens, Limit,
    LocalNodeState, ManagerStatus, NamedGenericResource, NetworkAttachment, NetworkAttachmentConfig,
    NetworkAttachmentSpec, Node, NodeAvailability, NodeCSIInfo, NodeDescription, NodeRole, NodeSpec, NodeState,
    NodeStatus, ObjectVersion, OrchestrationConfig, PeerNode, Placement, PlacementPreference, Platform, PluginSpec,
    PluginSpecPrivilege, PortStatus, Privileges, PublishMode, RaftConfig, Reachability, ReplicatedJob,
    ReplicatedService, ResourceObject, RollbackConfig, SELinuxContext, SeccompMode, SeccompOptions, Secret,
    SecretCreateResponse, SecretReference, SecretReferenceFile, SecretSpec, Service, ServiceCreateResponse,
    ServiceEndpoint, ServiceMode, ServiceSpec, ServiceStatus, ServiceUpdateResponse, SpreadOver, Swarm,
    SwarmConfigReference, SwarmConfigReferenceFile, SwarmConfigReferenceRuntime, SwarmIPAMConfig, SwarmIPAMOptions,
    SwarmInfo, SwarmInitBody, SwarmJoinBody, SwarmNetwork, SwarmNetworkSpec, SwarmSpec, SwarmUnlockKey, TLSInfo, Task,
    TaskContainerStatus, TaskDefaults, TaskResources, TaskRestartCondition, TaskRestartPolicy, TaskSpec, TaskState,
    TaskStatus, TaskVolume, UpdateConfig, UpdateOrder, UpdateState, UpdateStatus,
};
pub use system::{
    AddressPool, CgroupDriver, CgroupVersion, Commit, ContainerdInfo, ContainerdNamespaces, DeviceInfo, FirewallInfo,
    IndexInfo, NRIInfo, PluginsInfo, RegistryServiceConfig, Runtime, SystemVersion, VersionComponent, VersionPlatform,
};
pub use timestamp::Timestamp;
pub use values::{ConsoleSize, Keys, SecretText};
pub use version::ApiVersion;
pub use volume::{Volume, VolumeCreateRequest, VolumeListResponse, VolumePruneResponse, VolumeScope, VolumeUsageData};
