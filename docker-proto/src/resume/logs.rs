//! A container's log over several connections.

use super::track::{Hash, Lane, Mark, Place, Position, Track, Verdict};
use super::{Entry, Gap, GapReason, Next, Resume};
use crate::api::containers;
use crate::model::ContainerInspectResponse;
use crate::op::{LogMessage, Messages, Operation};
use crate::wire::{ResponseHead, StreamKind};
use crate::{Error, ErrorKind, Result};
use alloc::collections::VecDeque;

/// Reads a container's log, message by message, and goes on where it broke off: over connections that break and engines
/// that are restarted, up to the end of the container.
///
/// - After a break it asks `since` [a little before](super::OVERLAP) the last message, leaves out what was delivered, and
///   says with a [`Gap`] where something may be missing. Messages of the same time are told apart by their number.
/// - With `follow`, an engine that ends the log is asked whether the container still runs, as it may only be shutting
///   down itself: if it does, the log goes on, over restarts of the container too. It ends once it does not, and the log
///   asked for once more has nothing new.
/// - `tail` holds for the first connection only. Times are always asked for.
/// - Errors of the engine in the log are errors of one item. A status, 404 above all, ends it: the container is gone. One
///   that is removed as it stops (`auto_remove`) simply ends.
///
/// ```
/// use docker_proto::api::containers::Logs;
/// use docker_proto::resume;
///
/// let policy = resume::logs(Logs::new("web").stdout(true).stderr(true).follow(true).tail("100"));
/// ```
#[must_use]
#[inline]
pub fn logs(op: containers::Logs) -> Logs {
    Logs {
        op,
        track: Track::default(),
        to_do: ToDo::Open,
        queue: VecDeque::new(),
        opened: false,
        unfinished: None,
        brought: 0,
        stopped: false,
        ended_before: false,
        outage: false,
    }
}

/// See [`logs`].
#[derive(Debug)]
pub struct Logs {
    op: containers::Logs,
    track: Track,
    to_do: ToDo,
    queue: VecDeque<(Result<Entry<LogMessage>>, Option<Place>)>,
    opened: bool,
    /// The line in which a terminal's log ended. If there is more of it, it comes again.
    unfinished: Option<(LogMessage, Place, Option<Gap>)>,
    /// New messages of this connection.
    brought: u64,
    /// The container does not run, as far as is known.
    stopped: bool,
    /// The connection before this one may have been at the end of the log.
    ended_before: bool,
    /// The engine could not be reached since the log ended.
    outage: bool,
}

#[derive(Debug)]
enum ToDo {
    Open,
    Ask,
    End(Option<Error>),
}

impl Logs {
    /// Goes on behind a position of the same log, which may be another process's.
    #[must_use]
    #[inline]
    pub fn from(mut self, position: Position) -> Self {
        self.track = Track::at(position);
        self
    }

    #[inline]
    fn push_gap(&mut self, gap: Gap) {
        self.queue.push_back((Ok(Entry::Gap(gap)), None));
    }

    #[inline]
    fn push(&mut self, (message, place, gap): (LogMessage, Place, Option<Gap>)) {
        if let Some(gap) = gap {
            self.push_gap(gap);
        }
        self.brought += 1;
        self.queue.push_back((Ok(Entry::Item(message)), Some(place)));
    }

    /// The log has ended for good.
    #[inline]
    fn finish(&mut self) {
        self.to_do = ToDo::End(None);
        if let Some(unfinished) = self.unfinished.take() {
            self.push(unfinished);
        }
        if let Some(gap) = self.track.finish() {
            self.push_gap(gap);
        }
    }

    #[inline]
    fn has_tail(&self) -> bool {
        self.op.tail.as_deref().is_some_and(|tail| tail != "all")
    }
}

impl Resume for Logs {
    type Op = Messages<containers::Logs>;
    type Check = containers::Inspect;
    type Item = Entry<LogMessage>;

    #[inline]
    fn next(&mut self) -> Next<Self::Op, Self::Check> {
        match &mut self.to_do {
            ToDo::Ask => return Next::Ask(containers::Inspect::new(&*self.op.id)),
            ToDo::End(e) => return Next::End(e.take()),
            ToDo::Open => {}
        }
        let mut op = self.op.clone();
        if self.stopped {
            // Podman 4.3 may end what is followed before it has read all of it; as it is, a log comes whole.
            op.follow = None;
        }
        let since = self.track.since();
        let cut = since.is_none() && (self.has_tail() || op.since.is_some_and(|since| since.nanos > 0));
        if since.is_some() {
            op.tail = None;
            op.since = op.since.max(since);
        } else if self.opened && self.has_tail() {
            self.push_gap(Gap { after: None, until: None, reason: GapReason::NothingDelivered });
        }
        self.track.open(cut);
        self.brought = 0;
        Next::Open(op.messages())
    }

    #[inline]
    fn begun(&mut self, head: &ResponseHead) -> bool {
        self.opened = true;
        let Some(gap) = self.track.begun(head) else { return true };
        self.push_gap(gap);
        false
    }

    #[inline]
    fn take(&mut self, item: Result<LogMessage>) {
        let message = match item {
            Ok(message) => message,
            // What the engine says of itself is news; what cannot be read was reported the first time.
            Err(e) if self.track.is_proving() && e.kind() != ErrorKind::InStream => return,
            Err(e) => return self.queue.push_back((Err(e), None)),
        };
        let lane = if message.stream == StreamKind::Stderr { Lane::Second } else { Lane::First };
        let hash = Hash::new().and(&message.bytes).0;
        let Verdict::New(place, gap) = self.track.came(Mark { lane, at: message.timestamp, hash }) else { return };
        let new = (message, place, gap);
        if new.0.is_unfinished() { self.unfinished = Some(new) } else { self.push(new) }
    }

    #[inline]
    fn give(&mut self) -> Option<Result<Self::Item>> {
        let (item, place) = self.queue.pop_front()?;
        if let Some(place) = place {
            self.track.delivered(place);
        }
        Some(item)
    }

    #[inline]
    fn ended(&mut self) {
        self.outage = false;
        let again_and_nothing_new = self.ended_before && self.brought == 0;
        if self.op.follow != Some(true) || again_and_nothing_new { self.finish() } else { self.to_do = ToDo::Ask }
    }

    #[inline]
    fn broke(&mut self) {
        self.outage = true;
        // It may run again, with its engine.
        (self.stopped, self.ended_before) = (false, false);
        if let ToDo::Open = self.to_do {
            self.unfinished = None;
        }
    }

    #[inline]
    fn answered(&mut self, answer: Result<ContainerInspectResponse>) {
        let state = match answer {
            Ok(container) => container.state.unwrap_or_default(),
            // It was removed as it stopped. After an outage nobody knows what it wrote before.
            Err(e) if e.is_not_found() && !self.outage => return self.finish(),
            Err(e) => {
                self.to_do = ToDo::End(Some(e));
                return;
            }
        };
        // Between the end of the log and this answer it may have written something and ended; and with a bound, that may be
        // what ended the log. If so it ends again, at once.
        let runs = state.running == Some(true) || state.restarting == Some(true);
        self.stopped = !runs;
        self.ended_before = !runs || self.op.until.is_some();
        self.unfinished = None;
        self.to_do = ToDo::Open;
    }

    #[inline]
    fn position(&self) -> Option<Position> {
        self.track.position()
    }
}
