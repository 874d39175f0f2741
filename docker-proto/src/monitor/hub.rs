//! What driver and subscribers share, under a lock that the adapter has.

use super::ring::Ring;
use super::{Item, Options, Picture};
use crate::session::Agreed;
use crate::{Error, Result};
use alloc::boxed::Box;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::marker::PhantomData;
use core::mem;
use core::task::Waker;

/// A lock around what driver and subscribers share: what an adapter supplies, for this crate has none.
///
/// ```
/// use docker_proto::monitor::{Hub, Lock, Worked};
/// use std::sync::{Mutex, PoisonError};
///
/// struct Locked(Mutex<Hub>);
///
/// impl Lock for Locked {
///     fn with<'a>(&self, work: &mut dyn FnMut(&mut Hub) -> Worked<'a>) -> Worked<'a> {
///         work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
///     }
/// }
/// ```
pub trait Lock: Send + Sync {
    /// Does the work under the lock, once. The work is short, and runs no code of the user's.
    fn with<'a>(&self, work: &mut dyn FnMut(&mut Hub) -> Worked<'a>) -> Worked<'a>;
}

/// That the work was done: nothing but the work itself makes it, so a [`Lock`] cannot leave it out.
#[derive(Debug)]
pub struct Worked<'a>(PhantomData<fn(&'a ()) -> &'a ()>);

/// Does something under the lock.
#[inline]
pub(super) fn locked<T>(lock: &dyn Lock, work: impl FnOnce(&mut Hub) -> T) -> T {
    let (mut work, mut done) = (Some(work), None);
    let Worked(_) = lock.with(&mut |hub| {
        if let Some(work) = work.take() {
            done = Some(work(hub));
        }
        Worked(PhantomData)
    });
    // There is a `Worked` of this lifetime, which a lock has no other way to get.
    done.expect("work that was done")
}

/// What driver and subscribers share.
pub struct Hub {
    picture: Picture,
    ready: bool,
    engine: Option<Agreed>,
    down: Option<Error>,
    rings: BTreeMap<u64, Ring>,
    next: u64,
    capacity: usize,
    max_bytes: usize,
    /// Handles of the monitor.
    pub(super) handles: usize,
    pub(super) stopped: bool,
    ended: bool,
    /// Ids of containers whose samples are wanted.
    stats: BTreeSet<String>,
    /// What was asked for before anything was known.
    asked: BTreeSet<String>,
    /// Counts what makes the driver look at the samples again.
    changes: u64,
    driver: Option<Waker>,
}

/// What the driver does next.
pub(super) enum Turn {
    /// It ends: nobody is there any more, or somebody said so.
    Stop,
    /// It goes on. If it has to look at the samples: how far it has looked then, and whose are wanted.
    Go(Option<(u64, BTreeSet<String>)>),
}

impl Hub {
    #[inline]
    pub(super) fn new(options: &Options) -> Self {
        Self {
            picture: Picture::default(),
            ready: false,
            engine: None,
            down: None,
            rings: BTreeMap::new(),
            next: 0,
            capacity: options.capacity,
            max_bytes: options.max_bytes,
            handles: 1,
            stopped: false,
            ended: false,
            stats: BTreeSet::new(),
            asked: BTreeSet::new(),
            changes: 0,
            driver: None,
        }
    }

    /// A turn of the driver, which has looked at the samples as of `looked`.
    #[inline]
    pub(super) fn turn(&mut self, waker: &Waker, looked: u64) -> Turn {
        if self.stopped || self.handles == 0 && self.rings.is_empty() {
            return Turn::Stop;
        }
        if !self.driver.as_ref().is_some_and(|driver| driver.will_wake(waker)) {
            self.driver = Some(waker.clone());
        }
        // Samples that nobody would get are not asked for.
        let wanted = || if self.rings.is_empty() { BTreeSet::new() } else { self.stats.clone() };
        Turn::Go((looked != self.changes).then(|| (self.changes, wanted())))
    }

    /// Gives items to all subscribers; what is to be woken afterwards, without the lock.
    #[inline]
    pub(super) fn publish(&mut self, items: &mut Vec<Item>) -> Vec<Waker> {
        let mut wakers = Vec::new();
        for item in items.drain(..) {
            self.give(item, &mut wakers);
            if !self.ready || self.asked.is_empty() {
                continue;
            }
            for name in mem::take(&mut self.asked) {
                if let Err(error) = self.want_stats(&name) {
                    self.give(Item::StatsFailed { container: name, error }, &mut wakers);
                }
            }
        }
        wakers
    }

    #[inline]
    fn give(&mut self, item: Item, wakers: &mut Vec<Waker>) {
        self.picture.apply(&item);
        match &item {
            Item::Snapshot(_) => self.ready = true,
            Item::Disconnected(e) => self.down = Some(e.clone()),
            Item::Reconnected => self.down = None,
            Item::Removed(change) => {
                self.stats.remove(&change.container.id);
            }
            _ => {}
        }
        let weight = item.weight();
        for ring in self.rings.values_mut() {
            ring.push(item.clone(), weight);
            wakers.extend(ring.waker.take());
        }
    }

    /// A new subscriber.
    #[inline]
    pub(super) fn subscribe(&mut self, bounds: Option<(usize, usize)>) -> (u64, Option<Waker>) {
        let (capacity, max_bytes) = bounds.unwrap_or((self.capacity, self.max_bytes));
        let id = self.next;
        self.next += 1;
        let mut ring = Ring::new(capacity, max_bytes, self.ready.then(|| self.picture.clone()));
        if let Some(e) = &self.down {
            let item = Item::Disconnected(e.clone());
            let weight = item.weight();
            ring.push(item, weight);
        }
        self.rings.insert(id, ring);
        (id, self.look())
    }

    /// A subscriber leaves; its ring is to be dropped without the lock.
    #[inline]
    pub(super) fn unsubscribe(&mut self, id: u64) -> (Option<Box<dyn Send>>, Option<Waker>) {
        let ring = self.rings.remove(&id).map(|ring| Box::new(ring) as Box<dyn Send>);
        (ring, self.look())
    }

    /// Something changed that the driver should look at.
    #[inline]
    pub(super) fn look(&mut self) -> Option<Waker> {
        self.changes += 1;
        self.driver.take()
    }

    #[inline]
    pub(super) fn ring(&mut self, id: u64) -> Option<&mut Ring> {
        self.rings.get_mut(&id)
    }

    #[inline]
    pub(super) fn picture(&self) -> &Picture {
        &self.picture
    }

    /// Samples of a container are wanted; if nothing is known yet, it is looked up later.
    #[inline]
    pub(super) fn want_stats(&mut self, container: &str) -> Result<()> {
        if !self.ready && !self.ended {
            self.asked.insert(container.into());
            return Ok(());
        }
        let known = self.picture.get(container).ok_or_else(|| {
            Error::usage(format!(
                "stats of {container:?}: the engine has no such container, or several whose ids begin so"
            ))
        })?;
        self.stats.insert(known.id.clone());
        self.changes += 1;
        Ok(())
    }

    /// They are not wanted any more.
    #[inline]
    pub(super) fn unwant_stats(&mut self, container: &str) {
        self.asked.remove(container);
        if let Some(known) = self.picture.get(container) {
            self.stats.remove(&known.id);
        }
        self.changes += 1;
    }

    #[inline]
    pub(super) fn engine(&self) -> Option<Agreed> {
        self.engine
    }

    #[inline]
    pub(super) fn set_engine(&mut self, engine: Option<Agreed>) {
        self.engine = engine;
    }

    #[inline]
    pub(super) fn has_ended(&self) -> bool {
        self.ended
    }

    /// The driver is gone.
    #[inline]
    pub(super) fn end(&mut self) -> Vec<Waker> {
        self.ended = true;
        self.rings.values_mut().filter_map(|ring| ring.waker.take()).collect()
    }
}

impl fmt::Debug for Hub {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hub")
            .field("containers", &self.picture.len())
            .field("subscribers", &self.rings.len())
            .field("ended", &self.ended)
            .finish_non_exhaustive()
    }
}
