//! What BuildKit tells while it builds: protobuf, in a member of a JSON value.
//!
//! The bytes are passed on as they are. Of their meaning only what people read is taken out here, by the numbers of the
//! fields in `moby.buildkit.v1.StatusResponse`; who wants all of it decodes the bytes with a library for protobuf.

use crate::model::Progress;
use crate::{Error, ErrorKind, Result};
use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;

/// Steps of a build that are known to have begun. A Dockerfile has some dozens.
const MAX_STEPS: usize = 4096;
/// Bytes of a digest; that of a step has 71.
const MAX_DIGEST: usize = 256;

/// A piece of what BuildKit tells: a `moby.buildkit.v1.StatusResponse`, as bytes.
///
/// ```
/// use docker_proto::build::Trace;
/// use docker_proto::model::Progress;
///
/// let item = Progress::new().id("moby.buildkit.trace").aux(serde_json::json!("GgciBWhlbGxv"));
/// let trace = Trace::of(&item)?.unwrap();
/// assert_eq!(&trace.bytes[..], b"\x1a\x07\x22\x05hello");
/// # Ok::<(), docker_proto::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Trace {
    /// The message, not decoded.
    pub bytes: Bytes,
}

impl Trace {
    /// The trace in an item of a build's progress, if there is one.
    ///
    /// # Errors
    /// [`Decode`](ErrorKind::Decode), not final, if what is there is no base64 text.
    #[inline]
    pub fn of(item: &Progress) -> Result<Option<Self>> {
        let Some(aux) = item.aux.as_ref().filter(|_| item.id.as_deref() == Some("moby.buildkit.trace")) else {
            return Ok(None);
        };
        let bytes = aux.as_str().and_then(|text| STANDARD.decode(text).ok());
        let broken = || Error::new(ErrorKind::Decode, "a trace of BuildKit is no base64 text").as_item();
        let bytes = bytes.ok_or_else(broken)?;
        Ok(Some(Self { bytes: bytes.into() }))
    }
}

/// Writes traces down as a log: the name of each step as it begins, and what its command printed.
#[derive(Clone, Debug, Default)]
pub struct TraceLog {
    begun: BTreeSet<Vec<u8>>,
}

impl TraceLog {
    /// Nothing has begun.
    #[must_use]
    #[inline]
    pub fn new() -> Self {
        Self::default()
    }

    /// What is to be read of a trace. What is no such message gives nothing.
    #[inline]
    pub fn read(&mut self, trace: &Trace) -> String {
        let mut text = Vec::new();
        for (field, value) in fields(&trace.bytes) {
            match field {
                1 => self.step(value, &mut text),
                // A log: the last field is what was written.
                3 => {
                    fields(value).filter(|(field, _)| *field == 4).for_each(|(_, bytes)| text.extend_from_slice(bytes))
                }
                // A warning: its third field says it shortly.
                4 => fields(value)
                    .filter(|(field, _)| *field == 3)
                    .for_each(|(_, short)| line(&mut text, &[b"warning: ", short])),
                _ => {}
            }
        }
        String::from_utf8_lossy(&text).into_owned()
    }

    /// A step: its digest, its name, and when it began, if it did.
    #[inline]
    fn step(&mut self, step: &[u8], text: &mut Vec<u8>) {
        let (mut digest, mut name, mut begins) = (&[][..], &[][..], false);
        for (field, value) in fields(step) {
            match field {
                1 => digest = value,
                3 => name = value,
                5 => begins = true,
                _ => {}
            }
        }
        let room = self.begun.len() < MAX_STEPS && digest.len() <= MAX_DIGEST;
        if begins && room && self.begun.insert(digest.to_vec()) {
            line(text, &[name]);
        }
    }
}

/// A line of its own, also behind output without an end.
#[inline]
fn line(text: &mut Vec<u8>, parts: &[&[u8]]) {
    if text.last().is_some_and(|&byte| byte != b'\n') {
        text.push(b'\n');
    }
    parts.iter().for_each(|part| text.extend_from_slice(part));
    text.push(b'\n');
}

/// The fields of a message that hold bytes: their numbers and contents. Ends where it cannot be read on.
#[inline]
fn fields(mut message: &[u8]) -> impl Iterator<Item = (u64, &[u8])> {
    core::iter::from_fn(move || {
        loop {
            let key = varint(&mut message)?;
            let skipped = match key & 7 {
                0 => varint(&mut message).map(|_| 0)?,
                1 => 8,
                2 => {
                    let length = usize::try_from(varint(&mut message)?).ok()?;
                    let (value, rest) = message.split_at_checked(length)?;
                    message = rest;
                    return Some((key >> 3, value));
                }
                5 => 4,
                _ => return None,
            };
            message = message.get(skipped..)?;
        }
    })
}

#[inline]
fn varint(message: &mut &[u8]) -> Option<u64> {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let (&byte, rest) = message.split_first()?;
        *message = rest;
        value |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(value);
        }
    }
    None
}
