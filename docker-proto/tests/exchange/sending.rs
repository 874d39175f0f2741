//! While the request is on its way: early answers, broken writing, bodies that do not keep their word.

use crate::kit::{receive, send};
use docker_proto::ErrorKind::{Body, Protocol, Transport, Truncated, Usage};
use docker_proto::Source;
use docker_proto::wire::{BodyPiece, Event, Exchange, Method, RecvBuf, RequestBody, RequestHead};
use std::io;
use std::sync::Arc;

fn start(method: Method, body: RequestBody) -> Exchange {
    let head = RequestHead::new(method, "/containers/x/archive").unwrap();
    Exchange::start(head.finish(body), RecvBuf::new())
}

fn upload(length: Option<u64>) -> Exchange {
    start(Method::Put, RequestBody::Stream { length })
}

fn epipe() -> Source {
    Arc::new(io::Error::from(io::ErrorKind::BrokenPipe))
}

const EARLY: &[u8] =
    b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 20\r\n\r\n{\"message\":\"no tar\"}";

/// The status and the body of an answer that must be complete.
fn answer(exchange: &mut Exchange) -> (u16, Vec<u8>) {
    let Ok(Event::Head(head)) = exchange.poll() else { panic!("no head") };
    let mut body = Vec::new();
    loop {
        match exchange.poll().expect("a good answer") {
            Event::Data => {
                let mut input = exchange.input();
                body.extend_from_slice(&input.take(usize::MAX));
            }
            Event::End => return (head.status(), body),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn an_answer_that_comes_before_the_request_is_written_is_read() {
    let mut exchange = upload(None);
    send(&mut exchange);
    exchange.body(BodyPiece::Owned(vec![0; 100_000].into())).unwrap();
    exchange.wrote(5);
    assert!(exchange.wants().read.is_some() && exchange.wants().write.is_some(), "both ways at once");
    receive(&mut exchange, EARLY);
    assert_eq!(answer(&mut exchange), (400, b"{\"message\":\"no tar\"}".to_vec()));
    // The rest of the request is still owed, so the connection cannot be used again, whatever the answer says.
    assert!(exchange.wants().write.is_some() && !exchange.is_sent() && !exchange.is_reusable());
}

#[test]
fn an_early_answer_and_a_complete_request_leave_a_clean_connection() {
    let mut exchange = upload(Some(3));
    send(&mut exchange);
    receive(&mut exchange, b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    assert_eq!(answer(&mut exchange), (200, Vec::new()));
    assert!(!exchange.is_reusable());
    exchange.body(BodyPiece::Owned("abc".into())).unwrap();
    send(&mut exchange);
    assert!(exchange.is_sent() && exchange.is_reusable());
}

#[test]
fn a_connection_is_not_clean_before_it_is_flushed() {
    let mut exchange = start(Method::Get, RequestBody::None);
    let n = exchange.wants().write.expect("a request").concat().len();
    exchange.wrote(n);
    receive(&mut exchange, b"HTTP/1.1 204 No Content\r\n\r\n");
    answer(&mut exchange);
    assert!(exchange.wants().flush && !exchange.is_reusable());
    exchange.flushed();
    assert!(!exchange.wants().flush && exchange.is_reusable());
}

#[test]
fn an_answer_wins_over_broken_writing() {
    // An engine that refuses early resets what it does not read: the answer explains, the broken pipe does not.
    let mut exchange = upload(None);
    send(&mut exchange);
    exchange.body(BodyPiece::Owned("data".into())).unwrap();
    exchange.write_broke(epipe());
    let wants = exchange.wants();
    assert!(wants.write.is_none() && wants.body.is_none() && !wants.flush && wants.read.is_some(), "{wants:?}");
    // A body that goes on is not an error: nobody listens.
    exchange.body(BodyPiece::Owned("more".into())).unwrap();
    exchange.body(BodyPiece::End).unwrap();
    receive(&mut exchange, EARLY);
    assert_eq!(answer(&mut exchange).0, 400);
    assert!(!exchange.is_reusable() && !exchange.awaits_body());
}

#[test]
fn broken_writing_and_no_answer_is_reported_as_what_broke() {
    let broken = |read: fn(&mut Exchange)| {
        let mut exchange = upload(None);
        send(&mut exchange);
        exchange.write_broke(epipe());
        assert!(matches!(exchange.poll(), Ok(Event::NeedIo)), "an answer may still come");
        read(&mut exchange);
        exchange.poll().expect_err("nothing can come any more")
    };
    let e = broken(|x| x.read(0));
    assert_eq!(e.kind(), Transport);
    assert!(e.message().contains("while the request was sent") && e.to_string().contains("broken pipe"), "{e}");
    // An answer that begins and breaks off is the better explanation: there was somebody.
    let e = broken(|x| {
        receive(x, b"HTTP/1.1 4");
        x.read(0);
    });
    assert_eq!(e.kind(), Truncated);
    let e = broken(|x| x.read_broke(Arc::new(io::Error::from(io::ErrorKind::ConnectionReset))));
    assert_eq!(e.kind(), Transport);
}

#[test]
fn a_reset_while_reading_keeps_its_reason() {
    let parts: [&[u8]; 4] = [
        b"",
        b"HTTP/1.1 200 O",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc",
        b"HTTP/1.1 200 OK\r\n\r\nuntil close",
    ];
    for part in parts {
        let mut exchange = start(Method::Get, RequestBody::None);
        send(&mut exchange);
        if !part.is_empty() {
            receive(&mut exchange, part);
        }
        exchange.read_broke(Arc::new(io::Error::from(io::ErrorKind::ConnectionReset)));
        let e = loop {
            match exchange.poll() {
                Ok(Event::Data) => {
                    let mut input = exchange.input();
                    input.skip(usize::MAX);
                }
                Ok(Event::Head(_)) => {}
                Ok(other) => panic!("{other:?} after {part:?}"),
                Err(e) => break e,
            }
        };
        // A reset is no end, not even of a body that ends by it.
        assert_eq!(e.kind(), Transport, "{part:?}");
        assert!(e.to_string().contains("connection reset"), "{e}");
    }
}

#[test]
fn a_body_that_does_not_keep_its_length_is_refused() {
    let error = |pieces: &[BodyPiece]| {
        let mut exchange = upload(Some(5));
        send(&mut exchange);
        for piece in pieces {
            if let Err(e) = exchange.body(piece.clone()) {
                return e;
            }
            send(&mut exchange);
        }
        panic!("accepted");
    };
    let owned = |text: &'static str| BodyPiece::Owned(text.into());
    let e = error(&[owned("abc"), owned("defg")]);
    assert_eq!((e.kind(), e.message()), (Body, "the request body is longer than the length given for it, by 2"));
    let e = error(&[owned("abc"), BodyPiece::End]);
    assert_eq!((e.kind(), e.message()), (Body, "the request body ended 2 bytes before the length given for it"));
    let e = error(&[BodyPiece::End]);
    assert!(e.message().contains("5 bytes before"), "{e}");
    // What is more than the room that was offered was never put there.
    let e = error(&[BodyPiece::Filled(usize::MAX)]);
    assert_eq!(e.kind(), Usage);
}

#[test]
fn a_piece_that_was_not_asked_for_is_refused() {
    let mut exchange = upload(None);
    assert_eq!(exchange.body(BodyPiece::End).expect_err("the head is not written yet").kind(), Usage);
    send(&mut exchange);
    exchange.body(BodyPiece::End).unwrap();
    assert_eq!(exchange.body(BodyPiece::End).expect_err("it has ended").kind(), Usage);
    let mut exchange = start(Method::Get, RequestBody::None);
    send(&mut exchange);
    assert_eq!(exchange.body(BodyPiece::Owned("x".into())).expect_err("there is no body").kind(), Usage);
}

#[test]
fn only_what_did_nothing_may_be_sent_again() {
    let mut get = start(Method::Get, RequestBody::None);
    assert!(get.is_repeatable());
    send(&mut get);
    assert!(get.is_repeatable(), "GET may be done twice");
    receive(&mut get, b"H");
    assert!(!get.is_repeatable(), "there is an answer");

    let mut post = start(Method::Post, RequestBody::None);
    assert!(post.is_repeatable());
    post.wrote(0);
    assert!(post.is_repeatable() && !post.has_sent(), "no byte was written");
    post.wrote(1);
    assert!(!post.is_repeatable());
    let mut post = start(Method::Post, RequestBody::None);
    post.write_broke(epipe());
    assert!(post.is_repeatable(), "no byte was written");
}

#[test]
fn a_failed_exchange_wants_nothing() {
    let mut exchange = upload(None);
    exchange.wrote(1);
    receive(&mut exchange, b"garbage\r\n\r\n");
    assert_eq!(exchange.poll().expect_err("garbage").kind(), Protocol);
    let wants = exchange.wants();
    assert!(wants.write.is_none() && !wants.flush && wants.read.is_none() && wants.body.is_none(), "{wants:?}");
    assert!(!exchange.awaits_body() && !exchange.is_reusable());
}

#[test]
fn a_waiting_stream_keeps_no_block() {
    let mut exchange = start(Method::Get, RequestBody::None);
    send(&mut exchange);
    receive(&mut exchange, b"HTTP/1.1 200 OK\r\n\r\nab");
    assert!(matches!(exchange.poll(), Ok(Event::Head(_))));
    exchange.park();
    assert!(matches!(exchange.poll(), Ok(Event::Data)), "what arrived is kept");
    let mut input = exchange.input();
    assert_eq!(input.take(1), "a");
    exchange.park();
    let mut input = exchange.input();
    assert_eq!(input.take(9), "b");
    exchange.park();
    assert!(matches!(exchange.poll(), Ok(Event::NeedIo)));
    receive(&mut exchange, b"c");
    assert!(matches!(exchange.poll(), Ok(Event::Data)));
    let mut input = exchange.input();
    assert_eq!(input.take(9), "c");
}
