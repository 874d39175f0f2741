//! smol's executor, with sockets of smol and of async-std.

use super::{ItemOf, Runtime, Work};
use bytes::Bytes;
use docker_proto::Result;
use docker_proto::credentials::{Login, Stored};
use docker_proto::jobs::Job;
use docker_proto::op::{Duplex, Operation, Plain, RegistryAuth, RegistryConfig, Unary, Uploads};
use docker_proto::resolve::Inquiry;
use docker_proto::resume::{Position, Resume};
use docker_proto::session::{Address, CallOptions, Config, Counters, Endpoint, PoolLimits};
use docker_smol::resume::Resumed;
use docker_smol::{Body, Docker, Input, Items};
use smol::future::FutureExt;
use smol::io::{AsyncRead, AsyncWriteExt};
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

macro_rules! runtime {
    ($(#[$doc:meta])* $name:ident, $label:literal, $new:path, $from_env:path, $unix:path, |$work:ident| $block_on:expr, |$task:ident| $spawn:expr, |$time:ident| $sleep:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub struct $name(pub(super) Docker);

        impl Runtime for $name {
            const NAME: &'static str = $label;
            type Items<O: Operation> = Items<O>;
            type Resumed<P: Resume> = Resumed<P>;
            type Input = Input;

            fn new(endpoint: Endpoint, config: Config, limits: PoolLimits) -> Self {
                Self($new(endpoint, config, limits))
            }

            fn slow(endpoint: Endpoint, config: Config, pause: Duration) -> Self {
                let Address::Unix(path) = endpoint.address else { panic!("slow dials go to unix sockets") };
                let dial = move || {
                    let path = path.clone();
                    async move {
                        let $time = pause;
                        $sleep.await;
                        $unix(path).await
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
                self.0.job(job.until(Self::sleep(time))).await
            }

            fn resume<P: Resume>(&self, policy: P) -> Resumed<P> {
                self.0.resume(policy)
            }

            async fn ask<I: Inquiry<Output: Send> + Send>(inquiry: I) -> Result<I::Output> {
                docker_smol::ask(inquiry).await
            }

            fn from_env() -> Result<Self> {
                $from_env().map(Self)
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

            fn block_on<T>($work: impl Future<Output = T>) -> T {
                $block_on
            }

            async fn all<T: Send + 'static>(work: Vec<Work<T>>) -> Vec<T> {
                let tasks: Vec<_> = work.into_iter().map(|$task| $spawn).collect();
                let mut results = Vec::new();
                for task in tasks {
                    results.push(task.await);
                }
                results
            }

            async fn sleep($time: Duration) {
                $sleep.await;
            }
        }
    };
}

runtime!(
    /// See [`super`].
    Smol,
    "smol",
    Docker::new,
    Docker::from_env,
    smol::net::unix::UnixStream::connect,
    |work| smol::block_on(work),
    |task| smol::spawn(task),
    |time| smol::Timer::after(time)
);
runtime!(
    /// See [`super`].
    AsyncStd,
    "async-std",
    docker_smol::async_std::new,
    docker_smol::async_std::from_env,
    async_std::os::unix::net::UnixStream::connect,
    |work| async_std::task::block_on(work),
    |task| async_std::task::spawn(task),
    |time| async_std::task::sleep(time)
);

impl<O: Operation> super::Items<O> for Items<O> {
    async fn next(&mut self) -> Option<Result<ItemOf<O>>> {
        Self::next(self).await
    }

    async fn head(&mut self) -> Result<()> {
        Self::head(self).await.map(drop)
    }

    async fn next_within(&mut self, time: Duration) -> Option<Option<Result<ItemOf<O>>>> {
        let late = async {
            smol::Timer::after(time).await;
            None
        };
        async { Some(Self::next(self).await) }.or(late).await
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
    fn poll_read(mut self: Pin<&mut Self>, _: &mut Context<'_>, room: &mut [u8]) -> Poll<io::Result<usize>> {
        Poll::Ready(self.0.read(room))
    }
}
