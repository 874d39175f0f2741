//! The size of a terminal, of a process that is just being started too.

use super::outcome::{PATIENCE, Pauses};
use super::{Job, Outcome, Verbs};
use crate::Result;
use crate::api::{containers, exec};
use core::time::Duration;

/// Gives a terminal its size, and does so as well while its process is just being started: engines refuse until it is
/// there. The job asks what became of it, and tries again for two seconds by default.
///
/// Where the API has it (1.42), the `console_size` of an exec is the better way to its first size: it has that before
/// the process looks at it.
///
/// Errors: the refusal, if the process does not come to run in that time; an engine may take 10 s to say so. An exec or
/// a container that is not there [`is_not_found`](crate::Error::is_not_found).
///
/// ```no_run
/// use docker_proto::api::{containers, exec};
/// use docker_proto::jobs::resize;
///
/// let job = resize(exec::Resize::new("id of the exec", 24u32, 80u32)); // docker.job(job): rows first
/// let job = resize(containers::Resize::new("web", 24u32, 80u32));
/// ```
#[must_use]
#[inline]
pub fn resize(terminal: impl Into<Terminal>) -> Resize {
    Resize { terminal: terminal.into(), patience: PATIENCE }
}

/// Whose terminal, and its size.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Terminal {
    /// That of an exec.
    Exec(exec::Resize),
    /// That of a container.
    Container(containers::Resize),
}

impl From<exec::Resize> for Terminal {
    #[inline]
    fn from(op: exec::Resize) -> Self {
        Self::Exec(op)
    }
}

impl From<containers::Resize> for Terminal {
    #[inline]
    fn from(op: containers::Resize) -> Self {
        Self::Container(op)
    }
}

/// What became of a [`resize`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Resized {
    /// The terminal has the size.
    Done,
    /// There is no terminal any more: the process has ended with this exit code.
    Ended(i64),
}

/// See [`resize`].
#[derive(Clone, Debug)]
pub struct Resize {
    terminal: Terminal,
    patience: Duration,
}

impl Resize {
    /// How long it is tried again while the process does not run yet, apart from the time of the requests.
    #[must_use]
    #[inline]
    pub fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }
}

impl Job for Resize {
    type Output = Resized;

    #[inline]
    async fn run<V: Verbs>(self, docker: &V) -> Result<Resized> {
        let mut pauses = Pauses::new(self.patience);
        loop {
            let tried = match &self.terminal {
                Terminal::Exec(op) => docker.call(op.clone()).await,
                Terminal::Container(op) => docker.call(op.clone()).await,
            };
            let refused = match tried {
                Ok(_) => return Ok(Resized::Done),
                // What engines say of a process that does not run, be it not yet or no more.
                Err(e) if matches!(e.status(), Some(404 | 409 | 500)) => e,
                Err(e) => return Err(e),
            };
            let outcome = match &self.terminal {
                Terminal::Exec(op) => Outcome::of_exec(&docker.call(exec::Inspect::new(op.id.clone())).await?)?,
                Terminal::Container(op) => {
                    Outcome::of_container(&docker.call(containers::Inspect::new(op.id.clone())).await?)?
                }
            };
            if let Outcome::Exited(code) = outcome {
                return Ok(Resized::Ended(code));
            }
            if !pauses.pause(docker).await {
                return Err(refused);
            }
        }
    }
}
