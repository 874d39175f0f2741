//! An interactive terminal in a container, as `docker exec -it`: `exec_it [--detach-keys KEYS] CONTAINER [COMMAND...]`
//!
//! The terminal is raw while it runs, and what it was before afterwards, whatever ends it. Changes of its size are passed
//! on, the keys (ctrl-p,ctrl-q) leave the command alone, and the exit code of the command becomes ours.

#[path = "../../docker-proto/examples/shared/terminal/mod.rs"]
mod terminal;

use async_signal::{Signal, Signals};
use docker_smol::api::exec;
use docker_smol::jobs::exec_outcome;
use docker_smol::values::DetachKeys;
use docker_smol::{Docker, Input};
use smol::future::{self, FutureExt};
use smol::io::{AsyncReadExt, AsyncWriteExt};
use smol::stream::StreamExt;
use smol::{Unblock, io};
use std::error::Error;
use terminal::{Arguments, End, Raw};

fn main() {
    terminal::finish(smol::block_on(run()))
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
    let mut signals = Signals::new([Signal::Winch, Signal::Hup, Signal::Term])?;
    let (mut output, input) = docker.open(terminal::start(command, docker.engine())).await?.split();
    let shown = async {
        let mut screen = Unblock::new(std::io::stdout());
        let mut first = true;
        while let Some(piece) = output.try_next().await? {
            screen.write_all(&piece.bytes).await?;
            screen.flush().await?;
            if std::mem::take(&mut first) {
                // Now the command is there for sure: podman may have lost what it was told before.
                let _ = docker.job(terminal::resized(command)).await;
            }
        }
        Ok(End::Output(docker.job(exec_outcome(command.as_str())).await?))
    };
    let typed = async {
        match type_in(input, keys).await {
            Ok(true) => Ok(End::Keys),
            // There is no more input, or nobody takes it: the output goes on, or ends and says so.
            _ => future::pending().await,
        }
    };
    let told = async {
        // A size that is not taken is no reason to end.
        let _ = docker.job(terminal::resized(command)).await;
        while let Some(signal) = signals.next().await {
            match signal? {
                Signal::Winch => drop(docker.job(terminal::resized(command)).await),
                other => return Ok(End::Signal(other as i32)),
            }
        }
        future::pending().await
    };
    shown.or(typed).or(told).await
}

/// Passes on what is typed. True once the keys were.
async fn type_in(mut input: Input, keys: &DetachKeys) -> io::Result<bool> {
    let mut keyboard = Unblock::new(std::io::stdin());
    let (mut scan, mut room, mut send) = (keys.scan(), [0; 4096], Vec::new());
    loop {
        let n = keyboard.read(&mut room).await?;
        if n == 0 {
            return Ok(false);
        }
        send.clear();
        let detached = scan.feed(&room[..n], &mut send);
        input.write_all(&send).await?;
        input.flush().await?;
        if detached {
            return Ok(true);
        }
    }
}
