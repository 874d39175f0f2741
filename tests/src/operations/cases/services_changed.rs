//! Services that are changed by jobs, which follow until the tasks run so.

use super::services::{container, in_state, spec};
use super::swarm::{Member, index};
use crate::cover::Cover;
use crate::engine::{Failure, STAYS, unique};
use docker_blocking::ErrorKind;
use docker_blocking::api::{services, tasks};
use docker_blocking::jobs::{force_update_service, rollback_service, scale_service, update_service};
use docker_blocking::model::{FailureAction, ServiceSpec, TaskState, UpdateConfig};
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
