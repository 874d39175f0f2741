//! Swarms and what runs in them.

use super::{At, Line, line};
use crate::values::{auth, filters, moment, number, segment, text};
use docker_proto::api::{configs, nodes, secrets, services, swarm, tasks};
use docker_proto::model::{
    ConfigSpec, NodeSpec, SecretSpec, ServiceSpec, SwarmInitBody, SwarmJoinBody, SwarmSpec, SwarmUnlockKey,
};

pub(super) fn lines(at: At) -> Vec<Line> {
    [members(at), services(at), kept(at)].into_iter().flatten().collect()
}

fn version() -> u64 {
    number("version").into()
}

fn members(at: At) -> Vec<Line> {
    let id = || segment("id");
    vec![
        line(swarm::Inspect::new(), |op| op),
        line(swarm::Init::new(SwarmInitBody::new()), move |mut op| {
            op.body = at.body("SwarmInit");
            op
        }),
        line(swarm::Join::new(SwarmJoinBody::new()), move |mut op| {
            op.body = at.body("SwarmJoin");
            op
        }),
        line(swarm::Leave::new(), |op| op.force(true)),
        line(swarm::Update::new(version(), SwarmSpec::new()), move |mut op| {
            op.body = at.body("SwarmUpdate");
            op.rotate_worker_token(true).rotate_manager_token(true).rotate_manager_unlock_key(true)
        }),
        line(swarm::UnlockKey::new(), |op| op),
        line(swarm::Unlock::new(SwarmUnlockKey::new()), move |mut op| {
            op.body = at.body("SwarmUnlock");
            op
        }),
        line(nodes::List::new(), |op| op.filters(filters())),
        line(nodes::Inspect::new(id()), |op| op),
        line(nodes::Remove::new(id()), |op| op.force(true)),
        line(nodes::Update::new(id(), version(), NodeSpec::new()), move |mut op| {
            op.body = at.body("NodeUpdate");
            op
        }),
    ]
}

fn services(at: At) -> Vec<Line> {
    let id = || segment("id");
    vec![
        line(services::List::new(), |op| op.filters(filters()).status(true)),
        line(services::Create::new(ServiceSpec::new()), move |mut op| {
            op.body = at.body("ServiceCreate");
            op.registry_auth(auth())
        }),
        line(services::Inspect::new(id()), |op| op.insert_defaults(true)),
        line(services::Remove::new(id()), |op| op),
        line(services::Update::new(id(), version(), ServiceSpec::new()), move |mut op| {
            op.body = at.body("ServiceUpdate");
            op.registry_auth_from(text("registryAuthFrom")).rollback(text("rollback")).registry_auth(auth())
        }),
        line(services::Logs::new(id()).tty(true), |op| {
            let op = op.details(true).follow(true).stdout(true).stderr(true);
            op.since(moment("since")).timestamps(true).tail(text("tail"))
        }),
        line(tasks::List::new(), |op| op.filters(filters())),
        line(tasks::Inspect::new(id()), |op| op),
        line(tasks::Logs::new(id()).tty(true), |op| {
            let op = op.details(true).follow(true).stdout(true).stderr(true);
            op.since(moment("since")).timestamps(true).tail(text("tail"))
        }),
    ]
}

fn kept(at: At) -> Vec<Line> {
    let id = || segment("id");
    vec![
        line(secrets::List::new(), |op| op.filters(filters())),
        line(secrets::Create::new(SecretSpec::new()), move |mut op| {
            op.body = at.body("SecretCreate");
            op
        }),
        line(secrets::Inspect::new(id()), |op| op),
        line(secrets::Remove::new(id()), |op| op),
        line(secrets::Update::new(id(), version(), SecretSpec::new()), move |mut op| {
            op.body = at.body("SecretUpdate");
            op
        }),
        line(configs::List::new(), |op| op.filters(filters())),
        line(configs::Create::new(ConfigSpec::new()), move |mut op| {
            op.body = at.body("ConfigCreate");
            op
        }),
        line(configs::Inspect::new(id()), |op| op),
        line(configs::Remove::new(id()), |op| op),
        line(configs::Update::new(id(), version(), ConfigSpec::new()), move |mut op| {
            op.body = at.body("ConfigUpdate");
            op
        }),
    ]
}
