//! The default deadlines of every operation, measured: what they are is what the documentation says.

use crate::common::{at, secs};
use docker_proto::api::{TABLE, containers};
use docker_proto::drive::Items;
use docker_proto::op::{
    AnyReply, BodySpec, Encode, Invoke, Kind, OpSpec, Operation, ParamType, Patience, Place, Reply, RequestWriter,
    Seconds,
};
use docker_proto::session::{CallOptions, Client, Timeouts};
use docker_proto::testkit::{Bench, MemoryBody, Script, Want};
use docker_proto::{ErrorKind, Phase, Result};
use std::collections::BTreeMap;
use std::fmt::{Debug, Write};
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

/// An operation of which only the row is known.
struct Row(&'static OpSpec);

impl Encode for Row {
    fn spec(&self) -> &'static OpSpec {
        self.0
    }

    fn encode(&self, writer: &mut RequestWriter<'_>) -> Result<()> {
        for param in self.0.params.iter().filter(|p| p.required) {
            match (param.place, param.ty) {
                (Place::Path(_), _) => writer.path(param.name, "x")?,
                (_, ParamType::Text) => writer.text(param.name, "x")?,
                _ => writer.text(param.name, "1")?,
            }
        }
        if let BodySpec::Json { .. } = self.0.body {
            writer.raw_json("{}".into());
        }
        Ok(())
    }

    fn tty(&self) -> Option<bool> {
        self.0.framed.map(|_| true)
    }
}

impl Operation for Row {
    type Reply = AnyReply;
}

/// When and where a call times out; `None` if never.
fn waits<O: Operation>(bench: &Bench, items: &mut Items<Bench, O>) -> Option<(Phase, Duration)>
where
    <O::Reply as Reply>::Item: Debug,
{
    loop {
        match bench.poll(|cx| items.poll_next(cx)) {
            Poll::Ready(Some(Err(e))) => {
                assert_eq!(e.kind(), ErrorKind::Timeout, "{e}");
                return Some((e.phase()?, bench.time()));
            }
            Poll::Ready(Some(Ok(_))) => {}
            Poll::Ready(None) => panic!("it ended"),
            Poll::Pending if !bench.advance() => return None,
            Poll::Pending => {}
        }
    }
}

fn client(row: &'static OpSpec) -> Arc<Client> {
    let version = row.until.or(row.since).map_or((1, 44), |v| (v.major, v.minor.max(41)));
    let version = row.until.map_or(version, |v| (v.major, v.minor));
    at(version.0, version.1)
}

/// The same on a connection of its own, once it is known what engine it is.
fn measure(row: &'static OpSpec, script: impl FnOnce(Script) -> Script) -> Option<(Phase, Duration)> {
    let ping = Script::new().expect("GET /_ping").answer(200, "Api-Version: 1.44\r\nConnection: close\r\n", "OK");
    let bench = Bench::new(script(ping.accept()));
    let client = client(row);
    bench.call(&client, docker_proto::api::system::Ping::new()).unwrap();
    match row.body {
        BodySpec::Upload(_) => waits(&bench, &mut bench.upload(&client, Row(row), MemoryBody::new().piece("tar"))),
        _ => waits(&bench, &mut bench.begin(&client, Row(row))),
    }
}

fn cell(phase: Phase, name: &str, found: Option<(Phase, Duration)>) -> String {
    match found {
        None => "no limit".into(),
        Some((at, time)) => {
            assert_eq!((at, time), (phase, secs(60)));
            format!("`{name}`")
        }
    }
}

/// What the documentation says of an operation that takes these limits.
fn cells(row: &'static OpSpec) -> [String; 3] {
    let send = cell(Phase::Send, "send", measure(row, |s| s.jam()));
    let mut head = cell(Phase::Head, "head", measure(row, |s| s.expect(Want::any()).stall()));
    if row.patience == Patience::Grace {
        // Without a grace in the request.
        assert_eq!(head, "no limit");
        head = "`head` + `t`; no limit if `t` is not given or -1".into();
    }
    let answers = !matches!(row.kind, Kind::Done | Kind::Ping | Kind::Stat | Kind::Websocket);
    let body = match answers {
        false => "none comes".into(),
        true => cell(
            Phase::Body,
            "idle",
            measure(row, |s| {
                let upgraded = "HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n";
                let plain = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n";
                s.expect(Want::any()).reply(if row.upgrade.is_some() { upgraded } else { plain }).stall()
            }),
        ),
    };
    [send, head, body]
}

#[test]
fn the_documentation_has_the_limits_of_every_operation() {
    let mut classes: BTreeMap<[String; 3], Vec<&str>> = BTreeMap::new();
    for row in TABLE {
        classes.entry(cells(row)).or_default().push(row.name);
    }
    let mut rows: Vec<_> = classes.into_iter().collect();
    // What is limited most comes first.
    rows.sort_by_key(|(cells, names)| (cells.iter().filter(|c| c.contains("no limit")).count(), names.len()));
    let mut table =
        String::from("| sending | head of the answer | body of the answer | operations |\n|---|---|---|---|\n");
    for (cells, mut names) in rows {
        names.sort_unstable();
        let _ = writeln!(table, "| {} | `{}` |", cells.join(" | "), names.join("`, `"));
    }
    let documented = include_str!("../../src/session/deadlines.md");
    assert!(documented.contains(&table), "src/session/deadlines.md should have this table:\n\n{table}");
}

/// docker-py: `stop(timeout=70)` must not be cut off at 60 s.
#[test]
fn a_grace_is_added_to_the_limit_of_the_head() {
    let stopped = |time| Script::new().expect(Want::any()).pause(time).answer(204, "", "");
    let call = |bench: &Bench, t: Option<i64>| {
        let stop = containers::Stop::new("web");
        let mut items = bench.begin(
            &at(1, 44),
            match t {
                Some(t) => stop.t(t),
                None => stop,
            },
        );
        bench.collect(&mut items).pop().expect("an answer")
    };
    for (t, takes, fine) in [(70, 129, true), (70, 131, false), (0, 59, true), (0, 61, false), (-1, 100_000, true)] {
        let bench = Bench::new(stopped(secs(takes)));
        match call(&bench, Some(t)) {
            Ok(_) => assert!(fine, "t={t}"),
            Err(e) => {
                assert!(!fine && e.is_timeout() && e.phase() == Some(Phase::Head), "t={t}: {e}");
                let limit = format!("longer than allowed: {}s for this wait", 60 + t);
                assert!(e.to_string().contains(&limit), "{e}");
            }
        }
    }
    // The container's own setting holds, whatever it is.
    call(&Bench::new(stopped(secs(3600))), None).unwrap();
    // A request by name is no other request, and neither is a restart.
    let bench = Bench::new(Script::new().expect(Want::any()).stall());
    let stop = Invoke::new("ContainerRestart").unwrap().set("id", "web").unwrap().set("t", "5").unwrap();
    assert_eq!(waits(&bench, &mut bench.begin(&at(1, 44), stop)), Some((Phase::Head, secs(65))));
    let bench = Bench::new(Script::new().expect(Want::any()).stall());
    let restart = containers::Restart::new("web").t(Seconds(i64::MAX));
    assert_eq!(waits(&bench, &mut bench.begin(&at(1, 44), restart)).map(|w| w.0), Some(Phase::Head), "the far future");
    // Given for the call, they hold as they are.
    let bench = Bench::new(Script::new().expect(Want::any()).stall());
    let options = CallOptions::new().timeouts(Timeouts::each(secs(2)));
    let mut stop = bench.begin_with(&at(1, 44), containers::Stop::new("web").t(70), options);
    assert_eq!(waits(&bench, &mut stop), Some((Phase::Head, secs(2))));
}

#[test]
fn a_timeout_says_which_limit_it_was() {
    let said = |timeouts, script| {
        let bench = Bench::new(script);
        let options = CallOptions::new().timeouts(timeouts);
        let mut items = bench.begin_with(&at(1, 44), containers::Inspect::new("web"), options);
        bench.collect(&mut items).pop().expect("an error").expect_err("a timeout").to_string()
    };
    assert_eq!(
        said(Timeouts::each(secs(3)), Script::new().expect(Want::any()).stall()),
        "ContainerInspect \"web\": it took longer than allowed: 3s for this wait (while waiting for the answer)"
    );
    assert_eq!(
        said(Timeouts::NONE.total(Some(secs(5))), Script::new().never()),
        "ContainerInspect \"web\": it took longer than allowed: 5s for the whole call (while connecting)"
    );
    let limits = docker_proto::session::PoolLimits::default().places(1);
    let bench = Bench::with_limits(Script::new().never(), limits);
    let mut first = bench.begin(&at(1, 44), containers::Inspect::new("a"));
    assert!(bench.poll(|cx| first.poll_next(cx)).is_pending());
    let mut second = bench.begin(&at(1, 44), containers::Inspect::new("b"));
    let e = bench.collect(&mut second).pop().expect("an error").expect_err("a timeout");
    assert!(e.message().ends_with("30s for a place under the limit of calls at the same time"), "{e}");
}
