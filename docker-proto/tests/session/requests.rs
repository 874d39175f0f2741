//! What operations put into their requests, where that is more than a path and a query.

use crate::common::pinned;
use docker_proto::ErrorKind::Version;
use docker_proto::api::{build, checkpoints, containers, debug, exec, images, networks, session, system, volumes};
use docker_proto::model::{
    ApiVersion, AuthConfig, CheckpointCreateRequest, NetworkConnectRequest, Ulimit, VolumeCreateRequest,
};
use docker_proto::op::{BuildArgs, BuildOutput, Encode, Encoded, Invoke, RegistryAuth, RequestWriter};
use docker_proto::testkit::{Bench, Script, Want};
use docker_proto::wire::RequestBody;
use docker_proto::{Error, Result};

fn encode(op: &impl Encode, minor: u16) -> Result<Encoded> {
    let mut encoded = Encoded::default();
    let mut writer = RequestWriter::new(op.spec(), Some(ApiVersion::new(1, minor)), None, &mut encoded);
    op.encode(&mut writer)?;
    writer.finish()?;
    Ok(encoded)
}

fn target(op: &impl Encode) -> String {
    encode(op, 55).expect("a request").target
}

fn body(op: &impl Encode) -> String {
    match encode(op, 55).expect("a request").body {
        RequestBody::Full(text) => String::from_utf8(text.to_vec()).expect("JSON"),
        other => panic!("no document: {other:?}"),
    }
}

fn refused(op: &impl Encode, minor: u16) -> Error {
    let e = encode(op, minor).expect_err("too old");
    assert_eq!(e.kind(), Version, "{e}");
    e
}

#[test]
fn values_have_the_form_that_engines_read() {
    assert_eq!(target(&containers::Resize::new("a", 40, 120)), "/containers/a/resize?h=40&w=120");
    assert_eq!(target(&exec::Resize::new("e", 40, 120)), "/exec/e/resize?h=40&w=120");
    assert_eq!(target(&containers::Restart::new("a").t(-1).signal("INT")), "/containers/a/restart?t=-1&signal=INT");
    assert_eq!(target(&containers::Kill::new("a").signal(9)), "/containers/a/kill?signal=9");
    assert_eq!(target(&containers::StatsOnce::new("a").one_shot(true)), "/containers/a/stats?stream=0&one-shot=1");
    assert_eq!(
        target(&images::Tag::new("r:5000/a:1", "r:5000/b").tag("2")),
        "/images/r:5000/a:1/tag?repo=r%3A5000%2Fb&tag=2"
    );
    assert_eq!(target(&images::GetAll::new().names(["a:1", "b"])), "/images/get?names=a%3A1&names=b");
    assert_eq!(target(&system::DataUsage::new().kind(["image", "volume"])), "/system/df?type=image&type=volume");
    assert_eq!(target(&checkpoints::Remove::new("a", "c/1")), "/containers/a/checkpoints/c%2F1");
    assert_eq!(target(&debug::Named::new("heap")), "/debug/pprof/heap");
    assert_eq!(target(&system::Options::new("containers/json")), "/containers/json");
    let platform = "platform=%7B%22architecture%22%3A%22arm64%22%2C%22os%22%3A%22linux%22%7D";
    assert_eq!(target(&images::History::new("a").platform("linux/arm64")), format!("/images/a/history?{platform}"));
    assert_eq!(
        target(&images::Pull::new("a").platform("linux/arm64")),
        "/images/create?fromImage=a&platform=linux%2Farm64"
    );
}

#[test]
fn documents_are_those_of_the_engine() {
    assert_eq!(body(&images::Commit::new("a")), "{}");
    assert_eq!(body(&volumes::Create::new(VolumeCreateRequest::new().name("v"))), r#"{"Name":"v"}"#);
    assert_eq!(body(&networks::Connect::new("n", NetworkConnectRequest::new().container("a"))), r#"{"Container":"a"}"#);
    let checkpoint = CheckpointCreateRequest::new().checkpoint_id("c").exit(false);
    assert_eq!(body(&checkpoints::Create::new("a", checkpoint)), r#"{"CheckpointID":"c","Exit":false}"#);
    let auth = AuthConfig::new().username("u").password("p");
    assert_eq!(body(&system::Auth::new(auth)), r#"{"username":"u","password":"p"}"#);
}

#[test]
fn a_build_says_how() {
    let op = build::FromTar::new()
        .tags(["a:1", "b:2"])
        .rm(false)
        .version(build::Builder::BuildKit)
        .buildargs(BuildArgs::new().arg("A", "1").unset("B"))
        .cachefrom(["c"])
        .ulimits([Ulimit::new().name("nofile").soft(1).hard(2)])
        .buildid("upload-request:7")
        .registry_config([("reg:5000", AuthConfig::new().username("u"))]);
    let encoded = encode(&op, 41).expect("a request");
    assert_eq!(
        encoded.target,
        "/build?t=a%3A1&t=b%3A2&cachefrom=%5B%22c%22%5D&rm=0&buildargs=%7B%22A%22%3A%221%22%2C%22B%22%3Anull%7D&version=2\
         &buildid=upload-request%3A7&ulimits=%5B%7B%22Name%22%3A%22nofile%22%2C%22Soft%22%3A1%2C%22Hard%22%3A2%7D%5D"
    );
    assert_eq!(encoded.content_type, Some("application/x-tar"));
    assert_eq!(encoded.body, RequestBody::Stream { length: None });
    // {"reg:5000":{"username":"u"}}
    assert_eq!(encoded.headers, [("X-Registry-Config".into(), "eyJyZWc6NTAwMCI6eyJ1c2VybmFtZSI6InUifX0=".into())]);
    let remote = encode(&build::FromRemote::new("client-session").session("s"), 41).expect("a request");
    assert_eq!((&*remote.target, remote.body), ("/build?remote=client-session&session=s", RequestBody::None));
    assert!(refused(&build::FromTar::new().outputs([BuildOutput::new("tar")]), 39).message().contains("outputs"));
}

#[test]
fn a_push_never_goes_without_the_header() {
    let sent = |op: images::Push| encode(&op, 41).expect("a request").headers;
    assert_eq!(sent(images::Push::new("a")), [("X-Registry-Auth".into(), "e30=".into())]);
    let auth = images::Push::new("a").registry_auth(RegistryAuth::registry_token("t"));
    assert_eq!(sent(auth), [("X-Registry-Auth".into(), "eyJyZWdpc3RyeXRva2VuIjoidCJ9".into())]);
    // A pull without it is anonymous.
    assert_eq!(encode(&images::Pull::new("a"), 41).expect("a request").headers, []);
}

#[test]
fn what_an_engine_is_too_old_for_is_refused() {
    refused(&images::Attestations::new("a"), 54);
    refused(&containers::Prune::new(), 24);
    refused(&session::Grpc::new(), 39);
    assert!(refused(&system::DataUsage::new().verbose(true), 51).message().contains("verbose"));
    assert!(refused(&images::Get::new("a").platform(["linux"]), 47).message().contains("platform"));
    assert!(refused(&containers::AttachWebsocket::new("a").stdin(true), 41).message().contains("stdin"));
    assert!(encode(&images::GetAll::new().names(["a"]), 24).is_ok());
}

#[test]
fn a_session_names_each_of_its_methods() {
    let op = session::Start::new().id("u-1").name("n").shared_key("k").methods(["/a.B/C", "/d.E/F"]);
    let names: Vec<_> = encode(&op, 41).expect("a request").headers;
    let method = |m: &str| ("X-Docker-Expose-Session-Grpc-Method".into(), m.to_string());
    assert_eq!(names[3..], [method("/a.B/C"), method("/d.E/F")]);
    let by_name = Invoke::new("Session")
        .and_then(|i| i.set("X-Docker-Expose-Session-Grpc-Method", "/a.B/C"))
        .and_then(|i| i.set("X-Docker-Expose-Session-Grpc-Method", "/d.E/F"))
        .expect("a header that is repeated");
    assert_eq!(encode(&by_name, 41).expect("a request").headers, [method("/a.B/C"), method("/d.E/F")]);
    let head = Want::from("POST /v1.41/session").header("Upgrade", "h2c").header("Content-Length", "0");
    let bench = Bench::new(Script::new().expect(head).reply("HTTP/1.1 101 UPGRADED\r\n\r\nPRI").close());
    let items: Result<Vec<_>> = bench.collect(&mut bench.begin(&pinned(), op)).into_iter().collect();
    assert_eq!(items.expect("bytes"), ["PRI"]);
    bench.finish();
}

#[test]
fn views_are_found_by_their_parameters() {
    let view = |id: &str, name: &str, value: &str| {
        Invoke::new(id).and_then(|i| i.set(name, value)).expect("known").view().name
    };
    assert_eq!(view("ContainerStats", "id", "a"), "containers::Stats");
    assert_eq!(view("ContainerStats", "stream", "true"), "containers::Stats");
    assert_eq!(view("ContainerStats", "stream", "false"), "containers::StatsOnce");
    assert_eq!(view("ImageBuild", "t", "a"), "build::FromTar");
    assert_eq!(view("ImageBuild", "remote", "https://example.com/a.git"), "build::FromRemote");
}

#[test]
fn the_inside_of_an_engine_has_no_versions() {
    let script = Script::new().expect("GET /debug/vars").json(200, r#"{"cmdline":["dockerd"]}"#);
    let bench = Bench::new(script);
    assert_eq!(bench.call(&pinned(), debug::Vars::new()).unwrap()["cmdline"][0], "dockerd");
    bench.finish();
}
