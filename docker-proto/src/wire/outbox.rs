//! What is still to be written: the head, and the body in pieces, framed without copying the caller's bytes.

use super::hidden::Hidden;
use super::limits::BODY_BLOCK;
use super::request::{Request, RequestBody};
use crate::{Error, ErrorKind, Result};
use alloc::format;
use alloc::vec;
use alloc::vec::Vec;
use bytes::Bytes;
use core::fmt;

/// The next part of a request body, as its source reports it.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum BodyPiece {
    /// So many bytes were put into the room that was offered.
    Filled(usize),
    /// Bytes that the source already owns: sent without copying.
    Owned(Bytes),
    /// The body is complete.
    End,
}

#[derive(Default)]
pub(super) struct Outbox {
    /// The head, then the size lines of chunks.
    before: Vec<u8>,
    payload: Payload,
    after: &'static [u8],
    /// How much of before + payload + after is written.
    at: usize,
    source: Source,
    block: Vec<u8>,
}

#[derive(Default)]
enum Payload {
    #[default]
    None,
    Bytes(Bytes),
    /// The first bytes of `block`.
    Block(usize),
}

/// Where the next piece of the body comes from.
#[derive(Debug, Default)]
enum Source {
    #[default]
    Done,
    Chunked,
    Length(u64),
}

impl fmt::Debug for BodyPiece {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Filled(n) => f.debug_tuple("Filled").field(n).finish(),
            Self::Owned(bytes) => f.debug_tuple("Owned").field(&Hidden(bytes.len())).finish(),
            Self::End => f.write_str("End"),
        }
    }
}

impl fmt::Debug for Outbox {
    /// Without what is to be sent: that is all secrets there are.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outbox").field("at", &self.at).field("source", &self.source).finish_non_exhaustive()
    }
}

impl Outbox {
    pub(super) fn start(&mut self, request: Request) {
        self.before = request.head;
        (self.at, self.after) = (0, b"");
        self.payload = Payload::None;
        self.source = match request.body {
            RequestBody::None | RequestBody::Stream { length: Some(0) } => Source::Done,
            RequestBody::Full(b) => {
                self.payload = Payload::Bytes(b);
                Source::Done
            }
            RequestBody::Stream { length: Some(n) } => Source::Length(n),
            RequestBody::Stream { length: None } => Source::Chunked,
        };
    }

    fn payload(&self) -> &[u8] {
        match &self.payload {
            Payload::None => &[],
            Payload::Bytes(b) => b,
            Payload::Block(n) => self.block.get(..*n).unwrap_or_default(),
        }
    }

    fn pending(&self) -> usize {
        self.before.len() + self.payload().len() + self.after.len() - self.at
    }

    /// Everything is written, and no more will come.
    pub(super) fn is_done(&self) -> bool {
        matches!(self.source, Source::Done) && self.pending() == 0
    }

    pub(super) fn wants_body(&self) -> bool {
        !matches!(self.source, Source::Done) && self.pending() == 0
    }

    pub(super) fn has_bytes(&self) -> bool {
        self.pending() > 0
    }

    /// The three parts that are still to be written, in order.
    pub(super) fn parts(&self) -> [&[u8]; 3] {
        let mut at = self.at;
        [&self.before[..], self.payload(), self.after].map(|part| {
            let skip = at.min(part.len());
            at -= skip;
            &part[skip..]
        })
    }

    /// Room for the next piece of the body.
    pub(super) fn room(&mut self) -> &mut [u8] {
        if self.block.is_empty() {
            self.block = vec![0; BODY_BLOCK];
        }
        &mut self.block
    }

    pub(super) fn wrote(&mut self, n: usize) {
        self.at += n.min(self.pending());
        if self.pending() == 0 {
            self.before.clear();
            self.payload = Payload::None;
            (self.at, self.after) = (0, b"");
        }
    }

    pub(super) fn piece(&mut self, piece: BodyPiece) -> Result<()> {
        if !self.wants_body() {
            return Err(Error::usage("a piece of the request body was given where none was asked for"));
        }
        let (payload, len) = match piece {
            BodyPiece::Filled(n) if n > self.block.len() => {
                return Err(Error::usage("more body bytes reported than there was room for"));
            }
            BodyPiece::Filled(n) => (Payload::Block(n), n),
            BodyPiece::Owned(b) => {
                let n = b.len();
                (Payload::Bytes(b), n)
            }
            BodyPiece::End => return self.end(),
        };
        if len == 0 {
            return Ok(());
        }
        match &mut self.source {
            Source::Length(left) => {
                *left = left.checked_sub(len as u64).ok_or_else(|| {
                    Error::new(
                        ErrorKind::Body,
                        format!("the request body is longer than the length given for it, by {}", len as u64 - *left),
                    )
                })?;
                if *left == 0 {
                    self.source = Source::Done;
                }
            }
            _ => {
                self.before.extend_from_slice(format!("{len:x}\r\n").as_bytes());
                self.after = b"\r\n";
            }
        }
        self.payload = payload;
        Ok(())
    }

    fn end(&mut self) -> Result<()> {
        if let Source::Length(left) = self.source {
            return Err(Error::new(
                ErrorKind::Body,
                format!("the request body ended {left} bytes before the length given for it"),
            ));
        }
        self.source = Source::Done;
        self.before.extend_from_slice(b"0\r\n\r\n");
        self.block = Vec::new();
        Ok(())
    }

    /// Nothing more will be written.
    pub(super) fn abandon(&mut self) {
        *self = Self::default();
    }
}
