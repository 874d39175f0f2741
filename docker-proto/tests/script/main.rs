//! The scripted engine itself: it speaks when spoken to, says what is wrong, and plays back what was recorded.

use docker_proto::api::{containers, system};
use docker_proto::testkit::{Bench, Dial, Fault, Peer, Recorder, Script, Transcript, Want};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

const ZERO: Duration = Duration::ZERO;

fn peer(script: Script) -> Peer {
    let Some(Dial::Accepted { peer, .. }) = script.dials().last() else { panic!("a connection") };
    peer
}

fn read(peer: &mut Peer, now: Duration) -> Option<Result<String, Fault>> {
    let mut room = [0; 100];
    peer.read(now, &mut room).map(|r| r.map(|n| String::from_utf8_lossy(&room[..n]).into_owned()))
}

fn ok(text: &str) -> Option<Result<String, Fault>> {
    Some(Ok(text.into()))
}

/// What a failure says.
fn says(work: impl FnOnce()) -> String {
    let e = catch_unwind(AssertUnwindSafe(work)).expect_err("a failure");
    e.downcast_ref::<String>()
        .cloned()
        .or_else(|| e.downcast_ref::<&str>().map(ToString::to_string))
        .unwrap_or_default()
}

#[test]
fn it_speaks_when_the_whole_request_was_flushed() {
    let mut p = peer(Script::new().expect("PUT /x").reply("yes").close());
    let request = b"PUT /x HTTP/1.1\r\nContent-Length: 2\r\n\r\nab";
    assert_eq!(p.write(ZERO, &[&request[..10], &request[10..39]]), Some(Ok(39)));
    assert_eq!(p.flush(ZERO), Some(Ok(())));
    assert_eq!(read(&mut p, ZERO), None, "a byte of the body is missing");
    assert_eq!(p.write(ZERO, &[&request[39..]]), Some(Ok(1)));
    assert_eq!(read(&mut p, ZERO), None, "not flushed");
    p.flush(ZERO);
    assert_eq!(read(&mut p, ZERO), ok("yes"));
    assert_eq!(read(&mut p, ZERO), ok(""));
    assert_eq!(p.left(), None);
}

#[test]
fn replies_come_in_the_pieces_that_were_written_down() {
    let mut p =
        peer(Script::new().reply_cut("hello", &[1, 3]).reply_bytewise("ab").pause(Duration::from_secs(5)).reply("!"));
    let read_now = |p: &mut Peer| read(p, ZERO);
    for want in ["h", "el", "lo", "a", "b"] {
        assert_eq!(read_now(&mut p), ok(want));
    }
    assert_eq!(read_now(&mut p), None);
    assert_eq!(p.wakes_at(), Some(Duration::from_secs(5)));
    assert_eq!(read(&mut p, Duration::from_secs(5)), ok("!"));
}

#[test]
fn writes_wait_break_and_are_cut() {
    let mut p = peer(Script::new().window(3).expect_bytes("abc").jam());
    assert_eq!(p.write(ZERO, &[b"ab", b"cd"]), Some(Ok(3)));
    p.flush(ZERO);
    assert_eq!(p.write(ZERO, &[b"d"]), None);
    let mut p = peer(Script::new().jam_after(3));
    assert_eq!(p.write(ZERO, &[b"ab", b"cd"]), Some(Ok(3)));
    p.flush(ZERO);
    assert_eq!(p.write(ZERO, &[b"d"]), None);
    let mut p = peer(Script::new().break_writes_after(1).close());
    assert_eq!(p.write(ZERO, &[b"ab"]), Some(Ok(1)));
    assert_eq!(read(&mut p, ZERO), None);
    assert_eq!(p.write(ZERO, &[b"b"]), Some(Err(Fault::BrokenPipe)));
    assert_eq!(read(&mut p, ZERO), ok(""));
    let mut p = peer(Script::new().break_writes().reply("early").reset());
    assert_eq!(read(&mut p, ZERO), None, "it waits for the attempt");
    assert_eq!(p.write(ZERO, &[b"x"]), Some(Err(Fault::Reset)), "the reset comes last and says more");
    assert_eq!(read(&mut p, ZERO), ok("early"));
    assert_eq!(read(&mut p, ZERO), Some(Err(Fault::Reset)));
}

#[test]
fn half_closing_is_seen() {
    let mut p = peer(Script::new().expect_bytes("in").expect_end().reply("out"));
    p.write(ZERO, &[b"in"]);
    p.flush(ZERO);
    assert_eq!(read(&mut p, ZERO), None);
    p.end(ZERO);
    assert_eq!(read(&mut p, ZERO), ok("out"));
}

#[test]
fn failures_say_which_connection_what_was_expected_and_what_came() {
    let run = |script: Script, request: &'static str| {
        says(|| {
            let mut p = peer(script);
            p.write(ZERO, &[request.as_bytes()]);
            p.flush(ZERO);
        })
    };
    let post = "POST /b HTTP/1.1\r\nA: b\r\nContent-Length: 2\r\n\r\nhi";
    let with = |want: Want| Script::new().accept().accept().expect(want);
    let table = [
        (with("GET /a".into()), "expected GET /a; came \"POST /b HTTP/1.1"),
        (with("POST /b HTTP/1.1\r\n\r\n".into()), "expected the head"),
        (with(Want::any().header("A", "c")), "expected the field A: c"),
        (with(Want::any().no_header("a")), "expected no field a"),
        (with(Want::any().head_contains("zz")), "expected \"zz\" in the head"),
        (with(Want::any().body("ho")), "expected the body \"ho\"; came"),
        (with(Want::any().body_contains("x")), "expected \"x\" in the body"),
        (with(Want::any().body_ends_with("h")), "expected \"h\" at the end of the body"),
        (with(Want::any().check("an even moon", |a| a.method() == "GET")), "expected an even moon"),
        (Script::new().accept().accept().expect_bytes("POST /c"), "expected the bytes POST /c; came \"POST /b"),
        (Script::new().accept().accept().window(999), "expected nothing more; came \"POST"),
    ];
    for (script, part) in table {
        let said = run(script, post);
        assert!(said.starts_with("connection 2: ") && said.contains(part), "{said}");
    }
    let fits = Want::from("POST /b").header("a", "b").no_header("c").head_contains("A: ").body("hi").body_contains("h");
    let mut p = peer(Script::new().expect(fits.body_ends_with("i").check("hi", |a| a.body() == b"hi")));
    p.write(ZERO, &[post.as_bytes()]);
    p.flush(ZERO);
    assert_eq!(p.left(), None);
    // A wrong head is told before its body has come.
    let said = run(Script::new().expect("GET /"), "PUT /z HTTP/1.1\r\nContent-Length: 99\r\n\r\n");
    assert!(said.contains("expected GET /; came"), "{said}");
}

#[test]
fn a_bench_tells_what_is_missing() {
    let ping = || Script::new().expect("GET /_ping").answer(200, "Api-Version: 1.41\r\n", "OK");
    let bench = Bench::new(ping().expect("GET /next").accept().close());
    bench.call(&Bench::client(), system::Ping::new()).unwrap();
    let said = says(|| bench.finish());
    assert!(said.contains("connection 1: still waits for GET /next; 1 of 2 dials were not made"), "{said}");
    let said = says(|| drop(Bench::new(Script::new()).call(&Bench::client(), system::Ping::new())));
    assert!(said.contains("attempt 1 to connect; the script has 0"), "{said}");
    let none = Bench::client_with(|c| c.timeouts = docker_proto::session::Timeouts::NONE);
    let said = says(|| drop(Bench::new(Script::new().expect("GET /_ping").stall()).call(&none, system::Ping::new())));
    assert!(said.contains("stuck: nothing is left that could happen"), "{said}");
}

const RECORDED: &str = "\
1 +
1 > HEAD /_ping HTTP/1.1\\r\\n
1 > Host: docker\\r\\n
1 > User-Agent: \\*\\r\\n
1 > \\r\\n
1 < HTTP/1.1 200 OK\\r\\n
1 < Api-Version: 1.41\\r\\n
1 < Content-Length: 0\\r\\n
1 < \\r\\n
1 > GET /v1.41/containers/json HTTP/1.1\\r\\n
1 > Host: docker\\r\\n
1 > User-Agent: \\*\\r\\n
1 > \\r\\n
1 < HTTP/1.1 200 OK\\r\\n
1 < Content-Length: 24\\r\\n
1 < \\r\\n
1 < [{\"Names\":[\"/caf\\xc3\\xa9\\\\n\"]}]
1 -
";

#[test]
fn a_transcript_is_played_back() {
    let transcript = Transcript::parse(RECORDED).unwrap();
    assert_eq!(transcript.to_string(), RECORDED);
    let bench = Bench::new(Script::from(transcript));
    let list = bench.call(&Bench::client(), containers::List::new()).unwrap();
    assert_eq!(list[0].names, ["/café\n"]);
    bench.finish();
    // What differs outside the gaps is told.
    let bench = Bench::new(Script::from(Transcript::parse(RECORDED).unwrap()));
    let said = says(|| drop(bench.call(&Bench::client(), containers::List::new().all(true))));
    assert!(
        said.contains("expected the bytes GET /v1.41/containers/json HTTP") && said.contains("json?all=1"),
        "{said}"
    );
}

#[test]
fn what_was_recorded_is_what_is_read_and_holds_no_secrets() {
    let mut recorder = Recorder::new();
    let (a, b) = (recorder.dialled(), recorder.dialled());
    recorder.sent(a, b"POST /x HTTP/1.1\r\nX-Registry-Auth: c2Vj");
    recorder.sent(b, b"\x00\\n\n");
    recorder.sent(a, b"cmV0\r\nHost: docker\r\n\r\n");
    recorder.received(a, b"one\r\ntw");
    recorder.received(a, b"o");
    recorder.half_closed(b);
    recorder.received(a, b"");
    recorder.reset(b);
    let mut transcript = recorder.transcript();
    transcript.mask("host");
    let text = transcript.to_string();
    assert!(!text.contains("c2Vj") && text.contains("1 > X-Registry-Auth: \\*\\r\\n\n1 > Host: \\*\\r\\n\n"), "{text}");
    assert!(text.contains("2 > \\x00\\\\n\\n\n") && text.contains("1 < one\\r\\n\n1 < two\n2 |\n1 -\n2 !\n"), "{text}");
    assert_eq!(Transcript::parse(&text).unwrap(), transcript);
    assert_eq!(Transcript::parse(&format!("# comment\n\n{text}")).unwrap(), transcript);
}

#[test]
fn a_gap_ends_where_the_line_goes_on_and_never_behind_it() {
    let play = |line: &str, came: &[&str]| {
        let mut p = peer(Script::from(Transcript::parse(&format!("1 +\n1 > {line}\n1 < ok\n")).unwrap()));
        for part in came {
            p.write(ZERO, &[part.as_bytes()]);
            p.flush(ZERO);
        }
        read(&mut p, ZERO)
    };
    let line = "A: \\*\\r\\nB";
    for came in [&["A: x\r\nB"][..], &["A: \r\nB"], &["A: ", "lon", "g", "\r", "\n", "B"]] {
        assert_eq!(play(line, came), ok("ok"), "{came:?}");
    }
    assert_eq!(play(line, &["A: x\r\n"]), None);
    assert_eq!(play("<\\*>\\*!", &["<a>b!"]), ok("ok"));
    for came in [&["B"][..], &["A: x\r\nC"], &["A: x\n\nB"]] {
        let said = says(|| drop(play(line, came)));
        assert!(said.contains("expected the bytes A: \\*\\r\\nB"), "{said}");
    }
}

#[test]
fn a_transcript_with_a_mistake_names_the_line() {
    for (text, part) in [
        ("1 > x", "line 1 of the transcript: not dialled yet"),
        ("1 +\n1 +", "line 2 of the transcript: dialled a second time"),
        ("x +", "no connection number"),
        ("1", "no event"),
        ("1 +\n1 ? x", "unknown event"),
        ("1 +\n1 > \\q", "unknown escape"),
        ("1 +\n1 > \\x4", "two digits"),
        ("1 +\n1 > caf\u{e9}", "only ASCII"),
        ("1 +\n1 < a\\*", "a gap in what the engine says"),
    ] {
        let e = Transcript::parse(text).expect_err(text);
        assert!(e.message().contains(part), "{e}");
    }
}
