//! Connections: how many, which again, and what a dead one costs.

use super::Failure;
use crate::engine::{Container, Engine, shell};
use crate::peer::Peer;
use crate::proxy::Proxy;
use crate::runtime::{Items, Runtime, Work};
use docker_proto::api::{containers, images, system};
use docker_proto::model::HostConfig;
use docker_proto::session::{CallOptions, PoolLimits, Timeouts};
use std::io::Write;
use std::time::Duration;

pub async fn a_thousand_inspects_each_get_their_own_answer<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    let mut containers: Vec<Container<R>> = Vec::new();
    for _ in 0..50 {
        containers.push(engine.shell(&docker, "true").await?);
    }
    // The last of them wait for a place as long as a busy machine needs for all others.
    let patient =
        docker.with_options(CallOptions::new().timeouts(Timeouts::NONE.total(Some(Duration::from_secs(100)))));
    let work: Vec<Work<Result<bool, String>>> = (0..1000)
        .map(|i| {
            let (docker, id) = (patient.clone(), containers[i % containers.len()].id.clone());
            let work: Work<_> = Box::pin(async move {
                let found = docker.call(containers::Inspect::new(&*id)).await.map_err(|e| e.to_string())?;
                Ok(found.id == Some(id))
            });
            work
        })
        .collect();
    for answer in R::all(work).await {
        assert!(answer?, "an answer to another question");
    }
    let (counters, places) = (docker.counters(), PoolLimits::default().places as u64);
    // Each create may have dialled as well, but never beside another call.
    assert!(counters.dialled <= places + 1, "{counters:?}");
    assert_eq!((counters.places, counters.waiting), (0, 0));
    Ok(())
}

pub async fn fifty_short_calls_use_one_connection<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let proxy = Proxy::new(&engine.url)?;
    let docker = R::connect(&proxy.url);
    let c = engine.shell(&docker, "trap 'exit 0' TERM; while :; do sleep 0.1; done").await?;
    let server = Peer::tcp(|mut c| {
        c.head()?;
        write!(c.writer, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nxxxx")
    })?;
    let url = server.url.replace("tcp://", "http://");
    for round in 0..10 {
        docker.call(system::Ping::new()).await?;
        assert!(docker.call(containers::Inspect::new("no-such")).await.is_err_and(|e| e.is_not_found()));
        docker.call(containers::Start::new(&*c.id)).await?; // 204, then 304
        docker.call(containers::List::new()).await?;
        if round % 5 == 0 {
            let error = docker.begin(images::ImportFrom::new(&*url)).all().await.err().ok_or("imported")?;
            assert!(error.kind() == docker_proto::ErrorKind::InStream || engine.is_podman(), "{error:?}");
        }
        docker.call(containers::Inspect::new(&*c.id)).await?;
    }
    assert_eq!(proxy.accepted(), 1, "{:?}", docker.counters());
    Ok(())
}

pub async fn cut_connections_cost_nothing<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let proxy = Proxy::new(&engine.url)?;
    let docker = R::connect(&proxy.url);
    let label = format!("dp-cut-{}-{}", R::NAME, std::process::id());
    let body = || shell("true").labels([(&*label, "1")]).host_config(HostConfig::new().network_mode("none"));
    let mut made = Vec::new();
    for _ in 0..5 {
        docker.call(containers::List::new()).await?;
        proxy.cut();
        docker.call(containers::List::new()).await?;
        proxy.cut();
        made.push(engine.container(&docker, body()).await?);
        proxy.cut();
    }
    let found = docker.call(containers::List::new().all(true).filters([("label", &*label)])).await?;
    assert_eq!(found.len(), made.len());
    Ok(())
}

pub async fn a_slow_wait_keeps_no_ping_waiting<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    // Podman sends the head of a follow with the first output.
    let c = engine.shell(&docker, "echo; trap 'exit 0' TERM; while :; do sleep 0.1; done").await?;
    c.start().await?;
    let mut open = Vec::new();
    for _ in 0..PoolLimits::default().places + 4 {
        let mut follow = docker.begin(containers::Logs::new(&*c.id).stdout(true).follow(true));
        follow.head().await?;
        open.push(follow);
    }
    docker.call(system::Ping::new()).await?;
    assert_eq!(docker.counters().places, 0);
    Ok(())
}
