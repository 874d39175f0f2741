//! Streams that outlive their connections: logs and events that go on where they broke off.
//!
//! A [`Resume`] is a policy without I/O: what to ask, what of the answer was delivered before, what the end of a stream
//! means. [`drive::Resumed`](crate::drive::Resumed) drives it, and `docker.resume(..)` of an adapter makes one. A file here
//! is a policy, or what all of them share: [`logs()`], [`events()`], the proof that nothing is missing.
//!
//! That nothing is missing is proved, not assumed. A stream is asked again from a moment before its last item, and that
//! item has to come back: what stands behind it is new, what stands before it was delivered. If it does not come back, a
//! [`Gap`] says so before anything new.
//!
//! ```no_run
//! use docker_proto::api::containers::Logs;
//! use docker_proto::resume::{self, Position};
//!
//! # fn main() -> docker_proto::Result<()> {
//! let logs = Logs::new("web").stdout(true).stderr(true).follow(true);
//! let policy = resume::logs(logs.clone()); // docker.resume(policy)
//! // Another process goes on where this one stopped.
//! let position: Position = "1:1795243774.430151181:1:cbf29ce484222325:1795243774.430151181".parse()?;
//! let policy = resume::logs(logs).from(position);
//! # Ok(()) }
//! ```

mod clock;
mod events;
mod logs;
mod track;

pub use events::{Events, events};
pub use logs::{Logs, logs};
pub use track::Position;

use crate::jobs::ItemOf;
use crate::model::Timestamp;
use crate::op::{Plain, Reply, Streaming, Unary};
use crate::wire::ResponseHead;
use crate::{Error, ErrorKind, Result};
use core::fmt;
use core::time::Duration;

/// How much before the last item a stream is asked again. Engines take the time of an item before they put it among the
/// others, so that one may stand behind another that is younger; on engines 20.10 and 28 under load they were 3 ms apart.
pub const OVERLAP: Duration = Duration::from_secs(1);

/// A stream that goes on over several connections, seen from the side of its driver.
///
/// The driver asks [`next`](Self::next) what to do at the beginning, and again after each end, answer and break. It takes
/// all that [`give`](Self::give) has before it does anything else.
pub trait Resume: Send + 'static {
    /// What is streamed.
    type Op: Plain<Reply: Streaming + Reply<Head = ResponseHead>>;
    /// What the engine is asked about it, beside the stream.
    type Check: Plain<Reply: Unary>;
    /// What comes of it.
    type Item: Send;

    /// What to do now.
    fn next(&mut self) -> Next<Self::Op, Self::Check>;

    /// The engine has accepted the stream. False if it is of no use: drop it and ask what is next.
    fn begun(&mut self, head: &ResponseHead) -> bool;

    /// An item of the stream, or an error that did not end it.
    fn take(&mut self, item: Result<ItemOf<Self::Op>>);

    /// The next item for the caller. Only now does it count as delivered.
    fn give(&mut self) -> Option<Result<Self::Item>>;

    /// The stream ended as the engine's answer does.
    fn ended(&mut self);

    /// The engine could not be reached, or the connection broke: stream or check, whatever was on its way, is gone.
    fn broke(&mut self);

    /// The engine's answer to the check, be it a refusal.
    fn answered(&mut self, answer: Result<ItemOf<Self::Check>>);

    /// Up to where everything was delivered.
    fn position(&self) -> Option<Position>;
}

/// What a driver is to do.
#[derive(Debug)]
#[non_exhaustive]
pub enum Next<O, C> {
    /// Stream this.
    Open(O),
    /// Ask this.
    Ask(C),
    /// Nothing: it ends, with this error if there is one.
    End(Option<Error>),
}

/// What a stream that goes on consists of.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Entry<T> {
    /// An item. Between two gaps none comes twice, and none is missing.
    Item(T),
    /// Here items may be missing, or be repeated from here on; see its reason.
    Gap(Gap),
}

impl<T> Entry<T> {
    /// The item, if it is one.
    #[inline]
    pub fn item(self) -> Option<T> {
        match self {
            Self::Item(item) => Some(item),
            Self::Gap(_) => None,
        }
    }
}

/// A place where it is not certain that everything was delivered once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Gap {
    /// The time of the last item before it, if there was one.
    pub after: Option<Timestamp>,
    /// The time of the first item behind it, if there is one yet.
    pub until: Option<Timestamp>,
    /// Why it is not certain.
    pub reason: GapReason,
}

impl fmt::Display for Gap {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a gap")?;
        if let Some(after) = self.after {
            write!(f, " after {after}")?;
        }
        if let Some(until) = self.until {
            write!(f, " until {until}")?;
        }
        write!(f, ": {}", self.reason)
    }
}

/// Why a stream has a [`Gap`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum GapReason {
    /// The last item did not come back: the log was rotated, truncated or lost, or the engine has forgotten its events.
    /// Items may be missing.
    Forgotten,
    /// The clock of the engine went back. Items may be missing or repeated.
    ClockWentBack,
    /// It broke before anything was delivered, and only the last so many lines had been asked for. Items may be missing.
    NothingDelivered,
    /// The engine tells times so coarsely that, where a stream began in the middle of one, the last item cannot be told
    /// from others that say the same. Items may be repeated.
    Indistinct,
}

impl fmt::Display for GapReason {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Forgotten => "the last item did not come back",
            Self::ClockWentBack => "the clock of the engine went back",
            Self::NothingDelivered => "the stream broke before anything of it was delivered",
            Self::Indistinct => "the last item cannot be told from others of the same time",
        })
    }
}

/// Whether an error is one after which the engine is asked again: it is not there, or not there any more. A status is an
/// answer, whatever it is.
#[inline]
pub(crate) fn is_outage(e: &Error) -> bool {
    matches!(e.kind(), ErrorKind::Connect | ErrorKind::Transport | ErrorKind::Truncated | ErrorKind::Timeout)
}

/// When to try again, and when to give up.
#[derive(Debug)]
pub(crate) struct Patience {
    pub(crate) give_up_after: Duration,
    /// The engine has answered, or is known to have: what fails now is an outage and no mistake of the caller's.
    met: bool,
    /// Attempts since something was delivered.
    attempts: u32,
    /// Since when the engine cannot be reached.
    since: Option<Duration>,
}

impl Patience {
    /// For so long the engine may be out of reach, unless something else was said: a machine restarts within it.
    pub(crate) const GIVE_UP_AFTER: Duration = Duration::from_secs(120);
    /// Before the third attempt in a row that brings nothing: after an end comes a question, then the rest. It doubles from one to the next, up to the longest.
    const FIRST: Duration = Duration::from_millis(100);
    const LONGEST: Duration = Duration::from_secs(3);

    /// `met`: the engine has been spoken to before.
    #[inline]
    pub(crate) fn new(met: bool) -> Self {
        Self { give_up_after: Self::GIVE_UP_AFTER, met, attempts: 0, since: None }
    }

    /// How long to wait before the next attempt, which this begins.
    #[inline]
    pub(crate) fn pause(&mut self, now: Duration) -> Duration {
        let doublings = self.attempts.checked_sub(2);
        self.attempts = self.attempts.saturating_add(1);
        let pause = doublings.map_or(Duration::ZERO, |n| {
            Self::FIRST.saturating_mul(1u32.checked_shl(n).unwrap_or(u32::MAX)).min(Self::LONGEST)
        });
        // The last attempt is made when time is up, and not after it.
        self.since.map_or(pause, |since| pause.min((since + self.give_up_after).saturating_sub(now)))
    }

    /// The engine has answered.
    #[inline]
    pub(crate) fn met(&mut self) {
        (self.met, self.since) = (true, None);
    }

    /// Something was delivered.
    #[inline]
    pub(crate) fn delivered(&mut self) {
        self.attempts = 0;
    }

    /// Whether to go on after this failure.
    #[inline]
    pub(crate) fn goes_on(&mut self, e: &Error, now: Duration) -> bool {
        let since = *self.since.get_or_insert(now);
        is_outage(e) && self.met && now.saturating_sub(since) < self.give_up_after
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_the_longest_and_begin_anew() {
        let mut patience = Patience::new(true);
        let pauses = |patience: &mut Patience| {
            let mut pauses = alloc::vec::Vec::new();
            for _ in 0..8 {
                pauses.push(patience.pause(Duration::ZERO).as_millis());
            }
            pauses
        };
        assert_eq!(pauses(&mut patience), [0, 0, 100, 200, 400, 800, 1600, 3000]);
        patience.attempts = u32::MAX;
        assert_eq!(patience.pause(Duration::ZERO), Patience::LONGEST);
        patience.delivered();
        assert_eq!(pauses(&mut patience)[..3], [0, 0, 100]);
    }

    #[test]
    fn only_an_outage_is_waited_for_and_only_so_long() {
        let at = Duration::from_secs;
        let gone = Error::new(ErrorKind::Connect, "gone");
        // Somebody who was never met may not be there at all.
        assert!(!Patience::new(false).goes_on(&gone, at(0)));
        let mut patience = Patience::new(true);
        assert!(patience.goes_on(&gone, at(10)) && patience.goes_on(&gone, at(129)));
        patience.attempts = 9;
        assert_eq!(patience.pause(at(129)), at(1));
        assert!(!patience.goes_on(&gone, at(130)));
        patience.met();
        assert!(patience.goes_on(&Error::truncated("cut"), at(130)) && patience.goes_on(&gone, at(249)));
        for e in [Error::engine(503, "no"), Error::usage("no"), Error::protocol("no"), Error::engine(404, "gone")] {
            assert!(!patience.goes_on(&e, at(130)), "{e}");
        }
    }
}
