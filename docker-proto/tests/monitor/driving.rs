//! The driver and its subscribers: on a scripted engine, in virtual time.

use docker_proto::drive::Caller;
use docker_proto::jobs::Job;
use docker_proto::model::ApiVersion;
use docker_proto::monitor::{self, Hub, Item, Lock, Monitor, Options, Subscription, Worked};
use docker_proto::session::{CallOptions, VersionChoice};
use docker_proto::testkit::{Bench, Script};
use docker_proto::{ErrorKind, Result};
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

struct Locked(Mutex<Hub>);

impl Lock for Locked {
    fn with<'a>(&self, work: &mut dyn FnMut(&mut Hub) -> Worked<'a>) -> Worked<'a> {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// A monitor on a bench.
struct Stand {
    bench: Bench,
    driver: Pin<Box<dyn Future<Output = Result<()>> + Send>>,
    ended: Option<Result<()>>,
    monitor: Option<Monitor>,
}

impl Stand {
    fn new(script: Script, options: Options) -> Self {
        let bench = Bench::new(script);
        let client = Bench::client_with(|c| c.version = VersionChoice::Pinned(ApiVersion::new(1, 45)));
        let (watch, monitor) = monitor::monitor(options, |hub| Arc::new(Locked(Mutex::new(hub))));
        let caller = Caller::new(bench.clone(), client, CallOptions::default());
        let driver = Box::pin(async move { watch.run(&caller).await });
        Self { bench, driver, ended: None, monitor: Some(monitor) }
    }

    fn monitor(&self) -> &Monitor {
        self.monitor.as_ref().expect("not dropped yet")
    }

    fn turn(&mut self, cx: &mut Context<'_>) {
        if self.ended.is_none() {
            if let Poll::Ready(end) = self.driver.as_mut().poll(cx) {
                self.ended = Some(end);
            }
        }
    }

    /// The next item; time passes if it has to.
    fn next(&mut self, subscriber: &mut Subscription) -> Option<Item> {
        let bench = self.bench.clone();
        bench.run(|cx| {
            self.turn(cx);
            subscriber.poll_next(cx)
        })
    }

    /// The next items, in short.
    fn told(&mut self, subscriber: &mut Subscription, n: usize) -> Vec<String> {
        (0..n).map_while(|_| self.next(subscriber)).map(|item| short(&item)).collect()
    }

    fn end(&mut self) -> Result<()> {
        let bench = self.bench.clone();
        bench.run(|cx| {
            self.turn(cx);
            self.ended.clone().map_or(Poll::Pending, Poll::Ready)
        })
    }
}

fn short(item: &Item) -> String {
    let change = |what: &str| {
        let change = item.change().expect("a change");
        format!("{what} {}{}", change.container.name, if change.reconciled { "!" } else { "" })
    };
    match item {
        Item::Snapshot(picture) => {
            let all = picture.all().map(|c| format!("{}:{}", c.name, c.status));
            format!("[{}]", all.collect::<Vec<_>>().join(" "))
        }
        Item::Event(event) => event.action.clone().unwrap_or_default(),
        Item::Created(_) => change("created"),
        Item::Started(_) => change("started"),
        Item::Stopped(_) => change("stopped"),
        Item::Renamed(_) => change("renamed"),
        Item::Updated(_) => change("updated"),
        Item::Removed(_) => change("removed"),
        Item::Stats(sample) => format!("stats {}", sample.container.name),
        Item::StatsFailed { container, error } => format!("no stats {container}: {:?}", error.kind()),
        Item::Gap(_) => "gap".into(),
        Item::Disconnected(e) => format!("away: {:?}", e.kind()),
        Item::Reconnected => "back".into(),
        Item::Lagged(n) => format!("lagged {n}"),
        other => format!("{other:?}"),
    }
}

const INFO: &str = "GET /v1.45/info";
const LIST: &str = "GET /v1.45/containers/json?all=1";
const FIRST: &str = "GET /v1.45/events?since=1795244168";

fn inspect(id: &str) -> String {
    format!("GET /v1.45/containers/{id}/json")
}

fn told(name: &str, status: &str) -> String {
    format!(
        r#"{{"Id":"x","Name":"/{name}","State":{{"Status":"{status}","StartedAt":"2026-11-21T06:00:00Z"}},"Config":{{}}}}"#
    )
}

fn event(id: &str, action: &str, second: u64) -> String {
    let name = if id == "n" { "new" } else { "web" };
    format!(
        r#"{{"Type":"container","Action":"{action}","Actor":{{"ID":"{id}","Attributes":{{"name":"{name}"}}}},"timeNano":{}}}"#,
        (1_795_244_168 + second) * 1_000_000_000
    ) + "\n"
}

fn info(script: Script) -> Script {
    script.expect(INFO).json(200, r#"{"SystemTime":"2026-11-21T06:56:08Z"}"#)
}

fn opened(script: Script, request: &str) -> Script {
    script.expect(request).begin_chunks(200, "")
}

fn listed(script: Script, ids: &[&str]) -> Script {
    let rows: Vec<_> = ids.iter().map(|id| format!(r#"{{"Id":"{id}","Names":["/{id}"],"State":"running"}}"#)).collect();
    script.expect(LIST).json(200, &format!("[{}]", rows.join(",")))
}

fn inspected(script: Script, id: &str, name: &str, status: &str) -> Script {
    script.expect(&*inspect(id)).json(200, &told(name, status))
}

/// Compares only when it has to.
fn quiet() -> Options {
    Options::new().reconcile_every(SOON * 100_000)
}

/// Long enough for everything that goes on at the same time.
const SOON: Duration = Duration::from_secs(1);

#[test]
fn a_picture_comes_first_and_then_what_happens() {
    let script = opened(info(Script::new()), FIRST).pause(SOON).more_chunks(&[&event("a", "die", 1)]).pause(SOON * 5);
    let script = inspected(listed(script.accept(), &["a"]), "a", "web", "running");
    // What happened is looked at again.
    let script = inspected(script, "a", "web", "exited");
    let mut stand = Stand::new(script, quiet());
    assert!(stand.monitor().picture().is_empty());
    let mut early = stand.monitor().subscribe();
    assert_eq!(stand.told(&mut early, 3), ["[web:running]", "die", "stopped web"]);
    // Whoever comes late has the picture at once.
    let mut late = stand.monitor().subscribe();
    assert_eq!(late.now().map(|item| short(&item)).as_deref(), Some("[web:exited]"));
    assert!(late.now().is_none());
    assert_eq!(stand.monitor().engine().and_then(|engine| engine.version), Some(ApiVersion::new(1, 45)));
    assert_eq!((late.picture(), early.picture()), (stand.monitor().picture(), stand.monitor().picture()));
    // The last that goes ends it, and with it the connection of the events.
    drop((stand.monitor.take(), late));
    assert!(stand.bench.is_open(1));
    drop(early);
    stand.end().unwrap();
    drop(stand.driver);
    assert!(!stand.bench.is_open(1));
}

#[test]
fn a_slow_inspect_holds_up_no_event() {
    let events = [event("n", "create", 1), event("n", "start", 1), event("a", "die", 2)];
    let script = opened(info(Script::new()), FIRST).pause(SOON);
    let script = script.more_chunks(&events.each_ref().map(|e| &**e)).pause(SOON * 60);
    let script = inspected(listed(script.accept(), &["a"]), "a", "web", "running");
    let script = script.expect(&*inspect("n")).pause(SOON * 50).json(200, &told("new", "running"));
    let script = inspected(script.accept(), "a", "web", "exited");
    let mut stand = Stand::new(script, quiet());
    let mut all = stand.monitor().subscribe();
    assert_eq!(stand.told(&mut all, 5), ["[web:running]", "create", "start", "die", "stopped web"]);
    assert_eq!(stand.bench.time(), SOON);
    assert_eq!(stand.told(&mut all, 2), ["created new", "started new"]);
    assert_eq!(stand.bench.time(), SOON * 51);
}

#[test]
fn an_outage_is_told_and_what_it_hid_is_found() {
    let script =
        opened(info(Script::new()), FIRST).pause(SOON).more_chunks(&[&event("a", "pause", 5)]).pause(SOON).close();
    let script = inspected(listed(script.accept(), &["a"]), "a", "web", "running").pause(SOON).reset();
    let script = script.refuse("no").refuse("no").refuse("no");
    // From a little before the last event.
    let script = opened(script.accept(), "GET /v1.45/events?since=1795244172").pause(SOON * 5);
    let script = listed(script.accept(), &["b"]).expect(&*inspect("a")).json(404, r#"{"message":"No such container"}"#);
    let script = inspected(script, "b", "new", "running");
    let mut stand = Stand::new(script, quiet());
    let mut all = stand.monitor().subscribe();
    assert_eq!(stand.told(&mut all, 4), ["[web:running]", "pause", "updated web", "away: Truncated"]);
    // The picture stays, and whoever comes now knows how it is.
    assert_eq!(stand.monitor().picture().len(), 1);
    let mut late = stand.monitor().subscribe();
    assert_eq!(stand.told(&mut late, 2), ["[web:paused]", "away: Truncated"]);
    let changes = ["stopped web!", "removed web!", "created new!", "started new!"];
    let found = stand.told(&mut all, 6);
    assert_eq!((&*found[0], &*found[5]), ("back", "[new:running]"));
    assert!(changes.iter().all(|change| found.contains(&(*change).into())), "{found:?}");
    // At once, after 0.1 and after 0.2 s; the attempt that succeeds after 0.4 s.
    assert_eq!(stand.bench.time(), SOON * 2 + Duration::from_millis(700));
    assert_eq!(stand.told(&mut late, 6), found);
}

#[test]
fn an_engine_that_was_never_met_is_waited_for_only_if_somebody_says_so() {
    let mut stand = Stand::new(Script::new().refuse("no"), quiet());
    let mut all = stand.monitor().subscribe();
    assert_eq!(stand.told(&mut all, 9), ["away: Connect"]);
    assert_eq!(stand.end().unwrap_err().kind(), ErrorKind::Connect);
    // After the end there is nothing, and it is said so.
    drop(stand.driver);
    assert!(all.now().is_none());

    let script = Script::new().refuse("no").refuse("no").refuse("no");
    let mut stand = Stand::new(script, quiet().attempts(3));
    let mut all = stand.monitor().subscribe();
    assert_eq!(stand.told(&mut all, 9), ["away: Connect"]);
    assert_eq!(stand.end().unwrap_err().kind(), ErrorKind::Connect);
    stand.bench.finish();

    let script = Script::new().refuse("no").refuse("no");
    let script = opened(info(script.accept()), FIRST).pause(SOON * 5);
    let mut stand = Stand::new(listed(script.accept(), &[]), quiet().attempts(u32::MAX));
    let mut all = stand.monitor().subscribe();
    assert_eq!(stand.told(&mut all, 3), ["away: Connect", "back", "[]"]);
}

#[test]
fn a_refusal_ends_it() {
    let script = info(Script::new()).expect(FIRST).json(400, r#"{"message":"no such filter"}"#);
    let mut stand = Stand::new(script, quiet());
    let mut all = stand.monitor().subscribe();
    assert_eq!(stand.told(&mut all, 9), ["away: Engine"]);
    assert_eq!(stand.end().unwrap_err().message(), "no such filter");
}

#[test]
fn an_engine_that_ends_its_events_is_asked_again_at_once() {
    let script = opened(info(Script::new()), FIRST).pause(SOON).reply("0\r\n\r\n");
    let script = opened(script, FIRST).pause(SOON * 5);
    let script = listed(listed(script.accept(), &[]), &[]);
    let mut stand = Stand::new(script, quiet());
    let mut all = stand.monitor().subscribe();
    assert_eq!(stand.told(&mut all, 4), ["[]", "away: Truncated", "back", "[]"]);
    assert_eq!(stand.bench.time(), SOON);
}

#[test]
fn what_no_event_told_is_found_after_the_interval() {
    let script = opened(info(Script::new()), FIRST).pause(SOON * 100);
    let script = inspected(listed(script.accept(), &["a"]), "a", "a", "running");
    let script = listed(script, &["a", "b"]);
    let script = inspected(script, "b", "b", "running");
    let mut stand = Stand::new(script, quiet().reconcile_every(SOON * 10));
    let mut all = stand.monitor().subscribe();
    assert_eq!(stand.told(&mut all, 3), ["[a:running]", "created b!", "started b!"]);
    assert_eq!(stand.bench.time(), SOON * 10);
}

#[test]
fn a_list_that_is_not_answered_means_that_events_may_not_flow() {
    // The other end of a connection may be gone without a word.
    let script = opened(info(Script::new()), FIRST).pause(SOON * 1000);
    let script = listed(script.accept(), &[]).accept().expect(LIST).stall();
    let script = opened(script.accept(), FIRST).pause(SOON * 1000);
    let mut stand = Stand::new(listed(script.accept(), &[]), Options::new());
    let mut all = stand.monitor().subscribe();
    assert_eq!(stand.told(&mut all, 4), ["[]", "away: Timeout", "back", "[]"]);
    // The interval, and the patience of the client.
    assert_eq!(stand.bench.time(), SOON * 90);
}

const SAMPLE: &str = r#"{"read":"2026-11-21T07:00:00Z","pids_stats":{"current":1},"memory_stats":{"usage":1}}"#;

#[test]
fn samples_come_over_one_connection_while_the_container_runs() {
    let stats = "GET /v1.45/containers/a/stats";
    let script = opened(info(Script::new()), FIRST).pause(SOON * 4).more_chunks(&[&event("a", "die", 4)]);
    let script = script.pause(SOON * 2).more_chunks(&[&event("a", "start", 6)]).pause(SOON * 100);
    let script = inspected(listed(script.accept(), &["a"]), "a", "web", "running");
    let (idle, gone) = (r#"{"read":"0001-01-01T00:00:00Z"}"#, SOON * 100);
    let script =
        script.expect(stats).begin_chunks(200, "").pause(SOON * 2).more_chunks(&[SAMPLE, idle, SAMPLE]).pause(gone);
    let script = inspected(script.accept(), "a", "web", "exited");
    let script = opened(script, stats).pause(SOON).more_chunks(&[SAMPLE]).pause(SOON * 100);
    let script = inspected(script.accept(), "a", "web", "running");
    let mut stand = Stand::new(script, quiet());
    let (mut one, mut other) = (stand.monitor().subscribe(), stand.monitor().subscribe());
    // It is looked up once it is known.
    stand.monitor().stats("web").unwrap();
    stand.monitor().stats("nobody").unwrap();
    let first = stand.told(&mut one, 4);
    assert_eq!(first, ["[web:running]", "no stats nobody: Usage", "stats web", "stats web"]);
    stand.monitor().stats("a").unwrap();
    assert_eq!(stand.monitor().stats("nobody").unwrap_err().kind(), ErrorKind::Usage);
    assert_eq!(stand.told(&mut one, 5), ["die", "stopped web", "start", "started web", "stats web"]);
    assert_eq!(stand.told(&mut other, 9).len(), 9, "each subscriber has each");
    // That of the first run was the second connection, and this one is the third.
    assert_eq!((stand.bench.dials(), stand.bench.is_open(2), stand.bench.is_open(3)), (4, false, true));
    stand.monitor().stop_stats("web");
    let bench = stand.bench.clone();
    let _ = bench.poll(|cx| {
        stand.turn(cx);
        Poll::<()>::Pending
    });
    assert!(!stand.bench.is_open(3));
}

#[test]
fn whoever_is_slow_is_told_how_much_was_dropped_and_is_right_again() {
    let mut script = opened(info(Script::new()), FIRST).pause(SOON);
    for n in 1..=20 {
        script = script.more_chunks(&[&event("a", if n % 2 == 0 { "unpause" } else { "pause" }, n)]).pause(SOON);
    }
    let script = inspected(listed(script.accept(), &["a"]), "a", "web", "running");
    let mut stand = Stand::new(script, quiet().capacity(7));
    let (mut slow, mut fast) = (stand.monitor().subscribe(), stand.monitor().subscribe());
    let mut all = Vec::new();
    while all.len() < 41 {
        all.extend(stand.told(&mut fast, 1));
    }
    assert!(!all.iter().any(|item| item.starts_with("lagged")), "{all:?}");
    // The first snapshot is among what was dropped.
    let told = stand.told(&mut slow, 9);
    assert_eq!(told[..2], ["lagged 34", "[web:running]"]);
    assert_eq!(told[2..], all[34..]);
    assert_eq!(slow.picture(), stand.monitor().picture());
    assert!(slow.now().is_none());
}

#[test]
fn an_end_that_somebody_asked_for_is_a_good_one() {
    let script = opened(info(Script::new()), FIRST).pause(SOON * 100);
    let mut stand = Stand::new(listed(script.accept(), &[]), quiet());
    let mut all = stand.monitor().subscribe();
    assert_eq!(stand.told(&mut all, 1), ["[]"]);
    stand.monitor().stop();
    stand.end().unwrap();
    let mut late = stand.monitor().subscribe();
    assert_eq!(stand.told(&mut late, 9), ["[]"]);
    assert!(stand.next(&mut all).is_none());
}
