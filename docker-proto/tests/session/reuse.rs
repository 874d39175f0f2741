//! Which connections are kept: those that are provably clean.

use crate::common::{pinned, secs};
use docker_proto::api::{archive, containers, images, system};
use docker_proto::session::PoolLimits;
use docker_proto::testkit::{Bench, MemoryBody, Script, Want};

const PING: &str = "GET /_ping";

/// Does a first call, which may fail, and then a ping. True if both used one connection.
fn reuses(first: Script, work: impl FnOnce(&Bench)) -> bool {
    let script = first.expect(PING).answer(200, "", "OK").accept().expect(PING).answer(200, "", "OK");
    let bench = Bench::new(script);
    work(&bench);
    let dials = bench.dials();
    bench.call(&pinned(), system::Ping::new()).unwrap();
    bench.dials() == dials
}

fn asked() -> Script {
    Script::new().expect(Want::any())
}

#[test]
fn a_question_that_is_answered_badly_spoils_nothing() {
    let logs = |bench: &Bench| drop(bench.collect(&mut bench.begin(&pinned(), containers::Logs::new("web"))));
    assert!(reuses(asked().json(404, r#"{"message":"No such container"}"#), logs), "a refused inspect");
    assert!(!reuses(asked().answer(404, "Connection: close\r\n", ""), logs), "and a close");
}

fn inspect(bench: &Bench) {
    let _ = bench.call(&pinned(), containers::Inspect::new("web"));
}

#[test]
fn clean_connections_are_kept() {
    let start = |bench: &Bench| {
        bench.call(&pinned(), containers::Start::new("web")).unwrap();
    };
    assert!(reuses(asked().json(200, "{}"), inspect), "200");
    assert!(reuses(asked().chunks(200, "", &["{", "}"]), inspect), "chunks");
    assert!(reuses(asked().json(404, r#"{"message":"No such container"}"#), inspect), "404");
    assert!(reuses(asked().chunks(500, "", &["oops"]), inspect), "500 in chunks");
    assert!(reuses(asked().answer(204, "", ""), start), "204");
    assert!(reuses(asked().answer(304, "", ""), start), "304");
    assert!(
        reuses(asked().answer(204, "", ""), |bench| {
            let mut put = bench.upload(&pinned(), archive::Put::new("web", "/"), MemoryBody::new().piece("tar"));
            bench.collect(&mut put).remove(0).unwrap();
        }),
        "an upload that was read to its end"
    );
    assert!(
        reuses(
            asked().chunks(200, "", &["{\"status\":\"a\"}\n", "{\"error\":\"boom\"}\n", "{\"status\":\"b\"}\n"]),
            |bench| {
                let mut pull = bench.begin(&pinned(), images::Pull::new("alpine"));
                assert_eq!(bench.collect(&mut pull).len(), 2);
            }
        ),
        "an error in the stream"
    );
    assert!(
        reuses(asked().json(200, "\"text\""), |bench| {
            // A value that does not fit its type was still read to its end.
            bench.call(&pinned(), containers::Inspect::new("web")).expect_err("a text is no container");
        }),
        "a value of another type"
    );
}

#[test]
fn others_are_closed() {
    assert!(!reuses(asked().json(200, "{}").reply("!"), inspect), "a stray byte in the next read");
    assert!(!reuses(asked().reply("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}!"), inspect), "in the same read");
    assert!(!reuses(asked().answer(200, "Connection: close\r\n", "{}"), inspect), "close");
    assert!(!reuses(asked().reply("HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n{}"), inspect), "HTTP/1.0");
    assert!(!reuses(asked().reply("HTTP/1.1 200 OK\r\n\r\n{}").close().accept(), inspect), "until close");
    assert!(!reuses(asked().json(200, "{}").close().accept(), inspect), "closed behind the answer");
    assert!(!reuses(asked().json(200, "{}").reset().accept(), inspect), "reset behind the answer");
    assert!(
        !reuses(asked().reply("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{"), |bench| {
            let mut half = bench.begin(&pinned(), containers::Inspect::new("web"));
            assert!(bench.poll(|cx| half.poll_next(cx)).is_pending());
            drop(half);
            assert!(!bench.is_open(1));
        }),
        "half read"
    );
    assert!(
        !reuses(asked().begin_chunks(200, "").more_chunks(&["{}\n"]), |bench| {
            let mut events = bench.begin(&pinned(), system::Events::new());
            bench.run(|cx| events.poll_next(cx)).unwrap().unwrap();
        }),
        "a stream that goes on"
    );
    assert!(
        !reuses(asked().reply("HTTP/1.1 101 UPGRADED\r\n\r\nout").close().accept(), |bench| {
            let mut attach = bench.begin(&pinned(), containers::Attach::new("web").tty(true));
            assert_eq!(bench.collect(&mut attach).len(), 1);
            assert!(!bench.is_open(1));
        }),
        "an upgrade"
    );
}

#[test]
fn an_answer_before_the_end_of_the_upload_leaves_nothing_to_keep() {
    let script = Script::new().expect_head(Want::any()).ignore().json(400, r#"{"message":"no tar"}"#);
    let bench = Bench::new(script);
    let body = MemoryBody::new().piece("begin").pause(secs(1)).piece("end");
    let mut put = bench.upload(&pinned(), archive::Put::new("web", "/"), body);
    let items = bench.collect(&mut put);
    assert_eq!(items[0].as_ref().expect_err("400").message(), "no tar");
    assert!(!bench.is_open(1));
    assert_eq!(bench.counters().idle, 0);
}

#[test]
fn idle_connections_that_died_are_found_before_they_are_used() {
    let quiet = || Script::new().expect(PING).answer(200, "", "OK");
    let next = |script: Script| script.accept().expect(PING).answer(200, "", "OK");
    for dead in
        [quiet().pause(secs(5)).close(), quiet().pause(secs(5)).reset(), quiet().pause(secs(5)).reply("HTTP/1.1 408")]
    {
        let bench = Bench::new(next(dead));
        bench.call(&pinned(), system::Ping::new()).unwrap();
        assert_eq!(bench.counters().idle, 1);
        bench.pass(secs(6));
        bench.call(&pinned(), system::Ping::new()).unwrap();
        let counters = bench.counters();
        assert_eq!((counters.dialled, counters.reused, counters.discarded), (2, 0, 1));
        assert!(!bench.is_open(1));
        bench.finish();
    }
}

#[test]
fn idle_connections_grow_old() {
    let ping = |script: Script| script.expect(PING).answer(200, "", "OK");
    let bench = Bench::new(ping(ping(ping(Script::new())).accept()));
    for wait in [29, 30, 0] {
        bench.call(&pinned(), system::Ping::new()).unwrap();
        bench.pass(secs(wait));
    }
    assert_eq!((bench.dials(), bench.is_open(1), bench.is_open(2)), (2, false, true));
    bench.finish();
}

#[test]
fn no_connection_is_kept_where_none_is_wanted() {
    let ping = |script: Script| script.accept().expect(PING).answer(200, "", "OK");
    let bench = Bench::with_limits(ping(ping(Script::new())), PoolLimits::default().idle(0));
    bench.call(&pinned(), system::Ping::new()).unwrap();
    bench.call(&pinned(), system::Ping::new()).unwrap();
    assert_eq!((bench.dials(), bench.is_open(1), bench.is_open(2)), (2, false, false));
}

/// A client that is used in two runtimes never carries a socket from one into the other.
#[test]
fn connections_stay_under_their_key() {
    let ping = |script: Script| script.expect(PING).answer(200, "", "OK");
    let bench = Bench::new(ping(ping(Script::new().accept())).accept().expect(PING).answer(200, "", "OK"));
    for key in [1, 2, 1] {
        bench.set_key(key);
        bench.call(&pinned(), system::Ping::new()).unwrap();
    }
    assert_eq!(bench.dials(), 2);
    bench.finish();
}
