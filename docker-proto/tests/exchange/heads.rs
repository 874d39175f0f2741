//! The head of an answer: found, bounded, and refused where it is none.

use crate::kit::{Asks, Vector, check, receive, send};
use docker_proto::ErrorKind::{Protocol, TooLarge};
use docker_proto::wire::{Event, Exchange, RecvBuf, limits};

const TWO: &str = "Content-Length: 2\r\n\r\nok";

#[test]
fn status_lines() {
    let new = |line: &str, status| Vector::new("a status line", format!("{line}\r\n{TWO}"), status).body("ok");
    check(
        0,
        [
            new("HTTP/1.1 200 OK", 200),
            new("HTTP/1.1 200 ", 200),
            new("HTTP/1.1 200", 200),
            new("HTTP/1.1 599 Quite so", 599),
            new("HTTP/1.1 404 caf\u{e9} not found", 404),
            // An empty line in front of an answer is skipped (RFC 9112 section 2.2).
            new("\r\nHTTP/1.1 200 OK", 200),
        ],
    );
    check(0, [Vector::new("LF only", "HTTP/1.1 200 OK\nContent-Length: 2\n\nok", 200).body("ok")]);
    check(0, [Vector::new("LF and CRLF mixed", "HTTP/1.1 200 OK\r\nContent-Length: 2\n\r\nok", 200).body("ok")]);
    let many: String = (0..100).map(|i| format!("X-{i}: {i}\r\n")).collect();
    check(0, [Vector::new("100 fields", format!("HTTP/1.1 200 OK\r\n{many}{TWO}"), 200).body("ok").sparse()]);
}

#[test]
fn informational_answers_are_skipped() {
    let last = format!("HTTP/1.1 201 Created\r\n{TWO}");
    let again = |n: usize| format!("{}{last}", "HTTP/1.1 100 Continue\r\n\r\n".repeat(n));
    let hints = format!("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\nContent-Length: 7\r\n\r\n{last}");
    check(
        0,
        [
            Vector::new("100", again(1), 201).body("ok").asks(Asks::Post),
            Vector::new("103 with a length, which means nothing", hints, 201).body("ok"),
            Vector::new("102, then 200", format!("HTTP/1.1 102 Processing\r\n\r\n{last}"), 201).body("ok"),
            Vector::new("as many as are allowed", again(limits::MAX_INFORMATIONAL), 201).body("ok").sparse(),
            Vector::broken(
                "one too many",
                again(limits::MAX_INFORMATIONAL + 1),
                TooLarge,
                "more than 16 informational",
            )
            .sparse(),
        ],
    );
}

#[test]
fn what_is_not_http_is_refused() {
    let field = |text: &str| format!("HTTP/1.1 200 OK\r\n{text}\r\nContent-Length: 0\r\n\r\n");
    let not = "not HTTP";
    check(
        0,
        [
            Vector::broken("a version of its own", format!("HTTP/2.0 200 OK\r\n{TWO}"), Protocol, not),
            Vector::broken("HTTP/1.2", format!("HTTP/1.2 200 OK\r\n{TWO}"), Protocol, not),
            Vector::broken("a status of two digits", format!("HTTP/1.1 20 OK\r\n{TWO}"), Protocol, not),
            Vector::broken("a status of four digits", format!("HTTP/1.1 2000 OK\r\n{TWO}"), Protocol, not),
            Vector::broken("a status of letters", format!("HTTP/1.1 abc OK\r\n{TWO}"), Protocol, not),
            Vector::broken("status 000", format!("HTTP/1.1 000 OK\r\n{TWO}"), Protocol, "000"),
            Vector::broken("status 099", format!("HTTP/1.1 099 OK\r\n{TWO}"), Protocol, "099"),
            Vector::broken("an empty head", "\r\n\r\n", Protocol, not),
            Vector::broken("a folded field", field("A: b\r\n c"), Protocol, not),
            Vector::broken("a space in front of the colon", field("A : b"), Protocol, not),
            Vector::broken("a field without colon", field("nonsense"), Protocol, not),
            Vector::broken("a field without name", field(": b"), Protocol, not),
            Vector::broken("NUL in a value", field("A: b\0c"), Protocol, not),
            Vector::broken("a bare CR in a value", field("A: b\rc"), Protocol, not),
        ],
    );
}

/// A peer that speaks something else and then waits must not be waited for.
#[test]
fn another_protocol_is_told_by_its_first_byte() {
    let table: [(&str, &[u8], usize, &str); 5] = [
        // A TLS server's answer to plain HTTP.
        ("TLS alert", b"\x15\x03\x01\x00\x02\x02\x46", 1, "TLS"),
        ("ssh", b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n", 1, "\"S\""),
        ("http in lower case", b"http/1.1 200 OK\r\n\r\n", 1, "\"h\""),
        ("HTTP/2 settings", b"\0\0\x12\x04\0\0\0\0\0", 1, "\"\\x00\""),
        ("nearly", b"HTTP 200 OK\r\n\r\n", 5, "\"HTTP \""),
    ];
    for (name, bytes, first, part) in table {
        check(0, [Vector::broken(name, bytes, Protocol, part)]);
        let mut exchange = Exchange::start(Asks::Get.request(), RecvBuf::new());
        send(&mut exchange);
        receive(&mut exchange, &bytes[..first]);
        let e = exchange.poll().expect_err(name);
        assert!(e.message().contains("not HTTP"), "{name}: {e}");
    }
}

#[test]
fn heads_are_bounded_the_same_at_every_cut() {
    let with = |n: usize| {
        let mut head = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX: ".to_vec();
        head.resize(n - 4, b'x');
        [&head[..], b"\r\n\r\n"].concat()
    };
    // The block grows to 256 KiB, so a head of 90 KiB can come in whole behind a large read.
    let whole = |n: usize| {
        let mut block = RecvBuf::new();
        for _ in 0..6 {
            let room = block.room().len();
            block.filled(room);
            block.skip(room);
        }
        let mut exchange = Exchange::start(Asks::Get.request(), block);
        send(&mut exchange);
        assert_eq!(receive(&mut exchange, &with(n)), n);
        exchange.poll().map(|e| matches!(e, Event::Head(_))).map_err(|e| e.kind())
    };
    assert_eq!(whole(limits::MAX_HEAD), Ok(true));
    assert_eq!(whole(limits::MAX_HEAD + 1), Err(TooLarge));
    assert_eq!(whole(90 * 1024), Err(TooLarge));
    check(
        0,
        [
            Vector::new("as long as is allowed", with(limits::MAX_HEAD), 200).sparse(),
            Vector::broken("one byte longer", with(limits::MAX_HEAD + 1), TooLarge, "longer than 65536").sparse(),
            Vector::broken("without end", with(90_000), TooLarge, "65536").sparse(),
        ],
    );
    let fields = |n: usize| format!("HTTP/1.1 200 OK\r\n{}{TWO}", "A: b\r\n".repeat(n - 1));
    check(
        0,
        [
            Vector::new("as many fields as are allowed", fields(limits::MAX_HEADERS), 200).body("ok").sparse(),
            Vector::broken("one field more", fields(limits::MAX_HEADERS + 1), TooLarge, "more than 128 fields")
                .sparse(),
        ],
    );
}

/// A dribbled head costs one poll a byte, and the block is moved only to double it.
#[test]
fn a_dribbled_head_is_linear() {
    let field = format!("X-Header: {}\r\n", "v".repeat(1000));
    let mut head = format!("HTTP/1.1 200 OK\r\n{}", field.repeat(60)).into_bytes();
    head.extend_from_slice(b"Content-Length: 0\r\n\r\n");
    let mut exchange = Exchange::start(Asks::Get.request(), RecvBuf::new());
    send(&mut exchange);
    let (mut polls, mut moves, mut at) = (0, 0, 0);
    let mut before = 0;
    while at < head.len() {
        let place = exchange.wants().read.expect("the head is incomplete").as_ptr() as usize;
        moves += usize::from(place != before + 1);
        before = place;
        at += receive(&mut exchange, &head[at..=at]);
        polls += 1;
        match exchange.poll().expect("a good head") {
            Event::NeedIo => assert!(at < head.len()),
            Event::Head(_) => assert_eq!(at, head.len()),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(polls, head.len());
    // 8 KiB, 16, 32 and 64.
    assert_eq!(moves, 4);
}
