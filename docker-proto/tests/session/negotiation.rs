//! Agreeing on an API version.

use crate::common::{only_error, pinned, secs, version};
use docker_proto::ErrorKind::{Engine, Protocol, Truncated, Version};
use docker_proto::Phase;
use docker_proto::api::{archive, containers, system};
use docker_proto::op::{Change, EngineKind};
use docker_proto::session::VersionChoice;
use docker_proto::testkit::{Bench, MemoryBody, Script, Want};

const LIST: &str = "GET /v1.41/containers/json";

fn list() -> containers::List {
    containers::List::new()
}

/// Lists with this engine, which must then be played to its end. Gives the version that was agreed on.
fn agree(script: Script) -> Option<String> {
    let (bench, client) = (Bench::new(script), Bench::client());
    bench.call(&client, list()).unwrap();
    bench.finish();
    assert_eq!(bench.dials(), 1);
    version(&client)
}

#[test]
fn a_ping_tells_and_is_asked_once() {
    let head = "HEAD /_ping HTTP/1.1\r\nHost: docker\r\nUser-Agent: docker-proto/0.1.0\r\n\r\n";
    let ping = Script::new().expect(head).answer(200, "Api-Version: 1.41\r\n", "");
    let bench = Bench::new(ping.expect(LIST).json(200, "[]").expect(LIST).json(200, "[]"));
    let client = Bench::client();
    assert_eq!(version(&client), None);
    bench.call(&client, list()).unwrap();
    bench.call(&client, list()).unwrap();
    assert_eq!((version(&client).as_deref(), bench.dials()), (Some("1.41"), 1));
    bench.finish();
}

#[test]
fn without_head_the_engine_is_asked_by_get() {
    // Engines before API 1.40 have no HEAD route.
    let script = Script::new().expect("HEAD /_ping").answer(404, "", "");
    let script = script.expect("GET /_ping").answer(200, "Api-Version: 1.39\r\n", "OK");
    assert_eq!(agree(script.expect("GET /v1.39/containers/json").json(200, "[]")).as_deref(), Some("1.39"));
}

#[test]
fn a_sick_engine_still_says_its_version() {
    let fields = "Api-Version: 1.41\r\n";
    let script = Script::new().expect("HEAD /_ping").answer(500, fields, "");
    let script = script.expect("GET /_ping").answer(500, fields, "sick").expect(LIST).json(200, "[]");
    assert_eq!(agree(script).as_deref(), Some("1.41"));
}

#[test]
fn behind_a_proxy_that_drops_the_field_version_is_asked() {
    for ping in [true, false] {
        let script = Script::new().expect("HEAD /_ping");
        let script = match ping {
            true => script.answer(200, "", ""),
            false => script.answer(405, "", "").expect("GET /_ping").answer(403, "", "no ping here"),
        };
        let script = script.expect("GET /version").json(200, r#"{"Version":"20.10","ApiVersion":"1.41"}"#);
        assert_eq!(agree(script.expect(LIST).json(200, "[]")).as_deref(), Some("1.41"));
    }
}

#[test]
fn a_newer_engine_is_spoken_to_in_the_newest_version_known() {
    let script = Script::new().negotiate("1.99").expect("GET /v1.55/containers/json").json(200, "[]");
    assert_eq!(agree(script).as_deref(), Some("1.55"));
    // Compared by number: 1.100 is newer than 1.55.
    let script = Script::new().negotiate("1.100").expect("GET /v1.55/containers/json").json(200, "[]");
    assert_eq!(agree(script).as_deref(), Some("1.55"));
    let script = Script::new().negotiate("1.24").expect("GET /v1.24/containers/json").json(200, "[]");
    assert_eq!(agree(script).as_deref(), Some("1.24"));
}

#[test]
fn engines_that_cannot_be_agreed_with() {
    let version = |status, body| {
        Script::new().expect("HEAD /_ping").answer(200, "", "").expect("GET /version").answer(status, "", body)
    };
    let table = [
        (Script::new().negotiate("1.23"), Version, None, "1.23; the oldest version understood here is 1.24"),
        // As a string, 1.9 would be newer than 1.24.
        (Script::new().negotiate("1.9"), Version, None, "speaks API 1.9"),
        (Script::new().negotiate("banana"), Protocol, None, "\"banana\""),
        (version(404, "page not found"), Engine, Some(404), "page not found"),
        (version(200, "<html>"), Version, None, "neither in its ping nor in /version"),
        (version(200, "{}"), Version, None, "neither in its ping nor in /version"),
        (version(200, ""), Version, None, "neither"),
        (version(503, ""), Engine, Some(503), "unavailable"),
    ];
    for (script, kind, status, part) in table {
        let (bench, client) = (Bench::new(script), Bench::client());
        let e = bench.call(&client, list()).expect_err(part);
        assert_eq!((e.kind(), e.status(), e.phase()), (kind, status, Some(Phase::Negotiate)), "{e}");
        assert!(e.message().contains(part) && e.operation() == Some("ContainerList"), "{e}");
        assert_eq!(client.agreed(), None);
        bench.finish();
    }
}

#[test]
fn a_cut_ping_is_no_ping() {
    let script = Script::new().expect("HEAD /_ping").reply("HTTP/1.1 200 OK\r\nApi-Version: 1.4").close();
    let (bench, client) = (Bench::new(script), Bench::client());
    let e = bench.call(&client, list()).expect_err("a cut head");
    assert_eq!((e.kind(), e.phase()), (Truncated, Some(Phase::Negotiate)));
    assert_eq!(client.agreed(), None);
}

#[test]
fn a_ping_that_closes_its_connection_costs_another_one() {
    let script = Script::new().expect("HEAD /_ping").answer(200, "Connection: close\r\nApi-Version: 1.41\r\n", "");
    let bench = Bench::new(script.close().accept().expect(LIST).json(200, "[]"));
    bench.call(&Bench::client(), list()).unwrap();
    assert_eq!(bench.dials(), 2);
    bench.finish();
}

#[test]
fn podman_says_who_it_is() {
    let ping = |fields| Script::new().expect("HEAD /_ping").answer(200, fields, "").expect(LIST).json(200, "[]");
    for (fields, kind) in [
        ("Api-Version: 1.41\r\nLibpod-Api-Version: 4.3.1\r\n", EngineKind::Podman),
        ("Api-Version: 1.41\r\n", EngineKind::Docker),
    ] {
        let (bench, client) = (Bench::new(ping(fields)), Bench::client());
        bench.call(&client, list()).unwrap();
        assert_eq!(client.agreed().and_then(|a| a.engine), Some(kind));
    }
}

#[test]
fn pinned_and_unversioned_clients_ask_nothing() {
    let client = pinned();
    let bench = Bench::new(Script::new().expect(LIST).json(200, "[]"));
    bench.call(&client, list()).unwrap();
    bench.finish();
    let client = Bench::client_with(|c| c.version = VersionChoice::Unversioned);
    let bench = Bench::new(Script::new().expect("GET /containers/json").json(200, "[]"));
    bench.call(&client, list()).unwrap();
    bench.finish();
}

#[test]
fn a_ping_needs_no_agreement() {
    let bench = Bench::new(Script::new().expect("GET /_ping").answer(200, "Api-Version: 1.47\r\n", "OK"));
    let ping = bench.call(&Bench::client(), system::Ping::new()).unwrap();
    assert_eq!(ping.api_version.as_deref(), Some("1.47"));
    // Nor does it carry a version that was pinned.
    let bench = Bench::new(Script::new().expect("HEAD /_ping").answer(200, "Api-Version: 1.47\r\n", ""));
    bench.call(&pinned(), system::PingHead::new()).unwrap();
}

#[test]
fn two_calls_at_once_agree_each_for_itself_and_the_first_answer_is_kept() {
    let conn = |script: Script, wait, version: &str| {
        let fields = format!("Api-Version: {version}\r\n");
        script.accept().expect("HEAD /_ping").pause(secs(wait)).answer(200, &fields, "").expect(LIST).json(200, "[]")
    };
    let bench = Bench::new(conn(conn(Script::new(), 1, "1.41"), 2, "1.43"));
    let client = Bench::client();
    let (mut a, mut b) = (bench.begin(&client, list()), bench.begin(&client, list()));
    assert!(bench.poll(|cx| a.poll_next(cx)).is_pending());
    assert!(bench.poll(|cx| b.poll_next(cx)).is_pending());
    assert_eq!(bench.collect(&mut a).len(), 1);
    assert_eq!(bench.collect(&mut b).len(), 1);
    assert_eq!(version(&client).as_deref(), Some("1.41"));
    bench.finish();
}

fn refused(version: &str, max: &str) -> String {
    format!(r#"{{"message":"client version {version} is too new. Maximum supported API version is {max}"}}"#)
}

/// An engine that was replaced by an older one between two calls.
fn replaced() -> Script {
    Script::new().negotiate("1.55").expect("GET /v1.55/containers/json").json(200, "[]")
}

#[test]
fn a_version_that_is_refused_is_agreed_on_again_once() {
    let script = replaced().expect("GET /v1.55/containers/json").json(400, &refused("1.55", "1.41"));
    let bench = Bench::new(script.negotiate("1.41").expect(LIST).json(200, "[]").expect(LIST).json(200, "[]"));
    let client = Bench::client();
    for _ in 0..3 {
        bench.call(&client, list()).unwrap();
    }
    assert_eq!((version(&client).as_deref(), bench.dials()), (Some("1.41"), 1));
    bench.finish();
}

#[test]
fn and_never_twice() {
    let refuse = |script: Script| script.expect("GET /v1.55/containers/json").json(400, &refused("1.55", "1.41"));
    let bench = Bench::new(refuse(refuse(replaced()).negotiate("1.55")));
    let client = Bench::client();
    bench.call(&client, list()).unwrap();
    let e = bench.call(&client, list()).expect_err("refused twice");
    assert_eq!((e.kind(), e.status()), (Engine, Some(400)));
    bench.finish();
    // The next call asks again.
    assert_eq!(client.agreed(), None);
}

#[test]
fn a_post_is_repeated_too_for_the_engine_did_nothing() {
    let script = replaced().expect("POST /v1.55/containers/x/start").json(400, &refused("1.55", "1.41"));
    let bench = Bench::new(script.negotiate("1.41").expect("POST /v1.41/containers/x/start").answer(204, "", ""));
    let client = Bench::client();
    bench.call(&client, list()).unwrap();
    assert_eq!(bench.call(&client, containers::Start::new("x")).unwrap(), Change::Changed);
    bench.finish();
}

#[test]
fn uploads_and_pinned_versions_are_refused_as_they_are() {
    let path = "PUT /v1.55/containers/x/archive?path=%2F";
    let bench = Bench::new(replaced().accept().expect(path).json(400, &refused("1.55", "1.41")));
    let client = Bench::client();
    bench.call(&client, list()).unwrap();
    let mut put = bench.upload(&client, archive::Put::new("x", "/"), MemoryBody::new().piece("tar"));
    assert_eq!(only_error(bench.collect(&mut put)).status(), Some(400));
    bench.finish();
    assert_eq!(client.agreed(), None, "the next call asks again");

    let bench = Bench::new(Script::new().expect(LIST).json(400, &refused("1.41", "1.40")));
    assert_eq!(bench.call(&pinned(), list()).expect_err("pinned").status(), Some(400));
    bench.finish();
}

#[test]
fn another_400_is_no_question_of_versions() {
    let script = replaced().expect(Want::any()).json(400, r#"{"message":"invalid filter 'version is too new'"}"#);
    let bench = Bench::new(script);
    let client = Bench::client();
    bench.call(&client, list()).unwrap();
    assert_eq!(bench.call(&client, list()).expect_err("a bad filter").status(), Some(400));
    bench.finish();
}

#[test]
fn an_inspect_that_refuses_the_version_is_agreed_on_again_too() {
    let old = r#"{"message":"client version 1.41 is too old. Minimum supported API version is 1.44"}"#;
    let script = Script::new().negotiate("1.41").expect(LIST).json(200, "[]");
    let script = script.expect("GET /v1.41/containers/x/json").json(400, old).negotiate("1.44");
    let raw = "Content-Type: application/vnd.docker.raw-stream\r\n";
    let bench = Bench::new(script.expect("GET /v1.44/containers/x/logs?stdout=1").answer(200, raw, "out"));
    let client = Bench::client();
    bench.call(&client, list()).unwrap();
    let mut logs = bench.begin(&client, containers::Logs::new("x").stdout(true));
    let items = bench.collect(&mut logs);
    assert_eq!(items[0].as_ref().map(|p| p.bytes.clone()).unwrap(), "out");
    bench.finish();
}

#[test]
fn an_upload_agrees_on_the_connection_that_it_dialled() {
    let put = Want::from("PUT /v1.41/containers/x/archive?path=%2F").body("tar");
    let bench = Bench::new(Script::new().negotiate("1.41").expect(put).answer(200, "", ""));
    let mut items = bench.upload(&Bench::client(), archive::Put::new("x", "/"), MemoryBody::new().piece("tar"));
    bench.collect(&mut items).remove(0).unwrap();
    assert_eq!(bench.dials(), 1);
    bench.finish();
}

#[test]
fn what_the_agreed_version_does_not_know_is_refused_before_it_is_sent() {
    let bench = Bench::new(Script::new().negotiate("1.29"));
    let e = bench.call(&Bench::client(), containers::Wait::new("x").condition("removed")).expect_err("since 1.30");
    assert_eq!(e.kind(), Version);
    assert!(e.message().contains("condition needs API 1.30") && e.message().contains("speaks 1.29"), "{e}");
    assert_eq!(bench.counters().idle, 1, "the connection is as good as before");
    bench.finish();
}
