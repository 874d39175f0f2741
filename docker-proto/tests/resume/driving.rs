//! What drives a policy: pauses, giving up, cancelling, losing nothing.

use crate::{client, collect, error, frame, log};
use docker_proto::api::containers::Logs;
use docker_proto::op::LogMessage;
use docker_proto::resume;
use docker_proto::testkit::{Bench, Script};
use std::task::Poll;
use std::time::Duration;

const FIRST: &str = "GET /v1.45/containers/web/logs?follow=1&stdout=1&timestamps=1";
const AGAIN: &str = "GET /v1.45/containers/web/logs?follow=1&stdout=1&since=1795243740&timestamps=1";

fn policy() -> resume::Logs {
    resume::logs(Logs::new("web").stdout(true).follow(true))
}

fn a() -> String {
    frame(1, "2026-11-21T06:49:01Z a\n")
}

fn show(message: LogMessage) -> String {
    String::from_utf8_lossy(&message.bytes).trim_end().into()
}

#[test]
fn an_engine_that_was_never_there_is_not_waited_for() {
    let bench = Bench::new(Script::new().refuse("no"));
    let mut stream = bench.resume(&client(), policy());
    let all = collect(&bench, &mut stream, show);
    assert_eq!((all.len(), bench.time()), (1, Duration::ZERO));
    assert!(all[0].starts_with("Connect "), "{all:?}");
    bench.finish();
}

#[test]
fn an_engine_that_is_away_is_asked_again_until_time_is_up() {
    let mut script = log(Script::new(), FIRST, &[a()]).close();
    for _ in 0..64 {
        script = script.refuse("no");
    }
    let bench = Bench::new(script);
    let mut stream = bench.resume(&client(), policy());
    stream.give_up_after(Duration::from_secs(20));
    let all = collect(&bench, &mut stream, show);
    assert_eq!(all[0], "a");
    assert!(all[1].starts_with("Connect ") && all.len() == 2, "{all:?}");
    assert_eq!(bench.time(), Duration::from_secs(20));
    // Twice at once, after 0.1, 0.2, 0.4, 0.8, 1.6 s, and then every 3 s: no herd of attempts.
    assert_eq!(bench.dials(), 1 + 2 + 5 + 5 + 1);
}

#[test]
fn the_time_out_of_reach_counts_anew_after_each_answer() {
    let mut script = log(Script::new(), FIRST, &[a()]).close();
    for _ in 0..3 {
        for _ in 0..4 {
            script = script.refuse("no");
        }
        script = log(script.accept(), AGAIN, &[a()]).close();
    }
    let bench = Bench::new(script.accept().expect(AGAIN).json(500, "{}"));
    let mut stream = bench.resume(&client(), policy());
    stream.give_up_after(Duration::from_secs(16));
    let all = collect(&bench, &mut stream, show);
    assert!(all.len() == 2 && all[1].starts_with("Engine"), "{all:?}");
    assert!(bench.time() > Duration::from_secs(20));
    bench.finish();
}

#[test]
fn an_engine_that_breaks_off_each_time_is_not_asked_without_pause() {
    // What it says of itself each time brings nothing forward.
    let grab = frame(3, "Error grabbing logs: EOF\n");
    let mut script = log(Script::new(), FIRST, &[a(), grab.clone()]).close();
    for _ in 0..10 {
        script = log(script.accept(), AGAIN, &[a(), grab.clone()]).close();
    }
    let bench = Bench::new(script.accept().expect(AGAIN).json(500, "{}"));
    let mut stream = bench.resume(&client(), policy());
    let all = collect(&bench, &mut stream, show);
    assert_eq!(all.len(), 1 + 11 + 1);
    assert!(bench.time() > Duration::from_secs(15), "{:?}", bench.time());
    bench.finish();
}

#[test]
fn cancelling_ends_it_wherever_it_is() {
    let scripts = [
        Script::new().never(),
        Script::new().expect(FIRST).stall(),
        log(Script::new(), FIRST, &[a()]).stall(),
        log(Script::new(), FIRST, &[a()]).close().refuse("no").refuse("no").never(),
        log(Script::new(), FIRST, &[a()]).reply("0\r\n\r\n").expect("GET /v1.45/containers/web/json").stall(),
    ];
    for script in scripts {
        let bench = Bench::new(script);
        let mut stream = bench.resume(&client(), policy());
        // As far as it comes by itself, and a little further.
        for _ in 0..4 {
            while let Poll::Ready(Some(_)) = bench.poll(|cx| stream.poll_next(cx)) {}
            bench.pass(Duration::from_millis(150));
        }
        stream.cancel();
        match bench.poll(|cx| stream.poll_next(cx)) {
            Poll::Ready(Some(Err(e))) => assert_eq!(error(&e), "Cancelled the call was cancelled"),
            other => panic!("{other:?}"),
        }
        assert!(matches!(bench.poll(|cx| stream.poll_next(cx)), Poll::Ready(None)));
        assert!(!bench.is_open(1));
        stream.cancel();
        assert!(matches!(bench.poll(|cx| stream.poll_next(cx)), Poll::Ready(None)));
    }
}

#[test]
fn mistakes_and_refusals_end_it_at_once() {
    let bench = Bench::new(Script::new());
    let mut stream = bench.resume(&client(), resume::logs(Logs::new("").stdout(true)));
    let all = collect(&bench, &mut stream, show);
    assert!(all.len() == 1 && all[0].starts_with("Usage "), "{all:?}");
    let mut stream = bench.resume(&client(), resume::logs(Logs::new("web").stdout(true).format("json")));
    let all = collect(&bench, &mut stream, show);
    assert!(all.len() == 1 && all[0].contains("format"), "{all:?}");
    let bench = Bench::new(Script::new().expect(FIRST).json(404, r#"{"message":"No such container: web"}"#));
    let mut stream = bench.resume(&client(), policy());
    assert_eq!(collect(&bench, &mut stream, show), ["Engine No such container: web"]);
    assert_eq!(bench.time(), Duration::ZERO);
    bench.finish();
}
