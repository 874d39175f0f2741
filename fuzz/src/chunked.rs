//! Chunked bodies, in whole answers.

use crate::naive::chunked as naive;
use crate::source::Source;
use crate::{answer, cut};
use docker_proto::wire::Method;

/// Parts of chunked bodies.
pub(crate) const WORDS: &[&[u8]] = &[
    b"5\r\nhello\r\n",
    b"0\r\n\r\n",
    b"0\r\n",
    b"\r\n",
    b"\n",
    b"\r",
    b"00000000000000000",
    b"FFFFFFFFFFFFFFFF\r\n",
    b"10000000000000000\r\n",
    b"a\r\n0123456789\r\n",
    b"A \t;x=\"y\"\r\n",
    b";",
    b" ",
    b"1\r\n",
    b"X: y\r\n",
    b"-1\r\n",
    b"0x1\r\n",
];

const HEAD: &[u8] = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

/// See [`TARGETS`](crate::TARGETS).
pub fn chunked(data: &[u8]) {
    let check = |body: &[u8]| answer::check(Method::Get, false, &[HEAD, body].concat());
    check(data);
    for n in cut::prefixes(data) {
        check(&data[..n]);
    }
    let (body, data) = build(&mut Source::new(data));
    check(&body);
    let whole = [HEAD, &body].concat();
    let run = answer::read(Method::Get, false, &whole, &[HEAD.len() + body.len() / 2]);
    assert_eq!((run.end, run.length), (None, Some(whole.len())), "what is well-formed is refused");
    assert!(run.body == data, "what was encoded is not what came out");
    assert!(run.keeps_alive);
}

/// A body after a plan, well-formed and within the limits, and its data.
pub(crate) fn build(source: &mut Source<'_>) -> (Vec<u8>, Vec<u8>) {
    let (mut body, mut all) = (Vec::new(), Vec::new());
    let chunks = source.below(8);
    for _ in 0..chunks {
        let length = source.length().max(1);
        let data = source.filler(length, b"\r\n0123 abc;");
        if source.byte() < 128 {
            naive::encode(&data, &mut body);
        } else {
            line(source, length, &mut body);
            body.extend_from_slice(&data);
            body.extend_from_slice(b"\r\n");
        }
        all.extend(data);
    }
    line(source, 0, &mut body);
    // The limit is 16 KiB for all of them, the empty line included.
    for _ in 0..source.pick(&[0, 0, 1, 2, 3]) {
        let length = match source.length() {
            n if n > 5000 => 5000,
            n => n,
        };
        body.extend_from_slice(b"X-Trailer: ");
        body.extend(source.filler(length, b"abc "));
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"\r\n");
    (body, all)
}

/// A size line in one of the ways that are allowed.
fn line(source: &mut Source<'_>, size: usize, out: &mut Vec<u8>) {
    let text = match source.below(3) {
        0 => format!("{size:x}"),
        1 => format!("{size:X}"),
        _ => format!("{size:020x}"),
    };
    out.extend(text.bytes());
    out.extend_from_slice(source.pick(&[&b""[..], b"", b" ", b"\t ", b";a=b", b" ;a;b=\"c\""]));
    out.extend_from_slice(b"\r\n");
}
