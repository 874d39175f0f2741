//! Images that are built.

use super::run as job;
use super::run::{DOCKER, PODMAN};
use docker_proto::api::build::{FromRemote, FromTar};
use docker_proto::build::Context;
use docker_proto::drive::Caller;
use docker_proto::jobs::{Build, Content, Job, build, build_remote, ensure_built};
use docker_proto::model::Progress;
use docker_proto::session::{CallOptions, VersionChoice};
use docker_proto::testkit::{Bench, MemoryBody, Script, Want};
use docker_proto::{Error, ErrorKind};
use std::sync::{Arc, Mutex};
use std::time::Duration;

const ID: &str = "sha256:1111111111111111111111111111111111111111111111111111111111111111";
const TWO: &str = "sha256:2222222222222222222222222222222222222222222222222222222222222222";

fn post(query: &str) -> Want {
    Want::from(format!("POST /v1.41/build{query}")).header("content-type", "application/x-tar")
}

fn one(items: &[&str]) -> Script {
    Script::new().expect(Want::any()).chunks(200, DOCKER, items)
}

fn alone() -> Build {
    build(FromTar::new(), Context::dockerfile("FROM scratch\n"))
}

fn failed(script: Script, work: Build) -> Error {
    job(script, work).0.unwrap_err()
}

#[test]
fn the_id_is_the_last_one_of_its_own_member() {
    let aux = |id: &str| format!("{{\"aux\":{{\"ID\":\"{id}\"}}}}\r\n");
    let said = "{\"stream\":\"Successfully built 333333333333\\n\"}\r\n";
    let want = post("?t=a%3A1&t=b%3A2&q=0&forcerm=1").body_contains("FROM scratch\n");
    let script = Script::new().expect(want).chunks(
        200,
        DOCKER,
        &["{\"stream\":\"Step 1/1 : FROM scratch\"}\r\n", &aux(ID), &aux(TWO), said],
    );
    let work = build(FromTar::new().tags(["a:1", "b:2"]).q(false), Context::dockerfile("FROM scratch\n"));
    let (done, bench) = job(script, work);
    let built = done.unwrap();
    assert_eq!((&*built.id, built.outcome.image_ids.len()), (TWO, 2));
    assert_eq!(built.log, "Step 1/1 : FROM scratchSuccessfully built 333333333333\n");
    assert_eq!((built.log_left_out, built.other.len()), (0, 0));
    bench.finish();
}

#[test]
fn a_quiet_build_tells_nothing_but_the_id() {
    let text = |id: &str| format!("{{\"stream\":\"{id}\\n\"}}\r\n");
    assert_eq!(job(one(&[&text(ID)]), alone()).0.unwrap().id, ID);
    let podman = Script::new().expect(Want::any()).chunks(200, PODMAN, &[&text(&ID[7..])]);
    assert_eq!(job(podman, alone()).0.unwrap().id, ID[7..]);
}

#[test]
fn no_id_is_an_error_unless_there_was_to_be_no_image() {
    let e = failed(one(&["{\"stream\":\"words\"}\r\n", "{}\r\n"]), alone());
    assert_eq!((e.kind(), e.output()), (ErrorKind::Protocol, Some("words")));
    let outputs = docker_proto::op::Outputs(vec![Default::default()]);
    let work = build(FromTar::new().outputs(outputs), Context::dockerfile("FROM scratch\n"));
    assert_eq!(job(one(&["{}\r\n"]), work).0.unwrap().id, "");
}

#[test]
fn what_is_not_known_is_kept_and_ends_nothing() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let kept = seen.clone();
    let items = [
        "{\"id\":\"moby.buildkit.trace\",\"aux\":\"GgciBWhlbGxv\"}\r\n",
        "{\"id\":\"moby.buildkit.trace\",\"aux\":\"no base64!\"}\r\n",
        "{\"id\":\"new.kind\",\"aux\":[1,{\"a\":null}]}\r\n[\"no progress\"]\r\n",
        &format!("{{\"id\":\"moby.image.id\",\"aux\":{{\"ID\":\"{ID}\"}}}}\r\n"),
    ];
    let work = alone().watch(move |item: Progress| kept.lock().unwrap().push(item.id.unwrap_or_default()));
    let built = job(one(&items), work).0.unwrap();
    assert_eq!((&*built.id, &*built.log), (ID, "hello"));
    let [other] = &built.other[..] else { panic!("{:?}", built.other) };
    assert_eq!(
        (other.id.as_deref(), other.aux.as_ref().unwrap().to_string()),
        (Some("new.kind"), "[1,{\"a\":null}]".into())
    );
    assert_eq!(*seen.lock().unwrap(), ["moby.buildkit.trace", "moby.buildkit.trace", "new.kind", "moby.image.id"]);
}

#[test]
fn of_what_is_not_known_no_more_than_a_mib_is_kept() {
    let big = format!("{{\"id\":\"new\",\"aux\":\"{}\"}}\r\n", "x".repeat(400 * 1024));
    let built =
        job(one(&[&big, &big, &big, "{\"aux\":1}\r\n", &format!("{{\"aux\":{{\"ID\":\"{ID}\"}}}}\r\n")]), alone());
    let ids: Vec<_> = built.0.unwrap().other.into_iter().map(|item| item.id).collect();
    assert_eq!(ids, [Some("new".to_string()), Some("new".to_string()), None]);
}

#[test]
fn a_step_that_fails_gives_its_exit_code_and_the_log() {
    let classic = "{\"errorDetail\":{\"code\":3,\"message\":\"The command 'x' returned a non-zero code: 3\"},\"error\":\"...\"}\r\n";
    let buildkit =
        "{\"errorDetail\":{\"message\":\"process \\\"x\\\" did not complete successfully: exit code: 3\"}}\r\n";
    for failure in [classic, buildkit] {
        let e = failed(one(&["{\"stream\":\"out 1\\n\"}\r\n{\"stream\":\"exit code: 9\\n\"}\r\n", failure]), alone());
        assert!(e.is_build_failed());
        assert_eq!(
            (e.exit_code(), e.operation(), e.output()),
            (Some(3), Some("ImageBuild"), Some("out 1\nexit code: 9\n"))
        );
        assert!(e.to_string().ends_with("; it wrote: out 1 exit code: 9"), "{e}");
        assert!(!e.message().contains("out 1"), "these are the engine's words");
    }
}

#[test]
fn of_a_long_log_the_end_is_kept() {
    let line = "{\"stream\":\"\u{fc}123456789\\n\"}\r\n".repeat(1000);
    let items = [&*line, &format!("{{\"aux\":{{\"ID\":\"{ID}\"}}}}\r\n")];
    let built = job(one(&items), alone().log_at_most(23)).0.unwrap();
    // The first character is two bytes long, and would be cut.
    assert_eq!((&*built.log, built.log_left_out), ("123456789\n\u{fc}123456789\n", 12_000 - 22));
    let built = job(one(&items), alone().log_at_most(0)).0.unwrap();
    assert_eq!((&*built.log, built.log_left_out), ("", 12_000));
    let built = job(one(&items), alone()).0.unwrap();
    assert_eq!((built.log.len(), built.log_left_out), (12_000, 0));
}

#[test]
fn an_answer_that_comes_before_the_upload_ends_is_read() {
    let refusal = r#"{"message":"dockerfile parse error line 1: unknown instruction: FORM"}"#;
    let script = Script::new().expect_head(post("?forcerm=1")).answer(400, DOCKER, refusal).break_writes();
    let body = Content::new(MemoryBody::new().piece(vec![0; 4096]).never());
    let e = failed(script, build(FromTar::new(), body));
    assert_eq!((e.status(), e.operation()), (Some(400), Some("ImageBuild")));
    // Nor does one that goes on while the rest is sent stop it.
    let begun = "{\"stream\":\"Step 1/2 : FROM a\"}\r\n";
    let end = format!("{{\"aux\":{{\"ID\":\"{ID}\"}}}}\r\n");
    let script = Script::new().expect_head(post("?forcerm=1")).begin_chunks(200, DOCKER).more_chunks(&[begun]).ignore();
    let script = script.more_chunks(&[&end]).reply("0\r\n\r\n");
    let body = Content::new(MemoryBody::new().piece(vec![0; 1 << 20]).filled(vec![1; 1 << 20]));
    let (done, _) = job(script, build(FromTar::new(), body));
    assert_eq!(done.unwrap().id, ID);
}

#[test]
fn what_is_wrong_with_the_files_is_said_before_a_byte_leaves() {
    let script = Script::new();
    let work = build(FromTar::new().dockerfile("a\0b"), Context::dockerfile("FROM scratch\n"));
    let (done, bench) = job(script, work);
    assert_eq!(done.unwrap_err().kind(), ErrorKind::Usage);
    assert_eq!(bench.dials(), 0);
}

#[test]
fn one_that_takes_too_long_is_ended() {
    let script =
        Script::new().expect(Want::any()).begin_chunks(200, DOCKER).more_chunks(&["{\"stream\":\"slow\\n\"}\r\n"]);
    let (done, bench) = job(script.stall(), alone().timeout(Duration::from_secs(7)));
    let e = done.unwrap_err();
    assert_eq!((e.kind(), e.output()), (ErrorKind::Timeout, Some("slow\n")));
    assert!(bench.time() == Duration::from_secs(7) && !bench.is_open(1));
}

#[test]
fn one_that_is_dropped_closes_its_connection_wherever_it_is() {
    let begins = || Script::new().expect_head(Want::any()).begin_chunks(200, DOCKER);
    for (script, body) in [
        // The upload waits for more; nothing was answered; steps are being done.
        (Script::new().expect_head(Want::any()).stall(), MemoryBody::new().piece("tar").never()),
        (Script::new().expect(Want::any()).stall(), MemoryBody::new().piece("tar")),
        (begins().more_chunks(&["{\"stream\":\"Step 1/2 : FROM a\"}\r\n"]).stall(), MemoryBody::new().piece("tar")),
    ] {
        let bench = Bench::new(script);
        let client = Bench::client_with(|c| c.version = VersionChoice::Unversioned);
        let caller = Caller::new(bench.clone(), client, CallOptions::default());
        let mut work = Box::pin(build(FromTar::new(), Content::new(body)).run(&caller));
        assert!(bench.poll(|cx| work.as_mut().poll(cx)).is_pending() && bench.is_open(1));
        drop(work);
        assert!(!bench.is_open(1));
    }
}

#[test]
fn the_container_of_a_step_that_fails_is_kept_if_that_is_wanted() {
    let aux = format!("{{\"aux\":{{\"ID\":\"{ID}\"}}}}\r\n");
    let script = Script::new().expect(post("?forcerm=0")).chunks(200, DOCKER, &[&aux]);
    let (done, bench) = job(script, build(FromTar::new().forcerm(false), Context::dockerfile("FROM scratch\n")));
    done.unwrap();
    bench.finish();
}

#[test]
fn the_engine_gets_what_is_remote() {
    let want = Want::from("POST /v1.41/build?remote=http%3A%2F%2Fh%2Fx.git%23main&t=a%3A1&forcerm=1")
        .no_header("content-type");
    let script = Script::new().expect(want).chunks(200, DOCKER, &[&format!("{{\"aux\":{{\"ID\":\"{ID}\"}}}}\r\n")]);
    let (done, bench) = job(script, build_remote(FromRemote::new("http://h/x.git#main").tags(["a:1"])));
    assert_eq!(done.unwrap().id, ID);
    bench.finish();
}

const HERE: &str = r#"{"Id":"sha256:1"}"#;
const GONE: &str = r#"{"message":"No such image: a:1"}"#;

#[test]
fn one_that_is_there_is_only_asked_for() {
    let asks = || Script::new().expect("GET /v1.41/images/a:1/json");
    // A body that would never end is not touched.
    let work = || ensure_built("a:1", build(FromTar::new(), Content::new(MemoryBody::new().never())));
    let (done, bench) = job(asks().json(200, HERE), work());
    let there = done.unwrap();
    assert!(there.built.is_none() && there.image.id.as_deref() == Some("sha256:1"));
    bench.finish();
    assert_eq!(job(asks().json(500, "{}"), work()).0.unwrap_err().status(), Some(500));

    let aux = format!("{{\"aux\":{{\"ID\":\"{ID}\"}}}}\r\n");
    for (tags, query) in [(&["a:1"][..], "?t=a%3A1"), (&[], "?t=a%3A1"), (&["b"], "?t=b&t=a%3A1")] {
        let script =
            asks().json(404, GONE).accept().expect(post(&format!("{query}&forcerm=1"))).chunks(200, DOCKER, &[&aux]);
        let how = FromTar::new().tags(tags.iter().copied());
        let work = ensure_built("a:1", build(how, Context::dockerfile("FROM scratch\n")));
        let (done, bench) = job(script.expect("GET /v1.41/images/a:1/json").json(200, HERE), work);
        assert_eq!(done.unwrap().built.unwrap().id, ID);
        bench.finish();
    }
}
