//! Answers that are no success. Whatever befalls their body, the status is known and there is a message.

use crate::common::{only_error, pinned, secs};
use docker_proto::ErrorKind::Engine;
use docker_proto::api::{containers, system};
use docker_proto::op::Change;
use docker_proto::session::{CallOptions, Timeouts};
use docker_proto::testkit::{Bench, Script, Want};
use docker_proto::wire::limits;
use std::time::Duration;

fn refused(script: Script) -> (docker_proto::Error, Duration) {
    let bench = Bench::new(script);
    let e = only_error(bench.collect(&mut bench.begin(&pinned(), containers::Inspect::new("web"))));
    assert_eq!((e.kind(), e.operation(), e.target()), (Engine, Some("ContainerInspect"), Some("web")));
    assert!(e.is_final());
    (e, bench.time())
}

fn asked() -> Script {
    Script::new().expect(Want::any())
}

#[test]
fn every_body_gives_the_status_and_a_message() {
    let head = |rest: &str| format!("HTTP/1.1 409 Conflict\r\n{rest}");
    let table = [
        ("JSON", asked().json(409, r#"{"message":"container web is paused"}"#), "container web is paused"),
        ("podman", asked().json(409, r#"{"cause":"c","message":"is paused","response":409}"#), "is paused"),
        ("text", asked().answer(409, "", "plain\r\n"), "plain"),
        ("HTML", asked().answer(409, "Content-Type: text/html\r\n", "<html>Conflict"), "<html>Conflict"),
        ("empty", asked().answer(409, "", ""), "conflict (no message from the engine)"),
        ("not UTF-8", asked().answer(409, "", b"bad \xFF"), "bad \u{FFFD}"),
        // bollard: a JsonSerdeError, and the status lost.
        ("cut JSON", asked().answer(409, "", r#"{"message":"trunc"#), r#"{"message":"trunc"#),
        ("cut by EOF", asked().reply(head("Content-Length: 99\r\n\r\nhalf a mess")).close(), "half a mess"),
        ("cut by a reset", asked().reply(head("Content-Length: 99\r\n\r\nhalf a mess")).reset(), "half a mess"),
        ("broken chunks", asked().reply(head("Transfer-Encoding: chunked\r\n\r\n4\r\noops\r\nzzz")), "oops"),
        ("cut in front of the body", asked().reply(head("Content-Length: 99\r\n\r\n")).close(), "conflict"),
        // The errors of attach are written by hand, without a length (moby container_routes.go).
        ("until close", asked().reply(head("\r\ncontainer is paused\r\n")).close(), "container is paused"),
        ("two lengths", asked().reply(head("Content-Length: 4\r\nContent-Length: 5\r\n\r\noops")), "conflict"),
        ("a coding that is not known", asked().reply(head("Transfer-Encoding: gzip\r\n\r\n\x1f")), "conflict"),
        (
            "length and chunks",
            asked().reply(head("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n")),
            "conflict",
        ),
    ];
    for (name, script, message) in table {
        let (e, time) = refused(script);
        assert!(e.status() == Some(409) && e.is_conflict() && e.message().contains(message), "{name}: {e}");
        assert_eq!(time, Duration::ZERO, "{name}");
    }
}

#[test]
fn no_more_of_a_body_is_kept_than_is_of_use() {
    let head = "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 1073741824\r\n\r\n";
    let body = "x".repeat(limits::MAX_ERROR_BODY + 5000);
    let (e, time) = refused(asked().reply(head).reply(body).stall());
    assert_eq!((e.status(), e.raw().map(|r| r.len())), (Some(500), Some(limits::MAX_ERROR_BODY)));
    assert!(e.message().len() < 5000 && time == Duration::ZERO);
}

#[test]
fn a_stalled_body_is_given_up_and_what_came_is_told() {
    let stalled = || asked().reply("HTTP/1.1 500 X\r\nContent-Length: 99\r\n\r\nhalf").stall();
    let (e, time) = refused(stalled());
    assert_eq!((e.status(), e.message(), time), (Some(500), "half", secs(60)));
    let bench = Bench::new(stalled());
    let mut options = CallOptions::default();
    options.timeouts = Some(Timeouts::NONE);
    let e = only_error(bench.collect(&mut bench.begin_with(&pinned(), containers::Inspect::new("web"), options)));
    assert_eq!((e.status(), bench.time()), (Some(500), secs(2)));
}

/// A body that dribbles for ever must not hide the status for ever.
#[test]
fn a_dribbled_body_is_given_up_too() {
    let mut script = asked().reply("HTTP/1.1 500 X\r\nTransfer-Encoding: chunked\r\n\r\n");
    for _ in 0..100 {
        script = script.pause(secs(30)).reply("1\r\nx\r\n");
    }
    let (e, time) = refused(script);
    assert_eq!((e.status(), time), (Some(500), secs(60)));
}

#[test]
fn an_upgrade_that_is_refused() {
    let script = asked().reply(
        "HTTP/1.1 404 Not Found\r\nContent-Type: application/vnd.docker.raw-stream\r\n\r\nNo such container: web\r\n",
    );
    let bench = Bench::new(script.close());
    let attach = containers::Attach::new("web").tty(true);
    let e = only_error(bench.collect(&mut bench.begin(&pinned(), attach)));
    assert!(e.is_not_found() && e.message() == "No such container: web", "{e}");
}

#[test]
fn a_head_request_that_is_refused_has_no_body() {
    let script = asked().reply("HTTP/1.1 500 X\r\nContent-Length: 99\r\n\r\n");
    let bench = Bench::new(script);
    let e = only_error(bench.collect(&mut bench.begin(&pinned(), system::PingHead::new())));
    assert_eq!((e.status(), bench.time()), (Some(500), Duration::ZERO));
    assert!(!e.message().is_empty());
}

#[test]
fn already_so_is_not_an_error() {
    // docker-api: 304 is an error.
    let reply = |status| Bench::new(asked().answer(status, "", ""));
    let start = || containers::Start::new("web");
    assert_eq!(reply(204).call(&pinned(), start()).unwrap(), Change::Changed);
    assert_eq!(reply(304).call(&pinned(), start()).unwrap(), Change::Unchanged);
    assert_eq!(reply(304).call(&pinned(), containers::Stop::new("web")).unwrap(), Change::Unchanged);
    // Where it means nothing, it is unexpected.
    assert_eq!(reply(304).call(&pinned(), containers::Remove::new("web")).expect_err("304").status(), Some(304));
}

#[test]
fn redirects_are_told_and_not_followed() {
    let bench = Bench::new(asked().answer(301, "Location: /containers/json\r\n", ""));
    let e = bench.call(&pinned(), containers::Inspect::new("web")).expect_err("301");
    assert_eq!(e.status(), Some(301));
    assert!(e.message().contains("/containers/json") && e.message().contains("not followed"), "{e}");
    bench.finish();
}
