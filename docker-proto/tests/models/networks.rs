//! Networks, and how containers are connected to them.

use crate::kit::{Area, Correction, Type, again, bounds, types};
use docker_proto::model::*;
use serde_json::{Value, json};

pub(crate) const AREA: Area = Area {
    types: TYPES,
    bodies: &[("Network", "NetworkSummary"), ("NetworkCreate", "NetworkCreateRequest")],
    examples: 18,
    corrections,
};

types!(
    Address, ConfigReference, EndpointIPAMConfig, EndpointResource, IPAM, IPAMConfig, IPAMStatus, NetworkConnectRequest, NetworkCreateRequest, NetworkCreateResponse, NetworkDisconnectRequest, NetworkInspect,
    NetworkPruneResponse, NetworkStatus, NetworkSummary, NetworkTaskInfo, PeerInfo, PortBinding, ServiceInfo,
    SubnetStatus;
    "NetworkList" => Vec<NetworkSummary>;
    PORT_MAP
);

/// A map has no type of its own; it is always the field of another.
const PORT_MAP: Type = Type {
    name: "PortMap",
    shape: Shape::Map(&Shape::List(&PortBinding::SHAPE)),
    again: |document| {
        let mut settings = again::<NetworkSettings>(&json!({ "Ports": document }))?;
        Ok(settings.get_mut("Ports").map_or_else(|| json!({}), Value::take))
    },
    bounds: |document| {
        let within = bounds::<NetworkSettings>(&json!({ "Ports": document }));
        within.into_iter().filter_map(|(at, range)| Some((at.strip_prefix("Ports")?.into(), range))).collect()
    },
};

fn corrections(name: &str) -> Vec<Correction> {
    match name {
        "NetworkConnectRequest" => vec![("/EndpointConfig/GwPriority", json!([10]), json!(10))],
        _ => vec![],
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
