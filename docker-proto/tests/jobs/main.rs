//! Jobs on a scripted engine, in virtual time.

mod build;
mod copy;
mod copy_undo;
mod exec_run;
mod image;
mod model;
mod off;
mod outcome;
mod plugin;
mod run;
mod service;
mod service_off;
mod until;
mod upload;
mod wait;
mod wait_port;

use docker_proto::api::{containers, system};
use docker_proto::drive::Caller;
use docker_proto::jobs::{Answers, Job, Verbs, list_detailed};
use docker_proto::model::ApiVersion;
use docker_proto::session::{CallOptions, VersionChoice};
use docker_proto::testkit::{Bench, Script, Want};
use docker_proto::{ErrorKind, Result};
use std::future::Future;
use std::pin::pin;
use std::time::Duration;

fn run<J: Job>(script: Script, job: J) -> (Result<J::Output>, Bench) {
    let bench = Bench::new(script);
    let client = Bench::client_with(|c| c.version = VersionChoice::Pinned(ApiVersion::new(1, 41)));
    let caller = Caller::new(bench.clone(), client, CallOptions::default());
    let mut work = pin!(job.run(&caller));
    let done = bench.run(|cx| work.as_mut().poll(cx));
    (done, bench)
}

fn names(script: Script, list: containers::List) -> Result<Vec<String>> {
    let (done, bench) = run(script, list_detailed(list));
    if done.is_ok() {
        bench.finish();
    }
    Ok(done?.into_iter().map(|c| c.name.unwrap_or_default()).collect())
}

fn get(path: &str) -> String {
    format!("GET /v1.41/containers/{path}")
}

fn named(script: Script, id: &str) -> Script {
    script.expect(&*get(&format!("{id}/json"))).json(200, &format!(r#"{{"Id":"{id}","Name":"/{id}"}}"#))
}

const THREE: &str = r#"[{"Id":"a"},{"Id":"b"},{"Id":"c"}]"#;
const GONE: &str = r#"{"message":"No such container: b"}"#;

#[test]
fn what_is_removed_between_the_list_and_its_inspect_is_left_out() {
    let script = named(Script::new().expect(&*get("json?all=1")).json(200, THREE), "a");
    let script = named(script.expect(&*get("b/json")).json(404, GONE), "c");
    assert_eq!(names(script, containers::List::new().all(true)).unwrap(), ["/a", "/c"]);
}

#[test]
fn the_order_is_that_of_the_list_whoever_answers_first() {
    let script = Script::new().expect(&*get("json")).json(200, THREE).expect(&*get("a/json"));
    let script = script.pause(Duration::from_secs(3)).json(200, r#"{"Name":"/a"}"#);
    let script = script.accept().expect(&*get("b/json")).pause(Duration::from_secs(1)).json(200, r#"{"Name":"/b"}"#);
    let script = named(script.accept(), "c");
    let (done, bench) = run(script, list_detailed(containers::List::new()));
    let all: Vec<_> = done.unwrap().into_iter().filter_map(|c| c.name).collect();
    assert_eq!(all, ["/a", "/b", "/c"]);
    assert_eq!(bench.time(), Duration::from_secs(3), "at the same time");
}

#[test]
fn sizes_are_asked_for_where_the_list_was() {
    let script = Script::new().expect(&*get("json?size=1")).json(200, r#"[{"Id":"a"}]"#);
    let script = script.expect(&*get("a/json?size=1")).json(200, r#"{"Name":"/a"}"#);
    assert_eq!(names(script, containers::List::new().size(true)).unwrap(), ["/a"]);
    assert!(names(Script::new().expect(Want::any()).json(200, "[]"), containers::List::new()).unwrap().is_empty());
}

#[test]
fn any_other_error_is_the_error_of_the_job() {
    let refused = Script::new().expect(Want::any()).json(500, "{}");
    assert_eq!(names(refused, containers::List::new()).unwrap_err().operation(), Some("ContainerList"));
    let script = Script::new().expect(Want::any()).json(200, r#"[{"Id":"a"}]"#).expect(Want::any());
    let e = names(script.json(500, r#"{"message":"sick"}"#), containers::List::new()).unwrap_err();
    assert_eq!((e.operation(), e.target(), e.message()), (Some("ContainerInspect"), Some("a"), "sick"));
}

#[test]
fn no_more_than_eight_are_inspected_at_a_time() {
    let ids: Vec<String> = (10..40).map(|n| format!("c{n}")).collect();
    let listed: Vec<_> = ids.iter().map(|id| format!(r#"{{"Id":"{id}"}}"#)).collect();
    let mut script = Script::new().expect(Want::any()).json(200, &format!("[{}]", listed.join(",")));
    // Each connection answers whatever it is asked, after a second.
    for connection in 0..8 {
        if connection > 0 {
            script = script.accept();
        }
        for _ in 0..4 {
            script = script.expect(Want::any()).pause(Duration::from_secs(1)).json(200, r#"{"Name":"/x"}"#);
        }
    }
    let (done, bench) = run(script, list_detailed(containers::List::new()));
    assert_eq!((done.unwrap().len(), bench.dials(), bench.time()), (30, 8, Duration::from_secs(4)));
}

/// Uses all verbs at once.
struct Everything;

impl Job for Everything {
    type Output = (String, u32);

    async fn run<V: Verbs>(self, docker: &V) -> Result<Self::Output> {
        let watch = async {
            let mut events = docker.begin(system::Events::new());
            events.head().await?;
            let mut count = 0;
            while let Some(event) = events.next().await {
                event?;
                count += 1;
            }
            Ok::<_, docker_proto::Error>(count)
        };
        let late = async {
            docker.sleep(Duration::from_secs(5)).await;
            docker.call(containers::Inspect::new("a")).await
        };
        let (count, container) = docker.both(watch, late).await;
        Ok((container?.name.unwrap_or_default(), count?))
    }
}

#[test]
fn verbs_work_together() {
    let script = Script::new().expect(Want::any()).begin_chunks(200, "").more_chunks(&["{}\n"]);
    let script = script.pause(Duration::from_secs(9)).more_chunks(&["{}\n"]).reply("0\r\n\r\n").accept();
    let (done, bench) = run(named(script, "a"), Everything);
    assert_eq!(done.unwrap(), ("/a".to_string(), 2));
    assert_eq!(bench.time(), Duration::from_secs(9), "the rest fits into the time of the longest");
}

#[test]
fn one_that_is_dropped_closes_what_it_had_open() {
    let bench = Bench::new(Script::new().expect(Want::any()).stall());
    let client = Bench::client_with(|c| c.version = VersionChoice::Unversioned);
    let caller = Caller::new(bench.clone(), client, CallOptions::default());
    let mut work = Box::pin(list_detailed(containers::List::new()).run(&caller));
    assert!(bench.poll(|cx| work.as_mut().poll(cx)).is_pending() && bench.is_open(1));
    drop(work);
    assert!(!bench.is_open(1));
}

#[test]
fn an_answer_without_a_value_is_truncated() {
    struct Hollow;
    impl Job for Hollow {
        type Output = ();
        async fn run<V: Verbs>(self, docker: &V) -> Result<()> {
            docker.begin(system::Events::new()).value().await.map(drop)
        }
    }
    let (done, _) = run(Script::new().expect(Want::any()).chunks(200, "", &[]), Hollow);
    assert_eq!(done.unwrap_err().kind(), ErrorKind::Truncated);
}
