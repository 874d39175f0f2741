//! The head of an answer: found once, parsed once, kept as its own bytes.

use super::hidden::{Hidden, may_be_secret};
use super::limits::{MAX_HEAD, MAX_HEADERS};
use crate::{Error, Result};
use alloc::format;
use alloc::vec::Vec;
use bytes::Bytes;
use core::{fmt, str};

/// Status and header fields of an answer.
#[derive(Clone, PartialEq, Eq)]
pub struct ResponseHead {
    status: u16,
    /// The minor version: 0 or 1.
    minor: u8,
    raw: Bytes,
    /// Where name and value of each field stand in `raw`.
    fields: Vec<[u32; 4]>,
}

impl ResponseHead {
    /// The status code, 100 to 999.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// Whether the peer spoke HTTP/1.1 (or 1.0).
    pub fn is_http11(&self) -> bool {
        self.minor == 1
    }

    /// All fields in the order they came, names as sent.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.fields.iter().map(|&[a, b, c, d]| {
            // `parse` took these offsets from slices of `raw`, and httparse lets only tokens through as names.
            let name = str::from_utf8(&self.raw[a as usize..b as usize]).unwrap_or_default();
            (name, &self.raw[c as usize..d as usize])
        })
    }

    /// All values of a field, names compared without regard to case.
    pub fn values<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a [u8]> {
        // As bytes: most names are others, and need not be text to be that.
        self.fields.iter().filter_map(move |&[a, b, c, d]| {
            let known = self.raw[a as usize..b as usize].eq_ignore_ascii_case(name.as_bytes());
            known.then(|| &self.raw[c as usize..d as usize])
        })
    }

    /// The first value of a field, if it is UTF-8.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.values(name).next().and_then(|v| str::from_utf8(v).ok()).map(str::trim)
    }

    /// The media type of `Content-Type`, without parameters.
    pub fn media_type(&self) -> Option<&str> {
        self.get("content-type").map(|v| v.split(';').next().unwrap_or_default().trim())
    }

    /// Whether a comma-separated field holds `token`, without regard to case.
    pub(super) fn has_token(&self, name: &str, token: &str) -> bool {
        self.values(name)
            .filter_map(|v| str::from_utf8(v).ok())
            .flat_map(|v| v.split(','))
            .any(|t| t.trim().eq_ignore_ascii_case(token))
    }

    /// Whether the connection may be used again after this answer (RFC 9112 section 9.3).
    pub(super) fn keeps_alive(&self) -> bool {
        !self.has_token("connection", "close") && (self.minor == 1 || self.has_token("connection", "keep-alive"))
    }

    /// Refuses what cannot become an HTTP answer as soon as it shows: a peer that speaks something else may wait for
    /// more and never send the empty line that ends a head. Looks at no more than the first bytes.
    pub(super) fn check_beginning(bytes: &[u8]) -> Result<()> {
        let skipped = bytes.iter().take(2).take_while(|&&b| b == b'\r' || b == b'\n').count();
        let begin = &bytes[skipped..];
        let begin = &begin[..begin.len().min(5)];
        let Some(wrong) = begin.iter().zip(b"HTTP/").position(|(a, b)| a != b) else { return Ok(()) };
        let hint = if begin[0] == 0x15 { ", a TLS alert: this is a port for TLS" } else { "" };
        let begin = Excerpt(&begin[..=wrong]);
        Err(Error::protocol(format!("the answer is not HTTP: it begins {begin:?}{hint}"))
            .with_raw(Bytes::copy_from_slice(&bytes[..bytes.len().min(256)])))
    }

    pub(super) fn parse(head: &[u8]) -> Result<Self> {
        match Self::parse_with::<32>(head) {
            Err(httparse::Error::TooManyHeaders) => Self::parse_with::<MAX_HEADERS>(head),
            other => other,
        }
        .map_err(|e| match e {
            httparse::Error::TooManyHeaders => {
                Error::too_large(format!("the head of the answer has more than {MAX_HEADERS} fields"))
            }
            e => Error::protocol(format!("the answer is not HTTP: {e}; it begins {:?}", Excerpt(head)))
                .with_raw(Bytes::copy_from_slice(&head[..head.len().min(256)])),
        })
    }

    fn parse_with<const N: usize>(head: &[u8]) -> core::result::Result<Self, httparse::Error> {
        let mut space = [httparse::EMPTY_HEADER; N];
        let mut parsed = httparse::Response::new(&mut space);
        // The caller found the end of the head, so a partial result means that the head ends before its first line does.
        let complete = parsed.parse(head)?.is_complete();
        let (true, Some(status), Some(minor)) = (complete, parsed.code, parsed.version) else {
            return Err(httparse::Error::Status);
        };
        // Three digits are enough for httparse; below 100 there is no class, and 0xx must not pass for informational.
        if status < 100 {
            return Err(httparse::Error::Status);
        }
        let at = |part: &[u8]| (part.as_ptr() as usize - head.as_ptr() as usize) as u32;
        let fields = parsed
            .headers
            .iter()
            .map(|h| {
                let (name, value) = (at(h.name.as_bytes()), if h.value.is_empty() { 0 } else { at(h.value) });
                [name, name + h.name.len() as u32, value, value + h.value.len() as u32]
            })
            .collect();
        Ok(Self { status, minor, raw: Bytes::copy_from_slice(head), fields })
    }
}

impl fmt::Debug for ResponseHead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut d = f.debug_struct("ResponseHead");
        d.field("status", &self.status);
        for (name, value) in self.fields() {
            match may_be_secret(name) {
                true => d.field(name, &Hidden(value.len())),
                false => d.field(name, &Excerpt(value)),
            };
        }
        d.finish()
    }
}

/// Bytes for people: as text, at most 60 characters.
pub(crate) struct Excerpt<'a>(pub(crate) &'a [u8]);

impl fmt::Debug for Excerpt<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cut = &self.0[..self.0.len().min(60)];
        write!(f, "\"{}\"", cut.escape_ascii())?;
        if cut.len() < self.0.len() { f.write_str("...") } else { Ok(()) }
    }
}

/// Finds the end of a head, searching on from where the last search stopped.
///
/// # Errors
/// [`TooLarge`](crate::ErrorKind::TooLarge) once more than [`MAX_HEAD`] bytes hold no end.
pub(super) fn find_end(bytes: &[u8], searched: &mut usize) -> Result<Option<usize>> {
    // A line feed ends the head if what follows it is an empty line; the last one may still wait for that.
    for nl in memchr::memchr_iter(b'\n', &bytes[*searched..]) {
        let after = *searched + nl + 1;
        match &bytes[after..] {
            [b'\n', ..] => return bounded(after + 1, Some(after + 1)),
            [b'\r', b'\n', ..] => return bounded(after + 2, Some(after + 2)),
            [] | [b'\r'] => {
                *searched = after - 1;
                return bounded(bytes.len(), None);
            }
            _ => {}
        }
    }
    *searched = bytes.len();
    bounded(bytes.len(), None)
}

/// A head that came in one large read is held to the same limit as one that dribbles in.
fn bounded(len: usize, end: Option<usize>) -> Result<Option<usize>> {
    if len > MAX_HEAD {
        return Err(Error::too_large(format!("the head of the answer is longer than {MAX_HEAD} bytes")));
    }
    Ok(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dribbled_head_is_searched_once() {
        let head = b"HTTP/1.1 200 OK\r\nA: b\r\nX: ".iter().chain([b'x'; 60_000].iter()).chain(b"\r\n\r\n");
        let head: Vec<u8> = head.copied().collect();
        let (mut searched, mut looked_at) = (0, 0);
        for n in 1..head.len() {
            looked_at += n - searched;
            assert_eq!(find_end(&head[..n], &mut searched).unwrap(), None);
        }
        assert_eq!(find_end(&head, &mut searched).unwrap(), Some(head.len()));
        assert!(looked_at < 2 * head.len(), "{looked_at} bytes looked at in a head of {}", head.len());
    }
}
