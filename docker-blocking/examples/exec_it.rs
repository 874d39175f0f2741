//! An interactive terminal in a container, as `docker exec -it`: `exec_it [--detach-keys KEYS] CONTAINER [COMMAND...]`
//!
//! The terminal is raw while it runs, and what it was before afterwards, whatever ends it. Changes of its size are passed
//! on, the keys (ctrl-p,ctrl-q) leave the command alone, and the exit code of the command becomes ours.

#[path = "../../docker-proto/examples/shared/terminal/mod.rs"]
mod terminal;

use docker_blocking::api::exec;
use docker_blocking::jobs::exec_outcome;
use docker_blocking::values::DetachKeys;
use docker_blocking::{Docker, ErrorKind, Input};
use signal_hook::consts::{SIGHUP, SIGTERM, SIGWINCH};
use signal_hook::iterator::Signals;
use std::error::Error;
use std::io::{self, Read, Write};
use std::sync::mpsc;
use std::thread;
use terminal::{Arguments, End, Raw};

fn main() {
    terminal::finish(run())
}

fn run() -> Result<End, Box<dyn Error>> {
    let arguments = Arguments::read()?;
    let docker = Docker::from_env()?;
    let created = docker.call(exec::Create::new(&*arguments.container, arguments.config()))?;
    let command = exec::Handle::from(created);
    // Dropped on every way out of here.
    let _raw = Raw::enter()?;
    session(&docker, &command, &arguments.keys)
}

fn session(docker: &Docker, command: &exec::Handle, keys: &DetachKeys) -> Result<End, Box<dyn Error>> {
    let mut signals = Signals::new([SIGWINCH, SIGHUP, SIGTERM])?;
    let session = docker.open(terminal::start(command, docker.engine()))?;
    // The other threads say why it is over, and then end the wait for output.
    let (over, why) = mpsc::channel();
    let canceller = session.canceller();
    let (mut output, input) = session.split();
    thread::spawn({
        let (over, canceller, keys) = (over.clone(), canceller.clone(), keys.clone());
        move || {
            if type_in(input, &keys).unwrap_or(false) {
                let _ = over.send(End::Keys);
                canceller.cancel();
            }
        }
    });
    thread::spawn({
        let (docker, command) = (docker.clone(), command.clone());
        move || {
            // A size that is not taken is no reason to end.
            let _ = docker.job(terminal::resized(&command));
            for signal in signals.forever() {
                if signal == SIGWINCH {
                    let _ = docker.job(terminal::resized(&command));
                } else {
                    let _ = over.send(End::Signal(signal));
                    canceller.cancel();
                }
            }
        }
    });
    let mut screen = io::stdout();
    let mut first = true;
    loop {
        let piece = match output.try_next() {
            Ok(Some(piece)) => piece,
            Ok(None) => break,
            Err(e) if e.kind() == ErrorKind::Cancelled => return Ok(why.recv()?),
            Err(e) => return Err(e.into()),
        };
        screen.write_all(&piece.bytes)?;
        screen.flush()?;
        if std::mem::take(&mut first) {
            // Now the command is there for sure: podman may have lost what it was told before.
            let _ = docker.job(terminal::resized(command));
        }
    }
    Ok(End::Output(docker.job(exec_outcome(command.as_str()))?))
}

/// Passes on what is typed. True once the keys were.
fn type_in(mut input: Input, keys: &DetachKeys) -> io::Result<bool> {
    let (mut scan, mut room, mut send) = (keys.scan(), [0; 4096], Vec::new());
    loop {
        let n = io::stdin().read(&mut room)?;
        if n == 0 {
            return Ok(false);
        }
        send.clear();
        let detached = scan.feed(&room[..n], &mut send);
        input.write_all(&send)?;
        input.flush()?;
        if detached {
            return Ok(true);
        }
    }
}
