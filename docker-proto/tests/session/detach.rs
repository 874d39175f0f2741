//! Detach keys: the client's, a call's, and those that no engine would take.

use docker_proto::ErrorKind::Usage;
use docker_proto::api::{containers, exec};
use docker_proto::model::{ApiVersion, ExecConfig};
use docker_proto::op::{Invoke, Operation, Plain};
use docker_proto::session::{Builder, Client, VersionChoice};
use docker_proto::testkit::{Bench, Script, Want};
use docker_proto::values::DetachKeys;
use std::sync::Arc;

/// A client whose configuration has these keys.
fn client(keys: Option<&str>) -> Arc<Client> {
    Bench::client_with(|config| {
        config.version = VersionChoice::Pinned(ApiVersion::new(1, 43));
        config.detach_keys = keys.map(|keys| keys.parse().expect("keys"));
    })
}

/// The one request that a call makes is this one.
fn asks<O: Plain>(client: &Arc<Client>, op: O, want: impl Into<Want>) {
    let bench = Bench::new(Script::new().expect(want).json(404, r#"{"message":"seen"}"#));
    let failed = bench.collect(&mut bench.begin(client, op)).pop().and_then(Result::err).expect("404");
    assert_eq!(failed.message(), "seen");
    bench.finish();
}

/// The call is refused and nothing is dialled.
fn refused<O: Operation>(client: &Arc<Client>, op: O) {
    let bench = Bench::new(Script::new());
    let failed = bench.collect(&mut bench.begin(client, op)).pop().and_then(Result::err).expect("refused");
    assert_eq!((failed.kind(), bench.dials()), (Usage, 0));
    assert!(failed.message().contains("detach keys") && failed.message().contains("ctrl-P"), "{failed}");
}

fn command() -> ExecConfig {
    ExecConfig::new().cmd(["sh"]).tty(true)
}

#[test]
fn the_clients_keys_are_sent_where_a_call_has_none() {
    let ours = client(Some("ctrl-a,d"));
    let attach = || containers::Attach::new("web").stream(true).tty(true);
    asks(&ours, attach(), "POST /v1.43/containers/web/attach?stream=1&detachKeys=ctrl-a%2Cd");
    asks(&ours, containers::Attach::new("web").tty(true), "POST /v1.43/containers/web/attach?detachKeys=ctrl-a%2Cd");
    asks(&client(None), attach(), "POST /v1.43/containers/web/attach?stream=1");
    let websocket = containers::AttachWebsocket::new("web").stream(true);
    asks(&ours, websocket, "GET /v1.43/containers/web/attach/ws?stream=1&detachKeys=ctrl-a%2Cd");
    let create = Want::from("POST /v1.43/containers/web/exec");
    let body = r#"{"Cmd":["sh"],"DetachKeys":"ctrl-a,d","Tty":true}"#;
    asks(&ours, exec::Create::new("web", command()), create.clone().body(body));
    asks(&client(None), exec::Create::new("web", command()), create.clone().body(r#"{"Tty":true,"Cmd":["sh"]}"#));
    // By name just so.
    let by_name = Invoke::new("ContainerAttach").and_then(|op| op.set("id", "web")).expect("an operation").tty(true);
    asks(&ours, by_name, "POST /v1.43/containers/web/attach?detachKeys=ctrl-a%2Cd");
    let by_name = Invoke::new("ContainerExec").and_then(|op| op.set("id", "web")).expect("an operation");
    let by_name = by_name.body(r#"{"Cmd":["sh"],"DetachKeys":null}"#).expect("a body");
    asks(&ours, by_name, create.body(r#"{"Cmd":["sh"],"DetachKeys":"ctrl-a,d"}"#));
}

#[test]
fn those_of_a_call_win() {
    let ours = client(Some("ctrl-a,d"));
    for (keys, query) in [("ctrl-x,ctrl-x", "ctrl-x%2Cctrl-x"), ("DEL", "DEL"), ("", "")] {
        let path = format!("/v1.43/containers/web/attach?detachKeys={query}");
        asks(&ours, containers::Attach::new("web").detach_keys(keys).tty(true), format!("POST {path}"));
        let path = path.replace("attach?", "attach/ws?");
        asks(&ours, containers::AttachWebsocket::new("web").detach_keys(keys), format!("GET {path}"));
        let want = Want::from("POST /v1.43/containers/web/exec").body_contains(format!(r#""DetachKeys":"{keys}""#));
        asks(&ours, exec::Create::new("web", command().detach_keys(keys)), want);
    }
    let keys: DetachKeys = "ctrl-a".parse().expect("keys");
    let path = "POST /v1.43/containers/web/attach?detachKeys=ctrl-a";
    asks(&client(None), containers::Attach::new("web").detach_keys(keys).tty(true), path);
}

#[test]
fn operations_without_keys_get_none() {
    let ours = client(Some("ctrl-a,d"));
    let op = containers::AttachOutput::new("web").stream(true).tty(false);
    asks(&ours, op, "POST /v1.43/containers/web/attach?stream=1");
    asks(&ours, containers::Logs::new("web").stdout(true).tty(true), "GET /v1.43/containers/web/logs?stdout=1");
    asks(&ours, containers::Start::new("web"), "POST /v1.43/containers/web/start");
    let want = Want::from("POST /v1.43/exec/x/start").body(r#"{"Detach":true}"#);
    asks(&ours, exec::StartDetached::new("x"), want);
}

#[test]
fn keys_that_are_none_are_refused_before_a_byte_leaves() {
    let ours = client(None);
    refused(&ours, containers::Attach::new("web").detach_keys("ctrl-P"));
    refused(&ours, containers::AttachWebsocket::new("web").detach_keys("ctrl-P,ctrl-Q"));
    refused(&ours, exec::Create::new("web", command().detach_keys("ctrl-p,ctrl-P")));
    let by_name = Invoke::new("ContainerAttach").and_then(|op| op.set("id", "web")?.set("detachKeys", "ctrl-P"));
    refused(&ours, by_name.expect("an operation"));
    let e = Builder::new(|_, config, _| config).url("nonsense").detach_keys("ctrl-P").build().expect_err("refused");
    assert!(e.message().contains("detach keys") && e.message().contains("nonsense"), "{e}");
    let config = Builder::new(|_, config, _| config).detach_keys("ctrl-a,d").build().expect("settings");
    assert_eq!(config.detach_keys.map(|keys| keys.to_string()).as_deref(), Some("ctrl-a,d"));
}
