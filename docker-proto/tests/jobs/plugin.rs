//! Plugins that are installed.

use super::model::called_off_everywhere;
use super::model::engine::World;
use super::run as job;
use super::run::DOCKER;
use docker_proto::ErrorKind;
use docker_proto::jobs::{InstallPlugin, install_plugin};
use docker_proto::testkit::{Script, Want};
use std::cell::Cell;
use std::sync::{Arc, Mutex};

const WANTS: &str = r#"[{"Name":"network","Description":"","Value":["host"]},{"Name":"mount","Value":["/tmp"]}]"#;
const GONE: &str = r#"{"message":"plugin \"ssh\" not found"}"#;
const HERE: &str = r#"{"Id":"p1","Name":"ssh:latest","Enabled":true}"#;

fn ssh() -> InstallPlugin {
    install_plugin("r:5000/team/ssh:1").name("ssh")
}

fn asks(wants: &str) -> Script {
    Script::new().expect("GET /v1.41/plugins/privileges?remote=r%3A5000%2Fteam%2Fssh%3A1").json(200, wants)
}

fn pulls(script: Script) -> Script {
    script
        .expect("GET /v1.41/plugins/ssh/json")
        .json(404, GONE)
        .expect(Want::from("POST /v1.41/plugins/pull?remote=r%3A5000%2Fteam%2Fssh%3A1&name=ssh").body(WANTS_SENT))
}

const WANTS_SENT: &str = r#"[{"Name":"network","Description":"","Value":["host"]},{"Name":"mount","Value":["/tmp"]}]"#;

fn pulled(script: Script) -> Script {
    pulls(script).chunks(200, DOCKER, &["{\"status\":\"Downloading\"}\r\n", "{\"status\":\"Done\"}\r\n"])
}

fn removes(script: Script) -> Script {
    script.expect("DELETE /v1.41/plugins/ssh?force=1").answer(200, DOCKER, "")
}

#[test]
fn what_it_wants_is_shown_and_sent_back() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let [wants, progress] = [seen.clone(), seen.clone()];
    let work = ssh()
        .accept(move |all| {
            wants.lock().unwrap().extend(all.iter().filter_map(|one| one.name.clone()));
            true
        })
        .watch(move |item| progress.lock().unwrap().extend(item.status))
        .setting("DEBUG=1")
        .setting("args=a b");
    let script = pulled(asks(WANTS));
    let script = script.expect(Want::from("POST /v1.41/plugins/ssh/set").body(r#"["DEBUG=1","args=a b"]"#));
    let script = script.answer(204, "", "").expect("POST /v1.41/plugins/ssh/enable?timeout=30").answer(200, DOCKER, "");
    let (done, bench) = job(script.expect("GET /v1.41/plugins/ssh/json").json(200, HERE), work);
    assert_eq!(done.unwrap().enabled, Some(true));
    assert_eq!(*seen.lock().unwrap(), ["network", "mount", "Downloading", "Done"]);
    bench.finish();
    // Only there, and under its name in the registry.
    let script = Script::new().expect("GET /v1.41/plugins/privileges?remote=ssh").json(200, "[]");
    let script = script.expect("GET /v1.41/plugins/ssh/json").json(404, GONE);
    let script = script.expect(Want::from("POST /v1.41/plugins/pull?remote=ssh").body("[]"));
    let script = script.chunks(200, DOCKER, &[]).expect("GET /v1.41/plugins/ssh/json").json(200, HERE);
    let (done, bench) = job(script, install_plugin("ssh").enable(false));
    done.unwrap();
    bench.finish();
}

#[test]
fn what_is_not_accepted_is_not_pulled() {
    let (done, bench) = job(asks(WANTS), ssh());
    let e = done.unwrap_err();
    assert_eq!(e.kind(), ErrorKind::Usage);
    assert!(e.message().contains("r:5000/team/ssh:1 wants network, mount: accept must decide"), "{e}");
    bench.finish();
    let (done, bench) = job(asks(WANTS), ssh().accept(|_| false));
    let e = done.unwrap_err();
    assert!(e.is_cancelled() && e.message().ends_with("wants network, mount, which was not accepted"), "{e}");
    bench.finish();
}

#[test]
fn what_fails_leaves_nothing() {
    let work = || ssh().accept(|_| true).setting("DEBUG=1");
    // Refused, or given up by the engine: there is nothing to remove.
    let (done, bench) = job(pulls(asks(WANTS)).json(409, r#"{"message":"plugin ssh already exists"}"#), work());
    assert!(done.unwrap_err().is_conflict());
    bench.finish();
    let error = r#"{"errorDetail":{"message":"incorrect privileges"},"error":"incorrect privileges"}"#;
    let (done, bench) = job(pulls(asks(WANTS)).chunks(200, DOCKER, &[error]), work());
    assert_eq!(done.unwrap_err().message(), "incorrect privileges");
    bench.finish();
    // Neither settings that it does not have nor one that does not start.
    let no = r#"{"message":"setting not found"}"#;
    let script = pulled(asks(WANTS)).expect("POST /v1.41/plugins/ssh/set").json(500, no);
    let (done, bench) = job(removes(script), work());
    assert_eq!(done.unwrap_err().message(), "setting not found");
    bench.finish();
    let script = pulled(asks(WANTS)).expect("POST /v1.41/plugins/ssh/set").answer(204, "", "");
    let script = script.expect("POST /v1.41/plugins/ssh/enable?timeout=5").json(500, r#"{"message":"exec failed"}"#);
    let (done, bench) = job(removes(script), work().answers_within(5));
    assert_eq!(done.unwrap_err().message(), "exec failed");
    bench.finish();
    // A connection that breaks: the engine may have it all the same.
    let script = pulls(asks(WANTS)).begin_chunks(200, DOCKER).more_chunks(&["{}"]).close();
    let deletes = script.accept().expect("DELETE /v1.41/plugins/ssh?force=1").json(404, GONE);
    let (done, bench) = job(removes(deletes), work());
    assert_eq!(done.unwrap_err().kind(), ErrorKind::Truncated);
    bench.finish();
}

#[test]
fn called_off_it_leaves_nothing() {
    for late in [false, true] {
        let world = || World { late, ..World::default() };
        let steps = called_off_everywhere(
            world,
            || ssh().accept(|_| true).setting("DEBUG=1"),
            |n, world, done| match done {
                Ok(plugin) => assert_eq!((plugin.enabled, world.plugins["ssh"]), (Some(true), true)),
                Err(e) => assert!(e.is_cancelled() && world.plugins.is_empty(), "step {n}: {e} {:?}", world.plugins),
            },
        );
        assert!(steps > 15, "{steps} steps");
    }
}

#[test]
fn one_that_was_there_is_left_alone() {
    let refused = Cell::new(0);
    called_off_everywhere(
        || World { plugins: [("ssh".into(), false)].into(), ..World::default() },
        || ssh().accept(|_| true),
        |_, world, done| {
            refused.set(refused.get() + usize::from(done.unwrap_err().is_conflict()));
            assert_eq!(world.plugins.len(), 1);
        },
    );
    assert!(refused.get() >= 1);
}
