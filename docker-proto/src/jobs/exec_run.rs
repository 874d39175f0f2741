//! A command in a running container, run to its end.

use super::outcome::{Outcome, exec_outcome};
use super::race::within;
use super::{Job, Verbs};
use crate::api::exec::{Create, Start};
use crate::model::ExecConfig;
use crate::op::Operation as _;
use crate::wire::{Collected, limits};
use crate::{Error, ErrorKind, Result};
use alloc::format;
use alloc::string::String;
use core::time::Duration;

/// How long a killable command may take to end by itself once it is asked to, if this is not said.
const KILL_AFTER: Duration = Duration::from_secs(10);
/// How long an engine may take to know the exit code of a command whose output has ended.
const PATIENCE: Duration = Duration::from_secs(10);

/// Runs a command in a running container and gives its exit code with all that it wrote.
///
/// What it ends with is a value, not an error; see [`ExecRan::success`]. A program that is not there is 126 or 127. The
/// code is the engine's: that the output has ended says nothing, for it ends as well when the engine dies, which is an
/// error here. Waits as long as the command runs, unless there is a [`timeout`](ExecRun::timeout).
///
/// ```no_run
/// use docker_proto::jobs::exec_run;
///
/// let job = exec_run("web", ["sh", "-c", "echo $MODE; exit 3"]).with(|exec| exec.user("0").env(["MODE=test"]));
/// // let ran = docker.job(job).await?;
/// # fn after(ran: docker_proto::jobs::ExecRan) {
/// assert_eq!((ran.code, &*ran.output.stdout_text()), (3, "test\n"));
/// # }
/// ```
///
/// Errors: those of its operations; [`TooLarge`](ErrorKind::TooLarge) for more output than [`at_most`](ExecRun::at_most);
/// [`Timeout`](ErrorKind::Timeout). After these two the command goes on, and so it does if the job is
/// [called off](Job::until), for the API has no way to end it; where there is a shell in the container, make it
/// [`killable`](ExecRun::killable). If the job is dropped it goes on in any case. Nothing else stays: the engine forgets an
/// exec by itself.
#[inline]
pub fn exec_run(container: impl Into<String>, cmd: impl IntoIterator<Item = impl Into<String>>) -> ExecRun {
    let config = ExecConfig::new().cmd(cmd).attach_stdout(true).attach_stderr(true);
    ExecRun { container: container.into(), config, most: limits::MAX_COLLECTED, timeout: None, kill_after: None }
}

/// See [`exec_run`].
#[derive(Clone, Debug)]
#[must_use = "a job does nothing until `docker.job(..)` does it"]
pub struct ExecRun {
    pub(super) container: String,
    pub(super) config: ExecConfig,
    pub(super) most: usize,
    pub(super) timeout: Option<Duration>,
    /// Of one that is killable.
    kill_after: Option<Duration>,
}

/// A command that was run.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ExecRan {
    /// Its id, which the engine forgets after some minutes.
    pub id: String,
    /// What it ended with.
    pub code: i64,
    /// What it wrote.
    pub output: Collected,
}

impl ExecRun {
    /// Changes how it is run: who runs it, where, with what environment, with a terminal.
    #[inline]
    pub fn with(mut self, change: impl FnOnce(ExecConfig) -> ExecConfig) -> Self {
        self.config = change(self.config);
        self
    }

    /// How much output is kept, both streams together, in bytes; [`limits::MAX_COLLECTED`] if this is not said. More is an
    /// error.
    #[inline]
    pub fn at_most(mut self, bytes: usize) -> Self {
        self.most = bytes;
        self
    }

    /// How long it may run.
    #[inline]
    pub fn timeout(mut self, time: Duration) -> Self {
        self.timeout = Some(time);
        self
    }

    /// Ends the command if the job ends before it: [called off](Job::until), after the [`timeout`](ExecRun::timeout), with
    /// too much output or any other error. It has ended when the job ends; if that fails, the error says so.
    ///
    /// It takes a shell, `sh`, in the container. The shell tells its process id in a first line of stdout, which is taken
    /// off the output, and becomes the command. Further commands, by the same user, send it signals: TERM, and KILL after
    /// [`kill_after`](ExecRun::kill_after). They reach what it has started too, but for what has made a session of its own,
    /// as `setsid` and daemons do.
    ///
    /// The same output and code come as without it, with these exceptions: a program that is not there is told by the shell,
    /// on stderr and by 127; and some shells add `PWD`, `SHLVL` and the like to the environment.
    ///
    /// ```no_run
    /// # use std::future::pending as ctrl_c;
    /// use docker_proto::jobs::{Job, exec_run};
    ///
    /// let job = exec_run("db", ["pg_dump", "shop"]).killable().until(ctrl_c::<()>());
    /// // docker.job(job).await: no pg_dump runs any more, however it ends
    /// ```
    ///
    /// Errors: [`Usage`](ErrorKind::Usage) if stdout is not attached; [`Exit`](ErrorKind::Exit), with the engine's 126 or
    /// 127, if there is no `sh`.
    #[inline]
    pub fn killable(mut self) -> Self {
        self.kill_after = Some(self.kill_after.unwrap_or(KILL_AFTER));
        self
    }

    /// The same, and how long it may take to end by itself before it is killed; 10 seconds if this is not said. At most the
    /// [grace](super::Until::grace) of a job that is called off, less the time for what else is to be done then.
    #[inline]
    pub fn kill_after(mut self, time: Duration) -> Self {
        self.kill_after = Some(time);
        self
    }
}

impl Job for ExecRun {
    type Output = ExecRan;

    #[inline]
    async fn run<V: Verbs>(self, docker: &V) -> Result<ExecRan> {
        if let Some(kill_after) = self.kill_after {
            return super::exec_kill::run(self, docker, kill_after).await;
        }
        match self.timeout {
            None => self.work(docker).await,
            Some(time) => within(docker, time, self.work(docker)).await.unwrap_or_else(|| Err(self.late())),
        }
    }
}

impl ExecRun {
    /// From the command to its end, however long that takes.
    #[inline]
    pub(super) async fn work<V: Verbs>(&self, docker: &V) -> Result<ExecRan> {
        let tty = self.config.tty == Some(true);
        let id = self.create(docker).await?;
        let output = docker.call(Start::new(&*id).tty(tty).collected().at_most(self.most)).await?;
        let code = self.code(docker, &id).await?;
        Ok(ExecRan { id, code, output })
    }

    #[inline]
    pub(super) async fn create<V: Verbs>(&self, docker: &V) -> Result<String> {
        if self.config.attach_stdin == Some(true) {
            return Err(Error::usage("attach_stdin: must not be set, for no input is given; open a session instead"));
        }
        let created = docker.call(Create::new(&*self.container, self.config.clone())).await?;
        created.id.ok_or_else(|| Error::new(ErrorKind::Decode, "the engine did not tell the command's id"))
    }

    /// The exit code, once the output has ended.
    #[inline]
    pub(super) async fn code<V: Verbs>(&self, docker: &V, id: &str) -> Result<i64> {
        match exec_outcome(id).patience(PATIENCE).run(docker).await? {
            Outcome::Exited(code) => Ok(code),
            // Its keys detach from a terminal, and so may a proxy from anything.
            still => Err(Error::new(
                ErrorKind::Timeout,
                format!("the output of the command {id} has ended, and after {PATIENCE:?} it has not: {still:?}"),
            )),
        }
    }

    #[inline]
    pub(super) fn late(&self) -> Error {
        let (container, time) = (&self.container, self.timeout.unwrap_or_default());
        Error::new(ErrorKind::Timeout, format!("the command in {container} still ran after {time:?}"))
    }
}

impl ExecRan {
    /// Itself, if the command ended with 0.
    ///
    /// # Errors
    /// [`Exit`](ErrorKind::Exit) with the [code](Error::exit_code) and the end of stderr.
    #[inline]
    pub fn success(self) -> Result<Self> {
        if self.code == 0 {
            return Ok(self);
        }
        let (code, said) = (self.code, super::end_of(&self.output.stderr));
        Err(Error::exit(code, format!("the command ended with exit code {code}{said}")))
    }
}
