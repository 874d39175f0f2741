//! The tracker: one situation a test.

use docker_proto::model::{ContainerInspectResponse, ContainerSummary, EventMessage};
use docker_proto::monitor::{Item, Tracker, Want};
use docker_proto::resume::{Entry, Gap, Next, Resume};

/// A gap, which only a policy makes: two connections that do not meet.
pub(crate) fn a_gap() -> Gap {
    let mut policy = docker_proto::resume::events(docker_proto::api::system::Events::new().since(1));
    let event = |nanos: i64| Ok(EventMessage::new().action("x").time_nano(nanos));
    assert!(matches!(policy.next(), Next::Open(_)));
    policy.take(event(5_000_000_000));
    assert!(policy.give().is_some());
    policy.broke();
    assert!(matches!(policy.next(), Next::Open(_)));
    policy.take(event(9_000_000_000));
    match policy.give() {
        Some(Ok(Entry::Gap(gap))) => gap,
        other => panic!("{other:?}"),
    }
}

fn event(id: &str, action: &str, more: &[(&str, &str)]) -> EventMessage {
    use std::sync::atomic::{AtomicI64, Ordering};
    static NOW: AtomicI64 = AtomicI64::new(1_795_219_200_000_000_000);
    let nanos = NOW.fetch_add(1_000_000_000, Ordering::Relaxed);
    let attributes: serde_json::Map<_, _> = more.iter().map(|(k, v)| ((*k).into(), (*v).into())).collect();
    let event = serde_json::json!({
        "Type": "container", "Action": action, "Actor": {"ID": id, "Attributes": attributes}, "timeNano": nanos,
    });
    serde_json::from_value(event).expect("an event")
}

fn inspect(name: &str, status: &str) -> ContainerInspectResponse {
    let started = if status == "created" { "0001-01-01T00:00:00Z" } else { "2026-11-20T00:00:00Z" };
    let answer = serde_json::json!({
        "Name": format!("/{name}"),
        "State": {"Status": status, "StartedAt": started, "FinishedAt": "0001-01-01T00:00:00Z"},
        "Config": {"Image": "busybox", "Env": ["A=b=c", "EMPTY=", "NONE"], "Labels": {"l": "1"}},
    });
    serde_json::from_value(answer).expect("an inspect")
}

/// A tracker that knows these containers, all of them running, and has told so.
fn knows(ids: &[&str]) -> Tracker {
    let mut tracker = Tracker::new(8);
    tracker.begun();
    assert_eq!(tracker.want(), Some(Want::List));
    tracker.listed(ids.iter().map(|id| ContainerSummary::new().id(*id)));
    for id in ids {
        assert_eq!(tracker.want(), Some(Want::Inspect((*id).into())));
        tracker.inspected(id, Ok(inspect(&format!("name-{id}"), "running")));
    }
    assert!(matches!(tracker.next(), Some(Item::Snapshot(picture)) if picture.len() == ids.len()));
    assert!(tracker.next().is_none());
    tracker
}

/// The items, in short. Events themselves are left out.
fn items(tracker: &mut Tracker) -> Vec<String> {
    let mut all = Vec::new();
    while let Some(item) = tracker.next() {
        let kind = match &item {
            Item::Event(_) => continue,
            Item::Created(_) => "created",
            Item::Started(_) => "started",
            Item::Stopped(_) => "stopped",
            Item::Renamed(_) => "renamed",
            Item::Updated(_) => "updated",
            Item::Removed(_) => "removed",
            Item::Snapshot(_) => "snapshot",
            Item::Gap(_) => "gap",
            other => panic!("{other:?}"),
        };
        all.push(match item.change() {
            None => kind.to_owned(),
            Some(change) => {
                let c = &change.container;
                let code = c.exit_code.map(|code| format!(" {code}")).unwrap_or_default();
                let how = if change.reconciled { ", reconciled" } else { "" };
                format!("{kind} {} {}{code}{how}", c.name, c.status)
            }
        });
    }
    all
}

#[test]
fn a_container_that_is_run_is_told_with_all_about_it() {
    let mut tracker = knows(&[]);
    let named = [("name", "web"), ("image", "busybox")];
    tracker.event(event("a1", "create", &named));
    assert_eq!(tracker.want(), Some(Want::Inspect("a1".into())));
    tracker.event(event("a1", "start", &named));
    // Only the events themselves are told before the answer.
    assert!(items(&mut tracker).is_empty());
    tracker.inspected("a1", Ok(inspect("web", "created")));
    assert_eq!(items(&mut tracker), ["created web created", "started web running"]);
    let c = tracker.get("a1").expect("known").clone();
    let env: Vec<_> = c.env.iter().map(|(k, v)| format!("{k}={v}")).collect();
    assert_eq!((&*c.image, &*env.join(" "), &*c.labels["l"]), ("busybox", "A=b=c EMPTY= NONE=", "1"));
    // What was asked before the start says nothing about it: it is asked again.
    assert_eq!(tracker.want(), Some(Want::Inspect("a1".into())));
    tracker.event(event("a1", "die", &[("exitCode", "3")]));
    tracker.event(event("a1", "destroy", &[]));
    assert_eq!(items(&mut tracker), ["stopped web exited 3", "removed web exited 3"]);
    // The answer and whatever else comes late change nothing.
    tracker.inspected("a1", Ok(inspect("web", "running")));
    tracker.event(event("a1", "die", &[]));
    assert!(items(&mut tracker).is_empty() && tracker.want().is_none() && tracker.picture().is_empty());
}

#[test]
fn one_that_is_gone_before_it_is_looked_at_is_told_as_far_as_it_is_known() {
    let mut tracker = knows(&[]);
    for (action, more) in
        [("create", ("l", "1")), ("start", ("l", "1")), ("die", ("exitCode", "0")), ("destroy", ("l", "1"))]
    {
        tracker.event(event("a1", action, &[("name", "web"), ("image", "busybox"), more]));
    }
    assert_eq!(tracker.want(), Some(Want::Inspect("a1".into())));
    tracker.inspected("a1", Err(docker_proto::Error::engine(404, "No such container")));
    let told = ["created web created", "started web running", "stopped web exited 0", "removed web exited 0"];
    assert_eq!(items(&mut tracker), told);
}

#[test]
fn names_health_and_pauses_follow_the_events() {
    let mut tracker = knows(&["a1"]);
    tracker.event(event("a1", "rename", &[("name", "new"), ("oldName", "/name-a1")]));
    tracker.event(event("a1", "health_status: healthy", &[]));
    tracker.event(event("a1", "pause", &[]));
    tracker.event(event("a1", "exec_create: sh -c true", &[]));
    tracker.event(event("a1", "unpause", &[]));
    let told = ["renamed new running", "updated new running", "updated new paused", "updated new running"];
    assert_eq!(items(&mut tracker), told);
    assert!(tracker.get("a1").is_some_and(|c| c.health.as_ref().is_some_and(|h| h == "healthy")));
    // None of these needs a look.
    assert_eq!(tracker.want(), None);
    tracker.event(event("a1", "update", &[]));
    assert_eq!(tracker.want(), Some(Want::Inspect("a1".into())));
}

#[test]
fn repeated_and_late_events_are_told_but_change_nothing() {
    let mut tracker = knows(&["a1"]);
    tracker.event(event("a1", "start", &[]));
    tracker.event(event("a1", "die", &[("exitCode", "1")]));
    tracker.event(event("a1", "die", &[("exitCode", "2")]));
    tracker.event(event("a1", "stop", &[]));
    assert_eq!(items(&mut tracker), ["stopped name-a1 exited 1"]);
}

#[test]
fn after_a_gap_what_was_missed_is_found_and_marked() {
    let mut tracker = knows(&["a1", "b2", "c3"]);
    tracker.gap(a_gap());
    assert_eq!((tracker.want(), tracker.want()), (Some(Want::List), None));
    // One is gone, one was started anew, one is new and has another name.
    tracker.listed(["a1", "c3", "d4"].map(|id| ContainerSummary::new().id(id)));
    let mut wanted = Vec::new();
    while let Some(Want::Inspect(id)) = tracker.want() {
        wanted.push(id);
    }
    assert_eq!(wanted, ["a1", "b2", "c3", "d4"]);
    let mut again = inspect("name-a1", "running");
    again.state = again.state.map(|s| s.started_at("2026-11-21T12:00:00Z"));
    tracker.inspected("a1", Ok(again));
    tracker.inspected("b2", Err(docker_proto::Error::engine(404, "No such container")));
    tracker.inspected("c3", Ok(inspect("other", "exited")));
    tracker.inspected("d4", Ok(inspect("new", "running")));
    let told = [
        "gap",
        "stopped name-a1 exited, reconciled",
        "started name-a1 running, reconciled",
        "stopped name-b2 exited, reconciled",
        "removed name-b2 exited, reconciled",
        "renamed other running, reconciled",
        "stopped other exited, reconciled",
        "created new created, reconciled",
        "started new running, reconciled",
        "snapshot",
    ];
    assert_eq!(items(&mut tracker), told);
}

#[test]
fn a_container_that_cannot_be_inspected_holds_up_nothing() {
    let mut tracker = Tracker::new(1);
    tracker.begun();
    tracker.want();
    tracker.listed(["a1", "b2"].map(|id| ContainerSummary::new().id(id)));
    assert_eq!((tracker.want(), tracker.want()), (Some(Want::Inspect("a1".into())), None), "one at a time");
    tracker.inspected("a1", Err(docker_proto::Error::engine(500, "sick")));
    assert_eq!(tracker.want(), Some(Want::Inspect("b2".into())));
    tracker.inspected("b2", Ok(inspect("b", "running")));
    assert_eq!(items(&mut tracker), ["snapshot"]);
    // It is looked at again with the next list.
    tracker.due();
    assert_eq!(tracker.want(), Some(Want::List));
    tracker.listed([ContainerSummary::new().id("a1"), row("b2", "b")]);
    assert_eq!((tracker.want(), tracker.want()), (Some(Want::Inspect("a1".into())), None));
    tracker.inspected("a1", Ok(inspect("a", "running")));
    assert_eq!(items(&mut tracker), ["created a created, reconciled", "started a running, reconciled"]);
}

fn row(id: &str, name: &str) -> ContainerSummary {
    let row = serde_json::json!({"Id": id, "Names": [format!("/{name}")], "State": "running", "Labels": {"l": "1"}});
    serde_json::from_value(row).expect("a row")
}

#[test]
fn an_event_needs_only_what_new_versions_have() {
    // From API 1.52 on there is no status, id and from.
    let old = r#"{"status":"die","id":"a1","from":"busybox","Type":"container","Action":"die","Actor":{"ID":"a1","Attributes":{"exitCode":"4"}},"time":1795305600,"timeNano":1795305600000000001}"#;
    let new = r#"{"Type":"container","Action":"die","Actor":{"ID":"a1","Attributes":{"exitCode":"4"}},"time":1795305600,"timeNano":1795305600000000001}"#;
    for text in [old, new] {
        let mut tracker = knows(&["a1"]);
        tracker.event(serde_json::from_str(text).expect("an event"));
        assert_eq!(items(&mut tracker), ["stopped name-a1 exited 4"]);
    }
}

#[test]
fn many_events_of_an_unknown_container_are_not_kept() {
    let mut tracker = knows(&[]);
    tracker.event(event("a1", "create", &[("name", "web")]));
    for _ in 0..40 {
        tracker.event(event("a1", "start", &[]));
        tracker.event(event("a1", "die", &[("exitCode", "0")]));
    }
    // The inspect is not answered; it is told as its events tell it.
    let told = items(&mut tracker);
    assert_eq!((told.len(), &*told[0]), (81, "created web created"));
}

#[test]
fn a_name_that_an_inspect_knows_too_early_is_told_in_its_turn() {
    let mut tracker = knows(&[]);
    tracker.event(event("a1", "create", &[("name", "old")]));
    assert_eq!(tracker.want(), Some(Want::Inspect("a1".into())));
    // The engine looked after the rename, whose event comes later.
    tracker.inspected("a1", Ok(inspect("new", "created")));
    assert_eq!(items(&mut tracker), ["created old created"]);
    tracker.event(event("a1", "rename", &[("name", "new"), ("oldName", "/old")]));
    assert_eq!(items(&mut tracker), ["renamed new created"]);
}
