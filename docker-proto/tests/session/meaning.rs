//! What errors mean to somebody who acts on them. The words are those of engines 20.10, 26.1, 28.5 and podman 4.3.

use crate::common::{at, only_error, pinned, secs};
use docker_proto::api::{build, containers, distribution, exec, images, system};
use docker_proto::model::{ContainerCreateBody, ContainerWaitResponse, ExecInspectResponse};
use docker_proto::op::{Invoke, Operation, Reply};
use docker_proto::session::{CallOptions, Timeouts};
use docker_proto::testkit::{Bench, MemoryBody, Script, Want};
use docker_proto::{Error, ErrorKind};
use serde_json::json;

fn refused<O: Operation>(status: u16, message: &str, op: O) -> Error
where
    <O::Reply as Reply>::Item: std::fmt::Debug,
{
    let body = json!({ "message": message }).to_string();
    let bench = Bench::new(Script::new().expect(Want::any()).json(status, &body));
    only_error(bench.collect(&mut bench.begin(&pinned(), op)))
}

fn in_stream<O: Operation>(text: &str, op: O) -> Error
where
    <O::Reply as Reply>::Item: std::fmt::Debug,
{
    let bench = Bench::new(Script::new().expect(Want::any()).json(200, text));
    only_error(bench.collect(&mut bench.begin(&pinned(), op)))
}

fn uploaded<O: Operation>(status: u16, text: &str, op: O) -> Error
where
    <O::Reply as Reply>::Item: std::fmt::Debug,
{
    let bench = Bench::new(Script::new().expect(Want::any()).json(status, text));
    let mut items = bench.upload(&pinned(), op, MemoryBody::new().piece("tar"));
    only_error(bench.collect(&mut items))
}

fn create() -> containers::Create {
    containers::Create::new(ContainerCreateBody::new().image("app:1"))
}

#[test]
fn a_missing_image_is_told_by_its_name() {
    let cases = [
        (refused(404, "No such image: app:1", create()), "app:1"),
        (refused(404, "no such image: docker.io/library/app:1: image not known", create()), "docker.io/library/app:1"),
        (
            refused(
                404,
                "image with reference app:1 was found but its platform (linux/amd64) does not match the specified \
                 platform (linux/arm64)",
                create(),
            ),
            "app:1",
        ),
        (refused(404, "no such image: app:1: No such image: app:1", images::Inspect::new("app:1")), "app:1"),
        (refused(404, "No such image: app:1", images::Tag::new("app:1", "b")), "app:1"),
        (refused(404, "No such image: app:1", images::Remove::new("app:1")), "app:1"),
        (refused(404, "No such image: app:1", images::Get::new("app:1")), "app:1"),
        (
            refused(
                404,
                "pull access denied for app, repository does not exist or may require 'docker login'",
                images::Pull::new("app:1"),
            ),
            "app:1",
        ),
        (
            in_stream(
                r#"{"error":"initializing source docker://app:1: reading manifest 1 in docker.io/library/app: manifest unknown"}"#,
                images::Pull::new("app:1"),
            ),
            "app:1",
        ),
        (
            in_stream(
                r#"{"errorDetail":{"message":"An image does not exist locally with the tag: app"}}"#,
                images::Push::new("app"),
            ),
            "app",
        ),
        (refused(404, "manifest unknown", distribution::Inspect::new("app:1")), "app:1"),
        (
            refused(404, "manifest unknown", Invoke::new("ImageCreate").unwrap().set("fromImage", "app:1").unwrap()),
            "app:1",
        ),
        (
            refused(404, "No such image: app:1", Invoke::new("ImageInspect").unwrap().set("name", "app:1").unwrap()),
            "app:1",
        ),
    ];
    for (e, image) in cases {
        assert_eq!(e.missing_image(), Some(image), "{e}");
        assert!(e.is_image_not_found());
    }
}

#[test]
fn what_else_is_missing_is_no_image() {
    for e in [
        refused(404, "No such container: app", create()),
        refused(404, "No such container: web", containers::Inspect::new("web")),
        refused(409, "Conflict", create()),
        refused(500, "No such image: app:1", create()),
        in_stream(r#"{"error":"connection refused"}"#, images::Pull::new("app")),
        Error::usage("No such image: app").of("ImageInspect", "app"),
    ] {
        assert_eq!(e.missing_image(), None, "{e}");
    }
    // What has no object in its path is about what it was given.
    let e = refused(500, "dial tcp: connection refused", images::Pull::new("app:1"));
    assert_eq!(e.to_string(), r#"ImageCreate "app:1": 500 dial tcp: connection refused"#);
}

#[test]
fn a_container_that_failed_tells_its_exit_code() {
    let wait = |body: &str| {
        let bench = Bench::new(Script::new().expect(Want::any()).json(200, body));
        let answer: ContainerWaitResponse = bench.call(&pinned(), containers::Wait::new("job")).unwrap();
        answer.success()
    };
    wait(r#"{"StatusCode":0}"#).unwrap();
    let e = wait(r#"{"StatusCode":137}"#).unwrap_err();
    assert_eq!((e.kind(), e.exit_code()), (ErrorKind::Exit, Some(137)));
    let e = wait(r#"{"StatusCode":-1,"Error":{"Message":"driver failed"}}"#).unwrap_err();
    assert_eq!((e.kind(), e.message(), e.exit_code()), (ErrorKind::InStream, "driver failed", None));
    assert_eq!(wait("{}").unwrap_err().kind(), ErrorKind::Decode);
}

#[test]
fn a_command_that_failed_tells_its_exit_code() {
    let inspect = |body: &str| {
        let bench = Bench::new(Script::new().expect(Want::any()).json(200, body));
        let answer: ExecInspectResponse = bench.call(&pinned(), exec::Inspect::new("e")).unwrap();
        answer.success()
    };
    inspect(r#"{"Running":false,"ExitCode":0}"#).unwrap();
    let e = inspect(r#"{"Running":false,"ExitCode":127}"#).unwrap_err();
    assert_eq!((e.kind(), e.exit_code()), (ErrorKind::Exit, Some(127)));
    let e = inspect(r#"{"Running":true,"ExitCode":null}"#).unwrap_err();
    assert_eq!((e.kind(), e.exit_code()), (ErrorKind::Usage, None));
}

#[test]
fn a_build_that_failed_tells_the_exit_code_of_its_step() {
    let docker =
        r#"{"errorDetail":{"code":7,"message":"The command '/bin/sh -c exit 7' returned a non-zero code: 7"}}"#;
    let podman = r#"{"error":"building at STEP \"RUN exit 7\": while running runtime: exit status 7\n"}"#;
    // BuildKit sends no code: as 20.10 and as 28.5 say it.
    let buildkit_20 = r#"{"errorDetail":{"message":"executor failed running [/bin/sh -c exit 7]: exit code: 7"}}"#;
    let buildkit_28 = r#"{"error":"process \"/bin/sh -c exit 7\" did not complete successfully: exit code: 7"}"#;
    for text in [docker, podman, buildkit_20, buildkit_28] {
        let e = uploaded(200, text, build::FromTar::new());
        assert!(e.is_build_failed(), "{e}");
        assert_eq!(e.exit_code(), Some(7), "{e}");
    }
    let e = uploaded(200, r#"{"error":"no such stage"}"#, build::FromTar::new());
    assert!(e.is_build_failed() && e.exit_code().is_none());
    let e = uploaded(400, r#"{"message":"bad tag"}"#, build::FromTar::new());
    assert!(!e.is_build_failed() && e.is_invalid_argument(), "it never began");
}

#[test]
fn a_load_that_failed() {
    let docker = r#"{"errorDetail":{"message":"unexpected EOF"},"error":"unexpected EOF"}"#;
    let podman = r#"{"message":"failed to load image: payload does not match any of the supported image formats"}"#;
    assert!(uploaded(200, docker, images::Load::new()).is_load_failed());
    assert!(uploaded(500, podman, images::Load::new()).is_load_failed());
    assert!(!uploaded(500, r#"{"message":"disk full"}"#, images::Load::new()).is_load_failed());
    assert!(!uploaded(200, docker, build::FromTar::new()).is_load_failed());
}

#[test]
fn a_version_that_does_not_have_it() {
    let bench = Bench::new(Script::new());
    let e = only_error(bench.collect(&mut bench.begin(&at(1, 39), system::PingHead::new())));
    assert!(e.is_unsupported_version() && e.kind() == ErrorKind::Version, "{e}");
    let e = refused(400, "client version 1.41 is too old. Minimum supported API version is 1.44", system::Info::new());
    assert!(e.is_unsupported_version() && !e.is_invalid_argument(), "{e}");
}

#[test]
fn an_argument_that_makes_no_sense() {
    let bench = Bench::new(Script::new());
    let ours = only_error(bench.collect(&mut bench.begin(&pinned(), containers::Inspect::new("../x"))));
    let theirs = refused(400, "invalid filter 'x'", containers::List::new());
    for e in [&ours, &theirs] {
        assert!(e.is_invalid_argument() && !e.is_unsupported_version(), "{e}");
    }
    assert!(!ours.is_client_error() && theirs.is_client_error() && !theirs.is_server_error());
    let e = refused(503, "not a manager", containers::List::new());
    assert!(e.is_server_error() && !e.is_client_error() && !e.is_invalid_argument());
}

#[test]
fn other_credentials_are_wanted() {
    for e in [
        refused(401, "nope", system::Info::new()),
        refused(500, r#"Get "https://r/v2/app/manifests/1": no basic auth credentials"#, images::Pull::new("r/app:1")),
        in_stream(r#"{"errorDetail":{"message":"unauthorized: authentication required"}}"#, images::Push::new("r/app")),
    ] {
        assert!(e.is_unauthorized(), "{e}");
    }
    assert!(!refused(500, "connection refused", images::Pull::new("r/app:1")).is_unauthorized());
}

#[test]
fn what_cannot_be_understood() {
    for script in [
        Script::new().expect(Want::any()).reply("SSH-2.0-OpenSSH\r\n").close(),
        Script::new().expect(Want::any()).json(200, r#"{"Id":"#),
        Script::new().expect(Want::any()).json(200, r#"{"Id":5}"#),
    ] {
        let bench = Bench::new(script);
        let e = only_error(bench.collect(&mut bench.begin(&pinned(), containers::Inspect::new("web"))));
        assert!(e.is_malformed(), "{:?} {e}", e.kind());
    }
    assert!(!refused(500, "{", containers::Inspect::new("web")).is_malformed(), "a refusal is a refusal");
}

#[test]
fn nobody_answered_in_time_or_nobody_wants_the_answer() {
    let mut options = CallOptions::default();
    let mut timeouts = Timeouts::default();
    timeouts.head = Some(secs(1));
    options.timeouts = Some(timeouts);
    let bench = Bench::new(Script::new().expect(Want::any()).stall());
    let e = only_error(bench.collect(&mut bench.begin_with(&pinned(), containers::Inspect::new("web"), options)));
    assert!(e.is_timeout() && !e.is_cancelled() && !e.is_malformed(), "{e}");

    let bench = Bench::new(Script::new().expect(Want::any()).stall());
    let mut items = bench.begin(&pinned(), containers::Inspect::new("web"));
    items.cancel();
    let e = only_error(bench.collect(&mut items));
    assert!(e.is_cancelled() && !e.is_timeout(), "{e}");
}
