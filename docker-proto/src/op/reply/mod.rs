//! The kinds of answers, each with its decoder and the verb that fits it.

mod archive;
#[cfg(feature = "gzip")]
mod compressed;
mod messages;
mod output;
mod ping;
mod progress;
mod shaped;

pub use archive::{Archive, ArchiveAs, EntriesOf, Tar, TarAs, TarDecoder, TarReply, Unchecked};
#[cfg(feature = "gzip")]
pub use compressed::{Compressed, Inflated};
pub use messages::{LogDecoder, LogMessage, LogMessages, Messages, ReadsLog};
pub use output::{InLines, InOne, OutputReply};
pub use ping::{Ping, PingReply};
pub(crate) use progress::in_stream_error;
pub use progress::{ProgressDecoder, ProgressStream};
pub use shaped::{As, Document, Documents, JsonReply, Only, Texts};

use super::answer::Answer;
use super::spec::Kind;
use crate::model::PathStat;
use crate::wire::websocket::Receiver;
use crate::wire::{Decode, Input, JsonDecoder, OneJson, Piece, ResponseHead, limits};
use crate::{Error, Result};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use bytes::Bytes;
use core::marker::PhantomData;
use serde::de::DeserializeOwned;

/// How a successful answer is decoded.
pub trait Reply {
    /// Its kind in the table.
    const KIND: Kind;
    /// What the head alone says.
    type Head: Send + 'static;
    /// What the body is made of.
    type Item: Send + 'static;
    /// The decoder of the body.
    type Decoder: Decode<Item = Self::Item> + Send + 'static;

    /// Chooses the decoder from the head.
    ///
    /// # Errors
    /// If the head does not fit the operation.
    fn decoder(answer: &Answer<'_>) -> Result<(Self::Head, Self::Decoder)>;
}

/// One item, complete: for `docker.call(operation)`.
#[diagnostic::on_unimplemented(
    message = "the answer of this operation, `{Self}`, is not one value",
    label = "`call` is for operations with one answer",
    note = "use `docker.stream(operation)` where the answer is a stream (`Values`, `ProgressStream`, `OutputStream`, `Archive`, `Tar`, `RawBytes`)",
    note = "use `docker.open(operation)` where it is a two-way `Session`",
    note = "use `docker.begin(operation)` for any of them"
)]
pub trait Unary: Reply {}

/// Items until the engine ends: for `docker.stream(operation)`.
#[diagnostic::on_unimplemented(
    message = "the answer of this operation, `{Self}`, is not a stream",
    label = "`stream` is for operations with many items",
    note = "use `docker.call(operation)` where the answer is one value (`Json`, `Done`, `Text`, `PingReply`, `Stat`)",
    note = "use `docker.open(operation)` where it is a two-way `Session`"
)]
pub trait Streaming: Reply {}

/// Output one way and input the other: for `docker.open(operation)`.
#[diagnostic::on_unimplemented(
    message = "the answer of this operation, `{Self}`, is not a two-way session",
    label = "`open` is for attach, exec and other upgraded connections",
    note = "use `docker.call(operation)` where the answer is one value (`Json`, `Done`, `Text`, `PingReply`, `Stat`)",
    note = "use `docker.stream(operation)` where the answer is a stream (`Values`, `ProgressStream`, `OutputStream`, `Archive`, `Tar`, `RawBytes`)"
)]
pub trait Duplex: Reply {}

/// One JSON document, decoded as `T`.
#[derive(Debug)]
pub struct Json<T>(PhantomData<T>);

impl<T: DeserializeOwned + Send + 'static> Reply for Json<T> {
    const KIND: Kind = Kind::Json;
    type Head = ResponseHead;
    type Item = T;
    type Decoder = One<T>;

    #[inline]
    fn decoder(answer: &Answer<'_>) -> Result<(Self::Head, Self::Decoder)> {
        Ok((answer.head.clone(), One(OneJson::default())))
    }
}
impl<T: DeserializeOwned + Send + 'static> Unary for Json<T> {}

/// Decodes the one JSON value of an answer, without its text.
#[derive(Debug)]
pub struct One<T>(OneJson<T>);

impl<T: DeserializeOwned> Decode for One<T> {
    type Item = T;

    #[inline]
    fn decode(&mut self, input: &mut Input<'_>) -> Result<Option<T>> {
        Ok(self.0.decode(input)?.map(|(value, _)| value))
    }

    #[inline]
    fn finish(&mut self) -> Result<Option<T>> {
        Ok(self.0.finish()?.map(|(value, _)| value))
    }
}

/// Whether an operation changed anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Change {
    /// The engine did it.
    Changed,
    /// It was so already (status 304): starting what runs, stopping what does not.
    Unchanged,
}

/// A status; whatever body comes with it means nothing.
#[derive(Debug)]
pub struct Done;

impl Reply for Done {
    const KIND: Kind = Kind::Done;
    type Head = ResponseHead;
    type Item = Change;
    type Decoder = Ignore<Change>;

    #[inline]
    fn decoder(answer: &Answer<'_>) -> Result<(Self::Head, Self::Decoder)> {
        let change = if answer.head.status() == 304 { Change::Unchanged } else { Change::Changed };
        Ok((answer.head.clone(), Ignore(Some(change))))
    }
}
impl Unary for Done {}

/// Reads a body away and then gives what the head said.
#[derive(Debug)]
pub struct Ignore<T>(Option<T>);

impl<T> Ignore<T> {
    #[inline]
    pub(super) fn map<U>(self, f: impl FnOnce(T) -> U) -> Ignore<U> {
        Ignore(self.0.map(f))
    }
}

impl<T> Decode for Ignore<T> {
    type Item = T;

    #[inline]
    fn decode(&mut self, input: &mut Input<'_>) -> Result<Option<T>> {
        input.skip(input.len());
        Ok(None)
    }

    #[inline]
    fn finish(&mut self) -> Result<Option<T>> {
        Ok(self.0.take())
    }
}

/// Collects a body as text, up to [`limits::MAX_ERROR_BODY`].
#[derive(Debug, Default)]
pub struct Collect {
    bytes: Vec<u8>,
    done: bool,
}

impl Decode for Collect {
    type Item = String;

    #[inline]
    fn decode(&mut self, input: &mut Input<'_>) -> Result<Option<String>> {
        if self.bytes.len() + input.len() > limits::MAX_ERROR_BODY {
            return Err(Error::too_large(format!("the text is longer than {} bytes", limits::MAX_ERROR_BODY)));
        }
        self.bytes.extend_from_slice(input.bytes());
        input.skip(input.len());
        Ok(None)
    }

    #[inline]
    fn finish(&mut self) -> Result<Option<String>> {
        let first = !core::mem::replace(&mut self.done, true);
        Ok(first.then(|| String::from_utf8_lossy(&self.bytes).into_owned()))
    }
}

/// Replies that have one decoder and whose head is the answer's.
macro_rules! replies {
    ($($(#[$doc:meta])* $verb:ident $name:ident $kind:ident: $item:ty, |$answer:ident| $decoder:ty = $make:expr;)+) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $name;

        impl Reply for $name {
            const KIND: Kind = Kind::$kind;
            type Head = ResponseHead;
            type Item = $item;
            type Decoder = $decoder;

            #[inline]
            fn decoder($answer: &Answer<'_>) -> Result<(Self::Head, Self::Decoder)> {
                Ok(($answer.head.clone(), $make))
            }
        }
        impl $verb for $name {}
    )+};
}

replies! {
    /// A short text.
    Unary Text Text: String, |answer| Collect = Collect::default();
    /// Output of a process: multiplexed or raw, as the engine says.
    Streaming OutputStream Output: Piece, |answer| crate::wire::Output = answer.output()?;
    /// Output of a process one way and its stdin the other.
    Duplex Session Session: Piece, |answer| crate::wire::Output = answer.output()?;
    /// Bytes both ways over a websocket: what its messages carry one way, the input in messages the other. Ended by the
    /// engine's close frame; an end without one is an error.
    ///
    /// ```
    /// use docker_proto::api::containers::AttachWebsocket;
    ///
    /// // `docker.open(attach)`: write to its input, close that for the end of stdin, read bytes.
    /// let attach = AttachWebsocket::new("web").stream(true).stdin(true).stdout(true).stderr(true);
    /// ```
    Duplex Websocket Websocket: Bytes, |answer| Receiver = websocket(answer)?;
    /// Bytes both ways, of a protocol that is not spoken here: HTTP/2. What the engine sends comes as it
    /// arrives, the writer sends as it is told.
    Duplex Upgraded Upgraded: Bytes, |answer| PassThrough = PassThrough;
    /// Bytes as they come.
    Streaming RawBytes Bytes: Bytes, |answer| PassThrough = PassThrough;
}

#[inline]
fn websocket(answer: &Answer<'_>) -> Result<Receiver> {
    match answer.websocket {
        Some(handshake) => handshake.receiver(answer.head),
        None => Err(Error::usage("a websocket comes of an operation that asks for one")),
    }
}

/// The stat of a path in a container.
#[derive(Debug)]
pub struct Stat;

impl Reply for Stat {
    const KIND: Kind = Kind::Stat;
    type Head = PathStat;
    type Item = PathStat;
    type Decoder = Ignore<PathStat>;

    #[inline]
    fn decoder(answer: &Answer<'_>) -> Result<(Self::Head, Self::Decoder)> {
        let stat = stat(answer.head)?;
        Ok((stat.clone(), Ignore(Some(stat))))
    }
}
impl Unary for Stat {}

#[inline]
fn stat(head: &ResponseHead) -> Result<PathStat> {
    let Some(text) = head.get("x-docker-container-path-stat") else {
        return Err(Error::protocol("the answer has no X-Docker-Container-Path-Stat"));
    };
    PathStat::from_header(text.as_bytes())
}

/// JSON documents one after another, each decoded as `T`.
#[derive(Debug)]
pub struct Values<T>(PhantomData<T>);

impl<T: DeserializeOwned + Send + 'static> Reply for Values<T> {
    const KIND: Kind = Kind::Values;
    type Head = ResponseHead;
    type Item = T;
    type Decoder = JsonDecoder<T>;

    #[inline]
    fn decoder(answer: &Answer<'_>) -> Result<(Self::Head, Self::Decoder)> {
        Ok((answer.head.clone(), JsonDecoder::default()))
    }
}
impl<T: DeserializeOwned + Send + 'static> Streaming for Values<T> {}

/// Gives on whatever arrived.
#[derive(Debug, Default)]
pub struct PassThrough;

impl Decode for PassThrough {
    type Item = Bytes;

    #[inline]
    fn decode(&mut self, input: &mut Input<'_>) -> Result<Option<Bytes>> {
        Ok((!input.is_empty()).then(|| input.take(input.len())))
    }

    #[inline]
    fn finish(&mut self) -> Result<Option<Bytes>> {
        Ok(None)
    }
}
