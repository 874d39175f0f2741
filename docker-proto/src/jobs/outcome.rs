//! How a process ended: asked for after the end of its output, which does not say.

use super::{Job, Verbs};
use crate::api::{containers, exec};
use crate::model::{ContainerInspectResponse, ContainerStatus, ExecInspectResponse};
use crate::{Error, ErrorKind, Result};
use alloc::format;
use alloc::string::String;
use core::time::Duration;

/// How long a job waits, by default, for the engine to know what is about to be so: that a process whose output has
/// ended does not run, that one that was just started does.
pub(super) const PATIENCE: Duration = Duration::from_secs(2);

/// The pauses between two questions: short at first, then longer, until the patience is used up.
pub(super) struct Pauses {
    next: Duration,
    left: Duration,
}

impl Pauses {
    #[inline]
    pub(super) fn new(patience: Duration) -> Self {
        Self { next: Duration::from_millis(5), left: patience }
    }

    /// Waits; false if the patience was used up before.
    #[inline]
    pub(super) async fn pause<V: Verbs>(&mut self, docker: &V) -> bool {
        let pause = self.next.min(self.left);
        if pause.is_zero() {
            return false;
        }
        self.left -= pause;
        self.next = (self.next * 2).min(Duration::from_millis(200));
        docker.sleep(pause).await;
        true
    }
}

/// What became of a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// It ended with this exit code; 126 and 127 as a rule say that there was no such program.
    Exited(i64),
    /// It still runs: the connection to it was closed, or detached from it by keys or the end of the input.
    Running,
    /// It was never started.
    NotStarted,
}

impl Outcome {
    /// The exit code, if it ended.
    #[inline]
    pub fn code(self) -> Option<i64> {
        match self {
            Self::Exited(code) => Some(code),
            _ => None,
        }
    }

    /// What the engine says of an exec.
    ///
    /// # Errors
    /// [`Decode`](ErrorKind::Decode) if it says that it ended, and not how.
    #[inline]
    pub fn of_exec(state: &ExecInspectResponse) -> Result<Self> {
        match (state.running, state.exit_code) {
            (Some(true), _) => Ok(Self::Running),
            // Podman says 0 of what was not started, but has no process, and does not let it be forgotten.
            (_, Some(0)) if state.pid == Some(0) && state.can_remove == Some(false) => Ok(Self::NotStarted),
            // Podman: somebody else took the code, or its keys detached from it.
            (_, Some(..0)) | (None, None) => Err(unknown("exec")),
            (_, Some(code)) => Ok(Self::Exited(code)),
            (Some(false), None) => Ok(Self::NotStarted),
        }
    }

    /// What the engine says of a container.
    ///
    /// # Errors
    /// [`Decode`](ErrorKind::Decode) if it says that it ended, and not how.
    #[inline]
    pub fn of_container(state: &ContainerInspectResponse) -> Result<Self> {
        let Some(state) = &state.state else { return Err(unknown("container")) };
        let begun = |status: &ContainerStatus| !matches!(status.as_str(), "created" | "configured" | "initialized");
        if state.running == Some(true) {
            return Ok(Self::Running);
        }
        if !state.status.as_ref().is_none_or(begun) {
            return Ok(Self::NotStarted);
        }
        state.exit_code.map(Self::Exited).ok_or_else(|| unknown("container"))
    }
}

#[inline]
fn unknown(what: &str) -> Error {
    Error::new(ErrorKind::Decode, format!("the engine did not tell what became of the {what}"))
}

/// Asks how an exec ended, once its output has: the end of a stream proves nothing, for a killed engine, a cut connection
/// and keys that detach look just the same.
///
/// An engine may take a moment to know it. For so long, two seconds by default, "it still runs" is asked again.
///
/// Errors: an engine that is not there any more is one, of kind [`Connect`](ErrorKind::Connect); so is an exec that it
/// does not know, which [`is_not_found`](Error::is_not_found), and one of which it does not know the end.
///
/// Two engines err. dockerd says 126 of an exec from which keys detached, whether or not it still runs: to detach from
/// an exec, close the connection instead. Podman 4.3 says for ever that one started by
/// [`StartDetached`](exec::StartDetached) runs.
///
/// ```no_run
/// use docker_proto::jobs::exec_outcome;
///
/// let job = exec_outcome("id of the exec"); // match docker.job(job) { Outcome::Exited(0) => .. }
/// ```
#[must_use]
#[inline]
pub fn exec_outcome(id: impl Into<String>) -> ExecOutcome {
    ExecOutcome { id: id.into(), patience: PATIENCE }
}

/// Asks how a container ended, once its output has: as [`exec_outcome`].
///
/// A container that is removed at its end is not found then: begin a [`Wait`](containers::Wait) before it is started.
///
/// ```no_run
/// use docker_proto::jobs::container_outcome;
/// use std::time::Duration;
///
/// let job = container_outcome("web").patience(Duration::ZERO); // ask once
/// ```
#[must_use]
#[inline]
pub fn container_outcome(id: impl Into<String>) -> ContainerOutcome {
    ContainerOutcome { id: id.into(), patience: PATIENCE }
}

macro_rules! outcomes {
    ($($name:ident, $maker:literal: $inspect:ty, $of:ident;)+) => {$(
        #[doc = concat!("See [`", $maker, "`].")]
        #[derive(Clone, Debug)]
        pub struct $name {
            id: String,
            patience: Duration,
        }

        impl $name {
            /// How long it is asked again while it runs, apart from the time of the questions.
            #[must_use]
            #[inline]
            pub fn patience(mut self, patience: Duration) -> Self {
                self.patience = patience;
                self
            }
        }

        impl Job for $name {
            type Output = Outcome;

            #[inline]
            async fn run<V: Verbs>(self, docker: &V) -> Result<Outcome> {
                let mut pauses = Pauses::new(self.patience);
                loop {
                    let outcome = Outcome::$of(&docker.call(<$inspect>::new(self.id.clone())).await?)?;
                    if matches!(outcome, Outcome::Exited(_)) || !pauses.pause(docker).await {
                        return Ok(outcome);
                    }
                }
            }
        }
    )+};
}

outcomes! {
    ExecOutcome, "exec_outcome": exec::Inspect, of_exec;
    ContainerOutcome, "container_outcome": containers::Inspect, of_container;
}
