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
/// [`Timeout`](ErrorKind::Timeout). After these two the command goes on, and so it does if the job is dropped or
/// [called off](Job::until): the API has no way to end it. Nothing else stays: the engine forgets an exec by itself.
#[inline]
pub fn exec_run(container: impl Into<String>, cmd: impl IntoIterator<Item = impl Into<String>>) -> ExecRun {
    let config = ExecConfig::new().cmd(cmd).attach_stdout(true).attach_stderr(true);
    ExecRun { container: container.into(), config, most: limits::MAX_COLLECTED, timeout: None }
}

/// See [`exec_run`].
#[derive(Clone, Debug)]
#[must_use = "a job does nothing until `docker.job(..)` does it"]
pub struct ExecRun {
    container: String,
    config: ExecConfig,
    most: usize,
    timeout: Option<Duration>,
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
}

impl Job for ExecRun {
    type Output = ExecRan;

    async fn run<V: Verbs>(self, docker: &V) -> Result<ExecRan> {
        let (container, timeout) = (self.container.clone(), self.timeout);
        let work = self.work(docker);
        match timeout {
            None => work.await,
            Some(time) => within(docker, time, work).await.unwrap_or_else(|| {
                Err(Error::new(ErrorKind::Timeout, format!("the command in {container} still ran after {time:?}")))
            }),
        }
    }
}

impl ExecRun {
    #[inline]
    async fn work<V: Verbs>(self, docker: &V) -> Result<ExecRan> {
        if self.config.attach_stdin == Some(true) {
            return Err(Error::usage("attach_stdin: must not be set, for no input is given; open a session instead"));
        }
        let tty = self.config.tty == Some(true);
        let created = docker.call(Create::new(&*self.container, self.config)).await?;
        let id = created.id.ok_or_else(|| Error::new(ErrorKind::Decode, "the engine did not tell the command's id"))?;
        let output = docker.call(Start::new(&*id).tty(tty).collected().at_most(self.most)).await?;
        match exec_outcome(&*id).patience(PATIENCE).run(docker).await? {
            Outcome::Exited(code) => Ok(ExecRan { id, code, output }),
            // Its keys detach from a terminal, and so may a proxy from anything.
            still => Err(Error::new(
                ErrorKind::Timeout,
                format!("the output of the command {id} has ended, and after {PATIENCE:?} it has not: {still:?}"),
            )),
        }
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
