//! A request as a scripted engine received it.
//!
//! Read by hand on purpose: what checks the encoder shares no code with it.

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

/// A request, its body decoded.
#[derive(Clone, PartialEq, Eq)]
pub struct Asked {
    head: String,
    body: Vec<u8>,
}

/// What the bytes so far hold.
#[derive(Debug)]
pub(super) enum Parsed {
    Incomplete,
    /// The head, and what has come of the body.
    Begun(Asked),
    /// All of it, and how many bytes that was.
    Whole(Asked, usize),
    Bad(String),
}

impl Asked {
    /// Request line and fields, blank line included.
    #[inline]
    pub fn head(&self) -> &str {
        &self.head
    }

    /// The request line.
    #[inline]
    pub fn line(&self) -> &str {
        self.head.split("\r\n").next().unwrap_or_default()
    }

    /// The method.
    #[inline]
    pub fn method(&self) -> &str {
        self.line().split(' ').next().unwrap_or_default()
    }

    /// Path and query.
    #[inline]
    pub fn target(&self) -> &str {
        self.line().split(' ').nth(1).unwrap_or_default()
    }

    /// The first value of a field, its name compared without regard to case.
    #[inline]
    pub fn header(&self, name: &str) -> Option<&str> {
        let fields = self.head.split("\r\n").skip(1).filter_map(|l| l.split_once(':'));
        fields.filter(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v.trim()).next()
    }

    /// The body, without its framing.
    #[inline]
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    #[inline]
    pub(super) fn parse(bytes: &[u8]) -> Parsed {
        let Some(end) = find(bytes, b"\r\n\r\n") else { return Parsed::Incomplete };
        let (head, rest) = bytes.split_at(end + 4);
        let Ok(head) = core::str::from_utf8(head) else { return Parsed::Bad("the head is not UTF-8".into()) };
        let mut asked = Self { head: head.to_owned(), body: Vec::new() };
        if !asked.line().ends_with(" HTTP/1.1") || asked.line().split(' ').count() != 3 {
            return Parsed::Bad(format!("{:?} is no request line", asked.line()));
        }
        let whole = match (asked.header("content-length"), asked.header("transfer-encoding")) {
            (Some(_), Some(_)) => return Parsed::Bad("both Content-Length and Transfer-Encoding".into()),
            (None, None) => Some(0),
            (Some(length), None) => match length.parse::<usize>() {
                Ok(n) => {
                    asked.body.extend_from_slice(&rest[..n.min(rest.len())]);
                    (rest.len() >= n).then_some(n)
                }
                Err(_) => return Parsed::Bad(format!("Content-Length {length:?}")),
            },
            (None, Some("chunked")) => match dechunk(rest, &mut asked.body) {
                Ok(whole) => whole,
                Err(why) => return Parsed::Bad(why),
            },
            (None, Some(other)) => return Parsed::Bad(format!("Transfer-Encoding {other:?}")),
        };
        match whole {
            Some(n) => Parsed::Whole(asked, end + 4 + n),
            None => Parsed::Begun(asked),
        }
    }
}

#[inline]
pub(super) fn find(bytes: &[u8], part: &[u8]) -> Option<usize> {
    bytes.windows(part.len().max(1)).position(|w| w == part)
}

/// Decodes chunks. Gives after how many bytes they are complete, if they are.
#[inline]
fn dechunk(bytes: &[u8], body: &mut Vec<u8>) -> Result<Option<usize>, String> {
    let mut at = 0;
    loop {
        let Some(line) = find(&bytes[at..], b"\r\n") else { return Ok(None) };
        let digits = core::str::from_utf8(&bytes[at..at + line]).unwrap_or_default();
        let Ok(size) = usize::from_str_radix(digits, 16) else { return Err(format!("chunk size {digits:?}")) };
        at += line + 2;
        let data = &bytes[at..];
        body.extend_from_slice(&data[..size.min(data.len())]);
        match data.get(size..size + 2) {
            None => return Ok(None),
            Some(b"\r\n") => at += size + 2,
            Some(_) => return Err("no CRLF behind the data of a chunk".into()),
        }
        if size == 0 {
            return Ok(Some(at));
        }
    }
}

impl fmt::Debug for Asked {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cut = &self.body[..self.body.len().min(200)];
        write!(f, "{:?} with {} bytes of body: \"{}\"", self.head, self.body.len(), cut.escape_ascii())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_complete_at_their_last_byte_and_not_before() {
        for (text, body) in [
            ("GET /x HTTP/1.1\r\nHost: a\r\n\r\n", ""),
            ("PUT /x HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello", "hello"),
            ("PUT /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n", "hello"),
        ] {
            let bytes = text.as_bytes();
            for n in 0..bytes.len() {
                assert!(matches!(Asked::parse(&bytes[..n]), Parsed::Incomplete | Parsed::Begun(_)), "{n} of {text:?}");
            }
            let more = [bytes, b"GET /next"].concat();
            let Parsed::Whole(asked, used) = Asked::parse(&more) else { panic!("{text:?}") };
            assert_eq!((used, asked.body()), (bytes.len(), body.as_bytes()));
        }
    }

    #[test]
    fn what_no_engine_would_take_is_bad() {
        for text in [
            "GET /a b HTTP/1.1\r\n\r\n",
            "GET /a\r\n\r\n",
            "PUT / HTTP/1.1\r\nContent-Length: x\r\n\r\n",
            "PUT / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
            "PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabcd\r\n",
            "PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
        ] {
            assert!(matches!(Asked::parse(text.as_bytes()), Parsed::Bad(_)), "{text:?}");
        }
    }
}
