//! Containers that nobody wants any more.

use super::outcome::Pauses;
use super::race::within;
use super::{Job, Verbs};
use crate::api::containers::{List, Remove};
use crate::op::{Plain, Unary};
use crate::{Error, ErrorKind, Result};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;

/// How long an engine may take to remove a container: it kills it first, and podman asks it before that, for 10 s.
const PATIENCE: Duration = Duration::from_secs(60);
/// How often an engine that fails to remove one is asked again.
const ATTEMPTS: usize = 3;

/// Removes all containers with a label, `name` or `name=value`, running or not, with their anonymous volumes; gives their
/// ids.
///
/// For what jobs leave behind that were dropped: nobody is there then to remove what they made. A container that an engine
/// was just asked to make, when the job was dropped, may appear a moment later: see [`settle`](RemoveLabelled::settle).
/// A job that is [called off](Job::until) instead removes what it made itself.
///
/// ```no_run
/// use docker_proto::jobs::{remove_labelled, run};
/// use docker_proto::values::CreateOptions;
///
/// let job = run(CreateOptions::new("alpine").command("sleep 1000").label("run=4711"));
/// // a `select!` drops the job, and then: docker.job(..)
/// let clean = remove_labelled("run=4711");
/// ```
#[inline]
pub fn remove_labelled(label: impl Into<String>) -> RemoveLabelled {
    RemoveLabelled { label: label.into(), settle: Duration::ZERO }
}

/// See [`remove_labelled`].
#[derive(Clone, Debug)]
#[must_use = "a job does nothing until `docker.job(..)` does it"]
pub struct RemoveLabelled {
    label: String,
    settle: Duration,
}

impl RemoveLabelled {
    /// How long it looks again for more, for what the engine was just asked to make. Not at all if this is not said.
    #[inline]
    pub fn settle(mut self, time: Duration) -> Self {
        self.settle = time;
        self
    }
}

impl Job for RemoveLabelled {
    type Output = Vec<String>;

    #[inline]
    async fn run<V: Verbs>(self, docker: &V) -> Result<Vec<String>> {
        let label = &*self.label;
        if label.split('=').next().is_none_or(|name| name.trim().is_empty()) {
            return Err(Error::usage(format!("label: must have a name; it is {label:?}")));
        }
        let mut pauses = Pauses::new(self.settle);
        let mut removed = Vec::new();
        loop {
            let listed = docker.call(List::new().all(true).filters([("label", label)])).await?;
            for id in listed.into_iter().filter_map(|container| container.id) {
                docker.still_wanted()?;
                remove(docker, &id).await?;
                // One that is going is listed until it is gone.
                if !removed.contains(&id) {
                    removed.push(id);
                }
            }
            if !pauses.pause(docker).await {
                return Ok(removed);
            }
        }
    }
}

/// Removes a container, whatever it does, and also if the job was called off: it is gone afterwards. One that was gone
/// already is no error.
#[inline]
pub(super) async fn remove<V: Verbs>(docker: &V, id: &str) -> Result<()> {
    let remove = || Remove::new(id).force(true).v(true);
    until_gone(docker.shielded(), &format!("the container {id}"), remove).await.map(drop)
}

/// Sends what removes something until it is gone. False if it was not there in the first place.
#[inline]
pub(super) async fn until_gone<V: Verbs, O>(docker: &V, what: &str, remove: impl Fn() -> O + Send) -> Result<bool>
where
    O: Plain<Reply: Unary>,
{
    let work = async {
        let (mut pauses, mut sick, mut was_there) = (Pauses::new(PATIENCE), 0, false);
        loop {
            match docker.call(remove()).await {
                Err(e) if e.is_not_found() => return Ok(was_there),
                // Somebody else removes it: the engine itself, at its end.
                Err(e) if e.is_conflict() => was_there = true,
                // It ended by itself while it was about to be killed.
                Err(e) if e.is_server_error() && sick < ATTEMPTS => sick += 1,
                done => return done.map(|_| true),
            }
            pauses.pause(docker).await;
        }
    };
    within(docker, PATIENCE, work)
        .await
        .unwrap_or_else(|| Err(Error::new(ErrorKind::Timeout, format!("{what} was not removed within {PATIENCE:?}"))))
}
