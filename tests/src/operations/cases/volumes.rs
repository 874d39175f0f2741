//! Volumes.

use crate::cover::Cover;
use crate::engine::{Cleanup, Container, Failure, shell, unique};
use docker_blocking::api::{containers, volumes};
use docker_blocking::model::{Filters, HostConfig, VolumeCreateRequest, VolumeScope};

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
