//! Logs read as messages, and streams that go on over connections that are cut.

use super::Failure;
use crate::engine::{Engine, shell};
use crate::proxy::Proxy;
use crate::runtime::{Items, Resumed, Runtime};
use docker_proto::api::{containers, system};
use docker_proto::model::{HostConfig, LogConfig, Timestamp};
use docker_proto::op::Operation;
use docker_proto::resume::{self, Entry};
use docker_proto::wire::StreamKind;
use std::time::Duration;

pub async fn a_log_is_messages_with_their_times<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    let before = docker.call(system::Info::new()).await?.system_time.ok_or("no time")?.parse()?;
    // A line that is kept in parts, an empty one, and an end without a newline.
    let script = "echo one; echo two >&2; head -c 40000 /dev/zero | tr '\\0' x; echo; echo; printf end";
    let mut body = shell(script).labels([("a", "b c"), ("d", "e,f")]).env(["FOO=bar"]);
    if !engine.is_podman() {
        let config = LogConfig::new().kind("json-file").config([("labels", "a,d"), ("env", "FOO")]);
        body = body.host_config(HostConfig::new().network_mode("none").log_config(config));
    }
    let container = engine.container(&docker, body).await?;
    container.start().await?;
    container.exit().await?;
    let op = containers::Logs::new(&*container.id).stdout(true).stderr(true);
    let messages = docker.begin(op.clone().messages()).all().await?;
    let text = |stream| {
        let of = messages.iter().filter(|m| m.stream == stream);
        String::from_utf8(of.flat_map(|m| m.bytes.to_vec()).collect()).unwrap_or_default()
    };
    assert_eq!(text(StreamKind::Stdout), format!("one\n{}\n\nend", "x".repeat(40_000)));
    assert_eq!(text(StreamKind::Stderr), "two\n");
    assert!(messages.len() >= 7, "{} messages", messages.len());
    // Podman tells whole seconds.
    let coarse = |at: Timestamp| if engine.is_podman() { at.seconds.into() } else { at };
    assert!(messages.iter().all(|m| m.timestamp >= coarse(before) && m.details.is_empty()), "{messages:?}");
    let detailed = docker.begin(op.details(true).messages()).all().await?;
    let details: &[(&str, &str)] = if engine.is_podman() { &[] } else { &[("FOO", "bar"), ("a", "b c"), ("d", "e,f")] };
    for (with, without) in detailed.iter().zip(&messages) {
        let pairs: Vec<_> = with.details.iter().map(|(name, value)| (&**name, &**value)).collect();
        assert_eq!((&*pairs, &with.bytes), (details, &without.bytes));
    }
    assert_eq!(detailed.len(), messages.len());
    Ok(())
}

pub async fn details_may_be_none<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    let container = engine.shell(&docker, "echo a=b one").await?;
    container.start().await?;
    container.exit().await?;
    let op = containers::Logs::new(&*container.id).stdout(true).details(true);
    let messages = docker.begin(op.messages()).all().await?;
    let seen: Vec<_> = messages.iter().map(|m| (m.details.len(), &m.bytes[..])).collect();
    assert_eq!(seen, [(0, &b"a=b one\n"[..])]);
    Ok(())
}

pub async fn a_log_goes_on_over_cut_connections<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    let script = "i=0; while [ $i -lt 60 ]; do i=$((i+1)); echo $i; echo $i >&2; sleep 0.01; done";
    for tty in [false, true] {
        let container = engine.container(&docker, shell(script).tty(tty)).await?;
        container.start().await?;
        let proxy = Proxy::new(&engine.url)?;
        let op = containers::Logs::new(&*container.id).stdout(true).stderr(true);
        let mut stream = R::connect(&proxy.url).resume(resume::logs(op.clone().follow(true)));
        let mut seen = Vec::new();
        while let Some(entry) = stream.next().await {
            match entry? {
                Entry::Item(message) => seen.push(message),
                other => return Err(format!("{other:?}").into()),
            }
            if seen.len() % 13 == 0 {
                proxy.cut();
            }
        }
        assert!(stream.position().is_some());
        let all = docker.begin(op.messages()).all().await?;
        assert!(seen == all && all.len() == 120, "{} of {}", seen.len(), all.len());
    }
    Ok(())
}

pub async fn events_go_on_over_cut_connections<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    let since = docker.call(system::Info::new()).await?.system_time.ok_or("no time")?;
    let container = engine.shell(&docker, "true").await?;
    let proxy = Proxy::new(&engine.url)?;
    let filters = [("type", "container"), ("container", &*container.id), ("event", "rename")];
    let op = system::Events::new().since(Timestamp::parse(&since)?).filters(filters);
    let mut stream = R::connect(&proxy.url).resume(resume::events(op));
    for n in 0..12 {
        let name = format!("{}-{n}", container.name);
        docker.call(containers::Rename::new(&*container.id, &*name)).await?;
        let entry = stream.next().await.ok_or("the end")??;
        let Entry::Item(event) = entry else { return Err(format!("{entry:?}").into()) };
        let seen = event.actor.and_then(|actor| actor.attributes.get("name").cloned());
        assert_eq!(seen.as_deref().map(|name| name.trim_start_matches('/')), Some(&*name));
        if n % 3 == 0 {
            proxy.cut();
            R::sleep(Duration::from_millis(10)).await;
        }
    }
    Ok(())
}
