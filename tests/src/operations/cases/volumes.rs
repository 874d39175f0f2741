//! Volumes.

use super::swarm::{Member, index};
use crate::cover::Cover;
use crate::engine::{Cleanup, Container, Failure, shell, unique};
use docker_blocking::api::{containers, volumes};
use docker_blocking::model::{
    CapacityRange, ClusterVolumeAccessMode, ClusterVolumeAvailability, ClusterVolumeMount, ClusterVolumeScope,
    ClusterVolumeSharing, ClusterVolumeSpec, Filters, HostConfig, VolumeCreateRequest, VolumeScope, VolumeUpdateBody,
};

pub fn made_listed_removed(cover: &Cover) -> Result<(), Failure> {
    let name = unique("vol");
    let body = VolumeCreateRequest::new().name(&*name).driver("local").labels([("case", &*name), ("tier", "web")]);
    let made = cover.call(volumes::Create::new(body.clone()))?;
    let _gone = Cleanup(|| drop(cover.docker.call(volumes::Remove::new(&*name))));
    assert_eq!((made.name.as_deref(), made.driver.as_deref()), (Some(&*name), Some("local")));
    // The same again is the same volume.
    assert_eq!(cover.call(volumes::Create::new(body))?.created_at, made.created_at);

    let label = format!("case={name}");
    let list = cover.call(volumes::List::new().filters([("label", &*label)]))?;
    let names: Vec<_> = list.volumes.iter().filter_map(|v| v.name.as_deref()).collect();
    assert_eq!(names, [&*name]);
    let list = cover.call(volumes::List::new().filters([("label", "case=nosuch")]))?;
    assert!(list.volumes.is_empty(), "{:?}", list.volumes);

    let volume = cover.call(volumes::Inspect::new(&*name))?;
    assert_eq!(volume.labels["tier"], "web");
    assert_eq!(volume.scope, Some(VolumeScope::Local));
    assert!(volume.mountpoint.is_some_and(|path| path.contains(&*name)));

    cover.call(volumes::Remove::new(&*name))?;
    cover.refused(volumes::Inspect::new(&*name), 404, &name)?;
    cover.refused(volumes::Remove::new(&*name), 404, &name)?;
    // Who forces does not mind that it is gone.
    cover.call(volumes::Remove::new(&*name).force(true))?;
    Ok(())
}

pub fn pruned_unless_used(cover: &Cover) -> Result<(), Failure> {
    let docker = &cover.docker;
    let [used, unused] = [unique("used"), unique("unused")];
    let remove = |name: &str| drop(docker.call(volumes::Remove::new(name)));
    let _gone = Cleanup(|| [&used, &unused].into_iter().for_each(|name| remove(name)));
    for name in [&used, &unused] {
        docker.call(volumes::Create::new(VolumeCreateRequest::new().name(&**name).labels([("case", &*unused)])))?;
    }
    let host = HostConfig::new().network_mode("none").binds([format!("{used}:/v")]);
    let c = Container::create(docker, shell("head -c 100000 /dev/zero >/v/file").host_config(host))?;
    docker.call(containers::Start::new(&*c.id))?;
    assert_eq!(c.exit()?, 0);
    cover.refused(volumes::Remove::new(&*used), 409, "use")?;

    let mut filters = Filters::new().add("label", format!("case={unused}"));
    if cover.engine.docker_since(42) {
        // Since then, volumes with names are left alone otherwise.
        assert!(cover.call(volumes::Prune::new().filters(filters.clone()))?.volumes_deleted.is_empty());
        filters = filters.add("all", true);
    }
    let pruned = cover.call(volumes::Prune::new().filters(filters.clone()))?;
    assert_eq!(pruned.volumes_deleted, [&*unused]);
    drop(c);
    let pruned = cover.call(volumes::Prune::new().filters(filters))?;
    assert_eq!(pruned.volumes_deleted, [&*used]);
    assert!(pruned.space_reclaimed >= Some(100_000), "{pruned:?}");
    Ok(())
}

pub fn of_a_swarm(cover: &Cover) -> Result<(), Failure> {
    let _member = Member::alone(cover)?;
    let name = unique("vol");
    let access = ClusterVolumeAccessMode::new()
        .scope(ClusterVolumeScope::Single)
        .sharing(ClusterVolumeSharing::None)
        .mount_volume(ClusterVolumeMount::new());
    let spec = ClusterVolumeSpec::new()
        .group("g")
        .access_mode(access)
        .capacity_range(CapacityRange::new().required_bytes(1 << 20).limit_bytes(2 << 20))
        .availability(ClusterVolumeAvailability::Active);
    // Nobody has to serve that driver until the volume is used.
    let body = VolumeCreateRequest::new().name(&*name).driver("nosuch").cluster_volume_spec(spec.clone());
    let made = cover.call(volumes::Create::new(body))?;
    assert_eq!(made.scope, Some(VolumeScope::Global));
    let cluster = made.cluster_volume.ok_or("no cluster volume")?;
    let (id, version) = (cluster.id.ok_or("no id")?, index(&cluster.version)?);

    let paused = VolumeUpdateBody::new().spec(spec.availability(ClusterVolumeAvailability::Pause));
    cover.refused(volumes::Update::new(&*name, version, paused.clone()), 404, &name)?;
    cover.call(volumes::Update::new(&*id, version, paused.clone()))?;
    let seen = cover.call(volumes::Inspect::new(&*name))?.cluster_volume.ok_or("no cluster volume")?;
    assert!(index(&seen.version)? > version);
    let spec = seen.spec.ok_or("no spec")?;
    assert_eq!(spec.availability, Some(ClusterVolumeAvailability::Pause));
    assert_eq!(spec.capacity_range.and_then(|c| c.limit_bytes), Some(2 << 20));
    cover.refused(volumes::Update::new(&*id, version, paused), 500, "out of sequence")?;
    // Without force, the swarm waits until the driver has removed it.
    cover.call(volumes::Remove::new(&*name).force(true))?;
    cover.refused(volumes::Inspect::new(&*name), 404, &name)
}
