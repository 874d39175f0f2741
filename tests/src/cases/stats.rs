//! What containers use, beside what the docker command says of the same.

use super::Failure;
use super::progress::variable;
use crate::engine::{Engine, shell};
use crate::peer::Peer;
use crate::runtime::{Items, Runtime};
use docker_proto::ErrorKind;
use docker_proto::api::containers;
use docker_proto::model::{ContainerStatsResponse, HostConfig};
use docker_proto::op::Operation;
use docker_proto::values::Usage;
use serde_json::Value;
use std::io::Write;
use std::process::Command;
use std::time::{Duration, Instant};

/// The percentages of a line of the command: `1.23%`.
fn percent(line: &Value, column: &str) -> Result<f64, Failure> {
    let text = line[column].as_str().ok_or_else(|| format!("no {column} in {line}"))?;
    Ok(text.trim_end_matches('%').parse()?)
}

/// What `docker stats` prints for a container; with `host`, of another engine than the one it belongs to.
fn printed(tool: &str, engine: &Engine, host: Option<&str>, id: &str) -> Result<Value, Failure> {
    let mut command = Command::new(tool);
    command.args(["cli", &engine.name]);
    if let Some(host) = host {
        command.args(["-H", host]);
    }
    let out = command.args(["stats", "--no-stream", "--format", "{{json .}}", id]).output()?;
    let said = String::from_utf8_lossy(&out.stderr);
    serde_json::from_slice(&out.stdout).map_err(|e| format!("docker stats: {e}, {said}").into())
}

/// Uses a fifth of a CPU, which even a busy machine has, and a quarter of its memory.
fn steady() -> docker_proto::model::ContainerCreateBody {
    let host = HostConfig::new().network_mode("none").nano_cpus(200_000_000).memory(256 << 20);
    // The block that waits to be written is what the memory is used for.
    let script = "dd if=/dev/zero bs=64M count=1 2>/dev/null | sleep 1000 & while :; do :; done";
    shell(script).host_config(host)
}

pub async fn a_stream_has_percentages_from_its_second_sample_on<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    let c = engine.shell(&docker, "while :; do :; done").await?;
    c.start().await?;
    let mut samples = docker.begin(containers::Stats::new(&*c.id));
    let first = samples.next().await.ok_or("ended")??;
    let usage = first.usage().ok_or("it does not run")?;
    assert!(usage.memory_used > Some(0) && usage.memory_limit > usage.memory_used, "{usage:?}");
    assert!(usage.processes > Some(0), "{usage:?}");
    // Podman compares its first sample with one a millisecond before.
    assert!(usage.cpu_percent.is_none() || engine.is_podman(), "{usage:?}");
    let second = samples.next().await.ok_or("ended")??;
    let usage = second.usage().ok_or("it does not run")?;
    let cpu = usage.cpu_percent.ok_or("nothing to compare with")?;
    assert!(cpu > 1.0, "{cpu}");
    // What the sample says of the one before is what that said.
    let between = Usage::between(&first, &second).and_then(|usage| usage.cpu_percent).ok_or("nothing between")?;
    assert!((between - cpu).abs() < 0.1, "{between} and {cpu}");
    Ok(())
}

pub async fn samples_one_at_a_time_are_compared_by_hand<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    let c = engine.shell(&docker, "while :; do :; done").await?;
    c.start().await?;
    let once = || docker.call(containers::StatsOnce::new(&*c.id).one_shot(true));
    let older = once().await?;
    assert_eq!(older.usage().ok_or("it does not run")?.cpu_percent, None);
    let deadline = Instant::now() + Duration::from_secs(30);
    // The counter of the host moves in steps of 10 ms.
    let cpu = loop {
        let newer = once().await?;
        match Usage::between(&older, &newer).and_then(|usage| usage.cpu_percent) {
            Some(cpu) if cpu > 0.0 => break cpu,
            other => assert!(Instant::now() < deadline, "still {other:?}"),
        }
    };
    assert!(cpu < 1000.0, "{cpu}");
    // Without `one-shot` dockerd waits for a second sample; podman never does.
    let two = docker.call(containers::StatsOnce::new(&*c.id)).await?;
    let usage = two.usage().ok_or("it does not run")?;
    assert_eq!(usage.cpu_percent.is_some(), !engine.is_podman(), "{usage:?}");
    Ok(())
}

pub async fn a_container_that_does_not_run_uses_nothing<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    let c = engine.shell(&docker, "true").await?;
    let once = docker.call(containers::StatsOnce::new(&*c.id)).await;
    let mut samples = docker.begin(containers::Stats::new(&*c.id));
    if engine.is_podman() {
        // It answers with success and without a body.
        let e = once.err().ok_or("a sample")?;
        assert!(e.kind() == ErrorKind::Truncated && e.message().contains("no body"), "{e}");
        assert!(samples.next().await.transpose()?.is_none());
        return Ok(());
    }
    assert_eq!(once?.usage(), None);
    for _ in 0..2 {
        assert_eq!(samples.next().await.ok_or("ended")??.usage(), None);
    }
    // And so it goes on, until the container is removed.
    Ok(())
}

pub async fn the_command_prints_the_same_for_the_same_sample<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let Some(tool) = variable("DOCKER_TEST_TOOL")? else { return Ok(()) };
    let docker: R = engine.client();
    let c = engine.container(&docker, steady()).await?;
    c.start().await?;
    let mut samples = docker.begin(containers::Stats::new(&*c.id).with_text());
    // The first one has nothing to compare with.
    samples.next().await.ok_or("ended")??;
    let (sample, text) = samples.next().await.ok_or("ended")??;
    let usage = sample.usage().ok_or("it does not run")?;
    assert!(usage.cpu_percent.is_some(), "{usage:?}");
    let document = String::from_utf8(text.to_vec())?;
    let peer = Peer::unix(move |mut c| {
        while let Some(head) = c.head()? {
            // Whatever else it asks for does not matter to it.
            let body = if head.contains("/stats") { &*document } else { "{}" };
            let body = if head.starts_with("HEAD") { "" } else { body };
            let length = body.len();
            write!(
                c.writer,
                "HTTP/1.1 200 OK\r\nServer: Docker/0 (linux)\r\nApi-Version: 1.41\r\nOstype: linux\r\n\
                 Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
            )?;
        }
        Ok(())
    })?;
    let line = printed(&tool, engine, Some(&peer.url), &c.id)?;
    let same = |ours: Option<f64>, column| -> Result<(), Failure> {
        assert_eq!(line[column], format!("{:.2}%", ours.unwrap_or_default()), "{column} of {usage:?}");
        Ok(())
    };
    same(usage.cpu_percent, "CPUPerc")?;
    same(usage.memory_percent, "MemPerc")?;
    assert_eq!(line["PIDs"], usage.processes.unwrap_or_default().to_string());
    Ok(())
}

pub async fn figures_are_within_a_point_of_the_command<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let Some(tool) = variable("DOCKER_TEST_TOOL")? else { return Ok(()) };
    let docker: R = engine.client();
    let c = engine.container(&docker, steady()).await?;
    c.start().await?;
    let deadline = Instant::now() + Duration::from_secs(90);
    // Other tests may take the machine for a moment: what counts is that both agree once it is quiet.
    loop {
        let usage = second_sample(&docker, &c.id).await?.usage().ok_or("it does not run")?;
        let line = printed(&tool, engine, None, &c.id)?;
        let cpu = (usage.cpu_percent.ok_or("no CPU time")?, percent(&line, "CPUPerc")?);
        let memory = (usage.memory_percent.ok_or("no memory")?, percent(&line, "MemPerc")?);
        let close = |(ours, theirs): (f64, f64), least: f64| (ours - theirs).abs() <= 1.0 && ours > least;
        // Podman gives the command one sample only, so that it prints the mean since the start of the host.
        if (engine.is_podman() || close(cpu, 5.0)) && close(memory, 20.0) {
            eprintln!(
                "stats: {} with {}: CPU {cpu:.2?}, memory {memory:.2?} percent, ours and docker's",
                engine.name,
                R::NAME
            );
            return Ok(());
        }
        assert!(Instant::now() < deadline, "ours and docker's: CPU {cpu:?}, memory {memory:?}");
    }
}

/// The second sample of a stream.
async fn second_sample<R: Runtime>(docker: &R, id: &str) -> Result<ContainerStatsResponse, Failure> {
    let mut samples = docker.begin(containers::Stats::new(id));
    samples.next().await.ok_or("ended")??;
    Ok(samples.next().await.ok_or("ended")??)
}
