//! Streams that go on where they broke off. What they are is in docker-proto; here is the verb.

pub use docker_proto::resume::{Entry, Events, Gap, GapReason, Logs, Next, OVERLAP, Position, Resume, events, logs};

use crate::link::Tokio;
use crate::{Docker, Result};
use docker_proto::drive;
use futures_core::Stream;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

impl Docker {
    /// Streams what a policy makes of several connections: [`logs`] and [`events`] that outlive them. Nothing is sent
    /// before the first poll.
    ///
    /// ```no_run
    /// # async fn example(docker: docker_tokio::Docker) -> docker_tokio::Result<()> {
    /// use docker_tokio::api::containers::Logs;
    /// use docker_tokio::resume::{self, Entry};
    ///
    /// let logs = Logs::new("web").stdout(true).stderr(true).follow(true);
    /// let mut logs = docker.resume(resume::logs(logs));
    /// while let Some(entry) = logs.try_next().await? {
    ///     match entry {
    ///         Entry::Item(message) => print!("{}", String::from_utf8_lossy(&message.bytes)),
    ///         Entry::Gap(gap) => println!("{gap}"),
    ///         _ => {}
    ///     }
    ///     if let Some(position) = logs.position() {
    ///         println!("to go on from here: {position}");
    ///     }
    /// }
    /// # Ok(()) }
    /// ```
    pub fn resume<P: Resume>(&self, policy: P) -> Resumed<P> {
        let client = self.runtime.0.client.clone();
        Resumed(drive::Resumed::new(self.runtime.clone(), client, policy, self.options.clone()))
    }
}

/// A stream that goes on over several connections: a [`Stream`]. Dropping it closes the one that is open.
#[must_use = "nothing is sent before it is polled"]
pub struct Resumed<P: Resume>(drive::Resumed<Tokio, P>);

impl<P: Resume> Resumed<P> {
    /// Says how long the engine may be out of reach, two minutes if nothing is said, before the error of the last attempt
    /// ends it all.
    pub fn give_up_after(mut self, time: Duration) -> Self {
        self.0.give_up_after(time);
        self
    }

    /// The next item; `None` once it has ended. Waits without a bound while the engine is in reach. Dropping the future
    /// loses nothing.
    pub async fn next(&mut self) -> Option<Result<P::Item>> {
        poll_fn(|cx| self.0.poll_next(cx)).await
    }

    /// The same, the other way round: `Ok(None)` once it has ended.
    ///
    /// # Errors
    /// As an item's.
    pub async fn try_next(&mut self) -> Result<Option<P::Item>> {
        self.next().await.transpose()
    }

    /// Up to where everything was delivered; `None` before the first item.
    pub fn position(&self) -> Option<Position> {
        self.0.position()
    }
}

impl<P: Resume> Stream for Resumed<P> {
    type Item = Result<P::Item>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_next(cx)
    }
}

// Nothing in it is ever pinned.
impl<P: Resume> Unpin for Resumed<P> {}

impl<P: Resume + fmt::Debug> fmt::Debug for Resumed<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
