//! What observers are told of calls.

use crate::model::ApiVersion;
use crate::op::EngineKind;
use crate::wire::Method;
use crate::{Error, Phase};
use core::fmt;
use core::time::Duration;

/// A call that begins.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Begun<'a> {
    /// The number of the call, from 1; no other call of the same client has it.
    pub call: u64,
    /// The operation, by its id in the Engine API's description: `ContainerInspect`.
    pub operation: &'static str,
    /// What it addresses: the name of a container, an image. May be empty.
    pub target: &'a str,
    /// The method of its request.
    pub method: Method,
    /// The template of its path: `/containers/{id}/json`.
    pub path: &'static str,
    /// Where the engine is.
    pub endpoint: &'a str,
}

/// What a request is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Purpose {
    /// The call itself.
    Call,
    /// Agreeing on an API version.
    Negotiation,
    /// Asking how the output of the call will be framed.
    Inspection,
}

/// A step of a call.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Event<'a> {
    /// It waits for a place under the limit of calls at the same time.
    Queued,
    /// A connection is being made.
    Dialling,
    /// The engine is there and takes no more connections now; there will be another try.
    Busy,
    /// A kept connection was found dead, or had something to say that nobody asked for; it was closed.
    Discarded {
        /// Its number.
        connection: u64,
    },
    /// There is a connection.
    Connected {
        /// Its number, from 1, among those of the client.
        connection: u64,
        /// Whether another call used it before.
        reused: bool,
    },
    /// A request is sent.
    Request {
        /// What for.
        purpose: Purpose,
        /// Its method.
        method: &'a str,
        /// Its path and query, secrets left out.
        target: &'a str,
    },
    /// The version was agreed on.
    Negotiated {
        /// The version.
        version: ApiVersion,
        /// The kind of engine.
        engine: EngineKind,
    },
    /// All of the request was handed over.
    Sent {
        /// Bytes written so far, for all requests of the call.
        bytes: u64,
    },
    /// The head of the answer is there.
    Head {
        /// Its status.
        status: u16,
    },
    /// The kept connection was dead, and the request is sent again on another.
    Redialled {
        /// What was wrong.
        error: &'a Error,
    },
    /// The engine does not speak the version any more, and another is agreed on.
    Renegotiated {
        /// What it said.
        error: &'a Error,
    },
    /// One item of the answer is in error; others follow.
    ItemFailed {
        /// The error.
        error: &'a Error,
    },
}

/// How a call ended.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Outcome<'a> {
    /// With all of its answer.
    Done,
    /// With an error.
    Failed(&'a Error),
    /// Its owner dropped it, in this phase.
    Dropped(Phase),
}

impl Outcome<'_> {
    /// The error, if there is one.
    #[inline]
    pub fn error(&self) -> Option<&Error> {
        match self {
            Self::Failed(e) => Some(e),
            _ => None,
        }
    }
}

impl fmt::Display for Outcome<'_> {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Done => f.write_str("done"),
            Self::Failed(e) => write!(f, "{e}"),
            Self::Dropped(phase) => write!(f, "dropped while {phase}"),
        }
    }
}

/// How long a call was in each of its phases.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Times {
    /// Waiting for a place under the limit of calls at the same time.
    pub queued: Duration,
    /// Finding or making a connection.
    pub connect: Duration,
    /// Agreeing on a version, and asking how output is framed.
    pub negotiate: Duration,
    /// Sending the request; of an upload, until the answer begins or all is sent.
    pub send: Duration,
    /// From there to the head of the answer.
    pub head: Duration,
    /// From the head to the end, which includes the time that the caller takes for the items.
    pub body: Duration,
    /// From the first attempt to do something to the end.
    pub total: Duration,
}

/// Everything about a call that has ended.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Report<'a> {
    /// The number of the call.
    pub call: u64,
    /// The operation.
    pub operation: &'static str,
    /// What it addressed.
    pub target: &'a str,
    /// The method of its request.
    pub method: Method,
    /// The template of its path.
    pub path: &'static str,
    /// Where the engine is.
    pub endpoint: &'a str,
    /// The version of the request; `None` if it had none, or there was none yet.
    pub version: Option<ApiVersion>,
    /// The status of the answer.
    pub status: Option<u16>,
    /// How it ended.
    pub outcome: Outcome<'a>,
    /// The connection that it ended on.
    pub connection: Option<u64>,
    /// Whether another call used that before.
    pub reused: bool,
    /// Whether it is kept for other calls.
    pub kept: bool,
    /// Whether the request was sent a second time, because the kept connection was dead.
    pub redialled: bool,
    /// Bytes written, heads and framing included, for all requests of the call.
    pub sent: u64,
    /// Bytes read, likewise.
    pub received: u64,
    /// How long it took.
    pub times: Times,
}

/// A stream over several connections that goes on.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Resuming<'a> {
    /// The operation that is sent next.
    pub operation: &'static str,
    /// What ended the last connection; `None` if the engine ended it in order.
    pub error: Option<&'a Error>,
    /// The pause before.
    pub pause: Duration,
}
