//! Networks, and how containers are connected to them.

use crate::kit::{Area, Bound, Bounds, Correction, Type, again, bounds, types};
use docker_proto::model::*;
use serde_json::{Value, json};

pub(crate) const AREA: Area = Area {
    of: |name| if name == "PortMap" { Some(PORT_MAP) } else { of(name) },
    bodies: &[("NetworkCreate", "NetworkCreateRequest")],
    examples: 18,
    corrections,
    full: include_str!("../data/networks.json"),
    types: 7,
    bound,
};

types!(
    ConfigReference,
    EndpointIPAMConfig,
    EndpointResource,
    IPAM,
    IPAMConfig,
    IPAMStatus,
    Network,
    NetworkConnectRequest,
    NetworkCreateRequest,
    NetworkCreateResponse,
    NetworkDisconnectRequest,
    NetworkInspect,
    NetworkPruneResponse,
    NetworkStatus,
    NetworkSummary,
    PeerInfo,
    PortBinding;
    "NetworkList" => [NetworkSummary],
);

/// A map has no type of its own; it is always the field of another.
const PORT_MAP: Type = Type {
    again: |document| {
        let mut settings = again::<NetworkSettings>(&json!({ "Ports": document }))?;
        Ok(settings["Ports"].take())
    },
    bounds: |_| Bounds::new(),
};

fn corrections(name: &str) -> Vec<Correction> {
    match name {
        "NetworkConnectRequest" => vec![("/EndpointConfig/GwPriority", json!([10]), json!(10))],
        _ => vec![],
    }
}

/// What is older than its documentation: engines know the ranges of a subnet from the start, and networks that hold
/// settings since API 1.30. IPv4 can be chosen one version later than it says.
fn bound(name: &str, path: &str) -> Option<Bound> {
    let last = path.rsplit('.').next().unwrap();
    match last {
        "IPRange" | "Gateway" | "AuxiliaryAddresses" if path.contains("IPAM.Config") => Some(Bound::Free),
        "ConfigFrom" | "ConfigOnly" => Some(Bound::Since("1.30")),
        "Network" if path == "ConfigFrom.Network" => Some(Bound::Since("1.30")),
        "Scope" if name == "NetworkCreateRequest" => Some(Bound::Since("1.30")),
        "EnableIPv4" => Some(Bound::Since("1.48")),
        _ => None,
    }
}

#[test]
fn a_network_without_anything_is_a_network() {
    let sent =
        json!([{"Name": "none", "Containers": null, "IPAM": {"Driver": "default", "Config": null}, "Options": null}]);
    let networks: Vec<NetworkSummary> = serde_json::from_value(sent).unwrap();
    assert!(networks[0].containers.is_empty());
    let again: Value = serde_json::to_value(&networks).unwrap();
    assert_eq!(again, json!([{"Name": "none", "IPAM": {"Driver": "default"}}]));
}
