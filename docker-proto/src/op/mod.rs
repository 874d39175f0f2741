//! What an operation is: a value that encodes one request, a type that decodes its answer, and a row of facts.
//!
//! - [`spec`](OpSpec): the row: method, path, parameters with their bounds, what kind of answer.
//! - [`Operation`]: a typed request. Written once, by the `operation!` macro, from one block.
//! - [`Reply`]: what comes back. The marker traits [`Unary`], [`Streaming`] and [`Duplex`] say which verb fits.
//! - [`RequestWriter`]: turns values into a request and refuses what this API version does not know.
//! - [`As`]: the same request, its answer in another type: JSON as a type of the caller's, a tar as its entries.
//! - [`Raw`]: a request that is in no table.
//! - [`Invoke`]: any operation by its name, for programs that learn it at run time.

mod answer;
mod any;
mod credentials;
mod detach;
mod filters;
mod flat;
#[macro_use]
mod handle;
mod invoke;
#[macro_use]
mod macros;
mod param;
mod params;
mod path;
mod raw;
mod reply;
mod spec;
mod urls;
mod writer;

pub use answer::{Answer, EngineKind};
pub use any::{AnyItem, AnyReply};
pub use credentials::{RegistryAuth, RegistryConfig};
pub(crate) use handle::short;
pub use invoke::Invoke;
pub use param::{Param, QueryParam};
pub use params::{BuildOutput, CacheFrom, Labels, Outputs, PlatformJson, PlatformText, Seconds, Signal, Ulimits};
pub use path::PathKind;
pub use raw::{Raw, RawUpload};
pub(crate) use reply::in_stream_error;
pub use reply::{
    Archive, As, Change, Collect, Document, Documents, Done, Duplex, Ignore, InLines, InOne, Json, JsonReply,
    LogDecoder, LogMessage, LogMessages, Messages, One, Only, OutputReply, OutputStream, PassThrough, Ping, PingReply,
    ProgressDecoder, ProgressStream, RawBytes, ReadsLog, Reply, Session, Stat, Streaming, Text, Texts, Unary, Upgraded,
    Values, Websocket,
};
pub use reply::{ArchiveAs, EntriesOf, Tar, TarAs, TarDecoder, TarReply, Unchecked};
#[cfg(feature = "gzip")]
pub use reply::{Compressed, Inflated};
pub use spec::{BodyCheck, BodySpec, Framed, Kind, OpSpec, ParamSpec, ParamType, Patience, Pick, Place};
pub use urls::{BuildArgs, Url};
pub use writer::{Encoded, Gating, RequestWriter};

use crate::Result;
use core::time::Duration;

/// The part of an operation that needs no types: enough to encode it, and to encode it again after a reconnect.
pub trait Encode: Send + Sync + 'static {
    /// The operation's row in the table.
    fn spec(&self) -> &'static OpSpec;

    /// Writes the request. May be called more than once: first without a version, to find mistakes before a connection
    /// is made, then with the negotiated one.
    ///
    /// # Errors
    /// [`Usage`](crate::ErrorKind::Usage) or [`Version`](crate::ErrorKind::Version), naming the value, the rule and what was seen.
    fn encode(&self, writer: &mut RequestWriter<'_>) -> Result<()>;

    /// What the operation addresses, for error messages: an id, a name, a path.
    fn target(&self) -> &str {
        ""
    }

    /// Whether the output comes from a terminal, if the caller said so or the request decides it.
    fn tty(&self) -> Option<bool> {
        None
    }

    /// How long the engine is asked to wait for a process before it answers, for an operation of
    /// [`Patience::Grace`]; `None` if the request does not say, or says for ever.
    fn grace(&self) -> Option<Duration> {
        None
    }

    /// Whether the request asks for details in front of what its log says.
    fn details(&self) -> bool {
        false
    }

    /// The most that is to be kept of the answer at once, in bytes, if the caller said so.
    fn at_most(&self) -> Option<usize> {
        None
    }
}

/// A request and the type of its answer.
pub trait Operation: Encode {
    /// How the answer is decoded.
    type Reply: Reply;

    /// The same request, with the JSON of its answer decoded into a type of the caller's.
    ///
    /// ```
    /// use docker_proto::{api::containers, op::Operation};
    /// use serde::Deserialize;
    ///
    /// #[derive(Deserialize)]
    /// struct Name {
    ///     #[serde(rename = "Name")]
    ///     name: String,
    /// }
    /// let op = containers::Inspect::new("web").decode_as::<Name>();
    /// ```
    fn decode_as<T>(self) -> As<Self, <Self::Reply as JsonReply>::As<T>>
    where
        Self: Sized,
        Self::Reply: JsonReply,
        T: serde::de::DeserializeOwned + Send + 'static,
    {
        As::new(self)
    }

    /// The same request, whose answer is read as the entries of its tar, each with its data behind it.
    ///
    /// ```
    /// use docker_proto::{api::archive, op::Operation, tar::TarItem};
    ///
    /// // `docker.stream(files)` gives these.
    /// let files = archive::Get::new("web", "/etc/nginx").entries();
    /// fn show(item: TarItem) {
    ///     match item {
    ///         TarItem::Entry(entry) => println!("{:>8} {}", entry.size, entry.path_text()),
    ///         TarItem::Data(bytes) => println!("{:>8} bytes of it", bytes.len()),
    ///         _ => {}
    ///     }
    /// }
    /// ```
    fn entries(self) -> As<Self, EntriesOf<Self::Reply>>
    where
        Self: Sized,
        Self::Reply: TarReply,
    {
        As::new(self)
    }

    /// The same request, whose answer the engine may compress on its way; what comes out is the same. Worth it where the
    /// way is slow: it costs the engine far more time than a fast one takes.
    ///
    /// Engines do so for [`archive::Get`](crate::api::archive::Get) only, and podman not at all.
    ///
    /// ```
    /// use docker_proto::{api::archive, op::Operation, wire::Coding};
    ///
    /// let files = archive::Get::new("web", "/var/log").compressed(Coding::Gzip).entries();
    /// ```
    #[cfg(feature = "gzip")]
    fn compressed(self, coding: crate::wire::Coding) -> Compressed<Self>
    where
        Self: Sized,
        Self::Reply: TarReply + 'static,
    {
        Compressed::new(self, coding)
    }

    /// The same request, whose answer is given on byte for byte: without it, a tar that has no end, or an engine's error
    /// in the place of it, is an error.
    fn unchecked(self) -> As<Self, Unchecked<Self::Reply>>
    where
        Self: Sized,
        Self::Reply: TarReply,
    {
        As::new(self)
    }

    /// The same request, whose answer gives each JSON value together with its text as it came: `(value, text)`.
    fn with_text(self) -> As<Self, <Self::Reply as JsonReply>::WithText>
    where
        Self: Sized,
        Self::Reply: JsonReply,
    {
        As::new(self)
    }

    /// The same log, read message by message, each with its time: `timestamps` is set, `details` stays as it was asked for.
    ///
    /// ```
    /// use docker_proto::{api::containers, op::Operation};
    ///
    /// let op = containers::Logs::new("web").stdout(true).stderr(true).tail("100").messages();
    /// ```
    fn messages(self) -> Messages<Self>
    where
        Self: ReadsLog,
    {
        Messages::new(self)
    }

    /// The same request, whose output comes line by line instead of as it arrived: each stream's lines by themselves, in
    /// the order in which they ended. See [`Lines`](crate::wire::Lines) for what ends a line.
    ///
    /// ```
    /// use docker_proto::{api::{containers, exec}, op::Operation};
    ///
    /// // For `docker.stream(..)`; a progress bar is seen while it moves.
    /// let log = containers::Logs::new("web").stdout(true).stderr(true).follow(true).lines();
    /// // For `docker.open(..)`; longer lines come in parts.
    /// let session = exec::Start::new("id").lines().at_most(4096);
    /// ```
    fn lines(self) -> As<Self, InLines<Self::Reply>>
    where
        Self: Sized,
        Self::Reply: OutputReply,
    {
        As::new(self)
    }

    /// The same request, whose output is collected: one answer, for `docker.call(..)`, with stdout and stderr apart.
    ///
    /// It ends when the output does, so it is not for a container that goes on, and of a process that reads stdin, only
    /// for one whose stdin is not attached: nothing is sent to it. Output cut short is an error, and so is more than
    /// [`MAX_COLLECTED`](crate::wire::limits::MAX_COLLECTED). The end says nothing of the exit code.
    ///
    /// ```
    /// use docker_proto::{api::{containers, exec}, op::Operation};
    ///
    /// let log = containers::Logs::new("web").stdout(true).stderr(true).collected();
    /// let output = exec::Start::new("id").collected().at_most(1024 * 1024);
    /// ```
    fn collected(self) -> As<Self, InOne<Self::Reply>>
    where
        Self: Sized,
        Self::Reply: OutputReply,
    {
        As::new(self)
    }
}

/// An operation whose whole request is in the value.
#[diagnostic::on_unimplemented(
    message = "`{Self}` sends a stream of bytes as its request",
    label = "this operation needs a body",
    note = "use `docker.upload(operation, body)`"
)]
pub trait Plain: Operation {}

/// An operation whose request body is a stream of bytes given beside it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` takes no stream of bytes as its request",
    label = "this operation has no upload",
    note = "use `docker.call(operation)` for one answer, `docker.stream(operation)` for many, `docker.open(operation)` for a two-way session"
)]
pub trait Uploads: Operation {}
