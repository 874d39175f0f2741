//! Services of a swarm, and what they write.

use super::output::apart;
use super::swarm::{Member, index};
use super::tasks::ended;
use crate::cover::Cover;
use crate::engine::{Failure, IMAGE, STAYS, unique, until};
use docker_blocking::Docker;
use docker_blocking::api::{configs, secrets, services, tasks};
use docker_blocking::model::{
    ConfigSpec, ContainerSpec, Driver, NetworkAttachmentConfig, ReplicatedService, SecretReference,
    SecretReferenceFile, SecretSpec, ServiceMode, ServiceSpec, SwarmConfigReference, SwarmConfigReferenceFile, Task,
    TaskRestartCondition, TaskRestartPolicy, TaskSpec, TaskState, UpdateOrder,
};

/// What a task of the cases runs.
pub fn container(script: &str) -> ContainerSpec {
    ContainerSpec::new().image(IMAGE).command(["sh", "-c", script]).stop_grace_period(1_000_000_000)
}

/// A service of one task, on the machine's network, for there are no bridges. Engines sometimes fail to start a task with
/// secrets, for their mount is busy while something else is started; the swarm tries again.
pub fn spec(name: &str, container: ContainerSpec) -> ServiceSpec {
    let task = TaskSpec::new()
        .container_spec(container)
        .networks([NetworkAttachmentConfig::new().target("host")])
        .restart_policy(TaskRestartPolicy::new().condition(TaskRestartCondition::OnFailure).delay(0))
        .log_driver(Driver::new().name("json-file"));
    let mode = ServiceMode::new().replicated(ReplicatedService::new().replicas(1));
    ServiceSpec::new().name(name).labels([("l", "1")]).task_template(task).mode(mode)
}

/// Waits until so many tasks of a service are in this state; those.
pub fn in_state(docker: &Docker, service: &str, state: TaskState, count: usize) -> Result<Vec<Task>, Failure> {
    until(&format!("{count} tasks that are {state}"), || {
        let list = docker.call(tasks::List::new().filters([("service", service)]))?;
        let of = |task: &Task| task.status.as_ref().and_then(|s| s.state.clone());
        let bad: Vec<_> = list.iter().filter(|t| of(t).is_some_and(|s| s != state && ended(&s))).collect();
        if bad.len() > 3 {
            return Err(format!("tasks ended: {bad:?}").into());
        }
        let there: Vec<_> = list.into_iter().filter(|t| of(t).as_ref() == Some(&state)).collect();
        Ok((there.len() == count).then_some(there))
    })
}

pub fn made_changed_removed(cover: &Cover) -> Result<(), Failure> {
    let docker = &cover.docker;
    let _member = Member::alone(cover)?;
    let name = unique("service");
    let body = spec(&name, container(STAYS));
    let id = cover.call(services::Create::new(body.clone()))?.id.ok_or("no id")?;
    cover.refused(services::Create::new(body), 409, "name conflicts")?;
    cover.refused(services::Create::new(spec("bad name", container(STAYS))), 400, "valid as a DNS name")?;
    in_state(docker, &name, TaskState::Running, 1)?;

    let service = cover.call(services::Inspect::new(&*name))?;
    let (version, spec) = (index(&service.version)?, service.spec.ok_or("no spec")?);
    assert!(spec.update_config.is_none());
    let filled = cover.call(services::Inspect::new(&*id).insert_defaults(true))?.spec.ok_or("no spec")?;
    assert_eq!(filled.update_config.and_then(|c| c.order), Some(UpdateOrder::StopFirst));
    let list = services::List::new().filters([("name", &*name), ("mode", "replicated")]).status(true);
    let list = cover.call(list)?;
    assert_eq!(list.iter().map(|s| s.id.as_deref()).collect::<Vec<_>>(), [Some(&*id)]);
    let status = list.into_iter().next().and_then(|s| s.service_status).ok_or("no status")?;
    assert_eq!((status.running_tasks, status.desired_tasks), (Some(1), Some(1)));

    let two = ServiceMode::new().replicated(ReplicatedService::new().replicas(2));
    let changed = spec.clone().labels([("l", "2")]).mode(two);
    assert!(cover.call(services::Update::new(&*id, version, changed.clone()))?.warnings.is_empty());
    in_state(docker, &name, TaskState::Running, 2)?;
    cover.refused(services::Update::new(&*id, version, changed.clone()), 500, "out of sequence")?;
    let service = cover.call(services::Inspect::new(&*id))?;
    assert_eq!((service.spec.as_ref(), service.previous_spec), (Some(&changed), Some(spec.clone())));
    cover.call(services::Update::new(&*id, index(&service.version)?, changed).rollback("previous"))?;
    assert_eq!(cover.call(services::Inspect::new(&*id))?.spec, Some(spec));

    cover.call(services::Remove::new(&*id))?;
    cover.refused(services::Inspect::new(&*id), 404, &id)?;
    cover.refused(services::Remove::new(&*id), 404, &id)
}

/// A service that writes its secret and its config, and then to both outputs.
fn writes(cover: &Cover) -> Result<ServiceSpec, Failure> {
    let docker = &cover.docker;
    let [secret, config, name] = [unique("secret"), unique("config"), unique("service")];
    let secret_id = docker.call(secrets::Create::new(SecretSpec::new().name(&*secret).data("sesame ")))?.id;
    let config_id = docker.call(configs::Create::new(ConfigSpec::new().name(&*config).data("port=1 ")))?.id;
    let file = SecretReferenceFile::new().name("sec").uid("0").gid("0").mode(0o444);
    let secret = SecretReference::new().secret_id(secret_id.ok_or("no id")?).secret_name(secret).file(file);
    let file = SwarmConfigReferenceFile::new().name("/conf").uid("0").gid("0").mode(0o444);
    let config = SwarmConfigReference::new().config_id(config_id.ok_or("no id")?).config_name(config).file(file);
    let script = format!("cat /run/secrets/sec /conf; echo out; echo err >&2; {STAYS}");
    Ok(spec(&name, container(&script).secrets([secret]).configs([config])))
}

/// The engine says whether output is framed, or is asked first, which is not the case's concern.
pub fn output(cover: &Cover) -> Result<(), Failure> {
    let _member = Member::alone(cover)?;
    let id = cover.docker.call(services::Create::new(writes(cover)?))?.id.ok_or("no id")?;
    // Logs of a service without a task that runs end at once, followed or not.
    let [task] = &in_state(&cover.docker, &id, TaskState::Running, 1)?[..] else { return Err("not one task".into()) };
    let task = task.id.as_deref().ok_or("no id")?;
    let mut pieces = Vec::new();
    for piece in cover.begin(services::Logs::new(&*id).stdout(true).stderr(true).follow(true))? {
        pieces.push(piece?);
        let (out, err) = apart(&pieces);
        if out.ends_with("out\n") && err.ends_with("err\n") {
            break;
        }
    }
    let written = ("sesame port=1 out\n".to_owned(), "err\n".to_owned());
    assert_eq!(apart(&pieces), written);
    assert_eq!(apart(&cover.all(services::Logs::new(&*id).stdout(true).stderr(true))?), written);
    let detailed = services::Logs::new(&*id).stderr(true).details(true).timestamps(true);
    let (out, err) = apart(&cover.all(detailed)?);
    let named = format!("com.docker.swarm.service.id={id},");
    assert!(out.is_empty() && err.starts_with("20") && err.contains(&named), "{out:?} {err:?}");

    assert_eq!(apart(&cover.all(tasks::Logs::new(task).stdout(true).stderr(true))?), written);
    assert_eq!(apart(&cover.all(tasks::Logs::new(task).stdout(true))?), (written.0, String::new()));
    cover.refused(tasks::Logs::new("nosuch").stdout(true), 404, "nosuch")?;
    cover.refused(services::Logs::new("nosuch").stdout(true), 404, "nosuch")
}

pub fn output_of_a_terminal(cover: &Cover) -> Result<(), Failure> {
    let _member = Member::alone(cover)?;
    let body = spec(&unique("service"), container("echo out; echo err >&2").tty(true));
    let id = cover.docker.call(services::Create::new(body))?.id.ok_or("no id")?;
    let [task] = &in_state(&cover.docker, &id, TaskState::Complete, 1)?[..] else { return Err("not one task".into()) };
    let written = ("out\r\nerr\r\n".to_owned(), String::new());
    let logs = services::Logs::new(&*id).stdout(true).stderr(true);
    assert_eq!(apart(&cover.all(logs)?), written);
    let task = task.id.as_deref().ok_or("no id")?;
    assert_eq!(apart(&cover.all(tasks::Logs::new(task).stdout(true).stderr(true))?), written);
    Ok(())
}
