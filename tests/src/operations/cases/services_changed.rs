//! Services that are changed by jobs, which follow until the tasks run so.

use super::services::{container, in_state, spec};
use super::swarm::{Member, index};
use crate::cover::Cover;
use crate::engine::{Failure, STAYS, unique};
use crate::steps::{is_off, stepped};
use docker_blocking::api::{services, tasks};
use docker_blocking::jobs::{
    Job as _, UpdateService, force_update_service, rollback_service, scale_service, update_service,
};
use docker_blocking::model::{FailureAction, RollbackConfig, ServiceSpec, TaskState, UpdateConfig};
use docker_blocking::op::Operation as _;
use docker_blocking::{Canceller, ErrorKind};
use serde_json::Value;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Tasks are watched for half a second only.
fn quick(spec: ServiceSpec, on_failure: FailureAction) -> ServiceSpec {
    spec.update_config(UpdateConfig::new().monitor(500_000_000).failure_action(on_failure))
}

fn make(cover: &Cover, on_failure: FailureAction) -> Result<String, Failure> {
    let name = unique("service");
    cover.docker.call(services::Create::new(quick(spec(&name, container(STAYS)), on_failure)))?;
    in_state(&cover.docker, &name, TaskState::Running, 1)?;
    Ok(name)
}

fn with_env(mut spec: ServiceSpec, env: &str) -> ServiceSpec {
    if let Some(container) = spec.task_template.as_mut().and_then(|task| task.container_spec.as_mut()) {
        container.env = vec![env.into()];
    }
    spec
}

fn with_command(mut spec: ServiceSpec, program: &str) -> ServiceSpec {
    if let Some(container) = spec.task_template.as_mut().and_then(|task| task.container_spec.as_mut()) {
        container.command = vec![program.into()];
    }
    spec
}

/// The ids of the tasks that run, and their variables.
fn running(cover: &Cover, name: &str) -> Result<Vec<(String, Vec<String>)>, Failure> {
    let filters = [("service", name), ("desired-state", "running")];
    let tasks = cover.docker.call(tasks::List::new().filters(filters))?;
    let env = |task: &docker_blocking::model::Task| {
        task.spec.as_ref().and_then(|s| s.container_spec.as_ref()).map(|c| c.env.clone()).unwrap_or_default()
    };
    let mut all: Vec<_> = tasks.iter().map(|task| (task.id.clone().unwrap_or_default(), env(task))).collect();
    all.sort();
    Ok(all)
}

pub fn rolled(cover: &Cover) -> Result<(), Failure> {
    let docker = &cover.docker;
    let _member = Member::alone(cover)?;
    let name = &*make(cover, FailureAction::Pause)?;
    let [(first, _)] = &running(cover, name)?[..] else { return Err("not one task".into()) };

    let seen = Arc::new(Mutex::new(Vec::new()));
    let kept = seen.clone();
    let watch = move |status: docker_blocking::model::UpdateStatus| {
        kept.lock().expect("nobody fails with it").extend(status.state);
    };
    let updated = docker.job(update_service(name, |spec| with_env(spec, "A=b")).watch(watch))?;
    assert!(updated.changed && updated.service.previous_spec.is_some(), "{updated:?}");
    let states: Vec<_> = seen.lock().expect("nobody fails with it").iter().map(|s| s.as_str().to_owned()).collect();
    assert_eq!(states.last().map(|s| &**s), Some("completed"), "{states:?}");
    let now = running(cover, name)?;
    assert_eq!((now.len(), &*now[0].1), (1, &["A=b".to_owned()][..]));
    assert_ne!(now[0].0, *first);
    assert!(!docker.job(update_service(name, |spec| with_env(spec, "A=b")))?.changed);
    assert_eq!(running(cover, name)?, now);

    // Those that run stay; then all are new.
    docker.job(scale_service(name, 3))?;
    let three = running(cover, name)?;
    assert!(three.len() == 3 && three.contains(&now[0]), "{three:?} {now:?}");
    docker.job(force_update_service(name))?;
    let other = running(cover, name)?;
    assert!(other.len() == 3 && other.iter().all(|task| !three.contains(task)), "{three:?} {other:?}");
    docker.job(scale_service(name, 1))?;
    assert_eq!(running(cover, name)?.len(), 1);
    docker.job(scale_service(name, 0))?;
    assert_eq!(running(cover, name)?.len(), 0);

    // What the last update changed is put back: one task.
    docker.job(rollback_service(name))?;
    assert_eq!(running(cover, name)?.len(), 1);
    assert!(docker.job(scale_service("nosuch", 1)).is_err_and(|e| e.is_not_found()));
    Ok(())
}

pub fn failing(cover: &Cover) -> Result<(), Failure> {
    let docker = &cover.docker;
    let _member = Member::alone(cover)?;
    for (on_failure, how) in [(FailureAction::Pause, "was paused: "), (FailureAction::Rollback, "was rolled back: ")] {
        let name = &*make(cover, on_failure)?;
        let broken = || update_service(name, |spec| with_command(spec, "/no/such/program"));
        let e = docker.job(broken()).err().ok_or("a service that cannot start was updated")?;
        assert_eq!(e.kind(), ErrorKind::InStream, "{e}");
        assert!(e.message().contains(how) && e.message().contains("a task failed: "), "{e}");
        if how.contains("rolled") {
            in_state(docker, name, TaskState::Running, 1)?;
        }
        docker.call(services::Remove::new(name))?;
    }
    // Going on in spite of failures it is late.
    let name = &*make(cover, FailureAction::Continue)?;
    let job = update_service(name, |spec| with_command(spec, "/no/such/program")).timeout(Duration::from_secs(3));
    let e = docker.job(job).err().ok_or("a service that cannot start was updated")?;
    assert!(e.is_timeout() && e.message().contains("0 of 1 tasks run"), "{e}");
    Ok(())
}

/// Somebody else changes the service between the look at it and the update.
pub fn at_the_same_time(cover: &Cover) -> Result<(), Failure> {
    let docker = &cover.docker;
    let _member = Member::alone(cover)?;
    let name = &*make(cover, FailureAction::Pause)?;
    let (other, theirs, mut times) = (docker.clone(), name.to_owned(), 0);
    let change = move |spec: ServiceSpec| {
        times += 1;
        if times < 3 {
            let now = other.call(services::Inspect::new(&*theirs)).expect("it is there");
            let version = index(&now.version).expect("it has a version");
            let spec = now.spec.expect("it has settings").labels([("theirs", times.to_string())]);
            other.call(services::Update::new(&*theirs, version, spec)).expect("the version is its own");
        }
        with_env(spec, "A=b")
    };
    let updated = docker.job(update_service(name, change))?;
    let spec = updated.service.spec.ok_or("no settings")?;
    assert_eq!(
        (spec.labels.get("theirs").map(|s| &**s), &*running(cover, name)?[0].1),
        (Some("2"), &["A=b".into()][..])
    );
    Ok(())
}

/// All the settings, as the engine has them.
fn settings(cover: &Cover, name: &str) -> Result<Value, Failure> {
    let mut service = cover.docker.call(services::Inspect::new(name).decode_as::<Value>())?;
    Ok(service["Spec"].take())
}

/// A service whose tasks are replaced at once.
fn swift(cover: &Cover) -> Result<String, Failure> {
    let name = unique("service");
    let body = spec(&name, container(STAYS).stop_signal("SIGKILL"))
        .update_config(UpdateConfig::new().monitor(1_000_000))
        .rollback_config(RollbackConfig::new().monitor(1_000_000));
    cover.docker.call(services::Create::new(body))?;
    in_state(&cover.docker, &name, TaskState::Running, 1)?;
    Ok(name)
}

/// The settings are what they were, wherever the job is called off, or it is done.
pub fn called_off(cover: &Cover) -> Result<(), Failure> {
    /// The look and the change; then a look at the service and one at its tasks, as often as it takes.
    const FIRST: usize = 5;
    const ROUND: usize = 6;
    let docker = &cover.docker;
    let _member = Member::alone(cover)?;
    let name = &*swift(cover)?;
    let jobs: [(&str, &dyn Fn() -> UpdateService); 4] = [
        ("update", &|| update_service(name, |spec| with_env(spec, "A=b"))),
        ("scale", &|| scale_service(name, 2)),
        ("force", &|| force_update_service(name)),
        ("rollback", &|| rollback_service(name)),
    ];
    // Something to go back to.
    docker.job(update_service(name, |spec| spec.labels([("now", "1")])))?;
    for (what, job) in jobs {
        let mut undone = 0;
        // All of two rounds, which are like all others, and one that sees tasks replaced.
        for n in (0..FIRST + 2 * ROUND).chain([FIRST + 5 * ROUND]) {
            let before = settings(cover, name)?;
            let (job, step) = stepped(job(), n);
            match docker.job(job) {
                Ok(updated) => assert!(updated.changed && n >= FIRST + ROUND, "{what}, step {n}: {updated:?}"),
                Err(e) => {
                    assert!(is_off(&e) && step.has_fired(), "{what}, step {n}: {e}");
                    assert_eq!(settings(cover, name)?, before, "{what}, step {n}");
                    undone += usize::from(n >= FIRST);
                }
            }
        }
        assert!(undone >= ROUND, "{what}: {undone} undone");
    }
    Ok(())
}

/// Called off as soon as the swarm says something: the change may be kept, and what somebody else did stays.
pub fn called_off_and_left(cover: &Cover) -> Result<(), Failure> {
    let docker = &cover.docker;
    let _member = Member::alone(cover)?;
    let name = &*swift(cover)?;
    let off = |job: UpdateService, first: Box<dyn Fn() + Send>| {
        let canceller = Canceller::default();
        let theirs = canceller.clone();
        let watch = move |_| {
            first();
            theirs.cancel();
        };
        docker.job(job.watch(watch).until(canceller)).err().ok_or("it was called off")
    };
    let e = off(update_service(name, |spec| with_env(spec, "A=b")).keep(true), Box::new(|| {}))?;
    let kept = settings(cover, name)?;
    assert!(is_off(&e) && kept["TaskTemplate"]["ContainerSpec"]["Env"] == serde_json::json!(["A=b"]), "{e}: {kept}");

    let (other, theirs) = (docker.clone(), name.to_owned());
    let change = move || {
        let label = |spec: ServiceSpec| spec.labels([("theirs", "1")]);
        other.job(update_service(&*theirs, label)).expect("nobody calls it off");
    };
    let e = off(update_service(name, |spec| with_env(spec, "A=c")), Box::new(change))?;
    assert!(e.is_cancelled() && e.message().contains("somebody else changed the service"), "{e}");
    let now = settings(cover, name)?;
    let env = &now["TaskTemplate"]["ContainerSpec"]["Env"];
    assert!(now["Labels"]["theirs"] == "1" && *env == serde_json::json!(["A=c"]), "{now}");
    Ok(())
}
