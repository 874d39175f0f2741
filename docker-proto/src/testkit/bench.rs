//! A runtime without sockets, clock or threads: a [`Script`] for an engine, and time that passes only when nothing else
//! can happen.
//!
//! `Runtime` must be `Sync`, which takes a lock, so this part needs the feature `std`.

use super::link::{MemoryLink, MemoryTimer};
use super::peer::Peer;
use super::script::{Dial, Script};
use crate::drive::{DialError, Dialing, Items, Resumed, Runtime};
use crate::op::Operation;
use crate::resume::Resume;
use crate::session::{CallOptions, Client, Config, Counters, Endpoint, Pool, PoolLimits, Verb};
use crate::{Result, Source};
use alloc::boxed::Box;
use alloc::collections::{BTreeMap, BTreeSet, VecDeque};
use alloc::format;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;
use core::task::{Context, Poll, Waker};
use core::time::Duration;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Polls at one moment after which a call counts as one that spins.
const SPINS: usize = 1_000_000;

/// A runtime without sockets, clock or threads, with a [`Script`] for an engine: time passes only when nothing else can
/// happen. Clones share everything.
///
/// ```
/// use docker_proto::api::containers;
/// use docker_proto::testkit::{Bench, Script};
///
/// let bench = Bench::new(Script::new().negotiate("1.41").expect("GET /v1.41/containers/json?all=1").json(200, "[]"));
/// let client = Bench::client();
/// let list = bench.call(&client, containers::List::new().all(true))?;
/// assert!(list.is_empty());
/// bench.finish();
/// # Ok::<(), docker_proto::Error>(())
/// ```
#[derive(Clone)]
pub struct Bench(Arc<Shared>);

struct Shared {
    state: Mutex<State>,
    // Apart from the state: connections that it drops report to the state.
    pool: Mutex<Pool<MemoryLink>>,
}

pub(super) struct State {
    pub(super) now: Duration,
    dials: VecDeque<Dial>,
    dialled: usize,
    /// By number, and whether the client still has the connection.
    pub(super) peers: BTreeMap<usize, (Peer, bool)>,
    timers: BTreeSet<Duration>,
    key: u64,
}

#[inline]
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A test that failed while it held the lock has said why already.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Bench {
    /// A bench with this engine and a pool with the default limits.
    #[inline]
    pub fn new(script: Script) -> Self {
        Self::with_limits(script, PoolLimits::default())
    }

    /// A bench with this engine and this pool.
    #[inline]
    pub fn with_limits(script: Script, limits: PoolLimits) -> Self {
        let state = State {
            now: Duration::ZERO,
            dials: script.dials().collect(),
            dialled: 0,
            peers: BTreeMap::new(),
            timers: BTreeSet::new(),
            key: 0,
        };
        Self(Arc::new(Shared { state: Mutex::new(state), pool: Mutex::new(Pool::new(limits)) }))
    }

    /// What the calls of a client with default settings share.
    #[inline]
    pub fn client() -> Arc<Client> {
        Self::client_with(|_| {})
    }

    /// The same with other settings.
    #[inline]
    pub fn client_with(change: impl FnOnce(&mut Config)) -> Arc<Client> {
        let mut config = Config::new(&Endpoint::default());
        change(&mut config);
        Arc::new(Client::new(config))
    }

    #[inline]
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.0.state)
    }

    /// Begins a call. Nothing happens until it is polled.
    #[inline]
    pub fn begin<O: Operation>(&self, client: &Arc<Client>, op: O) -> Items<Self, O> {
        self.begin_with(client, op, CallOptions::default())
    }

    /// The same with options.
    #[inline]
    pub fn begin_with<O: Operation>(&self, client: &Arc<Client>, op: O, options: CallOptions) -> Items<Self, O> {
        Items::new(self.clone(), client.clone(), op, Verb::Begin, options, None)
    }

    /// Begins a stream that goes on over several connections. Nothing happens until it is polled.
    #[inline]
    pub fn resume<P: Resume>(&self, client: &Arc<Client>, policy: P) -> Resumed<Self, P> {
        Resumed::new(self.clone(), client.clone(), policy, CallOptions::default())
    }

    /// Begins an upload.
    #[inline]
    pub fn upload<O: Operation>(&self, client: &Arc<Client>, op: O, body: super::MemoryBody) -> Items<Self, O> {
        self.upload_with(client, op, body, CallOptions::default())
    }

    /// The same with options.
    #[inline]
    pub fn upload_with<O: Operation>(
        &self,
        client: &Arc<Client>,
        op: O,
        body: super::MemoryBody,
        options: CallOptions,
    ) -> Items<Self, O> {
        let body = body.on(self.clone());
        let verb = Verb::Upload(crate::drive::BodySource::length(&body));
        Items::new(self.clone(), client.clone(), op, verb, options, Some(Box::new(body)))
    }

    /// Does a call that has one answer.
    ///
    /// # Errors
    /// Those of the call.
    #[inline]
    pub fn call<O: Operation>(&self, client: &Arc<Client>, op: O) -> Result<<O::Reply as crate::op::Reply>::Item> {
        let mut items = self.begin(client, op);
        let mut one = None;
        self.run(|cx| items.poll_one(cx, &mut one))
    }

    /// Drives a call to its end. Gives all that it delivered.
    #[inline]
    pub fn collect<O: Operation>(
        &self,
        items: &mut Items<Self, O>,
    ) -> Vec<Result<<O::Reply as crate::op::Reply>::Item>> {
        let mut all = Vec::new();
        while let Some(item) = self.run(|cx| items.poll_next(cx)) {
            all.push(item);
        }
        all
    }

    /// Polls until it is ready. Time passes, from timer to timer, whenever nothing else can happen.
    ///
    /// # Panics
    /// If nothing is left that could happen.
    #[inline]
    pub fn run<T>(&self, mut poll: impl FnMut(&mut Context<'_>) -> Poll<T>) -> T {
        let mut cx = Context::from_waker(Waker::noop());
        for _ in 0..SPINS {
            if let Poll::Ready(value) = poll(&mut cx) {
                return value;
            }
            assert!(self.advance(), "stuck: nothing is left that could happen{}", self.explain());
        }
        panic!("{SPINS} timers in a row brought nothing forward{}", self.explain());
    }

    /// Polls once.
    #[inline]
    pub fn poll<T>(&self, poll: impl FnOnce(&mut Context<'_>) -> Poll<T>) -> Poll<T> {
        poll(&mut Context::from_waker(Waker::noop()))
    }

    /// Lets the time pass until the next timer. False if there is none.
    #[inline]
    pub fn advance(&self) -> bool {
        let mut state = self.state();
        let now = state.now;
        let pauses = state.peers.values().filter_map(|(p, _)| p.wakes_at()).filter(|&at| at > now).min();
        let timer = state.timers.range(now..).find(|&&at| at > now).copied();
        let next = match (pauses, timer) {
            (Some(a), Some(b)) => a.min(b),
            (a, b) => match a.or(b) {
                Some(at) => at,
                None => return false,
            },
        };
        state.now = next;
        state.timers = state.timers.split_off(&next);
        true
    }

    /// Lets so much time pass at once, whatever timers there are.
    #[inline]
    pub fn pass(&self, time: Duration) {
        self.state().now += time;
    }

    /// The present moment.
    #[inline]
    pub fn time(&self) -> Duration {
        self.state().now
    }

    /// Attempts to connect so far.
    #[inline]
    pub fn dials(&self) -> usize {
        self.state().dialled
    }

    /// Whether the client still has this connection, counted from 1.
    #[inline]
    pub fn is_open(&self, connection: usize) -> bool {
        self.state().peers.get(&connection).is_some_and(|(_, open)| *open)
    }

    /// What the pool did so far.
    #[inline]
    pub fn counters(&self) -> Counters {
        lock(&self.0.pool).counters()
    }

    /// From now on connections are made and looked for under this key.
    #[inline]
    pub fn set_key(&self, key: u64) {
        self.state().key = key;
    }

    /// Ends the test.
    ///
    /// # Panics
    /// If the script was not played to its end.
    #[inline]
    pub fn finish(&self) {
        let left = self.explain();
        assert!(left.is_empty(), "the script was not played to its end{left}");
    }

    #[inline]
    fn explain(&self) -> String {
        let state = self.state();
        let mut text: String = state.peers.values().filter_map(|(p, _)| p.left()).map(|l| format!("; {l}")).collect();
        if !state.dials.is_empty() {
            text += &format!("; {} of {} dials were not made", state.dials.len(), state.dials.len() + state.dialled);
        }
        text
    }

    #[inline]
    pub(super) fn wait_until(&self, at: Duration) -> Poll<()> {
        let mut state = self.state();
        if state.now >= at {
            return Poll::Ready(());
        }
        state.timers.insert(at);
        Poll::Pending
    }
}

impl Runtime for Bench {
    type Link = MemoryLink;
    type Timer = MemoryTimer;

    #[inline]
    fn dial(&self) -> Dialing<MemoryLink> {
        let mut state = self.state();
        state.dialled += 1;
        let number = state.dialled;
        let plan = state.dials.pop_front();
        let begun = state.now;
        drop(state);
        let Some(plan) = plan else {
            panic!("attempt {number} to connect; the script has {}", number - 1);
        };
        let bench = self.clone();
        let error = |why: String| -> Source { Arc::new(DialRefused(why)) };
        let (after, peer) = match plan {
            Dial::Accepted { after, peer } => (after, peer),
            Dial::Refused(why) => return Box::pin(core::future::ready(Err(DialError::new(error(why))))),
            Dial::Busy => {
                return Box::pin(core::future::ready(Err(DialError::busy(error("the backlog is full".into())))));
            }
            Dial::Never => return Box::pin(core::future::pending()),
        };
        let mut peer = Some(peer);
        Box::pin(core::future::poll_fn(move |_| {
            if bench.wait_until(begun + after).is_pending() {
                return Poll::Pending;
            }
            let Some(peer) = peer.take() else { return Poll::Pending };
            let number = peer.number();
            bench.state().peers.insert(number, (peer, true));
            Poll::Ready(Ok(MemoryLink { bench: bench.clone(), number }))
        }))
    }

    #[inline]
    fn timer(&self) -> MemoryTimer {
        MemoryTimer(self.clone())
    }

    #[inline]
    fn now(&self) -> Duration {
        self.time()
    }

    #[inline]
    fn key(&self) -> u64 {
        self.state().key
    }

    #[inline]
    fn pool<T>(&self, work: impl FnOnce(&mut Pool<MemoryLink>) -> T) -> T {
        work(&mut lock(&self.0.pool))
    }
}

impl fmt::Debug for Bench {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bench").field("now", &self.time()).field("dialled", &self.dials()).finish_non_exhaustive()
    }
}

/// Why a scripted dial failed.
#[derive(Debug)]
struct DialRefused(String);

impl fmt::Display for DialRefused {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl core::error::Error for DialRefused {}
