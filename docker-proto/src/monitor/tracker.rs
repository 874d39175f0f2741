//! The picture of an engine as a state machine: events and answers in, items out.

use super::entry::{Entry, Look, Out, Seen};
use super::happened::Happened;
use super::{Item, Picture};
use crate::Result;
use crate::model::{ContainerInspectResponse, ContainerSummary, EventMessage};
use crate::resume::{Gap, GapReason};
use alloc::collections::{BTreeMap, BTreeSet, VecDeque};
use alloc::string::String;
use alloc::sync::Arc;

/// So many containers that are gone are remembered, for events about them that come late.
const REMEMBERED: usize = 1024;

/// What is to be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Want {
    /// The list of all containers, those that do not run included.
    List,
    /// The container with this id.
    Inspect(String),
}

/// Makes items of what an engine tells, and says what it wants to ask. Does no I/O: [`Watch`](super::Watch) drives it, and
/// whoever gets events and answers in another way can.
///
/// Whatever is lost and in whatever order events and answers come: once a list that was asked for after
/// [`begun`](Self::begun) is answered, and every inspect that is wanted then, the picture is that of the engine.
///
/// ```
/// use docker_proto::model::{ContainerInspectResponse, ContainerSummary};
/// use docker_proto::monitor::{Item, Tracker, Want};
///
/// let mut tracker = Tracker::new(8);
/// tracker.begun();
/// assert_eq!(tracker.want(), Some(Want::List));
/// tracker.listed(vec![ContainerSummary::new().id("4e5021")]);
/// assert_eq!(tracker.want(), Some(Want::Inspect("4e5021".into())));
/// tracker.inspected("4e5021", Ok(ContainerInspectResponse::new().name("/web")));
/// let Some(Item::Snapshot(picture)) = tracker.next() else { panic!("everything is known") };
/// assert!(picture.get("web").is_some());
/// ```
#[derive(Debug)]
pub struct Tracker {
    entries: BTreeMap<String, Entry>,
    /// Those that are to be inspected, and some that are not any more.
    wanted: VecDeque<String>,
    at_a_time: usize,
    /// Those whose inspects are on their way, even if they are gone.
    asked: BTreeSet<String>,
    /// Whether everything on the next list is to be inspected; nothing if no list is wanted.
    list: Option<bool>,
    /// The same of the list that is on its way.
    listing: Option<bool>,
    round: Option<Round>,
    gone: Gone,
    out: Out,
}

/// What a list has led to.
#[derive(Debug)]
struct Round {
    full: bool,
    left: BTreeSet<String>,
}

#[derive(Debug, Default)]
struct Gone {
    ids: BTreeSet<String>,
    order: VecDeque<String>,
}

impl Tracker {
    /// Nothing is known. At most so many inspects are wanted at the same time.
    #[must_use]
    #[inline]
    pub fn new(at_a_time: usize) -> Self {
        Self {
            entries: BTreeMap::new(),
            wanted: VecDeque::new(),
            at_a_time: at_a_time.max(1),
            asked: BTreeSet::new(),
            list: None,
            listing: None,
            round: None,
            gone: Gone::default(),
            out: Out::default(),
        }
    }

    /// Events flow from now on, but may have been missed before: everything is to be compared.
    #[inline]
    pub fn begun(&mut self) {
        self.list = Some(true);
    }

    /// Events flow, and it is time to compare with the engine.
    #[inline]
    pub fn due(&mut self) {
        // Before the first snapshot a comparison is a full one.
        let full = !self.out.ready;
        if self.listing.is_none() && self.round.is_none() {
            self.list = self.list.max(Some(full));
        }
    }

    /// Events do not flow any more. What was asked is not answered.
    #[inline]
    pub fn broke(&mut self) {
        (self.list, self.listing, self.round) = (None, None, None);
        self.asked.clear();
        self.wanted.clear();
        self.entries.values_mut().for_each(|entry| (entry.look, entry.listed) = (Look::Idle, false));
    }

    /// Events may be missing: everything is to be compared.
    #[inline]
    pub fn gap(&mut self, gap: Gap) {
        if gap.reason == GapReason::ClockWentBack {
            self.entries.values_mut().for_each(Entry::forget_times);
        }
        self.list = Some(true);
        self.out.items.push_back(Item::Gap(gap));
    }

    /// An event of any kind.
    #[inline]
    pub fn event(&mut self, event: EventMessage) {
        let event = Arc::new(event);
        self.out.items.push_back(Item::Event(event.clone()));
        let Some((actor, id, what)) = Happened::of(&event) else { return };
        if self.gone.ids.contains(id) {
            return;
        }
        if !self.entries.contains_key(id) {
            self.entries.insert(id.into(), Entry::default());
        }
        let Some(entry) = self.entries.get_mut(id) else { return };
        let before = entry.look;
        if !entry.happened(id, actor, what, &mut self.out) {
            self.forget(id);
        } else if entry.look == Look::Wanted && before != Look::Wanted {
            self.wanted.push_back(id.into());
        }
    }

    /// What is to be asked next; nothing for now.
    #[inline]
    pub fn want(&mut self) -> Option<Want> {
        if self.listing.is_none() && self.list.is_some() {
            self.listing = self.list.take();
            return Some(Want::List);
        }
        while self.asked.len() < self.at_a_time {
            let id = self.wanted.pop_front()?;
            let Some(entry) = self.entries.get_mut(&id).filter(|entry| entry.look == Look::Wanted) else { continue };
            if self.asked.insert(id.clone()) {
                entry.look = Look::Asked;
                return Some(Want::Inspect(id));
            }
            // It was gone and is here again, with an answer of before on its way.
            entry.look = Look::Spoiled;
        }
        None
    }

    /// The list that was wanted. If it could not be had, events are to be opened anew: [`broke`](Self::broke).
    #[inline]
    pub fn listed(&mut self, answer: impl IntoIterator<Item = ContainerSummary>) {
        let full = self.listing.take().unwrap_or_default();
        let mut left = BTreeSet::new();
        let mut listed = BTreeSet::new();
        for mut summary in answer {
            let Some(id) = summary.id.take() else { continue };
            let entry = self.entries.entry(id.clone()).or_default();
            if full || entry.differs(&summary) {
                left.insert(id.clone());
            }
            listed.insert(id);
        }
        // What is not listed may be gone, or have come since.
        left.extend(self.entries.keys().filter(|id| !listed.contains(*id)).cloned());
        for id in &left {
            let Some(entry) = self.entries.get_mut(id) else { continue };
            entry.listed = true;
            match entry.look {
                Look::Idle => {
                    entry.look = Look::Wanted;
                    self.wanted.push_back(id.clone());
                }
                // Its answer may be older than what was missed.
                Look::Asked if full => entry.look = Look::Spoiled,
                _ => {}
            }
        }
        self.round = Some(Round { full, left });
        self.finish_round();
    }

    /// The answer to an inspect, or why there is none.
    #[inline]
    pub fn inspected(&mut self, id: &str, answer: Result<ContainerInspectResponse>) {
        self.asked.remove(id);
        if let Some(entry) = self.entries.get_mut(id) {
            let stays = match answer {
                Ok(answer) => {
                    self.gone.ids.remove(id);
                    entry.answered(Seen::new(id, answer), &mut self.out)
                }
                Err(e) if e.is_not_found() => entry.vanished(&mut self.out),
                // It is looked at again with the next list.
                Err(_) => entry.unanswered(&mut self.out),
            };
            match entry.look {
                _ if !stays => self.forget(id),
                Look::Wanted => self.wanted.push_back(id.into()),
                _ => {}
            }
        }
        if let Some(round) = &mut self.round {
            round.left.remove(id);
        }
        self.finish_round();
    }

    /// The next item.
    #[inline]
    #[allow(clippy::should_implement_trait)] // it goes on after a None
    pub fn next(&mut self) -> Option<Item> {
        self.out.items.pop_front()
    }

    /// The picture as of the items so far.
    #[must_use]
    #[inline]
    pub fn picture(&self) -> Picture {
        self.entries.values().filter_map(|entry| entry.known.clone()).collect()
    }

    /// The container with this id.
    #[must_use]
    #[inline]
    pub fn get(&self, id: &str) -> Option<&Arc<super::Container>> {
        self.entries.get(id)?.known.as_ref()
    }

    #[inline]
    fn finish_round(&mut self) {
        let Some(round) = self.round.take_if(|round| round.left.is_empty()) else { return };
        if round.full {
            self.out.ready = true;
            let picture = self.picture();
            self.out.items.push_back(Item::Snapshot(picture));
        }
    }

    #[inline]
    fn forget(&mut self, id: &str) {
        self.entries.remove(id);
        if let Some(round) = &mut self.round {
            round.left.remove(id);
        }
        self.gone.add(id);
        self.finish_round();
    }
}

impl Gone {
    #[inline]
    fn add(&mut self, id: &str) {
        if self.ids.insert(id.into()) {
            self.order.push_back(id.into());
        }
        if self.order.len() > REMEMBERED {
            if let Some(oldest) = self.order.pop_front() {
                self.ids.remove(&oldest);
            }
        }
    }
}
