//! What a reply's decoder is chosen from.

use super::spec::OpSpec;
use crate::model::ApiVersion;
use crate::wire::websocket::Handshake;
use crate::wire::{Output, ResponseHead};
use crate::{Error, Result};

/// What kind of engine answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum EngineKind {
    /// Docker, or anything that does not say otherwise.
    #[default]
    Docker,
    /// Podman's compatible API (its ping carries `Libpod-Api-Version`).
    Podman,
}

/// The head of a successful answer and all that decides how its body is read.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Answer<'a> {
    /// The operation.
    pub spec: &'static OpSpec,
    /// The API version of the request; `None` if it was sent unversioned.
    pub version: Option<ApiVersion>,
    /// The engine.
    pub engine: EngineKind,
    /// Whether the connection became a two-way stream.
    pub upgraded: bool,
    /// Whether the output comes from a terminal, if that is known.
    pub tty: Option<bool>,
    /// Whether the request asked for details in front of what a log says.
    pub details: bool,
    /// The most that is kept of the answer at once, in bytes, if the caller said so.
    pub at_most: Option<usize>,
    /// What a websocket was asked for with, if one was.
    pub websocket: Option<&'a Handshake>,
    /// Status and header fields.
    pub head: &'a ResponseHead,
}

/// The first API version whose raw-stream means raw.
const HONEST_RAW: ApiVersion = ApiVersion::new(1, 42);

impl Answer<'_> {
    /// How output is framed. The payload has no say in it.
    ///
    /// # Errors
    /// [`Usage`](crate::ErrorKind::Usage) if neither the answer nor the caller decides it.
    pub fn output(&self) -> Result<Output> {
        // Whoever sends this means it, in every version.
        if self.head.media_type() == Some("application/vnd.docker.multiplexed-stream") {
            return Ok(Output::new(false));
        }
        if let Some(tty) = self.tty {
            return Ok(Output::new(tty));
        }
        // Before 1.42, and whenever the engine was not asked to upgrade, raw-stream is said of frames too.
        let raw = self.head.media_type() == Some("application/vnd.docker.raw-stream");
        let honest = self.version.is_some_and(|v| v >= HONEST_RAW);
        let plain = self.spec.upgrade.is_none() && self.head.status() == 200;
        if raw && honest && (self.head.status() == 101 || plain) {
            return Ok(Output::new(true));
        }
        Err(Error::usage(
            "the answer does not say whether its output is multiplexed or comes from a terminal; say so with tty(true) or tty(false)",
        ))
    }
}
