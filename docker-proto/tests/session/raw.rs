//! Requests that are in no table.

use crate::common::{FRAME, at, frames, only_error, output, pinned, raw};
use docker_proto::ErrorKind::{Engine, InStream, Protocol, Usage};
use docker_proto::drive::{Items, Link};
use docker_proto::op::{
    Archive, Change, Done, Json, Operation, OutputStream, PingReply, ProgressStream, Raw, RawBytes, RawUpload, Session,
    Stat, Text, Upgraded, Values,
};
use docker_proto::session::{CallOptions, Verb, VersionChoice};
use docker_proto::testkit::{Bench, MemoryBody, Script, Want};
use docker_proto::{Error, Phase};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::task::{Context, Poll, Waker};

fn expect(line: &str) -> Script {
    Script::new().expect(line)
}

/// The one answer to a request.
fn call<O: Operation>(script: Script, op: O) -> Result<<O::Reply as docker_proto::op::Reply>::Item, Error> {
    let bench = Bench::new(script);
    let answer = bench.call(&pinned(), op);
    bench.finish();
    answer
}

/// All items of an answer.
fn stream<O: Operation>(script: Script, op: O) -> Vec<Result<<O::Reply as docker_proto::op::Reply>::Item, Error>> {
    let bench = Bench::new(script);
    let all = bench.collect(&mut bench.begin(&pinned(), op));
    bench.finish();
    all
}

/// The error of a request that nobody was asked.
fn refused<O: Operation>(op: O) -> Error {
    let bench = Bench::new(Script::new());
    let e = bench.call(&pinned(), op).map(drop).expect_err("refused");
    assert_eq!((bench.dials(), e.kind(), e.phase()), (0, Usage, Some(Phase::Prepare)), "{e}");
    e
}

#[test]
fn every_method_versioned_and_not() {
    let done = |line: &str, op: Raw<Done>| {
        assert_eq!(call(expect(line).answer(204, "", ""), op).unwrap(), Change::Changed, "{line}");
    };
    done("GET /v1.41/x/y", Raw::get("/x/y"));
    done("HEAD /v1.41/x", Raw::head("/x"));
    done("POST /v1.41/x", Raw::post("/x"));
    done("PUT /v1.41/x", Raw::put("/x"));
    done("DELETE /v1.41/x", Raw::delete("/x"));
    done("GET /libpod/info", Raw::get("/libpod/info").unversioned());
    done("HEAD /x", Raw::head("/x").unversioned());
    done("POST /x", Raw::post("/x").unversioned());
    done("PUT /x", Raw::put("/x").unversioned());
    done("DELETE /x", Raw::delete("/x").unversioned());
}

#[test]
fn every_kind_of_answer() {
    let value = call(expect("GET /v1.41/x").json(200, "[1]"), Raw::<Json<Value>>::get("/x")).unwrap();
    assert_eq!(value, json!([1]));
    let values = stream(expect("GET /v1.41/x").chunks(200, "", &["{}1", " 2"]), Raw::<Values<Value>>::get("/x"));
    assert_eq!(values.into_iter().map(Result::unwrap).collect::<Vec<_>>(), [json!({}), json!(1), json!(2)]);
    let progress = ["{\"status\":\"a\"}\n{\"error\":\"boom\"}\n"];
    let all = stream(expect("POST /v1.41/x").chunks(200, "", &progress), Raw::<ProgressStream>::post("/x"));
    let [Ok(first), Err(e)] = &all[..] else { panic!("{all:?}") };
    assert_eq!((first.status.as_deref(), e.kind(), e.operation()), (Some("a"), InStream, Some("Raw")));
    assert_eq!(call(expect("GET /v1.41/x").answer(200, "", "OK\n"), Raw::<Text>::get("/x")).unwrap(), "OK\n");
    let bytes = stream(expect("GET /v1.41/x").chunks(200, "", &["ab", "c"]), Raw::<RawBytes>::get("/x"));
    assert_eq!(bytes.into_iter().flat_map(|b| b.unwrap().to_vec()).collect::<Vec<_>>(), b"abc");
    // {"name":"etc","size":4096,"mode":2147484141,"mtime":"2024-01-01T00:00:00Z","linkTarget":""}
    let stat = "X-Docker-Container-Path-Stat: eyJuYW1lIjoiZXRjIiwic2l6ZSI6NDA5NiwibW9kZSI6MjE0NzQ4NDE0MSwibXRpbWUiOiIyMDI0LTAxLTAxVDAwOjAwOjAwWiIsImxpbmtUYXJnZXQiOiIifQ==\r\n";
    assert_eq!(call(expect("HEAD /v1.41/x").answer(200, stat, ""), Raw::<Stat>::head("/x")).unwrap().name, "etc");
    let tar = stream(expect("GET /v1.41/x").answer(200, stat, "tar"), Raw::<Archive>::get("/x").unchecked());
    assert_eq!(tar.into_iter().map(|b| b.unwrap()).collect::<Vec<_>>(), ["tar"]);
    let e = only_error(stream(expect("GET /v1.41/x").answer(200, "", "tar"), Raw::<Archive>::get("/x")));
    assert_eq!(e.kind(), Protocol);
    // Whoever pings needs no version to be agreed on first.
    let bench = Bench::new(expect("GET /_ping").answer(200, "Api-Version: 1.47\r\n", "OK"));
    let ping = bench.call(&Bench::client(), Raw::<PingReply>::get("/_ping").unversioned()).unwrap();
    assert_eq!(ping.api_version.as_deref(), Some("1.47"));
}

#[test]
fn statuses_mean_what_they_mean_elsewhere() {
    assert_eq!(call(expect("POST /v1.41/x").answer(304, "", ""), Raw::<Done>::post("/x")).unwrap(), Change::Unchanged);
    assert_eq!(call(expect("POST /v1.41/x").json(201, "{}"), Raw::<Done>::post("/x")).unwrap(), Change::Changed);
    let e = call(expect("GET /v1.41/x").json(404, r#"{"message":"page not found"}"#), Raw::<Text>::get("/x"));
    let e = e.unwrap_err();
    assert_eq!((e.kind(), e.status(), e.message()), (Engine, Some(404), "page not found"));
    assert_eq!((e.operation(), e.target()), (Some("Raw"), Some("/x")));
}

#[test]
fn output_needs_to_know_its_framing() {
    let logs = || Raw::<OutputStream>::get("/x");
    let plain = || expect("GET /v1.41/x").answer(200, "", FRAME);
    assert_eq!(output(stream(plain(), logs().tty(false))), frames());
    assert_eq!(output(stream(plain(), logs().tty(true))), raw());
    assert_eq!(only_error(stream(plain(), logs())).kind(), Usage);
    let multiplexed = "Content-Type: application/vnd.docker.multiplexed-stream\r\n";
    assert_eq!(output(stream(expect("GET /v1.41/x").answer(200, multiplexed, FRAME), logs())), frames());
}

#[test]
fn values_in_the_query_stay_values() {
    let op = Raw::<Done>::get("/x").query("a b", "c&d=e").query("k", "1").query("k", "2").query("\u{e9}", "");
    let line = "GET /v1.41/x?a%20b=c%26d%3De&k=1&k=2&%C3%A9=";
    call(expect(line).answer(204, "", ""), op).unwrap();
    let op = Raw::<Done>::get("/x").query("a", "b\r\nX: y#~-._");
    call(expect("GET /v1.41/x?a=b%0D%0AX%3A%20y%23~-._").answer(204, "", ""), op).unwrap();
}

#[test]
fn paths_are_sent_as_they_are_or_not_at_all() {
    for path in ["/", "/x/", "/%7Ex/a%2Fb", "/a:b@c;d=1,2", "/...", "/.x"] {
        call(expect(&format!("GET /v1.41{path}")).answer(204, "", ""), Raw::<Done>::get(path)).unwrap();
    }
    let not_a_path = ["", "x", "x/y", "http://other/x"];
    for path in not_a_path {
        assert!(refused(Raw::<Done>::get(path)).message().contains("does not begin with a slash"), "{path:?}");
    }
    for path in ["//x", "/a//b", "/a//", "/.", "/..", "/a/../b", "/a/./b", "/a/.."] {
        assert!(refused(Raw::<Done>::get(path)).message().contains("clean away"), "{path:?}");
    }
    for path in ["/a b", "/a?b=c", "/a#b", "/\u{e9}", "/a\r\nX: y", "/a\0", "/a\t"] {
        let e = refused(Raw::<Done>::get(path));
        assert!(e.message().contains("percent-encoded") && e.message().contains("query(..)"), "{path:?}: {e}");
    }
}

#[test]
fn header_fields_and_documents() {
    let want = Want::from("POST /v1.41/x?n=1")
        .header("X-One", "a, b")
        .header("Content-Type", "application/json")
        .header("Content-Length", "12")
        .body(r#"{"Size":1.5}"#);
    let op = Raw::<Done>::post("/x").header("X-One", "a, b").query("n", "1").json(&json!({"Size": 1.5})).unwrap();
    call(Script::new().expect(want).answer(204, "", ""), op).unwrap();
    let e = refused(Raw::<Done>::get("/x").header("X-One", "a\r\nX-Two: b"));
    assert!(e.message().contains("X-One") && !e.message().contains("X-Two"), "{e}");
    assert!(refused(Raw::<Done>::get("/x").header("X One", "a")).message().contains("not a token"));
    let e = Raw::<Done>::post("/x").json(&BTreeMap::from([((1, 2), 3)])).unwrap_err();
    assert!(e.kind() == Usage && e.message().starts_with("/x: "), "{e}");
}

#[test]
fn a_client_without_a_version_and_one_with_a_base() {
    let client = Bench::client_with(|c| {
        c.version = VersionChoice::Unversioned;
        c.base = "/base".into();
    });
    let bench = Bench::new(expect("GET /base/x").json(200, "1").expect("GET /base/y").json(200, "2"));
    assert_eq!(bench.call(&client, Raw::<Json<u8>>::get("/x")).unwrap(), 1);
    assert_eq!(bench.call(&client, Raw::<Json<u8>>::get("/y").unversioned()).unwrap(), 2);
    // It agrees on a version as any other call does.
    let bench = Bench::new(Script::new().negotiate("1.44").expect("GET /v1.44/x").json(200, "1"));
    assert_eq!(bench.call(&Bench::client(), Raw::<Json<u8>>::get("/x")).unwrap(), 1);
}

#[test]
fn uploads_are_streams_of_bytes() {
    let run = |want: Want, op: RawUpload<Done>, body: MemoryBody| {
        let bench = Bench::new(Script::new().expect(want).answer(200, "", ""));
        let mut items = bench.upload(&pinned(), op, body);
        let all = bench.collect(&mut items);
        assert!(matches!(all[..], [Ok(Change::Changed)]), "{all:?}");
        bench.finish();
    };
    let tar = || MemoryBody::new().piece("t").filled("ar");
    let want = Want::from("POST /v1.41/x?n=1").body("tar").header("Transfer-Encoding", "chunked");
    run(want.no_header("Content-Type"), Raw::post("/x").query("n", "1").upload(), tar());
    let want = Want::from("PUT /v1.41/x").body("tar").header("Content-Length", "3");
    let op = Raw::put("/x").header("Content-Type", "application/x-tar").upload();
    run(want.header("Content-Type", "application/x-tar"), op, tar().length(3));
    run(Want::from("PUT /x").body("tar"), Raw::put("/x").unversioned().upload(), tar());
    run(Want::from("POST /x").body("tar"), Raw::post("/x").unversioned().upload(), tar());
    // A stream of bytes in a GET is none that an engine reads.
    run(Want::from("POST /v1.41/x").body("tar"), Raw::get("/x").upload(), tar());
}

#[test]
fn a_session_on_a_raw_connection() {
    let switched = "HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n";
    let want = Want::from("POST /v1.42/x").header("Connection", "Upgrade").header("Upgrade", "tcp");
    let script = Script::new().expect(want).reply(switched).expect_bytes("in").reply(FRAME).expect_end().close();
    let bench = Bench::new(script);
    let op = Raw::<Session>::upgrade_tcp("/x").tty(false);
    let mut items = Items::new(bench.clone(), at(1, 42), op, Verb::Open, CallOptions::default(), None);
    bench.run(|cx| items.poll_head(cx)).unwrap();
    let cx = &mut Context::from_waker(Waker::noop());
    let link = items.link().expect("an open session");
    assert!(matches!(link.poll_write(cx, [b"in", b"", b""]), Poll::Ready(Ok(2))));
    assert!(link.poll_flush(cx).is_ready());
    assert_eq!(bench.run(|cx| items.poll_next(cx)).unwrap().unwrap().bytes, "hi");
    items.link().expect("still open").half_close();
    assert!(bench.run(|cx| items.poll_next(cx)).is_none());
    bench.finish();
}

#[test]
fn another_protocol_comes_as_it_is() {
    let settings = "\0\0\0\x04\0\0\0\0\0";
    for (op, line) in [
        (Raw::<Upgraded>::upgrade_h2c("/grpc"), "POST /v1.41/grpc"),
        (Raw::<Upgraded>::upgrade_h2c("/grpc").unversioned(), "POST /grpc"),
    ] {
        let switched =
            format!("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n{settings}");
        let want = Want::from(line).header("Upgrade", "h2c").header("X-Name", "n");
        let bench = Bench::new(Script::new().expect(want).reply(switched).close());
        let op = op.header("X-Name", "n");
        let mut items = Items::new(bench.clone(), pinned(), op, Verb::Open, CallOptions::default(), None);
        let all = bench.collect(&mut items);
        let bytes: Vec<u8> = all.into_iter().flat_map(|b| b.unwrap().to_vec()).collect();
        assert_eq!(bytes, settings.as_bytes());
    }
    let op = Raw::<Session>::upgrade_tcp("/x").unversioned().tty(true);
    let switched = "HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\nout";
    assert_eq!(output(stream(expect("POST /x").reply(switched).close(), op))[0].1, "out");
}

#[test]
fn the_wrong_verb_is_refused() {
    let begun = |verb| {
        let bench = Bench::new(Script::new());
        let op = Raw::<Json<Value>>::get("/x");
        let mut items = Items::new(bench.clone(), pinned(), op, verb, CallOptions::default(), None);
        let e = bench.run(|cx| items.poll_head(cx)).expect_err("the wrong verb");
        assert_eq!((bench.dials(), e.kind()), (0, Usage));
        e.to_string()
    };
    assert!(begun(Verb::Open).contains("not a two-way session"));
    assert!(begun(Verb::Upload(None)).contains("no stream of bytes"));
    let bench = Bench::new(Script::new());
    let mut items = bench.begin(&pinned(), Raw::<Done>::put("/x").upload());
    let e = bench.run(|cx| items.poll_head(cx)).expect_err("the wrong verb");
    assert!(e.message().contains("use upload"), "{e}");
}

#[test]
fn a_request_says_what_it_is() {
    assert_eq!(format!("{:?}", Raw::<Done>::put("/x").query("secret", "s")), "Raw(PUT /x)");
    assert_eq!(format!("{:?}", Raw::<Done>::put("/x").upload()), "Raw(PUT /x)");
}
