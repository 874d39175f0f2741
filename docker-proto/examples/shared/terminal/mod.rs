//! What `exec_it` needs of the terminal it runs in, whatever the adapter: raw mode, its size, and what the end means.
//!
//! Nothing here knows a runtime: the adapters' examples read, write and wait for signals as theirs does.

use docker_proto::api::exec;
use docker_proto::jobs::{self, Outcome};
use docker_proto::model::{ApiVersion, ExecConfig};
use docker_proto::session::Agreed;
use docker_proto::values::DetachKeys;
use rustix::stdio::{stdin, stdout};
use rustix::termios::{OptionalActions, Termios, isatty, tcgetattr, tcgetwinsize, tcsetattr};
use std::error::Error;
use std::{env, io};

/// What is asked for: `exec_it [--detach-keys KEYS] CONTAINER [COMMAND [ARGUMENT...]]`.
pub(crate) struct Arguments {
    pub(crate) container: String,
    pub(crate) command: Vec<String>,
    pub(crate) keys: DetachKeys,
}

impl Arguments {
    pub(crate) fn read() -> Result<Self, Box<dyn Error>> {
        let mut rest = env::args().skip(1).peekable();
        let mut keys = DetachKeys::default();
        if rest.next_if(|word| word == "--detach-keys").is_some() {
            keys = rest.next().ok_or("--detach-keys needs keys, as ctrl-a,d")?.parse()?;
        }
        let container = rest.next().ok_or("exec_it [--detach-keys KEYS] CONTAINER [COMMAND [ARGUMENT...]]")?;
        let command: Vec<String> = rest.collect();
        let command = if command.is_empty() { vec!["sh".into()] } else { command };
        Ok(Self { container, command, keys })
    }

    /// The command to prepare. The engine gets our keys: it must not find its own in what is typed.
    pub(crate) fn config(&self) -> ExecConfig {
        let config = ExecConfig::new().cmd(self.command.clone()).tty(true).detach_keys(self.keys.clone());
        config.attach_stdin(true).attach_stdout(true).attach_stderr(true)
    }
}

/// Rows and columns of the terminal.
pub(crate) fn size() -> (u32, u32) {
    let size = tcgetwinsize(stdout()).or_else(|_| tcgetwinsize(stdin()));
    size.map_or((24, 80), |size| (size.ws_row.into(), size.ws_col.into()))
}

/// Starts the command with the size of the terminal, where the engine can be told of it.
pub(crate) fn start(command: &exec::Handle, engine: Option<Agreed>) -> exec::Start {
    let start = command.start().tty(true);
    let (rows, columns) = size();
    match engine.and_then(|engine| engine.version) {
        Some(version) if version >= ApiVersion::new(1, 42) => start.console_size(rows, columns),
        _ => start,
    }
}

/// Gives the terminal of the command the size that ours has now.
pub(crate) fn resized(command: &exec::Handle) -> jobs::Resize {
    let (rows, columns) = size();
    jobs::resize(command.resize(rows, columns))
}

/// The terminal gives every key as it is typed, and shows nothing by itself. Put back when it is dropped.
pub(crate) struct Raw(Termios);

impl Raw {
    pub(crate) fn enter() -> Result<Self, Box<dyn Error>> {
        if !isatty(stdin()) {
            return Err("the input is no terminal".into());
        }
        let before = tcgetattr(stdin()).map_err(io::Error::from)?;
        let mut raw = before.clone();
        raw.make_raw();
        tcsetattr(stdin(), OptionalActions::Now, &raw).map_err(io::Error::from)?;
        Ok(Self(before))
    }
}

impl Drop for Raw {
    fn drop(&mut self) {
        // There is nobody to tell.
        let _ = tcsetattr(stdin(), OptionalActions::Drain, &self.0);
    }
}

/// Why the session is over.
pub(crate) enum End {
    /// There is no more output: the engine was asked what became of the command.
    Output(Outcome),
    /// The keys were typed: the connection is closed, and the command goes on.
    Keys,
    /// We were told to end, by a signal of this number.
    Signal(i32),
}

/// Says what is to be said, once the terminal is as it was, and gives the exit code.
pub(crate) fn finish(end: Result<End, Box<dyn Error>>) -> ! {
    let code = match end {
        Ok(End::Output(Outcome::Exited(code))) => i32::try_from(code).unwrap_or(255),
        Ok(End::Output(_)) => {
            eprintln!("exec_it: the session ended, and the command did not");
            1
        }
        Ok(End::Keys) => {
            eprintln!("exec_it: detached");
            0
        }
        Ok(End::Signal(number)) => 128 + number,
        Err(e) => {
            eprintln!("exec_it: {e}");
            1
        }
    };
    // Does not wait for a thread that reads what nobody types any more.
    std::process::exit(code)
}
