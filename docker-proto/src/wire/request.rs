//! Writing a request: method, target and header fields, with everything refused that would change the message's shape.

use super::hidden::Hidden;
use crate::{Error, Result};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use bytes::Bytes;
use core::fmt;

/// The methods that engines route.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Method {
    /// `GET`
    Get,
    /// `HEAD`: the answer has no body.
    Head,
    /// `POST`
    Post,
    /// `PUT`
    Put,
    /// `DELETE`
    Delete,
    /// `OPTIONS`
    Options,
    /// `CONNECT`, which engines do not know: a proxy makes a connection of it.
    Connect,
}

impl Method {
    /// The method as it stands in a request line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Head => "HEAD",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
            Self::Options => "OPTIONS",
            Self::Connect => "CONNECT",
        }
    }

    /// Whether sending it twice does no more than sending it once changes nothing: GET and HEAD, and OPTIONS.
    pub fn is_safe(self) -> bool {
        matches!(self, Self::Get | Self::Head | Self::Options)
    }
}

/// What follows the head of a request.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum RequestBody {
    /// Nothing. POST and PUT still say `Content-Length: 0`: engines refuse an empty chunked body.
    #[default]
    None,
    /// All of it, sent with its length.
    Full(Bytes),
    /// Pieces supplied by the driver: with `Content-Length` if the length is known, else chunked.
    Stream {
        /// The exact length, if known.
        length: Option<u64>,
    },
}

/// A request ready to be sent: its head as bytes, and how its body will come.
#[derive(Clone)]
pub struct Request {
    pub(super) method: Method,
    pub(super) head: Vec<u8>,
    pub(super) body: RequestBody,
    pub(super) upgrade: bool,
}

impl Request {
    /// The method.
    pub fn method(&self) -> Method {
        self.method
    }

    /// The head as it will be sent, blank line included.
    pub fn head(&self) -> &[u8] {
        &self.head
    }

    /// The body as it will be sent.
    pub fn body(&self) -> &RequestBody {
        &self.body
    }

    /// Whether an upgrade to a two-way stream is asked for.
    pub fn is_upgrade(&self) -> bool {
        self.upgrade
    }
}

/// A request head being written.
#[derive(Clone)]
pub struct RequestHead {
    method: Method,
    head: Vec<u8>,
    upgrade: bool,
}

impl RequestHead {
    /// Begins a request for `target` (path and query, already percent-encoded).
    ///
    /// # Errors
    /// [`Usage`](crate::ErrorKind::Usage) if the target is not origin-form visible ASCII.
    pub fn new(method: Method, target: &str) -> Result<Self> {
        if !target.starts_with('/') || !target.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(Error::usage(format!("request target {target:?} is not a percent-encoded path")));
        }
        Ok(Self::begin(method, target))
    }

    /// Begins a request for a connection to `authority`, a host and its port (RFC 9110 section 9.3.6).
    ///
    /// # Errors
    /// [`Usage`](crate::ErrorKind::Usage) if it is not visible ASCII.
    pub fn connect(authority: &str) -> Result<Self> {
        if authority.is_empty() || !authority.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(Error::usage(format!("{authority:?} is no host and port to connect to")));
        }
        let mut head = Self::begin(Method::Connect, authority);
        head.header("Host", authority)?;
        Ok(head)
    }

    fn begin(method: Method, target: &str) -> Self {
        let mut head = Vec::with_capacity(256);
        for part in [method.as_str(), " ", target, " HTTP/1.1\r\n"] {
            head.extend_from_slice(part.as_bytes());
        }
        Self { method, head, upgrade: false }
    }

    /// Adds a header field.
    ///
    /// # Errors
    /// [`Usage`](crate::ErrorKind::Usage) if the name is not a token or the value holds a control character (RFC 9110
    /// section 5.5). The value is not repeated in the error: it may be a secret.
    pub fn header(&mut self, name: &str, value: &str) -> Result<&mut Self> {
        let token = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b);
        if name.is_empty() || !name.bytes().all(token) {
            return Err(Error::usage(format!("header name {name:?} is not a token")));
        }
        if let Some(b) = value.bytes().find(|&b| (b < 0x20 && b != b'\t') || b == 0x7f) {
            return Err(Error::usage(format!("the value of header {name} holds the control character {b:#04x}")));
        }
        for part in [name, ": ", value, "\r\n"] {
            self.head.extend_from_slice(part.as_bytes());
        }
        Ok(self)
    }

    /// Asks for an upgrade to `protocol`.
    ///
    /// # Errors
    /// As [`header`](Self::header).
    pub fn upgrade(&mut self, protocol: &str) -> Result<&mut Self> {
        self.upgrade = true;
        self.header("Connection", "Upgrade")?.header("Upgrade", protocol)
    }

    /// Ends the head with the fields that frame `body`.
    pub fn finish(mut self, body: RequestBody) -> Request {
        let length = match &body {
            RequestBody::None if matches!(self.method, Method::Post | Method::Put) => Some(0),
            RequestBody::None => None,
            RequestBody::Full(b) => Some(b.len() as u64),
            RequestBody::Stream { length } => *length,
        };
        match length {
            Some(n) => {
                let field: String = format!("Content-Length: {n}\r\n");
                self.head.extend_from_slice(field.as_bytes());
            }
            None if body != RequestBody::None => self.head.extend_from_slice(b"Transfer-Encoding: chunked\r\n"),
            None => {}
        }
        self.head.extend_from_slice(b"\r\n");
        Request { method: self.method, head: self.head, body, upgrade: self.upgrade }
    }
}

// Header fields and bodies carry secrets, queries may: none of them is printed.

impl fmt::Debug for RequestBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("None"),
            Self::Full(bytes) => f.debug_tuple("Full").field(&Hidden(bytes.len())).finish(),
            Self::Stream { length } => f.debug_struct("Stream").field("length", length).finish(),
        }
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Request({}, {:?})", path(&self.head), self.body)
    }
}

impl fmt::Debug for RequestHead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RequestHead({})", path(&self.head))
    }
}

/// Method and path of a head.
fn path(head: &[u8]) -> &str {
    let end = head.iter().position(|&b| b == b'?' || b == b'\r').unwrap_or_default();
    // It was made of text.
    core::str::from_utf8(&head[..end]).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_post_without_a_body_says_so_and_a_get_says_nothing() {
        let head = |m| RequestHead::new(m, "/x").unwrap().finish(RequestBody::None).head;
        assert_eq!(head(Method::Post), b"POST /x HTTP/1.1\r\nContent-Length: 0\r\n\r\n");
        assert_eq!(head(Method::Get), b"GET /x HTTP/1.1\r\n\r\n");
    }

    #[test]
    fn nothing_splits_a_head() {
        for target in ["", "x", "/a b", "/a\r\nX: y", "/\0", "/é"] {
            assert!(RequestHead::new(Method::Get, target).is_err(), "{target:?}");
        }
        let mut h = RequestHead::new(Method::Get, "/").unwrap();
        for (name, value) in [("A", "b\r\nC: d"), ("A", "\0"), ("A b", "c"), ("", "c"), ("A:", "b"), ("A", "\n")] {
            assert!(h.header(name, value).is_err(), "{name:?} {value:?}");
        }
        assert!(h.header("A", "tab\tand é").is_ok());
    }
}
