//! Containers and commands that are run to their end, and waiting for what takes a while.

use super::Failure;
use crate::engine::{Container, Engine, IMAGE};
use crate::runtime::{Items as _, Runtime};
use docker_proto::api::containers::{Inspect, Remove};
use docker_proto::api::images;
use docker_proto::jobs::{
    ensure_image, exec_run, remove_labelled, run, run_detached, wait_until_healthy, wait_until_log, wait_until_port,
    wait_until_ready,
};
use docker_proto::op::RegistryAuth;
use docker_proto::values::CreateOptions;
use docker_proto::{Error, ErrorKind};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

const MINUTE: Duration = Duration::from_secs(60);

fn shell(script: &str) -> CreateOptions {
    CreateOptions::new(IMAGE).args(["sh", "-c", script]).network("none").stop_timeout(0)
}

/// A name that nobody else has.
fn unique(what: &str) -> String {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    format!("dp-{what}-{}-{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed))
}

async fn is_gone<R: Runtime>(docker: &R, id: &str) -> bool {
    docker.call(Inspect::new(id)).await.is_err_and(|e| e.is_not_found())
}

/// docker-py's `test_run` and `test_run_with_error`.
pub async fn both_outputs_and_the_code_come_and_nothing_is_left<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    let ran = docker.job(run(shell("echo hello world"))).await?.success()?;
    assert_eq!((&*ran.output.stdout_text(), &*ran.output.stderr_text()), ("hello world\n", ""));
    assert!(ran.not_removed.is_none() && is_gone(&docker, &ran.id).await);
    let ran = docker.job(run(shell("echo out; cat /test; exit 3"))).await?;
    assert_eq!((ran.code, &*ran.output.stdout_text()), (3, "out\n"));
    assert!(is_gone(&docker, &ran.id).await);
    let e = ran.success().unwrap_err();
    assert_eq!((e.kind(), e.exit_code()), (ErrorKind::Exit, Some(3)));
    assert!(e.message().contains(IMAGE) && e.message().contains("No such file or directory"), "{e}");
    Ok(())
}

/// The output of one that writes at once and ends: whoever attaches too late, or waits too late, sees it here.
pub async fn short_ones_lose_nothing<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    for code in 0..5 {
        let ran = docker.job(run(shell(&format!("printf %s {code}; exit {code}")))).await?;
        assert_eq!((ran.code, ran.output.stdout_text()), (code, code.to_string().into()));
    }
    Ok(())
}

/// docker-py's `test_run_detach`.
pub async fn detached_it_goes_on<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    let label = unique("label");
    let started = docker.job(run_detached(shell("sleep 300").label((&*label, "1")))).await?;
    let container = docker.call(Inspect::new(&*started.id)).await?;
    assert_eq!(container.state.and_then(|state| state.running), Some(true));
    assert_eq!(container.config.map(|config| config.cmd).unwrap_or_default(), ["sh", "-c", "sleep 300"]);
    // Found by its label, and not by another.
    assert!(docker.job(remove_labelled(format!("{label}=2"))).await?.is_empty());
    assert_eq!(docker.job(remove_labelled(&*label)).await?, [&*started.id]);
    assert!(is_gone(&docker, &started.id).await);
    // What cannot be started is not left.
    let broken = CreateOptions::new(IMAGE).args(["/no/such/program"]).network("none").label((&*label, "3"));
    assert!(docker.job(run_detached(broken)).await.is_err());
    assert!(docker.job(remove_labelled(&*label)).await?.is_empty());
    Ok(())
}

/// docker-py's `test_run_with_image_that_does_not_exist`, and the image that its registry has.
pub async fn a_missing_image_is_pulled<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let Ok(registry) = std::env::var("DOCKER_TEST_REGISTRY") else {
        eprintln!("SKIPPED on {}: there is no registry (DOCKER_TEST_REGISTRY), so no image is pulled", engine.name);
        return Ok(());
    };
    let docker: R = engine.client();
    let repo = format!("{registry}/{}", unique("run"));
    let name = format!("{repo}:1");
    docker.call(images::Tag::new(IMAGE, &*repo).tag("1")).await?;
    let anonymous = RegistryAuth::anonymous;
    docker.begin(images::Push::new(&*repo).tag("1").registry_auth(anonymous())).all().await?;
    docker.call(images::Remove::new(&*name)).await?;
    let of = |name: &str| CreateOptions::new(name).args(["echo", "pulled"]).network("none");
    assert!(docker.job(run(of(&name)).pull(false)).await.is_err_and(|e| e.is_image_not_found()));
    let ran = docker.job(run(of(&name))).await?.success()?;
    assert_eq!(ran.output.stdout_text(), "pulled\n");
    // It is there now, and was there all the time for the second.
    assert!(!docker.job(ensure_image(&*name)).await?.pulled);
    docker.call(images::Remove::new(&*name)).await?;
    let seen = Arc::new(Mutex::new(0));
    let count = seen.clone();
    let watch = move |_| *count.lock().expect("nobody failed with it") += 1;
    let ensured = docker.job(ensure_image(&*name).auth(anonymous()).watch(watch)).await?;
    assert!(ensured.pulled && *seen.lock().expect("nobody failed with it") > 0);
    docker.call(images::Remove::new(&*name)).await?;
    // Nobody has this one.
    let e = docker.job(run(of(&format!("{repo}:2")))).await.unwrap_err();
    assert!(e.missing_image().is_some(), "{e}");
    Ok(())
}

/// docker-py's `test_run_with_none_driver` and `test_run_with_auto_remove`: it reads the log, which is not there.
pub async fn no_log_is_needed<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    let ran = docker.job(run(shell("echo hello").log_driver("none"))).await?;
    assert_eq!((ran.code, &*ran.output.stdout_text()), (0, "hello\n"));
    assert!(is_gone(&docker, &ran.id).await);
    for code in [0, 1] {
        let ran = docker.job(run(shell(&format!("echo hello; echo error >&2; exit {code}")).rm(true))).await?;
        assert_eq!((ran.code, &*ran.output.stdout_text(), &*ran.output.stderr_text()), (code, "hello\n", "error\n"));
        assert!(is_gone(&docker, &ran.id).await);
    }
    Ok(())
}

pub async fn whatever_fails_the_container_is_removed<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    let label = unique("label");
    let of = |script: &str| shell(script).label((&*label, ""));
    let e = docker.job(run(of("yes")).at_most(100_000)).await.unwrap_err();
    assert_eq!(e.kind(), ErrorKind::TooLarge);
    let began = Instant::now();
    let e = docker.job(run(of("sleep 300")).timeout(Duration::from_millis(500))).await.unwrap_err();
    assert!(e.is_timeout() && began.elapsed() < MINUTE, "{e}");
    let broken = CreateOptions::new(IMAGE).args(["/no/such/program"]).network("none").label((&*label, ""));
    let e = docker.job(run(broken)).await.unwrap_err();
    // Podman starts a container when it is attached to.
    let start = if engine.is_podman() { "ContainerAttach" } else { "ContainerStart" };
    assert_eq!(e.operation(), Some(start), "{e}");
    assert!(docker.job(remove_labelled(&*label)).await?.is_empty());
    // Unless it is to be kept.
    let kept = docker.job(run(of("exit 4")).keep(true)).await?;
    assert_eq!(docker.job(remove_labelled(&*label)).await?, [&*kept.id]);
    Ok(())
}

pub async fn output_is_watched_while_it_comes<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let kept = seen.clone();
    let watch = move |piece: docker_proto::wire::Piece| {
        kept.lock().expect("nobody failed with it").extend_from_slice(&piece.bytes);
    };
    let ran = docker.job(run(shell("echo hello; echo world").tty(true)).watch(watch)).await?;
    assert_eq!((ran.code, &*ran.output.stdout), (0, &b""[..]));
    assert_eq!(&*seen.lock().expect("nobody failed with it"), b"hello\r\nworld\r\n");
    Ok(())
}

async fn sleeper<R: Runtime>(engine: &Engine, docker: &R) -> Result<Container<R>, Failure> {
    let c = engine.shell(docker, "trap 'exit 0' TERM; while :; do sleep 0.1; done").await?;
    c.start().await?;
    Ok(c)
}

/// docker-py's `test_exec_run_success` and `test_exec_run_failed`, with both outputs.
pub async fn commands_give_both_outputs_and_the_code<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    let c = sleeper(engine, &docker).await?;
    let exec = |script: &str| exec_run(&*c.id, ["sh", "-c", script]);
    let ran = docker.job(exec("echo $MODE; pwd; echo err >&2; exit 3").with(|e| e.env(["MODE=x"]).working_dir("/tmp")));
    let ran = ran.await?;
    assert_eq!((ran.code, &*ran.output.stdout_text(), &*ran.output.stderr_text()), (3, "x\n/tmp\n", "err\n"));
    assert_eq!(ran.success().unwrap_err().exit_code(), Some(3));
    let ran = docker.job(exec("echo out; echo err >&2").with(|e| e.tty(true))).await?.success()?;
    assert_eq!((&*ran.output.stdout_text(), &*ran.output.stderr_text()), ("out\r\nerr\r\n", ""));
    let ran = docker.job(exec_run(&*c.id, ["/no/such/program"])).await?;
    assert!(matches!(ran.code, 126 | 127), "{ran:?}");
    let e = docker.job(exec("sleep 300").timeout(Duration::from_millis(300))).await.unwrap_err();
    assert!(e.is_timeout(), "{e}");
    docker.call(Remove::new(&*c.id).force(true)).await?;
    assert!(docker.job(exec("true")).await.is_err_and(|e| e.is_not_found()));
    Ok(())
}

/// Podman asks systemd to make its checks, which is not there: it is seen there that the wait has an end.
pub async fn health_is_waited_for<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    let label = unique("label");
    let with_check =
        |script: &str| shell(script).health_cmd("test -e /tmp/up").health_interval("1s").label((&*label, ""));
    let started = docker.job(run_detached(with_check("sleep 1; touch /tmp/up; sleep 300"))).await?;
    let patience = if engine.is_podman() { Duration::from_secs(2) } else { MINUTE };
    match docker.job(wait_until_healthy(&*started.id, patience)).await {
        Ok(state) => {
            assert_eq!(state.health.and_then(|h| h.status).map(|s| s.as_str().to_owned()).as_deref(), Some("healthy"))
        }
        Err(e) if engine.is_podman() => assert!(e.is_timeout() && e.message().contains("is not healthy"), "{e}"),
        Err(e) => return Err(e.into()),
    }
    let ends = docker.job(run_detached(with_check("echo out of memory; exit 4"))).await?;
    ended(docker.job(wait_until_healthy(&*ends.id, MINUTE)).await, "out of memory");
    let none = docker.job(run_detached(shell("sleep 300").label((&*label, "")))).await?;
    assert_eq!(docker.job(wait_until_healthy(&*none.id, MINUTE)).await.unwrap_err().kind(), ErrorKind::Usage);
    assert_eq!(docker.job(remove_labelled(&*label)).await?.len(), 3);
    Ok(())
}

fn ended<T: std::fmt::Debug>(done: Result<T, Error>, wrote: &str) {
    let e = done.unwrap_err();
    assert_eq!((e.kind(), e.exit_code()), (ErrorKind::Exit, Some(4)), "{e}");
    assert!(e.message().contains(wrote), "{e}");
}

pub async fn a_line_is_waited_for<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    for tty in [false, true] {
        let label = unique("label");
        let of = |script: &str| shell(script).tty(tty).label((&*label, ""));
        let started = docker.job(run_detached(of("echo one; sleep 1; echo it is ready now; sleep 300"))).await?;
        let line = docker.job(wait_until_log(&*started.id, "is ready", MINUTE)).await?;
        assert_eq!(line, "it is ready now");
        let e = docker.job(wait_until_log(&*started.id, "never", Duration::from_millis(500))).await.unwrap_err();
        assert!(e.is_timeout() && e.message().ends_with("last: it is ready now"), "{e}");
        let ends = docker.job(run_detached(of("echo no space left; exit 4"))).await?;
        ended(docker.job(wait_until_log(&*ends.id, "is ready", MINUTE)).await, "no space left");
        docker.job(remove_labelled(&*label)).await?;
    }
    Ok(())
}

/// On the machine's network, for there are no bridges: a port that nobody else has.
pub async fn a_port_is_waited_for<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    let label = unique("label");
    let free = std::net::TcpListener::bind("127.0.0.1:0")?;
    let port = free.local_addr()?.port();
    drop(free);
    let of = |script: &str| shell(script).network("host").label((&*label, ""));
    let late = docker.job(run_detached(of(&format!("sleep 1; nc -l -p {port}")))).await?;
    let e = docker.job(wait_until_port(&*late.id, port, Duration::from_millis(10))).await.unwrap_err();
    assert!(e.is_timeout(), "{e}");
    // Shared ports are not published.
    assert!(docker.job(wait_until_port(&*late.id, port, MINUTE)).await?.is_empty());
    assert!(std::net::TcpStream::connect(("127.0.0.1", port)).is_ok());
    let ends = docker.job(run_detached(of("echo no such interface; exit 4"))).await?;
    ended(docker.job(wait_until_port(&*ends.id, port, MINUTE)).await, "no such interface");
    docker.job(remove_labelled(&*label)).await?;
    Ok(())
}

pub async fn an_engine_that_answers_is_ready<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let ping = engine.client::<R>().job(wait_until_ready(MINUTE)).await?;
    assert!(ping.api_version.is_some(), "{ping:?}");
    let e = R::connect("unix:///no/such/socket").job(wait_until_ready(Duration::from_millis(300))).await.unwrap_err();
    assert!(e.is_timeout() && e.message().contains("the engine is not ready"), "{e}");
    Ok(())
}
