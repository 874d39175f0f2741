//! Jobs that are called off, at each of their steps: what they leave behind.

use super::Failure;
use crate::engine::{Engine, IMAGE};
use crate::peer::Peer;
use crate::runtime::{Items as _, Runtime};
use crate::steps::{is_off, stepped};
use docker_proto::Error;
use docker_proto::api::build::{FromRemote, FromTar};
use docker_proto::api::containers::{Inspect, List};
use docker_proto::api::images;
use docker_proto::build::Context;
use docker_proto::jobs::{
    Job, build, build_remote, ensure_built, ensure_image, exec_run, remove_labelled, run, run_detached,
};
use docker_proto::op::RegistryAuth;
use docker_proto::values::CreateOptions;
use std::io::Write as _;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

pub(super) fn unique() -> String {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    format!("dp-until-{}-{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed))
}

pub(super) fn shell(script: &str, label: &str) -> CreateOptions {
    CreateOptions::new(IMAGE).args(["sh", "-c", script]).network("none").stop_timeout(0).label((label, ""))
}

/// How many containers with this label are there. The list of dockerd has some for a moment that are gone.
pub(super) async fn left<R: Runtime>(docker: &R, label: &str) -> Result<usize, Failure> {
    let mut left = 0;
    for listed in docker.call(List::new().all(true).filters([("label", label)])).await? {
        match docker.call(Inspect::new(listed.id.ok_or("no id")?)).await {
            Err(e) if e.is_not_found() => {}
            _ => left += 1,
        }
    }
    Ok(left)
}

/// Does a job again and again, called off one step later each time, until it is done before that. After each time `look`
/// is asked. Gives the number of steps.
pub(super) async fn at_each<R: Runtime, J: Job>(
    docker: &R,
    job: impl Fn() -> J,
    mut look: impl AsyncFnMut(usize, Result<J::Output, Error>) -> Result<(), Failure>,
) -> Result<usize, Failure> {
    for n in 0.. {
        let (job, step) = stepped(job(), n);
        let done = docker.job(job).await;
        look(n, done).await?;
        if !step.has_fired() {
            return Ok(n);
        }
    }
    unreachable!("no job has so many steps")
}

pub async fn one_that_runs_leaves_no_container<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    for rm in [false, true] {
        let label = &*unique();
        let steps = at_each(
            &docker,
            || run(shell("echo out; exit 3", label).rm(rm)),
            async |n, done| {
                assert!(done.as_ref().is_ok_and(|ran| ran.code == 3) || done.as_ref().is_err_and(is_off), "{done:?}");
                assert_eq!(left(&docker, label).await?, 0, "step {n}: {done:?}");
                Ok(())
            },
        );
        let steps = steps.await?;
        assert!(steps >= 8, "{steps} steps");
    }
    Ok(())
}

pub async fn one_that_is_started_runs_or_is_gone<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    let label = &*unique();
    let steps = at_each(
        &docker,
        || run_detached(shell("sleep 300", label)),
        async |n, done| {
            match done {
                Err(e) => assert!(is_off(&e) && left(&docker, label).await? == 0, "step {n}: {e}"),
                Ok(started) => {
                    let state = docker.call(Inspect::new(&*started.id)).await?.state.unwrap_or_default();
                    assert_eq!(state.running, Some(true), "step {n}");
                    assert_eq!(docker.job(remove_labelled(label)).await?, [started.id]);
                }
            }
            Ok(())
        },
    );
    let steps = steps.await?;
    assert!(steps >= 3, "{steps} steps");
    Ok(())
}

/// In the middle of everything, by what the runtime has for that: a timer, or a canceller from another thread.
pub async fn whatever_calls_it_off_it_is_gone<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    let label = &*unique();
    for time in [0, 1, 3, 10, 30, 100, 300] {
        let began = Instant::now();
        let job = run(shell("sleep 300", label));
        let e = docker.job_for(job, Duration::from_millis(time)).await.unwrap_err();
        assert!(is_off(&e) && began.elapsed() < Duration::from_secs(30), "{time}: {e} {:?}", began.elapsed());
        assert_eq!(left(&docker, label).await?, 0, "{time}");
    }
    Ok(())
}

/// A command goes on, for no engine can end one; but no other thing is there that was not there before.
pub async fn a_command_leaves_nothing_but_itself<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    let label = &*unique();
    let started = docker.job(run_detached(shell("sleep 300", label))).await?;
    let job = || exec_run(&*started.id, ["sh", "-c", "echo hi; exit 3"]);
    let steps = at_each(&docker, job, async |n, done| {
        match done {
            Err(e) => assert!(is_off(&e), "step {n}: {e}"),
            Ok(ran) => assert_eq!((ran.code, &*ran.output.stdout_text()), (3, "hi\n")),
        }
        Ok(())
    });
    assert!(steps.await? >= 4);
    assert_eq!(left(&docker, label).await?, 1);
    let e = docker.job_for(exec_run(&*started.id, ["sleep", "300"]), Duration::from_millis(200)).await.unwrap_err();
    assert!(is_off(&e), "{e}");
    assert_eq!(docker.job(remove_labelled(label)).await?, [started.id]);
    Ok(())
}

/// Built in one step, without a container: from here, and from where the engine gets the Dockerfile by itself.
pub async fn an_image_is_built_or_not<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    let name = &*format!("{}:1", unique());
    let builder = if matches!(R::NAME, "tokio" | "blocking") { "1" } else { "2" };
    let dockerfile = format!("FROM scratch\nLABEL whole={name}\n");
    let here = || {
        let how = FromTar::new().version(builder);
        ensure_built(name, build(how, Context::dockerfile(dockerfile.clone())))
    };
    built_or_not(&docker, name, here).await?;
    if engine.is_podman() {
        // 4.3 fetches nothing.
        return Ok(());
    }
    let served = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{dockerfile}", dockerfile.len());
    let served = served.replacen("\r\n", "\r\nContent-Type: text/plain\r\n", 1);
    let peer = Peer::tcp(move |mut c| {
        while c.head()?.is_some() {
            c.writer.write_all(served.as_bytes())?;
        }
        Ok(())
    })?;
    let url = peer.url.replacen("tcp", "http", 1);
    let there = || build_remote(FromRemote::new(format!("{url}/Dockerfile")).tags([name]).version(builder));
    built_or_not(&docker, name, there).await
}

async fn built_or_not<R: Runtime, J: Job>(docker: &R, name: &str, job: impl Fn() -> J) -> Result<(), Failure> {
    let steps = at_each(docker, job, async |n, done| {
        let e = done.as_ref().err();
        assert!(e.is_none_or(is_off), "step {n}: {e:?}");
        match docker.call(images::Inspect::new(name)).await {
            Err(e) => assert!(e.is_not_found() && done.is_err(), "step {n}: {e}"),
            Ok(image) => {
                let labels = image.config.map(|config| config.labels).unwrap_or_default();
                assert_eq!(labels.get("whole").map(String::as_str), Some(name), "step {n}");
                docker.call(images::Remove::new(name).force(true)).await?;
            }
        }
        Ok(())
    });
    let steps = steps.await?;
    assert!(steps >= 3, "{steps} steps");
    Ok(())
}

/// With the registry of the tests.
pub async fn an_image_is_there_or_not<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let Ok(registry) = std::env::var("DOCKER_TEST_REGISTRY") else {
        eprintln!("SKIPPED on {}: there is no registry (DOCKER_TEST_REGISTRY), so no image is pulled", engine.name);
        return Ok(());
    };
    let docker: R = engine.client();
    let repo = format!("{registry}/{}", unique());
    let name = &*format!("{repo}:1");
    docker.call(images::Tag::new(IMAGE, &*repo).tag("1")).await?;
    docker.begin(images::Push::new(&*repo).tag("1").registry_auth(RegistryAuth::anonymous())).all().await?;
    docker.call(images::Remove::new(name)).await?;
    let steps = at_each(
        &docker,
        || ensure_image(name),
        async |n, done| {
            assert!(done.is_ok() || done.as_ref().is_err_and(is_off), "step {n}: {done:?}");
            // An engine may be about to have it when the job is called off.
            match docker.call(images::Remove::new(name)).await {
                Err(e) if !e.is_not_found() => Err(e.into()),
                _ => Ok(()),
            }
        },
    );
    assert!(steps.await? >= 3);
    Ok(())
}

/// A name is there only with the whole image: of builds that had come to their end.
pub async fn a_build_leaves_no_container_and_no_half_image<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    // A build for each step takes its time: of the two builders one for each half of the runtimes.
    let builder = if matches!(R::NAME, "tokio" | "blocking") { "1" } else { "2" };
    let label = &*unique();
    let name = format!("{label}:1");
    // The command tells the container of the step from those of others.
    let dockerfile = format!("FROM {IMAGE}\nRUN [\"true\", \"{label}\"]\nLABEL whole=yes\n");
    let how = || FromTar::new().version(builder).networkmode("none").nocache(true).tags([&*name]);
    let steps = at_each(
        &docker,
        || build(how(), Context::dockerfile(dockerfile.clone())),
        async |n, done| {
            assert!(done.as_ref().err().is_none_or(is_off), "step {n}: {done:?}");
            match docker.call(images::Inspect::new(&*name)).await {
                Err(e) => assert!(e.is_not_found() && done.is_err(), "step {n}: {e}"),
                Ok(image) => {
                    let labels = image.config.map(|config| config.labels).unwrap_or_default();
                    assert_eq!(labels.get("whole").map(String::as_str), Some("yes"), "step {n}");
                    docker.call(images::Remove::new(&*name).force(true)).await?;
                }
            }
            let end = Instant::now() + Duration::from_secs(30);
            while made_by(&docker, label).await? {
                assert!(Instant::now() < end, "step {n}: the container of the step is still there");
                R::sleep(Duration::from_millis(20)).await;
            }
            Ok(())
        },
    );
    let steps = steps.await?;
    assert!(steps >= 3, "{steps} steps");
    Ok(())
}

/// Whether there is a container whose command holds this, running or not.
async fn made_by<R: Runtime>(docker: &R, part: &str) -> Result<bool, Failure> {
    let all = docker.call(List::new().all(true)).await?;
    Ok(all.iter().any(|container| container.command.as_deref().is_some_and(|command| command.contains(part))))
}
