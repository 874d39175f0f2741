//! The engine itself.

use crate::cover::Cover;
use crate::engine::{Cleanup, Container, Failure, IMAGE, PASSWORD, USER, shell, unique, variable};
use docker_blocking::ErrorKind;
use docker_blocking::api::{system, volumes};
use docker_blocking::model::{ApiVersion, AuthConfig, EventType, Filters, VolumeCreateRequest};
use std::time::SystemTime;

pub fn ping_and_version(cover: &Cover) -> Result<(), Failure> {
    let ping = cover.call(system::Ping::new())?;
    let head = cover.call(system::PingHead::new())?;
    let version = cover.call(system::Version::new())?;
    assert_eq!(ping.api_version, version.api_version);
    assert_eq!(head.api_version, version.api_version);
    assert!(version.api_version.as_deref().ok_or("no version")?.parse::<ApiVersion>()? >= cover.engine.api);
    Ok(())
}

pub fn options(cover: &Cover) -> Result<(), Failure> {
    if cover.engine.podman {
        return cover.refused(system::Options::new("info"), 405, "Method Not Allowed");
    }
    for path in ["info", "containers/json", "no/such/path"] {
        let head = cover.begin(system::Options::new(path))?.head()?.clone();
        assert_eq!(head.status(), 200);
        assert!(head.get("api-version").is_some(), "{head:?}");
    }
    Ok(())
}

pub fn info(cover: &Cover) -> Result<(), Failure> {
    let c = Container::create(&cover.docker, shell("true"))?;
    let info = cover.call(system::Info::new())?;
    assert_eq!(info.server_version, cover.docker.call(system::Version::new())?.version);
    assert!(info.containers >= Some(1), "{} is one, {:?}", c.name, info.containers);
    assert!(info.ncpu > Some(0) && info.mem_total > Some(0), "{:?} {:?}", info.ncpu, info.mem_total);
    assert_eq!(info.os_type.as_deref(), Some("linux"));
    Ok(())
}

pub fn data_usage(cover: &Cover) -> Result<(), Failure> {
    let docker = &cover.docker;
    let name = unique("vol");
    docker.call(volumes::Create::new(VolumeCreateRequest::new().name(&*name)))?;
    let _gone = Cleanup(|| drop(docker.call(volumes::Remove::new(&*name))));
    let c = Container::create(docker, shell("true"))?;
    let usage = cover.call(system::DataUsage::new())?;
    assert!(usage.volumes.iter().any(|v| v.name.as_deref() == Some(&*name)), "{:?}", usage.volumes);
    assert!(usage.containers.iter().any(|one| one.id.as_deref() == Some(&*c.id)), "{:?}", usage.containers);
    // Podman tells the bare tag of an image here.
    let tag = if cover.engine.podman { "latest" } else { IMAGE };
    assert!(usage.images.iter().any(|image| image.repo_tags.iter().any(|t| t == tag)), "{:?}", usage.images);
    if !cover.engine.docker_since(42) {
        // The client refuses by itself; podman says that it speaks API 1.41.
        let e = docker.call(system::DataUsage::new().kind(["volume"])).err().ok_or("not refused")?;
        assert!(e.kind() == ErrorKind::Version && e.message().contains("1.42"), "{e:?}");
        return Ok(());
    }
    let usage = cover.call(system::DataUsage::new().kind(["volume"]))?;
    assert!(usage.volumes.iter().any(|v| v.name.as_deref() == Some(&*name)), "{:?}", usage.volumes);
    assert!(usage.containers.is_empty() && usage.images.is_empty() && usage.build_cache.is_empty());
    Ok(())
}

pub fn events(cover: &Cover) -> Result<(), Failure> {
    let (docker, podman) = (&cover.docker, cover.engine.podman);
    let name = unique("vol");
    let mut filters = Filters::new().add("type", "volume");
    // Podman lets no event pass that filter, and has the volume's name elsewhere.
    if !podman {
        filters = filters.add("volume", &name);
    }
    // Docker listens a moment after the head has come, but replays what was since then; podman may have no past events.
    let mut op = system::Events::new().filters(filters);
    if !podman {
        op = op.since(SystemTime::now());
    }
    let mut events = cover.begin(op)?;
    docker.call(volumes::Create::new(VolumeCreateRequest::new().name(&*name)))?;
    docker.call(volumes::Remove::new(&*name))?;
    let mut last = 0;
    for action in ["create", if podman { "remove" } else { "destroy" }] {
        let event = loop {
            let event = events.next().ok_or("the events ended")??;
            let actor = event.actor.as_ref().ok_or("no actor")?;
            let who = if podman { actor.attributes.get("name") } else { actor.id.as_ref() };
            match who == Some(&name) {
                true => break event,
                false if podman => {}
                false => return Err(format!("{event:?} passed the filter").into()),
            }
        };
        assert_eq!((event.kind, event.action), (Some(EventType::Volume), Some(action.into())));
        assert!(event.time_nano > Some(last), "{:?} is not after {last}", event.time_nano);
        last = event.time_nano.unwrap_or_default();
    }
    Ok(())
}

pub fn accounts(cover: &Cover) -> Result<(), Failure> {
    let address = variable("DOCKER_TEST_REGISTRY_AUTH")?;
    // Podman speaks plain HTTP with a registry only by this name of the machine.
    let port = address.rsplit(':').next().ok_or("no port")?;
    let auth = AuthConfig::new().username(USER).server_address(format!("localhost:{port}"));
    let good = cover.call(system::Auth::new(auth.clone().password(PASSWORD)))?;
    assert_eq!(good.status.as_deref(), Some("Login Succeeded"));
    assert!(good.identity_token.is_none_or(|token| token.is_empty()));
    cover.refused(system::Auth::new(auth.password("sesame")), 500, "401 Unauthorized")
}
