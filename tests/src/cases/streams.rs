//! Streams: waits, events, progress, and leaving them in the middle.

use super::Failure;
use crate::engine::Engine;
use crate::peer::Peer;
use crate::runtime::{Items, Runtime};
use bytes::Bytes;
use docker_proto::ErrorKind;
use docker_proto::api::{containers, images, system};
use docker_proto::model::{ContainerCreateBody, HostConfig};
use std::io::Write;
use std::time::Duration;

pub async fn a_wait_registered_by_its_head_sees_the_exit<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    for condition in [containers::WaitCondition::NextExit, containers::WaitCondition::NotRunning] {
        let c = engine.shell(&docker, "exit 7").await?;
        if condition == containers::WaitCondition::NotRunning {
            c.start().await?;
        }
        let mut wait = docker.begin(containers::Wait::new(&*c.id).condition(condition));
        // Podman 4.3 sends the head with the body, when the container has stopped.
        if !engine.is_podman() {
            wait.head().await?;
        }
        if condition == containers::WaitCondition::NextExit {
            if engine.is_podman() {
                continue;
            }
            c.start().await?;
        }
        assert_eq!(wait.value().await?.status_code, Some(7));
    }
    Ok(())
}

pub async fn events_since_a_moment_miss_nothing<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    let c = engine.shell(&docker, "true").await?;
    let mut op = system::Events::new().filters([("container", &*c.id), ("type", "container")]);
    // dockerd listens a moment after its head; podman listens first, and does not replay what its files do not have yet.
    if !engine.is_podman() {
        op = op.since(std::time::SystemTime::now());
    }
    let mut events = docker.begin(op);
    events.head().await?;
    c.start().await?;
    let mut actions = Vec::new();
    while !actions.iter().any(|a| a == "die" || a == "died") {
        let event = events.next().await.ok_or("ended")??;
        assert_eq!(event.actor.and_then(|a| a.id).as_ref(), Some(&c.id));
        actions.push(event.action.ok_or("an event without an action")?);
    }
    assert!(actions.iter().any(|a| a == "start"), "{actions:?}");
    Ok(())
}

pub async fn a_follow_can_be_left_in_the_middle<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    let c = engine.shell(&docker, "while :; do echo tick; sleep 0.01; done").await?;
    c.start().await?;
    for _ in 0..5 {
        let mut logs = docker.begin(containers::Logs::new(&*c.id).stdout(true).follow(true));
        assert!(logs.next().await.ok_or("ended")??.bytes.starts_with(b"tick"));
        drop(logs);
    }
    let state = docker.call(containers::Inspect::new(&*c.id)).await?.state.ok_or("no state")?;
    assert_eq!(state.running, Some(true));
    let counters = docker.counters();
    assert_eq!((counters.places, counters.waiting), (0, 0));
    Ok(())
}

pub async fn a_next_that_is_given_up_loses_nothing<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    let script = "i=0; while [ $i -lt 30 ]; do i=$((i+1)); echo $i; sleep 0.02; done";
    let c = engine.shell(&docker, script).await?;
    c.start().await?;
    let mut logs = docker.begin(containers::Logs::new(&*c.id).stdout(true).follow(true));
    let mut seen = String::new();
    loop {
        match logs.next_within(Duration::from_millis(1)).await {
            None => {}
            Some(None) => break,
            Some(Some(piece)) => seen.push_str(std::str::from_utf8(&piece?.bytes)?),
        }
    }
    let expected: String = (1..=30).map(|i| format!("{i}\n")).collect();
    assert_eq!(seen, expected);
    Ok(())
}

/// A tar with one file, by hand.
pub fn tar(name: &str, content: &[u8]) -> Vec<u8> {
    let mut head = [0; 512];
    head[..name.len()].copy_from_slice(name.as_bytes());
    head[100..108].copy_from_slice(b"0000644\0");
    head[108..116].copy_from_slice(b"0000000\0");
    head[116..124].copy_from_slice(b"0000000\0");
    head[124..136].copy_from_slice(format!("{:011o}\0", content.len()).as_bytes());
    head[136..148].copy_from_slice(b"00000000000\0");
    head[148..156].copy_from_slice(b"        ");
    head[156] = b'0';
    head[257..265].copy_from_slice(b"ustar\x0000");
    let sum: u32 = head.iter().map(|&b| u32::from(b)).sum();
    head[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    let mut tar = head.to_vec();
    tar.extend_from_slice(content);
    tar.resize(tar.len().next_multiple_of(512) + 1024, 0);
    tar
}

pub async fn an_import_gives_an_image<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    let name = format!("dp-import-{}-{}", R::NAME, std::process::id());
    let import = images::Import::new().repo(&*name).tag("v1").message("imported").changes(["CMD [\"/x\"]", "ENV A=b"]);
    let progress = docker.upload(import, Bytes::from(tar("x", b"content"))).all().await?;
    let status = progress.last().and_then(|p| p.status.clone().or_else(|| p.stream.clone())).ok_or("no progress")?;
    assert!(status.contains("sha256:") || engine.is_podman(), "{progress:?}");
    // Podman 4.3 does not read the tag.
    let name = format!("{name}:{}", if engine.is_podman() { "latest" } else { "v1" });
    let body = ContainerCreateBody::new().image(&*name).host_config(HostConfig::new().network_mode("none"));
    let c = engine.container(&docker, body).await?;
    let config = docker.call(containers::Inspect::new(&*c.id)).await?.config.ok_or("no config")?;
    assert_eq!(config.cmd, ["/x"]);
    drop(c);
    let removed = docker.call(images::Remove::new(&*name).force(true)).await?;
    assert!(removed.iter().any(|r| r.untagged.is_some()), "{removed:?}");
    Ok(())
}

pub async fn an_error_in_the_stream_comes_after_the_progress<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    // The engine says what it downloads, and then finds that it is no tar.
    let server = Peer::tcp(|mut c| {
        c.head()?;
        let body = [b'x'; 2048];
        write!(
            c.writer,
            "HTTP/1.1 200 OK\r\nContent-Type: application/x-tar\r\nContent-Length: {}\r\n\r\n",
            body.len()
        )?;
        c.writer.write_all(&body)
    })?;
    let url = server.url.replace("tcp://", "http://");
    let mut progress = docker.begin(images::ImportFrom::new(url).repo(format!("dp-broken-{}", R::NAME)));
    let mut before = 0;
    let error = loop {
        match progress.next().await.ok_or("a clean end")? {
            Ok(_) => before += 1,
            Err(e) => break e,
        }
    };
    // Podman finds out before it answers.
    let podman = engine.is_podman() && error.kind() == ErrorKind::Engine;
    assert!(error.kind() == ErrorKind::InStream && before > 0 || podman, "{before} items, then {error:?}");
    assert!(error.is_final() && progress.next().await.is_none());
    Ok(())
}
