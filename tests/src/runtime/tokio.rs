//! tokio, on a runtime with two workers.

use super::{ItemOf, Runtime, Work};
use bytes::Bytes;
use docker_proto::Result;
use docker_proto::credentials::{Login, Stored};
use docker_proto::jobs::Job;
use docker_proto::op::{Duplex, Operation, Plain, RegistryAuth, RegistryConfig, Unary, Uploads};
use docker_proto::resolve::Inquiry;
use docker_proto::resume::{Position, Resume};
use docker_proto::session::{Address, CallOptions, Config, Counters, Endpoint, PoolLimits};
use docker_tokio::resume::Resumed;
use docker_tokio::{Body, Docker, Input, Items};
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWriteExt, ReadBuf};

/// See [`super`].
#[derive(Clone, Debug)]
pub struct Tokio(pub(super) Docker);

impl Runtime for Tokio {
    const NAME: &'static str = "tokio";
    type Items<O: Operation> = Items<O>;
    type Resumed<P: Resume> = Resumed<P>;
    type Input = Input;

    fn new(endpoint: Endpoint, config: Config, limits: PoolLimits) -> Self {
        Self(Docker::new(endpoint, config, limits))
    }

    fn slow(endpoint: Endpoint, config: Config, pause: Duration) -> Self {
        let Address::Unix(path) = endpoint.address else { panic!("slow dials go to unix sockets") };
        let dial = move || {
            let path = path.clone();
            async move {
                tokio::time::sleep(pause).await;
                tokio::net::UnixStream::connect(path).await
            }
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
        self.0.call(op).await
    }

    fn begin<O: Plain>(&self, op: O) -> Items<O> {
        self.0.begin(op)
    }

    fn upload<O: Uploads>(&self, op: O, body: Bytes) -> Items<O> {
        self.0.upload(op, body)
    }

    fn upload_from<O: Uploads>(&self, op: O, body: impl io::Read + Send + Unpin + 'static) -> Items<O> {
        self.0.upload(op, Body::reader(Sync(body)))
    }

    async fn open<O: Plain>(&self, op: O) -> Result<(Items<O>, Input)>
    where
        O::Reply: Duplex,
    {
        Ok(self.0.open(op).await?.split())
    }

    async fn job<J: Job>(&self, job: J) -> Result<J::Output> {
        self.0.job(job).await
    }

    async fn job_for<J: Job>(&self, job: J, time: Duration) -> Result<J::Output> {
        self.0.job(job.until(tokio::time::sleep(time))).await
    }

    fn resume<P: Resume>(&self, policy: P) -> Resumed<P> {
        self.0.resume(policy)
    }

    async fn ask<I: Inquiry<Output: Send> + Send>(inquiry: I) -> Result<I::Output> {
        docker_tokio::ask(inquiry).await
    }

    fn from_env() -> Result<Self> {
        Docker::from_env().map(Self)
    }

    async fn auth_for(&self, image: &str) -> Result<RegistryAuth> {
        self.0.auth_for(image).await
    }

    async fn auths(&self) -> Result<RegistryConfig> {
        self.0.auths().await
    }

    async fn login(&self, login: Login) -> Result<Stored> {
        self.0.login(login).await
    }

    async fn logout(&self, registry: &str) -> Result<Stored> {
        self.0.logout(registry).await
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
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
        runtime.expect("a runtime").block_on(work)
    }

    async fn all<T: Send + 'static>(work: Vec<Work<T>>) -> Vec<T> {
        let tasks: Vec<_> = work.into_iter().map(tokio::spawn).collect();
        let mut results = Vec::new();
        for task in tasks {
            results.push(task.await.expect("a task of the test"));
        }
        results
    }

    async fn sleep(time: Duration) {
        tokio::time::sleep(time).await;
    }
}

impl<O: Operation> super::Items<O> for Items<O> {
    async fn next(&mut self) -> Option<Result<ItemOf<O>>> {
        Self::next(self).await
    }

    async fn head(&mut self) -> Result<()> {
        Self::head(self).await.map(drop)
    }

    async fn next_within(&mut self, time: Duration) -> Option<Option<Result<ItemOf<O>>>> {
        tokio::time::timeout(time, Self::next(self)).await.ok()
    }

    async fn next_called_off(&mut self, turns: usize) -> Option<Option<Result<ItemOf<O>>>> {
        super::within_polls(turns, Self::next(self)).await
    }
}

impl<P: Resume> super::Resumed<P> for Resumed<P> {
    async fn next(&mut self) -> Option<Result<P::Item>> {
        Self::next(self).await
    }

    fn position(&self) -> Option<Position> {
        Self::position(self)
    }
}

impl super::Input for Input {
    async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.write_all(bytes).await?;
        self.flush().await
    }

    async fn close(&mut self) -> io::Result<()> {
        Self::close(self).await
    }
}

/// A reader that never waits.
pub(super) struct Sync<R>(pub(super) R);

impl<R: io::Read + Unpin> AsyncRead for Sync<R> {
    fn poll_read(mut self: Pin<&mut Self>, _: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let n = self.0.read(buf.initialize_unfilled())?;
        buf.advance(n);
        Poll::Ready(Ok(()))
    }
}
