//! The engine's events over several connections.

use super::track::{Hash, Lane, Mark, Place, Position, Track, Verdict};
use super::{Entry, Gap, Next, Resume};
use crate::api::system;
use crate::model::{EventMessage, SystemInfo, Timestamp};
use crate::wire::ResponseHead;
use crate::{Error, Result};
use alloc::collections::VecDeque;

/// Follows what happens in the engine, and goes on where it broke off: over connections that break and engines that are
/// restarted, up to `until` or for ever.
///
/// - It begins with the moment at which it is begun, by the engine's own clock, which [`Info`](system::Info) tells: asked
///   for no moment, an engine would leave out what happens between its answer and its beginning to listen. With `since`
///   it begins there and asks nothing first.
/// - After a break it asks `since` [a little before](super::OVERLAP) the last event, and leaves out what was delivered. If
///   the last event does not come back, a [`Gap`] says so: dockerd keeps 256 events, and none over a restart; podman keeps
///   them in a file.
/// - A status ends it.
///
/// ```
/// use docker_proto::api::system::Events;
/// use docker_proto::resume;
///
/// let policy = resume::events(Events::new().filters([("type", "container")]));
/// ```
#[must_use]
#[inline]
pub fn events(op: system::Events) -> Events {
    let to_do = if op.since.is_some() { ToDo::Open } else { ToDo::AskBegin };
    Events { op, track: Track::default(), to_do, queue: VecDeque::new() }
}

/// See [`events`].
#[derive(Debug)]
pub struct Events {
    op: system::Events,
    track: Track,
    to_do: ToDo,
    queue: VecDeque<(Result<Entry<EventMessage>>, Option<Place>)>,
}

#[derive(Debug)]
enum ToDo {
    AskBegin,
    Open,
    AskEnd(Timestamp),
    End(Option<Error>),
}

impl Events {
    /// Goes on behind a position of the same events, with the same filters, which may be another process's.
    #[must_use]
    #[inline]
    pub fn from(mut self, position: Position) -> Self {
        self.track = Track::at(position);
        self.to_do = ToDo::Open;
        self
    }

    #[inline]
    fn push_gap(&mut self, gap: Gap) {
        self.queue.push_back((Ok(Entry::Gap(gap)), None));
    }

    #[inline]
    fn finish(&mut self) {
        self.to_do = ToDo::End(None);
        if let Some(gap) = self.track.finish() {
            self.push_gap(gap);
        }
    }
}

impl Resume for Events {
    type Op = system::Events;
    type Check = system::Info;
    type Item = Entry<EventMessage>;

    #[inline]
    fn next(&mut self) -> Next<Self::Op, Self::Check> {
        match &mut self.to_do {
            ToDo::AskBegin | ToDo::AskEnd(_) => return Next::Ask(system::Info::new()),
            ToDo::End(e) => return Next::End(e.take()),
            ToDo::Open => {}
        }
        let mut op = self.op.clone();
        op.since = op.since.max(self.track.since());
        self.track.open(false);
        Next::Open(op)
    }

    #[inline]
    fn begun(&mut self, head: &ResponseHead) -> bool {
        let Some(gap) = self.track.begun(head) else { return true };
        self.push_gap(gap);
        false
    }

    #[inline]
    fn take(&mut self, item: Result<EventMessage>) {
        let event = match item {
            Ok(event) => event,
            // Reported the first time.
            Err(_) if self.track.is_proving() => return,
            Err(e) => return self.queue.push_back((Err(e), None)),
        };
        let Verdict::New(place, gap) = self.track.came(mark(&event)) else { return };
        if let Some(gap) = gap {
            self.push_gap(gap);
        }
        self.queue.push_back((Ok(Entry::Item(event)), Some(place)));
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
        // Without a bound only an engine that shuts down ends its events.
        self.to_do = self.op.until.map_or(ToDo::Open, ToDo::AskEnd);
    }

    #[inline]
    fn broke(&mut self) {}

    fn answered(&mut self, answer: Result<SystemInfo>) {
        let now = answer.and_then(|info| {
            let time = info.system_time.as_deref().and_then(|time| Timestamp::parse(time).ok());
            time.ok_or_else(|| Error::protocol("the engine does not say what time it is"))
        });
        match (now, &self.to_do) {
            (Err(e), _) => self.to_do = ToDo::End(Some(e)),
            (Ok(now), ToDo::AskEnd(until)) if now >= *until => self.finish(),
            (Ok(_), ToDo::AskEnd(_)) => self.to_do = ToDo::Open,
            (Ok(now), _) => {
                self.op.since = Some(now);
                self.to_do = ToDo::Open;
            }
        }
    }

    #[inline]
    fn position(&self) -> Option<Position> {
        self.track.position()
    }
}

#[inline]
fn mark(event: &EventMessage) -> Mark {
    let nanos = event.time_nano.filter(|&n| n != 0);
    let at = match nanos {
        // The remainder of a division by 1e9 is below it, and never negative.
        Some(nanos) => Timestamp::new(nanos.div_euclid(1_000_000_000), nanos.rem_euclid(1_000_000_000) as u32),
        None => Timestamp::from(event.time.unwrap_or_default()),
    };
    let text = |text: &Option<alloc::string::String>| text.clone().unwrap_or_default();
    let mut hash = Hash::new();
    for part in [event.kind.as_ref().map_or("", |k| k.as_str()), &text(&event.action)] {
        hash = hash.and(part.as_bytes()).and(&[0]);
    }
    if let Some(actor) = &event.actor {
        hash = hash.and(text(&actor.id).as_bytes()).and(&[0]);
        for (name, value) in &actor.attributes {
            hash = hash.and(name.as_bytes()).and(&[0]).and(value.as_bytes()).and(&[0]);
        }
    }
    Mark { lane: Lane::First, at, hash: hash.0 }
}
