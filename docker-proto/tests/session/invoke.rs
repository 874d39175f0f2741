//! Operations by name, and bad input of any kind: refused with nothing dialled.

use crate::common::{at, pinned};
use docker_proto::ErrorKind::{Usage, Version};
use docker_proto::api::{archive, containers, exec, images, session};
use docker_proto::op::{AnyItem, Gating, Invoke, Operation};
use docker_proto::session::{CallOptions, Client, Verb};
use docker_proto::testkit::{Bench, MemoryBody, Script, Want};
use docker_proto::{Error, ErrorKind, Phase, drive};
use std::sync::Arc;

fn op(id: &str) -> Invoke {
    Invoke::new(id).unwrap()
}

fn with(id: &str, values: &[(&str, &str)]) -> Invoke {
    values.iter().fold(op(id), |op, (name, value)| op.set(name, *value).unwrap())
}

/// What a call is refused with, of which nothing reaches an engine.
fn refused_by<O: Operation>(client: &Arc<Client>, op: O, options: CallOptions) -> Error {
    let bench = Bench::new(Script::new());
    let mut items = bench.begin_with(client, op, options);
    let e = match bench.run(|cx| items.poll_head(cx)) {
        Ok(()) => panic!("not refused"),
        Err(e) => e,
    };
    assert_eq!((bench.dials(), e.phase()), (0, Some(Phase::Prepare)), "{e}");
    e
}

fn refused<O: Operation>(op: O) -> Error {
    refused_by(&pinned(), op, CallOptions::default())
}

#[track_caller]
fn says(e: Error, kind: ErrorKind, parts: &[&str]) {
    assert_eq!(e.kind(), kind, "{e}");
    for part in parts {
        assert!(e.to_string().contains(part), "{part:?} is not in {e}");
    }
}

#[test]
fn unknown_names_are_told_with_the_nearest() {
    says(Invoke::new("ContainerLog").unwrap_err(), Usage, &["\"ContainerLog\"", "did you mean ContainerLogs?"]);
    says(Invoke::new("containerlist").unwrap_err(), Usage, &["did you mean ContainerList?"]);
    let e = Invoke::new("FlyToTheMoonAndBack").unwrap_err();
    assert!(!e.message().contains("did you mean"), "{e}");
    says(
        op("ContainerLogs").set("stdut", "1").unwrap_err(),
        Usage,
        &["ContainerLogs", "\"stdut\"", "did you mean stdout?"],
    );
    says(op("ContainerLogs").set("sicne", "1").unwrap_err(), Usage, &["did you mean since?"]);
    let e = op("SystemPing").set("anything", "1").unwrap_err();
    assert!(e.message().contains("no parameter") && !e.message().contains("mean"), "{e}");
}

#[test]
fn values_of_the_wrong_kind_are_refused_where_they_are_set() {
    for (id, name, text, part) in [
        ("ContainerList", "all", "yes", "boolean"),
        ("ContainerList", "all", "", "boolean"),
        ("ContainerList", "limit", "many", "whole number"),
        ("ContainerList", "limit", "1.5", "whole number"),
        ("ContainerList", "filters", "status=running", "JSON object"),
        ("ContainerList", "filters", "[]", "JSON object"),
        ("ContainerLogs", "since", "yesterday", "is a time"),
    ] {
        says(op(id).set(name, text).unwrap_err(), Usage, &[id, name, part]);
    }
    says(with("ContainerList", &[("all", "1")]).set("all", "0").unwrap_err(), Usage, &["one value, a second"]);
    let many = with("ImageCreate", &[("fromSrc", "-"), ("changes", "CMD a"), ("changes", "CMD b")]);
    assert_eq!(many.get("changes"), Some("CMD a"));
    says(op("ContainerCreate").body("{").unwrap_err(), Usage, &["not JSON"]);
    says(op("ContainerList").body("{}").unwrap_err(), Usage, &["takes no JSON body"]);
}

#[test]
fn what_is_missing_is_told_before_anything_is_dialled() {
    says(refused(op("ContainerLogs")), Usage, &["parameter id is missing"]);
    says(refused(with("ContainerArchive", &[("id", "x")])), Usage, &["parameter path is missing"]);
    says(refused(op("ContainerCreate")), Usage, &["JSON body is missing"]);
    says(refused(op("ContainerCreate").body(r#"{"Image":7}"#).unwrap()), Usage, &["does not fit the operation"]);
    says(refused(archive::Get::new("x", "")), Usage, &["parameter path is empty"]);
    says(refused(images::Pull::new("")), Usage, &["fromImage is empty"]);
}

#[test]
fn the_values_pick_the_view() {
    let view = |values: &[(&str, &str)]| with("ImageCreate", values).view().name;
    assert_eq!(view(&[]), "images::Pull");
    assert_eq!(view(&[("fromImage", "alpine")]), "images::Pull");
    assert_eq!(view(&[("fromSrc", "-")]), "images::Import");
    assert_eq!(view(&[("fromSrc", "http://x/y.tar")]), "images::ImportFrom");
    let start = |body: &'static str| op("ExecStart").body(body).unwrap().view().name;
    assert_eq!(start(r#"{"Detach":true}"#), "exec::StartDetached");
    assert_eq!(start(r#"{"Detach":false}"#), "exec::Start");
    assert_eq!(start("{}"), "exec::Start");
    assert_eq!(op("ContainerAttach").view().name, "containers::Attach");
}

#[test]
fn the_wrong_verb_is_refused() {
    let begun = |op: Invoke, verb| {
        let bench = Bench::new(Script::new());
        let mut items = drive::Items::new(bench.clone(), pinned(), op, verb, CallOptions::default(), None);
        let e = bench.run(|cx| items.poll_head(cx)).expect_err("the wrong verb");
        assert_eq!(bench.dials(), 0);
        e
    };
    says(begun(with("ImageCreate", &[("fromSrc", "-")]), Verb::Begin), Usage, &["ImageCreate", "use upload"]);
    says(begun(with("ContainerList", &[]), Verb::Upload(None)), Usage, &["ContainerList", "no stream of bytes"]);
    says(begun(with("ContainerList", &[]), Verb::Open), Usage, &["not a two-way session"]);
    let detached = with("ExecStart", &[("id", "e")]).body(r#"{"Detach":true}"#).unwrap();
    says(begun(detached, Verb::Open), Usage, &["not a two-way session"]);
}

#[test]
fn parameters_that_the_version_does_not_know_are_refused() {
    let by = |minor, op: Invoke| refused_by(&at(1, minor), op, CallOptions::default());
    says(by(34, with("ContainerLogs", &[("id", "x"), ("until", "5")])), Version, &["until", "needs API 1.35", "1.34"]);
    says(
        by(52, with("ContainerList", &[("since", "x")])),
        Version,
        &["since", "only understood up to API 1.51", "1.52"],
    );
    says(by(39, op("SystemPingHead")), Version, &["operation", "1.40"]);
    // By number: 1.9 is older than 1.35, which text would deny.
    says(by(9, with("ContainerLogs", &[("id", "x"), ("until", "5")])), Version, &["needs API 1.35"]);
    says(
        refused_by(
            &at(1, 34),
            containers::Logs::new("x").until(docker_proto::model::Timestamp::parse("5").unwrap()),
            CallOptions::default(),
        ),
        Version,
        &["until"],
    );
}

#[test]
fn gating_can_be_switched_off_for_a_call() {
    let mut options = CallOptions::default();
    options.gating = Some(Gating::Off);
    let bench = Bench::new(Script::new().expect("GET /v1.34/containers/x/logs?until=5").answer(200, "", ""));
    let op = with("ContainerLogs", &[("id", "x"), ("until", "5")]).tty(true);
    assert!(bench.collect(&mut bench.begin_with(&at(1, 34), op, options)).is_empty());
    bench.finish();
}

#[test]
fn values_that_would_address_another_object_are_refused() {
    for id in ["", "/", ".", "..", "../images", "a/../b", "a\r\nX: y", "a\nb", "a\0b", "\u{7f}"] {
        says(refused(containers::Inspect::new(id)), Usage, &["ContainerInspect", "path argument id"]);
        says(refused(with("ContainerInspect", &[("id", id)])), Usage, &["path argument id"]);
    }
    for id in ["", ".", "..", "a\nb"] {
        says(refused(exec::Inspect::new(id)), Usage, &["ExecInspect", "path argument id"]);
    }
    for name in ["a//b", "/a", "a/", "a/./b", ".."] {
        says(refused(images::Remove::new(name)), Usage, &["path argument name"]);
    }
}

#[test]
fn names_reach_the_engine_as_they_are() {
    for (name, path) in [("a?b", "a%3Fb"), ("a#b", "a%23b"), ("a b", "a%20b"), ("/web", "web"), ("é", "%C3%A9")] {
        let bench = Bench::new(Script::new().expect(format!("GET /v1.41/containers/{path}/json")).json(200, "{}"));
        bench.call(&pinned(), containers::Inspect::new(name)).unwrap();
        bench.finish();
    }
    let name = "reg:5000/x/y:tag@sha256:ab";
    let bench = Bench::new(Script::new().expect(format!("DELETE /v1.41/images/{name}")).json(200, "[]"));
    bench.call(&pinned(), images::Remove::new(name)).unwrap();
    bench.finish();
}

#[test]
fn line_ends_and_nul_never_reach_a_head() {
    // In the query they are encoded; NUL is refused, for engines cut at it.
    let bench =
        Bench::new(Script::new().expect("POST /v1.41/images/create?fromImage=a%0D%0AX%3A%20y").chunks(200, "", &[]));
    bench.collect(&mut bench.begin(&pinned(), images::Pull::new("a\r\nX: y")));
    bench.finish();
    says(refused(images::Pull::new("a\0")), Usage, &["NUL"]);
    for value in ["a\r\nX: y", "a\nb", "a\rb", "a\0b"] {
        let e = refused(session::Start::new().shared_key(value));
        says(e.clone(), Usage, &["X-Docker-Expose-Session-Sharedkey"]);
        assert!(!e.to_string().contains(value), "the value may be a secret: {e}");
        let mut options = CallOptions::default();
        options.headers = vec![("X-Meta-A".into(), value.into())];
        says(refused_by(&pinned(), containers::List::new(), options), Usage, &["X-Meta-A"]);
        let mut options = CallOptions::default();
        options.headers = vec![(format!("X-{value}"), "x".into())];
        says(refused_by(&pinned(), containers::List::new(), options), Usage, &["not a token"]);
    }
    let client = Bench::client_with(|c| c.host = "a\r\nX: y".into());
    says(refused_by(&client, containers::List::new(), CallOptions::default()), Usage, &["Host"]);
}

#[test]
fn items_are_of_the_kind_that_the_operation_has() {
    let one = |op: Invoke, script: Script| {
        let bench = Bench::new(script);
        let mut all = bench.collect(&mut bench.begin(&pinned(), op));
        assert_eq!(all.len(), 1, "{all:?}");
        all.remove(0).unwrap()
    };
    let asked = |line: &str| Script::new().expect(line);
    let item =
        one(with("ContainerList", &[("all", "true")]), asked("GET /v1.41/containers/json?all=1").json(200, "[1]"));
    assert_eq!(item, AnyItem::Json("[1]".into()));
    let item = one(with("ContainerStart", &[("id", "x")]), asked("POST /v1.41/containers/x/start").answer(304, "", ""));
    assert!(matches!(item, AnyItem::Done(docker_proto::op::Change::Unchanged)), "{item:?}");
    let item = one(op("SystemPing"), asked("GET /_ping").answer(200, "Api-Version: 1.47\r\n", "OK"));
    assert!(matches!(&item, AnyItem::Ping(p) if p.api_version.as_deref() == Some("1.47")), "{item:?}");
    let logs = with("ContainerLogs", &[("id", "x"), ("tail", "1")]).tty(true);
    let item = one(logs, asked("GET /v1.41/containers/x/logs?tail=1").answer(200, "", "out"));
    assert!(matches!(&item, AnyItem::Output(p) if p.bytes == "out"), "{item:?}");
    // Some engines refuse a missing document where an empty one means the same.
    let start = with("ExecStart", &[("id", "e")]).body(r#"{"Detach":true}"#).unwrap();
    let want =
        Want::from("POST /v1.41/exec/e/start").body(r#"{"Detach":true}"#).header("Content-Type", "application/json");
    one(start, Script::new().expect(want).answer(200, "", ""));
}

#[test]
fn one_value_by_name_is_one_value() {
    let run = |body: &str| {
        let bench = Bench::new(Script::new().expect(Want::any()).json(200, body));
        let mut items = bench.begin(&pinned(), op("ContainerList"));
        let mut one = None;
        bench.run(|cx| items.poll_one(cx, &mut one)).map_err(|e| e.kind())
    };
    assert_eq!(run("[]"), Ok(AnyItem::Json("[]".into())));
    assert_eq!(run("[] []"), Err(ErrorKind::Protocol));
    assert_eq!(run(""), Err(ErrorKind::Truncated));
    assert_eq!(run("[{}"), Err(ErrorKind::Truncated));
}

#[test]
fn an_upload_by_name() {
    let want = Want::from("POST /v1.41/images/create?fromSrc=-&repo=x").body("tar").header("Content-Length", "3");
    let bench = Bench::new(Script::new().expect(want).chunks(200, "", &["{\"status\":\"ok\"}"]));
    let op = with("ImageCreate", &[("fromSrc", "-"), ("repo", "x")]);
    let mut items = bench.upload(&pinned(), op, MemoryBody::new().length(3).filled("ta").piece("r"));
    assert_eq!(bench.collect(&mut items).len(), 1);
    bench.finish();
}
