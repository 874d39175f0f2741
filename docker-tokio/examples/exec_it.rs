//! An interactive terminal in a container, as `docker exec -it`: `exec_it [--detach-keys KEYS] CONTAINER [COMMAND...]`
//!
//! The terminal is raw while it runs, and what it was before afterwards, whatever ends it. Changes of its size are passed
//! on, the keys (ctrl-p,ctrl-q) leave the command alone, and the exit code of the command becomes ours.

#[path = "../../docker-proto/examples/shared/terminal/mod.rs"]
mod terminal;

use docker_tokio::api::exec;
use docker_tokio::jobs::exec_outcome;
use docker_tokio::values::DetachKeys;
use docker_tokio::{Docker, Input};
use std::error::Error;
use terminal::{Arguments, End, Raw};
use tokio::io::{AsyncReadExt, AsyncWriteExt, stdin, stdout};
use tokio::signal::unix::{SignalKind, signal};

#[tokio::main(flavor = "current_thread")]
async fn main() {
    terminal::finish(run().await)
}

async fn run() -> Result<End, Box<dyn Error>> {
    let arguments = Arguments::read()?;
    let docker = Docker::from_env()?;
    let created = docker.call(exec::Create::new(&*arguments.container, arguments.config())).await?;
    let command = exec::Handle::from(created);
    // Dropped on every way out of here.
    let _raw = Raw::enter()?;
    session(&docker, &command, &arguments.keys).await
}

async fn session(docker: &Docker, command: &exec::Handle, keys: &DetachKeys) -> Result<End, Box<dyn Error>> {
    let (mut window, mut hangup, mut terminate) =
        (signal(SignalKind::window_change())?, signal(SignalKind::hangup())?, signal(SignalKind::terminate())?);
    let (mut output, input) = docker.open(terminal::start(command, docker.engine())).await?.split();
    let mut screen = stdout();
    let mut typing = tokio::spawn(type_in(input, keys.clone()));
    let mut resizing = Box::pin(docker.job(terminal::resized(command)));
    let (mut resized, mut typed, mut shown) = (false, false, false);
    loop {
        tokio::select! {
            piece = output.try_next() => {
                let Some(piece) = piece? else { break };
                screen.write_all(&piece.bytes).await?;
                screen.flush().await?;
                if !shown {
                    // Now the command is there for sure: podman may have lost what it was told before.
                    shown = true;
                    (resizing, resized) = (Box::pin(docker.job(terminal::resized(command))), false);
                }
            }
            keys = &mut typing, if !typed => match keys? {
                true => return Ok(End::Keys),
                false => typed = true,
            },
            // A size that is not taken is no reason to end.
            _ = &mut resizing, if !resized => resized = true,
            _ = window.recv() => {
                (resizing, resized) = (Box::pin(docker.job(terminal::resized(command))), false);
            }
            _ = hangup.recv() => return Ok(End::Signal(SignalKind::hangup().as_raw_value())),
            _ = terminate.recv() => return Ok(End::Signal(SignalKind::terminate().as_raw_value())),
        }
    }
    Ok(End::Output(docker.job(exec_outcome(command.as_str())).await?))
}

/// Passes on what is typed. True once the keys were.
async fn type_in(mut input: Input, keys: DetachKeys) -> bool {
    let (mut scan, mut room, mut send) = (keys.scan(), [0; 4096], Vec::new());
    while let Ok(n @ 1..) = stdin().read(&mut room).await {
        send.clear();
        let detached = scan.feed(&room[..n], &mut send);
        // Where it fails, the output ends and says so.
        if input.write_all(&send).await.is_err() || input.flush().await.is_err() {
            return false;
        }
        if detached {
            return true;
        }
    }
    false
}
