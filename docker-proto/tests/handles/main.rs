//! Objects as values: handles whose methods are operations, and what they were when somebody asked.

mod snapshots;

use docker_proto::api::{
    TABLE, configs, containers, exec, images, networks, nodes, plugins, secrets, services, tasks, volumes,
};
use docker_proto::model::{
    CheckpointCreateRequest, ConfigCreateResponse, ConfigSpec, ContainerCreateResponse, ContainerUpdateBody,
    ExecConfig, IdResponse, NetworkConnectRequest, NetworkCreateResponse, NetworkDisconnectRequest, NodeSpec,
    SecretCreateResponse, SecretSpec, ServiceCreateResponse, ServiceSpec, VolumeUpdateBody,
};
use docker_proto::op::{Encode, Pick};
use docker_proto::testkit::{Bench, Script};
use std::collections::{BTreeSet, HashSet};

/// The rows behind some operations, all of which address `web`.
macro_rules! rows {
    ($($op:expr),+ $(,)?) => {
        [$({
            let op = $op;
            assert_eq!(op.target(), "web", "{}", op.spec().name);
            op.spec().name
        }),+].into()
    };
}

/// The rows of the table whose path begins so.
fn under(path: &str) -> BTreeSet<&'static str> {
    TABLE.iter().filter(|row| row.path.starts_with(path)).map(|row| row.name).collect()
}

/// Every operation whose path names an object is a verb of that object's handle.
#[test]
fn handles_have_all_operations_on_their_objects() {
    let c = containers::named("web");
    let all: BTreeSet<&str> = rows![
        c.inspect(),
        c.start(),
        c.stop(),
        c.restart(),
        c.kill(),
        c.pause(),
        c.unpause(),
        c.wait(),
        c.remove(),
        c.rename("b"),
        c.update(ContainerUpdateBody::new()),
        c.resize(1, 2),
        c.logs(),
        c.attach(),
        c.attach_output(),
        c.attach_websocket(),
        c.top(),
        c.stats(),
        c.stats_once(),
        c.changes(),
        c.export(),
        c.exec(ExecConfig::new()),
        c.archive("/"),
        c.stat("/"),
        c.put_archive("/"),
        c.checkpoints(),
        c.create_checkpoint(CheckpointCreateRequest::new()),
        c.remove_checkpoint("x"),
    ];
    assert_eq!(all, under("/containers/{"));
    assert_eq!(c.commit(), images::Commit::new("web"));

    let e = exec::named("web");
    let all: BTreeSet<&str> = rows![e.start(), e.start_detached(), e.resize(1, 2), e.inspect()];
    assert_eq!(all, under("/exec/{"));

    let i = images::named("web");
    let all: BTreeSet<&str> =
        rows![i.inspect(), i.history(), i.remove(), i.save(), i.attestations(), i.tag("new"), i.push()];
    assert_eq!(all, under("/images/{"));
    assert_eq!(i.distribution().target(), "web");

    let n = networks::named("web");
    let (join, leave) = (NetworkConnectRequest::new(), NetworkDisconnectRequest::new());
    let all: BTreeSet<&str> = rows![n.inspect(), n.remove(), n.connect(join), n.disconnect(leave)];
    assert_eq!(all, under("/networks/{"));

    let v = volumes::named("web");
    let all: BTreeSet<&str> = rows![v.inspect(), v.remove(), v.update(1, VolumeUpdateBody::new())];
    assert_eq!(all, under("/volumes/{"));

    let s = services::named("web");
    let all: BTreeSet<&str> = rows![s.inspect(), s.remove(), s.update(1, ServiceSpec::new()), s.logs()];
    assert_eq!(all, under("/services/{"));

    let n = nodes::named("web");
    let all: BTreeSet<&str> = rows![n.inspect(), n.remove(), n.update(1, NodeSpec::new())];
    assert_eq!(all, under("/nodes/{"));

    let s = secrets::named("web");
    let all: BTreeSet<&str> = rows![s.inspect(), s.remove(), s.update(1, SecretSpec::new())];
    assert_eq!(all, under("/secrets/{"));

    let c = configs::named("web");
    let all: BTreeSet<&str> = rows![c.inspect(), c.remove(), c.update(1, ConfigSpec::new())];
    assert_eq!(all, under("/configs/{"));

    let t = tasks::named("web");
    let all: BTreeSet<&str> = rows![t.inspect(), t.logs()];
    assert_eq!(all, under("/tasks/{"));

    let p = plugins::named("web");
    let mut all: BTreeSet<&str> =
        rows![p.inspect(), p.enable(5), p.disable(), p.set(), p.push(), p.upgrade("remote"), p.remove()];
    // The older path of `inspect`, which engines no longer route, is no verb of its own.
    all.insert(plugins::InspectLegacy::SPEC.name);
    assert_eq!(all, under("/plugins/{"));
    assert!(TABLE.iter().any(|row| row.pick == Pick::Default && row.path.starts_with("/plugins/{")));
}

#[test]
fn verbs_pass_on_what_they_are_given() {
    let web = containers::named("web");
    assert_eq!(web.logs().stdout(true).tail("5"), containers::Logs::new("web").stdout(true).tail("5"));
    assert_eq!(web.rename("other").name, "other");
    assert_eq!((web.resize(24, 80).h, web.resize(24, 80).w), (24, 80));
    assert_eq!(web.archive("/srv").path, "/srv");
    let body = ExecConfig::new().cmd(["ls"]);
    assert_eq!(web.exec(body.clone()).body, body);
    assert_eq!(services::named("web").update(7, ServiceSpec::new()).version, 7);
    assert_eq!(plugins::named("web").enable(5).timeout, 5);
}

#[test]
fn an_operation_takes_an_id_a_name_or_a_handle() {
    let web = containers::named(String::from("web"));
    for op in [containers::Start::new("web"), containers::Start::new(&web), containers::Start::new(web.clone())] {
        assert_eq!(op, web.start());
    }
    assert_eq!(NetworkConnectRequest::new().container(&web).container.as_deref(), Some("web"));
    assert_eq!(images::Commit::new(&web).container, "web");
}

#[test]
fn handles_are_equal_by_what_they_name() {
    let (a, b, c) = (containers::named("a"), containers::named("a"), containers::named("b"));
    assert!(a == b && a != c && a < c);
    assert_eq!(HashSet::from([a.clone(), b, c]).len(), 2);
    assert_eq!((a.as_str(), a.as_ref(), &*a.to_string(), &*format!("{a:?}")), ("a", "a", "a", "Handle(\"a\")"));
}

#[test]
fn images_are_pulled_pushed_and_tagged_by_their_names() {
    let digest = format!("alpine@sha256:{}", "a".repeat(64));
    for (name, pulled) in [
        ("alpine", "alpine:latest"),
        ("alpine:3.19", "alpine:3.19"),
        ("docker.io/library/alpine", "docker.io/library/alpine:latest"),
        ("registry:5000/team/app", "registry:5000/team/app:latest"),
        (&digest, &digest),
        ("Not A Name", "Not A Name"),
    ] {
        assert_eq!(images::named(name).pull(), images::Pull::new(pulled));
    }
    let push = images::Push::new;
    assert_eq!(images::named("alpine").push(), push("alpine"), "all tags");
    assert_eq!(images::named("registry:5000/app:1.2").push(), push("registry:5000/app").tag("1.2"));
    assert_eq!(images::named("registry:5000/app").push(), push("registry:5000/app"));
    let tag = |repo: &str| images::Tag::new("alpine:3", repo);
    assert_eq!(images::named("alpine:3").tag("mine"), tag("mine"));
    assert_eq!(images::named("alpine:3").tag("registry:5000/mine:7"), tag("registry:5000/mine").tag("7"));
    assert_eq!(images::named("alpine:3").tag(images::named("a:b")), tag("a").tag("b"));
}

#[test]
fn what_was_made_has_a_handle() {
    let made = ContainerCreateResponse::new().id("c1");
    assert_eq!(containers::Handle::from(made), containers::named("c1"));
    assert_eq!(exec::Handle::from(IdResponse::new().id("e1")), exec::named("e1"));
    assert_eq!(images::Handle::from(IdResponse::new().id("sha256:i1")), images::named("sha256:i1"));
    assert_eq!(networks::Handle::from(NetworkCreateResponse::new().id("n1")), networks::named("n1"));
    assert_eq!(services::Handle::from(ServiceCreateResponse::new().id("s1")), services::named("s1"));
    assert_eq!(secrets::Handle::from(SecretCreateResponse::new().id("s1")), secrets::named("s1"));
    assert_eq!(configs::Handle::from(ConfigCreateResponse::new().id("c1")), configs::named("c1"));
    let nothing = containers::Handle::from(ContainerCreateResponse::new());
    let e = Bench::new(Script::new()).call(&Bench::client(), nothing.start()).unwrap_err();
    assert!(e.is_invalid_argument(), "{e}");
}
