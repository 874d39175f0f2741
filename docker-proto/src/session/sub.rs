//! The small exchanges before the main one: agreeing on a version, and asking whose terminal the output comes from.

use crate::model::ApiVersion;
use crate::op::{EngineKind, Framed, Ping};
use crate::wire::{Exchange, Input, Method, ResponseHead};
use crate::{Error, ErrorKind, Result};
use alloc::format;
use alloc::vec::Vec;
use serde_json::Value;

/// What an exchange before the main one asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ask {
    /// `HEAD /_ping`: the cheapest answer with the version in its header.
    PingHead,
    /// `GET /_ping`: engines before API 1.40 have no HEAD, and an error of HEAD explains nothing.
    PingGet,
    /// `GET /version`: where a proxy dropped the header.
    Version,
    /// The object whose TTY decides the framing.
    Inspect(Framed),
}

impl Ask {
    pub(super) fn method(self) -> Method {
        if self == Self::PingHead { Method::Head } else { Method::Get }
    }
}

/// One such exchange.
#[derive(Debug)]
pub(super) struct Sub {
    pub(super) ask: Ask,
    pub(super) exchange: Exchange,
    pub(super) head: Option<ResponseHead>,
    body: Vec<u8>,
}

/// The bodies asked for here are documents of one object: a few KiB.
const MAX_BODY: usize = 8 * 1024 * 1024;

/// What came of agreeing on a version.
pub(super) enum Negotiated {
    Agreed(ApiVersion, EngineKind),
    AskNext(Ask),
}

impl Sub {
    pub(super) fn new(ask: Ask, exchange: Exchange) -> Self {
        Self { ask, exchange, head: None, body: Vec::new() }
    }

    pub(super) fn collect(&mut self) -> Result<()> {
        let mut input: Input<'_> = self.exchange.input();
        if self.body.len() + input.len() > MAX_BODY {
            return Err(Error::too_large(format!("the answer is longer than {MAX_BODY} bytes")));
        }
        self.body.extend_from_slice(input.bytes());
        input.skip(input.len());
        Ok(())
    }

    pub(super) fn status(&self) -> u16 {
        self.head.as_ref().map_or(0, ResponseHead::status)
    }

    pub(super) fn body(&self) -> &[u8] {
        &self.body
    }

    pub(super) fn engine(&self) -> Option<EngineKind> {
        engine_of(self.head.as_ref())
    }

    /// What the answer of a ping or of `/version` means.
    pub(super) fn negotiated(&self) -> Result<Negotiated> {
        let offered = match self.ask {
            // An engine too sick to answer a ping with 200 still says its version, but only GET says what ails a proxy.
            Ask::PingHead if self.status() != 200 => return Ok(Negotiated::AskNext(Ask::PingGet)),
            Ask::PingHead | Ask::PingGet => self.head.as_ref().and_then(|h| Ping::from_head(h).api_version),
            _ => {
                let document: Value = serde_json::from_slice(&self.body).unwrap_or_default();
                document.get("ApiVersion").and_then(Value::as_str).map(Into::into)
            }
        };
        let Some(text) = offered else {
            if self.ask != Ask::Version {
                return Ok(Negotiated::AskNext(Ask::Version));
            }
            return Err(match self.status() {
                status @ 400.. => super::refusal::Refusal::of(status, self.head.as_ref(), &self.body),
                _ => Error::new(
                    ErrorKind::Version,
                    "the engine says its API version neither in its ping nor in /version; pin one, or use no version",
                ),
            });
        };
        let offered = ApiVersion::parse(&text)
            .map_err(|_| Error::protocol(format!("the engine says its API version is {text:?}, which is none")))?;
        if offered < ApiVersion::OLDEST {
            let why = format!(
                "the engine speaks API {offered}; the oldest version understood here is {}",
                ApiVersion::OLDEST
            );
            return Err(Error::new(ErrorKind::Version, why));
        }
        Ok(Negotiated::Agreed(offered.min(ApiVersion::NEWEST), self.engine().unwrap_or_default()))
    }

    /// The TTY flag of the inspected object.
    pub(super) fn tty(&self, framed: Framed) -> Result<bool> {
        let path: &[&str] = match framed {
            Framed::Container => &["Config", "Tty"],
            Framed::Exec => &["ProcessConfig", "tty"],
            Framed::Service => &["Spec", "TaskTemplate", "ContainerSpec", "TTY"],
            Framed::Task => &["Spec", "ContainerSpec", "TTY"],
        };
        let document: Value = serde_json::from_slice(&self.body)
            .map_err(|e| Error::protocol(format!("the answer to the question for its TTY is not JSON: {e}")))?;
        let mut at = Some(&document);
        for member in path {
            at = at.and_then(|v| v.get(member));
        }
        // Engines leave the member out where it is false.
        Ok(at.and_then(Value::as_bool).unwrap_or(false))
    }
}

/// Podman says so in every answer that has a version at all; some answers to an upgrade say nothing.
pub(super) fn engine_of(head: Option<&ResponseHead>) -> Option<EngineKind> {
    let head = head?;
    match (head.get("libpod-api-version"), head.get("api-version")) {
        (Some(_), _) => Some(EngineKind::Podman),
        (None, Some(_)) => Some(EngineKind::Docker),
        (None, None) => None,
    }
}

/// The path that shows the object of an operation.
pub(super) fn inspect_path(framed: Framed, encoded_id: &str) -> alloc::string::String {
    match framed {
        Framed::Container => format!("/containers/{encoded_id}/json"),
        Framed::Exec => format!("/exec/{encoded_id}/json"),
        Framed::Service => format!("/services/{encoded_id}"),
        Framed::Task => format!("/tasks/{encoded_id}"),
    }
}
