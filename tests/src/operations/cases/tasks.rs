//! Tasks of services. What they write is in `services`.

use super::services::{container, in_state, spec};
use super::swarm::Member;
use crate::cover::Cover;
use crate::engine::{Failure, STAYS, unique};
use docker_blocking::api::{containers, services, tasks};
use docker_blocking::model::{ReplicatedJob, ServiceMode, TaskState};

/// Whether a task in this state does not go on.
pub fn ended(state: &TaskState) -> bool {
    use TaskState::{Complete, Failed, Orphaned, Rejected, Remove, Shutdown};
    [Complete, Failed, Orphaned, Rejected, Remove, Shutdown].contains(state)
}

pub fn listed_and_inspected(cover: &Cover) -> Result<(), Failure> {
    let docker = &cover.docker;
    let _member = Member::alone(cover)?;
    let name = unique("service");
    let service = docker.call(services::Create::new(spec(&name, container(STAYS))))?.id;
    in_state(docker, &name, TaskState::Running, 1)?;
    let list = cover.call(tasks::List::new().filters([("service", &*name), ("desired-state", "running")]))?;
    let [task] = &list[..] else { return Err(format!("not one task: {list:?}").into()) };
    assert_eq!((task.service_id.as_ref(), task.slot), (service.as_ref(), Some(1)));
    assert!(cover.call(tasks::List::new().filters([("service", &*name), ("desired-state", "shutdown")]))?.is_empty());

    let seen = cover.call(tasks::Inspect::new(task.id.as_deref().ok_or("no id")?))?;
    assert_eq!((&seen.id, &seen.node_id, &seen.desired_state), (&task.id, &task.node_id, &Some(TaskState::Running)));
    let network = seen.networks_attachments.first().and_then(|a| a.network.as_ref()).ok_or("no network")?;
    assert_eq!(network.spec.as_ref().and_then(|s| s.name.as_deref()), Some("host"));
    let status = seen.status.and_then(|s| s.container_status).ok_or("no container")?;
    let container = docker.call(containers::Inspect::new(status.container_id.ok_or("no id")?))?;
    assert_eq!(container.state.and_then(|s| s.pid), status.pid);
    cover.refused(tasks::Inspect::new("nosuch"), 404, "nosuch")
}

pub fn of_a_job(cover: &Cover) -> Result<(), Failure> {
    let docker = &cover.docker;
    let _member = Member::alone(cover)?;
    let name = unique("job");
    let job = ReplicatedJob::new().max_concurrent(1).total_completions(2);
    let body = spec(&name, container("exit 0")).mode(ServiceMode::new().replicated_job(job));
    cover.call(services::Create::new(body))?;
    let done = in_state(docker, &name, TaskState::Complete, 2)?;
    for task in &done {
        assert!(task.job_iteration.is_some() && task.status.as_ref().is_some_and(|s| s.err.is_none()), "{task:?}");
    }
    assert!(cover.call(services::Inspect::new(&*name))?.job_status.is_some());
    let list = cover.call(services::List::new().filters([("name", &*name)]).status(true))?;
    let status = list.into_iter().next().and_then(|s| s.service_status).ok_or("no status")?;
    assert_eq!(status.completed_tasks, Some(2));
    Ok(())
}
