//! Detach keys: the engine's, a call's, the client's.

use super::Failure;
use super::dialogue::{Seen, everything, open_stdin};
use crate::engine::Engine;
use crate::runtime::{Input, Items, Runtime};
use docker_proto::ErrorKind;
use docker_proto::api::containers::{Attach, Top};
use docker_proto::api::exec;
use docker_proto::jobs::{Outcome, container_outcome, exec_outcome};
use docker_proto::model::ExecConfig;
use docker_proto::op::{Operation, Session};
use docker_proto::session::{Config, Endpoint, PoolLimits};
use std::time::{Duration, Instant};

/// Types keys one by one until the session ends; what came until then. Engines look only at keys that come alone, so
/// there is a pause between them, and another try if two were read together.
async fn typed<O: Operation<Reply = Session>, R: Runtime>(
    output: &mut R::Items<O>,
    input: &mut R::Input,
    keys: &[u8],
    patience: Duration,
) -> Result<String, Failure> {
    let mut seen = String::new();
    for _ in 0..10 {
        for &key in keys {
            // The other side may have ended it already.
            let _ = input.write(&[key]).await;
            R::sleep(Duration::from_millis(30)).await;
        }
        while let Some(next) = output.next_within(patience).await {
            match next {
                None => return Ok(seen),
                Some(piece) => seen.push_str(&String::from_utf8_lossy(&piece?.bytes)),
            }
        }
    }
    Err("still attached".into())
}

fn configured<R: Runtime>(engine: &Engine) -> Result<R, Failure> {
    let endpoint = Endpoint::parse(&engine.url)?;
    let mut config = Config::new(&endpoint);
    config.detach_keys = Some("ctrl-x,x".parse()?);
    Ok(R::new(endpoint, config, PoolLimits::default()))
}

async fn from_container<R: Runtime>(
    engine: &Engine,
    docker: &R,
    attach: fn(&str) -> Attach,
    keys: &[u8],
) -> Result<(), Failure> {
    let c = engine.container(docker, open_stdin("echo up; cat", true, false)).await?;
    let (mut output, mut input) = docker.open(attach(&c.id)).await?;
    c.start().await?;
    let mut seen = Seen::default();
    seen.until(&mut output, "up", "").await?;
    typed::<_, R>(&mut output, &mut input, keys, Duration::from_millis(500)).await?;
    let outcome = docker.job(container_outcome(&*c.id).patience(Duration::ZERO)).await?;
    assert_eq!(outcome, Outcome::Running);
    // It can be attached to again.
    let (mut output, mut input) = docker.open(attach(&c.id)).await?;
    input.write(b"again\n").await?;
    seen.until(&mut output, "again", "").await
}

async fn from_exec<R: Runtime>(engine: &Engine, docker: &R, keys: &[u8], said: Option<&str>) -> Result<(), Failure> {
    let c = engine.shell(docker, "exec sleep 120").await?;
    c.start().await?;
    let config = ExecConfig::new().cmd(["sh", "-c", "echo up; exec sleep 60"]).tty(true);
    let mut config = config.attach_stdin(true).attach_stdout(true).attach_stderr(true);
    config.detach_keys = said.map(Into::into);
    let id = docker.call(exec::Create::new(&*c.id, config)).await?.id.ok_or("no id")?;
    let (mut output, mut input) = docker.open(exec::Start::new(&*id).tty(true)).await?;
    Seen::default().until(&mut output, "up", "").await?;
    // Podman ends it five seconds later.
    let patience = Duration::from_millis(if engine.is_podman() { 10_000 } else { 500 });
    let text = typed::<_, R>(&mut output, &mut input, keys, patience).await?;
    // All engines take it for a failure of the exec, and forget how it goes on.
    let outcome = docker.job(exec_outcome(&*id).patience(Duration::ZERO)).await;
    match engine.is_podman() {
        false => {
            assert!(text.contains("read escape sequence"), "{text}");
            assert_eq!(outcome?, Outcome::Exited(126));
        }
        true => {
            assert!(text.contains("detached from container"), "{text}");
            assert!(outcome.as_ref().is_err_and(|e| e.kind() == ErrorKind::Decode), "{outcome:?}");
        }
    }
    Ok(())
}

pub async fn closing_the_connection_leaves_an_exec_alone<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    let c = engine.shell(&docker, "exec sleep 120").await?;
    c.start().await?;
    let exec = c.exec("echo up; exec sleep 77", true, true).await?;
    let (mut output, input) = docker.open(exec::Start::new(&*exec).tty(true)).await?;
    Seen::default().until(&mut output, "up", "").await?;
    drop((output, input));
    // The shell has said `up`, and may be on its way to become what it runs.
    let begun = Instant::now();
    loop {
        let top = format!("{:?}", docker.call(Top::new(&*c.id)).await?);
        if top.contains("sleep 77") {
            break;
        }
        assert!(begun.elapsed() < Duration::from_secs(10), "{top}");
        R::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(docker.job(exec_outcome(&*exec).patience(Duration::ZERO)).await?, Outcome::Running);
    Ok(())
}

pub async fn the_engines_own_detach<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    from_container(engine, &docker, everything, b"\x10\x11").await?;
    from_exec(engine, &docker, b"\x10\x11", None).await
}

pub async fn those_of_a_call_detach<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = configured(engine)?;
    from_container(engine, &docker, |id| everything(id).detach_keys("ctrl-a,d"), b"\x01d").await?;
    from_exec(engine, &docker, b"\x01d", Some("ctrl-a,d")).await
}

pub async fn those_of_the_client_detach<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = configured(engine)?;
    from_container(engine, &docker, everything, b"\x18x").await?;
    from_exec(engine, &docker, b"\x18x", None).await
}
