//! Deadlines measure time spent waiting for the peer, phase by phase. Time here is virtual.

use crate::common::{only_error, pinned, secs};
use docker_proto::ErrorKind::{Connect, Timeout};
use docker_proto::Phase;
use docker_proto::api::{archive, containers, images, system};
use docker_proto::drive::Items;
use docker_proto::op::Operation;
use docker_proto::session::{CallOptions, PoolLimits, Timeouts};
use docker_proto::testkit::{Bench, MemoryBody, Script, Want};
use std::time::Duration;

fn options(timeouts: Timeouts) -> CallOptions {
    let mut options = CallOptions::default();
    options.timeouts = Some(timeouts);
    options
}

fn inspect() -> containers::Inspect {
    containers::Inspect::new("web")
}

/// The phase in which the call timed out, and when.
fn times_out<O: Operation>(bench: &Bench, items: &mut Items<Bench, O>) -> (Phase, Duration)
where
    <O::Reply as docker_proto::op::Reply>::Item: std::fmt::Debug,
{
    let e = bench.collect(items).pop().expect("an error").expect_err("a deadline");
    assert!(e.kind() == Timeout && e.is_timeout() && e.is_final(), "{e}");
    assert!(e.message().contains("longer than allowed"), "{e}");
    (e.phase().expect("a phase"), bench.time())
}

fn quick(script: Script) -> (Phase, Duration) {
    let bench = Bench::new(script);
    times_out(&bench, &mut bench.begin(&pinned(), inspect()))
}

fn asked() -> Script {
    Script::new().expect(Want::any())
}

#[test]
fn connecting() {
    assert_eq!(quick(Script::new().never()), (Phase::Connect, secs(30)));
    assert_eq!(quick(Script::new().accept_after(secs(31))), (Phase::Connect, secs(30)));
    let bench = Bench::new(Script::new().accept_after(secs(29)).expect(Want::any()).json(200, "{}"));
    bench.call(&pinned(), inspect()).unwrap();
    assert_eq!(bench.time(), secs(29));
}

#[test]
fn a_full_backlog_is_tried_until_the_deadline() {
    let busy = (0..5).fold(Script::new(), |s, _| s.busy()).expect(Want::any()).json(200, "{}");
    let bench = Bench::new(busy);
    bench.call(&pinned(), inspect()).unwrap();
    assert_eq!((bench.dials(), bench.time()), (6, Duration::from_millis(50)));
    let bench = Bench::new((0..5000).fold(Script::new(), |s, _| s.busy()));
    assert_eq!(times_out(&bench, &mut bench.begin(&pinned(), inspect())), (Phase::Connect, secs(30)));
    // Refused for good is not tried again.
    let bench = Bench::new(Script::new().refuse("no such file"));
    let e = bench.call(&pinned(), inspect()).expect_err("refused");
    assert!(
        e.kind() == Connect
            && e.to_string().ends_with("no such file")
            && e.message().contains("unix:///var/run/docker.sock")
            && bench.dials() == 1,
        "{e}"
    );
}

#[test]
fn agreeing_on_a_version() {
    let bench = Bench::new(Script::new().expect("HEAD /_ping").stall());
    assert_eq!(times_out(&bench, &mut bench.begin(&Bench::client(), inspect())), (Phase::Negotiate, secs(60)));
    // Also where the operation itself may take its time.
    let bench = Bench::new(Script::new().expect("HEAD /_ping").stall());
    let mut wait = bench.begin(&Bench::client(), containers::Wait::new("web"));
    assert_eq!(times_out(&bench, &mut wait), (Phase::Negotiate, secs(60)));
    let bench = Bench::new(Script::new().expect("GET /v1.41/containers/web/json").stall());
    let mut logs = bench.begin(&pinned(), containers::Logs::new("web"));
    assert_eq!(times_out(&bench, &mut logs), (Phase::Inspect, secs(60)));
}

#[test]
fn sending() {
    assert_eq!(quick(Script::new().jam()), (Phase::Send, secs(60)));
    let trickle = Script::new().jam_after(10);
    assert_eq!(quick(trickle), (Phase::Send, secs(60)));
    let bench = Bench::new(Script::new().jam());
    let put = archive::Put::new("web", "/");
    let body = MemoryBody::new().piece("tar");
    let own = options(Timeouts::each(secs(7)));
    assert_eq!(times_out(&bench, &mut bench.upload_with(&pinned(), put, body, own)), (Phase::Send, secs(7)));
}

#[test]
fn waiting_for_the_head() {
    assert_eq!(quick(asked().stall()), (Phase::Head, secs(60)));
    // Part of a head is progress: each read begins anew.
    assert_eq!(quick(asked().pause(secs(59)).reply("HTTP/1.1").stall()), (Phase::Head, secs(119)));
    let bench = Bench::new(asked().pause(secs(59)).json(200, "{}"));
    bench.call(&pinned(), inspect()).unwrap();
}

#[test]
fn waiting_for_the_body() {
    let begun = || asked().reply("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{");
    assert_eq!(quick(begun().stall()), (Phase::Body, secs(60)));
    assert_eq!(quick(begun().pause(secs(50)).reply(" ").pause(secs(50)).reply(" ").stall()), (Phase::Body, secs(160)));
}

#[test]
fn the_whole_call() {
    let total = |t: Timeouts| options(t.total(Some(secs(100))));
    let run = |script: Script, timeouts| {
        let bench = Bench::new(script);
        times_out(&bench, &mut bench.begin_with(&pinned(), inspect(), total(timeouts)))
    };
    let dribble = |s: Script| (0..50).fold(s, |s, _| s.pause(secs(9)).reply(" "));
    let begun = asked().reply("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{");
    assert_eq!(run(dribble(begun), Timeouts::NONE), (Phase::Body, secs(100)));
    assert_eq!(run(asked().stall(), Timeouts::NONE), (Phase::Head, secs(100)));
    assert_eq!(run(Script::new().never(), Timeouts::NONE), (Phase::Connect, secs(100)));
    // It counts from the first wait, over all connections.
    let ping = Script::new().accept_after(secs(60)).expect(Want::any()).pause(secs(30)).answer(
        200,
        "Api-Version: 1.41\r\n",
        "",
    );
    let bench = Bench::new(ping.expect(Want::any()).stall());
    let mut items = bench.begin_with(&Bench::client(), inspect(), total(Timeouts::NONE));
    assert_eq!(times_out(&bench, &mut items), (Phase::Head, secs(100)));
}

#[test]
fn a_call_may_have_limits_of_its_own() {
    let each = |n| options(Timeouts::each(secs(n)));
    let bench = Bench::new(asked().stall());
    assert_eq!(times_out(&bench, &mut bench.begin_with(&pinned(), inspect(), each(3))), (Phase::Head, secs(3)));
    // Given for the call they hold for what is slow by nature, too.
    let bench = Bench::new(asked().stall());
    let mut wait = bench.begin_with(&pinned(), containers::Wait::new("web"), each(3));
    assert_eq!(times_out(&bench, &mut wait), (Phase::Head, secs(3)));
    let bench = Bench::new(asked().begin_chunks(200, "").more_chunks(&["{}\n"]).stall());
    let mut events = bench.begin_with(&pinned(), system::Events::new(), each(3));
    assert_eq!(times_out(&bench, &mut events), (Phase::Body, secs(3)));
    // And none can be asked for.
    let bench = Bench::new(asked().pause(secs(10_000)).json(200, "{}"));
    let mut items = bench.begin_with(&pinned(), inspect(), options(Timeouts::NONE));
    bench.collect(&mut items).remove(0).unwrap();
}

#[test]
fn what_is_slow_by_nature_is_not_hurried() {
    let day = secs(86_400);
    let bench = Bench::new(asked().pause(day).json(200, r#"{"StatusCode":0}"#));
    bench.call(&pinned(), containers::Wait::new("web")).unwrap();
    let bench =
        Bench::new(asked().begin_chunks(200, "").pause(day).more_chunks(&["{}\n"]).pause(day).reply("0\r\n\r\n"));
    assert_eq!(bench.collect(&mut bench.begin(&pinned(), system::Events::new())).len(), 1);
    let bench = Bench::new(asked().pause(day).chunks(200, "", &["{\"status\":\"pulled\"}"]));
    assert_eq!(bench.collect(&mut bench.begin(&pinned(), images::Pull::new("alpine"))).len(), 1);
    assert_eq!(bench.time(), day);
    let wait = asked().reply("HTTP/1.1 200 OK\r\nContent-Length: 16\r\n\r\n").pause(day).reply(r#"{"StatusCode":7}"#);
    assert_eq!(Bench::new(wait).call(&pinned(), containers::Wait::new("web")).unwrap().status_code, Some(7));
}

#[test]
fn a_slow_source_of_the_body_is_the_callers_own_time() {
    let each = || options(Timeouts::each(secs(5)));
    let body = || MemoryBody::new().pause(secs(100)).piece("tar").pause(secs(100));
    let bench = Bench::new(Script::new().expect(Want::any().body("tar")).answer(200, "", ""));
    let put = || archive::Put::new("web", "/");
    bench.collect(&mut bench.upload_with(&pinned(), put(), body(), each())).remove(0).unwrap();
    assert_eq!(bench.time(), secs(200));
    // Also where the answer has begun before the upload is complete, as that of an import does.
    let script = Script::new().expect_head(Want::any()).begin_chunks(200, "").more_chunks(&["{\"status\":\"a\"}\n"]);
    let script = script.expect_bytes("3\r\ntar\r\n0\r\n\r\n").more_chunks(&["{\"status\":\"b\"}\n"]).reply("0\r\n\r\n");
    let bench = Bench::new(script);
    let items = bench.collect(&mut bench.upload_with(&pinned(), images::Import::new(), body(), each()));
    assert_eq!(items.into_iter().map(Result::unwrap).count(), 2);
    assert_eq!(bench.time(), secs(200));
    // The time after the last byte is the engine's.
    let bench = Bench::new(Script::new().expect(Want::any()).stall());
    let mut items = bench.upload_with(&pinned(), put(), body(), each());
    assert_eq!(times_out(&bench, &mut items), (Phase::Head, secs(205)));
}

#[test]
fn a_caller_who_does_not_poll_is_not_timed() {
    let script = asked()
        .begin_chunks(200, "")
        .more_chunks(&["{}\n", "{}\n"])
        .pause(secs(4))
        .more_chunks(&["{}\n"])
        .reply("0\r\n\r\n");
    let bench = Bench::new(script);
    let mut events = bench.begin_with(&pinned(), system::Events::new(), options(Timeouts::each(secs(5))));
    for _ in 0..3 {
        assert!(matches!(bench.run(|cx| events.poll_next(cx)), Some(Ok(_))));
        bench.pass(secs(3600));
    }
    assert!(bench.run(|cx| events.poll_next(cx)).is_none());
    // What came while nobody looked is taken before the clock is.
    let bench = Bench::new(asked().begin_chunks(200, "").pause(secs(1)).more_chunks(&["{}\n"]));
    let mut events = bench.begin_with(&pinned(), system::Events::new(), options(Timeouts::each(secs(5))));
    bench.run(|cx| events.poll_head(cx)).unwrap();
    assert!(bench.poll(|cx| events.poll_next(cx)).is_pending());
    bench.pass(secs(3600));
    assert!(matches!(bench.run(|cx| events.poll_next(cx)), Some(Ok(_))));
}

#[test]
fn waiting_for_a_place_is_connecting() {
    let bench = Bench::with_limits(asked().stall(), PoolLimits::default().places(1));
    let mut first = bench.begin_with(&pinned(), inspect(), options(Timeouts::NONE));
    assert!(bench.poll(|cx| first.poll_next(cx)).is_pending());
    let mut second = bench.begin(&pinned(), inspect());
    assert_eq!(times_out(&bench, &mut second), (Phase::Connect, secs(30)));
    assert_eq!((bench.counters().places, bench.counters().waiting), (1, 0));
}

#[test]
fn a_deadline_names_operation_and_target() {
    let bench = Bench::new(asked().stall());
    let e = only_error(bench.collect(&mut bench.begin(&pinned(), inspect())));
    assert_eq!((e.operation(), e.target()), (Some("ContainerInspect"), Some("web")));
    assert!(!bench.is_open(1));
}
