//! A command that is ended if nobody waits for its end any more. The API cannot end one: a shell in the container does.

use super::exec_run::{ExecRan, ExecRun};
use super::outcome::{Outcome, Pauses};
use super::race::within;
use super::{Answers, Verbs, exec_run};
use crate::api::containers;
use crate::api::exec::{Inspect, Start};
use crate::model::ExecConfig;
use crate::wire::{Collected, Piece, StreamKind};
use crate::{Error, ErrorKind, Result};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::future::{Future as _, pending, poll_fn};
use core::pin::pin;
use core::task::Poll;
use core::time::Duration;

/// Tells its process id, as it is inside the container, and becomes the command.
const TELLS: &str = r#"echo $$; exec "$@""#;

/// Sends the signal `$2` to all processes of the session `$1`: the engines' runtimes make a command the leader of one. Its
/// process group gets it at once, so that no shell in it goes on with its next command; then those of other groups, which
/// shells with job control make. Ends with 0 if there were some that had not ended, and 1 if there were none.
const SIGNALS: &str = r#"s=$1 g=$2
{ kill "-$g" "-$s" || kill "-$g" "$s"; } 2>/dev/null
f=$?
[ -e /proc/self/stat ] || exit $f
f=1
for d in /proc/[0-9]*/stat; do
read -r l 2>/dev/null <"$d" || continue
p=${l%% *}
set -f -- ${l##*) }
case "$1 $4" in
[ZX]*) ;;
*" $s") f=0; [ "$3" = "$s" ] || kill "-$g" "$p" 2>/dev/null ;;
esac
done
exit $f"#;

/// How long a command that was started may take to tell its process id, once it is to be ended.
const TELLING: Duration = Duration::from_secs(30);
/// How long a process may take to end that was killed.
const KILLED: Duration = Duration::from_secs(10);
/// How often in a row a signal may fail: its container may just be ending.
const ATTEMPTS: usize = 8;

/// As [`ExecRun::work`], but what was started has ended when it fails.
#[inline]
pub(super) async fn run<V: Verbs>(mut this: ExecRun, docker: &V, kill_after: Duration) -> Result<ExecRan> {
    if this.config.attach_stdout != Some(true) {
        return Err(Error::usage(
            "attach_stdout: must be set for a killable command: its process id comes in its stdout",
        ));
    }
    if this.config.cmd.is_empty() {
        return Err(Error::usage("cmd: must not be empty"));
    }
    let ending = Ending { container: this.container.clone(), config: this.config.clone(), kill_after };
    this.config.cmd.splice(0..0, ["sh", "-c", TELLS, "sh"].map(String::from));
    let tty = this.config.tty == Some(true);
    let id = this.create(docker).await?;
    docker.still_wanted()?;
    // Once it is started its process id has to be known, whatever happens: so nothing closes this connection.
    let mut running =
        Running { output: docker.shielded().begin(Start::new(&*id).tty(tty)), read: Read::new(this.most), id };
    let work = async {
        running.read_until(|_| false).await?;
        running.read.finish()?;
        let code = this.code(docker, &running.id).await?;
        running.read.check_shell(&this.container, code)?;
        Ok(code)
    };
    // A sleep ends early if the job is called off.
    let e = match within(docker, this.timeout.unwrap_or(Duration::MAX), work).await {
        Some(Ok(code)) => {
            return Ok(ExecRan { id: running.id, code, output: running.read.collected.unwrap_or_default() });
        }
        Some(Err(e)) => e,
        None => docker.still_wanted().err().unwrap_or_else(|| this.late()),
    };
    match ending.end(docker.shielded(), &mut running).await {
        Ok(()) => Err(e),
        Err(why) => Err(e.with_note(&format!("; and the command may still run: {why}"))),
    }
}

/// A command that was started.
struct Running<A> {
    id: String,
    output: A,
    read: Read,
}

impl<A: Answers<Start>> Running<A> {
    /// Reads to the end, or until it is enough.
    #[inline]
    async fn read_until(&mut self, enough: impl Fn(&Read) -> bool + Send) -> Result<()> {
        while !enough(&self.read) {
            match self.output.next().await {
                Some(piece) => self.read.push(piece.map_err(Error::as_final)?)?,
                None => break,
            }
        }
        Ok(())
    }

    /// Throws away what is still written, for ever.
    #[inline]
    async fn drain(&mut self) {
        while let Some(Ok(_)) = self.output.next().await {}
        pending().await
    }
}

/// What was read: the process id, and the output of the command.
struct Read {
    first: First,
    /// None of it if nobody wants it any more.
    collected: Option<Collected>,
    most: usize,
}

/// The first line of stdout.
enum First {
    /// Of which so much has come.
    Begun(Vec<u8>),
    Pid(u32),
    /// No shell wrote it: it is what the engine says of a command that it could not run.
    Other,
}

impl Read {
    #[inline]
    fn new(most: usize) -> Self {
        Self { first: First::Begun(Vec::new()), collected: Some(Collected::default()), most }
    }

    #[inline]
    fn push(&mut self, piece: Piece) -> Result<()> {
        let mut bytes = &*piece.bytes;
        if piece.stream == StreamKind::Stdout {
            while let First::Begun(line) = &mut self.first {
                let Some((&byte, rest)) = bytes.split_first() else { return Ok(()) };
                match byte {
                    // No number of a process is longer.
                    b'0'..=b'9' | b'\r' if line.len() < 16 => line.push(byte),
                    b'\n' if pid(line).is_some() => self.first = pid(line).map_or(First::Other, First::Pid),
                    _ => {
                        self.finish()?;
                        break;
                    }
                }
                bytes = rest;
            }
        }
        self.keep(piece.stream, bytes)
    }

    #[inline]
    fn keep(&mut self, stream: StreamKind, bytes: &[u8]) -> Result<()> {
        self.collected.as_mut().map_or(Ok(()), |collected| collected.push(stream, bytes, self.most))
    }

    /// No more comes: what began like the line is none.
    #[inline]
    fn finish(&mut self) -> Result<()> {
        match core::mem::replace(&mut self.first, First::Other) {
            First::Begun(line) => self.keep(StreamKind::Stdout, &line),
            First::Pid(pid) => {
                self.first = First::Pid(pid);
                Ok(())
            }
            First::Other => Ok(()),
        }
    }

    /// An error if it was the shell that could not be run, and not the command.
    #[inline]
    fn check_shell(&self, container: &str, code: i64) -> Result<()> {
        let Some(collected) = &self.collected else { return Ok(()) };
        let said = [&*collected.stdout_text(), &*collected.stderr_text()].concat();
        let names_it = ["\"sh\"", "`sh`"].iter().any(|name| said.contains(name));
        if matches!(self.first, First::Pid(_)) || !matches!(code, 126 | 127) || !names_it {
            return Ok(());
        }
        let why = super::end_of(said.as_bytes());
        Err(Error::exit(code, format!("the container {container} has no sh, which a killable command is run by{why}")))
    }
}

/// The number on a line, which with a terminal ends with a carriage return.
#[inline]
fn pid(line: &[u8]) -> Option<u32> {
    let digits = line.strip_suffix(b"\r").unwrap_or(line);
    core::str::from_utf8(digits).ok()?.parse().ok().filter(|pid| *pid > 0)
}

/// What ends a command.
struct Ending {
    container: String,
    /// How it was run.
    config: ExecConfig,
    kill_after: Duration,
}

impl Ending {
    /// Ends a command, and waits until it has ended.
    #[inline]
    async fn end<V: Verbs, A: Answers<Start>>(&self, docker: &V, running: &mut Running<A>) -> Result<()> {
        running.read.collected = None;
        let told = within(docker, TELLING, running.read_until(|read| !matches!(read.first, First::Begun(_)))).await;
        let First::Pid(pid) = running.read.first else {
            return match runs(docker, &running.id).await? {
                false => Ok(()),
                true => Err(match told {
                    Some(Err(e)) => e.with_note("; its process id is not known"),
                    _ => Error::new(ErrorKind::Timeout, format!("it did not tell its process id within {TELLING:?}")),
                }),
            };
        };
        let id = running.id.clone();
        // A full pipe would keep it from ending; and podman knows of the end only as long as somebody reads.
        let (mut drain, mut work) = (pin!(running.drain()), pin!(self.signalled(docker, &id, pid)));
        poll_fn(|cx| {
            // It never ends.
            let _: Poll<()> = drain.as_mut().poll(cx);
            work.as_mut().poll(cx)
        })
        .await
    }

    /// Sends signals until it has ended, with all of its session.
    #[inline]
    async fn signalled<V: Verbs>(&self, docker: &V, id: &str, pid: u32) -> Result<()> {
        let (mut signal, mut pauses, mut is_killed, mut failed) = ("TERM", Pauses::new(self.kill_after), false, 0);
        loop {
            let found = self.signal(docker, pid, signal).await;
            let has_ended = match (&found, runs(docker, id).await?) {
                (_, true) => false,
                (Ok(found), false) => !found,
                // In one that does not run nothing can be run, and nothing goes on.
                (Err(_), false) => !self.container_runs(docker).await?,
            };
            match found {
                _ if has_ended => return Ok(()),
                Err(e) if failed == ATTEMPTS => return Err(e),
                // What was not sent is sent again.
                Err(_) => failed += 1,
                Ok(_) => {
                    failed = 0;
                    signal = if is_killed { signal } else { "0" };
                }
            }
            if pauses.pause(docker).await {
                continue;
            }
            if is_killed {
                return Err(Error::new(ErrorKind::Timeout, format!("it was killed, and not gone within {KILLED:?}")));
            }
            (signal, pauses, is_killed) = ("KILL", Pauses::new(KILLED), true);
        }
    }

    #[inline]
    async fn container_runs<V: Verbs>(&self, docker: &V) -> Result<bool> {
        match docker.call(containers::Inspect::new(&*self.container)).await {
            Ok(container) => Ok(container.state.is_some_and(|state| state.running == Some(true))),
            Err(e) if e.is_not_found() => Ok(false),
            Err(e) => Err(e),
        }
    }

    /// Sends a signal; tells whether there was a process for it.
    #[inline]
    async fn signal<V: Verbs>(&self, docker: &V, pid: u32, signal: &str) -> Result<bool> {
        let cmd = ["sh", "-c", SIGNALS, "sh", &*format!("{pid}"), signal];
        // With the same rights, and where `sh` was found.
        let mut kill = exec_run(&*self.container, cmd);
        (kill.config.user, kill.config.privileged) = (self.config.user.clone(), self.config.privileged);
        kill.config.env.clone_from(&self.config.env);
        let ran = kill.work(docker).await?;
        match ran.code {
            0 => Ok(true),
            1 => Ok(false),
            _ => Err(ran.success().err().unwrap_or_else(|| Error::protocol("no exit code of a signal"))),
        }
    }
}

/// Whether the engine says that a command runs.
#[inline]
async fn runs<V: Verbs>(docker: &V, id: &str) -> Result<bool> {
    match docker.call(Inspect::new(id)).await {
        Ok(state) => Ok(Outcome::of_exec(&state).is_ok_and(|outcome| outcome == Outcome::Running)),
        // It was forgotten, with its container.
        Err(e) if e.is_not_found() => Ok(false),
        Err(e) => Err(e),
    }
}
