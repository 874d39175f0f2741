//! Streams that go on where they broke off. What they are is in docker-proto; here is the verb.

pub use docker_proto::resume::{Entry, Events, Gap, GapReason, Logs, Next, OVERLAP, Position, Resume, events, logs};

use crate::cancel::{Canceller, Cancellers};
use crate::link::Blocking;
use crate::wait::note_deadline;
use crate::{Docker, Result};
use docker_proto::drive;
use std::fmt;
use std::iter::FusedIterator;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

impl Docker {
    /// Streams what a policy makes of several connections: [`logs`] and [`events`] that outlive them. Nothing is sent
    /// before the first item is asked for.
    ///
    /// ```no_run
    /// # fn example(docker: docker_blocking::Docker) -> docker_blocking::Result<()> {
    /// use docker_blocking::api::containers::Logs;
    /// use docker_blocking::resume::{self, Entry};
    ///
    /// let logs = Logs::new("web").stdout(true).stderr(true).follow(true);
    /// let mut logs = docker.resume(resume::logs(logs));
    /// while let Some(entry) = logs.try_next()? {
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
        let stream = drive::Resumed::new(self.runtime.clone(), client, policy, self.options.clone());
        Resumed { stream, cancellers: Cancellers::new(self.canceller.clone()) }
    }
}

/// A stream that goes on over several connections: an [`Iterator`]. Dropping it closes the one that is open.
#[must_use = "nothing is sent before the first item is asked for"]
pub struct Resumed<P: Resume> {
    stream: drive::Resumed<Blocking, P>,
    cancellers: Cancellers,
}

impl<P: Resume> Resumed<P> {
    /// Says how long the engine may be out of reach, two minutes if nothing is said, before the error of the last attempt
    /// ends it all.
    pub fn give_up_after(mut self, time: Duration) -> Self {
        self.stream.give_up_after(time);
        self
    }

    /// What ends it from another thread, pauses between attempts included.
    pub fn canceller(&self) -> Canceller {
        self.cancellers.own()
    }

    fn block<T>(&mut self, mut turn: impl FnMut(&mut drive::Resumed<Blocking, P>, &mut Context<'_>) -> Poll<T>) -> T {
        let Self { stream, cancellers } = self;
        cancellers.block_on(|cx, cancelled| {
            if cancelled {
                stream.cancel();
            }
            turn(stream, cx)
        })
    }

    /// The next item, if it comes within `time`; `None` if it does not. Nothing is lost: it comes the next time.
    pub fn next_within(&mut self, time: Duration) -> Option<Option<Result<P::Item>>> {
        let end = Instant::now().checked_add(time);
        self.block(|stream, cx| match stream.poll_next(cx) {
            Poll::Ready(item) => Poll::Ready(Some(item)),
            Poll::Pending if end.is_some_and(|end| end <= Instant::now()) => Poll::Ready(None),
            Poll::Pending => {
                end.into_iter().for_each(note_deadline);
                Poll::Pending
            }
        })
    }

    /// The next item, the other way round: `Ok(None)` once it has ended.
    ///
    /// # Errors
    /// As an item's.
    pub fn try_next(&mut self) -> Result<Option<P::Item>> {
        self.next().transpose()
    }

    /// Up to where everything was delivered; `None` before the first item.
    pub fn position(&self) -> Option<Position> {
        self.stream.position()
    }
}

impl<P: Resume> Iterator for Resumed<P> {
    type Item = Result<P::Item>;

    /// Waits without a bound while the engine is in reach.
    fn next(&mut self) -> Option<Self::Item> {
        self.block(drive::Resumed::poll_next)
    }
}

impl<P: Resume> FusedIterator for Resumed<P> {}

impl<P: Resume + fmt::Debug> fmt::Debug for Resumed<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.stream.fmt(f)
    }
}
