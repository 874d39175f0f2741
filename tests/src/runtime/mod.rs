//! What a behaviour test is written against: one face for the four runtimes.
//!
//! A file here adapts one client; it holds no test. The blocking one does its work inside the first poll of each future,
//! so that the same `async fn` runs on all four.

mod blocking;
mod files;
mod monitor;
mod output;
mod smol;
mod tokio;

pub use self::blocking::Blocking;
pub use self::files::Files;
pub use self::monitor::{Monitors, Subscriber};
pub use self::output::{Output, Rests};
pub use self::smol::{AsyncStd, Smol};
pub use self::tokio::Tokio;

use bytes::Bytes;
use docker_proto::Result;
use docker_proto::credentials::{Login, Stored};
use docker_proto::jobs::Job;
use docker_proto::op::{Operation, Plain, RegistryAuth, RegistryConfig, Reply, Unary, Uploads};
use docker_proto::resolve::Inquiry;
use docker_proto::resume::{Position, Resume};
use docker_proto::session::{CallOptions, Config, Counters, Endpoint, PoolLimits};
use std::fmt::Debug;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;

/// What an item of an operation is.
pub type ItemOf<O> = <<O as Operation>::Reply as Reply>::Item;
/// A future that a test hands over.
pub type Work<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// A client and the runtime it runs on.
pub trait Runtime: Clone + Debug + Send + Sync + 'static {
    /// As the table prints it.
    const NAME: &'static str;
    /// Its streams.
    type Items<O: Operation>: Items<O>;
    /// Its streams over several connections.
    type Resumed<P: Resume>: Resumed<P>;
    /// Its writers.
    type Input: Input;

    /// A client of an engine.
    fn new(endpoint: Endpoint, config: Config, limits: PoolLimits) -> Self;

    /// A client whose dial takes at least so long.
    fn slow(endpoint: Endpoint, config: Config, pause: Duration) -> Self;

    /// A client of the engine at `url`, with the defaults.
    fn connect(url: &str) -> Self {
        let endpoint = Endpoint::parse(url).expect("the suite's own URL");
        let config = Config::new(&endpoint);
        Self::new(endpoint, config, PoolLimits::default())
    }

    /// The same client with options.
    fn with_options(&self, options: CallOptions) -> Self;

    /// One answer.
    fn call<O: Plain>(&self, op: O) -> impl Future<Output = Result<ItemOf<O>>> + Send
    where
        O::Reply: Unary;

    /// Any answer.
    fn begin<O: Plain>(&self, op: O) -> Self::Items<O>;

    /// A body at hand.
    fn upload<O: Uploads>(&self, op: O, body: Bytes) -> Self::Items<O>;

    /// A body of unknown length from a reader.
    fn upload_from<O: Uploads>(&self, op: O, body: impl io::Read + Send + Unpin + 'static) -> Self::Items<O>;

    /// A two-way session, split.
    fn open<O: Plain>(&self, op: O) -> impl Future<Output = Result<(Self::Items<O>, Self::Input)>> + Send
    where
        O::Reply: docker_proto::op::Duplex;

    /// Several operations in a row.
    fn job<J: Job>(&self, job: J) -> impl Future<Output = Result<J::Output>> + Send;

    /// The same, called off after so long by whatever the runtime has for that.
    fn job_for<J: Job>(&self, job: J, time: Duration) -> impl Future<Output = Result<J::Output>> + Send;

    /// A stream over several connections.
    fn resume<P: Resume>(&self, policy: P) -> Self::Resumed<P>;

    /// Finds something out.
    fn ask<I: Inquiry<Output: Send> + Send>(inquiry: I) -> impl Future<Output = Result<I::Output>> + Send;

    /// A client of the engine that the environment means.
    fn from_env() -> Result<Self>;

    /// Credentials for an image.
    fn auth_for(&self, image: &str) -> impl Future<Output = Result<RegistryAuth>> + Send;

    /// All credentials.
    fn auths(&self) -> impl Future<Output = Result<RegistryConfig>> + Send;

    /// Checks and keeps an account.
    fn login(&self, login: Login) -> impl Future<Output = Result<Stored>> + Send;

    /// Forgets it.
    fn logout(&self, registry: &str) -> impl Future<Output = Result<Stored>> + Send;

    /// The pool's counters.
    fn counters(&self) -> Counters;

    /// The API version that was agreed on.
    fn engine(&self) -> Option<String>;

    /// Gives up what is kept.
    fn close(&self);

    /// Runs a test.
    fn block_on<T>(work: impl Future<Output = T>) -> T;

    /// Runs all at the same time: tasks, or threads.
    fn all<T: Send + 'static>(work: Vec<Work<T>>) -> impl Future<Output = Vec<T>> + Send;

    /// Waits.
    fn sleep(time: Duration) -> impl Future<Output = ()> + Send;
}

/// A stream of items.
pub trait Items<O: Operation>: Send + Sized + 'static {
    /// The next one.
    fn next(&mut self) -> impl Future<Output = Option<Result<ItemOf<O>>>> + Send;

    /// Drives to the head.
    fn head(&mut self) -> impl Future<Output = Result<()>> + Send;

    /// Waits for the next one at most so long, and gives up by whatever the runtime has for that: a `select!` that drops
    /// the future, or a cancel from another thread. `None` if nothing came.
    fn next_within(&mut self, time: Duration) -> impl Future<Output = Option<Option<Result<ItemOf<O>>>>> + Send;

    /// The next one, unless it is given up in the middle: after `turns` polls that brought nothing, or, where there are
    /// none, by another thread a moment later, which gives an error. For what ends by itself.
    fn next_called_off(&mut self, turns: usize) -> impl Future<Output = Option<Option<Result<ItemOf<O>>>>> + Send;

    /// The one value.
    fn value(mut self) -> impl Future<Output = Result<ItemOf<O>>> + Send
    where
        ItemOf<O>: Send,
    {
        async move {
            let mut last = None;
            while let Some(item) = self.next().await {
                last = Some(item?);
            }
            last.ok_or_else(|| docker_proto::Error::truncated("no value"))
        }
    }

    /// All of them.
    fn all(mut self) -> impl Future<Output = Result<Vec<ItemOf<O>>>> + Send
    where
        ItemOf<O>: Send,
    {
        async move {
            let mut all = Vec::new();
            while let Some(item) = self.next().await {
                all.push(item?);
            }
            Ok(all)
        }
    }
}

/// The output of a future, unless it is still pending after so many polls.
pub async fn within_polls<T>(polls: usize, work: impl Future<Output = T>) -> Option<T> {
    let (mut work, mut left) = (std::pin::pin!(work), polls);
    std::future::poll_fn(|cx| match work.as_mut().poll(cx) {
        Poll::Ready(value) => Poll::Ready(Some(value)),
        Poll::Pending if left == 0 => Poll::Ready(None),
        Poll::Pending => {
            left -= 1;
            Poll::Pending
        }
    })
    .await
}

/// A stream over several connections.
pub trait Resumed<P: Resume>: Send + Sized + 'static {
    /// The next item.
    fn next(&mut self) -> impl Future<Output = Option<Result<P::Item>>> + Send;

    /// Up to where everything was delivered.
    fn position(&self) -> Option<Position>;
}

/// The stdin of a session.
pub trait Input: Send + 'static {
    /// Writes all of it, and flushes.
    fn write(&mut self, bytes: &[u8]) -> impl Future<Output = io::Result<()>> + Send;
    /// Half-closes.
    fn close(&mut self) -> impl Future<Output = io::Result<()>> + Send;
}
