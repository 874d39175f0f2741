//! What objects were, from listings and from inspects.

use docker_proto::api::{containers, images, networks, nodes, services, volumes};
use docker_proto::model::{
    ApiVersion, ContainerInspectResponse, ContainerStatus, ContainerSummary, HealthStatus, NetworkInspect,
    NetworkSummary, Timestamp, UpdateState,
};
use docker_proto::session::VersionChoice;
use docker_proto::testkit::{Bench, Script};
use proptest::prelude::*;
use serde_json::json;
use std::collections::HashSet;

const ID: &str = "4fa6e0f0c6786287e131c3852c58a2e01cc697a68231826813597e4994f1d6e2";

fn inspected(status: &str) -> serde_json::Value {
    json!({
        "Id": ID,
        "Name": "/web",
        "Created": "2024-05-01T10:20:30.5Z",
        "Image": "sha256:aa",
        "State": {"Status": status, "ExitCode": 3, "Health": {"Status": "healthy"}},
        "Config": {"Image": "nginx:1.25", "Labels": {"tier": "front"}},
        "NetworkSettings": {"Ports": {
            "80/tcp": [{"HostIp": "0.0.0.0", "HostPort": "8080"}, {"HostIp": "::", "HostPort": "8080"}],
            "53/udp": null,
        }},
    })
}

fn listed() -> ContainerSummary {
    serde_json::from_value(json!({
        "Id": ID,
        "Names": ["/proxy/backend", "/web"],
        "Image": "nginx:1.25",
        "ImageID": "sha256:aa",
        "Created": 1714558830,
        "State": "running",
        "Status": "Up 4 days",
        "Labels": {"tier": "front"},
        "Ports": [
            {"PrivatePort": 53, "Type": "udp"},
            {"IP": "0.0.0.0", "PrivatePort": 80, "PublicPort": 8080, "Type": "tcp"},
            {"IP": "::", "PrivatePort": 80, "PublicPort": 8080, "Type": "tcp"},
        ],
        "Health": {"Status": "healthy"},
    }))
    .expect("a summary")
}

fn from_inspect(status: &str) -> containers::Snapshot {
    serde_json::from_value::<ContainerInspectResponse>(inspected(status)).expect("an inspect").into()
}

#[test]
fn a_container_is_the_same_from_a_listing_and_from_an_inspect() {
    let (a, b) = (containers::Snapshot::from(listed()), from_inspect("running"));
    assert_eq!(a, b);
    assert_eq!((a.id(), a.short_id(), &*a.name), (ID, "4fa6e0f0c678", "web"));
    assert_eq!((&*b.name, &*b.image, &*b.image_id), (&*a.name, &*a.image, &*a.image_id));
    assert_eq!((&a.status, &a.health, &a.labels), (&b.status, &b.health, &b.labels));
    assert_eq!((&a.status, &a.health), (&ContainerStatus::Running, &Some(HealthStatus::Healthy)));
    assert_eq!(a.ports, b.ports);
    assert_eq!((a.exit_code, b.exit_code), (None, None), "it has not ended");
    assert_eq!(a.created, Some(Timestamp::from(1_714_558_830_i64)));
    assert_eq!(b.created, Some(Timestamp::parse("1714558830.5").unwrap()));
    assert_eq!(from_inspect("exited").exit_code, Some(3));
}

#[test]
fn nothing_told_is_no_panic_and_no_fact() {
    let bare = containers::Snapshot::from(ContainerSummary::new());
    assert_eq!((bare.id(), bare.short_id(), &*bare.name, bare.created), ("", "", "", None));
    let e = Bench::new(Script::new()).call(&Bench::client(), bare.reload()).unwrap_err();
    assert_eq!(e.kind(), docker_proto::ErrorKind::Usage, "it addresses nothing");
    let none = json!({"State": {"Health": {"Status": "none"}}});
    assert_eq!(serde_json::from_value::<containers::Snapshot>(none).unwrap().health, None);
}

#[test]
fn operations_are_addressed_by_id() {
    let web = containers::Snapshot::from(listed());
    assert_eq!(web.stop().t(5), containers::Stop::new(ID).t(5));
    assert_eq!(containers::Start::new(&web), containers::Start::new(ID));
    assert_eq!(web.handle(), &containers::named(ID));
}

#[test]
fn reload_answers_with_the_object_as_it_is_now() {
    let client = Bench::client_with(|c| c.version = VersionChoice::Pinned(ApiVersion::new(1, 41)));
    let mut web = containers::Snapshot::from(listed());
    let script = Script::new().expect(&format!("GET /v1.41/containers/{ID}/json")[..]);
    let bench = Bench::new(script.json(200, &inspected("exited").to_string()));
    let before = web.clone();
    web = bench.call(&client, web.reload()).unwrap();
    bench.finish();
    assert_eq!((&web.status, web.exit_code), (&ContainerStatus::Exited, Some(3)));
    assert_eq!(before, web, "still the same container");

    let script = Script::new().expect("GET /v1.41/containers/web/json").json(404, r#"{"message":"No such container"}"#);
    let e = Bench::new(script).call(&client, containers::named("web").snapshot()).unwrap_err();
    assert!(e.is_not_found(), "{e}");
}

#[test]
fn images_have_real_names_and_short_ids() {
    let listed = json!({
        "Id": "sha256:0123456789abcdef", "RepoTags": ["<none>:<none>", "alpine:3.19"], "RepoDigests": ["<none>@<none>"],
        "Labels": null, "Size": 7, "Created": 1,
    });
    let image: images::Snapshot = serde_json::from_value::<docker_proto::model::ImageSummary>(listed).unwrap().into();
    assert_eq!((image.short_id(), image.size, &image.os), ("0123456789ab", Some(7), &None));
    assert_eq!((&image.tags[..], image.digests.len()), (&["alpine:3.19".to_string()][..], 0));
    let inspected = json!({
        "Id": "sha256:0123456789abcdef", "RepoTags": ["alpine:3.19"], "Created": "1970-01-01T00:00:01Z", "Size": 7,
        "Architecture": "amd64", "Os": "linux", "Config": {"Labels": {"a": "b"}},
    });
    let again: images::Snapshot = serde_json::from_value(inspected).unwrap();
    assert_eq!(again, image);
    assert_eq!((again.created, again.tags), (image.created, image.tags));
    assert_eq!((again.labels["a"].as_str(), again.os.as_deref()), ("b", Some("linux")));
}

#[test]
fn networks_and_volumes() {
    let network = json!({
        "Id": ID, "Name": "back", "Driver": "bridge", "Scope": "local", "Internal": true, "Labels": {"a": "b"},
        "Created": "2024-05-01T10:20:30Z",
    });
    let a: networks::Snapshot = serde_json::from_value::<NetworkSummary>(network.clone()).unwrap().into();
    let b: networks::Snapshot = serde_json::from_value::<NetworkInspect>(network).unwrap().into();
    for n in [&a, &b] {
        assert_eq!((&*n.name, &*n.driver, &*n.scope, n.internal), ("back", "bridge", "local", true));
        assert_eq!((n.short_id(), n.created), ("4fa6e0f0c678", Some(Timestamp::from(1_714_558_830_i64))));
    }
    assert_eq!(a, b);

    let volume = json!({"Name": "data", "Driver": "local", "Mountpoint": "/m", "Scope": "local", "Labels": null});
    let volume: volumes::Snapshot = serde_json::from_value(volume).unwrap();
    assert_eq!((volume.id(), &*volume.name, volume.short_id()), ("data", "data", "data"));
    assert_eq!((&*volume.mountpoint, volume.scope.as_str(), volume.created), ("/m", "local", None));
    assert_eq!(volume.remove(), volumes::Remove::new("data"));
}

#[test]
fn services_and_nodes() {
    let service = json!({
        "ID": "s1", "Version": {"Index": 9}, "UpdateStatus": {"State": "updating"},
        "Spec": {
            "Name": "web", "Labels": {"a": "b"}, "Mode": {"Replicated": {"Replicas": 3}},
            "TaskTemplate": {"ContainerSpec": {"Image": "nginx"}},
        },
        "Endpoint": {"Ports": [{"TargetPort": 80, "PublishedPort": 8080}]},
    });
    let service: services::Snapshot = serde_json::from_value(service).unwrap();
    assert_eq!((service.id(), &*service.name, service.version, service.replicas), ("s1", "web", 9, Some(3)));
    assert_eq!((service.image.as_deref(), service.ports.len()), (Some("nginx"), 1));
    assert_eq!(service.update_state, Some(UpdateState::Updating));

    let node = json!({
        "ID": "n1", "Version": {"Index": 4}, "Spec": {"Role": "manager", "Availability": "drain"},
        "Description": {"Hostname": "host"}, "Status": {"State": "ready", "Addr": "10.0.0.1"},
        "ManagerStatus": {"Leader": true},
    });
    let node: nodes::Snapshot = serde_json::from_value(node).unwrap();
    assert_eq!((node.id(), &*node.hostname, node.version, node.leader), ("n1", "host", 4, true));
    assert_eq!((node.role.as_str(), node.availability.as_str()), ("manager", "drain"));
    assert_eq!((node.status.as_str(), &*node.address), ("ready", "10.0.0.1"));
}

proptest! {
    #[test]
    fn equality_and_hash_are_those_of_the_id(a in "[ab]{1,2}", b in "[ab]{1,2}", name in ".*", other in ".*") {
        let one = containers::Snapshot::from(ContainerSummary::new().id(&*a).names([name]));
        let two = containers::Snapshot::from(ContainerSummary::new().id(&*b).names([other]));
        prop_assert_eq!(one == two, a == b);
        prop_assert_eq!(HashSet::from([one, two]).len(), if a == b { 1 } else { 2 });
    }

    #[test]
    fn short_ids_are_at_most_twelve_characters_of_the_id(id in "\\PC{0,40}") {
        let shown = containers::Snapshot::from(ContainerSummary::new().id(&*id));
        let short = shown.short_id();
        prop_assert!(short.chars().count() <= 12 && id.contains(short));
        if !id.contains(':') {
            prop_assert!(id.starts_with(short) && (short.chars().count() == 12 || short == id));
        }
    }
}
