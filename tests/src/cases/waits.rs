//! Waits for containers: registered before what they wait for, for as long as it takes.

use super::Failure;
use crate::engine::{Engine, shell};
use crate::runtime::{Items, Runtime};
use docker_proto::api::containers::{self, Wait, WaitCondition};
use docker_proto::model::HostConfig;
use docker_proto::session::{CallOptions, Timeouts};
use docker_proto::{ErrorKind, Phase};
use std::time::Duration;

pub async fn a_next_exit_is_never_missed<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    if engine.is_podman() {
        // The head of its answer about one that never ran comes when that has run: nobody can know that a wait is
        // registered. About one that runs it comes at once.
        let c = engine.shell(&docker, "while :; do sleep 0.1; done").await?;
        c.start().await?;
        let mut wait = docker.begin(Wait::new(&*c.id).condition(WaitCondition::NextExit));
        wait.head().await?;
        docker.call(containers::Kill::new(&*c.id)).await?;
        assert_eq!(wait.value().await?.status_code, Some(137));
        return Ok(());
    }
    let c = engine.shell(&docker, "read n </count; echo $((n + 1)) >/count; exit $((n + 1))").await?;
    let put = super::streams::tar("count", b"0\n");
    docker.upload(docker_proto::api::archive::Put::new(&*c.id, "/"), put.into()).value().await?;
    for round in 1..=20 {
        let mut wait = docker.begin(Wait::new(&*c.id).condition(WaitCondition::NextExit));
        wait.head().await?;
        c.start().await?;
        assert_eq!(wait.value().await?.status_code, Some(round));
    }
    Ok(())
}

pub async fn an_exit_that_was_is_no_next_one<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    let c = engine.shell(&docker, "exit 4").await?;
    c.start().await?;
    assert_eq!(c.exit().await?, 4);
    // It does not run: that is so already, and stays so.
    let wait = docker.call(Wait::new(&*c.id).condition(WaitCondition::NotRunning)).await?;
    assert_eq!((wait.status_code, wait.success().err().and_then(|e| e.exit_code())), (Some(4), Some(4)));
    if engine.is_podman() {
        return Ok(());
    }
    let mut wait = docker.begin(Wait::new(&*c.id).condition(WaitCondition::NextExit));
    wait.head().await?;
    assert!(wait.next_within(Duration::from_millis(300)).await.is_none(), "an exit without a run");
    c.start().await?;
    assert_eq!(wait.value().await?.status_code, Some(4));
    Ok(())
}

pub async fn a_container_that_removes_itself_is_waited_for<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    let host = HostConfig::new().network_mode("none").auto_remove(true);
    let c = engine.container(&docker, shell("exit 9").host_config(host)).await?;
    let mut wait = docker.begin(Wait::new(&*c.id).condition(WaitCondition::Removed));
    if engine.is_podman() {
        c.start().await?;
    } else {
        wait.head().await?;
        c.start().await?;
    }
    let code = wait.value().await?.status_code;
    // Podman 4.3 forgets the code with the container.
    assert!(code == Some(9) || engine.is_podman(), "{code:?}");
    let gone = docker.call(containers::Inspect::new(&*c.id)).await.err().ok_or("it is still there")?;
    assert!(gone.is_not_found(), "{gone}");
    Ok(())
}

pub async fn a_wait_can_be_given_up<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    let c = engine.shell(&docker, "trap 'exit 5' TERM; while :; do sleep 0.1; done").await?;
    c.start().await?;
    let mut options = CallOptions::default();
    options.timeouts = Some(Timeouts::each(Duration::from_millis(300)));
    let e = docker.with_options(options).call(Wait::new(&*c.id)).await.err().ok_or("it ended")?;
    assert_eq!((e.kind(), e.phase()), (ErrorKind::Timeout, Some(Phase::Body)), "{e}");
    // Nothing happened to the container, nor to the client.
    let state = docker.call(containers::Inspect::new(&*c.id)).await?.state.ok_or("no state")?;
    assert_eq!(state.running, Some(true));
    docker.call(containers::Stop::new(&*c.id).t(20)).await?;
    assert_eq!(c.exit().await?, 5);
    let e = docker.call(Wait::new("docker-proto-no-such")).await.err().ok_or("found")?;
    assert!(e.is_not_found(), "{e}");
    Ok(())
}
