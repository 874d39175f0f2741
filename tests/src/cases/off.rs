//! Jobs that make nothing, called off at each of their steps: they end at once, and nothing of them goes on.

use super::Failure;
use super::killable::{others, sleeper};
use super::until::{at_each, left, shell, unique};
use crate::engine::Engine;
use crate::runtime::Runtime;
use crate::steps::is_off;
use docker_proto::Error;
use docker_proto::api::{containers, exec};
use docker_proto::jobs::{
    Job, container_outcome, exec_outcome, list_detailed, remove_labelled, resize, run_detached, wait_until_healthy,
    wait_until_log, wait_until_port, wait_until_ready,
};
use docker_proto::model::ExecConfig;
use std::time::{Duration, Instant};

/// Longer than a pause between two looks.
const TIME: Duration = Duration::from_millis(150);
/// No job takes as long that ends at once, however busy the machine is.
const PROMPT: Duration = Duration::from_secs(10);

/// Calls a job off at each step. Whoever is not called off ends as `ends` says.
async fn promptly<R: Runtime, J: Job>(
    docker: &R,
    name: &str,
    job: impl Fn() -> J,
    ends: impl Fn(Result<J::Output, Error>) -> bool,
) -> Result<(), Failure> {
    let mut began = Instant::now();
    let steps = at_each(docker, job, async |n, done| {
        assert!(done.as_ref().is_err_and(is_off) || ends(done), "{name}, step {n}");
        assert!(began.elapsed() < PROMPT, "{name}, step {n}: {:?}", began.elapsed());
        let counters = docker.counters();
        assert_eq!((counters.in_use(), counters.places, counters.waiting), (0, 0, 0), "{name}, step {n}: {counters:?}");
        began = Instant::now();
        Ok(())
    });
    let steps = steps.await?;
    assert!(steps >= 2, "{name}: {steps} steps");
    Ok(())
}

fn is_late<T>(done: Result<T, Error>) -> bool {
    done.is_err_and(|e| e.is_timeout() && e.message().contains("150ms"))
}

pub async fn waits_end_at_once<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    let label = &*unique();
    let id = &*sleeper(&docker, label).await?;
    let checked = shell("sleep 300", label).health_cmd("false").health_interval("1s");
    let checked = &*docker.job(run_detached(checked)).await?.id;
    promptly(&docker, "healthy", || wait_until_healthy(checked, TIME), is_late).await?;
    promptly(&docker, "log", || wait_until_log(id, "never", TIME), is_late).await?;
    promptly(&docker, "port", || wait_until_port(id, 80, TIME), is_late).await?;
    promptly(&docker, "ready", || wait_until_ready(TIME), |done| done.is_ok()).await?;
    // What looks for ports ends by itself.
    let end = Instant::now() + Duration::from_secs(30);
    while !others(&docker, id).await?.is_empty() {
        assert!(Instant::now() < end, "{:?}", others(&docker, id).await?);
        R::sleep(Duration::from_millis(10)).await;
    }
    docker.job(remove_labelled(label)).await?;
    Ok(())
}

pub async fn questions_end_at_once<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    let label = &*unique();
    let id = &*sleeper(&docker, label).await?;
    let command = ExecConfig::new().cmd(["true"]).attach_stdout(true).tty(true);
    let exec = &*docker.call(exec::Create::new(id, command)).await?.id.ok_or("no id")?;
    let list = || containers::List::new().all(true).filters([("label", label)]);
    let own = |done: Result<Vec<_>, Error>| done.is_ok_and(|all| all.len() == 1);
    promptly(&docker, "list_detailed", || list_detailed(list()), own).await?;
    // The one runs and the other does not: each is asked again until its patience ends.
    promptly(&docker, "container", || container_outcome(id).patience(TIME), |done| done.is_ok()).await?;
    promptly(&docker, "exec", || exec_outcome(exec).patience(TIME), |done| done.is_ok()).await?;
    // It has no terminal; engines refuse it, or do nothing.
    let terminal = || resize(containers::Resize::new(id, 10u32, 20u32)).patience(TIME);
    promptly(&docker, "resize", terminal, |_| true).await?;
    docker.job(remove_labelled(label)).await?;
    Ok(())
}

/// What it has removed by then is gone, and what it has not come to is whole.
pub async fn a_removal_ends_after_the_one_it_is_at<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    let label = &*unique();
    for n in 0.. {
        let missing = 2usize.saturating_sub(left(&docker, label).await?);
        for _ in 0..missing {
            docker.call(shell("true", label).create()?).await?;
        }
        let (job, step) = crate::steps::stepped(remove_labelled(label), n);
        let done = docker.job(job).await;
        let rest = left(&docker, label).await?;
        match &done {
            Ok(removed) => assert_eq!((removed.len(), rest), (2, 0), "step {n}"),
            Err(e) => assert!(is_off(e) && rest > 0, "step {n}: {e}; {rest} are there"),
        }
        if !step.has_fired() {
            assert!(n >= 2 && done.is_ok(), "{n} steps");
            return Ok(());
        }
    }
    unreachable!("no job has so many steps")
}
