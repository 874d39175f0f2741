//! Sequences of JSON values, found incrementally whatever separates them.
//!
//! Engines end values with LF or CRLF, put a record separator before them or nothing at all between them, and may
//! pretty-print; a value may span reads and a read may hold many values. So values are found by their brackets, never by
//! newlines, and no byte is looked at twice.

mod scan;
mod typed;

pub use typed::{JsonDecoder, OneJson};
pub(crate) use typed::{check_json, from_text};

use super::decode::{Decode, Input};
use super::limits::{MAX_JSON, MAX_JSON_DEPTH};
use crate::{Error, Result};
use alloc::format;
use alloc::vec::Vec;
use bytes::Bytes;
use core::mem;
use scan::{Found, Scan};

/// How much of a broken stream is attached to its error.
const RAW: usize = 256;

/// Finds the JSON values of a stream, each as its exact text, undecoded.
///
/// A value that lies wholly in the input is a slice of it; one that spans inputs is collected, up to the limit. Values
/// are objects, arrays, strings, numbers and literals; what a number or literal looks like and what stands inside brackets
/// is not checked here, except that brackets match.
#[derive(Debug)]
pub struct JsonText {
    limit: usize,
    /// The scan of the value that began and did not end.
    scan: Option<Scan>,
    /// What earlier inputs held of that value.
    held: Vec<u8>,
    /// Bytes of the stream before the ones at hand.
    offset: u64,
    failed: Option<Error>,
}

impl Default for JsonText {
    fn default() -> Self {
        Self::new()
    }
}

impl JsonText {
    /// A decoder that refuses values of more than [`MAX_JSON`] bytes.
    pub fn new() -> Self {
        Self::with_limit(MAX_JSON)
    }

    /// A decoder that refuses values of more than `limit` bytes, before it has kept more than those.
    pub fn with_limit(limit: usize) -> Self {
        Self { limit, scan: None, held: Vec::new(), offset: 0, failed: None }
    }

    /// How many bytes of a value have arrived whose end has not.
    pub fn pending(&self) -> usize {
        self.held.len()
    }

    fn fail<T>(&mut self, error: Error) -> Result<T> {
        self.held = Vec::new();
        self.scan = None;
        self.failed = Some(error.clone());
        Err(error)
    }

    /// Skips what stands between values and begins the next one. False if the input holds none.
    fn begin(&mut self, input: &mut Input<'_>) -> Result<bool> {
        let bytes = input.bytes();
        let gap = bytes.iter().position(|&b| !scan::is_gap(b)).unwrap_or(bytes.len());
        let first = bytes.get(gap).copied();
        input.skip(gap);
        self.offset += gap as u64;
        let Some(first) = first else { return Ok(false) };
        if !scan::can_start(first) {
            let message =
                format!("no JSON value begins with byte {first:#04x}, at offset {} of the stream", self.offset);
            let raw = raw(input.bytes());
            return self.fail(Error::protocol(message).with_raw(raw));
        }
        self.scan = Some(Scan::new(first));
        Ok(true)
    }

    /// The beginning of a broken value, of which `bytes` are at hand.
    fn raw(&self, bytes: &[u8]) -> Bytes {
        self.held.iter().chain(bytes).copied().take(RAW).collect()
    }
}

/// A copy of what an error shows of `bytes`: it must not keep their block.
fn raw(bytes: &[u8]) -> Bytes {
    Bytes::copy_from_slice(bytes.get(..RAW).unwrap_or(bytes))
}

impl Decode for JsonText {
    type Item = Bytes;

    fn decode(&mut self, input: &mut Input<'_>) -> Result<Option<Bytes>> {
        if let Some(error) = &self.failed {
            return Err(error.clone());
        }
        if self.scan.is_none() && !self.begin(input)? {
            return Ok(None);
        }
        // `begin` has set it if it was not.
        let Some(scan) = &mut self.scan else { return Ok(None) };
        // The value may use up the limit, and one byte behind it may show that it ended there. Nothing further is looked
        // at, so that the same error comes first at any cut.
        let room = self.limit - self.held.len();
        let bytes = input.bytes();
        let bytes = bytes.get(..room.saturating_add(1)).unwrap_or(bytes);
        match scan.feed(bytes) {
            Found::End(n) if n <= room => {
                self.scan = None;
                self.offset += n as u64;
                if self.held.is_empty() {
                    return Ok(Some(input.take(n)));
                }
                self.held.extend_from_slice(bytes.get(..n).unwrap_or(bytes));
                input.skip(n);
                Ok(Some(Bytes::from(mem::take(&mut self.held))))
            }
            Found::More if bytes.len() <= room => {
                self.held.extend_from_slice(bytes);
                let n = bytes.len();
                self.offset += n as u64;
                input.skip(n);
                Ok(None)
            }
            Found::End(_) | Found::More => {
                let raw = self.raw(bytes);
                let limit = self.limit;
                self.fail(Error::too_large(format!("a JSON value exceeds its limit of {limit} bytes")).with_raw(raw))
            }
            Found::Mismatch(i) => {
                let (at, raw) = (self.offset + i as u64, self.raw(bytes));
                let byte = bytes.get(i).copied().unwrap_or_default() as char;
                let message = format!("{byte:?} at offset {at} of the stream does not close the bracket that is open");
                self.fail(Error::protocol(message).with_raw(raw))
            }
            Found::TooDeep(_) => {
                let raw = self.raw(bytes);
                let message = format!("a JSON value nests deeper than the limit of {MAX_JSON_DEPTH} levels");
                self.fail(Error::too_large(message).with_raw(raw))
            }
        }
    }

    fn finish(&mut self) -> Result<Option<Bytes>> {
        if let Some(error) = &self.failed {
            return Err(error.clone());
        }
        match self.scan.take() {
            None => Ok(None),
            Some(scan) if scan.may_end() => Ok(Some(Bytes::from(mem::take(&mut self.held)))),
            Some(_) => {
                let (had, raw) = (self.held.len(), self.raw(&[]));
                self.fail(
                    Error::truncated(format!("the stream ended inside a JSON value, {had} bytes after its beginning"))
                        .with_raw(raw),
                )
            }
        }
    }
}
