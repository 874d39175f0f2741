//! Commands that are ended with their jobs: what runs in the container afterwards.

use super::Failure;
use super::until::{at_each, shell, unique};
use crate::engine::Engine;
use crate::runtime::Runtime;
use crate::steps::is_off;
use docker_proto::api::containers::Top;
use docker_proto::jobs::{exec_run, remove_labelled, run_detached};
use docker_proto::model::ExecConfig;
use docker_proto::{Error, ErrorKind};
use std::time::{Duration, Instant};

/// What its own process does, which reaps what others leave.
const OWN: &str = "own=1; while :; do sleep 0.05; done";

/// What else runs in a container. What has ended and is only not yet reaped does not run: `ps` has its name in brackets.
pub(super) async fn others<R: Runtime>(docker: &R, id: &str) -> Result<Vec<String>, Failure> {
    let top = docker.call(Top::new(id)).await?;
    let own = |line: &String| line.contains(OWN) || line.ends_with("sleep 0.05");
    let has_ended = |line: &String| line.ends_with(']') || line.ends_with("<defunct>");
    let all = top.processes.into_iter().map(|fields| fields.join(" "));
    Ok(all.filter(|line| !own(line) && !has_ended(line)).collect())
}

/// A container in which nothing else runs.
pub(super) async fn sleeper<R: Runtime>(docker: &R, label: &str) -> Result<String, Failure> {
    let id = docker.job(run_detached(shell(OWN, label))).await?.id;
    // For a moment it may still be the runtime that is about to become it.
    let end = Instant::now() + Duration::from_secs(30);
    while !others(docker, &id).await?.is_empty() {
        assert!(Instant::now() < end, "it does not begin");
        R::sleep(Duration::from_millis(5)).await;
    }
    Ok(id)
}

/// A command that can be killed does not run any more, wherever its job is called off.
pub async fn a_killable_command_has_ended<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    let label = &*unique();
    let id = &*sleeper(&docker, label).await?;
    let time = Duration::from_millis(100);
    for (script, tty) in [("echo hi; exit 3", true), ("exec sleep 1000", false)] {
        let job = || exec_run(id, ["sh", "-c", script]).with(|exec| exec.tty(tty)).killable().timeout(time);
        let steps = at_each(&docker, job, async |n, done| {
            match &done {
                Ok(ran) => assert_eq!((ran.code, ran.output.stdout_text().trim_end()), (3, "hi"), "step {n}"),
                Err(e) => assert!(is_off(e) || ends_late(e), "step {n} of {script:?}: {e}"),
            }
            let others = others(&docker, id).await?;
            assert!(others.is_empty(), "step {n} of {script:?}: {done:?}; there is {others:?}");
            Ok(())
        });
        let steps = steps.await?;
        assert!(steps >= 4, "{steps} steps of {script:?}");
    }
    docker.job(remove_labelled(label)).await?;
    Ok(())
}

fn ends_late(e: &Error) -> bool {
    e.is_timeout() && e.message().ends_with("00ms")
}

/// With all that it has started; and so does one that does not listen.
pub async fn a_killed_command_has_ended_with_its_children<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    let label = &*unique();
    let id = &*sleeper(&docker, label).await?;
    let (listens, deaf) = (Duration::from_secs(20), Duration::from_millis(50));
    let time = Duration::from_millis(200);
    for (script, kill_after, tty) in [
        ("sleep 1000 & sleep 1000; sleep 1000", listens, false),
        // In other process groups.
        ("set -m; sleep 1000 & sleep 1000", listens, true),
        ("(trap '' TERM; sleep 1000) & sleep 1000", deaf, false),
        // What nobody reads does not keep it from its end.
        ("trap '' TERM; while :; do echo loud; done", deaf, true),
    ] {
        let job = || exec_run(id, ["sh", "-c", script]).with(|exec| exec.tty(tty)).kill_after(kill_after);
        let began = Instant::now();
        let (late, off) = match tty {
            false => (docker.job(job().timeout(time)).await.err(), None),
            true => (None, docker.job_for(job(), time).await.err()),
        };
        assert!(
            late.as_ref().is_some_and(ends_late) || off.as_ref().is_some_and(is_off),
            "{script:?}: {late:?} {off:?}"
        );
        let found = others(&docker, id).await?;
        assert!(found.is_empty(), "{script:?}: {found:?}");
        // Nothing was waited for that had ended.
        assert!(began.elapsed() < listens, "{script:?}: {:?}", began.elapsed());
    }
    let loud = exec_run(id, ["sh", "-c", "while :; do echo loud; done"]).killable().at_most(1 << 20);
    let e = docker.job(loud).await.unwrap_err();
    assert!(e.kind() == ErrorKind::TooLarge && others(&docker, id).await?.is_empty(), "{e}");
    docker.job(remove_labelled(label)).await?;
    Ok(())
}

/// That it can be killed changes nothing else.
pub async fn a_killable_command_is_as_any_other<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    let label = &*unique();
    let id = &*sleeper(&docker, label).await?;
    let script = "pwd; id -u; echo $A; echo err >&2; printf 'no end'; exit 7";
    for cmd in [&["sh", "-c", script][..], &["echo", "12", "$$ $0", "'\"", ""], &["/no/x"], &["nowhere"], &["/etc"]] {
        for tty in [false, true] {
            let config = |exec: ExecConfig| exec.tty(tty).user("1").env(["A=b c"]).working_dir("/tmp");
            let job = || exec_run(id, cmd.iter().copied()).with(config);
            let (plain, killable) = (docker.job(job()).await?, docker.job(job().killable()).await?);
            if matches!(plain.code, 126 | 127) {
                // Up to dockerd 26 a program that is not there is 126, which the shell keeps for those that cannot be run.
                assert_eq!(killable.code, if cmd[0] == "/etc" { 126 } else { 127 }, "{cmd:?}");
                let said = if tty { killable.output.stdout_text() } else { killable.output.stderr_text() };
                assert!(said.contains(cmd[0]), "{said}");
            } else {
                assert_eq!((plain.code, plain.output), (killable.code, killable.output), "{cmd:?}, {tty}");
            }
        }
    }
    let e = docker.job(exec_run(id, ["/bin/true"]).with(|exec| exec.env(["PATH=/no"])).killable()).await.unwrap_err();
    assert!(matches!(e.exit_code(), Some(126 | 127)) && e.message().contains("has no sh"), "{e}");
    docker.job(remove_labelled(label)).await?;
    Ok(())
}
