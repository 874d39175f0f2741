//! Swarms and plugins: what their requests look like, and what comes back.

use crate::common::{at, pinned};
use docker_proto::ErrorKind::{Engine, Usage, Version};
use docker_proto::Result;
use docker_proto::api::{configs, nodes, plugins, secrets, services, swarm, volumes};
use docker_proto::model::{
    ClusterVolumeAvailability, ClusterVolumeSpec, ConfigSpec, ContainerSpec, GlobalJob, NodeAvailability, NodeSpec,
    PluginPrivilege, SecretSpec, ServiceMode, ServiceSpec, SwarmInitBody, SwarmSpec, SwarmUnlockKey, TaskSpec,
    VolumeUpdateBody,
};
use docker_proto::op::{Operation, RegistryAuth, Reply};
use docker_proto::testkit::{Bench, Script, Want};

const JSON: (&str, &str) = ("Content-Type", "application/json");

/// Calls an operation that is to be asked for like this, at API 1.41, and answered with this.
fn ask<O: Operation>(op: O, want: Want, status: u16, answer: &str) -> Result<<O::Reply as Reply>::Item> {
    let bench = Bench::new(Script::new().expect(want).json(status, answer));
    let item = bench.call(&pinned(), op);
    bench.finish();
    item
}

fn json(line: &str, body: &str) -> Want {
    Want::from(line).header(JSON.0, JSON.1).body(body)
}

fn web() -> ServiceSpec {
    ServiceSpec::new().name("web").task_template(TaskSpec::new().container_spec(ContainerSpec::new().image("nginx")))
}

const WEB: &str = r#"{"Name":"web","TaskTemplate":{"ContainerSpec":{"Image":"nginx"}}}"#;

#[test]
fn a_new_swarm_answers_with_a_bare_text() {
    let op = swarm::Init::new(SwarmInitBody::new().listen_addr("0.0.0.0:2377"));
    let want = json("POST /v1.41/swarm/init", r#"{"ListenAddr":"0.0.0.0:2377"}"#);
    assert_eq!(ask(op, want, 200, "\"7v2t30z9blmxuhnyo6s4cpenp\"\n").unwrap(), "7v2t30z9blmxuhnyo6s4cpenp");
}

#[test]
fn an_update_names_the_version_it_applies_to() {
    let line = |path: &str| format!("POST /v1.41{path}?version=18446744073709551615");
    let full = u64::MAX;
    let op = nodes::Update::new("n1", full, NodeSpec::new().availability(NodeAvailability::Drain));
    ask(op, json(&line("/nodes/n1/update"), r#"{"Availability":"drain"}"#), 200, "").unwrap();
    let op = secrets::Update::new("s1", full, SecretSpec::new().labels([("a", "b")]));
    ask(op, json(&line("/secrets/s1/update"), r#"{"Labels":{"a":"b"}}"#), 200, "").unwrap();
    let op = configs::Update::new("c1", full, ConfigSpec::new());
    ask(op, json(&line("/configs/c1/update"), "{}"), 200, "").unwrap();
    let op = swarm::Update::new(full, SwarmSpec::new().name("default")).rotate_worker_token(true);
    let want = json(&(line("/swarm/update") + "&rotateWorkerToken=1"), r#"{"Name":"default"}"#);
    ask(op, want, 200, "").unwrap();
    let refused = r#"{"message":"rpc error: code = Unknown desc = update out of sequence"}"#;
    let op = services::Update::new("web", 7, web()).rollback("previous");
    let want = json("POST /v1.41/services/web/update?version=7&rollback=previous", WEB);
    let e = ask(op, want, 500, refused).unwrap_err();
    assert_eq!((e.kind(), e.status()), (Engine, Some(500)));
}

#[test]
fn a_service_is_created_with_credentials() {
    let auth = RegistryAuth::encoded("e30=").unwrap();
    let want = json("POST /v1.41/services/create", WEB).header("X-Registry-Auth", "e30=");
    let op = services::Create::new(web()).registry_auth(auth);
    let made = ask(op, want, 201, r#"{"ID":"ak7w","Warnings":null}"#).unwrap();
    assert_eq!((made.id.as_deref(), made.warnings.len()), (Some("ak7w"), 0));
    let want = json("POST /v1.41/services/create", WEB).no_header("X-Registry-Auth");
    let warned = ask(services::Create::new(web()), want, 201, r#"{"ID":"ak7w","Warnings":["no digest"]}"#).unwrap();
    assert_eq!(warned.warnings, ["no digest"]);
}

#[test]
fn secrets_and_configs_carry_bytes() {
    let want = json("POST /v1.41/secrets/create", r#"{"Name":"key","Data":"++8="}"#);
    let op = secrets::Create::new(SecretSpec::new().name("key").data(&[0xfb, 0xef]));
    // The description calls the member Id.
    assert_eq!(ask(op, want, 201, r#"{"ID":"ktnb"}"#).unwrap().id.as_deref(), Some("ktnb"));
    let want = json("POST /v1.41/configs/create", r#"{"Name":"conf","Data":"YT0x"}"#);
    let op = configs::Create::new(ConfigSpec::new().name("conf").data("a=1"));
    assert_eq!(ask(op, want, 201, r#"{"ID":"c1"}"#).unwrap().id.as_deref(), Some("c1"));
}

#[test]
fn a_wrong_key_is_told_from_no_lock() {
    let op = || swarm::Unlock::new(SwarmUnlockKey::new().unlock_key("SWMKEY-1-x"));
    let want = || json("POST /v1.41/swarm/unlock", r#"{"UnlockKey":"SWMKEY-1-x"}"#);
    for status in [401, 409] {
        let e = ask(op(), want(), status, r#"{"message":"no"}"#).unwrap_err();
        assert_eq!((e.kind(), e.status()), (Engine, Some(status)));
    }
    ask(op(), want(), 200, "").unwrap();
}

#[test]
fn a_volume_of_the_swarm_is_drained() {
    let spec = ClusterVolumeSpec::new().availability(ClusterVolumeAvailability::Drain);
    let want = json("PUT /v1.42/volumes/v1?version=3", r#"{"Spec":{"Availability":"drain"}}"#);
    let bench = Bench::new(Script::new().expect(want).answer(200, "", ""));
    bench.call(&at(1, 42), volumes::Update::new("v1", 3, VolumeUpdateBody::new().spec(spec))).unwrap();
    bench.finish();
}

#[test]
fn the_name_of_a_plugin_keeps_its_slashes() {
    let name = "127.0.0.1:5000/team/plug:1";
    let want = |rest: &str| Want::from(format!("POST /v1.41/plugins/127.0.0.1:5000/team/plug:1/{rest}"));
    ask(plugins::Enable::new(name, 0), want("enable?timeout=0"), 200, "").unwrap();
    ask(plugins::Disable::new(name).force(true), want("disable?force=1"), 200, "").unwrap();
    let set = plugins::Set::new(name).setting("DEBUG=1").setting("args=a b");
    ask(set, want("set").header(JSON.0, JSON.1).body(r#"["DEBUG=1","args=a b"]"#), 204, "").unwrap();
    let e = Bench::new(Script::new()).call(&pinned(), plugins::Enable::new("a/../b", 0)).unwrap_err();
    assert_eq!(e.kind(), Usage);
}

#[test]
fn what_a_plugin_may_do_is_always_said() {
    let pull = |op: plugins::Pull, body: &str| {
        let line = "POST /v1.41/plugins/pull?remote=team%2Fplug%3A1&name=plug";
        let script = Script::new().expect(json(line, body)).json(200, "{\"status\":\"Complete\"}\r\n{}\r\n");
        let bench = Bench::new(script);
        let items = bench.collect(&mut bench.begin(&pinned(), op));
        assert_eq!(items.len(), 2);
        bench.finish();
    };
    let op = plugins::Pull::new("team/plug:1").name("plug");
    pull(op.clone(), "[]");
    let network = PluginPrivilege::new().name("network").value(["host"]);
    pull(op.body([network]), r#"[{"Name":"network","Value":["host"]}]"#);
    let want = json("POST /v1.41/plugins/plug/upgrade?remote=team%2Fplug%3A2", "[]");
    let refused = r#"{"message":"plugin must be disabled before upgrading: disabled"}"#;
    let bench = Bench::new(Script::new().expect(want).json(409, refused));
    let items = bench.collect(&mut bench.begin(&pinned(), plugins::Upgrade::new("plug", "team/plug:2")));
    assert!(matches!(&items[..], [Err(e)] if e.status() == Some(409)), "{items:?}");
}

fn refused<O: Operation>(minor: u16, op: O, part: &str)
where
    <O::Reply as Reply>::Item: std::fmt::Debug,
{
    let bench = Bench::new(Script::new());
    let e = bench.call(&at(1, minor), op).expect_err("refused");
    assert!(e.kind() == Version && e.message().contains(part), "{e}");
    bench.finish();
}

/// What an engine would ignore, or answer with a 404 that says nothing, is refused before anything is sent.
#[test]
fn versions_are_checked_first() {
    refused(40, services::Create::new(web().mode(ServiceMode::new().global_job(GlobalJob::new()))), "Mode.GlobalJob");
    refused(40, services::List::new().status(true), "status");
    refused(24, secrets::List::new(), "1.25");
    refused(29, configs::List::new(), "1.30");
    refused(25, plugins::InspectLegacy::new("p"), "1.24");
    let e = Bench::new(Script::new()).call(&pinned(), plugins::Privileges::new("")).unwrap_err();
    assert_eq!(e.kind(), Usage);
}
