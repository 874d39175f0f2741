//! The pool of connections.

use crate::wire::{RecvBuf, limits};
use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use bytes::BytesMut;
use core::task::Waker;
use core::time::Duration;

/// Bounds of a pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PoolLimits {
    /// Short calls that run at the same time; the rest wait their turn. Streams, uploads and sessions do not count:
    /// one that is open for hours must not keep a ping waiting. 16.
    pub places: usize,
    /// Idle connections that are kept. 16.
    pub idle: usize,
    /// How long an idle connection is kept. Engines and proxies close theirs after minutes. 30 s. Looked at when a call
    /// begins and when it ends: nothing happens in between.
    pub idle_time: Duration,
}

impl Default for PoolLimits {
    fn default() -> Self {
        Self { places: 16, idle: 16, idle_time: Duration::from_secs(30) }
    }
}

impl PoolLimits {
    /// Sets how many short calls run at the same time; 0 is taken as 1.
    #[must_use]
    pub fn places(mut self, n: usize) -> Self {
        self.places = n.max(1);
        self
    }

    /// Sets how many idle connections are kept; 0 makes every call dial.
    #[must_use]
    pub fn idle(mut self, n: usize) -> Self {
        self.idle = n;
        self
    }

    /// Sets how long an idle connection is kept.
    #[must_use]
    pub fn idle_time(mut self, time: Duration) -> Self {
        self.idle_time = time;
        self
    }
}

/// What a pool did so far.
///
/// Every connection that was dialled is open, or was closed for one of five reasons: `dialled` is the sum of `open`,
/// `expired`, `dead`, `surplus`, `shut` and `spent`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Counters {
    /// Connections dialled.
    pub dialled: u64,
    /// Calls that began on a kept connection.
    pub reused: u64,
    /// Kept connections that were found dead or too old: the sum of `expired` and `dead`.
    pub discarded: u64,
    /// Closed because they were kept longer than [`PoolLimits::idle_time`].
    pub expired: u64,
    /// Closed because their test found an end, an error, or bytes that nobody had asked for.
    pub dead: u64,
    /// Closed though they were clean: [`PoolLimits::idle`] others were kept.
    pub surplus: u64,
    /// Closed though they were clean: the pool is closed.
    pub shut: u64,
    /// Closed with the call that used them: streams and sessions, calls that failed or were given up, answers that said so.
    pub spent: u64,
    /// Connections open now: those kept and those in use, be it by streams.
    pub open: usize,
    /// Connections kept now.
    pub idle: usize,
    /// Short calls that run now.
    pub places: usize,
    /// Calls that wait for a place now.
    pub waiting: usize,
}

impl Counters {
    /// Connections that calls, streams and sessions use now.
    pub fn in_use(&self) -> usize {
        self.open.saturating_sub(self.idle)
    }
}

/// A call's turn in the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticket(u64);

/// Which connections are kept, and who waits for a place under the limit. A data structure: the adapter puts a lock
/// around it and holds that lock for no I/O.
///
/// `L` is a connection.
#[derive(Debug)]
pub struct Pool<L> {
    limits: PoolLimits,
    idle: Vec<Idle<L>>,
    taken: usize,
    next: u64,
    waiting: BTreeMap<u64, Waker>,
    counters: Counters,
    /// Connections that calls have.
    used: usize,
    closed: bool,
    /// Receive blocks of streams that wait.
    blocks: Vec<BytesMut>,
}

#[derive(Debug)]
struct Idle<L> {
    link: L,
    recv: RecvBuf,
    key: u64,
    since: Duration,
}

impl<L> Pool<L> {
    /// An empty pool.
    pub fn new(limits: PoolLimits) -> Self {
        Self {
            limits,
            idle: Vec::new(),
            taken: 0,
            next: 0,
            waiting: BTreeMap::new(),
            counters: Counters::default(),
            used: 0,
            closed: false,
            blocks: Vec::new(),
        }
    }

    /// Keeps the receive block of a stream that waits, for the next one that reads much: at most
    /// [`SPARE_BLOCKS`](limits::SPARE_BLOCKS) of them.
    pub fn put_block(&mut self, block: BytesMut) {
        if self.blocks.len() < limits::SPARE_BLOCKS && !self.closed {
            self.blocks.push(block);
        }
    }

    /// A block that was kept.
    pub fn take_block(&mut self) -> Option<BytesMut> {
        self.blocks.pop()
    }

    /// Takes a place, or a ticket in the queue and the promise to wake `waker` when it may be its turn.
    ///
    /// # Errors
    /// The ticket to come back with. A ticket that is not wanted any more must be given to [`leave`](Self::leave).
    pub fn enter(&mut self, ticket: Option<Ticket>, waker: &Waker) -> Result<(), Ticket> {
        let number = ticket.map_or(self.next, |t| t.0);
        let first = self.waiting.keys().next().is_none_or(|&n| n >= number);
        if first && self.taken < self.limits.places {
            self.waiting.remove(&number);
            self.taken += 1;
            self.wake_next();
            return Ok(());
        }
        if ticket.is_none() {
            self.next += 1;
        }
        self.waiting.insert(number, waker.clone());
        Err(Ticket(number))
    }

    /// Gives a ticket back unused.
    pub fn leave(&mut self, ticket: Ticket) {
        self.waiting.remove(&ticket.0);
        self.wake_next();
    }

    /// Gives a place back.
    pub fn exit(&mut self) {
        self.taken = self.taken.saturating_sub(1);
        self.wake_next();
    }

    fn wake_next(&self) {
        if self.taken < self.limits.places {
            if let Some(waker) = self.waiting.values().next() {
                waker.wake_by_ref();
            }
        }
    }

    /// The youngest kept connection of this key, if it is not too old; it is still to be tested. What is too old is
    /// put into `old`, to be dropped outside the lock.
    pub fn take(&mut self, key: u64, now: Duration, old: &mut Vec<L>) -> Option<(L, RecvBuf)> {
        self.expire(now, old);
        let at = self.idle.iter().rposition(|i| i.key == key)?;
        let idle = self.idle.remove(at);
        self.used += 1;
        Some((idle.link, idle.recv))
    }

    /// Removes the connections that were kept too long.
    pub fn expire(&mut self, now: Duration, old: &mut Vec<L>) {
        let limit = self.limits.idle_time;
        let mut at = 0;
        while let Some(idle) = self.idle.get(at) {
            if now.saturating_sub(idle.since) >= limit {
                old.push(self.idle.remove(at).link);
                self.counters.discarded += 1;
                self.counters.expired += 1;
            } else {
                at += 1;
            }
        }
    }

    /// Keeps a connection that is provably clean. What there is no room for is put into `old`.
    pub fn put(&mut self, link: L, mut recv: RecvBuf, key: u64, now: Duration, old: &mut Vec<L>) {
        self.expire(now, old);
        self.used = self.used.saturating_sub(1);
        if self.closed {
            self.counters.shut += 1;
            old.push(link);
            return;
        }
        if self.idle.len() >= self.limits.idle {
            self.counters.surplus += 1;
            if self.limits.idle == 0 {
                old.push(link);
                return;
            }
            old.push(self.idle.remove(0).link);
        }
        recv.park();
        self.idle.push(Idle { link, recv, key, since: now });
    }

    /// A kept connection passed its test and is used.
    pub fn count_reused(&mut self) {
        self.counters.reused += 1;
    }

    /// A kept connection failed its test.
    pub fn count_discarded(&mut self) {
        self.used = self.used.saturating_sub(1);
        self.counters.discarded += 1;
        self.counters.dead += 1;
    }

    /// A connection was dialled.
    pub fn count_dialled(&mut self) {
        self.used += 1;
        self.counters.dialled += 1;
    }

    /// The connection of a call was closed.
    pub fn count_spent(&mut self) {
        self.used = self.used.saturating_sub(1);
        self.counters.spent += 1;
    }

    /// What the pool did so far.
    pub fn counters(&self) -> Counters {
        let (idle, places, waiting) = (self.idle.len(), self.taken, self.waiting.len());
        Counters { open: self.used + idle, idle, places, waiting, ..self.counters }
    }

    /// Gives up all kept connections, and keeps none from now on.
    pub fn close(&mut self) -> Vec<L> {
        self.closed = true;
        self.blocks = Vec::new();
        self.counters.shut += self.idle.len() as u64;
        self.idle.drain(..).map(|i| i.link).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::sync::Arc;
    use alloc::task::Wake;
    use core::sync::atomic::{AtomicUsize, Ordering};

    #[derive(Default)]
    struct Count(AtomicUsize);
    impl Wake for Count {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn pool(places: usize) -> Pool<u32> {
        Pool::new(PoolLimits::default().places(places).idle(2))
    }

    #[test]
    fn places_are_given_in_the_order_of_asking() {
        let mut p = pool(1);
        let (a, b) = (Arc::new(Count::default()), Arc::new(Count::default()));
        let (wa, wb) = (Waker::from(a.clone()), Waker::from(b.clone()));
        p.enter(None, &wa).unwrap();
        let ta = p.enter(None, &wa).unwrap_err();
        let tb = p.enter(None, &wb).unwrap_err();
        p.exit();
        assert_eq!((a.0.load(Ordering::Relaxed), b.0.load(Ordering::Relaxed)), (1, 0));
        // Nobody overtakes: not the second in the queue, not a newcomer.
        assert_eq!(p.enter(Some(tb), &wb), Err(tb));
        assert!(p.enter(None, &wb).is_err());
        p.enter(Some(ta), &wa).unwrap();
    }

    #[test]
    fn a_waiter_that_leaves_passes_its_turn_on() {
        let mut p = pool(1);
        let b = Arc::new(Count::default());
        let (noop, wb) = (Waker::noop(), Waker::from(b.clone()));
        p.enter(None, noop).unwrap();
        let ta = p.enter(None, noop).unwrap_err();
        let tb = p.enter(None, &wb).unwrap_err();
        p.exit();
        p.leave(ta);
        assert_eq!(b.0.load(Ordering::Relaxed), 1);
        p.enter(Some(tb), &wb).unwrap();
        assert_eq!(p.counters().waiting, 0);
    }

    #[test]
    fn idle_connections_are_bounded_in_number_and_age_and_kept_apart_by_key() {
        let mut p = pool(1);
        let mut old = Vec::new();
        let at = Duration::from_secs;
        for link in 1..=3 {
            p.put(link, RecvBuf::new(), u64::from(link % 2), at(0), &mut old);
        }
        assert_eq!(old, [1]);
        assert_eq!(p.take(7, at(1), &mut old).map(|l| l.0), None);
        assert_eq!(p.take(0, at(1), &mut old).map(|l| l.0), Some(2));
        assert_eq!(p.take(1, at(30), &mut old).map(|l| l.0), None);
        assert_eq!((old, p.counters().discarded), (alloc::vec![1, 3], 1));
    }

    #[test]
    fn a_closed_pool_keeps_nothing() {
        let mut p = pool(1);
        let mut old = Vec::new();
        p.put(1, RecvBuf::new(), 0, Duration::ZERO, &mut old);
        assert_eq!(p.close(), [1]);
        p.put(2, RecvBuf::new(), 0, Duration::ZERO, &mut old);
        assert_eq!((old, p.counters().shut), (alloc::vec![2], 2));
    }
}
