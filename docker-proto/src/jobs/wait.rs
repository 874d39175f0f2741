//! Waiting for what takes a while: a healthy container, a line in its log, an engine that answers.

use super::race::within;
use super::{Answers, Job, Verbs};
use crate::api::containers::{Inspect, Logs};
use crate::api::system;
use crate::model::{ContainerInspectResponse, ContainerState, Timestamp};
use crate::op::{Operation as _, Ping};
use crate::wire::Line;
use crate::{Error, ErrorKind, Result};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;

/// Between two looks.
pub(super) const PAUSE: Duration = Duration::from_millis(100);
/// Lines of a log that an error shows.
const SHOWN: &str = "10";

/// Waits until a container is healthy, and gives its state.
///
/// One that does not run yet is waited for, and so is one that is unhealthy: it may recover. Podman makes its checks by
/// systemd: without it no container becomes healthy.
///
/// ```no_run
/// use docker_proto::jobs::wait_until_healthy;
/// use std::time::Duration;
///
/// let job = wait_until_healthy("db", Duration::from_secs(30)); // docker.job(job)
/// ```
///
/// Errors: [`Usage`](ErrorKind::Usage) if it has no health check; [`Exit`](ErrorKind::Exit), with its code and the end of
/// its log, if it ends; [`Timeout`](ErrorKind::Timeout), with what its last check said; 404.
#[inline]
pub fn wait_until_healthy(container: impl Into<String>, within: Duration) -> WaitUntilHealthy {
    WaitUntilHealthy { container: container.into(), time: within }
}

/// See [`wait_until_healthy`].
#[derive(Clone, Debug)]
#[must_use = "a job does nothing until `docker.job(..)` does it"]
pub struct WaitUntilHealthy {
    container: String,
    time: Duration,
}

impl Job for WaitUntilHealthy {
    type Output = ContainerState;

    #[inline]
    async fn run<V: Verbs>(self, docker: &V) -> Result<ContainerState> {
        let mut last = String::from("never looked at");
        let work = async {
            loop {
                let container = docker.call(Inspect::new(&*self.container)).await?;
                if let Some(e) = ended(docker, &self.container, &container, "it was healthy").await {
                    return Err(e);
                }
                let state = container.state.unwrap_or_default();
                let health = state.health.as_ref();
                let verdict = health.and_then(|h| h.status.as_ref()).map_or("", |status| status.as_str());
                match verdict {
                    "healthy" => return Ok(state),
                    "" | "none" if state.running == Some(true) && state.restarting != Some(true) => {
                        return Err(Error::usage(format!("the container {:?} has no health check", self.container)));
                    }
                    _ => {}
                }
                let said = health.and_then(|h| h.log.last()).and_then(|check| check.output.as_deref());
                last = format!("{verdict}{}", super::end_of(said.unwrap_or_default().as_bytes()));
                docker.sleep(PAUSE).await;
            }
        };
        match within(docker, self.time, work).await {
            Some(done) => done,
            None => Err(late(&self.container, "is not healthy", self.time, &last)),
        }
    }
}

/// Waits until a container has written a line with this text, and gives the line.
///
/// All of its log counts, from before as well; see [`since`](WaitUntilLog::since). The text must be within one line, whose
/// end must be written: a log has no unfinished lines. A container that does not run yet is waited for.
///
/// ```no_run
/// use docker_proto::jobs::wait_until_log;
/// use std::time::Duration;
///
/// let job = wait_until_log("db", "ready to accept connections", Duration::from_secs(30)); // docker.job(job)
/// ```
///
/// Errors: [`Usage`](ErrorKind::Usage) for an empty text; [`Exit`](ErrorKind::Exit), with its code and the end of its log,
/// if it ends without; [`Timeout`](ErrorKind::Timeout), with the last line; 404; 501 its log driver cannot read.
#[inline]
pub fn wait_until_log(container: impl Into<String>, text: impl Into<String>, within: Duration) -> WaitUntilLog {
    WaitUntilLog { container: container.into(), text: text.into(), time: within, since: None }
}

/// See [`wait_until_log`].
#[derive(Clone, Debug)]
#[must_use = "a job does nothing until `docker.job(..)` does it"]
pub struct WaitUntilLog {
    container: String,
    text: String,
    time: Duration,
    since: Option<Timestamp>,
}

impl WaitUntilLog {
    /// Only what was written at this moment of the engine's clock or later.
    #[inline]
    pub fn since(mut self, since: impl Into<Timestamp>) -> Self {
        self.since = Some(since.into());
        self
    }
}

impl Job for WaitUntilLog {
    type Output = String;

    #[inline]
    async fn run<V: Verbs>(self, docker: &V) -> Result<String> {
        if self.text.is_empty() {
            return Err(Error::usage("text: must not be empty"));
        }
        let mut last = String::from("nothing");
        let work = async {
            // Its end is looked for before its log: all that it wrote is in the log then.
            loop {
                let container = docker.call(Inspect::new(&*self.container)).await?;
                let tty = container.config.as_ref().is_some_and(|config| config.tty == Some(true));
                let mut logs = Logs::new(&*self.container).follow(true).stdout(true).stderr(true).tty(tty);
                logs.since = self.since;
                let mut lines = docker.begin(logs.lines());
                while let Some(line) = lines.next().await {
                    let line = line.map_err(Error::as_final)?;
                    if contains(&line.bytes, self.text.as_bytes()) {
                        return Ok(line.text().into_owned());
                    }
                    last = line.text().into_owned();
                }
                if let Some(e) = ended(docker, &self.container, &container, "the line came").await {
                    return Err(e);
                }
                // It was not started yet, or is about to be started again.
                docker.sleep(PAUSE).await;
            }
        };
        match within(docker, self.time, work).await {
            Some(done) => done,
            None => Err(late(&self.container, &format!("did not write {:?}", self.text), self.time, &last)),
        }
    }
}

/// Waits until the engine answers, and gives what its ping says.
///
/// Connections that cannot be made or break, and an engine that is sick (500 and more), are tried again.
///
/// ```no_run
/// use docker_proto::jobs::wait_until_ready;
/// use std::time::Duration;
///
/// let job = wait_until_ready(Duration::from_secs(60)); // docker.job(job)
/// ```
///
/// Errors: [`Timeout`](ErrorKind::Timeout), with why the last attempt failed; any other answer at once.
#[inline]
pub fn wait_until_ready(within: Duration) -> WaitUntilReady {
    WaitUntilReady { time: within }
}

/// See [`wait_until_ready`].
#[derive(Clone, Debug)]
#[must_use = "a job does nothing until `docker.job(..)` does it"]
pub struct WaitUntilReady {
    time: Duration,
}

impl Job for WaitUntilReady {
    type Output = Ping;

    #[inline]
    async fn run<V: Verbs>(self, docker: &V) -> Result<Ping> {
        let mut last = None;
        let work = async {
            loop {
                match docker.call(system::Ping::new()).await {
                    Err(e) if is_passing(&e) => last = Some(e),
                    done => return done,
                }
                docker.sleep(PAUSE).await;
            }
        };
        match within(docker, self.time, work).await {
            Some(done) => done,
            None => {
                let why = last.map_or_else(|| "it did not answer at all".into(), |e| format!("{e}"));
                Err(Error::new(ErrorKind::Timeout, format!("the engine is not ready after {:?}: {why}", self.time)))
            }
        }
    }
}

/// Whether an error may be gone at the next attempt.
#[inline]
fn is_passing(e: &Error) -> bool {
    use ErrorKind::{Connect, Protocol, Timeout, Transport, Truncated};
    matches!(e.kind(), Connect | Transport | Timeout | Truncated | Protocol) || e.is_server_error()
}

#[inline]
pub(super) fn late(container: &str, what: &str, time: Duration, last: &str) -> Error {
    Error::new(ErrorKind::Timeout, format!("the container {container:?} {what} after {time:?}; last: {last}"))
}

#[inline]
fn contains(line: &[u8], text: &[u8]) -> bool {
    line.windows(text.len()).any(|part| part == text)
}

/// The error of a container that has ended, and is not started again by itself.
#[inline]
pub(super) async fn ended<V: Verbs>(
    docker: &V,
    id: &str,
    container: &ContainerInspectResponse,
    before: &str,
) -> Option<Error> {
    let state = container.state.as_ref()?;
    let is_over = state.running != Some(true) && state.restarting != Some(true);
    let status = state.status.as_ref().map_or("", |status| status.as_str());
    if !is_over || !matches!(status, "exited" | "dead" | "stopped") {
        return None;
    }
    let code = state.exit_code.unwrap_or_default();
    let tty = container.config.as_ref().is_some_and(|config| config.tty == Some(true));
    let shown = end_of_log(docker, id, tty).await;
    Some(Error::exit(code, format!("the container {id:?} ended with exit code {code} before {before}{shown}")))
}

/// The last lines, for an error; nothing if they cannot be read.
#[inline]
async fn end_of_log<V: Verbs>(docker: &V, id: &str, tty: bool) -> String {
    let mut lines = docker.begin(Logs::new(id).stdout(true).stderr(true).tail(SHOWN).tty(tty).lines());
    let mut text: Vec<u8> = Vec::new();
    while let Some(Ok(Line { bytes, .. })) = lines.next().await {
        text.extend_from_slice(&bytes);
        text.push(b'\n');
    }
    super::end_of(&text)
}
