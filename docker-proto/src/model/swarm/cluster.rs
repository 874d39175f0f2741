//! A swarm as a whole: its settings, its state, and how engines join it.

use super::{Driver, NodeAvailability, ObjectVersion, TLSInfo};
use crate::model::SecretText;
use crate::model::macros::{model, open_enum};
use alloc::string::String;

open_enum! {
    /// Whether an engine is in a swarm.
    pub enum LocalNodeState {
        /// It is not.
        Inactive = "inactive",
        /// Joining.
        Pending = "pending",
        /// It is.
        Active = "active",
        /// Something is wrong with its membership.
        Error = "error",
        /// A manager that waits for its unlock key.
        Locked = "locked",
    }

    /// How an outside certificate authority is asked.
    pub enum ExternalCAProtocol {
        /// CFSSL's.
        Cfssl = "cfssl",
    }
}

/// The fields that describe a swarm, alone or with its join tokens.
macro_rules! with_cluster {
    ($(#[$meta:meta])* pub struct $name:ident { $($own:tt)* }) => {
        model! {
            $(#[$meta])*
            pub struct $name {
                /// Id of the swarm.
                id: "ID" String,
                /// Number that an update must name.
                version: "Version" ObjectVersion,
                /// Creation time, RFC 3339.
                created_at: "CreatedAt" String,
                /// Time of the last change, RFC 3339.
                updated_at: "UpdatedAt" String,
                /// The settings.
                spec: "Spec" SwarmSpec,
                /// The root of trust.
                tls_info: "TLSInfo" TLSInfo since 1.30,
                /// True while the root certificate is exchanged.
                root_rotation_in_progress: "RootRotationInProgress" bool since 1.30,
                /// UDP port of overlay traffic.
                data_path_port: "DataPathPort" u32 since 1.40,
                /// Ranges from which overlay networks get subnets, in CIDR form.
                default_addr_pool: "DefaultAddrPool" [String] since 1.39,
                /// Prefix length of those subnets, 29 at most.
                subnet_size: "SubnetSize" u32 since 1.39,
                $($own)*
            }
        }
    };
}

with_cluster! {
    /// A swarm as the answer about an engine has it.
    pub struct ClusterInfo {}
}

with_cluster! {
    /// A swarm with the tokens that let engines join.
    pub struct Swarm {
        /// What an engine must show to join. Whoever has one can.
        join_tokens: "JoinTokens" JoinTokens,
    }
}

model! {
    /// What an engine must show to join a swarm, by the role it gets.
    pub struct JoinTokens {
        /// For workers.
        worker: "Worker" SecretText,
        /// For managers.
        manager: "Manager" SecretText,
    }

    /// How a new swarm is made, with this engine as its first manager.
    pub struct SwarmInitBody {
        /// Where managers listen: an address or interface, with a port if it is not 2377.
        listen_addr: "ListenAddr" String,
        /// Address and port that other nodes are told; the engine looks for one when unset.
        advertise_addr: "AdvertiseAddr" String,
        /// Address or interface of overlay traffic; that of `advertise_addr` when unset.
        data_path_addr: "DataPathAddr" String since 1.30,
        /// UDP port of overlay traffic, 1024 to 49151; 0 is 4789.
        data_path_port: "DataPathPort" u32 since 1.40,
        /// Ranges from which overlay networks get subnets, in CIDR form.
        default_addr_pool: "DefaultAddrPool" [String] since 1.39,
        /// Starts over from the state this engine has, without the other managers.
        force_new_cluster: "ForceNewCluster" bool,
        /// Prefix length of the subnets cut from the ranges.
        subnet_size: "SubnetSize" u32 since 1.39,
        /// The settings.
        spec: "Spec" SwarmSpec,
        /// Locks restarted managers until they are given the key.
        auto_lock_managers: "AutoLockManagers" bool,
        /// Whether this engine takes tasks; it does when unset.
        availability: "Availability" NodeAvailability,
    }

    /// How an engine joins a swarm. The token decides its role.
    pub struct SwarmJoinBody {
        /// Where it listens if it becomes a manager.
        listen_addr: "ListenAddr" String,
        /// Address and port that other nodes are told; the engine looks for one when unset.
        advertise_addr: "AdvertiseAddr" String,
        /// Address or interface of overlay traffic; that of `advertise_addr` when unset.
        data_path_addr: "DataPathAddr" String since 1.30,
        /// Managers to ask, as addresses with a port; one is enough.
        remote_addrs: "RemoteAddrs" [String],
        /// The token for workers or for managers.
        join_token: "JoinToken" SecretText,
        /// Whether it takes tasks; it does when unset.
        availability: "Availability" NodeAvailability,
    }

    /// The key that unlocks a manager.
    pub struct SwarmUnlockKey {
        /// The key; empty where managers are not locked.
        unlock_key: "UnlockKey" SecretText since 1.25,
    }

    /// The part an engine plays in a swarm.
    pub struct SwarmInfo {
        /// Its id as a node; empty outside a swarm.
        node_id: "NodeID" String since 1.32,
        /// Its address as a node.
        node_addr: "NodeAddr" String since 1.32,
        /// Whether it is in a swarm.
        local_node_state: "LocalNodeState" LocalNodeState since 1.32,
        /// True on managers.
        control_available: "ControlAvailable" bool since 1.32,
        /// What is wrong, for people.
        error: "Error" String since 1.32,
        /// Managers it knows.
        remote_managers: "RemoteManagers" [PeerNode] since 1.32,
        /// All nodes; managers only.
        nodes: "Nodes" i64 since 1.32,
        /// Nodes that are managers; managers only.
        managers: "Managers" i64 since 1.32,
        /// The swarm; managers only.
        cluster: "Cluster" ClusterInfo since 1.32,
        /// What is doubtful about the swarm, such as two managers only; for people.
        warnings: "Warnings" [String],
    }

    /// A manager of a swarm.
    pub struct PeerNode {
        /// Its id.
        node_id: "NodeID" String since 1.32,
        /// Its address and port.
        addr: "Addr" String since 1.32,
    }

    /// Settings of a swarm.
    pub struct SwarmSpec {
        /// Name of the swarm: `default`.
        name: "Name" String,
        /// Free metadata.
        labels: "Labels" {String},
        /// How tasks are kept.
        orchestration: "Orchestration" OrchestrationConfig,
        /// How managers agree.
        raft: "Raft" RaftConfig,
        /// How nodes report.
        dispatcher: "Dispatcher" DispatcherConfig,
        /// How certificates are issued.
        ca_config: "CAConfig" CAConfig,
        /// How managers protect their data.
        encryption_config: "EncryptionConfig" EncryptionConfig since 1.25,
        /// What tasks get when they say nothing.
        task_defaults: "TaskDefaults" TaskDefaults,
    }

    /// How a swarm keeps tasks.
    pub struct OrchestrationConfig {
        /// Finished tasks kept for each slot; negative keeps all.
        task_history_retention_limit: "TaskHistoryRetentionLimit" i64,
    }

    /// How the managers of a swarm agree.
    pub struct RaftConfig {
        /// Log entries between snapshots.
        snapshot_interval: "SnapshotInterval" u64,
        /// Snapshots kept beside the current one.
        keep_old_snapshots: "KeepOldSnapshots" u64,
        /// Log entries kept after a snapshot, for managers that lag.
        log_entries_for_slow_followers: "LogEntriesForSlowFollowers" u64,
        /// Ticks without a leader until an election; must exceed the heartbeat's.
        election_tick: "ElectionTick" i64,
        /// Ticks between heartbeats of the leader.
        heartbeat_tick: "HeartbeatTick" i64,
    }

    /// How the nodes of a swarm report.
    pub struct DispatcherConfig {
        /// Nanoseconds between heartbeats of a node.
        heartbeat_period: "HeartbeatPeriod" i64,
    }

    /// How a swarm issues certificates.
    pub struct CAConfig {
        /// Lifetime of a node's certificate, in nanoseconds.
        node_cert_expiry: "NodeCertExpiry" i64,
        /// Outside authorities to ask instead.
        external_cas: "ExternalCAs" [ExternalCA] since 1.25,
        /// Root certificate to use, in PEM form.
        signing_ca_cert: "SigningCACert" String since 1.30,
        /// Its private key, in PEM form; never in answers.
        signing_ca_key: "SigningCAKey" SecretText since 1.30,
        /// Raise it to make the swarm exchange its root.
        force_rotate: "ForceRotate" u64 since 1.30,
    }

    /// An outside certificate authority.
    pub struct ExternalCA {
        /// How it is asked.
        protocol: "Protocol" ExternalCAProtocol,
        /// Where it is asked.
        url: "URL" String,
        /// Its own options.
        options: "Options" {String},
        /// Root certificate it signs for, in PEM form.
        ca_cert: "CACert" String since 1.30,
    }

    /// How managers protect their data.
    pub struct EncryptionConfig {
        /// Restarted managers stay locked until they are given the key.
        auto_lock_managers: "AutoLockManagers" bool since 1.25,
    }

    /// What tasks get when they say nothing.
    pub struct TaskDefaults {
        /// The log driver.
        log_driver: "LogDriver" Driver since 1.25,
    }
}
