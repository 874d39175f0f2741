//! One container: what is known about it, and what is still to be found out.
//!
//! Events tell what happens, an inspect tells what is. They come over different connections, so that an answer may be
//! older or younger than the events at hand. Three rules put them in order:
//!
//! - An answer during whose way something happened to the container tells nothing about its state, and is asked for anew.
//! - An event that is older than the start or end that an answer told is part of that answer.
//! - A start that is younger than everything known about the container is another run, whoever tells it.
//!
//! An answer that was asked for because of an event tells of no start, end or name: their events are on their way. Only a comparison
//! with a list finds those whose events are lost.

use super::container::bare;
use super::happened::{Happened, Step};
use super::{Change, Container, Item};
use crate::model::{ContainerInspectResponse, ContainerStatus, ContainerSummary, EventActor, HealthStatus, Timestamp};
use alloc::collections::VecDeque;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::mem;
use core::time::Duration;

/// How much may happen to a container before it is taken as what its events tell.
const QUEUE: usize = 16;

/// How long after a start engines tell of it.
const LATE: Duration = Duration::from_secs(2);

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Entry {
    /// As it is in the picture; nothing if it is not in it yet.
    pub(super) known: Option<Arc<Container>>,
    pub(super) look: Look,
    /// The next answer decides what is, for a list said so.
    pub(super) listed: bool,
    /// What happened before anything was known.
    queue: Vec<Happened>,
    /// From the first event of the queue.
    told: Option<Container>,
    /// Its last start or end that is known; what is older is known as well.
    since: Option<Timestamp>,
    /// An inspect told of a run that began then and is over; its start event is on its way, if it was not lost.
    foretold: Option<Timestamp>,
}

/// Whether it is being inspected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Look {
    #[default]
    Idle,
    Wanted,
    Asked,
    /// Asked, and something happened since.
    Spoiled,
}

/// Where changes go.
#[derive(Debug, Default)]
pub(super) struct Out {
    pub(super) items: VecDeque<Item>,
    /// Before that everything is known only to the first snapshot.
    pub(super) ready: bool,
}

impl Out {
    #[inline]
    fn change(
        &mut self,
        kind: fn(Change) -> Item,
        known: &mut Option<Arc<Container>>,
        next: Container,
        reconciled: bool,
    ) {
        let container = Arc::new(next);
        let before = known.replace(container.clone());
        if self.ready {
            self.items.push_back(kind(Change { container, before, reconciled }));
        }
    }
}

/// What an inspect tells.
#[derive(Debug)]
pub(super) struct Seen {
    container: Container,
    started: Timestamp,
    ended: Timestamp,
}

impl Seen {
    #[inline]
    pub(super) fn new(id: &str, answer: ContainerInspectResponse) -> Self {
        let state = answer.state.as_ref();
        let time = |text: Option<&String>| text.and_then(|t| Timestamp::parse(t).ok()).unwrap_or_default();
        // Engines write year 1 for never.
        let started = time(state.and_then(|s| s.started_at.as_ref())).max(Timestamp::default());
        let ended = time(state.and_then(|s| s.finished_at.as_ref())).max(Timestamp::default());
        Self { container: Container::inspected(id, answer), started, ended }
    }
}

impl Entry {
    /// An event. False if the container is gone.
    #[inline]
    pub(super) fn happened(&mut self, id: &str, actor: &EventActor, what: Happened, out: &mut Out) -> bool {
        self.look = match self.look {
            Look::Asked => Look::Spoiled,
            Look::Idle if !matches!(what.step, Step::Pause | Step::Unpause | Step::Rename(_) | Step::Health(_)) => {
                Look::Wanted
            }
            look => look,
        };
        if self.known.is_some() {
            return self.apply(&what, out);
        }
        self.told.get_or_insert_with(|| Container::told(id, actor));
        self.queue.push(what);
        if self.queue.len() < QUEUE {
            // Otherwise it is not known, and an inspect is wanted.
            self.look = if self.look == Look::Idle { Look::Wanted } else { self.look };
            return true;
        }
        self.settle(out)
    }

    /// The answer to an inspect. False if the container is gone.
    #[inline]
    pub(super) fn answered(&mut self, seen: Seen, out: &mut Out) -> bool {
        let clean = self.look == Look::Asked;
        self.look = if clean { Look::Idle } else { Look::Wanted };
        if self.known.is_none() && !self.appear(seen.container.clone(), out) {
            return false;
        }
        if clean && (mem::take(&mut self.listed) || self.agrees(&seen)) {
            self.compare(seen, out);
        }
        true
    }

    /// Whether an answer tells of no start, no end and no other name.
    #[inline]
    fn agrees(&self, seen: &Seen) -> bool {
        let another = self.since.is_some_and(|since| seen.started > since);
        let same =
            |known: &Container| known.is_running() == seen.container.is_running() && known.name == seen.container.name;
        !another && self.known.as_deref().is_some_and(same)
    }

    /// It could not be inspected, whatever the reason. False if the container is gone.
    #[inline]
    pub(super) fn unanswered(&mut self, out: &mut Out) -> bool {
        self.look = if self.look == Look::Spoiled { Look::Wanted } else { Look::Idle };
        self.queue.is_empty() || self.settle(out)
    }

    /// There is no such container. False if it is gone; otherwise its events are on their way.
    #[inline]
    pub(super) fn vanished(&mut self, out: &mut Out) -> bool {
        self.look = Look::Idle;
        // Of what has begun before there was a monitor only the end is seen: it never was in the picture.
        let begun = self.queue.iter().any(|h| matches!(h.step, Step::Create | Step::Start));
        if self.known.is_none() && (!begun || !self.settle(out)) {
            return false;
        }
        if self.listed {
            self.remove(true, out);
        }
        !self.listed
    }

    /// The clock of the engine went back: what times there are tell nothing.
    #[inline]
    pub(super) fn forget_times(&mut self) {
        (self.since, self.foretold) = (None, None);
    }

    /// Takes it as its events tell it.
    #[inline]
    fn settle(&mut self, out: &mut Out) -> bool {
        match self.told.clone() {
            Some(told) => self.appear(told, out),
            None => true,
        }
    }

    /// It comes into the picture, as it was before the first that happened to it; then that happens. False if it is gone.
    #[inline]
    fn appear(&mut self, mut first: Container, out: &mut Out) -> bool {
        let queue = mem::take(&mut self.queue);
        // An inspect may know a name already that comes later.
        if let Some(told) = self.told.take().filter(|told| !told.name.is_empty()) {
            first.name = told.name;
        }
        let told = |s: &&Step| !matches!(s, Step::Rename(_) | Step::Health(_) | Step::Look);
        let ran = matches!(queue.iter().map(|h| &h.step).find(told), Some(Step::Die(_) | Step::Pause | Step::Unpause));
        // Whether it ran meanwhile is told by comparing.
        (first.status, first.exit_code) = (ContainerStatus::Created, None);
        self.since = Some(Timestamp::default());
        let created = queue.first().is_some_and(|h| matches!(h.step, Step::Create));
        let begun = Container { status: ContainerStatus::Running, ..first.clone() };
        out.change(Item::Created, &mut self.known, first, !created);
        if ran {
            out.change(Item::Started, &mut self.known, begun, true);
        }
        queue.iter().all(|happened| self.apply(happened, out))
    }

    /// Something happens to what is known. False if it is gone.
    #[inline]
    fn apply(&mut self, what: &Happened, out: &mut Out) -> bool {
        let Some(known) = self.known.clone() else { return true };
        let (running, old) = (known.is_running(), self.since.is_some_and(|since| what.at < since));
        let next = |change: fn(&mut Container)| {
            let mut next = Container::clone(&known);
            change(&mut next);
            next
        };
        match &what.step {
            Step::Start | Step::Die(_) if old => {}
            Step::Start => {
                if !running && self.foretold.take().is_some_and(|began| began <= what.at && what.at <= began + LATE) {
                    // If it is another one, the inspect that is wanted now tells.
                    self.listed = true;
                    return true;
                }
                if !running {
                    let next = next(|c| (c.status, c.exit_code) = (ContainerStatus::Running, None));
                    out.change(Item::Started, &mut self.known, next, false);
                }
                self.since = self.since.max(Some(what.at));
            }
            Step::Die(code) => {
                if running {
                    let mut next = next(|c| c.status = ContainerStatus::Exited);
                    next.exit_code = *code;
                    out.change(Item::Stopped, &mut self.known, next, false);
                }
                self.since = self.since.max(Some(what.at));
            }
            Step::Pause if known.status == ContainerStatus::Running => {
                out.change(Item::Updated, &mut self.known, next(|c| c.status = ContainerStatus::Paused), false);
            }
            Step::Unpause if known.status == ContainerStatus::Paused => {
                out.change(Item::Updated, &mut self.known, next(|c| c.status = ContainerStatus::Running), false);
            }
            Step::Rename(name) if known.name != *name => {
                let mut next = next(|_| {});
                next.name.clone_from(name);
                out.change(Item::Renamed, &mut self.known, next, false);
            }
            Step::Health(health) if known.health.as_ref() != Some(health) => {
                let mut next = next(|_| {});
                next.health = Some(health.clone());
                out.change(Item::Updated, &mut self.known, next, false);
            }
            Step::Destroy => {
                self.remove(false, out);
                return false;
            }
            _ => {}
        }
        true
    }

    /// Compares what is known with what is, and reports the difference.
    #[inline]
    fn compare(&mut self, seen: Seen, out: &mut Out) {
        let Some(known) = self.known.clone() else { return };
        let Seen { container: now, started, ended } = seen;
        if known.name != now.name {
            let next = Container { name: now.name.clone(), ..Container::clone(&known) };
            out.change(Item::Renamed, &mut self.known, next, true);
        }
        let (was, is) = (known.is_running(), now.is_running());
        let another = self.since.is_some_and(|since| started > since);
        // The run that is known has ended.
        if was && (another || !is) {
            let next = match another {
                // Nobody knows how.
                true => {
                    let known = self.known.as_ref().unwrap_or(&known);
                    Container { status: ContainerStatus::Exited, exit_code: None, ..Container::clone(known) }
                }
                false => now.clone(),
            };
            out.change(Item::Stopped, &mut self.known, next, true);
        }
        // Another one has begun, and may be over as well.
        if another || is && !was {
            let begun = match is {
                true => now.clone(),
                false => Container { status: ContainerStatus::Running, exit_code: None, ..now.clone() },
            };
            out.change(Item::Started, &mut self.known, begun, true);
            if !is {
                self.foretold = Some(started);
                out.change(Item::Stopped, &mut self.known, now.clone(), true);
            }
        }
        self.since = self.since.max(Some(if is { started } else { started.max(ended) }));
        if self.known.as_deref() != Some(&now) {
            out.change(Item::Updated, &mut self.known, now, true);
        }
    }

    /// It leaves the picture.
    #[inline]
    fn remove(&mut self, reconciled: bool, out: &mut Out) {
        let Some(known) = self.known.clone() else { return };
        if known.is_running() {
            let next = Container { status: ContainerStatus::Exited, exit_code: None, ..Container::clone(&known) };
            out.change(Item::Stopped, &mut self.known, next, reconciled);
        }
        let Some(container) = self.known.take().filter(|_| out.ready) else { return };
        out.items.push_back(Item::Removed(Change { before: Some(container.clone()), container, reconciled }));
    }

    /// Whether a row of a list says something else.
    #[inline]
    pub(super) fn differs(&self, row: &ContainerSummary) -> bool {
        let Some(known) = &self.known else { return true };
        // Links have names with more than one slash.
        let named = row.names.iter().any(|name| bare(name) == known.name);
        let health = row.health.as_ref().and_then(|health| health.status.as_ref());
        let health = health.filter(|health| **health != HealthStatus::None);
        !named
            || row.state.as_ref() != Some(&known.status)
            || row.labels != known.labels
            || health.is_some_and(|health| Some(health) != known.health.as_ref())
    }
}
