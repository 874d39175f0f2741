//! A picture of an engine that is kept up to date, for many subscribers; see [the guide](docker_proto::monitor). Here are
//! the verb, the lock and the stream.

pub use docker_proto::monitor::{Change, Container, Item, Options, Picture, Sample};

use crate::{Docker, Result};
use docker_proto::drive::Caller;
use docker_proto::jobs::Job;
use docker_proto::monitor::{self, Hub, Lock, Subscription, Worked};
use futures_core::Stream;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

/// A handle on what is known about an engine; see [`monitor::Monitor`].
pub type Monitor = monitor::Monitor<Subscriber>;

impl Docker {
    /// Keeps a picture of the engine up to date. Nothing happens unless the driver is polled: spawn it, or select on it.
    ///
    /// ```no_run
    /// # async fn example(docker: docker_smol::Docker) -> Result<(), Box<dyn std::error::Error>> {
    /// use docker_smol::monitor::{Item, Options};
    ///
    /// let (driver, monitor) = docker.monitor(Options::new());
    /// let driver = smol::spawn(driver);
    /// let mut items = monitor.subscribe();
    /// while let Some(item) = items.next().await {
    ///     match item {
    ///         Item::Snapshot(picture) => println!("{} run", picture.running().count()),
    ///         Item::Started(change) => println!("{} started", change.container.name),
    ///         Item::Stopped(change) => println!("{} ended: {:?}", change.container.name, change.container.exit_code),
    ///         _ => {}
    ///     }
    /// }
    /// driver.await?; // why it ended
    /// # Ok(()) }
    /// ```
    #[inline]
    pub fn monitor(&self, options: Options) -> (Driver, Monitor) {
        let (watch, monitor) = monitor::monitor(options, |hub| Arc::new(Locked(Mutex::new(hub))));
        let caller = Caller::new(self.runtime.clone(), self.runtime.0.client.clone(), self.options.clone());
        (Driver(Box::pin(async move { watch.run(&caller).await })), monitor)
    }
}

/// What drives a monitor: a future that ends once the last handle and subscriber are dropped or
/// [`stop`](monitor::Monitor::stop) is called, or with the error that ended it. Dropping it ends the subscribers.
#[must_use = "a monitor knows nothing unless its driver is polled"]
pub struct Driver(Pin<Box<dyn Future<Output = Result<()>> + Send>>);

impl Future for Driver {
    type Output = Result<()>;

    #[inline]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        self.0.as_mut().poll(cx)
    }
}

/// The items of a monitor: a [`Stream`]; see [`monitor::Subscription`]. A clone is another subscriber.
#[derive(Clone, Debug)]
#[must_use]
pub struct Subscriber(Subscription);

impl Subscriber {
    /// The next item; `None` once the driver has ended. Waits without a bound. Dropping the future loses nothing.
    #[inline]
    pub async fn next(&mut self) -> Option<Item> {
        self.0.next().await
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

impl Stream for Subscriber {
    type Item = Item;

    #[inline]
    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Item>> {
        self.0.poll_next(cx)
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
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
