//! A websocket: its handshake, its end, and what its writer sends.

use crate::common::at;
use docker_proto::Error;
use docker_proto::ErrorKind::{self, Protocol, Truncated};
use docker_proto::api::containers::AttachWebsocket;
use docker_proto::drive::{Items, Link, Outgoing};
use docker_proto::session::Client;
use docker_proto::testkit::{Bench, Script, Want};
use docker_proto::wire::websocket::{Handshake, Sender};
use std::collections::BTreeSet;
use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use std::task::Poll;

/// The key of the first websocket of a client without a random number.
fn key() -> String {
    Handshake::new(0).key().into()
}

fn attach() -> AttachWebsocket {
    AttachWebsocket::new("web").stream(true).stdout(true)
}

/// The head of an answer with these lines.
fn head(lines: &str) -> String {
    format!("HTTP/1.1 101 Switching Protocols\r\n{lines}\r\n\r\n")
}

/// What an engine says to the handshake.
fn accepted() -> String {
    let accept = Handshake::accept(&key());
    head(&format!("Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}"))
}

/// What comes of an answer: the bytes before its end, and how it ended.
fn answered(script: Script) -> (String, Option<Error>) {
    let bench = Bench::new(script);
    let (mut text, mut failed) = (String::new(), None);
    for item in bench.collect(&mut bench.begin(&at(1, 42), attach())) {
        assert!(failed.is_none());
        match item {
            Ok(bytes) => text.push_str(std::str::from_utf8(&bytes).expect("text")),
            Err(e) => failed = Some(e),
        }
    }
    bench.finish();
    (text, failed)
}

#[test]
fn the_accept_of_the_rfc() {
    assert_eq!(Handshake::accept("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

#[test]
fn it_is_asked_for_with_a_key_of_its_own() {
    let want = |key: String| {
        Want::from("GET /v1.42/containers/web/attach/ws?stream=1&stdout=1")
            .header("Connection", "Upgrade")
            .header("Upgrade", "websocket")
            .header("Sec-WebSocket-Version", "13")
            .header("Sec-WebSocket-Key", key)
            .no_header("Sec-WebSocket-Protocol")
            .no_header("Content-Length")
    };
    let (text, failed) = answered(Script::new().expect(want(key())).reply(accepted() + "\u{2}\u{2}h").close());
    // 0x02 begins a binary message that is not finished.
    assert_eq!((&*text, failed.map(|e| e.kind())), ("h", Some(Truncated)));
}

#[test]
fn every_connection_has_another_key() {
    let keys = Arc::new(Mutex::new(BTreeSet::new()));
    let script = |n: usize| {
        let keys = keys.clone();
        let check = Want::any().check("a key of 16 bytes", move |asked| {
            let key = asked.header("sec-websocket-key").unwrap_or_default();
            keys.lock().expect("no panic").insert(key.to_owned());
            key.len() == 24 && key.ends_with("==")
        });
        (0..n).fold(Script::new(), |script, _| script.accept().expect(check.clone()).close())
    };
    let clients = [at(1, 42), Arc::new(Client::new(at(1, 42).config().clone()).seeded(4711))];
    for client in clients {
        let bench = Bench::new(script(3));
        for _ in 0..3 {
            bench.collect(&mut bench.begin(&client, attach()));
        }
        bench.finish();
    }
    assert_eq!(keys.lock().expect("no panic").len(), 6);
}

#[test]
fn a_close_frame_ends_it_although_the_connection_stays_open() {
    let answer = |end: &[u8]| [accepted().as_bytes(), b"\x82\x02hi\x81\x03 yo", end].concat();
    let (text, failed) = answered(Script::new().ignore().reply(answer(b"\x88\x02\x03\xE8")).stall());
    assert_eq!((&*text, failed.is_none()), ("hi yo", true), "{failed:?}");
    let (text, failed) = answered(Script::new().ignore().reply_bytewise(answer(b"\x88\x00behind it")).stall());
    assert_eq!((&*text, failed.is_none()), ("hi yo", true), "{failed:?}");
    // An engine that is killed sends none.
    let (text, failed) = answered(Script::new().ignore().reply(answer(b"")).close());
    let failed = failed.expect("cut off");
    assert_eq!((&*text, failed.kind()), ("hi yo", Truncated));
    assert!(failed.message().contains("without a close frame"), "{failed}");
    assert_eq!(failed.operation(), Some("ContainerAttachWebsocket"));
    let (_, failed) = answered(Script::new().ignore().reply(answer(b"\x88\x08\x03\xF3failed")).stall());
    assert!(failed.is_some_and(|e| e.kind() == ErrorKind::InStream && e.message().contains("1011: failed")));
}

#[test]
fn an_answer_that_opens_none_is_refused() {
    let accept = Handshake::accept(&key());
    let ok = "Upgrade: WebSocket\r\nConnection: keep-alive, upgrade";
    let cases = [
        (head(&format!("Connection: Upgrade\r\nSec-WebSocket-Accept: {accept}")), "upgrade does not say websocket"),
        (head(&format!("Upgrade: tcp\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}")), "say websocket"),
        (head(&format!("Upgrade: websocket\r\nSec-WebSocket-Accept: {accept}")), "connection does not say upgrade"),
        (head(ok), "has no Sec-WebSocket-Accept"),
        (head(&format!("{ok}\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")), "answers another key"),
        (head(&format!("{ok}\r\nSec-WebSocket-Accept: {accept}\r\nSec-WebSocket-Protocol: chat")), "none was offered"),
        (
            head(&format!("{ok}\r\nSec-WebSocket-Accept: {accept}\r\nSec-WebSocket-Extensions: permessage-deflate")),
            "\"permessage-deflate\", and none was offered",
        ),
        // A proxy that knows no websockets.
        ("HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.raw-stream\r\n\r\nhi".into(), "status is 200"),
    ];
    for (answer, why) in cases {
        let (text, failed) = answered(Script::new().ignore().reply(&answer).stall());
        let e = failed.unwrap_or_else(|| panic!("{answer}"));
        assert_eq!((&*text, e.kind()), ("", Protocol), "{answer}");
        assert!(e.message().contains(why), "{e}");
    }
    let (text, failed) = answered(
        Script::new().ignore().reply(head(&format!("{ok}\r\nSec-WebSocket-Accept: {accept}")) + "\u{1}\0").close(),
    );
    assert_eq!((&*text, failed.map(|e| e.kind())), ("", Some(Truncated)), "fields in any case, among others");
    // What the engine says before that is its own word.
    let (_, failed) = answered(Script::new().ignore().json(404, r#"{"message":"No such container: web"}"#));
    assert!(failed.is_some_and(|e| e.is_not_found() && e.message() == "No such container: web"));
}

/// A transport that takes so many bytes at a time, and nothing every other time.
struct Slow {
    most: usize,
    turn: bool,
    took: Vec<u8>,
}

impl Slow {
    fn new(most: usize) -> Self {
        Self { most, turn: false, took: Vec::new() }
    }

    fn write(&mut self, bytes: &[u8]) -> Poll<Result<usize, Infallible>> {
        assert!(!bytes.is_empty());
        self.turn = !self.turn;
        if !self.turn {
            return Poll::Pending;
        }
        let n = bytes.len().min(self.most);
        self.took.extend_from_slice(&bytes[..n]);
        Poll::Ready(Ok(n))
    }

    /// The frames that it took, as a server reads them: first byte and payload. All must be there, and masked.
    fn frames(&self) -> Vec<(u8, Vec<u8>)> {
        let (mut rest, mut frames) = (&self.took[..], Vec::new());
        while let [first, length, more @ ..] = rest {
            assert_eq!(length & 0x80, 0x80, "a client masks");
            let (length, more) = match length & 0x7F {
                127 => panic!("no frame is that long"),
                126 => (usize::from(u16::from_be_bytes([more[0], more[1]])), &more[2..]),
                n => (usize::from(n), more),
            };
            let (mask, more) = more.split_at(4);
            let payload = more[..length].iter().zip(mask.iter().cycle()).map(|(a, b)| a ^ b).collect();
            frames.push((*first, payload));
            rest = &more[length..];
        }
        assert!(rest.is_empty(), "half a frame");
        frames
    }
}

fn ready<T>(mut poll: impl FnMut() -> Poll<Result<T, Infallible>>) -> T {
    for _ in 0..1_000_000 {
        if let Poll::Ready(value) = poll() {
            return value.unwrap_or_else(|never| match never {});
        }
    }
    panic!("never ready");
}

#[test]
fn what_is_written_arrives_in_masked_frames() {
    for most in [1, 7, 1000, usize::MAX] {
        let mut slow = Slow::new(most);
        let mut sender = Handshake::new(7).sender();
        let sent: Vec<u8> = (0..40_000u32).map(|i| (i % 251) as u8).collect();
        let mut left = &sent[..];
        while !left.is_empty() {
            let n = ready(|| sender.poll_write(left, |b| slow.write(b)));
            assert!(n > 0);
            left = &left[n..];
        }
        assert_eq!(ready(|| sender.poll_write(&[], |b| slow.write(b))), 0, "no empty message is sent");
        ready(|| sender.poll_close(|b| slow.write(b)));
        ready(|| sender.poll_close(|b| slow.write(b)));
        assert_eq!(ready(|| sender.poll_write(b"late", |b| slow.write(b))), 0, "nothing follows a close frame");
        let mut frames = slow.frames();
        assert_eq!(frames.pop(), Some((0x88, vec![0x03, 0xE8])));
        assert!(frames.iter().all(|(first, payload)| *first == 0x82 && !payload.is_empty()));
        assert_eq!(frames.len(), 3, "one for each 16 KiB");
        assert!(frames.into_iter().flat_map(|(_, payload)| payload).eq(sent));
    }
}

#[test]
fn no_mask_is_used_twice_in_a_row() {
    let mut slow = Slow::new(usize::MAX);
    let mut sender = Handshake::new(7).sender();
    for _ in 0..20 {
        ready(|| sender.poll_write(&[0; 4], |b| slow.write(b)));
    }
    ready(|| sender.poll_flush(|b| slow.write(b)));
    let masks: BTreeSet<_> = slow.took.chunks(10).map(|frame| &frame[2..6]).collect();
    assert_eq!(masks.len(), 20);
}

fn opened(bench: &Bench) -> Items<Bench, AttachWebsocket> {
    let mut items = bench.begin(&at(1, 42), attach());
    bench.run(|cx| items.poll_head(cx)).expect("a websocket");
    items
}

#[test]
fn pings_are_answered_at_the_next_write_or_flush() {
    let mute = |sender: &mut Sender| {
        let mut slow = Slow::new(usize::MAX);
        ready(|| sender.poll_flush(|b| slow.write(b)));
        slow.frames()
    };
    let answer =
        [accepted().as_bytes(), b"\x89\x03one\x82\x01a\x89\x03two\x89\x00\x82\x01b\x89\x01x\x82\x01c\x88\x00"].concat();
    let bench = Bench::new(Script::new().ignore().reply(answer).stall());
    let mut items = opened(&bench);
    let mut sender = items.core().sender().expect("a websocket");
    assert_eq!(mute(&mut sender), [], "nobody has read the ping yet");
    let mut next = || bench.run(|cx| items.poll_next(cx)).transpose().expect("sound");
    assert_eq!(next().as_deref(), Some(&b"a"[..]));
    assert_eq!(mute(&mut sender), [(0x8A, b"one".to_vec())]);
    assert_eq!(mute(&mut sender), [], "once");
    assert_eq!(next().as_deref(), Some(&b"b"[..]));
    // Of several the last.
    assert_eq!(mute(&mut sender), [(0x8A, b"".to_vec())]);
    assert_eq!(next().as_deref(), Some(&b"c"[..]));
    let mut slow = Slow::new(3);
    assert_eq!(ready(|| sender.poll_write(b"text", |b| slow.write(b))), 4);
    ready(|| sender.poll_close(|b| slow.write(b)));
    assert_eq!(slow.frames(), [(0x8A, b"x".to_vec()), (0x82, b"text".to_vec()), (0x88, vec![3, 0xE8])]);
    assert_eq!(next(), None);
    bench.finish();
}

#[test]
fn a_session_writes_by_it() {
    let want = {
        let (mut slow, mut sender) = (Slow::new(usize::MAX), Handshake::new(0).sender());
        ready(|| sender.poll_write(b"hello", |b| slow.write(b)));
        ready(|| sender.poll_close(|b| slow.write(b)));
        slow.took
    };
    let answer = [accepted().as_bytes(), b"\x82\x02hi\x88\x00"].concat();
    let bench = Bench::new(
        Script::new()
            .expect(Want::any())
            .reply(accepted())
            .expect_bytes(want)
            .reply(&answer[accepted().len()..])
            .stall(),
    );
    let mut items = opened(&bench);
    let mut outgoing = Outgoing::new(items.core());
    assert!(!outgoing.is_plain() && !outgoing.closes_on_drop());
    let mut link =
        |bytes: &[u8], cx: &mut std::task::Context<'_>| items.link().expect("open").poll_write(cx, [bytes, &[], &[]]);
    let n = bench.run(|cx| outgoing.poll_write(b"hello", |b| link(b, cx))).expect("written");
    assert_eq!(n, 5);
    let half_close = bench.run(|cx| outgoing.poll_close(|b| link(b, cx))).expect("closed");
    assert!(!half_close, "the close frame says it");
    bench.run(|cx| items.link().expect("open").poll_flush(cx)).expect("flushed");
    let bytes: Vec<u8> = bench.collect(&mut items).into_iter().flat_map(|b| b.expect("bytes")).collect();
    assert_eq!(bytes, b"hi");
    bench.finish();
}
