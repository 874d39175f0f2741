//! Log messages: output of a log, put together again as the engine keeps it, with the time of each.
//!
//! What the engine keeps is neither a line nor a write: lines longer than 16 KiB are kept in parts (8 KiB on podman), each
//! of them a message with a time of its own. Without a terminal a message is one frame. With one the log is raw, and there
//! the parts of a long line cannot be told from its text: the message is the line, and the prefixes of its later parts
//! stay in its bytes.

use super::{OutputStream, Reply, Streaming};
use crate::api::{containers, services, tasks};
use crate::model::Timestamp;
use crate::op::answer::{Answer, EngineKind};
use crate::op::spec::{Kind, OpSpec};
use crate::op::writer::RequestWriter;
use crate::op::{Encode, Operation, Plain};
use crate::wire::limits::MAX_LOG_MESSAGE;
use crate::wire::{Decode, Frames, Input, Output, ResponseHead, StreamKind};
use crate::{Error, ErrorKind, Result};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use bytes::Bytes;
use core::mem;

/// How much of a message that cannot be understood is attached to its error.
const RAW: usize = 256;

/// One message of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogMessage {
    /// Where it was written to; stdout for everything that a terminal shows.
    pub stream: StreamKind,
    /// When the engine read it. Nanoseconds; podman tells whole seconds only. The two streams are read side by side, so
    /// between them times may run backwards a little.
    pub timestamp: Timestamp,
    /// The labels and variables that the log keeps with it, if `details` were asked for. Podman has none.
    pub details: Vec<(String, String)>,
    /// What was written, with its newline if it has one. Without one it is a part of a long line, or the end of the output.
    pub bytes: Bytes,
    unfinished: bool,
}

impl LogMessage {
    /// Whether this is the beginning of a line of a terminal's log that ended in the middle of it.
    #[inline]
    pub(crate) fn is_unfinished(&self) -> bool {
        self.unfinished
    }
}

/// The operations that read a log.
pub trait ReadsLog: Plain<Reply = OutputStream> + Sized {
    /// The same request with times.
    #[must_use]
    fn stamped(self) -> Self;

    /// Whether it asks for details.
    fn asks_details(&self) -> bool;

    /// Whether it asks for another format than output.
    fn asks_format(&self) -> bool;
}

macro_rules! reads_log {
    ($($op:ty $(, $format:ident)?;)+) => {$(
        impl ReadsLog for $op {
            #[inline]
            fn stamped(self) -> Self {
                self.timestamps(true)
            }

            #[inline]
            fn asks_details(&self) -> bool {
                self.details == Some(true)
            }

            #[inline]
            fn asks_format(&self) -> bool {
                false $(|| self.$format.is_some())?
            }
        }
    )+};
}
reads_log! {
    containers::Logs, format;
    services::Logs;
    tasks::Logs;
}

/// A log, read as messages; made by [`Operation::messages`].
#[derive(Clone, Debug, PartialEq)]
pub struct Messages<O>(O);

impl<O: ReadsLog> Messages<O> {
    #[inline]
    pub(in crate::op) fn new(op: O) -> Self {
        Self(op.stamped())
    }
}

impl<O: ReadsLog> Encode for Messages<O> {
    #[inline]
    fn spec(&self) -> &'static OpSpec {
        self.0.spec()
    }

    #[inline]
    fn encode(&self, writer: &mut RequestWriter<'_>) -> Result<()> {
        if self.0.asks_format() {
            return Err(Error::usage("messages are read from plain output: leave format out"));
        }
        self.0.encode(writer)
    }

    #[inline]
    fn target(&self) -> &str {
        self.0.target()
    }

    #[inline]
    fn tty(&self) -> Option<bool> {
        self.0.tty()
    }

    #[inline]
    fn details(&self) -> bool {
        self.0.asks_details()
    }
}

impl<O: ReadsLog> Operation for Messages<O> {
    type Reply = LogMessages;
}
impl<O: ReadsLog> Plain for Messages<O> {}

/// The messages of a log.
#[derive(Debug)]
pub struct LogMessages;

impl Reply for LogMessages {
    const KIND: Kind = Kind::Output;
    type Head = ResponseHead;
    type Item = LogMessage;
    type Decoder = LogDecoder;

    #[inline]
    fn decoder(answer: &Answer<'_>) -> Result<(Self::Head, Self::Decoder)> {
        // Podman takes the parameter and ignores it.
        let details = answer.details && answer.engine != EngineKind::Podman;
        Ok((answer.head.clone(), LogDecoder::new(answer.output()?, details)))
    }
}
impl Streaming for LogMessages {}

/// Decodes a log that was asked for with times.
#[derive(Debug)]
pub struct LogDecoder {
    output: Output,
    details: bool,
    /// The beginning of a message that arrived in pieces.
    have: Vec<u8>,
    /// The message is longer than is kept; what is left of it is read away.
    too_long: bool,
    failed: Option<Error>,
}

impl LogDecoder {
    /// A decoder for this format of output, and whether each message begins with details behind its time.
    #[inline]
    pub fn new(output: Output, details: bool) -> Self {
        Self { output, details, have: Vec::new(), too_long: false, failed: None }
    }

    /// Takes the `n` next bytes, which are a part of a message or, with `end`, the end of one.
    #[inline]
    fn part(&mut self, input: &mut Input<'_>, n: usize, end: bool) -> Option<Bytes> {
        if end && self.have.is_empty() {
            return Some(input.take(n));
        }
        let part = input.bytes().get(..n).unwrap_or_default();
        // What is kept of a message that is too long is enough to show its beginning.
        self.too_long |= self.have.len() + n > MAX_LOG_MESSAGE;
        if !self.too_long || self.have.len() < RAW {
            let keep = if self.too_long { part.len().min(RAW) } else { part.len() };
            self.have.extend_from_slice(&part[..keep]);
        }
        input.skip(n);
        end.then(|| mem::take(&mut self.have).into())
    }

    #[inline]
    fn message(&mut self, stream: StreamKind, text: Bytes) -> Result<LogMessage> {
        if mem::take(&mut self.too_long) || text.len() > MAX_LOG_MESSAGE {
            let message = format!("a message of the log is longer than {MAX_LOG_MESSAGE} bytes (MAX_LOG_MESSAGE)");
            return Err(Error::too_large(message).with_raw(head(&text)).as_item());
        }
        let Some((timestamp, behind)) = time(&text) else {
            return Err(misfit("a message of the log does not begin with a time", &text));
        };
        let (details, behind) = match self.details {
            false => (Vec::new(), behind),
            true => match details(&text[behind..]) {
                Some((details, n)) => (details, behind + n),
                None => return Err(misfit("a message of the log has no details behind its time", &text)),
            },
        };
        Ok(LogMessage { stream, timestamp, details, bytes: text.slice(behind..), unfinished: false })
    }
}

impl Decode for LogDecoder {
    type Item = LogMessage;

    /// The next message.
    ///
    /// # Errors
    /// As items: [`InStream`](ErrorKind::InStream) for an error of the engine; [`Decode`](ErrorKind::Decode) for what does
    /// not begin with a time, with the text attached; [`TooLarge`](ErrorKind::TooLarge) for a message longer than
    /// [`MAX_LOG_MESSAGE`], which is left out. Final, as from [`Frames`].
    #[inline]
    fn decode(&mut self, input: &mut Input<'_>) -> Result<Option<LogMessage>> {
        if let Some(error) = &self.failed {
            return Err(error.clone());
        }
        loop {
            let (stream, n, end) = match &mut self.output {
                Output::Frames(frames) => match frames.next_len(input)? {
                    Some(next) => next,
                    None => return Ok(None),
                },
                Output::Raw(_) if input.is_empty() => return Ok(None),
                Output::Raw(_) => match memchr::memchr(b'\n', input.bytes()) {
                    Some(newline) => (StreamKind::Stdout, newline + 1, true),
                    None => (StreamKind::Stdout, input.len(), false),
                },
            };
            if let Some(text) = self.part(input, n, end) {
                return self.message(stream, text).map(Some);
            }
        }
    }

    #[inline]
    fn finish(&mut self) -> Result<Option<LogMessage>> {
        if let Some(error) = &self.failed {
            return Err(error.clone());
        }
        if let Output::Frames(frames) = &mut self.output {
            return Frames::finish(frames).map(|_| None);
        }
        if self.have.is_empty() {
            return Ok(None);
        }
        let text: Bytes = mem::take(&mut self.have).into();
        match self.message(StreamKind::Stdout, text) {
            Ok(message) => Ok(Some(LogMessage { unfinished: true, ..message })),
            Err(e) if e.kind() == ErrorKind::TooLarge => Err(e),
            Err(e) => {
                let error = Error::truncated("the log ended before the time of its last message was complete");
                let error = error.with_raw(e.raw().cloned().unwrap_or_default());
                self.failed = Some(error.clone());
                Err(error)
            }
        }
    }
}

#[inline]
fn head(text: &Bytes) -> Bytes {
    text.slice(..text.len().min(RAW))
}

#[inline]
fn misfit(message: &'static str, text: &Bytes) -> Error {
    Error::new(ErrorKind::Decode, message).with_raw(head(text)).as_item()
}

/// The time that a message begins with, and how long it is with its space.
#[inline]
fn time(text: &[u8]) -> Option<(Timestamp, usize)> {
    /// The longest time that RFC 3339 has with nanoseconds: `2006-01-02T15:04:05.000000000+00:00`.
    const LONGEST: usize = 35;
    let n = text.iter().take(LONGEST + 1).position(|&b| b == b' ')?;
    let time = core::str::from_utf8(&text[..n]).ok()?;
    // The seconds since 1970, which parse as well, are no time of a log.
    let time = Timestamp::parse(time).ok().filter(|_| time.as_bytes().get(4) == Some(&b'-'))?;
    Some((time, n + 1))
}

type Details = Vec<(String, String)>;

/// The `name=value` pairs up to the next space, and how long they are with it.
#[inline]
fn details(text: &[u8]) -> Option<(Details, usize)> {
    let n = text.iter().position(|&b| b == b' ')?;
    let pairs = text[..n].split(|&b| b == b',').filter(|_| n > 0);
    let pair = |pair: &[u8]| {
        let equals = pair.iter().position(|&b| b == b'=')?;
        Some((unescape(&pair[..equals])?, unescape(&pair[equals + 1..])?))
    };
    Some((pairs.map(pair).collect::<Option<_>>()?, n + 1))
}

/// What Go's `url.QueryEscape` made of a text. Bytes that are no UTF-8 are replaced.
#[inline]
fn unescape(text: &[u8]) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let [first, behind @ ..] = rest {
        (rest, _) = match (first, behind) {
            (b'%', [high, low, behind @ ..]) => (behind, bytes.push(hex(*high)? << 4 | hex(*low)?)),
            (b'%', _) => return None,
            (b'+', _) => (behind, bytes.push(b' ')),
            (other, _) => (behind, bytes.push(*other)),
        };
    }
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

#[inline]
fn hex(digit: u8) -> Option<u8> {
    // A hexadecimal digit is below 16.
    char::from(digit).to_digit(16).map(|d| d as u8)
}

#[cfg(test)]
mod tests;
