//! Bodies about swarms: the cluster, nodes, services, tasks, secrets and configs.
//!
//! A body belongs here if only engines in a swarm read or write it; a file holds one kind of object. What the objects
//! have in common is below.

use super::Base64;
use super::macros::model;
use alloc::string::String;

mod cluster;
mod container_spec;
mod network;
mod node;
mod secret;
mod service;
mod task;

pub use cluster::{
    CAConfig, ClusterInfo, DispatcherConfig, EncryptionConfig, ExternalCA, ExternalCAProtocol, JoinTokens,
    LocalNodeState, OrchestrationConfig, PeerNode, RaftConfig, Swarm, SwarmInfo, SwarmInitBody, SwarmJoinBody,
    SwarmSpec, SwarmUnlockKey, TaskDefaults,
};
pub use container_spec::{
    AppArmorMode, AppArmorOptions, ContainerSpec, CredentialSpec, DNSConfig, Privileges, SELinuxContext, SeccompMode,
    SeccompOptions, SecretReference, SecretReferenceFile, SwarmConfigReference, SwarmConfigReferenceFile,
    SwarmConfigReferenceRuntime,
};
pub use network::{
    EndpointMode, EndpointPortConfig, EndpointSpec, EndpointVirtualIP, NetworkAttachment, NetworkAttachmentConfig,
    PublishMode, SwarmIPAMConfig, SwarmIPAMOptions, SwarmNetwork, SwarmNetworkSpec,
};
pub use node::{
    EngineDescription, EnginePlugin, ManagerStatus, Node, NodeAvailability, NodeCSIInfo, NodeDescription, NodeRole,
    NodeSpec, NodeState, NodeStatus, Platform, Reachability,
};
pub use secret::{Config, ConfigCreateResponse, ConfigSpec, Secret, SecretCreateResponse, SecretSpec};
pub use service::{
    FailureAction, GlobalJob, GlobalService, JobStatus, ReplicatedJob, ReplicatedService, RollbackConfig, Service,
    ServiceCreateResponse, ServiceEndpoint, ServiceMode, ServiceSpec, ServiceStatus, ServiceUpdateResponse,
    UpdateConfig, UpdateOrder, UpdateState, UpdateStatus,
};
pub use task::{
    DiscreteGenericResource, GenericResource, Limit, NamedGenericResource, NetworkAttachmentSpec, Placement,
    PlacementPreference, PluginSpec, PluginSpecPrivilege, PortStatus, ResourceObject, SpreadOver, Task,
    TaskContainerStatus, TaskResources, TaskRestartCondition, TaskRestartPolicy, TaskSpec, TaskState, TaskStatus,
    TaskVolume,
};

model! {
    /// The state of a swarm object that an update applies to.
    pub struct ObjectVersion {
        /// The number to send back; a stale one is refused.
        index: "Index" u64,
    }

    /// A driver and its options: of a log, a network, or a store of secrets.
    pub struct Driver {
        /// Its name.
        name: "Name" String,
        /// Its options.
        options: "Options" {String},
    }

    /// Certificates that the nodes of a swarm trust.
    pub struct TLSInfo {
        /// The root, in PEM form.
        trust_root: "TrustRoot" String since 1.30,
        /// Subject of the issuer, as DER.
        cert_issuer_subject: "CertIssuerSubject" Base64 since 1.30,
        /// Public key of the issuer, as DER.
        cert_issuer_public_key: "CertIssuerPublicKey" Base64 since 1.30,
    }
}
