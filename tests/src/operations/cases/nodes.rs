//! The engines of a swarm.

use super::swarm::{Member, address, index, join, other};
use crate::cover::Cover;
use crate::engine::{Failure, until};
use docker_blocking::api::{nodes, swarm, system};
use docker_blocking::model::{NodeAvailability, NodeRole, NodeState, Reachability};

pub fn listed_and_changed(cover: &Cover) -> Result<(), Failure> {
    let _member = Member::alone(cover)?;
    let id = cover.docker.call(system::Info::new())?.swarm.and_then(|s| s.node_id).ok_or("no id")?;
    let list = cover.call(nodes::List::new())?;
    assert_eq!(list.iter().map(|n| n.id.as_deref()).collect::<Vec<_>>(), [Some(&*id)]);
    assert!(cover.call(nodes::List::new().filters([("role", "worker")]))?.is_empty());

    let node = cover.call(nodes::Inspect::new(&*id))?;
    let manager = node.manager_status.ok_or("no manager")?;
    assert_eq!((manager.leader, manager.reachability), (Some(true), Some(Reachability::Reachable)));
    assert_eq!(manager.addr, Some(address(&cover.engine)));
    let version = cover.docker.call(system::Version::new())?.version;
    assert_eq!(node.description.and_then(|d| d.engine).and_then(|e| e.engine_version), version);
    let spec = node.spec.ok_or("no spec")?;
    assert_eq!((&spec.role, &spec.availability), (&Some(NodeRole::Manager), &Some(NodeAvailability::Active)));

    let demoted = nodes::Update::new(&*id, index(&node.version)?, spec.clone().role(NodeRole::Worker));
    cover.refused(demoted, 400, "last manager")?;
    let spec = spec.name("n").labels([("disk", "ssd")]).availability(NodeAvailability::Drain);
    cover.call(nodes::Update::new(&*id, index(&node.version)?, spec.clone()))?;
    let changed = cover.call(nodes::Inspect::new(&*id))?;
    assert_eq!(changed.spec.as_ref(), Some(&spec));
    cover.refused(nodes::Update::new(&*id, index(&node.version)?, spec), 500, "out of sequence")?;
    let labelled = cover.call(nodes::List::new().filters([("node.label", "disk=ssd")]))?;
    assert_eq!(labelled.len(), 1);

    cover.refused(nodes::Remove::new(&*id), 400, "cluster manager")?;
    cover.refused(nodes::Remove::new("nosuch"), 404, "nosuch")?;
    cover.refused(nodes::Inspect::new("nosuch"), 404, "nosuch")
}

pub fn removed(cover: &Cover) -> Result<(), Failure> {
    let _member = Member::alone(cover)?;
    let Some(worker) = other(cover)? else { return Ok(()) };
    let token = cover.docker.call(swarm::Inspect::new())?.join_tokens.and_then(|t| t.worker).ok_or("no token")?;
    let theirs = worker.client()?;
    let _worker = Member::of(&theirs);
    theirs.call(swarm::Join::new(join(&worker, &cover.engine, &token)))?;
    let node = until("the worker", || {
        let ready = cover.call(nodes::List::new().filters([("role", "worker")]))?.into_iter().next();
        Ok(ready.filter(|n| n.status.as_ref().and_then(|s| s.state.as_ref()) == Some(&NodeState::Ready)))
    })?;
    assert!(node.manager_status.is_none());
    let id = node.id.ok_or("no id")?;
    cover.refused(nodes::Remove::new(&*id), 400, "not down")?;
    cover.call(nodes::Remove::new(&*id).force(true))?;
    cover.refused(nodes::Inspect::new(&*id), 404, &id)
}
