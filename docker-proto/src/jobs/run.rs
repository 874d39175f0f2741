//! A container that is run to its end.

use super::image::pull;
use super::leftover::remove;
use super::race::{both_or_error, within};
use super::{Answers, Job, Verbs};
use crate::api::containers::{AttachOutput, Create, Start, Wait, WaitCondition};
use crate::api::system;
use crate::model::{ApiVersion, ContainerCreateBody, ContainerWaitResponse, RestartPolicyName};
use crate::op::{EngineKind, RegistryAuth};
use crate::values::CreateOptions;
use crate::wire::{Collected, Piece, limits};
use crate::{Error, ErrorKind, Result};
use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::time::Duration;

/// Runs a container to its end and gives its exit code with all that it wrote; then removes it.
///
/// The image is pulled if it is missing. Nothing of the output is missed, whatever the log driver is: the container
/// is attached to before it is started. No stdin is given to it. What it ends with is a value, not an error; see
/// [`Ran::success`].
///
/// Takes a [`CreateOptions`], a finished [`Create`] or its body. Waits as long as the container runs, unless there is a
/// [`timeout`](Run::timeout). A restart policy is refused: what is started again has no one end.
///
/// The container is removed, with its anonymous volumes, whatever happens, also if the job is [called off](Job::until);
/// a pulled image stays. Not if the job itself is dropped: nobody is left then to remove it. Give it a label and
/// [`remove_labelled`](super::remove_labelled) later, or, if it ends by itself, set `rm`, and the engine removes it at its
/// end. (Podman is not asked to: its exit code would be lost.)
///
/// ```no_run
/// use docker_proto::jobs::run;
/// use docker_proto::values::CreateOptions;
///
/// let job = run(CreateOptions::new("alpine").command("sh -c 'echo hello; exit 3'"));
/// // let ran = docker.job(job).await?;
/// # fn after(ran: docker_proto::jobs::Ran) -> docker_proto::Result<()> {
/// assert_eq!((ran.code, &*ran.output.stdout), (3, b"hello\n".as_slice()));
/// let ran = ran.success()?; // here: an error with the exit code and the end of stderr
/// # Ok(()) }
/// ```
///
/// Errors: those of its operations; [`Usage`](ErrorKind::Usage) for options that make no sense;
/// [`TooLarge`](ErrorKind::TooLarge) for more output than [`at_most`](Run::at_most); [`Timeout`](ErrorKind::Timeout).
#[inline]
pub fn run(what: impl TryInto<Create, Error: Into<Error>>) -> Run {
    Run {
        create: what.try_into().map_err(Into::into),
        pull: true,
        auth: None,
        most: limits::MAX_COLLECTED,
        watch: None,
        keep: false,
        timeout: None,
    }
}

/// Starts a container and leaves it running. The image is pulled if it is missing; what cannot be started is removed, and
/// so is what is not wanted any more when it is about to be: see [`Job::until`].
///
/// ```no_run
/// use docker_proto::jobs::run_detached;
/// use docker_proto::values::CreateOptions;
///
/// let job = run_detached(CreateOptions::new("nginx:1.29").name("web").publish("8080:80").rm(true));
/// // let id = docker.job(job).await?.id;
/// ```
#[inline]
pub fn run_detached(what: impl TryInto<Create, Error: Into<Error>>) -> RunDetached {
    RunDetached(run(what))
}

/// See [`run`].
#[must_use = "a job does nothing until `docker.job(..)` does it"]
pub struct Run {
    create: Result<Create>,
    pull: bool,
    auth: Option<RegistryAuth>,
    most: usize,
    watch: Option<Watch>,
    keep: bool,
    timeout: Option<Duration>,
}

type Watch = Box<dyn FnMut(Piece) + Send>;

/// See [`run_detached`].
#[derive(Debug)]
#[must_use = "a job does nothing until `docker.job(..)` does it"]
pub struct RunDetached(Run);

/// A container that was run.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Ran {
    /// Its id. It is gone, unless it was to be kept.
    pub id: String,
    /// Its image, as it was asked for.
    pub image: String,
    /// What its process ended with.
    pub code: i64,
    /// What it wrote; nothing if somebody [watched](Run::watch).
    pub output: Collected,
    /// What the engine ignored or changed, for people.
    pub warnings: Vec<String>,
    /// Why it could not be removed, if it could not.
    pub not_removed: Option<Error>,
}

/// A container that was started.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Started {
    /// Its id.
    pub id: String,
    /// What the engine ignored or changed, for people.
    pub warnings: Vec<String>,
}

impl Run {
    /// Whether a missing image is pulled, which it is if this is not said.
    #[inline]
    pub fn pull(mut self, pull: bool) -> Self {
        self.pull = pull;
        self
    }

    /// Credentials for the registry, if the image must be pulled.
    #[inline]
    pub fn auth(mut self, auth: impl Into<RegistryAuth>) -> Self {
        self.auth = Some(auth.into());
        self
    }

    /// How much output is kept, both streams together, in bytes; [`limits::MAX_COLLECTED`] if this is not said. More is an
    /// error, and ends the container.
    #[inline]
    pub fn at_most(mut self, bytes: usize) -> Self {
        self.most = bytes;
        self
    }

    /// Gives the output to this function as it comes, and keeps none.
    #[inline]
    pub fn watch(mut self, watch: impl FnMut(Piece) + Send + 'static) -> Self {
        self.watch = Some(Box::new(watch));
        self
    }

    /// Leaves the container there, also if something fails once it was made; but `rm` lets the engine remove it.
    #[inline]
    pub fn keep(mut self, keep: bool) -> Self {
        self.keep = keep;
        self
    }

    /// How long it may run. Pulling and removing take their own time.
    #[inline]
    pub fn timeout(mut self, time: Duration) -> Self {
        self.timeout = Some(time);
        self
    }

    /// Makes the container, with its image.
    #[inline]
    async fn make<V: Verbs>(&mut self, docker: &V, create: Create) -> Result<Started> {
        let made = match docker.make(create.clone()).await {
            Err(e) if self.pull && e.is_image_not_found() => {
                let image = create.body.image.as_deref().unwrap_or_default();
                pull(docker, image, create.platform.clone(), self.auth.take(), None).await?;
                docker.make(create).await?
            }
            made => made?,
        };
        let id = made.id.ok_or_else(|| Error::new(ErrorKind::Decode, "the engine did not tell the container's id"))?;
        Ok(Started { id, warnings: made.warnings })
    }

    /// From the attach to the exit code.
    #[inline]
    async fn work<V: Verbs>(&mut self, docker: &V, id: &str, tty: bool, wait: Waiting) -> Result<(i64, Collected)> {
        let attach = AttachOutput::new(id).stream(true).stdout(true).stderr(true).tty(tty);
        let mut output = docker.begin(attach);
        output.head().await?;
        let registered = match wait {
            Waiting::Afterwards => None,
            Waiting::Before(condition) => {
                let mut exit = docker.begin(Wait::new(id).condition(condition));
                exit.head().await?;
                Some(exit)
            }
        };
        docker.call(Start::new(id)).await?;
        let exit = async {
            let answer = match registered {
                Some(exit) => exit.value().await?,
                // It was started, so it either runs or has ended: no end is missed.
                None => docker.call(Wait::new(id)).await?,
            };
            code(&answer)
        };
        both_or_error(exit, self.read(output)).await
    }

    #[inline]
    async fn read<A: Answers<AttachOutput>>(&mut self, mut output: A) -> Result<Collected> {
        let mut collected = Collected::default();
        while let Some(piece) = output.next().await {
            let piece = piece.map_err(Error::as_final)?;
            match &mut self.watch {
                Some(watch) => watch(piece),
                None => collected.push(piece.stream, &piece.bytes, self.most)?,
            }
        }
        Ok(collected)
    }
}

impl Job for Run {
    type Output = Ran;

    #[inline]
    async fn run<V: Verbs>(mut self, docker: &V) -> Result<Ran> {
        let mut create = core::mem::replace(&mut self.create, Ok(Create::default()))?;
        let removes_itself = host(&create, |host| host.auto_remove == Some(true));
        if host(&create, |host| host.restart_policy.as_ref().and_then(|p| p.name.as_ref()).is_some_and(is_restart)) {
            return Err(Error::usage("a container with a restart policy has no one end: run it detached"));
        }
        if removes_itself && docker.engine().and_then(|engine| engine.engine).is_none() {
            docker.call(system::Ping::new()).await?;
        }
        // Where no wait can be registered, it would be gone before its exit code is asked for.
        let removes_itself = removes_itself && Waiting::of(docker, true) != Waiting::Afterwards;
        if let (false, Some(host)) = (removes_itself, &mut create.body.host_config) {
            host.auto_remove = None;
        }
        let image = create.body.image.clone().unwrap_or_default();
        let tty = create.body.tty == Some(true);
        let Started { id, warnings } = self.make(docker, create).await?;
        let wait = Waiting::of(docker, removes_itself);
        let (keep, timeout) = (self.keep, self.timeout);
        let work = self.work(docker, &id, tty, wait);
        let done = match timeout {
            None => work.await,
            Some(time) => within(docker, time, work).await.unwrap_or_else(|| {
                Err(Error::new(ErrorKind::Timeout, format!("the container {id} of {image} still ran after {time:?}")))
            }),
        };
        let gone = keep || (removes_itself && done.is_ok());
        let not_removed = if gone { None } else { remove(docker, &id).await.err() };
        match done {
            Ok((code, output)) => Ok(Ran { id, image, code, output, warnings, not_removed }),
            Err(e) => Err(left(e, not_removed)),
        }
    }
}

impl Job for RunDetached {
    type Output = Started;

    #[inline]
    async fn run<V: Verbs>(self, docker: &V) -> Result<Started> {
        let mut run = self.0;
        let create = core::mem::replace(&mut run.create, Ok(Create::default()))?;
        let started = run.make(docker, create).await?;
        if let Err(e) = docker.call(Start::new(&*started.id)).await {
            let not_removed = if run.keep { None } else { remove(docker, &started.id).await.err() };
            return Err(left(e, not_removed));
        }
        Ok(started)
    }
}

impl RunDetached {
    /// Whether a missing image is pulled, which it is if this is not said.
    #[inline]
    pub fn pull(self, pull: bool) -> Self {
        Self(self.0.pull(pull))
    }

    /// Credentials for the registry, if the image must be pulled.
    #[inline]
    pub fn auth(self, auth: impl Into<RegistryAuth>) -> Self {
        Self(self.0.auth(auth))
    }

    /// Leaves the container there, also if it cannot be started.
    #[inline]
    pub fn keep(self, keep: bool) -> Self {
        Self(self.0.keep(keep))
    }
}

impl Ran {
    /// Itself, if the process ended with 0.
    ///
    /// # Errors
    /// [`Exit`](ErrorKind::Exit) with the [code](Error::exit_code), the image and the end of stderr.
    #[inline]
    pub fn success(self) -> Result<Self> {
        if self.code == 0 {
            return Ok(self);
        }
        let (code, image, said) = (self.code, &self.image, super::end_of(&self.output.stderr));
        Err(Error::exit(code, format!("the container of {image} ended with exit code {code}{said}")))
    }
}

/// Why it failed, and what it left behind.
#[inline]
pub(super) fn left(e: Error, not_removed: Option<Error>) -> Error {
    match not_removed {
        None => e,
        Some(why) => e.with_note(&format!("; and what was made is still there: {why}")),
    }
}

/// When the wait for the end is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Waiting {
    /// Before the start: its head says that it is registered, and no end is missed whatever becomes of the container.
    Before(WaitCondition),
    /// After the start, on engines whose head comes with the exit code, or that did not say what they are.
    Afterwards,
}

impl Waiting {
    #[inline]
    fn of<V: Verbs>(docker: &V, removes_itself: bool) -> Self {
        let Some(engine) = docker.engine() else { return Self::Afterwards };
        let tells = engine.version.is_none_or(|version| version >= ApiVersion::new(1, 30));
        match engine.engine {
            Some(EngineKind::Docker) if tells && removes_itself => Self::Before(WaitCondition::Removed),
            Some(EngineKind::Docker) if tells => Self::Before(WaitCondition::NextExit),
            _ => Self::Afterwards,
        }
    }
}

#[inline]
fn host(create: &Create, is: impl Fn(&crate::model::HostConfig) -> bool) -> bool {
    create.body.host_config.as_ref().is_some_and(is)
}

#[inline]
fn is_restart(name: &RestartPolicyName) -> bool {
    !matches!(name.as_str(), "" | "no")
}

#[inline]
fn code(answer: &ContainerWaitResponse) -> Result<i64> {
    match answer.success() {
        Ok(()) => Ok(0),
        Err(e) => e.exit_code().ok_or(e),
    }
}

impl TryFrom<CreateOptions> for Create {
    type Error = Error;

    #[inline]
    fn try_from(options: CreateOptions) -> Result<Self> {
        options.create()
    }
}

impl From<ContainerCreateBody> for Create {
    #[inline]
    fn from(body: ContainerCreateBody) -> Self {
        Self::new(body)
    }
}

impl fmt::Debug for Run {
    /// Without the environment, which may hold secrets.
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let image = self.create.as_ref().map(|create| create.body.image.as_deref());
        f.debug_struct("Run").field("image", &image).field("timeout", &self.timeout).finish_non_exhaustive()
    }
}
