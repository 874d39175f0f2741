//! Services of a swarm that are changed.

use super::run as job;
use docker_proto::ErrorKind;
use docker_proto::jobs::{UpdateService, force_update_service, rollback_service, scale_service, update_service};
use docker_proto::testkit::{Script, Want};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A service with settings of an engine to come.
fn service(index: u64, replicas: u32, status: &str) -> String {
    format!(
        r#"{{"ID":"s1","Version":{{"Index":{index}}},"Spec":{{"Name":"web","Novelty":{{"A":1}},"Labels":{{}},
        "TaskTemplate":{{"ContainerSpec":{{"Image":"a:1","Mood":"calm","Env":["A=b"]}},"ForceUpdate":0}},
        "Mode":{{"Replicated":{{"Replicas":{replicas}}}}}}}{status}}}"#
    )
    .replace("\n        ", "")
}

fn state(state: &str) -> String {
    format!(r#","UpdateStatus":{{"State":"{state}","Message":"task t1 is {state}"}}"#)
}

fn tasks(states: &[&str]) -> String {
    let task = |state: &&str| {
        let error = if *state == "failed" { r#","Err":"no such image""# } else { "" };
        format!(r#"{{"ID":"t","DesiredState":"running","Status":{{"State":"{state}"{error}}}}}"#)
    };
    format!("[{}]", states.iter().map(task).collect::<Vec<_>>().join(","))
}

fn inspects(script: Script, service: &str) -> Script {
    script.expect("GET /v1.41/services/web").json(200, service)
}

fn updates(script: Script, index: u64, body: &str) -> Script {
    let want = Want::from(&*format!("POST /v1.41/services/web/update?version={index}")).body_contains(body);
    script.expect(want).json(200, r#"{"Warnings":["no digest"]}"#)
}

/// One look: the service, and its tasks that are of its present settings.
fn looks(script: Script, service: &str, states: &[&str]) -> Script {
    let filters = "%7B%22_up-to-date%22%3A%7B%22true%22%3Atrue%7D%2C%22service%22%3A%7B%22web%22%3Atrue%7D%7D";
    inspects(script, service).expect(&*format!("GET /v1.41/tasks?filters={filters}")).json(200, &tasks(states))
}

fn image(image: &'static str) -> UpdateService {
    update_service("web", move |mut spec| {
        spec.task_template.as_mut().unwrap().container_spec.as_mut().unwrap().image = Some(image.into());
        spec
    })
}

#[test]
fn what_is_changed_is_all_that_changes() {
    let whole = r#"{"Labels":{},"Mode":{"Replicated":{"Replicas":2}},"Name":"web","Novelty":{"A":1},"TaskTemplate":{"ContainerSpec":{"Env":["A=b"],"Image":"a:2","Mood":"calm"},"ForceUpdate":0}}"#;
    let is_whole = Want::from("POST /v1.41/services/web/update?version=7").check("all that it was", move |asked| {
        let sent: serde_json::Value = serde_json::from_slice(asked.body()).unwrap();
        sent == serde_json::from_str::<serde_json::Value>(whole).unwrap()
    });
    let script =
        inspects(Script::new(), &service(7, 2, "")).expect(is_whole).json(200, r#"{"Warnings":["no digest"]}"#);
    // It has not begun yet; it goes on; it is said to be done before all run.
    let script = looks(script, &service(8, 2, ""), &[]);
    let script = looks(script, &service(8, 2, &state("updating")), &["running"]);
    let script = looks(script, &service(8, 2, &state("updating")), &["running", "starting"]);
    let script = looks(script, &service(8, 2, &state("completed")), &["running", "starting"]);
    let script = looks(script, &service(8, 2, &state("completed")), &["running", "running"]);
    let seen = Arc::new(Mutex::new(Vec::new()));
    let kept = seen.clone();
    let (done, bench) = job(script, image("a:2").watch(move |s| kept.lock().unwrap().extend(s.message)));
    let updated = done.unwrap();
    assert_eq!((updated.changed, &*updated.warnings), (true, &["no digest".to_string()][..]));
    assert_eq!(updated.service.version.unwrap().index, Some(8));
    assert_eq!(*seen.lock().unwrap(), ["task t1 is updating", "task t1 is completed"]);
    bench.finish();
}

#[test]
fn what_somebody_else_changed_meanwhile_is_kept() {
    let late = r#"{"message":"rpc error: code = Unknown desc = update out of sequence"}"#;
    let script = inspects(Script::new(), &service(7, 1, ""));
    let script = script.expect("POST /v1.41/services/web/update?version=7").json(500, late);
    // Three now, which stay three.
    let script = updates(inspects(script, &service(9, 3, "")), 9, r#""Replicas":3"#);
    let script = looks(script, &service(10, 3, &state("completed")), &["running", "running", "running"]);
    let (done, bench) = job(script, image("a:2"));
    assert!(done.unwrap().changed);
    bench.finish();
    // Not for ever.
    let mut script = Script::new();
    for _ in 0..5 {
        script = inspects(script, &service(7, 1, "")).expect(Want::any()).json(500, late);
    }
    let (done, bench) = job(script, image("a:2"));
    assert!(done.unwrap_err().message().contains("out of sequence"));
    bench.finish();
}

#[test]
fn nothing_to_change_is_nothing_sent() {
    let script = inspects(inspects(Script::new(), &service(7, 1, "")), &service(7, 1, ""));
    let (done, bench) = job(script, image("a:1"));
    assert!(!done.unwrap().changed);
    bench.finish();
}

#[test]
fn the_number_of_tasks_changes_without_an_update() {
    let script = updates(inspects(Script::new(), &service(7, 1, "")), 7, r#""Replicas":2"#);
    // The swarm says nothing about it; they must run for a second.
    let mut script = looks(script, &service(8, 2, ""), &["running", "failed"]);
    for _ in 0..6 {
        script = looks(script, &service(8, 2, ""), &["running", "failed", "running"]);
    }
    let (done, bench) = job(script, scale_service("web", 2));
    assert!(done.unwrap().changed);
    bench.finish();
    let global = service(7, 1, "").replace(r#""Replicated":{"Replicas":1}"#, r#""Global":{}"#);
    let (done, bench) = job(inspects(Script::new(), &global), scale_service("web", 2));
    assert!(done.unwrap_err().message().contains("\"web\" has no replicas"));
    bench.finish();
}

#[test]
fn tasks_are_replaced_and_settings_put_back() {
    let script = updates(inspects(Script::new(), &service(7, 1, "")), 7, r#""ForceUpdate":1"#);
    let (done, bench) =
        job(looks(script, &service(8, 1, &state("completed")), &["running"]), force_update_service("web"));
    assert!(done.unwrap().changed);
    bench.finish();
    let script = inspects(Script::new(), &service(8, 1, ""));
    let script = script.expect("POST /v1.41/services/web/update?version=8&rollback=previous").json(200, "{}");
    let script = looks(script, &service(9, 1, &state("rollback_started")), &["running"]);
    let script = looks(script, &service(9, 1, &state("rollback_completed")), &["running"]);
    let (done, bench) = job(script, rollback_service("web"));
    assert!(done.unwrap().changed);
    bench.finish();
}

#[test]
fn an_update_that_fails_is_an_error_with_the_words_of_the_swarm() {
    for (states, how) in [
        (&["updating", "paused"][..], "was paused: task t1 is paused"),
        (&["rollback_started", "rollback_completed"], "was rolled back: task t1 is rollback_started"),
        (&["rollback_started", "rollback_paused"], "was to be rolled back, and that was paused: task t1"),
    ] {
        let mut script = updates(inspects(Script::new(), &service(7, 1, "")), 7, "a:2");
        let (last, before) = states.split_last().unwrap();
        for one in before {
            script = looks(script, &service(8, 1, &state(one)), &["failed"]);
        }
        // The error of the task that failed last.
        let tasks = r#"[{"ID":"1","Status":{"Timestamp":"2026-01-02T00:00:00Z","State":"rejected","Err":"no such image"}},
            {"ID":"2","Status":{"Timestamp":"2026-01-01T00:00:00Z","State":"failed","Err":"exit 1"}},{"ID":"3"}]"#;
        let filters = "%7B%22service%22%3A%7B%22web%22%3Atrue%7D%7D";
        let script = inspects(script, &service(8, 1, &state(last)));
        let script = script.expect(&*format!("GET /v1.41/tasks?filters={filters}")).json(200, tasks);
        let (done, bench) = job(script, image("a:2"));
        let e = done.unwrap_err();
        assert_eq!(e.kind(), ErrorKind::InStream);
        assert!(e.message().contains(how) && e.message().ends_with("; a task failed: no such image"), "{e}");
        bench.finish();
    }
}

#[test]
fn one_that_takes_too_long_is_late() {
    let mut script = updates(inspects(Script::new(), &service(7, 1, "")), 7, "a:2");
    for _ in 0..5 {
        script = looks(script, &service(8, 2, &state("updating")), &["running", "failed"]);
    }
    let (done, bench) = job(script, image("a:2").timeout(Duration::from_millis(900)));
    let e = done.unwrap_err();
    assert!(e.is_timeout(), "{e}");
    assert!(e.message().ends_with("not updated after 900ms: 1 of 2 tasks run; one failed: no such image"), "{e}");
    assert_eq!(bench.time(), Duration::from_millis(900));
    bench.finish();
}

#[test]
fn one_that_is_not_there_is_told() {
    let script = Script::new().expect("GET /v1.41/services/web").json(404, r#"{"message":"service web not found"}"#);
    assert!(job(script, scale_service("web", 1)).0.unwrap_err().is_not_found());
}
