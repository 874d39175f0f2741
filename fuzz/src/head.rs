//! Heads of answers.

use crate::source::Source;
use crate::{answer, cut};
use docker_proto::wire::Method;

/// Parts of heads and bodies.
pub(crate) const WORDS: &[&[u8]] = &[
    b"HTTP/1.1 200 OK\r\n",
    b"HTTP/1.0 200 OK\r\n",
    b"HTTP/1.1 100 Continue\r\n\r\n",
    b"HTTP/1.1 101 UPGRADED\r\n",
    b"HTTP/1.1 204 No Content\r\n",
    b"HTTP/1.1 304 Not Modified\r\n",
    b"HTTP/1.1 500 Internal Server Error\r\n",
    b"Content-Length: 5\r\n",
    b"Content-Length: 0\r\n",
    b"Content-Length: 5, 5\r\n",
    b"Content-Length: 6\r\n",
    b"Transfer-Encoding: chunked\r\n",
    b"Transfer-Encoding: gzip\r\n",
    b"Content-Type: application/json\r\n",
    b"Connection: close\r\n",
    b"Connection: keep-alive\r\n",
    b"X-Empty:\r\n",
    b"\r\n",
    b"\n",
    b"\r",
    b":",
    b"hello",
    b"5\r\nhello\r\n",
    b"0\r\n",
    b"0\r\n\r\n",
    b"5;ext=1\r\n",
    b"Trailer: x\r\n",
    b" ",
    b"\0",
    b"\xFF",
];

/// See [`TARGETS`](crate::TARGETS).
pub fn head(data: &[u8]) {
    answer::check(Method::Get, false, data);
    answer::check(Method::Head, false, data);
    answer::check(Method::Post, true, data);
    answer::check(Method::Connect, false, data);
    for n in cut::prefixes(data) {
        answer::check(Method::Get, false, &data[..n]);
    }
    let mut source = Source::new(data);
    let head = build(&mut source);
    let body = source.rest();
    answer::check(Method::Get, false, &[&head, body].concat());
    answer::check(Method::Post, true, &[&head, body].concat());
}

/// A head after a plan: a status line, and fields of which some frame the body and some are long.
pub(crate) fn build(source: &mut Source<'_>) -> Vec<u8> {
    let mut out = Vec::new();
    for _ in 0..source.pick(&[0, 0, 0, 0, 0, 1, 2, 16, 17]) {
        out.extend_from_slice(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n");
    }
    out.extend_from_slice(source.pick(&[b"HTTP/1.1 ", b"HTTP/1.1 ", b"HTTP/1.1 ", b"HTTP/1.0 "]));
    out.extend_from_slice(source.pick(&[b"200", b"200", b"201", b"101", b"204", b"304", b"400", b"500", b"099"]));
    out.extend_from_slice(source.pick(&[&b" OK\r\n"[..], b"\r\n", b" \r\n", b" no such thing\n"]));
    let many = source.pick(&[0, 1, 2, 3, 4, 5, 31, 32, 33, 127, 128, 129]);
    for i in 0..many {
        // Of many fields, most are alike.
        if i < 6 { field(source, &mut out) } else { out.extend_from_slice(b"A: b\r\n") }
    }
    out.extend_from_slice(source.pick(&[&b"\r\n"[..], b"\r\n", b"\n"]));
    out
}

fn field(source: &mut Source<'_>, out: &mut Vec<u8>) {
    let known = WORDS[7..17][source.below(10)];
    match source.below(8) {
        0 => {
            let n = source.length();
            out.extend_from_slice(b"X-Long: ");
            out.extend(source.filler(n, b"abc ,;"));
            out.extend_from_slice(b"\r\n");
        }
        1 => {
            out.extend_from_slice(b"X-Any:");
            out.extend(source.take(3));
            out.extend_from_slice(b"\r\n");
        }
        2 => out.extend(known.iter().map(u8::to_ascii_lowercase)),
        _ => out.extend_from_slice(known),
    }
}
