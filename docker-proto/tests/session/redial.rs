//! A kept connection that turns out to be dead while it is used: dialled again once, if nothing can be done twice.

use crate::common::pinned;
use docker_proto::ErrorKind::{Connect, Transport, Truncated};
use docker_proto::api::{archive, containers, system};
use docker_proto::op::Change;
use docker_proto::testkit::{Bench, MemoryBody, Script, Want};

const GET: &str = "GET /v1.41/containers/web/json";
const POST: &str = "POST /v1.41/containers/web/start";

/// A connection that served one ping and is kept.
fn kept() -> Script {
    Script::new().expect("GET /_ping").answer(200, "", "OK")
}

fn bench(script: Script) -> Bench {
    let bench = Bench::new(script);
    bench.call(&pinned(), system::Ping::new()).unwrap();
    assert_eq!(bench.counters().idle, 1);
    bench
}

#[test]
fn a_get_is_sent_again() {
    for (name, dead) in [
        ("EOF", kept().expect(GET).close()),
        ("reset", kept().expect(GET).reset()),
        ("broken pipe", kept().break_writes().close()),
        ("broken pipe, then reset", kept().break_writes().reset()),
    ] {
        let bench = bench(dead.accept().expect(GET).json(200, r#"{"Id":"x"}"#));
        bench.call(&pinned(), containers::Inspect::new("web")).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!(bench.dials(), 2, "{name}");
        bench.finish();
    }
}

#[test]
fn a_post_is_sent_again_only_if_no_byte_of_it_was_written() {
    let bench1 = bench(kept().break_writes().close().accept().expect(POST).answer(204, "", ""));
    assert_eq!(bench1.call(&pinned(), containers::Start::new("web")).unwrap(), Change::Changed);
    bench1.finish();
    // docker-java#2682: the engine may have done it before it went.
    for dead in [kept().expect(POST).close(), kept().expect(POST).reset(), kept().break_writes_after(1).close()] {
        let bench = bench(dead);
        let e = bench.call(&pinned(), containers::Start::new("web")).expect_err("it may have been done");
        assert!(matches!(e.kind(), Truncated | Transport), "{e}");
        assert_eq!(bench.dials(), 1);
        bench.finish();
    }
}

#[test]
fn never_twice_and_never_from_a_new_connection() {
    let two = bench(kept().expect(GET).close().accept().expect(GET).close());
    let e = two.call(&pinned(), containers::Inspect::new("web")).expect_err("dead twice");
    assert_eq!((e.kind(), two.dials()), (Truncated, 2));
    two.finish();
    let fresh = Bench::new(Script::new().expect(GET).close());
    let e = fresh.call(&pinned(), containers::Inspect::new("web")).expect_err("dead at once");
    assert_eq!((e.kind(), fresh.dials()), (Truncated, 1));
    let refused = bench(kept().expect(GET).close().refuse("nobody there"));
    let e = refused.call(&pinned(), containers::Inspect::new("web")).expect_err("gone");
    assert!(e.kind() == Connect && e.to_string().contains("nobody there"), "{e}");
}

#[test]
fn a_connection_that_answered_just_now_is_not_one_that_died_idle() {
    let script = kept().negotiate("1.41").expect("GET /v1.41/containers/web/json").close();
    let bench = bench(script);
    let e = bench.call(&Bench::client(), containers::Inspect::new("web")).expect_err("the engine hung up");
    assert_eq!((e.kind(), bench.dials()), (Truncated, 1));
    bench.finish();
}

#[test]
fn not_once_an_answer_has_begun() {
    let bench = bench(kept().expect(GET).reply("H").close());
    let e = bench.call(&pinned(), containers::Inspect::new("web")).expect_err("cut");
    assert_eq!((e.kind(), bench.dials()), (Truncated, 1));
}

#[test]
fn another_kept_connection_is_not_tried() {
    // Two are kept; when one is dead the other is as old, so a new one is dialled.
    let ping = |s: Script| s.accept().expect("GET /_ping").pause(crate::common::secs(1)).answer(200, "", "OK");
    let script = ping(ping(Script::new())).expect(GET).close().accept().expect(GET).json(200, "{}");
    let bench = Bench::new(script);
    let mut a = bench.begin(&pinned(), system::Ping::new());
    let mut b = bench.begin(&pinned(), system::Ping::new());
    assert!(bench.poll(|cx| a.poll_next(cx)).is_pending());
    assert!(bench.poll(|cx| b.poll_next(cx)).is_pending());
    assert_eq!(bench.collect(&mut a).len() + bench.collect(&mut b).len(), 2);
    assert_eq!(bench.counters().idle, 2);
    bench.call(&pinned(), containers::Inspect::new("web")).unwrap();
    assert_eq!((bench.dials(), bench.is_open(1), bench.is_open(2)), (3, true, false));
    bench.finish();
}

#[test]
fn uploads_and_upgrades_dial_afresh() {
    let put = "PUT /v1.41/containers/web/archive?path=%2F";
    let bench1 = bench(kept().accept().expect(Want::from(put).body("tar")).answer(200, "", ""));
    let mut items = bench1.upload(&pinned(), archive::Put::new("web", "/"), MemoryBody::new().filled("tar"));
    bench1.collect(&mut items).remove(0).unwrap();
    bench1.finish();
    let attach = kept().accept().expect("POST /v1.41/containers/web/attach");
    let bench2 = bench(attach.reply("HTTP/1.1 101 UPGRADED\r\n\r\nout").close());
    let mut items = bench2.begin(&pinned(), containers::Attach::new("web").tty(true));
    assert_eq!(bench2.collect(&mut items).len(), 1);
    assert!(bench2.is_open(1), "the kept one still is");
    bench2.finish();
}

#[test]
fn an_engine_that_came_back_is_asked_who_it_is() {
    let list = |v: &str| format!("GET /v{v}/containers/json");
    let first = Script::new().negotiate("1.41").expect(list("1.41")).json(200, "[]").expect(list("1.41")).close();
    let bench = Bench::new(first.accept().negotiate("1.40").expect(list("1.40")).json(200, "[]"));
    let client = Bench::client();
    bench.call(&client, containers::List::new()).unwrap();
    bench.call(&client, containers::List::new()).unwrap();
    assert_eq!(crate::common::version(&client).as_deref(), Some("1.40"));
    bench.finish();
}

#[test]
fn a_broken_upload_prefers_the_answer() {
    let put = || Script::new().expect_head(Want::any());
    let early = r#"{"message":"no such directory"}"#;
    let body = || MemoryBody::new().piece(vec![0; 100_000]).piece(vec![1; 100_000]);
    let run = |script: Script| {
        let bench = Bench::new(script);
        let mut items = bench.upload(&pinned(), archive::Put::new("web", "/"), body());
        let e = crate::common::only_error(bench.collect(&mut items));
        (e, bench.dials())
    };
    let (e, _) = run(put().ignore().break_writes().answer(400, "Connection: close\r\n", early).close());
    assert_eq!((e.status(), e.message()), (Some(400), "no such directory"));
    let (e, dials) = run(put().ignore().break_writes().close());
    assert_eq!((e.kind(), dials), (Transport, 1), "{e}");
    assert!(e.to_string().contains("broken pipe"), "{e}");
    // Jammed and answered: nothing more is written, the answer is read.
    let (e, _) = run(put().ignore().jam().answer(409, "Connection: close\r\n", early));
    assert_eq!(e.status(), Some(409));
}

#[test]
fn a_body_that_fails_ends_the_call() {
    let bench = Bench::new(Script::new().expect_head(Want::any()).ignore());
    let body = MemoryBody::new().piece("begin").fail("disk on fire");
    let mut items = bench.upload(&pinned(), archive::Put::new("web", "/"), body);
    let e = crate::common::only_error(bench.collect(&mut items));
    assert!(e.kind() == docker_proto::ErrorKind::Body && e.to_string().contains("disk on fire"), "{e}");
    assert!(!bench.is_open(1));
    // So does one that gives more or less than it said.
    for (length, part) in [(4, "longer than the length given for it, by 1"), (6, "ended 1 bytes before")] {
        let bench =
            Bench::new(Script::new().expect_head(Want::any().header("Content-Length", length.to_string())).ignore());
        let body = MemoryBody::new().length(length).piece("be").filled("gin");
        let mut items = bench.upload(&pinned(), archive::Put::new("web", "/"), body);
        let e = crate::common::only_error(bench.collect(&mut items));
        assert!(e.kind() == docker_proto::ErrorKind::Body && e.message().contains(part), "{e}");
        assert!(!bench.is_open(1), "the engine waits for a body that does not come");
    }
}
