//! The places of short calls, who waits for one, and what a call that is dropped or cancelled gives back.

use crate::common::{only_error, pinned, secs};
use docker_proto::ErrorKind::Cancelled;
use docker_proto::api::{containers, system};
use docker_proto::session::PoolLimits;
use docker_proto::testkit::{Bench, Script, Want};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Wake, Waker};

fn one_place(script: Script) -> Bench {
    Bench::with_limits(script, PoolLimits::default().places(1))
}

fn inspect(name: &str) -> containers::Inspect {
    containers::Inspect::new(name)
}

fn counts(bench: &Bench) -> (usize, usize) {
    (bench.counters().places, bench.counters().waiting)
}

#[test]
fn places_are_given_in_the_order_of_asking() {
    let script = Script::new().expect("GET /v1.41/containers/a/json").pause(secs(1)).json(200, r#"{"Id":"a"}"#);
    let script = script.expect("GET /v1.41/containers/b/json").json(200, r#"{"Id":"b"}"#);
    let bench = one_place(script.expect("GET /v1.41/containers/c/json").json(200, r#"{"Id":"c"}"#));
    let client = pinned();
    let mut calls = ["a", "b", "c"].map(|n| bench.begin(&client, inspect(n)));
    for call in &mut calls {
        assert!(bench.poll(|cx| call.poll_next(cx)).is_pending());
    }
    assert_eq!((counts(&bench), bench.dials()), ((1, 2), 1));
    let [a, b, c] = &mut calls;
    assert_eq!(bench.collect(a).len(), 1);
    assert!(bench.poll(|cx| c.poll_next(cx)).is_pending(), "b is first");
    assert_eq!(bench.collect(b).len(), 1);
    assert_eq!(bench.collect(c).len(), 1);
    assert_eq!((counts(&bench), bench.dials()), ((0, 0), 1));
    bench.finish();
}

#[derive(Default)]
struct Count(AtomicUsize);

impl Wake for Count {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

#[test]
fn whoever_is_next_is_woken_and_nobody_else() {
    let bench = one_place(Script::new().expect(Want::any()).stall().accept().expect(Want::any()).json(200, "{}"));
    let client = pinned();
    let mut calls = ["a", "b", "c"].map(|n| bench.begin(&client, inspect(n)));
    let counters: [Arc<Count>; 3] = Default::default();
    for (call, count) in calls.iter_mut().zip(&counters) {
        let waker = Waker::from(count.clone());
        assert!(call.poll_next(&mut Context::from_waker(&waker)).is_pending());
    }
    let woken = || counters.each_ref().map(|c| c.0.load(Ordering::Relaxed));
    let [a, b, c] = calls;
    assert_eq!(woken(), [0, 0, 0]);
    drop(a);
    assert_eq!(woken(), [0, 1, 0]);
    // One that leaves the queue passes its turn on.
    drop(b);
    assert_eq!(woken(), [0, 1, 1]);
    let mut c = c;
    assert_eq!(bench.collect(&mut c).len(), 1);
    assert_eq!(counts(&bench), (0, 0));
}

#[test]
fn what_may_last_takes_no_place() {
    // docker-java#1466: a pool that follow streams fill up.
    let script = Script::new().expect(Want::any()).begin_chunks(200, "").stall();
    let bench = one_place(script.accept().expect(Want::any()).stall().accept().expect(Want::any()).json(200, "{}"));
    let client = pinned();
    let mut events = bench.begin(&client, system::Events::new());
    bench.run(|cx| events.poll_head(cx)).unwrap();
    let mut wait = bench.begin(&client, containers::Wait::new("web"));
    assert!(bench.poll(|cx| wait.poll_head(cx)).is_pending());
    assert_eq!(counts(&bench), (0, 0));
    bench.call(&client, inspect("web")).unwrap();
}

/// Dropped in every state, a call leaves nothing behind.
#[test]
fn a_dropped_call_gives_everything_back() {
    let table = [
        ("dialling", Script::new().never()),
        ("the backlog full", (0..9).fold(Script::new(), |s, _| s.busy())),
        ("connected", Script::new().jam()),
        ("agreeing on a version", Script::new().expect("HEAD /_ping").stall()),
        ("sending", Script::new().jam_after(5)),
        ("waiting for the head", Script::new().negotiate("1.41").expect(Want::any()).stall()),
        ("in the head", Script::new().negotiate("1.41").expect(Want::any()).reply("HTTP/1.1 2").stall()),
        (
            "in the body",
            Script::new().negotiate("1.41").expect(Want::any()).begin_chunks(200, "").more_chunks(&["{"]).stall(),
        ),
        ("in a refusal", Script::new().negotiate("1.41").expect(Want::any()).begin_chunks(404, "").stall()),
    ];
    for (name, script) in table {
        let bench = one_place(script);
        let client = Bench::client();
        let mut call = bench.begin(&client, inspect("web"));
        assert!(bench.poll(|cx| call.poll_next(cx)).is_pending(), "{name}");
        assert_eq!(counts(&bench), (1, 0), "{name}");
        let mut waits = bench.begin(&client, inspect("other"));
        assert!(bench.poll(|cx| waits.poll_next(cx)).is_pending(), "{name}");
        assert_eq!(counts(&bench), (1, 1), "{name}");
        drop(waits);
        assert_eq!(counts(&bench), (1, 0), "{name}");
        drop(call);
        assert_eq!((counts(&bench), bench.counters().idle, bench.is_open(1)), ((0, 0), 0, false), "{name}");
    }
    let bench = one_place(Script::new());
    drop(bench.begin(&Bench::client(), inspect("never polled")));
    assert_eq!((counts(&bench), bench.dials()), ((0, 0), 0));
}

#[test]
fn a_finished_call_has_given_its_place_back_before_it_is_dropped() {
    let bench = one_place(Script::new().expect(Want::any()).json(200, "{}").expect(Want::any()).json(404, ""));
    let client = pinned();
    let mut first = bench.begin(&client, inspect("a"));
    assert_eq!(bench.collect(&mut first).len(), 1);
    assert_eq!(counts(&bench), (0, 0));
    let mut second = bench.begin(&client, inspect("b"));
    assert_eq!(only_error(bench.collect(&mut second)).status(), Some(404));
    assert_eq!((counts(&bench), bench.counters().idle), ((0, 0), 1));
    drop((first, second));
    assert_eq!(counts(&bench), (0, 0));
}

#[test]
fn a_cancelled_call_says_so_once_and_closes_its_connection() {
    let table = [
        ("dialling", Script::new().never()),
        ("waiting for the head", Script::new().expect(Want::any()).stall()),
        ("in the body", Script::new().expect(Want::any()).begin_chunks(200, "").more_chunks(&["{"]).stall()),
    ];
    for (name, script) in table {
        let bench = one_place(script);
        let mut call = bench.begin(&pinned(), inspect("web"));
        assert!(bench.poll(|cx| call.poll_next(cx)).is_pending(), "{name}");
        call.cancel();
        let e = only_error(bench.collect(&mut call));
        assert!(e.kind() == Cancelled && e.is_cancelled(), "{name}: {e}");
        assert!(bench.run(|cx| call.poll_next(cx)).is_none(), "{name}");
        assert_eq!((counts(&bench), bench.is_open(1)), ((0, 0), false), "{name}");
    }
    // A call that has ended stays as it ended.
    let bench = one_place(Script::new().expect(Want::any()).json(200, "{}"));
    let mut call = bench.begin(&pinned(), inspect("web"));
    assert!(bench.collect(&mut call).remove(0).is_ok());
    call.cancel();
    assert!(bench.run(|cx| call.poll_next(cx)).is_none());
    assert_eq!(bench.counters().idle, 1);
}

#[test]
fn the_head_can_be_awaited_alone() {
    let begun = Script::new().expect(Want::any()).begin_chunks(200, "X-A: b\r\n").pause(secs(9)).more_chunks(&["{}\n"]);
    let bench = Bench::new(begun.reply("0\r\n\r\n"));
    let mut events = bench.begin(&pinned(), system::Events::new());
    bench.run(|cx| events.poll_head(cx)).unwrap();
    assert_eq!(bench.time(), secs(0));
    assert_eq!(events.head().and_then(|h| h.get("x-a")), Some("b"));
    bench.run(|cx| events.poll_head(cx)).unwrap();
    assert_eq!(bench.collect(&mut events).len(), 1);
    // What ended the call before its head is told once, and the stream is over.
    let bench = Bench::new(Script::new().expect(Want::any()).json(500, ""));
    let mut events = bench.begin(&pinned(), system::Events::new());
    assert_eq!(bench.run(|cx| events.poll_head(cx)).expect_err("500").status(), Some(500));
    assert!(bench.run(|cx| events.poll_next(cx)).is_none());
    assert!(bench.run(|cx| events.poll_head(cx)).is_err());
}
