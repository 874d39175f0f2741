//! How a walk ends: well, or with an error that says where, and what the engine said if it did.

use super::{State, Walk, last};
use crate::tar::BLOCK;
use crate::tar::appended;
use crate::{Error, Result};
use alloc::format;
use alloc::string::String;
use bytes::Bytes;

/// How much of a name, or of what is no tar, stands in a message.
const SHOWN: usize = 200;

impl Walk {
    /// Nothing more will come.
    ///
    /// # Errors
    /// If the tar is not whole. Final and sticky.
    #[inline]
    pub(in crate::tar) fn finish(&mut self) -> Result<()> {
        let e = match &self.state {
            State::Failed(e) => return Err(e.clone()),
            State::End => return Ok(()),
            State::Lost { .. } => return Err(self.no_tar()),
            _ => self.cut(),
        };
        Err(self.fail(e))
    }

    /// Whether the bytes are no tar any more.
    #[inline]
    pub(in crate::tar) fn is_lost(&self) -> bool {
        matches!(self.state, State::Lost { .. } | State::Failed(_))
    }

    /// The error of a tar that ends too early.
    #[inline]
    fn cut(&self) -> Error {
        let mut message = self.where_it_ended();
        let (tail, here) = (last(&self.tail), &self.held[..self.have]);
        let (text, before) = match &self.state {
            State::Records { text, .. } => (last(text).to_vec(), last(text).len()),
            _ => ([tail, here].concat(), tail.len()),
        };
        match appended::find(&text, before) {
            Some((at, e)) if at == before && self.have > 0 => return e,
            Some((_, e)) => {
                message.push_str("; at its end the engine says: ");
                message.push_str(e.message());
            }
            None => {}
        }
        let e = Error::truncated(message);
        if here.is_empty() { e } else { e.with_raw(Bytes::copy_from_slice(here)) }
    }

    #[inline]
    fn where_it_ended(&self) -> String {
        let behind = |what: &str| match self.entries {
            0 => format!("the tar ended {what}, before its first entry"),
            _ => format!("the tar ended {what}, behind {}", self.name()),
        };
        match &self.state {
            State::Header if self.at == 0 => String::from("the tar is empty: not one byte of it came"),
            State::Header if self.have == 0 => behind("without the two blocks of zeros that end one"),
            State::Header => behind(&format!("inside a header, after {} of {BLOCK} bytes", self.have)),
            State::Zero => behind("inside the two blocks of zeros that end one"),
            State::Records { text, size, .. } => {
                behind(&format!("inside what tells of the next entry, after {} of {size} bytes", text.len()))
            }
            State::Data { left } => {
                format!("the tar ended inside {}: {} of {} bytes", self.name(), self.size - left, self.size)
            }
            State::Padding { left } => {
                format!("the tar ended {left} bytes before the end of the padding behind {}", self.name())
            }
            _ => format!("the tar ended inside the map of the sparse file {}", self.name()),
        }
    }

    /// The error of what is no tar, from where it began to be none.
    #[inline]
    pub(super) fn no_tar(&mut self) -> Error {
        // Called in this state only.
        let State::Lost { text, before, why } = &self.state else { return Error::protocol("no tar") };
        let e = match appended::find(text, *before) {
            Some((at, e)) if at == *before => e,
            Some((_, e)) => {
                let name = self.name();
                let words = e.message();
                Error::truncated(format!("the tar ended inside {name}; at its end the engine says: {words}"))
            }
            None => {
                let begins = &text[*before..];
                let raw = Bytes::copy_from_slice(&begins[..begins.len().min(BLOCK)]);
                Error::protocol(why.clone()).with_raw(raw)
            }
        };
        self.fail(e)
    }

    /// The last entry, for a message.
    #[inline]
    fn name(&self) -> String {
        let path = self.path();
        let shown = &path[..path.len().min(SHOWN)];
        let more = if shown.len() < path.len() { ".." } else { "" };
        format!("{:?}{more}", String::from_utf8_lossy(shown))
    }

    /// What is wrong, and where.
    #[inline]
    pub(super) fn placed(&self, why: &str) -> String {
        format!("this is no tar at offset {}: {why}", self.place)
    }

    #[inline]
    pub(super) fn fail(&mut self, e: Error) -> Error {
        self.state = State::Failed(e.clone());
        e
    }
}
