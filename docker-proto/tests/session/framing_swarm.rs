//! Output of services and tasks: who is asked how it is framed, and what decides.

use crate::common::{FRAME, at, frames, only_error, output, pinned, raw};
use docker_proto::ErrorKind::{Engine, Usage};
use docker_proto::Phase;
use docker_proto::api::{services, tasks};
use docker_proto::model::{ContainerSpec, Service, ServiceSpec, Task, TaskSpec};
use docker_proto::session::VersionChoice;
use docker_proto::testkit::{Bench, Script};
use docker_proto::wire::StreamKind::{Stderr, Stdout};

const MULTIPLEXED: &str = "Content-Type: application/vnd.docker.multiplexed-stream\r\n";
const RAW: &str = "Content-Type: application/vnd.docker.raw-stream\r\n";

fn of_service() -> services::Logs {
    services::Logs::new("web").stdout(true)
}

fn of_task() -> tasks::Logs {
    tasks::Logs::new("t1").stdout(true)
}

/// The documents as the models write them, so that both agree where the flag is.
fn service(spec: ContainerSpec) -> String {
    let template = TaskSpec::new().container_spec(spec);
    serde_json::to_string(&Service::new().id("web").spec(ServiceSpec::new().task_template(template))).unwrap()
}

fn task(spec: ContainerSpec) -> String {
    serde_json::to_string(&Task::new().id("t1").spec(TaskSpec::new().container_spec(spec))).unwrap()
}

#[test]
fn before_1_42_the_service_is_asked_first() {
    // An engine leaves the flag out where it is false, and the container where a plugin runs.
    let plugin = r#"{"Spec":{"TaskTemplate":{"PluginSpec":{"name":"p"},"Runtime":"plugin"}}}"#;
    for (document, want) in [
        (service(ContainerSpec::new().tty(true)), raw()),
        (service(ContainerSpec::new().tty(false)), frames()),
        (service(ContainerSpec::new()), frames()),
        (plugin.into(), frames()),
        (r#"{"Spec":null}"#.into(), frames()),
    ] {
        // raw-stream is said of frames too, up to API 1.41.
        let script = Script::new().expect("GET /v1.41/services/web").json(200, &document);
        let bench = Bench::new(script.expect("GET /v1.41/services/web/logs?stdout=1").answer(200, RAW, FRAME));
        assert_eq!(output(bench.collect(&mut bench.begin(&pinned(), of_service()))), want, "{document}");
        assert_eq!(bench.dials(), 1);
        bench.finish();
    }
}

#[test]
fn before_1_42_the_task_is_asked_first() {
    for (document, want) in [
        (task(ContainerSpec::new().tty(true)), raw()),
        (task(ContainerSpec::new().tty(false)), frames()),
        (task(ContainerSpec::new()), frames()),
        // The flag of a service is elsewhere.
        (service(ContainerSpec::new().tty(true)), frames()),
    ] {
        let script = Script::new().expect("GET /v1.41/tasks/t1").json(200, &document);
        let bench = Bench::new(script.expect("GET /v1.41/tasks/t1/logs?stdout=1").answer(200, "", FRAME));
        assert_eq!(output(bench.collect(&mut bench.begin(&pinned(), of_task()))), want, "{document}");
        assert_eq!(bench.dials(), 1);
        bench.finish();
    }
}

#[test]
fn without_a_version_they_are_asked_too() {
    let client = Bench::client_with(|c| c.version = VersionChoice::Unversioned);
    let script = Script::new().expect("GET /services/web").json(200, &service(ContainerSpec::new().tty(true)));
    let bench = Bench::new(script.expect("GET /services/web/logs?stdout=1").answer(200, RAW, FRAME));
    assert_eq!(output(bench.collect(&mut bench.begin(&client, of_service()))), raw());
    bench.finish();
    let script = Script::new().expect("GET /tasks/t1").json(200, &task(ContainerSpec::new()));
    let bench = Bench::new(script.expect("GET /tasks/t1/logs?stdout=1").answer(200, RAW, FRAME));
    assert_eq!(output(bench.collect(&mut bench.begin(&client, of_task()))), frames());
    bench.finish();
}

#[test]
fn the_name_is_encoded_in_both_requests() {
    let script = Script::new().expect("GET /v1.41/services/a%2Fb%3Fc").json(200, "{}");
    let bench = Bench::new(script.expect("GET /v1.41/services/a%2Fb%3Fc/logs?stderr=1").answer(200, RAW, FRAME));
    let items = bench.collect(&mut bench.begin(&pinned(), services::Logs::new("a/b?c").stderr(true)));
    assert_eq!(output(items), frames());
    bench.finish();
}

#[test]
fn the_caller_who_knows_saves_the_question() {
    for (flag, want) in [(false, frames()), (true, raw())] {
        let bench = Bench::new(Script::new().expect("GET /v1.41/services/web/logs?stdout=1").answer(200, RAW, FRAME));
        assert_eq!(output(bench.collect(&mut bench.begin(&pinned(), of_service().tty(flag)))), want);
        bench.finish();
        let bench = Bench::new(Script::new().expect("GET /v1.41/tasks/t1/logs?stdout=1").answer(200, RAW, FRAME));
        assert_eq!(output(bench.collect(&mut bench.begin(&pinned(), of_task().tty(flag)))), want);
        bench.finish();
    }
}

/// From 1.42 on nobody is asked. One task with a terminal makes the output of its whole service raw, and that is what
/// the engine says then.
#[test]
fn from_1_42_the_engine_says_it() {
    for (fields, want) in [(MULTIPLEXED, Some(frames())), (RAW, Some(raw())), ("", None)] {
        let script = |path: &str| Script::new().expect(path.to_string()).answer(200, fields, FRAME);
        let bench = Bench::new(script("GET /v1.42/services/web/logs?stdout=1"));
        let of_service = bench.collect(&mut bench.begin(&at(1, 42), of_service()));
        bench.finish();
        let bench = Bench::new(script("GET /v1.42/tasks/t1/logs?stdout=1"));
        let of_task = bench.collect(&mut bench.begin(&at(1, 42), of_task()));
        bench.finish();
        match want {
            Some(want) => assert_eq!((output(of_service), output(of_task)), (want.clone(), want)),
            None => {
                for e in [only_error(of_service), only_error(of_task)] {
                    assert!(e.kind() == Usage && e.message().contains("tty(true)"), "{e}");
                }
            }
        }
    }
}

#[test]
fn both_streams_come_apart() {
    let both = format!("{FRAME}\x02\0\0\0\0\0\0\x03bad");
    let script = Script::new().expect("GET /v1.41/services/web").json(200, &service(ContainerSpec::new()));
    let bench = Bench::new(script.expect("GET /v1.41/services/web/logs?stdout=1&stderr=1").answer(200, "", both));
    let items = bench.collect(&mut bench.begin(&pinned(), of_service().stderr(true)));
    assert_eq!(output(items), [(Stdout, "hi".into()), (Stderr, "bad".into())]);
    bench.finish();
}

#[test]
fn a_question_that_is_refused_names_the_way_around_it() {
    for (status, body, part) in [
        (404, r#"{"message":"service web not found"}"#, "service web not found"),
        (503, r#"{"message":"This node is not a swarm manager."}"#, "not a swarm manager"),
    ] {
        let bench = Bench::new(Script::new().expect("GET /v1.41/services/web").json(status, body));
        let e = only_error(bench.collect(&mut bench.begin(&pinned(), of_service())));
        assert_eq!((e.kind(), e.status(), e.phase()), (Engine, Some(status), Some(Phase::Inspect)));
        assert!(e.message().contains(part) && e.message().contains("tty(..)"), "{e}");
        assert_eq!((e.operation(), e.target()), (Some("ServiceLogs"), Some("web")));
        bench.finish();
    }
    let refusal = r#"{"message":"task t1 not found"}"#;
    let bench = Bench::new(Script::new().expect("GET /v1.41/tasks/t1").json(404, refusal));
    let e = only_error(bench.collect(&mut bench.begin(&pinned(), of_task())));
    assert_eq!((e.kind(), e.status(), e.phase()), (Engine, Some(404), Some(Phase::Inspect)));
    assert_eq!((e.operation(), e.target()), (Some("TaskLogs"), Some("t1")));
    bench.finish();
}
