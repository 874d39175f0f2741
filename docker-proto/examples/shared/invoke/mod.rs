//! What the example `invoke` is in every adapter: its arguments, what it prints, how it ends. The adapter supplies the
//! verbs and the waiting.
//!
//! Exit codes: 0, done. 1, the engine refused or reported an error in the stream, or how a command ended cannot be
//! learnt. 2, the caller's mistake. 3, the connection, the protocol, a deadline, or our own output.

mod args;
mod list;
mod outcome;
mod print;

pub(crate) use args::{Command, Source, Verb};
pub(crate) use outcome::Outcome;
pub(crate) use print::Printer;

use docker_proto::{Error, ErrorKind};
use std::io::{self, Write};

/// Why the program ends before its work is done, or with something wrong although it is.
pub(crate) enum Stop {
    /// It was only asked to show something, and did.
    Shown,
    /// The caller's mistake.
    Usage(String),
    /// The call failed.
    Failed(Error),
    /// It was an error that did not end the stream, and has been told already.
    Told(Error),
    /// The output ended, but nobody knows how the command did.
    Unknown(String),
    /// Nobody takes our output any more, or it cannot be written.
    Output(io::Error),
}

impl From<Error> for Stop {
    fn from(e: Error) -> Self {
        Self::Failed(e)
    }
}

/// Ends the program: at once, for a thread may hang in a read of standard input that nobody waits for.
pub(crate) fn exit(done: Result<(), Stop>) -> ! {
    let code = match done {
        Ok(()) | Err(Stop::Shown) => 0,
        Err(Stop::Usage(message)) => {
            say(&format!("invoke: {message}"));
            2
        }
        Err(Stop::Failed(e)) => {
            tell(&e);
            code(&e)
        }
        Err(Stop::Told(e)) => code(&e),
        Err(Stop::Unknown(message)) => {
            say(&format!("outcome unknown: {message}"));
            1
        }
        // Whoever closed the pipe knows that it did. What was left unread cannot have been a success.
        Err(Stop::Output(e)) if e.kind() == io::ErrorKind::BrokenPipe => 3,
        Err(Stop::Output(e)) => {
            say(&format!("invoke: cannot write the output: {e}"));
            3
        }
    };
    std::process::exit(code)
}

fn code(e: &Error) -> i32 {
    match e.kind() {
        ErrorKind::Engine | ErrorKind::InStream => 1,
        // The source of an upload is the caller's file.
        ErrorKind::Usage | ErrorKind::Version | ErrorKind::Body => 2,
        _ => 3,
    }
}

/// An error in a line: a refusal as status and the engine's own words, everything else with what was going on.
fn tell(e: &Error) {
    match e.status() {
        Some(status) => say(&format!("{status} {}", e.message())),
        None => say(&format!("invoke: {e}")),
    }
}

/// A line for people. If nobody reads it there is nothing left to do about it, so unlike `eprintln!` it does not panic.
fn say(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}
