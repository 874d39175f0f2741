//! Jobs: several operations in a row, as what people call one thing. `docker.job(..)` does them.
//!
//! A [`Job`] is written once, as an `async fn` over the [`Verbs`] of a client, and does no I/O itself: every adapter gives
//! it verbs, an in-memory engine in a test as well. A job belongs here if it takes more than one operation and every
//! client would do it the same way.
//!
//! | job | what it does | failed or called off, it leaves |
//! |---|---|---|
//! | [`run()`] | runs a container to its end: output and exit code | an image that it pulled |
//! | [`run_detached`] | starts a container and leaves it running | an image that it pulled |
//! | [`exec_run()`] | a command in a running container to its end | the command, unless it is [`killable`](ExecRun::killable) |
//! | [`exec_outcome`], [`container_outcome`] | how a process ended whose output was read otherwise | |
//! | [`resize()`] | a size for a terminal whose process is just being started | |
//! | [`ensure_image`] | an image that is there, pulled if it was not | an image that was complete by then |
//! | [`build()`], [`build_remote`] | an image from a directory, a tar, a Dockerfile or a URL | layers that were built by then |
//! | [`ensure_built`] | an image that is there, built if it was not | as a build |
//! | [`copy_in`] | a directory into a container | files in whose place others had come, and what is new in a mount |
//! | [`copy_out`] | a file or a directory out of a container | files in whose place others had come |
//! | [`install_plugin`] | a plugin with the privileges that it was granted, set and enabled | nothing |
//! | [`update_service`], [`scale_service`], [`force_update_service`], [`rollback_service`] | a service changed, and followed until its tasks run so | called off, nothing; failed, the change, with which the swarm goes on |
//! | [`wait_until_healthy`], [`wait_until_log`], [`wait_until_port`], [`wait_until_ready`] | patience with an end | |
//! | [`list_detailed`] | a list with everything about each | |
//! | [`remove_labelled`] | removes what was left behind | what it had not come to |
//! | [`Job::until`] | any of them, called off by a signal | |
//!
//! A job that fails, or is called off by [`until`](Job::until), removes what it made before it ends: a container, a plugin
//! that is half installed, files in a container. If that fails too, its error says so. One that is dropped ends where it
//! is: its connections are closed, and what it made by then stays, for nobody is left to remove it; [`remove_labelled`]
//! finds containers. A job of your own does the same if it makes things by [`Verbs::make`] or
//! [`make_from`](Verbs::make_from) and removes them by [`Verbs::shielded`] verbs, whatever error it ends with.
//!
//! Waits have an end where one is asked for when the job is made: `within`, or a `timeout`. Without one, a job takes as
//! long as what it waits for; each call in it has the deadlines of the client.
//!
//! ```
//! use docker_proto::api::containers;
//! use docker_proto::jobs::{Job, Verbs};
//!
//! /// Restarts what is not healthy, and tells how many that were.
//! struct Nurse;
//!
//! impl Job for Nurse {
//!     type Output = usize;
//!
//!     async fn run<V: Verbs>(self, docker: &V) -> docker_proto::Result<usize> {
//!         let sick = docker.call(containers::List::new().filters([("health", "unhealthy")])).await?;
//!         for container in sick.iter().filter_map(|c| c.id.as_deref()) {
//!             docker.call(containers::Restart::new(container)).await?;
//!         }
//!         Ok(sick.len())
//!     }
//! }
//! ```

mod build;
mod content;
mod copy;
mod exec_kill;
mod exec_run;
mod image;
mod leftover;
mod list;
mod outcome;
mod plugin;
mod race;
mod resize;
mod run;
mod service;
mod service_spec;
mod service_undo;
mod together;
mod until;
mod wait;
mod wait_port;

pub use build::{Build, Built, EnsureBuilt, EnsuredBuilt, build, build_remote, ensure_built};
pub use content::Content;
pub use copy::{CopiedIn, CopiedOut, CopyIn, CopyOut, copy_in, copy_out};
pub use exec_run::{ExecRan, ExecRun, exec_run};
pub use image::{EnsureImage, Ensured, ensure_image};
pub use leftover::{RemoveLabelled, remove_labelled};
pub use list::{ListDetailed, list_detailed};
pub use outcome::{ContainerOutcome, ExecOutcome, Outcome, container_outcome, exec_outcome};
pub use plugin::{InstallPlugin, install_plugin};
pub use resize::{Resize, Resized, Terminal, resize};
pub use run::{Ran, Run, RunDetached, Started, run, run_detached};
pub use service::{UpdateService, Updated, force_update_service, rollback_service, scale_service, update_service};
pub use until::Until;
pub use wait::{WaitUntilHealthy, WaitUntilLog, WaitUntilReady, wait_until_healthy, wait_until_log, wait_until_ready};
pub use wait_port::{WaitUntilPort, wait_until_port};

use crate::drive::BodySource;
use crate::op::{Operation, Plain, Reply, Unary, Uploads};
use crate::session::Agreed;
use crate::{Error, Result};
use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;
use core::future::{Future, IntoFuture, poll_fn};
use core::task::Poll;
use core::time::Duration;

/// What an item of an operation is.
pub type ItemOf<O> = <<O as Operation>::Reply as Reply>::Item;

/// What the head of an operation's answer says.
pub type HeadOf<O> = <<O as Operation>::Reply as Reply>::Head;

/// Several operations in a row.
pub trait Job: Send {
    /// What comes of it.
    type Output: Send;

    /// Does it.
    ///
    /// # Errors
    /// Those of its operations, unless the job says otherwise.
    fn run<V: Verbs>(self, docker: &V) -> impl Future<Output = Result<Self::Output>> + Send;

    /// The same job, called off once the signal is ready: ctrl-c, a channel, a timer; in docker-blocking a `Canceller`.
    ///
    /// What it waits for then fails with [`Cancelled`](crate::ErrorKind::Cancelled), as if the engine had failed, and
    /// connections are closed. So the job cleans up as after any failure, and ends, as a rule, with that error. It has 60
    /// seconds for that; see [`grace`](Until::grace). One whose work is done by then ends as it does otherwise. Called
    /// off before it began, it sends nothing.
    ///
    /// ```no_run
    /// # use std::future::pending as ctrl_c;
    /// use docker_proto::jobs::{Job, run};
    /// use docker_proto::values::CreateOptions;
    ///
    /// let job = run(CreateOptions::new("alpine").command("sleep 1000")).until(ctrl_c::<()>());
    /// // docker.job(job).await: the container is gone, however it ends
    /// ```
    #[inline]
    fn until<S>(self, signal: S) -> Until<Self, S>
    where
        Self: Sized,
        S: IntoFuture<IntoFuture: Send, Output: Send> + Send,
    {
        Until::new(self, signal)
    }
}

/// What a job does its work with: the verbs of a client. Its deadlines and other options are those of the client.
pub trait Verbs: Send + Sync {
    /// What comes back from an operation, item by item.
    type Answers<O: Operation>: Answers<O>;

    /// Sends an operation. Nothing is sent before the answer is asked for.
    fn begin<O: Plain>(&self, op: O) -> Self::Answers<O>;

    /// Sends an operation whose request is a stream of bytes. Nothing is sent before the answer is asked for.
    fn upload<O: Uploads>(&self, op: O, content: Content) -> Self::Answers<O>;

    /// What is known about the engine by now; `None` before its first answer.
    fn engine(&self) -> Option<Agreed>;

    /// Waits so long.
    fn sleep(&self, time: Duration) -> impl Future<Output = ()> + Send;

    /// Sends an operation and waits for its one answer.
    #[inline]
    fn call<O: Plain>(&self, op: O) -> impl Future<Output = Result<ItemOf<O>>> + Send
    where
        O::Reply: Unary,
    {
        self.begin(op).value()
    }

    /// The same verbs for what has to be done even if the job is [called off](Job::until): to remove what it made.
    #[inline]
    fn shielded(&self) -> &impl Verbs
    where
        Self: Sized,
    {
        self
    }

    /// Whether the job was not called off.
    ///
    /// # Errors
    /// [`Cancelled`](crate::ErrorKind::Cancelled) if it was.
    #[inline]
    fn still_wanted(&self) -> Result<()> {
        Ok(())
    }

    /// Sends an operation that makes what has to be removed again, and waits for its one answer. It is not begun if the
    /// job was called off. Once it was begun its answer is waited for, for that tells what to remove.
    #[inline]
    fn make<O: Plain>(&self, op: O) -> impl Future<Output = Result<ItemOf<O>>> + Send
    where
        O::Reply: Unary,
        Self: Sized,
    {
        async move {
            self.still_wanted()?;
            self.shielded().call(op).await
        }
    }

    /// Uploads what has to be removed again, and waits for its one answer. It is not begun if the job was called off. If
    /// the job is called off later, `body` is ended there, and the engine's answer is waited for all the same: once it is
    /// here nothing more comes of what was sent, which a connection that is closed would not tell. What was sent whole by
    /// then counts. An engine that does not read any more is waited for as long as the [grace](Until::grace) is.
    ///
    /// # Errors
    /// Those of the operation; [`Cancelled`](crate::ErrorKind::Cancelled) if the body was ended early.
    fn make_from<O: Uploads>(&self, op: O, body: &mut dyn BodySource) -> impl Future<Output = Result<ItemOf<O>>> + Send
    where
        O::Reply: Unary;

    /// Does two things at the same time, on the same thread.
    #[inline]
    fn both<A, B>(&self, a: A, b: B) -> impl Future<Output = (A::Output, B::Output)> + Send
    where
        A: Future<Output: Send> + Send,
        B: Future<Output: Send> + Send,
    {
        let (mut a, mut b) = (Box::pin(a), Box::pin(b));
        let (mut first, mut second) = (None, None);
        poll_fn(move |cx| {
            if first.is_none() {
                first = ready(a.as_mut().poll(cx));
            }
            if second.is_none() {
                second = ready(b.as_mut().poll(cx));
            }
            match (first.take(), second.take()) {
                (Some(a), Some(b)) => Poll::Ready((a, b)),
                one_or_none => {
                    (first, second) = one_or_none;
                    Poll::Pending
                }
            }
        })
    }
}

/// The end of what a process wrote, as errors show it: `; it wrote: ...`. Nothing if it wrote nothing.
#[inline]
pub(crate) fn end_of(output: &[u8]) -> String {
    /// How much of it, in bytes.
    const SHOWN: usize = 2048;
    let text = String::from_utf8_lossy(output.trim_ascii());
    let from = text.len().saturating_sub(SHOWN);
    // A character that is cut is left out.
    let from = (from..text.len()).find(|&at| text.is_char_boundary(at)).unwrap_or(text.len());
    match text.get(from..).unwrap_or_default() {
        "" => String::new(),
        end if from > 0 => format!("; at the end it wrote: ...{end}"),
        all => format!("; it wrote: {all}"),
    }
}

#[inline]
fn ready<T>(poll: Poll<T>) -> Option<T> {
    match poll {
        Poll::Ready(value) => Some(value),
        Poll::Pending => None,
    }
}

/// What comes back from an operation. Dropping it cancels the call and closes its connection.
pub trait Answers<O: Operation>: Send + Sized {
    /// The next item; `None` once the answer has ended.
    fn next(&mut self) -> impl Future<Output = Option<Result<ItemOf<O>>>> + Send;

    /// Waits for the head of the answer: the request was accepted, a wait is registered, a stream is open.
    fn head(&mut self) -> impl Future<Output = Result<()>> + Send;

    /// What the head of the answer says; `None` before it.
    fn answer_head(&self) -> Option<&HeadOf<O>>;

    /// Reads to the end and gives the last item.
    #[inline]
    fn value(mut self) -> impl Future<Output = Result<ItemOf<O>>> + Send {
        async move {
            let mut last = None;
            while let Some(item) = self.next().await {
                last = Some(item.map_err(Error::as_final)?);
            }
            last.ok_or_else(|| Error::truncated("the answer ended without a value"))
        }
    }
}
