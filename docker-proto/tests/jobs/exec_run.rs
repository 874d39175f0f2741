//! Running a command in a container.

use super::run as job;
use super::run::{DOCKER, frame};
use docker_proto::ErrorKind;
use docker_proto::jobs::exec_run;
use docker_proto::testkit::{Script, Want};
use std::time::Duration;

const UPGRADED: &str = "HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.raw-stream\r\n\r\n";

/// A command that writes this, and how the second connection ends; the first is asked for the code.
fn begins(body: &str) -> Script {
    let create = Want::from("POST /v1.41/containers/web/exec").body(body);
    Script::new().expect(create).answer(201, DOCKER, r#"{"Id":"e1"}"#)
}

fn starts(script: Script, output: &[u8]) -> Script {
    let start = Want::from("POST /v1.41/exec/e1/start").body_contains(r#""Detach":false"#);
    script.accept().expect(start).reply(UPGRADED).reply(output)
}

const ECHO: &str = r#"{"AttachStdout":true,"AttachStderr":true,"Cmd":["echo","hi"]}"#;

#[test]
fn the_code_and_both_outputs_are_a_value() {
    let script = begins(r#"{"AttachStdout":true,"AttachStderr":true,"Cmd":["echo","hi"],"User":"0"}"#);
    // For a moment the engine does not know that it has ended.
    let script = script.expect("GET /v1.41/exec/e1/json").json(200, r#"{"Running":true,"ExitCode":null}"#);
    let script = script.expect("GET /v1.41/exec/e1/json").json(200, r#"{"Running":false,"ExitCode":3}"#);
    let script = starts(script, &[frame(1, "out"), frame(2, "err\n")].concat()).close();
    let (done, bench) = job(script, exec_run("web", ["echo", "hi"]).with(|exec| exec.user("0")));
    let ran = done.unwrap();
    assert_eq!((&*ran.id, ran.code, &*ran.output.stdout_text(), &*ran.output.stderr_text()), ("e1", 3, "out", "err\n"));
    let e = ran.success().unwrap_err();
    assert_eq!((e.exit_code(), e.message()), (Some(3), "the command ended with exit code 3; it wrote: err"));
    bench.finish();
}

#[test]
fn a_terminal_is_told_twice() {
    let script = begins(r#"{"AttachStdout":true,"AttachStderr":true,"Tty":true,"Cmd":["echo","hi"]}"#);
    let script = script.expect(Want::any()).json(200, r#"{"Running":false,"ExitCode":0}"#);
    let start = Want::from("POST /v1.41/exec/e1/start").body_contains(r#""Tty":true"#);
    let script = script.accept().expect(start).reply(UPGRADED).reply("\x01\0raw").close();
    let (done, bench) = job(script, exec_run("web", ["echo", "hi"]).with(|exec| exec.tty(true)));
    assert_eq!(done.unwrap().success().unwrap().output.stdout, b"\x01\0raw");
    bench.finish();
}

#[test]
fn an_engine_that_dies_is_no_success() {
    let script = starts(begins(ECHO).close(), &frame(1, "half")).close().refuse("nobody is there");
    let (done, bench) = job(script, exec_run("web", ["echo", "hi"]));
    let e = done.unwrap_err();
    assert_eq!((e.operation(), e.kind()), (Some("ExecInspect"), ErrorKind::Connect));
    bench.finish();
}

#[test]
fn one_that_never_ends_by_the_engine_is_not_waited_for_without_end() {
    let mut script = begins(ECHO);
    for _ in 0..2000 {
        script = script.expect("GET /v1.41/exec/e1/json").json(200, r#"{"Running":true}"#);
    }
    let (done, bench) = job(starts(script, b"").close(), exec_run("web", ["echo", "hi"]));
    let e = done.unwrap_err();
    assert!(e.is_timeout() && e.message().contains("after 10s it has not: Running"), "{e}");
    assert_eq!(bench.time(), Duration::from_secs(10));
}

#[test]
fn limits_hold() {
    let (done, _) = job(starts(begins(ECHO), &frame(1, "much")).stall(), exec_run("web", ["echo", "hi"]).at_most(3));
    assert_eq!(done.unwrap_err().kind(), ErrorKind::TooLarge);
    let work = exec_run("web", ["echo", "hi"]).timeout(Duration::from_secs(5));
    let (done, bench) = job(starts(begins(ECHO), b"").stall(), work);
    let e = done.unwrap_err();
    assert!(e.is_timeout() && e.message().contains("in web still ran after 5s"), "{e}");
    assert!(!bench.is_open(2));
}

#[test]
fn refusals_are_typed() {
    let script = Script::new().expect(Want::any()).json(409, r#"{"message":"container web is not running"}"#);
    let (done, bench) = job(script, exec_run("web", ["echo", "hi"]));
    assert!(done.unwrap_err().is_conflict());
    bench.finish();
    let (done, bench) = job(Script::new(), exec_run("web", ["cat"]).with(|exec| exec.attach_stdin(true)));
    assert_eq!((done.unwrap_err().kind(), bench.dials()), (ErrorKind::Usage, 0));
}
