//! How the body of an answer is framed (RFC 9112 section 6.3), decided once from its head.

use super::chunked::Chunked;
use super::head::ResponseHead;
use super::request::Method;
use crate::{Error, Result};
use alloc::format;
use core::str;

/// How the bytes behind a head are to be read.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Framing {
    /// So many bytes are left.
    Length(u64),
    Chunked(Chunked),
    UntilClose,
    /// No HTTP any more: raw bytes both ways.
    Upgraded,
}

impl Framing {
    pub(super) fn of(head: &ResponseHead, method: Method, upgrade: bool) -> Result<Self> {
        let status = head.status();
        if status == 101 {
            return if upgrade {
                Ok(Self::Upgraded)
            } else {
                Err(Error::protocol("the peer switched protocols (101) without being asked to"))
            };
        }
        if method == Method::Connect && (200..300).contains(&status) {
            // Whatever the fields say (RFC 9110 section 9.3.6).
            return Ok(Self::Upgraded);
        }
        if method == Method::Head || status == 204 || status == 304 {
            return Ok(Self::Length(0));
        }
        let length = length(head)?;
        let mut codings = head.values("transfer-encoding").peekable();
        if codings.peek().is_some() {
            if length.is_some() {
                return Err(Error::protocol("the answer has both Content-Length and Transfer-Encoding"));
            }
            if !head.is_http11() {
                return Err(Error::protocol("an HTTP/1.0 answer has Transfer-Encoding"));
            }
            return match (codings.next(), codings.next()) {
                (Some(one), None) if one.eq_ignore_ascii_case(b"chunked") => Ok(Self::Chunked(Chunked::default())),
                (one, _) => Err(Error::protocol(format!(
                    "the answer has the transfer encoding {:?}; only chunked was offered",
                    super::head::Excerpt(one.unwrap_or_default())
                ))),
            };
        }
        Ok(match length {
            Some(n) => Self::Length(n),
            // Engines and proxies that do not answer 101 stream both ways under a 200 with neither length nor chunking.
            None if upgrade && status == 200 => Self::Upgraded,
            None => Self::UntilClose,
        })
    }
}

/// The value of Content-Length; repeated ones must agree (RFC 9110 section 8.6).
fn length(head: &ResponseHead) -> Result<Option<u64>> {
    let mut found = None;
    for value in head.values("content-length").flat_map(|v| v.split(|&b| b == b',')) {
        // Space and tab only: what else `str::trim` takes for space, the peer's proxy may not.
        let text = str::from_utf8(value).unwrap_or_default().trim_matches([' ', '\t']);
        let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        let n: u64 = text.parse().ok().filter(|_| digits).ok_or_else(|| {
            Error::protocol(format!("Content-Length {:?} is not a number of bytes", super::head::Excerpt(value)))
        })?;
        if found.is_some_and(|f| f != n) {
            return Err(Error::protocol("the answer has Content-Length fields that differ"));
        }
        found = Some(n);
    }
    Ok(found)
}
