//! An engine in memory that really makes and removes things, a little at a time: what jobs leave behind is seen in it.
//!
//! Time passes by ticks, one after each poll of the job. A request is done a tick after it arrived, whether or not the
//! client is still there, as engines do; its answer arrives another tick later. What a resource does is in
//! `engine`, and in `service`.
//! client is still there, as engines do; its answer arrives another tick later. What a resource does is in `engine`,
//! what becomes of files in `archive`.

pub(crate) mod archive;
pub(crate) mod engine;
pub(crate) mod exec;
pub(crate) mod service;

use docker_proto::Source;
use docker_proto::drive::{Caller, DialError, Dialing, Link, Runtime, Timer};
use docker_proto::jobs::Job;
use docker_proto::model::ApiVersion;
use docker_proto::session::{CallOptions, Counters, Pool, PoolLimits, VersionChoice};
use docker_proto::testkit::Bench;
use engine::{Request, World};
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

/// How long a tick is.
const TICK: Duration = Duration::from_millis(1);
/// Ticks after which a job counts as one that hangs: more than all patience of all jobs.
const ENOUGH: usize = 1_000_000;

#[derive(Clone)]
pub(crate) struct Model(Arc<Shared>);

struct Shared {
    state: Mutex<State>,
    pool: Mutex<Pool<Wire>>,
}

pub(crate) struct State {
    now: usize,
    wires: Vec<Peer>,
    pub(crate) world: World,
}

/// One connection, as the engine has it.
#[derive(Default)]
pub(crate) struct Peer {
    inbox: Vec<u8>,
    /// Requests that were read and are done at that tick.
    todo: Vec<(usize, Request)>,
    /// Bytes that arrive at that tick; none are the end.
    outbox: Vec<(usize, Vec<u8>)>,
    open: bool,
}

impl State {
    /// How many ticks have passed.
    pub(crate) fn now(&self) -> usize {
        self.now
    }
}

impl Model {
    pub(crate) fn new(world: World) -> Self {
        let state = State { now: 0, wires: Vec::new(), world };
        Self(Arc::new(Shared { state: Mutex::new(state), pool: Mutex::new(Pool::new(PoolLimits::default())) }))
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// The verbs of a client of it.
    pub(crate) fn verbs(&self) -> Caller<Self> {
        let client = Bench::client_with(|c| c.version = VersionChoice::Pinned(ApiVersion::new(1, 41)));
        Caller::new(self.clone(), client, CallOptions::default())
    }

    /// What the client has open.
    pub(crate) fn counters(&self) -> Counters {
        self.pool(|pool| pool.counters())
    }

    /// Lets a tick pass.
    pub(crate) fn tick(&self) {
        let mut state = self.state();
        state.now += 1;
        let State { now, wires, world } = &mut *state;
        for (number, wire) in wires.iter_mut().enumerate() {
            while let Some(at) = wire.todo.iter().position(|(at, _)| at <= now) {
                let (_, request) = wire.todo.remove(at);
                world.answer(number, *now, wire.open, &request);
            }
        }
        // An upload is worked on while it comes.
        for (number, wire) in wires.iter().enumerate() {
            if let Some(request) = Request::begun(&wire.inbox).filter(|request| request.method == "PUT") {
                world.arrives(number, &request);
            }
        }
        world.pass(*now, |number| wires[number].open);
        for (number, after, bytes) in world.sent.drain(..) {
            wires[number].outbox.push((*now + after, bytes));
        }
    }

    /// Does a job to its end, or until it was polled so often; then it is dropped.
    pub(crate) fn run<J: Job>(&self, job: J, polls: usize) -> Option<docker_proto::Result<J::Output>> {
        let verbs = self.verbs();
        let mut work = pin!(job.run(&verbs));
        for _ in 0..polls.min(ENOUGH) {
            if let Poll::Ready(done) = work.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
                return Some(done);
            }
            self.tick();
        }
        assert!(polls < ENOUGH, "the job hangs; it asked {:#?}", self.state().world.asked);
        None
    }

    /// Does a job to its end.
    pub(crate) fn done<J: Job>(&self, job: J) -> docker_proto::Result<J::Output> {
        self.run(job, usize::MAX).expect("it is polled until it is ready")
    }

    /// Whether the client has no connection open that is not idle.
    fn is_quiet(&self) -> bool {
        self.state().wires.iter().all(|wire| !wire.open || wire.todo.is_empty())
    }
}

/// Ready at the poll of this number, from 0.
pub(crate) struct At(pub(crate) usize);

impl Future for At {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        match self.0.checked_sub(1) {
            None => Poll::Ready(()),
            Some(left) => {
                self.0 = left;
                Poll::Pending
            }
        }
    }
}

/// Calls a job off at its first poll, at its second, and so on until it is done before that; looks each time at what the
/// engine has afterwards. Gives how many steps there were.
pub(crate) fn called_off_everywhere<J: Job>(
    world: impl Fn() -> World,
    job: impl Fn() -> J,
    look: impl Fn(usize, &mut World, docker_proto::Result<J::Output>),
) -> usize {
    for n in 0.. {
        let model = Model::new(world());
        let done = model.done(job().until(At(n)));
        let ended = model.state().now;
        let was_called_off = done.as_ref().is_err_and(|e| e.is_cancelled());
        // What the engine was just doing.
        (0..10).for_each(|_| model.tick());
        assert!(model.is_quiet(), "step {n}: something was asked for and not waited for");
        let counters = model.counters();
        assert_eq!((counters.in_use(), counters.places, counters.waiting), (0, 0, 0), "step {n}: {counters:?}");
        if n == 0 {
            assert!(was_called_off && model.state().world.asked.is_empty(), "nothing is sent: {:?}", done.err());
            continue;
        }
        let last = !was_called_off && ended < n;
        look(n, &mut model.state().world, done);
        if last {
            return n;
        }
    }
    unreachable!("it returns")
}

impl Runtime for Model {
    type Link = Wire;
    type Timer = Clock;

    fn dial(&self) -> Dialing<Wire> {
        let mut state = self.state();
        state.wires.push(Peer { open: true, ..Peer::default() });
        let wire = Wire { model: self.clone(), number: state.wires.len() - 1 };
        Box::pin(async { Ok::<_, DialError>(wire) })
    }

    fn timer(&self) -> Clock {
        Clock(self.clone())
    }

    fn now(&self) -> Duration {
        TICK * u32::try_from(self.state().now).unwrap()
    }

    fn key(&self) -> u64 {
        0
    }

    fn pool<T>(&self, work: impl FnOnce(&mut Pool<Wire>) -> T) -> T {
        work(&mut self.0.pool.lock().unwrap_or_else(std::sync::PoisonError::into_inner))
    }
}

/// The client's end of a connection.
pub(crate) struct Wire {
    model: Model,
    number: usize,
}

impl Link for Wire {
    fn poll_read(&mut self, _: &mut Context<'_>, room: &mut [u8]) -> Poll<Result<usize, Source>> {
        let mut state = self.model.state();
        let now = state.now;
        let outbox = &mut state.wires[self.number].outbox;
        let Some((_, bytes)) = outbox.first_mut().filter(|(at, _)| *at <= now) else { return Poll::Pending };
        if bytes.is_empty() {
            return Poll::Ready(Ok(0));
        }
        let n = bytes.len().min(room.len());
        room[..n].copy_from_slice(&bytes[..n]);
        bytes.drain(..n);
        if bytes.is_empty() {
            outbox.remove(0);
        }
        Poll::Ready(Ok(n))
    }

    fn poll_write(&mut self, _: &mut Context<'_>, parts: [&[u8]; 3]) -> Poll<Result<usize, Source>> {
        let mut state = self.model.state();
        let at = state.now + 1;
        let peer = &mut state.wires[self.number];
        let before = peer.inbox.len();
        parts.iter().for_each(|part| peer.inbox.extend_from_slice(part));
        let n = peer.inbox.len() - before;
        while let Some((length, request)) = Request::parse(&peer.inbox) {
            peer.inbox.drain(..length);
            peer.todo.push((at, request));
        }
        Poll::Ready(Ok(n))
    }

    fn poll_flush(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Source>> {
        Poll::Ready(Ok(()))
    }

    fn is_alive(&mut self) -> bool {
        let state = self.model.state();
        !state.wires[self.number].outbox.iter().any(|(at, _)| *at <= state.now)
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.model.state().wires[self.number].open = false;
    }
}

pub(crate) struct Clock(Model);

impl Timer for Clock {
    fn poll_at(&mut self, _: &mut Context<'_>, at: Duration) -> Poll<()> {
        if self.0.now() >= at { Poll::Ready(()) } else { Poll::Pending }
    }
}
