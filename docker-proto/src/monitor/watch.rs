//! The driver of a monitor: events, lists, inspects, samples and time in one future.
//!
//! One turn polls whatever is on its way, each in the same task, so that nothing is spawned and a slow answer holds up
//! nothing else. What waits is a `Task`: a step that brings back what it went with.

use super::feed::Feed;
use super::handle::Driving;
use super::hub::{Hub, Lock, Turn, locked};
use super::samples::Samples;
use super::{Item, Monitor, Options, Tracker, Want};
use crate::Result;
use crate::api::containers::{Inspect, List};
use crate::jobs::{Job, Verbs};
use crate::model::{ContainerInspectResponse, ContainerSummary};
use alloc::boxed::Box;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;
use core::future::{Future, poll_fn};
use core::pin::Pin;
use core::task::{Context, Poll, Waker};

/// So often a turn looks at everything before others have a turn.
const ROUNDS: usize = 32;

/// A step on its way.
pub(super) type Task<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A monitor and what drives it: a [`Job`] that goes on until the last handle and subscriber are dropped, or
/// [`stop`](Monitor::stop) is called.
///
/// An adapter gives the lock; see [`Lock`].
#[inline]
pub fn monitor<S>(options: Options, lock: impl FnOnce(Hub) -> Arc<dyn Lock>) -> (Watch, Monitor<S>) {
    let hub = lock(Hub::new(&options));
    (Watch { options, driving: Driving(hub.clone()) }, Monitor::first(hub))
}

/// See [`monitor`]. Dropping it ends the subscribers.
#[must_use = "a monitor knows nothing unless this is run"]
pub struct Watch {
    options: Options,
    driving: Driving,
}

impl Job for Watch {
    type Output = ();

    /// Ends well when nobody is there any more.
    ///
    /// # Errors
    /// The engine refuses, or is out of reach for too long; subscribers were told so, as
    /// [`Disconnected`](Item::Disconnected).
    async fn run<V: Verbs>(self, docker: &V) -> Result<()> {
        let mut driver = Driver::new(docker, &self.options, &*self.driving.0);
        poll_fn(|cx| driver.poll(cx)).await
    }
}

impl fmt::Debug for Watch {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watch").field("options", &self.options).finish_non_exhaustive()
    }
}

/// The answer to a question of the tracker's, or time.
enum Done {
    Listed(Result<Vec<ContainerSummary>>),
    Inspected(String, Box<Result<ContainerInspectResponse>>),
    Due,
}

struct Driver<'a, V: Verbs> {
    docker: &'a V,
    options: &'a Options,
    hub: &'a dyn Lock,
    tracker: Tracker,
    feed: Feed<'a, V>,
    asked: Vec<Task<'a, Done>>,
    clock: Task<'a, Done>,
    samples: Samples<'a, V>,
    items: Vec<Item>,
}

impl<'a, V: Verbs> Driver<'a, V> {
    fn new(docker: &'a V, options: &'a Options, hub: &'a dyn Lock) -> Self {
        Self {
            docker,
            options,
            hub,
            tracker: Tracker::new(options.at_a_time),
            feed: Feed::new(docker, options),
            asked: Vec::new(),
            clock: clock(docker, options),
            samples: Samples::new(docker),
            items: Vec::new(),
        }
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Result<()>> {
        for _ in 0..ROUNDS {
            match locked(self.hub, |hub| hub.turn(cx.waker(), self.samples.looked)) {
                Turn::Stop => return Poll::Ready(Ok(())),
                Turn::Go(Some((looked, wanted))) => self.samples.want(looked, wanted),
                Turn::Go(None) => {}
            }
            let moved = self.turn(cx);
            let moved = match moved {
                Ok(moved) => moved,
                Err(e) => {
                    self.publish();
                    return Poll::Ready(Err(e));
                }
            };
            self.publish();
            if !moved {
                return Poll::Pending;
            }
        }
        // More is at hand; whatever else runs here comes first.
        cx.waker().wake_by_ref();
        Poll::Pending
    }

    /// Tries everything once. Whether anything came of it.
    fn turn(&mut self, cx: &mut Context<'_>) -> Result<bool> {
        let mut moved = self.feed.poll(cx, &mut self.tracker, &mut self.items)?;
        if !self.feed.is_open() {
            self.asked.clear();
        }
        moved |= self.poll_asked(cx)?;
        while let Some(want) = self.tracker.want() {
            moved = true;
            self.asked.push(self.ask(want));
        }
        while let Some(item) = self.tracker.next() {
            self.samples.see(&item);
            self.items.push(item);
        }
        moved |= self.samples.poll(cx, self.feed.is_open(), &self.tracker, &mut self.items);
        if self.feed.take_opened() {
            let engine = self.docker.engine();
            locked(self.hub, |hub| hub.set_engine(engine));
        }
        Ok(moved)
    }

    fn poll_asked(&mut self, cx: &mut Context<'_>) -> Result<bool> {
        let mut moved = false;
        if self.clock.as_mut().poll(cx).is_ready() {
            moved = true;
            self.clock = clock(self.docker, self.options);
            if self.feed.is_open() {
                self.feed.lasted();
                self.tracker.due();
            }
        }
        let mut at = 0;
        while let Some(task) = self.asked.get_mut(at) {
            let Poll::Ready(done) = task.as_mut().poll(cx) else {
                at += 1;
                continue;
            };
            moved = true;
            drop(self.asked.swap_remove(at));
            match done {
                Done::Listed(Ok(list)) => self.tracker.listed(list),
                // Events that seem to flow may come over a connection whose other end is gone.
                Done::Listed(Err(e)) => {
                    self.asked.clear();
                    self.feed.lost(e, true, &mut self.tracker, &mut self.items)?;
                }
                Done::Inspected(id, answer) => self.tracker.inspected(&id, *answer),
                Done::Due => {}
            }
        }
        Ok(moved)
    }

    fn ask(&self, want: Want) -> Task<'a, Done> {
        let docker = self.docker;
        match want {
            Want::List => {
                let list = List::new().all(true).filters(self.options.labels.clone());
                Box::pin(async move { Done::Listed(docker.call(list).await) })
            }
            Want::Inspect(id) => Box::pin(async move {
                let answer = docker.call(Inspect::new(&*id)).await;
                Done::Inspected(id, Box::new(answer))
            }),
        }
    }

    fn publish(&mut self) {
        if !self.items.is_empty() {
            let wakers = locked(self.hub, |hub| hub.publish(&mut self.items));
            wakers.into_iter().for_each(Waker::wake);
        }
    }
}

fn clock<'a, V: Verbs>(docker: &'a V, options: &Options) -> Task<'a, Done> {
    let interval = options.interval;
    Box::pin(async move {
        docker.sleep(interval).await;
        Done::Due
    })
}
