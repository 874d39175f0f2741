//! Docker Engine client for smol: a thin adapter over [`docker_proto`].
//!
//! An operation is a value; a verb sends it.
//!
#![cfg_attr(feature = "smol", doc = "```no_run")]
#![cfg_attr(not(feature = "smol"), doc = "```ignore")]
//! use docker_smol::{Docker, api::containers};
//!
//! # async fn example() -> docker_smol::Result<()> {
//! let docker = Docker::from_env()?;
//! for container in docker.call(containers::List::new().all(true)).await? {
//!     println!("{:?} {:?}", container.id, container.names);
//! }
//! # Ok(()) }
//! ```
//!
//! | verb | for | gives |
//! |---|---|---|
//! | [`call`](Docker::call) | one answer | the value |
//! | [`stream`](Docker::stream) | many items | [`Items`], a `Stream` |
//! | [`open`](Docker::open) | attach, exec | [`Session`]: output as items, stdin as a writer |
//! | [`upload`](Docker::upload) | a request with a body of bytes | [`Items`], awaited or iterated |
//! | [`begin`](Docker::begin) | any of them | [`Items`], whose head can be awaited first |
//! | [`job`](Docker::job) | several operations in a row | what comes of them |
//! | [`resume`](Docker::resume) | logs and events that outlive their connections | [`Resumed`](resume::Resumed), a `Stream` |
//! | [`monitor`](Docker::monitor) | a picture of the engine, kept up to date | a driver, and a [`Monitor`](monitor::Monitor) to subscribe to |
//!
//! No background task is ever spawned: between two polls of yours nothing happens. Sockets and timers are those of smol's
//! reactor, which is one for the whole process: a client works on any executor, and on several at once.
//!
//! Feature `smol`, a default, dials with smol's sockets. Feature `async-std` adds a module of that name, whose clients
//! connect and resolve names through async-std. Without either, [`Docker::with_dial`] is left.

#![cfg_attr(
    not(any(feature = "smol", feature = "async-std")),
    expect(dead_code, unused_imports, reason = "without a runtime there is nothing to dial with")
)]

mod ask;
#[cfg(feature = "async-std")]
pub mod async_std;
mod body;
mod builder;
#[cfg(unix)]
mod child;
mod dial;
mod disk;
mod input;
mod items;
mod job;
mod link;
mod login;
pub mod monitor;
mod output;
mod program;
mod reader;
pub mod resume;
mod secure;
mod tcp;
mod terminal;
mod transport;

pub use ask::ask;
pub use body::Body;
#[cfg(unix)]
pub use disk::Destination;
pub use docker_proto::{
    Error, ErrorKind, Result, api, build, credentials, drive::Copied, jobs, model, observe, op, progress, resolve,
    session, tar, tls, values, wire,
};
pub use input::Input;
pub use items::{HeadOf, ItemOf, Items, One, Session};
pub use reader::Reader;
pub use terminal::Terminal;

use docker_proto::drive;
use docker_proto::op::{Duplex, Plain, Streaming, Unary, Uploads};
use docker_proto::session::{Agreed, CallOptions, Counters, Verb};
use link::Smol;

/// A client of one engine. Cheap to clone; clones share connections. Making one never connects.
#[derive(Clone)]
pub struct Docker {
    runtime: Smol,
    options: CallOptions,
}

impl Docker {
    /// Sends an operation and waits for its one answer.
    ///
    /// # Errors
    /// Whatever went wrong; see [`ErrorKind`].
    pub async fn call<O: Plain>(&self, op: O) -> Result<ItemOf<O>>
    where
        O::Reply: Unary,
    {
        self.begin(op).await
    }

    /// Sends an operation whose answer is many items. Nothing is sent before the first poll.
    ///
    /// ```no_run
    /// # async fn example(docker: docker_smol::Docker) -> docker_smol::Result<()> {
    /// use docker_smol::api::containers;
    ///
    /// let mut logs = docker.stream(containers::Logs::new("web").stdout(true).follow(true));
    /// while let Some(piece) = logs.try_next().await? {
    ///     print!("{}", String::from_utf8_lossy(&piece.bytes));
    /// }
    /// # Ok(()) }
    /// ```
    pub fn stream<O: Plain>(&self, op: O) -> Items<O>
    where
        O::Reply: Streaming,
    {
        self.begin(op)
    }

    /// Opens a two-way session.
    ///
    /// ```no_run
    /// # async fn example(docker: docker_smol::Docker, exec: String) -> Result<(), Box<dyn std::error::Error>> {
    /// use docker_smol::api::exec;
    /// use smol::io::AsyncWriteExt;
    ///
    /// let mut session = docker.open(exec::Start::new(exec)).await?;
    /// session.input().write_all(b"hello").await?;
    /// session.input().close().await?;
    /// let (stdout, stderr) = session.collect().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// What kept the session from being opened.
    pub async fn open<O: Plain>(&self, op: O) -> Result<Session<O>>
    where
        O::Reply: Duplex,
    {
        Session::open(self.items(op, Verb::Open, None)).await
    }

    /// Sends an operation whose request is a stream of bytes.
    ///
    /// ```no_run
    /// # async fn example(docker: docker_smol::Docker, tar: Vec<u8>) -> docker_smol::Result<()> {
    /// use docker_smol::api::archive;
    ///
    /// docker.upload(archive::Put::new("web", "/srv"), tar).await?;
    /// # Ok(()) }
    /// ```
    pub fn upload<O: Uploads>(&self, op: O, body: impl Into<Body>) -> Items<O> {
        let source = body.into().into_source();
        Items::new(self.items(op, Verb::Upload(source.length()), Some(source)))
    }

    /// Sends any operation without a body of bytes. Await its [`head`](Items::head) where that matters: a wait that is
    /// registered before the container is started.
    ///
    /// ```no_run
    /// # async fn example(docker: docker_smol::Docker) -> docker_smol::Result<()> {
    /// use docker_smol::api::containers::{Start, Wait, WaitCondition};
    ///
    /// let mut exit = docker.begin(Wait::new("job").condition(WaitCondition::NextExit));
    /// exit.head().await?;
    /// docker.call(Start::new("job")).await?;
    /// let code = exit.await?.status_code;
    /// # Ok(()) }
    /// ```
    pub fn begin<O: Plain>(&self, op: O) -> Items<O> {
        Items::new(self.items(op, Verb::Begin, None))
    }

    fn items<O: op::Operation>(
        &self,
        op: O,
        verb: Verb,
        body: Option<Box<dyn drive::BodySource>>,
    ) -> drive::Items<Smol, O> {
        let client = self.runtime.0.client.clone();
        drive::Items::new(self.runtime.clone(), client, op, verb, self.options.clone(), body)
    }

    /// What is known about the engine so far; `None` before the first answer.
    pub fn engine(&self) -> Option<Agreed> {
        self.runtime.0.client.agreed()
    }

    /// What the connection pool did so far.
    pub fn counters(&self) -> Counters {
        drive::Runtime::pool(&self.runtime, |pool| pool.counters())
    }

    /// Closes idle connections, and keeps none from now on. Calls that run go on; later ones dial, each for itself.
    pub fn close(&self) {
        drop(drive::Runtime::pool(&self.runtime, |pool| pool.close()));
    }
}
