//! A whole answer from a slice, by httparse and RFC 9112 section 6.3.

use super::chunked::chunked;
use docker_proto::ErrorKind::{self, Protocol, TooLarge, Truncated};
use docker_proto::wire::Method;
use docker_proto::wire::limits::{MAX_HEAD, MAX_HEADERS, MAX_INFORMATIONAL};

/// What the head of an answer says.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Head {
    pub(crate) status: u16,
    pub(crate) http11: bool,
    pub(crate) fields: Vec<(String, Vec<u8>)>,
}

/// What must come out of an answer that ends where its bytes end.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Answer {
    pub(crate) head: Option<Head>,
    pub(crate) upgraded: bool,
    pub(crate) body: Vec<u8>,
    pub(crate) end: Option<ErrorKind>,
    /// How many bytes the message took, if it ended before the connection did.
    pub(crate) length: Option<usize>,
    /// Whether the head allows another exchange on the connection.
    pub(crate) keeps_alive: bool,
    /// How many bytes complete 1xx heads took.
    pub(crate) skipped: usize,
}

enum Framing {
    Length(u64),
    Chunked,
    Close,
    Upgraded,
}

pub(crate) fn answer(bytes: &[u8], method: Method, upgrade: bool) -> Answer {
    let mut out = Answer::default();
    let mut at = 0;
    for _ in 0..=MAX_INFORMATIONAL {
        let (head, length) = match head(&bytes[at..]) {
            Ok(found) => found,
            Err(kind) => return Answer { end: Some(kind), skipped: at, ..out },
        };
        at += length;
        if head.status < 200 && head.status != 101 {
            continue;
        }
        let framing = match framing(&head, method, upgrade) {
            Ok(framing) => framing,
            // What is wrong with the body of a refusal must not hide the refusal.
            Err(kind) => {
                let head = (head.status >= 400).then_some(head);
                return Answer { head, end: Some(kind), skipped: at, ..out };
            }
        };
        let tokens = head.values("connection").flat_map(|v| v.split(|&b| b == b','));
        let tokens: Vec<String> = tokens.map(|t| String::from_utf8_lossy(t).trim().to_ascii_lowercase()).collect();
        let has = |token: &str| tokens.iter().any(|t| t == token);
        out.keeps_alive = !has("close") && (head.http11 || has("keep-alive"));
        out.head = Some(head);
        body(&mut out, framing, bytes, at);
        return out;
    }
    Answer { end: Some(TooLarge), skipped: at, ..out }
}

fn body(out: &mut Answer, framing: Framing, bytes: &[u8], at: usize) {
    let rest = &bytes[at..];
    match framing {
        Framing::Length(n) => {
            let there = n.min(rest.len() as u64) as usize;
            out.body = rest[..there].to_vec();
            match there as u64 == n {
                true => out.length = Some(at + there),
                false => out.end = Some(Truncated),
            }
        }
        Framing::Chunked => {
            let (data, length) = chunked(rest);
            out.body = data;
            match length {
                Ok(n) => out.length = Some(at + n),
                Err(kind) => out.end = Some(kind),
            }
        }
        Framing::Close | Framing::Upgraded => {
            out.upgraded = matches!(framing, Framing::Upgraded);
            out.keeps_alive = false;
            out.body = rest.to_vec();
        }
    }
}

/// The head at the beginning of `bytes`, and its length.
fn head(bytes: &[u8]) -> Result<(Head, usize), ErrorKind> {
    // Up to two bytes of line ends may come first. Another protocol is told at its first byte.
    let blank = bytes.iter().take(2).take_while(|b| b"\r\n".contains(b)).count();
    let first = &bytes[blank..];
    if !b"HTTP/".starts_with(&first[..first.len().min(5)]) {
        return Err(Protocol);
    }
    let ends = |i: usize| match bytes[i..] {
        [b'\n', b'\n', ..] => Some(i + 2),
        [b'\n', b'\r', b'\n', ..] => Some(i + 3),
        _ => None,
    };
    let Some(end) = (0..bytes.len()).find_map(ends) else {
        return Err(if bytes.len() > MAX_HEAD { TooLarge } else { Truncated });
    };
    if end > MAX_HEAD {
        return Err(TooLarge);
    }
    let mut space = vec![httparse::EMPTY_HEADER; MAX_HEADERS];
    let mut parsed = httparse::Response::new(&mut space);
    match parsed.parse(&bytes[..end]) {
        Ok(httparse::Status::Complete(n)) => assert_eq!(n, end, "httparse ends the head elsewhere"),
        Ok(httparse::Status::Partial) => return Err(Protocol),
        Err(httparse::Error::TooManyHeaders) => return Err(TooLarge),
        Err(_) => return Err(Protocol),
    }
    if parsed.code.is_none_or(|code| code < 100) {
        return Err(Protocol);
    }
    let fields = parsed.headers.iter().map(|h| (h.name.into(), h.value.into())).collect();
    let head = Head { status: parsed.code.unwrap_or(0), http11: parsed.version == Some(1), fields };
    Ok((head, end))
}

impl Head {
    fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a [u8]> {
        self.fields.iter().filter(move |(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| &v[..])
    }
}

fn framing(head: &Head, method: Method, upgrade: bool) -> Result<Framing, ErrorKind> {
    if head.status == 101 {
        return if upgrade { Ok(Framing::Upgraded) } else { Err(Protocol) };
    }
    if method == Method::Connect && head.status / 100 == 2 {
        return Ok(Framing::Upgraded);
    }
    if method == Method::Head || head.status == 204 || head.status == 304 {
        return Ok(Framing::Length(0));
    }
    let mut lengths = Vec::new();
    for text in head.values("content-length").flat_map(|v| v.split(|&b| b == b',')) {
        let text = text.trim_ascii();
        if text.is_empty() {
            return Err(Protocol);
        }
        let digit = |n: u64, b: &u8| {
            let digit = b.checked_sub(b'0').filter(|&d| d < 10)?;
            n.checked_mul(10)?.checked_add(u64::from(digit))
        };
        lengths.push(text.iter().try_fold(0, digit).ok_or(Protocol)?);
    }
    lengths.dedup();
    let codings: Vec<&[u8]> = head.values("transfer-encoding").collect();
    match (&lengths[..], &codings[..]) {
        ([], [one]) if head.http11 && one.eq_ignore_ascii_case(b"chunked") => Ok(Framing::Chunked),
        ([one], []) => Ok(Framing::Length(*one)),
        ([], []) if upgrade && head.status == 200 => Ok(Framing::Upgraded),
        ([], []) => Ok(Framing::Close),
        _ => Err(Protocol),
    }
}
