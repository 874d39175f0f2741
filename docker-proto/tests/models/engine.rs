//! The engine, its containers and its images.

use crate::kit::{Area, Correction, Type, again, bounds, types};
use docker_proto::model::*;
use serde_json::json;

pub(crate) const AREA: Area = Area {
    types: TYPES,
    bodies: &[
        ("ContainerCreate", "ContainerCreateBody"),
        ("ContainerUpdate", "ContainerUpdateBody"),
        ("ContainerExec", "ExecConfig"),
        ("ExecInspect", "ExecInspectResponse"),
        ("ExecStart", "ExecStartConfig"),
        ("Resources", "ContainerUpdateBody"),
    ],
    examples: 80,
    corrections,
};

types!(
    AddressPool, BindOptions, ClusterInfo, Commit, ContainerConfig, ContainerCreateBody, ContainerCreateResponse,
    ContainerInspectResponse, ContainerState, ContainerSummary, ContainerSummaryHostConfig,
    ContainerSummaryNetworkSettings, ContainerUpdateBody, ContainerWaitExitError, ContainerWaitResponse,
    ContainerdInfo, ContainerdNamespaces, DeviceInfo, DeviceMapping, DeviceRequest, DriverData, EndpointSettings,
    ErrorResponse, EventActor, EventMessage, ExecConfig, ExecInspectResponse, ExecStartConfig, FirewallInfo, Health,
    HealthConfig, HealthSummary, HealthcheckResult, HostConfig, IdResponse, ImageDeleteResponseItem,
    ImageManifestSummary, ImageOptions, ImageSummary, IndexInfo, LocalNodeState, LogConfig, Mount, MountPoint,
    MountType, NRIInfo, NetworkSettings, NetworkingConfig, OCIDescriptor, OCIPlatform, PluginsInfo, PortSummary,
    ProcessConfig, RegistryServiceConfig, RestartPolicy, RootFSStorage, RootFSStorageSnapshot, Runtime, Storage,
    SwarmInfo, SwarmSpec, SystemInfo, SystemVersion, ThrottleDevice, TmpfsOptions, Ulimit, VersionComponent,
    VersionPlatform, VolumeDriverConfig, VolumeOptions, WeightDevice;
    "GenericResources" => Vec<GenericResource>,
    "ImageDelete" => Vec<ImageDeleteResponseItem>,
);

/// Where the samples are not what engines send: place, what is written there, what an engine sends (`null`: nothing).
fn corrections(name: &str) -> Vec<Correction> {
    match name {
        "EndpointSettings" => vec![("/GwPriority", json!([10]), json!(10))],
        "ContainerSummary" => vec![
            ("/Created", json!("1739811096"), json!(1739811096)),
            ("/SizeRw", json!("122880"), json!(122880)),
            ("/SizeRootFs", json!("1653948416"), json!(1653948416)),
        ],
        "ContainerInspectResponse" => {
            vec![("/SizeRw", json!("122880"), json!(122880)), ("/SizeRootFs", json!("1653948416"), json!(1653948416))]
        }
        "ImageSummary" => vec![("/Created", json!("1644009612"), json!(1644009612))],
        "SystemInfo" => vec![
            ("/DefaultAddressPools/0/Size", json!("24"), json!(24)),
            ("/Swarm/Cluster/DefaultAddrPool/0", json!(["10.10.0.0/16", "20.20.0.0/16"]), json!("10.10.0.0/16")),
        ],
        "SwarmInfo" => {
            vec![("/Cluster/DefaultAddrPool/0", json!(["10.10.0.0/16", "20.20.0.0/16"]), json!("10.10.0.0/16"))]
        }
        "ClusterInfo" => vec![("/DefaultAddrPool/0", json!(["10.10.0.0/16", "20.20.0.0/16"]), json!("10.10.0.0/16"))],
        "ContainerCreate" => vec![
            // The older form, a text instead of a list.
            ("/Entrypoint", json!(""), json!([""])),
            // No engine knows these three.
            ("/HostConfig/MaximumIOps", json!(0), json!(null)),
            ("/HostConfig/MaximumIOBps", json!(0), json!(null)),
            (
                "/HostConfig/DeviceRequests/0/DeviceIDs\"",
                json!(["0", "1", "GPU-fef8089b-4820-abfc-e83e-94318197576e"]),
                json!(null),
            ),
            // The empty name of an enum is the same as none.
            ("/HostConfig/RestartPolicy/Name", json!(""), json!(null)),
        ],
        _ => vec![],
    }
}

#[test]
fn empty_lists_that_mean_something_are_sent() {
    let host = HostConfig::new().masked_paths([""; 0]).readonly_paths([""; 0]).devices([] as [DeviceMapping; 0]);
    assert_eq!(serde_json::to_value(&host).unwrap(), json!({"MaskedPaths": [], "ReadonlyPaths": []}));
    let body = ContainerCreateBody::new().entrypoint([""; 0]).user("0").tty(false).stop_timeout(0);
    let sent = serde_json::to_value(&body).unwrap();
    assert_eq!(sent, json!({"Entrypoint": [], "User": "0", "Tty": false, "StopTimeout": 0}));
    assert_eq!(serde_json::from_value::<ContainerCreateBody>(sent).unwrap(), body);
    assert_eq!(serde_json::to_value(ContainerCreateBody::new()).unwrap(), json!({}));
}
