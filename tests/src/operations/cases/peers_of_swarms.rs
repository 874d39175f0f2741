//! What we decode, beside what docker-py reports: swarms and plugins.

use super::services::{container, in_state, spec};
use super::swarm::Member;
use super::{plugins as plugin, swarm as swarms};
use crate::cover::Cover;
use crate::engine::{Cleanup, Failure, STAYS, unique};
use crate::peer::Peer;
use docker_blocking::api::{configs, nodes, plugins, secrets, services, swarm, tasks};
use docker_blocking::model::{ConfigSpec, EncryptionConfig, SecretSpec, TaskState};
use docker_blocking::op::RegistryAuth;
use serde_json::json;

pub fn the_swarm_and_its_nodes(cover: &Cover) -> Result<(), Failure> {
    let mut py = Peer::start(&cover.engine)?;
    let _member = Member::of(&cover.docker);
    let mut body = swarms::init(&cover.engine);
    body.spec = body.spec.map(|s| s.encryption_config(EncryptionConfig::new().auto_lock_managers(true)));
    let id = cover.docker.call(swarm::Init::new(body))?;
    let (none, empty) = (json!([]), json!({}));
    cover.same(&mut py, swarm::Inspect::new(), "inspect_swarm", none.clone(), empty.clone(), &[])?;
    let key = cover.same(&mut py, swarm::UnlockKey::new(), "get_unlock_key", none.clone(), empty.clone(), &[])?;
    assert!(key.unlock_key.is_some_and(|key| !key.is_empty()));
    // What a node is, is told from time to time while it starts.
    let moving = ["Version", "UpdatedAt"];
    cover.same(&mut py, nodes::List::new(), "nodes", none, empty.clone(), &moving)?;
    cover.same(&mut py, nodes::Inspect::new(&*id), "inspect_node", json!([id]), empty, &moving)?;
    Ok(())
}

pub fn services_and_what_they_use(cover: &Cover) -> Result<(), Failure> {
    let mut py = Peer::start(&cover.engine)?;
    let docker = &cover.docker;
    let _member = Member::alone(cover)?;
    let (none, empty) = (json!([]), json!({}));
    let name = &*unique("one");
    let secret = SecretSpec::new().name(name).data("sesame").labels([("a", "b")]);
    docker.call(secrets::Create::new(secret))?;
    cover.same(&mut py, secrets::List::new(), "secrets", none.clone(), empty.clone(), &[])?;
    cover.same(&mut py, secrets::Inspect::new(name), "inspect_secret", json!([name]), empty.clone(), &[])?;
    let config = ConfigSpec::new().name(name).data("port=1").labels([("a", "b")]);
    docker.call(configs::Create::new(config))?;
    cover.same(&mut py, configs::List::new(), "configs", none.clone(), empty.clone(), &[])?;
    cover.same(&mut py, configs::Inspect::new(name), "inspect_config", json!([name]), empty.clone(), &[])?;

    docker.call(services::Create::new(spec(name, container(STAYS))))?;
    let [task] = &in_state(docker, name, TaskState::Running, 1)?[..] else { return Err("not one task".into()) };
    let id = task.id.as_deref().ok_or("no id")?;
    let status = json!({ "status": true });
    cover.same(&mut py, services::List::new().status(true), "services", none.clone(), status, &[])?;
    let defaults = json!({ "insert_defaults": true });
    let inspect = services::Inspect::new(name).insert_defaults(true);
    cover.same(&mut py, inspect, "inspect_service", json!([name]), defaults, &[])?;
    cover.same(&mut py, tasks::List::new(), "tasks", none, empty.clone(), &[])?;
    cover.same(&mut py, tasks::Inspect::new(id), "inspect_task", json!([id]), empty, &[])?;
    Ok(())
}

pub fn a_plugin(cover: &Cover) -> Result<(), Failure> {
    let mut py = Peer::start(&cover.engine)?;
    let name = &*plugin::create(cover)?;
    let remove = plugins::Remove::new(name).force(true);
    let _gone = Cleanup(|| drop(cover.docker.call(remove.clone())));
    let empty = json!({});
    let list = cover.same(&mut py, plugins::List::new(), "plugins", json!([]), empty.clone(), &[])?;
    assert!(!list.is_empty());
    cover.same(&mut py, plugins::Inspect::new(name), "inspect_plugin", json!([name]), empty.clone(), &[])?;
    cover.all(plugins::Push::new(name).registry_auth(RegistryAuth::anonymous()))?;
    let wants = plugins::Privileges::new(name);
    let wants = cover.same(&mut py, wants, "plugin_privileges", json!([name]), empty, &[])?;
    assert_eq!(wants.len(), 5);
    Ok(())
}
