//! How output is framed: said by the engine, by the caller, or asked for beforehand. Never by the payload.

use crate::common::{FRAME, at, frames, only_error, output, pinned, raw};
use docker_proto::ErrorKind::{Engine, Usage};
use docker_proto::Phase;
use docker_proto::api::{containers, exec};
use docker_proto::drive::{Items, Link};
use docker_proto::session::VersionChoice;
use docker_proto::testkit::{Bench, Script};
use std::task::{Context, Poll, Waker};

const LOGS: &str = "/containers/web/logs?stdout=1";
const MULTIPLEXED: &str = "Content-Type: application/vnd.docker.multiplexed-stream\r\n";
const RAW: &str = "Content-Type: application/vnd.docker.raw-stream\r\n";

fn logs() -> containers::Logs {
    containers::Logs::new("web").stdout(true)
}

fn tty(tty: bool) -> String {
    format!(r#"{{"Id":"web","Config":{{"Tty":{tty}}}}}"#)
}

fn switched(fields: &str) -> String {
    format!("HTTP/1.1 101 UPGRADED\r\n{fields}Connection: Upgrade\r\nUpgrade: tcp\r\n\r\n{FRAME}")
}

#[test]
fn before_1_42_the_container_is_asked_first() {
    // raw-stream is said of frames too, up to API 1.41.
    for (flag, want) in [(false, frames()), (true, raw())] {
        let script = Script::new().expect("GET /v1.41/containers/web/json").json(200, &tty(flag));
        let bench = Bench::new(script.expect(&*format!("GET /v1.41{LOGS}")).answer(200, RAW, FRAME));
        let items = bench.collect(&mut bench.begin(&pinned(), logs()));
        assert_eq!(output(items), want);
        assert_eq!(bench.dials(), 1);
        bench.finish();
    }
    // An engine leaves the member out where it is false.
    let script = Script::new().expect("GET /v1.41/containers/web/json").json(200, r#"{"Config":{}}"#);
    let bench = Bench::new(script.expect(&*format!("GET /v1.41{LOGS}")).answer(200, RAW, FRAME));
    assert_eq!(output(bench.collect(&mut bench.begin(&pinned(), logs()))), frames());
}

#[test]
fn without_a_version_it_is_asked_too() {
    let client = Bench::client_with(|c| c.version = VersionChoice::Unversioned);
    let script = Script::new().expect("GET /containers/web/json").json(200, &tty(true));
    let bench = Bench::new(script.expect(&*format!("GET {LOGS}")).answer(200, RAW, FRAME));
    assert_eq!(output(bench.collect(&mut bench.begin(&client, logs()))), raw());
    bench.finish();
}

#[test]
fn attach_asks_on_its_own_connection() {
    let script = Script::new().expect("GET /v1.41/containers/web/json").json(200, &tty(false));
    let attach = "POST /v1.41/containers/web/attach?stream=1 HTTP/1.1\r\nHost: docker\r\n\
                  User-Agent: docker-proto/0.1.0\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nContent-Length: 0\r\n\r\n";
    let bench = Bench::new(script.expect(attach).reply(switched(RAW)).close());
    let mut items = bench.begin(&pinned(), containers::Attach::new("web").stream(true));
    assert_eq!(output(bench.collect(&mut items)), frames());
    assert_eq!(bench.dials(), 1);
    bench.finish();
}

#[test]
fn the_caller_who_knows_saves_the_question() {
    for (flag, want) in [(false, frames()), (true, raw())] {
        let bench = Bench::new(Script::new().expect(&*format!("GET /v1.41{LOGS}")).answer(200, RAW, FRAME));
        assert_eq!(output(bench.collect(&mut bench.begin(&pinned(), logs().tty(flag)))), want);
        bench.finish();
    }
}

#[test]
fn a_question_that_is_refused_names_the_way_around_it() {
    for (status, body, part) in [
        (404, r#"{"message":"No such container: web"}"#, "No such container: web"),
        (403, r#"{"message":"not for you"}"#, "not for you"),
        (500, "", "internal error"),
    ] {
        let bench = Bench::new(Script::new().expect("GET /v1.41/containers/web/json").json(status, body));
        let e = only_error(bench.collect(&mut bench.begin(&pinned(), logs())));
        assert_eq!((e.kind(), e.status(), e.phase()), (Engine, Some(status), Some(Phase::Inspect)));
        assert!(e.message().contains(part) && e.message().contains("tty(..)"), "{e}");
        assert_eq!((e.operation(), e.target()), (Some("ContainerLogs"), Some("web")));
        bench.finish();
    }
}

/// Every row of the rule, from 1.42 on, where nobody is asked.
#[test]
fn what_the_engine_and_the_caller_say() {
    let octets = "Content-Type: application/octet-stream\r\n";
    let table = [
        ("multiplexed means it", MULTIPLEXED, None, Some(frames())),
        (
            "whatever its parameters",
            "Content-Type: application/vnd.docker.multiplexed-stream; a=b\r\n",
            None,
            Some(frames()),
        ),
        ("and against the caller", MULTIPLEXED, Some(true), Some(frames())),
        ("raw of logs means it", RAW, None, Some(raw())),
        ("the caller wins over raw", RAW, Some(false), Some(frames())),
        ("octets say nothing", octets, None, None),
        ("octets and a terminal", octets, Some(true), Some(raw())),
        ("octets and no terminal", octets, Some(false), Some(frames())),
        ("no type says nothing", "", None, None),
        ("no type and no terminal", "", Some(false), Some(frames())),
    ];
    for (name, fields, flag, want) in table {
        let bench = Bench::new(Script::new().expect(&*format!("GET /v1.42{LOGS}")).answer(200, fields, FRAME));
        let mut op = logs();
        op.tty = flag;
        let items = bench.collect(&mut bench.begin(&at(1, 42), op));
        match want {
            Some(want) => assert_eq!(output(items), want, "{name}"),
            None => {
                let e = only_error(items);
                assert!(e.kind() == Usage && e.message().contains("tty(true)"), "{name}: {e}");
            }
        }
        bench.finish();
    }
}

#[test]
fn what_an_upgrade_says() {
    let plain = |fields: &str| format!("HTTP/1.1 200 OK\r\n{fields}\r\n{FRAME}");
    let table = [
        ("101, raw", switched(RAW), None, Some(raw())),
        ("101, multiplexed", switched(MULTIPLEXED), None, Some(frames())),
        ("101 without Content-Type", switched(""), None, None),
        ("101 without Content-Type, no terminal", switched(""), Some(false), Some(frames())),
        // Without Upgrade an engine says raw-stream of frames too, in every version.
        ("200, raw", plain(RAW), None, None),
        ("200, raw, a terminal", plain(RAW), Some(true), Some(raw())),
        ("200, multiplexed", plain(MULTIPLEXED), None, Some(frames())),
    ];
    for (name, answer, flag, want) in table {
        let bench = Bench::new(Script::new().expect("POST /v1.42/containers/web/attach").reply(answer).close());
        let mut op = containers::Attach::new("web");
        op.tty = flag;
        let items = bench.collect(&mut bench.begin(&at(1, 42), op));
        match want {
            Some(want) => assert_eq!(output(items), want, "{name}"),
            None => assert!(only_error(items).message().contains("tty(false)"), "{name}"),
        }
    }
}

#[test]
fn an_exec_is_framed_by_its_start_on_docker() {
    // create true and start false gives frames, on every version of dockerd.
    for (flag, want) in [(false, frames()), (true, raw())] {
        let script = Script::new().negotiate("1.47").expect("POST /v1.47/exec/e1/start").reply(switched(RAW)).close();
        let bench = Bench::new(script);
        let items = bench.collect(&mut bench.begin(&Bench::client(), exec::Start::new("e1").tty(flag)));
        assert_eq!(output(items), want);
        bench.finish();
    }
}

#[test]
fn an_exec_is_framed_by_its_creation_on_podman() {
    for (created, started, want) in [(true, false, raw()), (false, true, frames())] {
        let fields = "Api-Version: 1.41\r\nLibpod-Api-Version: 4.3.1\r\n";
        let inspected = format!(r#"{{"ProcessConfig":{{"tty":{created}}}}}"#);
        let script = Script::new().expect("HEAD /_ping").answer(200, fields, "");
        let script = script.expect("GET /v1.41/exec/e1/json").answer(200, fields, inspected);
        let bench = Bench::new(script.expect("POST /v1.41/exec/e1/start").reply(switched(RAW)).close());
        let items = bench.collect(&mut bench.begin(&Bench::client(), exec::Start::new("e1").tty(started)));
        assert_eq!(output(items), want);
        bench.finish();
    }
}

/// bollard, docker-api and shiplift guess from the first byte, so that a terminal that begins with it hangs them.
#[test]
fn the_payload_has_no_say() {
    for payload in ["\x01\x02abc\n", "\0\x01prompt$ ", "\x03", "ok\r\n", "\x01"] {
        let bench = Bench::new(Script::new().expect(&*format!("GET /v1.42{LOGS}")).answer(200, RAW, payload));
        let items = output(bench.collect(&mut bench.begin(&at(1, 42), logs())));
        assert_eq!(items.iter().map(|(_, t)| &**t).collect::<String>(), payload);
    }
}

/// Podman's logs have no type, or one that says nothing.
#[test]
fn podman_is_asked_about_its_logs() {
    for version in ["1.41", "1.44"] {
        let fields = format!("Api-Version: {version}\r\nLibpod-Api-Version: 5.4.2\r\n");
        let script = Script::new().expect("HEAD /_ping").answer(200, &fields, "");
        let script = script.expect(format!("GET /v{version}/containers/web/json")).answer(200, &fields, tty(false));
        let bench = Bench::new(script.expect(format!("GET /v{version}{LOGS}")).answer(200, "", FRAME));
        assert_eq!(output(bench.collect(&mut bench.begin(&Bench::client(), logs()))), frames());
        bench.finish();
    }
}

#[test]
fn whose_exec_it_is_is_asked_where_nobody_said() {
    // A pinned client has seen no ping: the answer to the question tells the engine.
    for (fields, want) in [("Api-Version: 1.41\r\n", frames()), ("Libpod-Api-Version: 4.3.1\r\n", raw())] {
        let script =
            Script::new().expect("GET /v1.41/exec/e1/json").answer(200, fields, r#"{"ProcessConfig":{"tty":true}}"#);
        let bench = Bench::new(script.expect("POST /v1.41/exec/e1/start").reply(switched(RAW)).close());
        assert_eq!(output(bench.collect(&mut bench.begin(&pinned(), exec::Start::new("e1")))), want);
        bench.finish();
    }
}

/// Input goes beside the items, and the end of it leaves the output as it is.
#[test]
fn a_session_goes_both_ways() {
    let script = Script::new().negotiate("1.47").expect("POST /v1.47/exec/e1/start").reply(switched(MULTIPLEXED));
    let script = script.expect_bytes("input\n").reply("\x02\0\0\0\0\0\0\x03got").expect_end();
    let bench = Bench::new(script.reply("\x01\0\0\0\0\0\0\x03end").close());
    let mut items = bench.begin(&Bench::client(), exec::Start::new("e1"));
    let cx = &mut Context::from_waker(Waker::noop());
    let next = |items: &mut Items<Bench, exec::Start>| bench.run(|cx| items.poll_next(cx)).map(|p| p.unwrap().bytes);
    assert_eq!(next(&mut items).unwrap(), "hi");
    assert!(items.poll_next(cx).is_pending());
    let link = items.link().expect("an open session");
    assert!(matches!(link.poll_write(cx, [b"inp", b"", b"ut\n"]), Poll::Ready(Ok(6))));
    assert!(link.poll_flush(cx).is_ready());
    assert_eq!(next(&mut items).unwrap(), "got");
    assert!(items.poll_next(cx).is_pending());
    items.link().expect("still open").half_close();
    assert_eq!(next(&mut items).unwrap(), "end");
    assert_eq!(next(&mut items), None);
    bench.finish();
}
