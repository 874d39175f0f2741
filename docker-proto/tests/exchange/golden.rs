//! The bytes of a request, exactly, for every kind of body.

use bytes::Bytes;
use docker_proto::wire::{BodyPiece, Exchange, Method, RecvBuf, Request, RequestBody, RequestHead};

fn request(method: Method, body: RequestBody) -> Request {
    let mut head = RequestHead::new(method, "/v1.41/x?a=b%20c").unwrap();
    head.header("Host", "docker").unwrap();
    head.finish(body)
}

/// All that is written, with `pieces` for a body, whole or a byte at a time.
fn sent(request: Request, mut pieces: Vec<BodyPiece>, step: usize) -> String {
    let mut exchange = Exchange::start(request, RecvBuf::new());
    let mut out = Vec::new();
    pieces.reverse();
    for _ in 0..10_000 {
        let wants = exchange.wants();
        assert!(wants.write.is_none() || wants.body.is_none(), "a piece is asked for once nothing is left to write");
        if let Some(parts) = wants.write {
            let parts = parts.concat();
            assert!(!parts.is_empty(), "wants to write nothing");
            let n = parts.len().min(step);
            out.extend_from_slice(&parts[..n]);
            exchange.wrote(n);
        } else if let Some(room) = wants.body {
            let piece = pieces.pop().expect("more pieces asked for than there are");
            if let BodyPiece::Filled(n) = piece {
                room[..n].fill(b'f');
            }
            exchange.body(piece).unwrap();
        } else {
            assert!(!exchange.is_sent(), "not flushed");
            exchange.flushed();
            assert!(exchange.is_sent() && exchange.has_sent() && pieces.is_empty());
            return String::from_utf8(out).unwrap();
        }
    }
    panic!("the request does not come to an end");
}

fn check(method: Method, body: RequestBody, pieces: &[BodyPiece], rest: &str) {
    let first = format!("{} /v1.41/x?a=b%20c HTTP/1.1\r\nHost: docker\r\n", method.as_str());
    for step in [usize::MAX, 1, 7] {
        assert_eq!(sent(request(method, body.clone()), pieces.to_vec(), step), format!("{first}{rest}"));
    }
}

fn owned(text: &'static str) -> BodyPiece {
    BodyPiece::Owned(text.into())
}

const STREAM: RequestBody = RequestBody::Stream { length: None };

#[test]
fn no_body() {
    // `start` with chunks, even empty ones, is a 400 (moby postContainersStart), so a POST says that it has nothing.
    check(Method::Post, RequestBody::None, &[], "Content-Length: 0\r\n\r\n");
    check(Method::Put, RequestBody::None, &[], "Content-Length: 0\r\n\r\n");
    for method in [Method::Get, Method::Head, Method::Delete] {
        check(method, RequestBody::None, &[], "\r\n");
    }
}

#[test]
fn a_body_at_hand() {
    check(Method::Post, RequestBody::Full("{\"a\":1}".into()), &[], "Content-Length: 7\r\n\r\n{\"a\":1}");
    check(Method::Post, RequestBody::Full(Bytes::new()), &[], "Content-Length: 0\r\n\r\n");
}

#[test]
fn a_body_of_known_length() {
    let body = RequestBody::Stream { length: Some(8) };
    let rest = "Content-Length: 8\r\n\r\nhelloffo";
    check(Method::Put, body.clone(), &[owned("hello"), BodyPiece::Filled(2), owned("o")], rest);
    // Nothing more is asked for once the length is reached, and pieces of nothing are nothing.
    let empty = [BodyPiece::Filled(0), owned("hello"), owned(""), BodyPiece::Filled(2), owned("o")];
    check(Method::Put, body, &empty, rest);
    check(Method::Put, RequestBody::Stream { length: Some(0) }, &[], "Content-Length: 0\r\n\r\n");
}

#[test]
fn a_body_of_unknown_length() {
    let rest = "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nb\r\nfffffffffff\r\n0\r\n\r\n";
    check(Method::Put, STREAM, &[owned("hello"), BodyPiece::Filled(11), BodyPiece::End], rest);
    // A chunk of no bytes would be the end.
    let empty = [owned(""), owned("hello"), BodyPiece::Filled(0), BodyPiece::Filled(11), owned(""), BodyPiece::End];
    check(Method::Put, STREAM, &empty, rest);
    check(Method::Put, STREAM, &[BodyPiece::End], "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
}

#[test]
fn an_upgrade() {
    let mut head = RequestHead::new(Method::Post, "/attach").unwrap();
    head.header("Host", "docker").unwrap().upgrade("tcp").unwrap();
    let want =
        "POST /attach HTTP/1.1\r\nHost: docker\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nContent-Length: 0\r\n\r\n";
    assert_eq!(sent(head.finish(RequestBody::None), Vec::new(), 3), want);
}

#[test]
fn the_callers_bytes_are_not_copied() {
    let full = Bytes::from(vec![b'x'; 100_000]);
    let mut exchange = Exchange::start(request(Method::Post, RequestBody::Full(full.clone())), RecvBuf::new());
    let [head, payload, after] = exchange.wants().write.expect("a request");
    assert_eq!((payload.as_ptr(), payload.len(), after), (full.as_ptr(), 100_000, &b""[..]));
    let head = head.len();
    exchange.wrote(head + 10);
    let [head, payload, _] = exchange.wants().write.expect("the rest of it");
    assert_eq!((head, payload.as_ptr()), (&b""[..], full[10..].as_ptr()));

    let mut exchange = Exchange::start(request(Method::Put, STREAM), RecvBuf::new());
    let head = exchange.wants().write.expect("a head").concat().len();
    exchange.wrote(head);
    exchange.body(BodyPiece::Owned(full.clone())).unwrap();
    let [size, payload, after] = exchange.wants().write.expect("a chunk");
    assert_eq!((size, payload.as_ptr(), after), (&b"186a0\r\n"[..], full.as_ptr(), &b"\r\n"[..]));
}

#[test]
fn a_reader_fills_the_block_that_is_written_from() {
    let mut exchange = Exchange::start(request(Method::Put, STREAM), RecvBuf::new());
    let head = exchange.wants().write.expect("a head").concat().len();
    exchange.wrote(head);
    let mut blocks = Vec::new();
    for _ in 0..3 {
        let room = exchange.wants().body.expect("nothing is left to write");
        room[..3].copy_from_slice(b"abc");
        blocks.push(room.as_ptr());
        exchange.body(BodyPiece::Filled(3)).unwrap();
        let parts = exchange.wants().write.expect("a chunk");
        assert_eq!(parts, [&b"3\r\n"[..], b"abc", b"\r\n"]);
        assert_eq!(parts[1].as_ptr(), *blocks.last().unwrap());
        exchange.wrote(8);
    }
    assert!(blocks.windows(2).all(|w| w[0] == w[1]), "one block for all pieces");
}
