//! Waiting for what takes a while.

use super::run as job;
use super::run::{DOCKER, frame};
use docker_proto::ErrorKind;
use docker_proto::jobs::{wait_until_healthy, wait_until_log, wait_until_ready};
use docker_proto::testkit::{Script, Want};
use std::time::Duration;

const MINUTE: Duration = Duration::from_secs(60);
const EXITED: &str = r#"{"State":{"Status":"exited","Running":false,"ExitCode":4}}"#;
const RUNS: &str = r#"{"State":{"Status":"running","Running":true}}"#;

fn looks(script: Script, container: &str) -> Script {
    script.expect("GET /v1.41/containers/db/json").json(200, container)
}

fn health(verdict: &str, said: &str) -> String {
    format!(
        r#"{{"State":{{"Status":"running","Running":true,"Health":{{"Status":"{verdict}","Log":[{{"Output":"{said}"}}]}}}}}}"#
    )
}

fn tail(script: Script, lines: &[&str]) -> Script {
    let log: Vec<u8> = lines.iter().flat_map(|line| frame(1, line)).collect();
    let script = script.expect("GET /v1.41/containers/db/logs?stdout=1&stderr=1&tail=10");
    script.answer(200, "Content-Type: application/octet-stream\r\n", log)
}

fn follow(script: Script, lines: &[&str]) -> Script {
    let log: Vec<u8> = lines.iter().flat_map(|line| frame(1, line)).collect();
    script.expect("GET /v1.41/containers/db/logs?follow=1&stdout=1&stderr=1").answer(200, "", log)
}

fn text(line: &str) -> String {
    String::from_utf8(frame(1, line)).unwrap()
}

#[test]
fn health_is_waited_for() {
    let script = looks(Script::new(), r#"{"State":{"Status":"created","Running":false}}"#);
    let script = looks(looks(script, &health("starting", "")), &health("unhealthy", "refused"));
    let (done, bench) = job(looks(script, &health("healthy", "")), wait_until_healthy("db", MINUTE));
    assert_eq!(done.unwrap().running, Some(true));
    assert_eq!(bench.time(), Duration::from_millis(300));
    bench.finish();
}

#[test]
fn one_without_a_check_is_refused() {
    for container in [RUNS.to_string(), health("", ""), health("none", "")] {
        let e = job(looks(Script::new(), &container), wait_until_healthy("db", MINUTE)).0.unwrap_err();
        assert_eq!((e.kind(), e.message()), (ErrorKind::Usage, r#"the container "db" has no health check"#));
    }
}

#[test]
fn one_that_ends_meanwhile_says_with_what_and_what_it_wrote() {
    let script = looks(looks(Script::new(), &health("starting", "")), EXITED);
    let (done, bench) = job(tail(script, &["a\n", "no space left\n"]), wait_until_healthy("db", MINUTE));
    let e = done.unwrap_err();
    assert_eq!((e.kind(), e.exit_code()), (ErrorKind::Exit, Some(4)));
    assert_eq!(
        e.message(),
        "the container \"db\" ended with exit code 4 before it was healthy; it wrote: a\nno space left"
    );
    bench.finish();
    // A log that cannot be read hides nothing.
    let script = looks(Script::new(), EXITED).expect(Want::any()).json(501, r#"{"message":"no"}"#);
    let e = job(script, wait_until_healthy("db", MINUTE)).0.unwrap_err();
    assert_eq!(
        (e.exit_code(), e.message()),
        (Some(4), r#"the container "db" ended with exit code 4 before it was healthy"#)
    );
}

#[test]
fn one_that_is_started_again_is_waited_for() {
    let again = r#"{"State":{"Status":"restarting","Running":true,"Restarting":true,"ExitCode":4}}"#;
    let script = looks(looks(Script::new(), again), &health("healthy", ""));
    assert!(job(script, wait_until_healthy("db", MINUTE)).0.is_ok());
}

#[test]
fn health_that_does_not_come_is_late() {
    let mut script = Script::new();
    for _ in 0..1000 {
        script = looks(script, &health("unhealthy", "connection refused"));
    }
    let (done, bench) = job(script, wait_until_healthy("db", Duration::from_secs(7)));
    let e = done.unwrap_err();
    assert_eq!((e.kind(), bench.time()), (ErrorKind::Timeout, Duration::from_secs(7)));
    assert!(
        e.message().contains("\"db\" is not healthy after 7s; last: unhealthy; it wrote: connection refused"),
        "{e}"
    );
    // An engine that does not answer, too.
    let (done, bench) =
        job(Script::new().expect(Want::any()).stall(), wait_until_healthy("db", Duration::from_secs(7)));
    assert!(done.unwrap_err().is_timeout() && bench.time() == Duration::from_secs(7));
}

#[test]
fn a_line_is_waited_for() {
    let script = follow(looks(Script::new(), r#"{"State":{"Status":"created"}}"#), &[]);
    let script = looks(script, RUNS).expect("GET /v1.41/containers/db/logs?follow=1&stdout=1&stderr=1");
    let script = script.begin_chunks(200, "").more_chunks(&[&text("one\n")]).pause(Duration::from_secs(3));
    let script = script.more_chunks(&[&text("now is re"), &text("ady\n")]).stall();
    let (done, bench) = job(script, wait_until_log("db", "is ready", MINUTE));
    assert_eq!(done.unwrap(), "now is ready");
    assert_eq!(bench.time(), Duration::from_millis(3100));
    bench.finish();
}

#[test]
fn the_log_of_one_that_has_ended_is_read_to_its_end() {
    let script = follow(looks(Script::new(), EXITED), &["one\n", "is ready\n"]);
    assert_eq!(job(script, wait_until_log("db", "ready", MINUTE)).0.unwrap(), "is ready");
    // It ended while it was followed.
    let script = follow(looks(Script::new(), RUNS), &["one\n"]);
    let script = tail(follow(looks(script, EXITED), &["one\n", "two\n"]), &["two\n"]);
    let (done, bench) = job(script, wait_until_log("db", "ready", MINUTE));
    let e = done.unwrap_err();
    assert_eq!((e.kind(), e.exit_code()), (ErrorKind::Exit, Some(4)));
    assert!(e.message().ends_with("exit code 4 before the line came; it wrote: two"), "{e}");
    bench.finish();
}

#[test]
fn a_line_that_does_not_come_is_late() {
    let script = looks(Script::new(), RUNS).expect(Want::any()).begin_chunks(200, "");
    let script = script.more_chunks(&[&text("one\n")]).stall();
    let (done, bench) = job(script, wait_until_log("db", "is ready", MINUTE));
    let e = done.unwrap_err();
    assert_eq!((e.kind(), bench.time()), (ErrorKind::Timeout, MINUTE));
    assert!(e.message().contains("did not write \"is ready\" after 60s; last: one"), "{e}");
    let (done, bench) = job(Script::new(), wait_until_log("db", "", MINUTE));
    assert_eq!((done.unwrap_err().kind(), bench.dials()), (ErrorKind::Usage, 0));
}

#[test]
fn a_log_that_cannot_be_read_is_an_error() {
    let script = looks(Script::new(), RUNS).expect(Want::any()).json(501, r#"{"message":"driver none cannot read"}"#);
    let e = job(script, wait_until_log("db", "x", MINUTE)).0.unwrap_err();
    assert_eq!((e.status(), e.operation()), (Some(501), Some("ContainerLogs")));
    let script = looks(Script::new(), RUNS);
    let since = script.expect("GET /v1.41/containers/db/logs?follow=1&stdout=1&stderr=1&since=7").answer(
        200,
        "",
        frame(1, "x\n"),
    );
    assert_eq!(job(since, wait_until_log("db", "x", MINUTE).since(7)).0.unwrap(), "x");
}

#[test]
fn an_engine_that_comes_up_is_waited_for() {
    let script = Script::new().refuse("nobody is there").refuse("nobody is there").accept().close();
    let script = script.accept().expect(Want::any()).answer(503, "", "").expect(Want::any()).answer(200, DOCKER, "OK");
    let (done, bench) = job(script, wait_until_ready(MINUTE));
    assert_eq!(done.unwrap().api_version.as_deref(), Some("1.41"));
    bench.finish();
}

#[test]
fn one_that_does_not_come_up_is_late() {
    let script = (0..100).fold(Script::new(), |script, _| script.refuse("nobody is there"));
    let (done, bench) = job(script, wait_until_ready(Duration::from_secs(3)));
    let e = done.unwrap_err();
    assert_eq!((e.kind(), bench.time()), (ErrorKind::Timeout, Duration::from_secs(3)));
    assert!(
        e.message().starts_with("the engine is not ready after 3s: ") && e.message().contains("nobody is there"),
        "{e}"
    );
    let (done, _) = job(Script::new().never(), wait_until_ready(Duration::from_secs(3)));
    assert!(done.unwrap_err().message().contains("did not answer at all"));
    // What will not pass is said at once.
    let (done, bench) = job(Script::new().expect(Want::any()).answer(403, "", "no"), wait_until_ready(MINUTE));
    assert_eq!((done.unwrap_err().status(), bench.time()), (Some(403), Duration::ZERO));
}
