//! Plain threads. Each future does its work inside its first poll, so nothing is ever pending.

use super::{ItemOf, Runtime, Work};
use bytes::Bytes;
use docker_blocking::resume::Resumed;
use docker_blocking::{Body, Canceller, Docker, Input, Items};
use docker_proto::Result;
use docker_proto::credentials::{Login, Stored};
use docker_proto::jobs::Job;
use docker_proto::op::{Duplex, Operation, Plain, RegistryAuth, RegistryConfig, Unary, Uploads};
use docker_proto::resolve::Inquiry;
use docker_proto::resume::{Position, Resume};
use docker_proto::session::{Address, CallOptions, Config, Counters, Endpoint, PoolLimits};
use std::future::Future;
use std::io::{self, Write};
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

/// See [`super`].
#[derive(Clone, Debug)]
pub struct Blocking(pub(super) Docker);

impl Runtime for Blocking {
    const NAME: &'static str = "blocking";
    type Items<O: Operation> = Items<O>;
    type Resumed<P: Resume> = Resumed<P>;
    type Input = Input;

    fn new(endpoint: Endpoint, config: Config, limits: PoolLimits) -> Self {
        Self(Docker::new(endpoint, config, limits))
    }

    fn slow(endpoint: Endpoint, config: Config, pause: Duration) -> Self {
        let Address::Unix(path) = endpoint.address else { panic!("slow dials go to unix sockets") };
        let dial = move || {
            std::thread::sleep(pause);
            std::os::unix::net::UnixStream::connect(&path)
        };
        Self(Docker::with_dial(dial, config, PoolLimits::default()))
    }

    fn with_options(&self, options: CallOptions) -> Self {
        Self(self.0.with_options(options))
    }

    async fn call<O: Plain>(&self, op: O) -> Result<ItemOf<O>>
    where
        O::Reply: Unary,
    {
        self.0.call(op)
    }

    fn begin<O: Plain>(&self, op: O) -> Items<O> {
        self.0.begin(op)
    }

    fn upload<O: Uploads>(&self, op: O, body: Bytes) -> Items<O> {
        self.0.upload(op, body)
    }

    fn upload_from<O: Uploads>(&self, op: O, body: impl io::Read + Send + Unpin + 'static) -> Items<O> {
        self.0.upload(op, Body::reader(body))
    }

    async fn open<O: Plain>(&self, op: O) -> Result<(Items<O>, Input)>
    where
        O::Reply: Duplex,
    {
        Ok(self.0.open(op)?.split())
    }

    async fn job<J: Job>(&self, job: J) -> Result<J::Output> {
        self.0.job(job)
    }

    async fn job_for<J: Job>(&self, job: J, time: Duration) -> Result<J::Output> {
        let canceller = Canceller::default();
        let job = job.until(canceller.clone());
        let thread = std::thread::spawn(move || {
            std::thread::sleep(time);
            canceller.cancel();
        });
        let done = self.0.job(job);
        thread.join().expect("no panic in it");
        done
    }

    fn resume<P: Resume>(&self, policy: P) -> Resumed<P> {
        self.0.resume(policy)
    }

    async fn ask<I: Inquiry<Output: Send> + Send>(inquiry: I) -> Result<I::Output> {
        docker_blocking::ask(inquiry)
    }

    fn from_env() -> Result<Self> {
        Docker::from_env().map(Self)
    }

    async fn auth_for(&self, image: &str) -> Result<RegistryAuth> {
        self.0.auth_for(image)
    }

    async fn auths(&self) -> Result<RegistryConfig> {
        self.0.auths()
    }

    async fn login(&self, login: Login) -> Result<Stored> {
        self.0.login(login)
    }

    async fn logout(&self, registry: &str) -> Result<Stored> {
        self.0.logout(registry)
    }

    fn counters(&self) -> Counters {
        self.0.counters()
    }

    fn engine(&self) -> Option<String> {
        Some(self.0.engine()?.version?.to_string())
    }

    fn close(&self) {
        self.0.close();
    }

    fn block_on<T>(work: impl Future<Output = T>) -> T {
        match pin!(work).poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(value) => value,
            Poll::Pending => panic!("a blocking client was pending"),
        }
    }

    async fn all<T: Send + 'static>(work: Vec<Work<T>>) -> Vec<T> {
        let threads: Vec<_> = work.into_iter().map(|w| std::thread::spawn(move || Self::block_on(w))).collect();
        threads.into_iter().map(|t| t.join().expect("a thread of the test")).collect()
    }

    async fn sleep(time: Duration) {
        std::thread::sleep(time);
    }
}

impl<O: Operation> super::Items<O> for Items<O> {
    async fn next(&mut self) -> Option<Result<ItemOf<O>>> {
        Iterator::next(self)
    }

    async fn head(&mut self) -> Result<()> {
        Self::head(self).map(drop)
    }

    async fn next_within(&mut self, time: Duration) -> Option<Option<Result<ItemOf<O>>>> {
        Self::next_within(self, time)
    }

    async fn next_called_off(&mut self, turns: usize) -> Option<Option<Result<ItemOf<O>>>> {
        let canceller = self.canceller();
        std::thread::scope(|scope| {
            scope.spawn(move || {
                std::thread::sleep(Duration::from_micros(turns as u64 * 300));
                canceller.cancel();
            });
            Some(Iterator::next(self))
        })
    }
}

impl<P: Resume> super::Resumed<P> for Resumed<P> {
    async fn next(&mut self) -> Option<Result<P::Item>> {
        Iterator::next(self)
    }

    fn position(&self) -> Option<Position> {
        Self::position(self)
    }
}

impl super::Input for Input {
    async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.write_all(bytes)?;
        self.flush()
    }

    async fn close(&mut self) -> io::Result<()> {
        Self::close(self)
    }
}
