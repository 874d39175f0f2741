//! Where the body of an answer ends (RFC 9112 section 6.3).

use crate::kit::{Asks, Vector, check};
use docker_proto::ErrorKind::{Protocol, TooLarge};
use docker_proto::wire::limits;

const OK: &str = "HTTP/1.1 200 OK\r\n";

fn chunked(rest: &[u8]) -> Vec<u8> {
    [OK.as_bytes(), b"Transfer-Encoding: chunked\r\n\r\n", rest].concat()
}

fn fields(fields: &str) -> Vec<u8> {
    format!("{OK}{fields}\r\n").into_bytes()
}

#[test]
fn content_length() {
    check(
        0,
        [
            Vector::new("a length", "HTTP/1.1 201 Created\r\nContent-Length: 5\r\n\r\nhello", 201).body("hello"),
            Vector::new("length 0", fields("Content-Length: 0\r\n"), 200),
            Vector::new(
                "leading zeros",
                fields("content-length:  0005 \r\n").into_iter().chain(*b"hello").collect::<Vec<_>>(),
                200,
            )
            .body("hello"),
            Vector::new(
                "repeated and equal",
                [fields("Content-Length: 2\r\nContent-Length: 2\r\n"), b"ok".to_vec()].concat(),
                200,
            )
            .body("ok"),
            Vector::new("a list of equals", [fields("Content-Length: 2, 2\r\n"), b"ok".to_vec()].concat(), 200)
                .body("ok"),
        ],
    );
}

#[test]
fn lengths_that_are_none_are_refused() {
    let number = "is not a number of bytes";
    let table = [
        ("negative", "Content-Length: -5\r\n", number),
        ("plus", "Content-Length: +5\r\n", number),
        ("hexadecimal", "Content-Length: 0x5\r\n", number),
        ("empty", "Content-Length:\r\n", number),
        ("two numbers", "Content-Length: 5 5\r\n", number),
        ("one too large for 64 bits", "Content-Length: 18446744073709551616\r\n", number),
        ("not ASCII", "Content-Length: \u{665}\r\n", number),
        ("an empty element", "Content-Length: 5,\r\n", number),
        ("a list that differs", "Content-Length: 5, 6\r\n", "differ"),
        ("fields that differ", "Content-Length: 5\r\nContent-Length: 6\r\n", "differ"),
        ("length and chunks", "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "both Content-Length and"),
        ("chunks and length", "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "both Content-Length and"),
        ("gzip", "Transfer-Encoding: gzip\r\n", "\"gzip\"; only chunked"),
        ("gzip and chunked", "Transfer-Encoding: gzip, chunked\r\n", "\"gzip, chunked\""),
        ("chunked twice", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "only chunked"),
        ("no coding at all", "Transfer-Encoding:\r\n", "only chunked"),
    ];
    for (name, text, part) in table {
        check(0, [Vector::broken(name, [&fields(text)[..], b"hello"].concat(), Protocol, part)]);
    }
    let text = "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
    check(0, [Vector::broken("chunks from HTTP/1.0", text, Protocol, "HTTP/1.0 answer has Transfer-Encoding")]);
}

#[test]
fn a_huge_length_costs_nothing_until_it_arrives() {
    let bytes = [&fields("Content-Length: 18446744073709551615\r\n")[..], b"x"].concat();
    let v = Vector::new("2^64 - 1", bytes, 200).body("x");
    check(0, [v.error(docker_proto::ErrorKind::Truncated, "18446744073709551614 bytes before its Content-Length")]);
}

#[test]
fn chunks() {
    let tiny: Vec<u8> = (0..300).flat_map(|i| [b"1\r\n", &[i as u8][..], b"\r\n"].concat()).collect();
    let tiny_body: Vec<u8> = (0..300).map(|i| i as u8).collect();
    let new = |name, rest: &[u8]| Vector::new(name, chunked(rest), 200);
    check(
        0,
        [
            new("one", b"5\r\nhello\r\n0\r\n\r\n").body("hello"),
            new("none", b"0\r\n\r\n"),
            new("upper case", b"A\r\n0123456789\r\n0\r\n\r\n").body("0123456789"),
            new("lower case and zeros", b"0000a\r\n0123456789\r\n000\r\n\r\n").body("0123456789"),
            new("padding behind the size", b"2  \t\r\nok\r\n0 \r\n\r\n").body("ok"),
            new("extensions", b"2;a=b;c\r\nok\r\n0;last\r\n\r\n").body("ok"),
            new("padded extension", b"2 ; a = b\r\nok\r\n0\r\n\r\n").body("ok"),
            new("quoted extension", b"2;a=\"x;y\\\"z\"\r\nok\r\n0\r\n\r\n").body("ok"),
            new("trailers", b"2\r\nok\r\n0\r\nX-A: b\r\nX-C: d\r\n\r\n").body("ok"),
            new("a trailer that looks like a chunk", b"0\r\n5\r\n\r\n"),
            new("data that looks like the end", b"7\r\n\r\n0\r\n\r\n\r\n0\r\n\r\n").body("\r\n0\r\n\r\n"),
            // bollard: a trailers frame, or a zero-length data frame, read as the end of the stream.
            new("trailers behind nothing", b"0\r\nX: y\r\n\r\n"),
            new("300 chunks of one byte", &[&tiny[..], b"0\r\n\r\n"].concat()).body(tiny_body),
        ],
    );
    let name = "CHUNKED, whatever its case";
    check(
        0,
        [Vector::new(name, format!("{OK}TRANSFER-encoding: CHUNKED\r\n\r\n2\r\nok\r\n0\r\n\r\n"), 200).body("ok")],
    );
}

#[test]
fn chunks_that_are_none() {
    let size = "in a chunk size line";
    let table: [(&str, &[u8], &str, &str); 13] = [
        ("17 digits", b"10000000000000000\r\n", "does not fit 64 bits", ""),
        ("17 digits, one zero", b"FFFFFFFFFFFFFFFF0\r\n", "does not fit 64 bits", ""),
        ("no digit", b"\r\nok\r\n", size, ""),
        ("not hexadecimal", b"g\r\n", size, ""),
        ("0x", b"0x5\r\nhello\r\n0\r\n\r\n", "unexpected byte 'x' in a chunk size line", ""),
        ("negative", b"-1\r\n", "unexpected byte '-'", ""),
        ("space in front", b" 5\r\nhello\r\n0\r\n\r\n", "unexpected byte ' '", ""),
        ("two numbers", b"5 5\r\nhello\r\n", "unexpected byte '5' in a chunk size line", ""),
        ("bare LF behind the size", b"2\nok\r\n0\r\n\r\n", "unexpected byte '\\n' in a chunk size line", ""),
        ("bare LF in an extension", b"2;a\nok\r\n0\r\n\r\n", size, ""),
        ("no CRLF behind the data", b"2\r\nokay\r\n", "behind the data of a chunk", "ok"),
        ("bare LF behind the data", b"2\r\nok\n0\r\n\r\n", "behind the data of a chunk", "ok"),
        ("bare LF at the end", b"2\r\nok\r\n0\r\n\n", "in the trailers", "ok"),
    ];
    for (name, rest, part, body) in table {
        check(0, [Vector::new(name, chunked(rest), 200).body(body).error(Protocol, part)]);
    }
}

#[test]
fn chunk_lines_and_trailers_are_bounded() {
    let long = |n: usize| "x".repeat(n);
    let fits = chunked(format!("2;{}\r\nok\r\n0\r\n\r\n", long(limits::MAX_CHUNK_LINE - 10)).as_bytes());
    let over = chunked(format!("2;{}\r\nok\r\n0\r\n\r\n", long(limits::MAX_CHUNK_LINE)).as_bytes());
    let trailers = chunked(format!("0\r\n{}\r\n", "X-A: b\r\n".repeat(limits::MAX_TRAILERS / 8 + 1)).as_bytes());
    check(
        0,
        [
            Vector::new("an extension within the limit", fits, 200).body("ok").sparse(),
            Vector::new("an extension over the limit", over, 200).error(TooLarge, "4096").sparse(),
            Vector::new("trailers over the limit", trailers, 200).error(TooLarge, "trailers").sparse(),
        ],
    );
}

#[test]
fn answers_without_a_body() {
    let close = || "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n";
    let head = |text: &'static str| Vector::new("HEAD", text, 200).asks(Asks::Head);
    check(
        0,
        [
            Vector::new("204", "HTTP/1.1 204 No Content\r\n\r\n", 204).asks(Asks::Post),
            Vector::new("204 with a length", "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n", 204),
            Vector::new("304", "HTTP/1.1 304 Not Modified\r\n\r\n", 304).asks(Asks::Post),
            Vector::new("304 with a length", "HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\n\r\n", 304),
            Vector::new("204 to an upgrade", "HTTP/1.1 204 No Content\r\n\r\n", 204).asks(Asks::Upgrade),
            Vector::new("204 and close", close(), 204).not_reusable(),
            head("HTTP/1.1 200 OK\r\n\r\n"),
            head("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n"),
            head("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
            Vector::new("HEAD with an error", "HTTP/1.1 500 X\r\nContent-Length: 9\r\n\r\n", 500).asks(Asks::Head),
        ],
    );
    // A cut `HEAD /_ping` is no ping, at whatever byte.
    let ping = "HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nOstype: linux\r\nContent-Length: 2\r\n\r\n";
    check(0, [Vector::new("HEAD /_ping", ping, 200).asks(Asks::Head)]);
}

#[test]
fn until_close() {
    // dockerd writes the errors of attach by hand, without a length (moby container_routes.go).
    let attach =
        "HTTP/1.1 404 Not Found\r\nContent-Type: application/vnd.docker.raw-stream\r\n\r\nNo such container\r\n";
    check(
        19 + 3 + 1,
        [
            Vector::new("404 to attach", attach, 404)
                .asks(Asks::Upgrade)
                .body("No such container\r\n")
                .not_reusable()
                .ends_here(19),
            Vector::new("200 to GET", "HTTP/1.1 200 OK\r\n\r\nabc", 200).body("abc").not_reusable().ends_here(3),
            Vector::new("one byte", "HTTP/1.1 200 OK\r\n\r\n\n", 200).body("\n").not_reusable().ends_here(1),
            Vector::new("nothing", "HTTP/1.1 200 OK\r\n\r\n", 200).not_reusable(),
        ],
    );
}

#[test]
fn upgraded() {
    let switch = "HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.raw-stream\r\nConnection: Upgrade\r\n\
                  Upgrade: tcp\r\n\r\n";
    let bare = "HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n";
    let plain = "HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.raw-stream\r\n\r\n";
    let new = |name, head: &str, rest: &[u8], status| {
        let v = Vector::new(name, [head.as_bytes(), rest].concat(), status);
        v.asks(Asks::Upgrade).upgraded().body(rest).ends_here(rest.len())
    };
    check(
        13 + 2 + 7,
        [
            // docker-py: a frame in the same packet as the 101 was lost: expected (b"first", b"err"), got (None, b"err").
            new("101 and a frame in one read", switch, b"\x01\0\0\0\0\0\0\x05first", 101),
            new("101 and what looks like chunks", bare, b"0\r", 101),
            new("101 without Content-Type", bare, b"", 101),
            // An engine without Upgrade, and proxies (Tecnativa/docker-socket-proxy#132), answer 200.
            new("200 with neither length nor chunks", plain, b"output\n", 200),
            // What has a length is an answer, not a stream: exec with Detach, or a proxy's page.
            Vector::new("200 with length 0", fields("Content-Length: 0\r\n"), 200).asks(Asks::Upgrade),
            Vector::new("200 in chunks", chunked(b"2\r\nok\r\n0\r\n\r\n"), 200).asks(Asks::Upgrade).body("ok"),
            Vector::broken("101 unasked", switch, Protocol, "without being asked"),
            Vector::broken("101 to HEAD", switch, Protocol, "without being asked").asks(Asks::Head),
        ],
    );
}

#[test]
fn keep_alive() {
    let new = |text: &str, reusable| {
        let v = Vector::new("keep-alive", format!("{text}\r\nContent-Length: 0\r\n\r\n"), 200);
        if reusable { v } else { v.not_reusable() }
    };
    check(
        0,
        [
            new("HTTP/1.1 200 OK", true),
            new("HTTP/1.1 200 OK\r\nConnection: close", false),
            new("HTTP/1.1 200 OK\r\nconnection: foo, CLOSE", false),
            new("HTTP/1.1 200 OK\r\nConnection: foo\r\nConnection: Close", false),
            new("HTTP/1.1 200 OK\r\nConnection: closed", true),
            new("HTTP/1.0 200 OK", false),
            new("HTTP/1.0 200 OK\r\nConnection: Keep-Alive", true),
            new("HTTP/1.0 200 OK\r\nConnection: keep-alive, close", false),
        ],
    );
}

#[test]
fn what_follows_a_complete_answer_spoils_the_connection() {
    let one = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    let none = "HTTP/1.1 304 Not Modified\r\n\r\n";
    let new = |name, first: &str, rest: &str, status, body: &str| {
        let v = Vector::new(name, format!("{first}{rest}"), status).body(body);
        v.not_reusable().ends_here(rest.len())
    };
    check(
        1 + 2 + 40 + 5 + 5,
        [
            new("one byte more", one, "!", 200, "ok"),
            new("CRLF more", one, "\r\n", 200, "ok"),
            new("two answers", one, one, 200, "ok"),
            new("a body behind 304", none, "hello", 304, ""),
            new(
                "an error page behind chunks",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "HTTP/",
                200,
                "",
            ),
        ],
    );
}
