//! What the pool counts: every connection is open, or was closed for a reason that is told.

use crate::common::{pinned, secs};
use docker_proto::api::{containers, system};
use docker_proto::drive::Runtime;
use docker_proto::session::{CallOptions, Counters, PoolLimits, Timeouts};
use docker_proto::testkit::{Bench, Script, Want};

fn pings(bench: &Bench, n: usize) {
    for _ in 0..n {
        bench.call(&pinned(), system::Ping::new()).unwrap();
    }
}

fn ping(script: Script) -> Script {
    script.expect("GET /_ping").answer(200, "", "OK")
}

/// Open connections, and the closed ones by reason: expired, dead, surplus, shut, spent.
fn reasons(bench: &Bench) -> (usize, [u64; 5]) {
    let c = bench.counters();
    let closed = [c.expired, c.dead, c.surplus, c.shut, c.spent];
    assert_eq!(c.dialled, c.open as u64 + closed.iter().sum::<u64>(), "{c:?}");
    assert_eq!(c.discarded, c.expired + c.dead, "{c:?}");
    assert_eq!(c.in_use(), c.open - c.idle, "{c:?}");
    let open = (1..=bench.dials()).filter(|&n| bench.is_open(n)).count();
    assert_eq!(c.open, open, "what is counted is what is open: {c:?}");
    (c.open, closed)
}

#[test]
fn a_connection_that_is_used_and_kept() {
    let bench = Bench::new(ping(Script::new()).expect("GET /_ping").pause(secs(1)).answer(200, "", "OK"));
    assert_eq!(bench.counters(), Counters::default());
    pings(&bench, 1);
    let c = bench.counters();
    assert_eq!((c.dialled, c.reused, c.open, c.idle, c.in_use()), (1, 0, 1, 1, 0));
    let mut call = bench.begin(&pinned(), system::Ping::new());
    assert!(bench.poll(|cx| call.poll_next(cx)).is_pending());
    let c = bench.counters();
    assert_eq!((c.dialled, c.reused, c.open, c.idle, c.in_use(), c.places), (1, 1, 1, 0, 1, 1));
    bench.collect(&mut call).remove(0).unwrap();
    assert_eq!(reasons(&bench), (1, [0; 5]));
}

#[test]
fn expired_and_dead() {
    let bench = Bench::new(ping(ping(Script::new()).accept()));
    pings(&bench, 1);
    bench.pass(secs(30));
    pings(&bench, 1);
    assert_eq!(reasons(&bench), (1, [1, 0, 0, 0, 0]));
    for dead in [Script::new(), Script::new()].map(ping).into_iter().zip([Script::close, Script::reset]) {
        let bench = Bench::new(ping((dead.1)(dead.0.pause(secs(1))).accept()));
        pings(&bench, 1);
        bench.pass(secs(2));
        pings(&bench, 1);
        assert_eq!(reasons(&bench), (1, [0, 1, 0, 0, 0]));
    }
}

#[test]
fn surplus() {
    let slow = |s: Script| s.accept().expect("GET /_ping").pause(secs(1)).answer(200, "", "OK");
    let bench = Bench::with_limits(slow(slow(slow(Script::new()))), PoolLimits::default().idle(2));
    let mut calls = [(); 3].map(|()| bench.begin(&pinned(), system::Ping::new()));
    for call in &mut calls {
        assert!(bench.poll(|cx| call.poll_next(cx)).is_pending());
    }
    assert_eq!(reasons(&bench), (3, [0; 5]));
    for call in &mut calls {
        bench.collect(call).remove(0).unwrap();
    }
    assert_eq!(reasons(&bench), (2, [0, 0, 1, 0, 0]));
    let bench = Bench::with_limits(ping(ping(Script::new()).accept()), PoolLimits::default().idle(0));
    pings(&bench, 2);
    assert_eq!(reasons(&bench), (0, [0, 0, 2, 0, 0]));
}

/// Closing gives up what is kept, lets run what runs, and keeps nothing from then on: later calls dial, each for itself.
#[test]
fn shut() {
    let script = Script::new().expect(Want::any()).begin_chunks(200, "").more_chunks(&["{}\n"]);
    let script = script.pause(secs(5)).more_chunks(&["{}\n"]).reply("0\r\n\r\n");
    let bench = Bench::new(ping(ping(ping(script.accept()).accept()).accept()));
    let mut events = bench.begin(&pinned(), system::Events::new());
    bench.run(|cx| events.poll_next(cx)).unwrap().unwrap();
    pings(&bench, 1);
    assert_eq!(reasons(&bench), (2, [0; 5]));
    drop(bench.pool(|pool| pool.close()));
    assert_eq!(reasons(&bench), (1, [0, 0, 0, 1, 0]));
    drop(bench.pool(|pool| pool.close()));
    assert_eq!(bench.collect(&mut events).len(), 1, "what runs goes on");
    assert_eq!(reasons(&bench), (0, [0, 0, 0, 2, 0]), "and is not kept, clean as it is");
    pings(&bench, 2);
    assert_eq!(reasons(&bench), (0, [0, 0, 0, 4, 0]));
    assert_eq!((bench.dials(), bench.counters().reused), (4, 0));
    bench.finish();
}

#[test]
fn spent() {
    let asked = || Script::new().expect(Want::any());
    let inspect = || containers::Inspect::new("web");
    let table = [
        ("the answer says so", asked().answer(200, "Connection: close\r\n", "{}")),
        ("cut", asked().reply("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{").close()),
        ("reset", asked().reply("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{").reset()),
        ("garbage", asked().reply("220 mail.example.org\r\n")),
        ("a stray byte", asked().reply("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}!")),
        ("stalled", asked().stall()),
    ];
    for (name, script) in table {
        let bench = Bench::new(script);
        let options = CallOptions::new().timeouts(Timeouts::each(secs(9)));
        let mut call = bench.begin_with(&pinned(), inspect(), options);
        let _ = bench.collect(&mut call);
        assert_eq!(reasons(&bench), (0, [0, 0, 0, 0, 1]), "{name}");
        drop(call);
        assert_eq!(reasons(&bench), (0, [0, 0, 0, 0, 1]), "{name}, counted once");
    }
    let bench = Bench::new(asked().stall());
    let mut given_up = bench.begin(&pinned(), inspect());
    assert!(bench.poll(|cx| given_up.poll_next(cx)).is_pending());
    drop(given_up);
    assert_eq!(reasons(&bench), (0, [0, 0, 0, 0, 1]), "dropped");
    let bench = Bench::new(asked().reply("HTTP/1.1 101 UPGRADED\r\n\r\nout").close());
    let mut attach = bench.begin(&pinned(), containers::Attach::new("web").tty(true));
    assert_eq!(bench.collect(&mut attach).len(), 1);
    assert_eq!(reasons(&bench), (0, [0, 0, 0, 0, 1]), "a session");
    // A connection that was kept, and died of the request: the call dials once more.
    let bench = Bench::new(ping(ping(Script::new()).expect("GET /_ping").close().accept()));
    pings(&bench, 2);
    assert_eq!(reasons(&bench), (1, [0, 0, 0, 0, 1]), "redialled");
    // A dial that fails, or is given up, was never a connection.
    let bench = Bench::new(Script::new().refuse("nobody there").never());
    bench.call(&pinned(), inspect()).expect_err("refused");
    let mut dialling = bench.begin(&pinned(), inspect());
    assert!(bench.poll(|cx| dialling.poll_next(cx)).is_pending());
    drop(dialling);
    assert_eq!(reasons(&bench), (0, [0; 5]));
}
