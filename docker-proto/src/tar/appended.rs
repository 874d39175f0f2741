//! The error of an engine behind the bytes of a tar, or in the middle of them: it had begun with success, so that it can
//! say it nowhere else.

use crate::op::in_stream_error;
use crate::{Error, ErrorKind};
use alloc::string::String;
use bytes::Bytes;
use serde_json::{Map, Value};

/// The error that makes up all of `text` from one of its bytes on, and where it begins: among the first `within` bytes
/// or right behind them.
#[inline]
pub(super) fn find(text: &[u8], within: usize) -> Option<(usize, Error)> {
    let text = text.trim_ascii_end();
    if text.last() != Some(&b'}') {
        return None;
    }
    let begins = memchr::memchr_iter(b'{', text).take_while(|&at| at <= within);
    begins.filter_map(|at| error(&text[at..]).map(|e| (at, e))).next()
}

/// The error in one JSON object: that of a progress stream, or of an answer with a status of failure.
#[inline]
fn error(text: &[u8]) -> Option<Error> {
    // A brace in the middle of data is rarely one of JSON.
    let inside = text[1..].trim_ascii_start();
    if !inside.starts_with(b"\"") {
        return None;
    }
    let members: Map<String, Value> = serde_json::from_slice(text).ok()?;
    let raw = Bytes::copy_from_slice(text);
    let found = in_stream_error(&raw).or_else(|| {
        let message = members.get("message")?.as_str()?;
        Some(Error::new(ErrorKind::InStream, String::from(message)))
    })?;
    Some(found.with_raw(raw))
}
