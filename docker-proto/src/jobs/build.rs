//! An image that is built.

use super::race::within;
use super::{Answers, Job, Verbs};
use crate::api::build::{FromRemote, FromTar};
use crate::api::images::Inspect;
use crate::build::{Context, Trace, TraceLog};
use crate::model::{ImageInspect, Progress};
use crate::op::Operation;
use crate::progress::{self, Tracker};
use crate::{Error, ErrorKind, Result};
use alloc::boxed::Box;
use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;
use core::fmt;
use core::time::Duration;

/// How much of the log is kept, in bytes, if nobody says otherwise.
const LOG: usize = 1024 * 1024;
/// How much is kept of results of kinds that are not known here, in bytes of their JSON text.
const MAX_OTHER: usize = 1024 * 1024;

/// Builds an image from files, and gives its id and the log.
///
/// The files are a [`Context`]: a directory by the `context` of an adapter's `Body`, a tar as bytes, as a
/// [`Tree`](crate::tar::Tree) or as a `Body`, or a Dockerfile alone. All options are those of [`FromTar`]; with
/// `version("2")` BuildKit builds. It asks a [session](FromTar::session) for secrets, SSH agents and credentials of
/// registries, and does not read [`registry_config`](FromTar::registry_config); without one it says `no active sessions`.
/// An image that was pulled before needs none.
///
/// A step that fails leaves no container behind, unless [`forcerm`](FromTar::forcerm) is false, and neither does a build
/// that is cancelled.
///
/// Waits as long as the build takes, unless there is a [`timeout`](Build::timeout). The build ends if the job is dropped;
/// one by BuildKit that has a `buildid` also by [`Cancel`](crate::api::build::Cancel).
///
/// ```no_run
/// use docker_proto::api::build::FromTar;
/// use docker_proto::build::Context;
/// use docker_proto::jobs::build;
///
/// let job = build(FromTar::new().tags(["tools:1"]), Context::dockerfile("FROM alpine\nRUN apk add git\n"))
///     .watch(|progress| eprint!("{}", progress.stream.unwrap_or_default()));
/// // let built = docker.job(job).await?;
/// # fn after(built: docker_proto::jobs::Built) {
/// println!("{} after\n{}", built.id, built.log);
/// # }
/// ```
///
/// Errors: those of [`FromTar`] and of [`Context::prepare`]. If a step fails, [`exit_code`](Error::exit_code) is that of its
/// command and [`output`](Error::output) the log. [`Timeout`](ErrorKind::Timeout), with the log.
#[inline]
pub fn build(how: FromTar, context: impl Into<Context>) -> Build {
    Build { source: Source::Upload(Box::new(how), context.into()), most: LOG, timeout: None, watch: None }
}

/// Builds an image from files that the engine gets by itself: a Git repository, a tar or a Dockerfile at a URL.
///
/// ```no_run
/// use docker_proto::api::build::FromRemote;
/// use docker_proto::jobs::build_remote;
///
/// let job = build_remote(FromRemote::new("https://example.org/app.git#main").tags(["app:1"])); // docker.job(job)
/// ```
///
/// Otherwise as [`build`].
#[inline]
pub fn build_remote(how: FromRemote) -> Build {
    Build { source: Source::Remote(Box::new(how)), most: LOG, timeout: None, watch: None }
}

/// Makes sure that an image is there: builds it if the tag is missing, and tells everything about it.
///
/// If it is there, nothing is sent but the question, and no file of the context is looked at. The build gives its image
/// this tag beside those that it has.
///
/// ```no_run
/// use docker_proto::api::build::FromTar;
/// use docker_proto::build::Context;
/// use docker_proto::jobs::{build, ensure_built};
///
/// let job = ensure_built("tools:1", build(FromTar::new(), Context::dockerfile("FROM alpine\nRUN apk add git\n")));
/// // let ensured = docker.job(job).await?;
/// ```
///
/// Errors: as [`build`]; 404 if the image is not there afterwards, as when it was to go elsewhere.
#[inline]
pub fn ensure_built(tag: impl Into<String>, build: Build) -> EnsureBuilt {
    EnsureBuilt { tag: tag.into(), build }
}

/// See [`build`] and [`build_remote`].
#[must_use = "a job does nothing until `docker.job(..)` does it"]
pub struct Build {
    source: Source,
    most: usize,
    timeout: Option<Duration>,
    watch: Option<Watch>,
}

enum Source {
    Upload(Box<FromTar>, Context),
    Remote(Box<FromRemote>),
}

type Watch = Box<dyn FnMut(Progress) + Send>;

/// See [`ensure_built`].
#[derive(Debug)]
#[must_use = "a job does nothing until `docker.job(..)` does it"]
pub struct EnsureBuilt {
    tag: String,
    build: Build,
}

/// An image that was built.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Built {
    /// Its id, as the engine tells it; podman leaves out `sha256:` if it is to be quiet. Empty if
    /// [`outputs`](FromTar::outputs) made no image.
    pub id: String,
    /// What was printed, by the builder and by the commands. Of BuildKit it is the names of the steps, their output and
    /// warnings. The end of it, if it was longer than [`log_at_most`](Build::log_at_most); nothing if the build was quiet.
    pub log: String,
    /// How many bytes of the log were left out at its beginning.
    pub log_left_out: u64,
    /// All that the engine says came of it: ids, names.
    pub outcome: progress::Outcome,
    /// Results of kinds that are not known here, as they came; the first MiB of them.
    pub other: Vec<Progress>,
}

/// An image that is there.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct EnsuredBuilt {
    /// Everything about it.
    pub image: ImageInspect,
    /// How it was built, if it had to be.
    pub built: Option<Built>,
}

impl Build {
    /// Shows the progress, item by item. Those of BuildKit have a [`Trace`].
    #[inline]
    pub fn watch(mut self, watch: impl FnMut(Progress) + Send + 'static) -> Self {
        self.watch = Some(Box::new(watch));
        self
    }

    /// How much of the log is kept, in bytes: the end of it. 1 MiB if this is not said.
    #[inline]
    pub fn log_at_most(mut self, bytes: usize) -> Self {
        self.most = bytes;
        self
    }

    /// How long it may take. Then it is ended.
    #[inline]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    #[inline]
    fn tag(mut self, tag: &str) -> Self {
        let tags = match &mut self.source {
            Source::Upload(how, _) => &mut how.tags,
            Source::Remote(how) => &mut how.tags,
        };
        if !tags.iter().any(|other| other == tag) {
            tags.push(tag.into());
        }
        self
    }
}

impl Job for Build {
    type Output = Built;

    #[inline]
    async fn run<V: Verbs>(mut self, docker: &V) -> Result<Built> {
        match &mut self.source {
            Source::Upload(how, _) => how.forcerm.get_or_insert(true),
            Source::Remote(how) => how.forcerm.get_or_insert(true),
        };
        let mut record = Record::new(self.most, self.watch);
        let makes_image = match &self.source {
            Source::Upload(how, _) => how.outputs.is_none(),
            Source::Remote(how) => how.outputs.is_none(),
        };
        let timeout = self.timeout;
        let work = async {
            match self.source {
                Source::Upload(how, context) => {
                    let (how, tar) = context.prepare(*how)?;
                    record.follow(docker.upload(how, tar)).await
                }
                Source::Remote(how) => record.follow(docker.begin(*how)).await,
            }
        };
        let done = match timeout {
            None => work.await,
            Some(timeout) => within(docker, timeout, work).await.unwrap_or_else(|| {
                Err(Error::new(ErrorKind::Timeout, format!("the build is not done after {timeout:?}")))
            }),
        };
        match done {
            Ok(()) => record.built(makes_image),
            Err(e) => Err(e.with_output(record.log.into_text().0)),
        }
    }
}

impl Job for EnsureBuilt {
    type Output = EnsuredBuilt;

    #[inline]
    async fn run<V: Verbs>(self, docker: &V) -> Result<EnsuredBuilt> {
        match docker.call(Inspect::new(&*self.tag)).await {
            Err(e) if e.is_not_found() => {}
            there => return Ok(EnsuredBuilt { image: there?, built: None }),
        }
        let built = self.build.tag(&self.tag).run(docker).await?;
        // It is there now: who calls the job off only now gets it.
        let image = docker.shielded().call(Inspect::new(&*self.tag)).await?;
        Ok(EnsuredBuilt { image, built: Some(built) })
    }
}

/// What is remembered of a build.
struct Record {
    tracker: Tracker,
    traces: TraceLog,
    log: Log,
    other: Vec<Progress>,
    /// How many bytes of those may still be kept.
    room: usize,
    watch: Option<Watch>,
}

impl Record {
    #[inline]
    fn new(most: usize, watch: Option<Watch>) -> Self {
        let log = Log { text: String::new(), most, left_out: 0 };
        Self { tracker: Tracker::new(), traces: TraceLog::new(), log, other: Vec::new(), room: MAX_OTHER, watch }
    }

    /// Reads an answer to its end.
    #[inline]
    async fn follow<O: Operation>(&mut self, mut answer: impl Answers<O>) -> Result<()>
    where
        O::Reply: crate::op::Reply<Item = Progress>,
    {
        while let Some(item) = answer.next().await {
            match item {
                Ok(item) => self.see(item),
                Err(e) if e.is_final() => return Err(e),
                // Progress that cannot be read is no reason to give up.
                Err(_) => {}
            }
        }
        Ok(())
    }

    #[inline]
    fn see(&mut self, item: Progress) {
        self.tracker.update(&item);
        if let Some(text) = &item.stream {
            self.log.push(text);
        }
        match Trace::of(&item) {
            Ok(Some(trace)) => self.log.push(&self.traces.read(&trace)),
            Ok(None) => self.keep(&item),
            // One that cannot be read is shown to who watches.
            Err(_) => {}
        }
        if let Some(watch) = &mut self.watch {
            watch(item);
        }
    }

    /// Keeps a result that is no id of an image.
    #[inline]
    fn keep(&mut self, item: &Progress) {
        let Some(aux) = item.aux.as_ref().filter(|aux| aux.get("ID").is_none_or(|id| !id.is_string())) else { return };
        let length = aux.to_string().len();
        if let Some(left) = self.room.checked_sub(length) {
            self.room = left;
            self.other.push(item.clone());
        }
    }

    #[inline]
    fn built(self, makes_image: bool) -> Result<Built> {
        let outcome = self.tracker.outcome().clone();
        let id = outcome.image_id().unwrap_or_default().into();
        let (log, log_left_out) = self.log.into_text();
        let built = Built { id, log, log_left_out, outcome, other: self.other };
        if built.id.is_empty() && makes_image {
            let e = Error::protocol("the engine ended the build without an error, and without the id of an image");
            return Err(e.of("ImageBuild", "").with_output(built.log));
        }
        Ok(built)
    }
}

/// The end of a text.
struct Log {
    text: String,
    most: usize,
    left_out: u64,
}

impl Log {
    #[inline]
    fn push(&mut self, more: &str) {
        self.text.push_str(more);
        // Not for each piece: what is kept is moved.
        if self.text.len() / 2 > self.most {
            self.cut();
        }
    }

    #[inline]
    fn cut(&mut self) {
        let least = self.text.len().saturating_sub(self.most);
        // A character that would be cut is left out; the end of the text is a boundary.
        let from = (least..=self.text.len()).find(|&at| self.text.is_char_boundary(at)).unwrap_or(0);
        self.text.drain(..from);
        self.left_out = self.left_out.saturating_add(from as u64);
    }

    #[inline]
    fn into_text(mut self) -> (String, u64) {
        self.cut();
        (self.text, self.left_out)
    }
}

impl fmt::Debug for Build {
    /// Without the arguments of the build, which people put secrets in.
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (tags, context) = match &self.source {
            Source::Upload(how, context) => (&how.tags, Some(context)),
            Source::Remote(how) => (&how.tags, None),
        };
        f.debug_struct("Build").field("tags", tags).field("context", &context).finish_non_exhaustive()
    }
}
