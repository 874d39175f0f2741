//! How a process ended, and the size of its terminal.

use super::run;
use docker_proto::ErrorKind::{Connect, Decode, Engine};
use docker_proto::api::{containers, exec};
use docker_proto::jobs::{Outcome, Resized, container_outcome, exec_outcome, resize};
use docker_proto::testkit::{Bench, Script};
use docker_proto::{Error, Result};
use std::time::Duration;

const EXEC: &str = "GET /v1.41/exec/x/json";
const CONTAINER: &str = "GET /v1.41/containers/web/json";

fn answers(question: &str, answers: &[&str]) -> Script {
    answers.iter().fold(Script::new(), |script, answer| script.expect(question).json(200, answer))
}

fn of_exec(states: &[&str]) -> (Result<Outcome>, Bench) {
    run(answers(EXEC, states), exec_outcome("x"))
}

fn of_container(states: &[&str]) -> (Result<Outcome>, Bench) {
    let states: Vec<_> = states.iter().map(|state| format!(r#"{{"State":{state}}}"#)).collect();
    run(answers(CONTAINER, &states.iter().map(|s| &**s).collect::<Vec<_>>()), container_outcome("web"))
}

const RUNS: &str = r#"{"Running":true,"ExitCode":null,"Pid":7}"#;

#[test]
fn what_became_of_an_exec() {
    for (state, code) in [
        (r#"{"Running":false,"ExitCode":0,"Pid":7,"CanRemove":false}"#, 0),
        (r#"{"Running":false,"ExitCode":127,"Pid":0,"CanRemove":false}"#, 127),
        // Podman.
        (r#"{"Running":false,"ExitCode":0,"Pid":0,"CanRemove":true}"#, 0),
        (r#"{"Running":false,"ExitCode":3,"Pid":0,"CanRemove":true}"#, 3),
    ] {
        let (outcome, bench) = of_exec(&[state]);
        assert_eq!(outcome.expect("an outcome"), Outcome::Exited(code), "{state}");
        bench.finish();
    }
    // The engine knows it a moment later than the end of the output.
    let (outcome, bench) = of_exec(&[RUNS, RUNS, r#"{"Running":false,"ExitCode":5}"#]);
    assert_eq!(outcome.expect("an outcome").code(), Some(5));
    assert_eq!(bench.time(), Duration::from_millis(15));
    for nothing in ["{}", r#"{"Running":false,"ExitCode":-1,"Pid":0,"CanRemove":true}"#] {
        assert_eq!(of_exec(&[nothing]).0.unwrap_err().kind(), Decode);
    }
}

#[test]
fn what_goes_on_is_told_of_after_some_patience() {
    for (state, wanted) in [
        (RUNS, Outcome::Running),
        (r#"{"Running":true,"ExitCode":0,"Pid":7}"#, Outcome::Running),
        (r#"{"Running":false,"ExitCode":null,"Pid":0}"#, Outcome::NotStarted),
        (r#"{"Running":false,"ExitCode":0,"Pid":0,"CanRemove":false}"#, Outcome::NotStarted),
    ] {
        let (outcome, bench) = of_exec(&[state; 20]);
        assert_eq!(outcome.expect("an outcome"), wanted, "{state}");
        assert_eq!(bench.time(), Duration::from_secs(2), "bounded");
        let (outcome, bench) = run(answers(EXEC, &[state]), exec_outcome("x").patience(Duration::ZERO));
        assert_eq!((outcome.expect("an outcome"), bench.time()), (wanted, Duration::ZERO), "asked once");
        bench.finish();
    }
}

#[test]
fn what_became_of_a_container() {
    for (state, wanted) in [
        (r#"{"Status":"exited","Running":false,"ExitCode":137}"#, Outcome::Exited(137)),
        (r#"{"Status":"dead","Running":false,"ExitCode":1}"#, Outcome::Exited(1)),
        (r#"{"Status":"stopped","Running":false,"ExitCode":0}"#, Outcome::Exited(0)),
    ] {
        assert_eq!(of_container(&[state]).0.expect("an outcome"), wanted, "{state}");
    }
    let running = r#"{"Status":"running","Running":true,"ExitCode":0}"#;
    let (outcome, bench) = of_container(&[running, r#"{"Status":"exited","Running":false,"ExitCode":4}"#]);
    assert_eq!((outcome.expect("an outcome"), bench.time()), (Outcome::Exited(4), Duration::from_millis(5)));
    for (state, wanted) in [
        (running, Outcome::Running),
        (r#"{"Status":"restarting","Running":true,"Restarting":true,"ExitCode":1}"#, Outcome::Running),
        (r#"{"Status":"created","Running":false,"ExitCode":0}"#, Outcome::NotStarted),
        (r#"{"Status":"configured","Running":false,"ExitCode":0}"#, Outcome::NotStarted),
    ] {
        let (outcome, bench) = of_container(&[state; 20]);
        assert_eq!((outcome.expect("an outcome"), bench.time()), (wanted, Duration::from_secs(2)), "{state}");
    }
    assert_eq!(of_container(&["null"]).0.unwrap_err().kind(), Decode);
}

#[test]
fn an_engine_that_is_gone_is_an_error() {
    let gone = Script::new().refuse("nobody listens");
    assert_eq!(run(gone, exec_outcome("x")).0.unwrap_err().kind(), Connect);
    let killed = Script::new().expect(EXEC).json(200, RUNS).close().refuse("nobody listens");
    assert_eq!(run(killed, exec_outcome("x")).0.unwrap_err().kind(), Connect);
    let unknown = Script::new().expect(CONTAINER).json(404, r#"{"message":"No such container: web"}"#);
    assert!(run(unknown, container_outcome("web")).0.is_err_and(|e| e.is_not_found()));
}

const RESIZE: &str = "POST /v1.41/exec/x/resize?h=24&w=80";
const RESIZE_CONTAINER: &str = "POST /v1.41/containers/web/resize?h=24&w=80";

fn resized(script: Script) -> (Result<Resized>, Bench) {
    run(script, resize(exec::Resize::new("x", 24u32, 80u32)))
}

#[test]
fn a_terminal_that_is_there_gets_its_size_at_once() {
    for status in [200, 201] {
        let (done, bench) = resized(Script::new().expect(RESIZE).json(status, ""));
        assert_eq!((done.expect("done"), bench.time()), (Resized::Done, Duration::ZERO));
        bench.finish();
    }
}

#[test]
fn one_that_is_just_being_started_is_waited_for() {
    let refused = |script: Script| script.expect(RESIZE).json(500, r#"{"message":"it is not running"}"#);
    let created = r#"{"Running":false,"ExitCode":0,"Pid":0,"CanRemove":false}"#;
    let script = refused(Script::new()).expect(EXEC).json(200, created);
    let script = refused(script).expect(EXEC).json(200, RUNS).expect(RESIZE).json(201, "");
    let (done, bench) = resized(script);
    assert_eq!((done.expect("done"), bench.time()), (Resized::Done, Duration::from_millis(15)));
    bench.finish();
    // A container is refused otherwise, and has a state of its own.
    let script = Script::new().expect(RESIZE_CONTAINER).json(409, r#"{"message":"is not running"}"#);
    let script = script.expect(CONTAINER).json(200, r#"{"State":{"Status":"created","Running":false,"ExitCode":0}}"#);
    let script = script.expect(RESIZE_CONTAINER).json(200, "");
    let (done, bench) = run(script, resize(containers::Resize::new("web", 24u32, 80u32)));
    assert_eq!(done.expect("done"), Resized::Done);
    bench.finish();
}

#[test]
fn one_that_has_ended_is_told_apart() {
    let script = Script::new().expect(RESIZE).json(404, r#"{"message":"no such exec"}"#);
    let (done, bench) = resized(script.expect(EXEC).json(200, r#"{"Running":false,"ExitCode":3,"Pid":9}"#));
    assert_eq!(done.expect("ended"), Resized::Ended(3));
    bench.finish();
    let script = Script::new().expect(RESIZE_CONTAINER).json(409, r#"{"message":"is not running"}"#);
    let script = script.expect(CONTAINER).json(200, r#"{"State":{"Status":"exited","Running":false,"ExitCode":7}}"#);
    let (done, _) = run(script, resize(containers::Resize::new("web", 24u32, 80u32)));
    assert_eq!(done.expect("ended"), Resized::Ended(7));
}

#[test]
fn patience_has_an_end_and_other_refusals_are_final() {
    let created = r#"{"Running":false,"ExitCode":null,"Pid":0}"#;
    let script = (0..20).fold(Script::new(), |script, _| {
        script.expect(RESIZE).json(500, r#"{"message":"timeout waiting"}"#).expect(EXEC).json(200, created)
    });
    let (done, bench) = resized(script);
    let e: Error = done.unwrap_err();
    assert_eq!((e.kind(), e.status(), e.message()), (Engine, Some(500), "timeout waiting"));
    assert_eq!(bench.time(), Duration::from_secs(2));
    let (done, bench) = resized(Script::new().expect(RESIZE).json(400, r#"{"message":"bad size"}"#));
    assert_eq!(done.unwrap_err().message(), "bad size");
    bench.finish();
    let script = Script::new().expect(RESIZE).json(404, r#"{"message":"no such exec"}"#).expect(EXEC);
    let (done, _) = resized(script.json(404, r#"{"message":"No such exec instance: x"}"#));
    assert!(done.is_err_and(|e| e.is_not_found() && e.operation() == Some("ExecInspect")));
}
