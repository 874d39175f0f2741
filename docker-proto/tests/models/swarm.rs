//! Swarms and plugins.

use crate::kit::{Area, Correction, Type, again, bounds, types};
use docker_proto::ErrorKind;
use docker_proto::model::*;
use serde_json::{Value, json};

pub(crate) const AREA: Area = Area {
    types: TYPES,
    bodies: &[
        ("ConfigCreate", "ConfigSpec"),
        ("ConfigInspect", "Config"),
        ("SecretCreate", "SecretSpec"),
        ("SecretInspect", "Secret"),
        ("ServiceCreate", "ServiceSpec"),
        ("ServiceUpdate", "ServiceSpec"),
        ("SwarmInit", "SwarmInitBody"),
        ("SwarmJoin", "SwarmJoinBody"),
        ("SwarmUnlock", "SwarmUnlockKey"),
        ("SwarmUnlockkey", "SwarmUnlockKey"),
    ],
    examples: 53,
    corrections,
};

types!(
    AppArmorOptions, CAConfig, CapacityRange, ClusterVolume, ClusterVolumeAccessMode, ClusterVolumeBlock,
    ClusterVolumeInfo, ClusterVolumeMount, ClusterVolumePublishStatus, ClusterVolumeSecret, ClusterVolumeSpec, Config,
    ConfigCreateResponse, ConfigSpec, ContainerSpec, CredentialSpec, DNSConfig, DiscreteGenericResource,
    DispatcherConfig, Driver, EncryptionConfig, EndpointPortConfig, EndpointSpec, EndpointVirtualIP,
    EngineDescription, EnginePlugin, ExternalCA, GenericResource, GlobalJob, GlobalService, JobStatus, JoinTokens,
    Limit, ManagerStatus, NamedGenericResource, NetworkAttachment, NetworkAttachmentConfig, NetworkAttachmentSpec,
    Node, NodeCSIInfo, NodeDescription, NodeSpec, NodeState, NodeStatus, ObjectVersion, OrchestrationConfig, PeerNode,
    Placement, PlacementPreference, Platform, Plugin, PluginArgs, PluginConfig, PluginDevice, PluginEnv,
    PluginInterface, PluginLinux, PluginMount, PluginNetwork, PluginPrivilege, PluginRootFS, PluginSettings,
    PluginSpec, PluginSpecPrivilege, PluginUser, PortStatus, Privileges, RaftConfig, Reachability, ReplicatedJob,
    ReplicatedService, ResourceObject, RollbackConfig, SELinuxContext, SeccompOptions, Secret, SecretCreateResponse,
    SecretReference, SecretReferenceFile, SecretSpec, Service, ServiceCreateResponse, ServiceEndpoint, ServiceMode,
    ServiceSpec, ServiceStatus, ServiceUpdateResponse, SpreadOver, Swarm, SwarmConfigReference,
    SwarmConfigReferenceFile, SwarmConfigReferenceRuntime, SwarmIPAMConfig, SwarmIPAMOptions, SwarmInitBody,
    SwarmJoinBody, SwarmNetwork, SwarmNetworkSpec, SwarmUnlockKey, TLSInfo, Task, TaskContainerStatus, TaskDefaults,
    TaskResources, TaskRestartPolicy, TaskSpec, TaskStatus, TaskVolume, Topology, TopologyRequirement, UpdateConfig,
    UpdateStatus, VolumeUpdateBody;
    "ConfigList" => Vec<Config>,
    "GetPluginPrivileges" => Vec<PluginPrivilege>,
    "PluginPull" => Vec<PluginPrivilege>,
    "PluginSet" => Vec<String>,
    "PluginUpgrade" => Vec<PluginPrivilege>,
    "SecretList" => Vec<Secret>,
    "TaskList" => Vec<Task>,
);

fn corrections(name: &str) -> Vec<Correction> {
    let plugin = |place| {
        let written = json!({"PluginPrivilege": [{"Name": "network", "Value": ["host"]}]});
        vec![(place, written, json!({"privileges": [{"name": "network", "value": ["host"]}]}))]
    };
    match name {
        "Swarm" => vec![("/DefaultAddrPool/0", json!(["10.10.0.0/16", "20.20.0.0/16"]), json!("10.10.0.0/16"))],
        "TaskSpec" => plugin("/PluginSpec"),
        "ServiceSpec" => plugin("/TaskTemplate/PluginSpec"),
        _ => vec![],
    }
}

#[test]
fn a_mode_without_settings_is_sent() {
    let spec = ServiceSpec::new().mode(ServiceMode::new().global(GlobalService::new()));
    let sent = serde_json::to_value(&spec).unwrap();
    assert_eq!(sent, json!({"Mode": {"Global": {}}}));
    assert_eq!(serde_json::from_value::<ServiceSpec>(sent).unwrap(), spec);
    let mode: ServiceMode = serde_json::from_value(json!({"Global": null, "GlobalJob": {"Later": 1}})).unwrap();
    assert_eq!((mode.global, mode.global_job), (None, Some(GlobalJob::new())));
    let mode = ClusterVolumeAccessMode::new().block_volume(ClusterVolumeBlock::new());
    assert_eq!(serde_json::to_value(mode).unwrap(), json!({"BlockVolume": {}}));
    let mount = ClusterVolumeAccessMode::new().mount_volume(ClusterVolumeMount::new());
    assert_eq!(serde_json::to_value(mount).unwrap(), json!({"MountVolume": {}}));
    let runtime = SwarmConfigReference::new().runtime(SwarmConfigReferenceRuntime::new());
    assert_eq!(serde_json::to_value(runtime).unwrap(), json!({"Runtime": {}}));
}

#[test]
fn content_is_base64_of_the_standard_alphabet() {
    // The bytes whose text differs between the alphabets and needs padding.
    let bytes = [0xfb_u8, 0xef, 0xff, 0xfe];
    let text = "++///g==";
    for made in [Base64::from(&bytes), Base64::from(&bytes[..]), Base64::from(bytes.to_vec())] {
        assert_eq!((made.as_str(), made.decode().unwrap()), (text, bytes.to_vec()));
    }
    assert_eq!(Base64::from("ab").as_str(), "YWI=");
    assert_eq!(Base64::from(String::from("ab")), Base64::from_encoded("YWI="));
    let spec: ConfigSpec = serde_json::from_value(json!({"Data": text})).unwrap();
    assert_eq!(spec, ConfigSpec::new().data(&bytes));
    // What is no base64 is kept; only decoding fails, and says nothing of the content.
    for broken in ["--__/g==", "YWI", "pass word"] {
        let spec: SecretSpec = serde_json::from_value(json!({"Data": broken})).unwrap();
        assert_eq!(serde_json::to_value(&spec).unwrap(), json!({"Data": broken}));
        let e = spec.data.unwrap().decode().unwrap_err();
        assert_eq!(e.kind(), ErrorKind::Decode);
        assert!(!e.to_string().contains(broken), "{e}");
    }
    let shown = format!("{:?}", SecretSpec::new().name("a").data("hunter2"));
    assert!(shown.contains("Base64(12 characters)") && !shown.contains("aHVudGVyMg") && !shown.contains("hunter2"));
    let empty: SecretSpec = serde_json::from_value(json!({"Data": ""})).unwrap();
    assert_eq!(empty.data.unwrap().decode().unwrap(), b"");
    assert_eq!(serde_json::from_value::<SecretSpec>(json!({"Data": Value::Null})).unwrap(), SecretSpec::new());
}

#[test]
fn keys_and_tokens_are_not_shown() {
    let shown = format!(
        "{:?} {:?} {:?} {:?}",
        JoinTokens::new().worker("hunter2").manager("hunter2"),
        SwarmJoinBody::new().join_token("hunter2"),
        SwarmUnlockKey::new().unlock_key("hunter2"),
        CAConfig::new().signing_ca_key("hunter2"),
    );
    assert!(!shown.contains("hunter2"), "{shown}");
    let sent = serde_json::to_value(SwarmJoinBody::new().join_token("hunter2")).unwrap();
    assert_eq!(sent, json!({"JoinToken": "hunter2"}));
}

/// A container's settings are not those of a service: the names that engines write for each.
#[test]
fn the_names_engines_write() {
    let task = TaskSpec::new()
        .container_spec(ContainerSpec::new().healthcheck(HealthConfig::new().test(["NONE"])))
        .plugin_spec(PluginSpec::new().remote("vieux/sshfs").privileges([PluginSpecPrivilege::new().name("network")]));
    assert_eq!(
        serde_json::to_value(task).unwrap(),
        json!({
            "ContainerSpec": {"Healthcheck": {"Test": ["NONE"]}},
            "PluginSpec": {"remote": "vieux/sshfs", "privileges": [{"name": "network"}]},
        })
    );
}
