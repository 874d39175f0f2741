//! Docker Engine client for plain threads: a thin adapter over [`docker_proto`], without a runtime.
//!
//! An operation is a value; a verb sends it.
//!
//! ```no_run
//! use docker_blocking::{Docker, api::containers};
//!
//! # fn example() -> docker_blocking::Result<()> {
//! let docker = Docker::from_env()?;
//! for container in docker.call(containers::List::new().all(true))? {
//!     println!("{:?} {:?}", container.id, container.names);
//! }
//! # Ok(()) }
//! ```
//!
//! | verb | for | gives |
//! |---|---|---|
//! | [`call`](Docker::call) | one answer | the value |
//! | [`stream`](Docker::stream) | many items | [`Items`], an `Iterator` |
//! | [`open`](Docker::open) | attach, exec | [`Session`]: output as items, stdin as a writer |
//! | [`upload`](Docker::upload) | a request with a body of bytes | [`Items`], iterated or asked for its [`value`](Items::value) |
//! | [`begin`](Docker::begin) | any of them | [`Items`], whose head can be waited for first |
//! | [`job`](Docker::job) | several operations in a row | what comes of them |
//! | [`resume`](Docker::resume) | logs and events that outlive their connections | [`Resumed`](resume::Resumed), an `Iterator` |
//! | [`monitor`](Docker::monitor) | a picture of the engine, kept up to date | a driver, and a [`Monitor`](monitor::Monitor) to subscribe to |
//!
//! The thread that calls does all the work: none is ever spawned. It waits in `poll(2)`, for its socket, its deadline, a
//! place under the connection limit and its [`Canceller`] at once; for that each thread keeps a pair of descriptors. One
//! client may be used by many threads.
//!
//! For unix systems only; elsewhere the crate is empty.
#![cfg(unix)]

mod ask;
mod body;
mod builder;
mod cancel;
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
mod wait;

pub use ask::ask;
pub use body::Body;
pub use cancel::{Cancelled, Canceller};
pub use disk::Destination;
pub use docker_proto::{
    Error, ErrorKind, Result, api, build, credentials, drive::Copied, jobs, model, observe, op, progress, resolve,
    session, tar, tls, values, wire,
};
pub use input::Input;
pub use items::{HeadOf, ItemOf, Items, Session};
pub use reader::Reader;
pub use terminal::Terminal;
pub use transport::Transport;

use docker_proto::drive;
use docker_proto::op::{Duplex, Plain, Streaming, Unary, Uploads};
use docker_proto::session::{Agreed, CallOptions, Counters, Verb};
use link::Blocking;

/// A client of one engine. Cheap to clone; clones share connections. Making one never connects.
#[derive(Clone)]
pub struct Docker {
    runtime: Blocking,
    options: CallOptions,
    canceller: Option<Canceller>,
}

impl Docker {
    /// Sends an operation and waits for its one answer.
    ///
    /// # Errors
    /// Whatever went wrong; see [`ErrorKind`].
    pub fn call<O: Plain>(&self, op: O) -> Result<ItemOf<O>>
    where
        O::Reply: Unary,
    {
        self.begin(op).value()
    }

    /// Sends an operation whose answer is many items. Nothing is sent before the first is asked for.
    ///
    /// ```no_run
    /// # fn example(docker: docker_blocking::Docker) -> docker_blocking::Result<()> {
    /// use docker_blocking::api::containers;
    ///
    /// for piece in docker.stream(containers::Logs::new("web").stdout(true).follow(true)) {
    ///     print!("{}", String::from_utf8_lossy(&piece?.bytes));
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
    /// # fn example(docker: docker_blocking::Docker, exec: String) -> Result<(), Box<dyn std::error::Error>> {
    /// use docker_blocking::api::exec;
    /// use std::io::Write;
    ///
    /// let mut session = docker.open(exec::Start::new(exec))?;
    /// session.input().write_all(b"hello")?;
    /// session.input().close()?;
    /// let (stdout, stderr) = session.collect_all()?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// What kept the session from being opened.
    pub fn open<O: Plain>(&self, op: O) -> Result<Session<O>>
    where
        O::Reply: Duplex,
    {
        self.items(op, Verb::Open, None).open()
    }

    /// Sends an operation whose request is a stream of bytes.
    ///
    /// ```no_run
    /// # fn example(docker: docker_blocking::Docker, tar: Vec<u8>) -> docker_blocking::Result<()> {
    /// use docker_blocking::api::archive;
    ///
    /// docker.upload(archive::Put::new("web", "/srv"), tar).value()?;
    /// # Ok(()) }
    /// ```
    pub fn upload<O: Uploads>(&self, op: O, body: impl Into<Body>) -> Items<O> {
        let source = body.into().into_source();
        self.items(op, Verb::Upload(source.length()), Some(source))
    }

    /// Sends any operation without a body of bytes. Wait for its [`head`](Items::head) where that matters: a wait that is
    /// registered before the container is started.
    ///
    /// ```no_run
    /// # fn example(docker: docker_blocking::Docker) -> docker_blocking::Result<()> {
    /// use docker_blocking::api::containers::{Start, Wait, WaitCondition};
    ///
    /// let mut exit = docker.begin(Wait::new("job").condition(WaitCondition::NextExit));
    /// exit.head()?;
    /// docker.call(Start::new("job"))?;
    /// let code = exit.value()?.status_code;
    /// # Ok(()) }
    /// ```
    pub fn begin<O: Plain>(&self, op: O) -> Items<O> {
        self.items(op, Verb::Begin, None)
    }

    fn items<O: op::Operation>(&self, op: O, verb: Verb, body: Option<Box<dyn drive::BodySource>>) -> Items<O> {
        let client = self.runtime.0.client.clone();
        let items = drive::Items::new(self.runtime.clone(), client, op, verb, self.options.clone(), body);
        Items::new(items, self.canceller.clone())
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
