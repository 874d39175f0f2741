//! Terminals: whose flag decides what, and how they get their size.

use super::Failure;
use super::dialogue::{Seen, everything, open_stdin};
use super::output::apart;
use crate::engine::{Engine, shell};
use crate::runtime::{Input, Items, Runtime, Work};
use docker_proto::api::{containers, exec};
use docker_proto::jobs::{Outcome, Resized, Terminal, exec_outcome, resize};
use docker_proto::model::{ConsoleSize, ExecConfig};
use docker_proto::op::{Operation, Session};
use std::time::Duration;

/// Prepares a command that has its streams attached.
async fn prepared<R: Runtime>(docker: &R, id: &str, config: ExecConfig) -> Result<String, Failure> {
    let config = config.attach_stdin(true).attach_stdout(true).attach_stderr(true);
    docker.call(exec::Create::new(id, config)).await?.id.ok_or_else(|| "no id".into())
}

pub async fn create_and_start_decide_each_their_part<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    let c = engine.shell(&docker, "exec sleep 60").await?;
    c.start().await?;
    for (created, started) in [(false, false), (true, true), (false, true), (true, false)] {
        let script = "test -t 1 && echo terminal; echo out; echo err >&2; exit 3";
        let exec = prepared(&docker, &c.id, ExecConfig::new().cmd(["sh", "-c", script]).tty(created)).await?;
        let (output, _input) = docker.open(exec::Start::new(&*exec).tty(started)).await?;
        let seen = apart(output.all().await?);
        let (out, err) = (&*seen.0, &*seen.1);
        let terminal = ("terminal\r\nout\r\nerr\r\n", "");
        match (created, started) {
            (false, false) => assert_eq!((out, err), ("out\n", "err\n")),
            (true, true) => assert_eq!((out, err), terminal),
            // Podman goes by the flag of the create request in both.
            (false, true) if engine.is_podman() => assert_eq!((out, err), ("out\n", "err\n")),
            // dockerd frames by the flag of the start request: raw, and stderr is lost.
            (false, true) => assert_eq!((out, err), ("out\n", "")),
            // Framed, all of it stdout.
            (true, false) => assert_eq!((out, err), terminal),
        }
        assert_eq!(docker.job(exec_outcome(exec)).await?, Outcome::Exited(3), "{created} {started}");
    }
    Ok(())
}

/// Prints its size at the beginning, and at every line it reads.
const SIZES: &str = "stty size; while read line; do stty size; done";

/// Asks for a size and waits until the process says that it has it.
///
/// Podman 4.3 takes a size while the process is being started, says that it was done, and loses it: there it is asked for
/// again.
async fn sized<R: Runtime, O: Operation<Reply = Session>>(
    engine: &Engine,
    docker: &R,
    (output, input): &mut (R::Items<O>, R::Input),
    terminal: impl Into<Terminal>,
    wanted: &str,
) -> Result<(), Failure> {
    let job = resize(terminal);
    assert_eq!(docker.job(job.clone()).await?, Resized::Done);
    let mut seen = String::new();
    while !seen.contains(wanted) {
        input.write(b"\n").await?;
        while let Some(piece) = output.next_within(Duration::from_millis(500)).await {
            seen.push_str(&String::from_utf8_lossy(&piece.ok_or("ended")??.bytes));
            if seen.contains(wanted) {
                return Ok(());
            }
        }
        assert!(engine.is_podman(), "{seen}");
        docker.job(job.clone()).await?;
    }
    Ok(())
}

pub async fn a_container_is_resized<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    let c = engine.container(&docker, open_stdin(SIZES, true, false)).await?;
    let size = |rows: u32, columns: u32| containers::Resize::new(&*c.id, rows, columns);
    // Before it runs there is no terminal.
    let e = docker.call(size(33, 77)).await.err().ok_or("resized")?;
    assert!(e.status() == Some(409) && e.message().contains("running"), "{e}");
    let mut session = docker.open(everything(&c.id)).await?;
    c.start().await?;
    // Right after the start.
    sized(engine, &docker, &mut session, size(33, 77), "33 77\r\n").await?;
    sized(engine, &docker, &mut session, size(50, 132), "50 132\r\n").await?;
    // The end of a terminal's input is typed.
    let (output, mut input) = session;
    input.write(b"\x04").await?;
    Seen::default().drain(output).await?;
    c.exit().await?;
    assert_eq!(docker.job(resize(size(33, 77))).await?, Resized::Ended(0));
    Ok(())
}

pub async fn an_exec_is_resized<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    let c = engine.shell(&docker, "exec sleep 60").await?;
    c.start().await?;
    let exec = prepared(&docker, &c.id, ExecConfig::new().cmd(["sh", "-c", SIZES]).tty(true)).await?;
    let size = |rows: u32, columns: u32| exec::Resize::new(&*exec, rows, columns);
    let mut session = docker.open(exec::Start::new(&*exec).tty(true)).await?;
    // Right after the head, when the process may be there or not.
    sized(engine, &docker, &mut session, size(33, 77), "33 77\r\n").await?;
    sized(engine, &docker, &mut session, size(50, 132), "50 132\r\n").await?;
    let (output, mut input) = session;
    input.write(b"\x04").await?;
    Seen::default().drain(output).await?;
    assert_eq!(docker.job(exec_outcome(&*exec)).await?, Outcome::Exited(0));
    assert_eq!(docker.job(resize(size(33, 77))).await?, Resized::Ended(0));
    Ok(())
}

pub async fn a_size_may_be_asked_for_before_the_start<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    let c = engine.shell(&docker, "exec sleep 60").await?;
    c.start().await?;
    let exec = prepared(&docker, &c.id, ExecConfig::new().cmd(["sh", "-c", SIZES]).tty(true)).await?;
    let size = || exec::Resize::new(&*exec, 33u32, 77u32);
    // Nobody starts it: the refusal, which dockerd makes after ten seconds.
    if engine.is_podman() {
        let e = docker.job(resize(size()).patience(Duration::from_millis(50))).await.err().ok_or("resized")?;
        assert!(e.status() == Some(500) && e.message().contains("not running"), "{e}");
    }
    // Asked for while it is only prepared: dockerd waits for the start, podman refuses and is asked again.
    let (sizer, starter, op, start) = (docker.clone(), docker.clone(), size(), exec.clone());
    let resizing: Work<Result<Option<_>, String>> = Box::pin(async move {
        assert_eq!(sizer.job(resize(op)).await.map_err(|e| e.to_string())?, Resized::Done);
        Ok(None)
    });
    let starting = Box::pin(async move {
        let session = starter.open(exec::Start::new(start).tty(true)).await.map_err(|e| e.to_string())?;
        Ok(Some(session))
    });
    let mut sessions = Vec::new();
    for done in R::all(vec![resizing, starting]).await {
        sessions.extend(done?);
    }
    let mut session = sessions.pop().ok_or("no session")?;
    sized(engine, &docker, &mut session, size(), "33 77\r\n").await
}

pub async fn a_console_size_is_there_from_the_start<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    let size = || ConsoleSize { height: 33, width: 77 };
    let c = engine.shell(&docker, "exec sleep 60").await?;
    c.start().await?;
    let config = || ExecConfig::new().cmd(["stty", "size"]).tty(true);
    let knows = !matches!(&*engine.name, "d20" | "podman");
    let created = prepared(&docker, &c.id, config().console_size(size())).await;
    if !knows {
        // Below API 1.42 it would be ignored.
        let e = created.err().ok_or("taken")?.to_string();
        assert!(e.contains("ConsoleSize") && e.contains("1.42"), "{e}");
        return Ok(());
    }
    let exec = created?;
    let (output, _input) = docker.open(exec::Start::new(&*exec).tty(true).console_size(33, 77)).await?;
    assert_eq!(apart(output.all().await?).0, "33 77\r\n");
    let exec = prepared(&docker, &c.id, config()).await?;
    let (output, _input) = docker.open(exec::Start::new(&*exec).tty(true).console_size(20, 90)).await?;
    assert_eq!(apart(output.all().await?).0, "20 90\r\n", "in the start alone");
    let host = docker_proto::model::HostConfig::new().network_mode("none").console_size(size());
    let c = engine.container(&docker, shell("stty size").tty(true).host_config(host)).await?;
    let mut output = docker.begin(containers::AttachOutput::new(&*c.id).stream(true).stdout(true));
    output.head().await?;
    c.start().await?;
    assert_eq!(apart(output.all().await?).0, "33 77\r\n");
    Ok(())
}
