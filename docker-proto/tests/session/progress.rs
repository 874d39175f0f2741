//! An engine that begins with success and then fails: progress streams.

use crate::common::{only_error, pinned, secs};
use docker_proto::ErrorKind::{InStream, Protocol, Truncated};
use docker_proto::api::images;
use docker_proto::op::{AnyItem, Invoke};
use docker_proto::testkit::{Bench, Script, Want};
use docker_proto::{Error, Result};

const PULL: &str = "POST /v1.41/images/create?fromImage=alpine";

/// The statuses before the error, and the error. The connection must be clean behind it.
fn pull(chunks: &[&str]) -> (Vec<String>, Option<Error>) {
    let script = Script::new().expect(PULL).chunks(200, "Content-Type: application/json\r\n", chunks);
    let bench = Bench::new(script);
    let mut items = bench.begin(&pinned(), images::Pull::new("alpine"));
    let all = bench.collect(&mut items);
    assert!(bench.run(|cx| items.poll_next(cx)).is_none(), "over is over");
    let counters = bench.counters();
    assert_eq!((counters.idle, bench.is_open(1)), (1, true), "the connection is clean");
    let typed = split(all, |p| p.status.unwrap_or_default());

    // The same by name.
    let bench = Bench::new(Script::new().expect(PULL).chunks(200, "", chunks));
    let op = Invoke::new("ImageCreate").unwrap().set("fromImage", "alpine").unwrap();
    let all = bench.collect(&mut bench.begin(&pinned(), op));
    let named = split(all, |item| match item {
        AnyItem::Json(text) => {
            let value: serde_json::Value = serde_json::from_slice(&text).unwrap();
            value["status"].as_str().unwrap_or_default().into()
        }
        other => panic!("{other:?}"),
    });
    assert_eq!(typed.0, named.0);
    let facts = |e: &Option<Error>| e.as_ref().map(|e| (e.kind(), e.message().to_string(), e.status()));
    assert_eq!(facts(&typed.1), facts(&named.1));
    typed
}

fn split<T: std::fmt::Debug>(all: Vec<Result<T>>, status: impl Fn(T) -> String) -> (Vec<String>, Option<Error>) {
    let (mut before, mut error) = (Vec::new(), None);
    for item in all {
        assert!(error.is_none(), "something behind the error: {item:?}");
        match item {
            Ok(item) => before.push(status(item)),
            Err(e) => error = Some(e),
        }
    }
    (before, error)
}

#[test]
fn every_shape_of_error_is_the_error_of_the_operation() {
    let table = [
        // bollard, docker-modem, docker-py, docker-api: `error` alone, or all of them, looked like success.
        (r#"{"error":"boom"}"#, "boom", None),
        (r#"{"errorDetail":{"message":"boom"}}"#, "boom", None),
        (r#"{"errorDetail":{"code":401,"message":"unauthorized"},"error":"unauthorized"}"#, "unauthorized", Some(401)),
        (r#"{"errorDetail":{"code":7},"error":"exit code 7"}"#, "exit code 7", Some(7)),
        (r#"{"errorDetail":{"code":500}}"#, "without a message", Some(500)),
        (r#"{"errorDetail":{}}"#, "without a message", None),
        (r#"{"errorDetail":{"message":""},"error":"plain"}"#, "plain", None),
    ];
    for (item, message, status) in table {
        for end in ["\r\n", "\n", ""] {
            let (before, e) = pull(&["{\"status\":\"one\"}\r\n", "{}", &format!("{item}{end}")]);
            let e = e.unwrap_or_else(|| panic!("no error in {item}"));
            assert_eq!(before, ["one", ""], "{item}");
            assert_eq!((e.kind(), e.status(), e.is_final()), (InStream, status, true), "{item}");
            assert!(e.message().contains(message), "{item}: {e}");
            assert_eq!(e.operation(), Some("ImageCreate"));
        }
    }
}

#[test]
fn what_follows_the_error_is_read_away() {
    let (before, e) = pull(&[
        "{\"status\":\"one\"}\n{\"status\":\"two\"}\n",
        "{\"error\":\"first\"}\n{\"error\":\"second\"}\n{\"status\":\"three\"}\n",
        "{\"status\":\"four\"}",
    ]);
    assert_eq!(before, ["one", "two"]);
    assert_eq!(e.expect("an error").message(), "first");
}

#[test]
fn success_is_success() {
    let (before, e) = pull(&["{\"status\":\"Pul", "ling\"}{}", "\x1e{\"status\":\"x\",\"error\":\"\"}\r\n", "\n"]);
    // shiplift: a value split between chunks was two errors.
    assert_eq!(before, ["Pulling", "", "x"]);
    assert!(e.is_none(), "{e:?}");
}

#[test]
fn an_error_whose_rest_does_not_come_is_told_after_a_moment() {
    let failed = || Script::new().expect(PULL).begin_chunks(200, "").more_chunks(&["{\"error\":\"boom\"}"]);
    let run = |script: Script| {
        let bench = Bench::new(script);
        let e = only_error(bench.collect(&mut bench.begin(&pinned(), images::Pull::new("alpine"))));
        assert_eq!((e.kind(), e.message(), e.operation()), (InStream, "boom", Some("ImageCreate")));
        assert!(!bench.is_open(1));
        bench.time()
    };
    assert_eq!(run(failed().stall()), secs(2));
    assert_eq!(run(failed().close()), secs(0));
    assert_eq!(run(failed().reset()), secs(0));
    assert_eq!(run(failed().reply("garbage")), secs(0));
    // An engine that goes on for ever does not keep the error for ever.
    let chatty = (0..100).fold(failed(), |s, _| s.pause(secs(1)).more_chunks(&["{}"]));
    assert_eq!(run(chatty), secs(2));
}

#[test]
fn a_stream_that_is_cut_is_no_success() {
    let run = |script: Script| {
        let bench = Bench::new(script);
        let mut all = bench.collect(&mut bench.begin(&pinned(), images::Pull::new("alpine")));
        (all.len(), all.pop().expect("an end").expect_err("an error").kind())
    };
    let begun = || Script::new().expect(PULL).begin_chunks(200, "").more_chunks(&["{\"status\":\"one\"}\n"]);
    assert_eq!(run(begun().close()), (2, Truncated));
    assert_eq!(run(begun().more_chunks(&["{\"status\":"]).reply("0\r\n\r\n")), (2, Truncated));
    // docker-py: garbage was swallowed and nothing delivered any more.
    assert_eq!(run(begun().more_chunks(&["garbage\n"]).reply("0\r\n\r\n")), (2, Protocol));
    assert_eq!(run(Script::new().expect(Want::any()).answer(200, "", "<html>")), (1, Protocol));
}
