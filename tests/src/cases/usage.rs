//! Naming things, statuses, and what is refused before a byte leaves.

use super::Failure;
use crate::engine::{Engine, IMAGE, shell};
use crate::peer::Peer;
use crate::runtime::{Items, Runtime};
use bytes::Bytes;
use docker_proto::ErrorKind;
use docker_proto::api::{archive, containers, exec, images, system};
use docker_proto::model::{ApiVersion, ContainerCreateBody, HostConfig};
use docker_proto::op::Change;
use docker_proto::session::{CallOptions, Config, Endpoint, PoolLimits, VersionChoice};

pub async fn the_engine_says_who_it_is<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    let ping = docker.call(system::Ping::new()).await?;
    let version = docker.call(system::Version::new()).await?;
    let info = docker.call(system::Info::new()).await?;
    assert_eq!(version.api_version, ping.api_version);
    assert_eq!(ping.libpod_version.is_some(), engine.is_podman());
    assert_eq!(info.server_version, version.version);
    assert!(info.containers.is_some() && info.images.is_some_and(|n| n > 0), "{info:?}");
    let images = docker.call(images::List::new()).await?;
    assert!(images.iter().any(|i| i.repo_tags.iter().any(|t| t.ends_with(IMAGE))), "{images:?}");
    Ok(())
}

pub async fn names_reach_the_engine_as_names<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    for name in ["a?b", "a#b", "a b", "a%2Fb", "é"] {
        let e = docker.call(containers::Inspect::new(name)).await.err().ok_or("found")?;
        assert!(e.is_not_found(), "{name}: {e}");
        assert!(e.message().contains(name), "the engine did not see {name:?}: {e}");
        assert_eq!(e.target(), Some(name));
    }
    let c = engine.shell(&docker, "true").await?;
    for name in [c.name.clone(), format!("/{}", c.name), c.id[..12].to_owned()] {
        let found = docker.call(containers::Inspect::new(&*name)).await?;
        assert_eq!(found.id.as_ref(), Some(&c.id), "{name}");
    }
    Ok(())
}

pub async fn statuses_are_told_apart<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    let c = engine.shell(&docker, "trap 'exit 0' TERM; while :; do sleep 0.1; done").await?;
    assert_eq!(docker.call(containers::Start::new(&*c.id)).await?, Change::Changed);
    assert_eq!(docker.call(containers::Start::new(&*c.id)).await?, Change::Unchanged);
    let conflict =
        docker.call(containers::Create::new(shell("true")).name(&*c.name)).await.err().ok_or("made twice")?;
    assert!(conflict.is_conflict() || engine.is_podman(), "{conflict}");
    let busy = docker.call(containers::Remove::new(&*c.id)).await.err().ok_or("removed while it runs")?;
    assert!(busy.status() == Some(409) || engine.is_podman() && busy.status() == Some(500), "{busy}");
    assert_eq!(docker.call(containers::Stop::new(&*c.id).t(5)).await?, Change::Changed);
    assert_eq!(docker.call(containers::Stop::new(&*c.id)).await?, Change::Unchanged);
    let list = docker.call(containers::List::new().all(true).filters([("id", &*c.id)])).await?;
    assert_eq!(list.len(), 1, "{list:?}");
    docker.call(containers::Remove::new(&*c.id).v(true)).await?;
    let gone = docker.call(containers::Inspect::new(&*c.id)).await.err().ok_or("still there")?;
    assert!(gone.is_not_found(), "{gone}");
    let image = docker.call(containers::Create::new(ContainerCreateBody::new().image("no/such:image"))).await;
    assert!(image.as_ref().is_err_and(docker_proto::Error::is_not_found), "{image:?}");
    Ok(())
}

pub async fn what_the_version_does_not_know_is_refused<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let endpoint = Endpoint::parse(&engine.url)?;
    let mut config = Config::new(&endpoint);
    config.version = VersionChoice::Pinned(ApiVersion::new(1, 41));
    let docker = R::new(endpoint, config, PoolLimits::default());
    let c = engine.shell(&docker, "true").await?;
    let e = docker.call(containers::Stop::new(&*c.id).signal("INT")).await.err().ok_or("sent")?;
    assert_eq!(e.kind(), ErrorKind::Version);
    assert!(e.message().contains("signal") && e.message().contains("1.42") && e.message().contains("1.41"), "{e}");
    let body = shell("true").host_config(HostConfig::new().network_mode("none").annotations([("a", "b")]));
    let e = docker.call(containers::Create::new(body)).await.err().ok_or("sent")?;
    assert!(e.kind() == ErrorKind::Version && e.message().contains("HostConfig.Annotations"), "{e}");
    let mut off = CallOptions::default();
    off.gating = Some(docker_proto::op::Gating::Off);
    docker.with_options(off).call(containers::Stop::new(&*c.id).signal("INT")).await?;
    Ok(())
}

pub async fn nothing_is_dialled_for_bad_input<R: Runtime>() -> Result<(), Failure> {
    let peer = Peer::unix(|_| Ok(()))?;
    let docker = R::connect(&peer.url);
    for name in ["", "/", ".", "..", "a\nb", "a\0b", "/.."] {
        let e = docker.call(containers::Inspect::new(name)).await.err().ok_or("accepted")?;
        assert!(e.kind() == ErrorKind::Usage && e.message().contains("path argument id"), "{name:?}: {e}");
    }
    for name in ["", "../x", "a//b", "/a", "a/"] {
        let e = docker.call(images::Remove::new(name)).await.err().ok_or("accepted")?;
        assert!(e.kind() == ErrorKind::Usage && e.message().contains("path argument name"), "{name:?}: {e}");
    }
    let e = docker.call(archive::Stat::new("web", "")).await.err().ok_or("accepted")?;
    assert!(e.message().contains("parameter path is empty"), "{e}");
    let e = docker.upload(archive::Put::new("", "/"), Bytes::new()).value().await.err().ok_or("accepted")?;
    assert_eq!(e.kind(), ErrorKind::Usage);
    let e = docker.open(exec::Start::new("..")).await.err().ok_or("accepted")?;
    assert_eq!(e.kind(), ErrorKind::Usage);
    let e = docker.begin(containers::Logs::new("a\r\nb")).next().await.ok_or("nothing")?.err().ok_or("accepted")?;
    assert_eq!(e.kind(), ErrorKind::Usage);
    let mut bad = CallOptions::default();
    bad.headers.push(("X-A".into(), "b\r\nX-C: d".into()));
    let e = docker.with_options(bad).call(system::Ping::new()).await.err().ok_or("accepted")?;
    assert!(e.kind() == ErrorKind::Usage && !e.message().contains("X-C"), "{e}");
    assert_eq!((peer.accepted(), docker.counters().dialled), (0, 0));
    Ok(())
}
