//! Networks.

use super::services::{container, in_state, spec};
use super::swarm::Member;
use crate::cover::Cover;
use crate::engine::{Cleanup, Container, Engine, Failure, STAYS, shell, unique, until};
use docker_blocking::api::{containers, networks, services};
use docker_blocking::model::{
    EndpointIPAMConfig, EndpointSettings, HostConfig, IPAM, IPAMConfig, NetworkAttachmentConfig, NetworkConnectRequest,
    NetworkCreateRequest, NetworkDisconnectRequest, TaskState,
};

/// The beginning of addresses that no other engine of the tests uses; they share the machine's network.
fn subnet(engine: &Engine) -> String {
    let number = match engine.name.get(..3) {
        Some("d20") => 20,
        Some("d26") => 26,
        Some("d28") => 28,
        Some("pod") => 43,
        _ => 99,
    };
    format!("10.199.{number}")
}

fn ipam(subnet: &str) -> IPAM {
    let config = IPAMConfig::new().subnet(format!("{subnet}.0/24")).gateway(format!("{subnet}.1"));
    IPAM::new().driver("default").config([config])
}

/// Makes a network. The engines share the machine's interfaces: one that another engine removes at that moment makes this
/// one give up its look around, and it is asked again.
fn create(cover: &Cover, body: &NetworkCreateRequest) -> Result<String, Failure> {
    until("a network is made", || match cover.call(networks::Create::new(body.clone())) {
        Ok(made) => made.id.map(Some).ok_or_else(|| "no id".into()),
        Err(e) if e.to_string().contains("no such network interface") => Ok(None),
        Err(e) => Err(e),
    })
}

pub fn made_listed_removed(cover: &Cover) -> Result<(), Failure> {
    let (name, subnet, podman) = (unique("net"), subnet(&cover.engine), cover.engine.podman);
    let body = NetworkCreateRequest::new()
        .name(&*name)
        .driver("bridge")
        .internal(true)
        .ipam(ipam(&subnet))
        .labels([("case", &*name)]);
    let id = create(cover, &body)?;
    let _gone = Cleanup(|| drop(cover.docker.call(networks::Remove::new(&*name))));
    let mut taken = NetworkCreateRequest::new().name(&*name).driver("bridge");
    if !cover.engine.docker_since(44) {
        // Before, a name could be taken twice.
        taken = taken.check_duplicate(true);
    }
    cover.refused(networks::Create::new(taken), if podman { 500 } else { 409 }, &name)?;

    let list = cover.call(networks::List::new().filters([("label", format!("case={name}"))]))?;
    assert_eq!(list.iter().map(|n| n.id.as_deref()).collect::<Vec<_>>(), [Some(&*id)]);
    let seen = cover.call(networks::Inspect::new(&*id).verbose(true).scope("local"))?;
    assert_eq!((seen.name.as_deref(), seen.internal), (Some(&*name), Some(true)));
    assert_eq!(seen.labels["case"], name);
    let config = seen.ipam.ok_or("no IPAM")?.config.into_iter().next().ok_or("no subnet")?;
    assert_eq!(config.subnet, Some(format!("{subnet}.0/24")));

    cover.call(networks::Remove::new(&*id))?;
    cover.refused(networks::Inspect::new(&*id), 404, "")?;
    cover.refused(networks::Remove::new(&*id), 404, "")
}

pub fn joined_and_left(cover: &Cover) -> Result<(), Failure> {
    let docker = &cover.docker;
    let forbidden = if cover.engine.podman { 500 } else { 403 };
    let [first, second] = [unique("net"), unique("net")];
    let subnet = subnet(&cover.engine);
    create(cover, &NetworkCreateRequest::new().name(&*first).driver("bridge"))?;
    let _gone = Cleanup(|| drop(docker.call(networks::Remove::new(&*first))));
    let body = NetworkCreateRequest::new().name(&*second).driver("bridge").ipam(ipam(&subnet));
    create(cover, &body)?;
    let _gone_too = Cleanup(|| drop(docker.call(networks::Remove::new(&*second))));
    let c = Container::create(docker, shell(STAYS).host_config(HostConfig::new().network_mode(&*first)))?;
    docker.call(containers::Start::new(&*c.id))?;

    let address = format!("{subnet}.77");
    let ipam = EndpointIPAMConfig::new().ipv4_address(&*address);
    let endpoint = EndpointSettings::new().ipam_config(ipam).aliases(["other"]);
    let connect = NetworkConnectRequest::new().container(&*c.id).endpoint_config(endpoint);
    cover.call(networks::Connect::new(&*second, connect.clone()))?;
    cover.refused(networks::Connect::new(&*second, connect), forbidden, "")?;
    let members = cover.call(networks::Inspect::new(&*second))?.containers;
    assert_eq!(members.keys().collect::<Vec<_>>(), [&c.id]);
    assert_eq!(members[&c.id].ipv4_address, Some(format!("{address}/24")));
    let settings = docker.call(containers::Inspect::new(&*c.id))?.network_settings.ok_or("no settings")?;
    assert_eq!(settings.networks[&second].ip_address.as_deref(), Some(&*address));
    assert!(settings.networks[&second].aliases.iter().any(|alias| alias == "other"));
    cover.refused(networks::Remove::new(&*second), forbidden, "")?;

    let leave = NetworkDisconnectRequest::new().container(&*c.id).force(true);
    cover.call(networks::Disconnect::new(&*second, leave))?;
    assert!(cover.call(networks::Inspect::new(&*second))?.containers.is_empty());
    cover.call(networks::Remove::new(&*second))?;
    let leave = NetworkDisconnectRequest::new().container(&*c.id);
    cover.refused(networks::Disconnect::new(&*second, leave), 404, "")
}

pub fn pruned_unless_used(cover: &Cover) -> Result<(), Failure> {
    let docker = &cover.docker;
    let [used, unused] = [unique("used"), unique("unused")];
    let remove = |name: &str| drop(docker.call(networks::Remove::new(name)));
    let _gone = Cleanup(|| [&used, &unused].into_iter().for_each(|name| remove(name)));
    for name in [&used, &unused] {
        let body = NetworkCreateRequest::new().name(&**name).driver("bridge").labels([("case", &*unused)]);
        create(cover, &body)?;
    }
    let c = Container::create(docker, shell(STAYS).host_config(HostConfig::new().network_mode(&*used)))?;
    docker.call(containers::Start::new(&*c.id))?;
    let filters = [("label", format!("case={unused}"))];
    let pruned = cover.call(networks::Prune::new().filters(filters.clone()))?;
    assert_eq!(pruned.networks_deleted, [&*unused]);
    drop(c);
    let pruned = cover.call(networks::Prune::new().filters(filters))?;
    assert_eq!(pruned.networks_deleted, [&*used]);
    Ok(())
}

pub fn of_a_swarm(cover: &Cover) -> Result<(), Failure> {
    let docker = &cover.docker;
    let _member = Member::alone(cover)?;
    let [name, service] = [unique("net"), unique("service")];
    let body = NetworkCreateRequest::new().name(&*name).driver("overlay").attachable(true);
    let id = create(cover, &body)?;
    let mut spec = spec(&service, container(STAYS));
    spec.task_template = spec.task_template.map(|t| t.networks([NetworkAttachmentConfig::new().target(&*id)]));
    docker.call(services::Create::new(spec))?;
    in_state(docker, &service, TaskState::Running, 1)?;

    let seen = cover.call(networks::Inspect::new(&*name).verbose(true).scope("swarm"))?;
    assert_eq!((seen.scope.as_deref(), seen.attachable), (Some("swarm"), Some(true)));
    // Nodes tell each other of their tasks when they get to it.
    let info = until("the service in the network", || {
        Ok(cover.call(networks::Inspect::new(&*name).verbose(true))?.services.remove(&service))
    })?;
    assert_eq!(info.tasks.len(), 1, "{info:?}");
    assert!(info.tasks[0].name.as_deref().is_some_and(|name| name.starts_with(&service)), "{info:?}");
    cover.refused(networks::Remove::new(&*id), 400, "in use")?;
    docker.call(services::Remove::new(&*service))?;
    Ok(())
}
