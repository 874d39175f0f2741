//! The body of an answer that refuses: JSON, text, HTML, nothing, cut short, or without end. The status is never lost.

use crate::Error;
use crate::wire::{Input, ResponseHead, limits};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use bytes::Bytes;
use serde_json::Value;

/// How much of a text that is not JSON becomes the message.
const MAX_MESSAGE: usize = 4 * 1024;

/// Collects the body of a refusal.
#[derive(Debug)]
pub(super) struct Refusal {
    head: Option<ResponseHead>,
    status: u16,
    body: Vec<u8>,
}

impl Refusal {
    pub(super) fn new(head: ResponseHead) -> Self {
        Self { status: head.status(), head: Some(head), body: Vec::new() }
    }

    /// The error of a refusal whose body is at hand already.
    pub(super) fn of(status: u16, head: Option<&ResponseHead>, body: &[u8]) -> Error {
        let body = body[..body.len().min(limits::MAX_ERROR_BODY)].to_vec();
        Self { status, head: head.cloned(), body }.into_error()
    }

    /// Takes what is at hand; false once the cap is reached.
    pub(super) fn take(&mut self, mut input: Input<'_>) -> bool {
        let room = limits::MAX_ERROR_BODY - self.body.len();
        let n = room.min(input.len());
        self.body.extend_from_slice(&input.bytes()[..n]);
        input.skip(input.len());
        n < room
    }

    /// What it says, if it says anything.
    pub(super) fn said(&self) -> Option<String> {
        message(&self.body)
    }

    pub(super) fn into_error(self) -> Error {
        let message = message(&self.body).unwrap_or_else(|| match reason(self.status) {
            "" => format!("the engine refused with status {} and no message", self.status),
            reason => format!("{reason} (no message from the engine)"),
        });
        let mut e = Error::engine(self.status, message);
        if let Some(head) = self.head {
            e = e.with_head(head);
        }
        if self.body.is_empty() { e } else { e.with_raw(Bytes::from(self.body)) }
    }
}

/// What the engine wants to say: the `message` of a JSON document (podman adds a `cause`), or the text itself.
fn message(body: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(body);
    let text = text.trim();
    if let Ok(Value::Object(document)) = serde_json::from_str(text) {
        let said = ["message", "cause"].map(|name| document.get(name).and_then(Value::as_str).map(str::trim));
        if let Some(said) = said.into_iter().flatten().find(|said| !said.is_empty()) {
            return Some(said.to_string());
        }
    }
    let text = title(text).unwrap_or(text);
    let mut end = text.len().min(MAX_MESSAGE);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    (end > 0).then(|| text[..end].to_string())
}

/// The title of a page, such as proxies answer with.
fn title(text: &str) -> Option<&str> {
    let find = |from: usize, tag: &str| {
        let rest = text.as_bytes().get(from..)?;
        rest.windows(tag.len()).position(|w| w.eq_ignore_ascii_case(tag.as_bytes())).map(|at| from + at)
    };
    if !text.starts_with('<') {
        return None;
    }
    let begin = find(0, "<title>")? + "<title>".len();
    let title = text.get(begin..find(begin, "</title>")?)?.trim();
    (!title.is_empty()).then_some(title)
}

fn reason(status: u16) -> &'static str {
    match status {
        400 => "bad request",
        401 => "unauthorized",
        403 => "forbidden",
        404 => "not found",
        405 => "method not allowed",
        406 => "not acceptable",
        407 => "a proxy wants authentication",
        409 => "conflict",
        413 => "too large for the engine, or for what is in front of it",
        429 => "too many requests",
        500 => "internal error of the engine",
        501 => "not implemented by the engine",
        502 => "bad gateway",
        503 => "the engine is unavailable",
        504 => "gateway timeout",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shape_of_body_gives_a_message() {
        for (body, want) in [
            (r#"{"message":"No such container: x"}"#, "No such container: x"),
            (r#"{"cause":"c","message":"m","response":404}"#, "m"),
            (r#"{"cause":"c","message":"","response":404}"#, "c"),
            ("  plain text\r\n", "plain text"),
            (r#"{"message":"trunc"#, r#"{"message":"trunc"#),
            ("<html>502</html>", "<html>502</html>"),
            ("<html><head><TITLE> 502 Bad\r\nGateway </title></head><body>nginx", "502 Bad\r\nGateway"),
            ("<html><title></title>x", "<html><title></title>x"),
            ("<html><title>x", "<html><title>x"),
            ("", "bad gateway (no message from the engine)"),
            ("[1]", "[1]"),
        ] {
            let refusal = Refusal { head: None, status: 502, body: body.as_bytes().to_vec() };
            let e = refusal.into_error();
            assert_eq!((e.status(), e.message()), (Some(502), want));
        }
    }

    #[test]
    fn long_text_is_cut_at_a_character() {
        let refusal = Refusal { head: None, status: 500, body: "é".repeat(5000).into_bytes() };
        assert_eq!(refusal.into_error().message().len(), MAX_MESSAGE);
    }
}
