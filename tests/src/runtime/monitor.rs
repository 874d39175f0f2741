//! Monitors: a driver to be run in a thread, and subscribers.

use super::{AsyncStd, Blocking, Runtime, Smol, Tokio, Work};
use docker_proto::Result;
use docker_proto::monitor::{Item, Monitor, Options, Picture, Subscription};
use smol::future::FutureExt;
use std::future::Future;
use std::time::Duration;

/// A client that can watch its engine.
pub trait Monitors: Runtime {
    /// Its subscribers.
    type Subscriber: Subscriber;

    /// A monitor and what drives it.
    fn monitor(&self, options: Options) -> (Work<Result<()>>, Monitor<Self::Subscriber>);
}

/// A subscriber.
pub trait Subscriber: From<Subscription> + Clone + Send + Sized + 'static {
    /// The next item, if it comes in time.
    fn next_within(&mut self, time: Duration) -> impl Future<Output = Option<Option<Item>>> + Send;

    /// An item that is there.
    fn now(&mut self) -> Option<Item>;

    /// The picture as of the last item.
    fn picture(&self) -> Picture;
}

impl Monitors for Tokio {
    type Subscriber = docker_tokio::monitor::Subscriber;

    fn monitor(&self, options: Options) -> (Work<Result<()>>, Monitor<Self::Subscriber>) {
        let (driver, monitor) = self.0.monitor(options);
        (Box::pin(driver), monitor)
    }
}

impl Subscriber for docker_tokio::monitor::Subscriber {
    async fn next_within(&mut self, time: Duration) -> Option<Option<Item>> {
        tokio::time::timeout(time, self.next()).await.ok()
    }

    fn now(&mut self) -> Option<Item> {
        Self::now(self)
    }

    fn picture(&self) -> Picture {
        Self::picture(self)
    }
}

impl Monitors for Smol {
    type Subscriber = docker_smol::monitor::Subscriber;

    fn monitor(&self, options: Options) -> (Work<Result<()>>, Monitor<Self::Subscriber>) {
        let (driver, monitor) = self.0.monitor(options);
        (Box::pin(driver), monitor)
    }
}

impl Monitors for AsyncStd {
    type Subscriber = docker_smol::monitor::Subscriber;

    fn monitor(&self, options: Options) -> (Work<Result<()>>, Monitor<Self::Subscriber>) {
        let (driver, monitor) = self.0.monitor(options);
        (Box::pin(driver), monitor)
    }
}

impl Subscriber for docker_smol::monitor::Subscriber {
    async fn next_within(&mut self, time: Duration) -> Option<Option<Item>> {
        let late = async {
            smol::Timer::after(time).await;
            None
        };
        async { Some(self.next().await) }.or(late).await
    }

    fn now(&mut self) -> Option<Item> {
        Self::now(self)
    }

    fn picture(&self) -> Picture {
        Self::picture(self)
    }
}

impl Monitors for Blocking {
    type Subscriber = docker_blocking::monitor::Subscriber;

    fn monitor(&self, options: Options) -> (Work<Result<()>>, Monitor<Self::Subscriber>) {
        let (driver, monitor) = self.0.monitor(options);
        (Box::pin(async { driver.run() }), monitor)
    }
}

impl Subscriber for docker_blocking::monitor::Subscriber {
    async fn next_within(&mut self, time: Duration) -> Option<Option<Item>> {
        Self::next_within(self, time)
    }

    fn now(&mut self) -> Option<Item> {
        Self::now(self)
    }

    fn picture(&self) -> Picture {
        Self::picture(self)
    }
}
