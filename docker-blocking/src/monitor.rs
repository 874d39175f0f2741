//! A picture of an engine that is kept up to date, for many subscribers; see [the guide](docker_proto::monitor). Here are
//! the verb, the lock and the iterator.

pub use docker_proto::monitor::{Change, Container, Item, Options, Picture, Sample};

use crate::link::lock;
use crate::wait::{block_on, note_deadline};
use crate::{Docker, Result};
use docker_proto::drive::Caller;
use docker_proto::jobs::Job;
use docker_proto::monitor::{self, Hub, Lock, Subscription, Worked};
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::time::{Duration, Instant};

/// A handle on what is known about an engine; see [`monitor::Monitor`].
pub type Monitor = monitor::Monitor<Subscriber>;

impl Docker {
    /// Keeps a picture of the engine up to date. Nothing happens unless the driver runs, in a thread of the caller's.
    ///
    /// ```no_run
    /// # fn example(docker: docker_blocking::Docker) -> docker_blocking::Result<()> {
    /// use docker_blocking::monitor::{Item, Options};
    ///
    /// let (driver, monitor) = docker.monitor(Options::new());
    /// let driver = std::thread::spawn(|| driver.run());
    /// for item in monitor.subscribe() {
    ///     match item {
    ///         Item::Snapshot(picture) => println!("{} run", picture.running().count()),
    ///         Item::Started(change) => println!("{} started", change.container.name),
    ///         Item::Stopped(change) => println!("{} ended: {:?}", change.container.name, change.container.exit_code),
    ///         _ => {}
    ///     }
    /// }
    /// driver.join().expect("it does not panic")?; // why it ended
    /// # Ok(()) }
    /// ```
    #[inline]
    pub fn monitor(&self, options: Options) -> (Driver, Monitor) {
        let (watch, monitor) = monitor::monitor(options, |hub| Arc::new(Locked(Mutex::new(hub))));
        let caller = Caller::new(self.runtime.clone(), self.runtime.0.client.clone(), self.options.clone());
        (Driver(Box::pin(async move { watch.run(&caller).await })), monitor)
    }
}

/// What drives a monitor. Dropping it ends the subscribers.
#[must_use = "a monitor knows nothing unless its driver runs"]
pub struct Driver(Pin<Box<dyn Future<Output = Result<()>> + Send>>);

impl Driver {
    /// Runs until the last handle and subscriber are dropped or [`stop`](monitor::Monitor::stop) is called.
    ///
    /// # Errors
    /// The engine refuses, or is out of reach for too long.
    #[inline]
    pub fn run(mut self) -> Result<()> {
        block_on(|cx| self.0.as_mut().poll(cx))
    }
}

/// The items of a monitor: an [`Iterator`]; see [`monitor::Subscription`]. A clone is another subscriber.
#[derive(Clone, Debug)]
#[must_use]
pub struct Subscriber(Subscription);

impl Subscriber {
    /// The next item, if it comes within `time`; `None` if it does not. Nothing is lost: it comes the next time.
    #[inline]
    pub fn next_within(&mut self, time: Duration) -> Option<Option<Item>> {
        let end = Instant::now().checked_add(time);
        block_on(|cx| match self.0.poll_next(cx) {
            Poll::Ready(item) => Poll::Ready(Some(item)),
            Poll::Pending if end.is_some_and(|end| end <= Instant::now()) => Poll::Ready(None),
            Poll::Pending => {
                end.into_iter().for_each(note_deadline);
                Poll::Pending
            }
        })
    }

    /// An item that is there already.
    #[inline]
    pub fn now(&mut self) -> Option<Item> {
        self.0.now()
    }

    /// All containers as of the last item that was taken.
    #[inline]
    pub fn picture(&self) -> Picture {
        self.0.picture()
    }
}

impl From<Subscription> for Subscriber {
    #[inline]
    fn from(subscription: Subscription) -> Self {
        Self(subscription)
    }
}

impl Iterator for Subscriber {
    type Item = Item;

    /// Waits without a bound; `None` once the driver has ended.
    #[inline]
    fn next(&mut self) -> Option<Item> {
        block_on(|cx| self.0.poll_next(cx))
    }
}

impl fmt::Debug for Driver {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Driver")
    }
}

struct Locked(Mutex<Hub>);

impl Lock for Locked {
    #[inline]
    fn with<'a>(&self, work: &mut dyn FnMut(&mut Hub) -> Worked<'a>) -> Worked<'a> {
        work(&mut lock(&self.0))
    }
}
