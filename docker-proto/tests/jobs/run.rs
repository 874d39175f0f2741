//! Running a container to its end.

use super::run as job;
use docker_proto::api::containers::Create;
use docker_proto::jobs::{Ran, remove_labelled, run, run_detached};
use docker_proto::model::ContainerCreateBody;
use docker_proto::op::RegistryAuth;
use docker_proto::testkit::{Bench, Script, Want};
use docker_proto::values::CreateOptions;
use docker_proto::wire::StreamKind;
use docker_proto::{Error, ErrorKind};
use std::sync::{Arc, Mutex};
use std::time::Duration;

pub(crate) const DOCKER: &str = "Api-Version: 1.41\r\nContent-Type: application/json\r\n";
pub(crate) const PODMAN: &str = "Libpod-Api-Version: 4.3.1\r\nApi-Version: 1.41\r\nContent-Type: application/json\r\n";
const CREATED: &str = r#"{"Id":"c1","Warnings":["no swap"]}"#;
const NO_IMAGE: &str = r#"{"message":"No such image: 127.0.0.1:5100/team/app:2"}"#;
const UPGRADED: &str = "HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.raw-stream\r\n\
                        Connection: Upgrade\r\nUpgrade: tcp\r\n\r\n";

pub(crate) fn frame(id: u8, text: &str) -> Vec<u8> {
    let length = u32::try_from(text.len()).unwrap().to_be_bytes();
    [&[id, 0, 0, 0][..], &length, text.as_bytes()].concat()
}

fn options() -> CreateOptions {
    CreateOptions::new("127.0.0.1:5100/team/app:2").args(["true"])
}

fn creates(script: Script) -> Script {
    script.expect("POST /v1.41/containers/create").answer(201, DOCKER, CREATED)
}

fn attach() -> Want {
    "POST /v1.41/containers/c1/attach?stream=1&stdout=1&stderr=1".into()
}

fn waits(script: Script, condition: &str) -> Script {
    script.expect(&*format!("POST /v1.41/containers/c1/wait?condition={condition}")).begin_chunks(200, DOCKER)
}

fn starts(script: Script) -> Script {
    script.expect("POST /v1.41/containers/c1/start").answer(204, "", "")
}

fn removes(script: Script) -> Script {
    script.expect("DELETE /v1.41/containers/c1?v=1&force=1").answer(204, "", "")
}

/// One that writes this and ends with this, a second after its start. The first connection creates, waits and removes, the
/// second is attached, the third starts.
fn whole(output: &[u8], code: i64) -> Script {
    let script = waits(creates(Script::new()), "next-exit").pause(Duration::from_secs(1));
    let script = removes(script.more_chunks(&[&format!("{{\"StatusCode\":{code}}}\n")]).reply("0\r\n\r\n"));
    let script = script.accept().expect(attach()).reply(UPGRADED).reply(output).close();
    starts(script.accept())
}

fn ran(script: Script) -> Ran {
    let (done, bench) = job(script, run(options()));
    let done = done.unwrap();
    bench.finish();
    done
}

fn failed(script: Script) -> (Error, Bench) {
    let (done, bench) = job(script, run(options()));
    (done.unwrap_err(), bench)
}

#[test]
fn the_code_and_both_outputs_are_a_value() {
    let ran = ran(whole(&[frame(1, "out\n"), frame(2, "cat: no such file\n")].concat(), 3));
    assert_eq!((&*ran.id, &*ran.image, ran.code), ("c1", "127.0.0.1:5100/team/app:2", 3));
    assert_eq!((&*ran.output.stdout_text(), &*ran.output.stderr_text()), ("out\n", "cat: no such file\n"));
    assert_eq!((&*ran.warnings, ran.not_removed.is_none()), (&["no swap".to_string()][..], true));
    let e = ran.success().unwrap_err();
    assert_eq!((e.kind(), e.exit_code()), (ErrorKind::Exit, Some(3)));
    assert!(e.message().contains("team/app:2 ended with exit code 3; it wrote: cat: no such file"), "{e}");
}

#[test]
fn a_zero_is_a_success() {
    assert_eq!(ran(whole(&frame(1, "hello\n"), 0)).success().unwrap().output.stdout, b"hello\n");
}

#[test]
fn nothing_is_started_before_the_attach_and_the_wait_have_their_heads() {
    let (seconds, work) = (Duration::from_secs(5), run(options()));
    let script = creates(Script::new()).expect("POST /v1.41/containers/c1/wait?condition=next-exit").pause(seconds);
    let script = removes(script.begin_chunks(200, DOCKER).more_chunks(&[r#"{"StatusCode":0}"#]).reply("0\r\n\r\n"));
    let script = script.accept().expect(attach()).pause(seconds).reply(UPGRADED).close();
    let (done, bench) = job(starts(script.accept()), work);
    assert_eq!(done.unwrap().code, 0);
    // One after the other: neither pause is spent while the start is under way.
    assert_eq!((bench.time(), bench.dials()), (seconds * 2, 3));
    bench.finish();
}

#[test]
fn a_missing_image_is_pulled() {
    let script =
        Script::new().expect("POST /v1.41/containers/create?platform=linux%2Farm64").answer(404, DOCKER, NO_IMAGE);
    let pull = "POST /v1.41/images/create?fromImage=127.0.0.1%3A5100%2Fteam%2Fapp&tag=2&platform=linux%2Farm64";
    let script = script.expect(Want::from(pull).header("X-Registry-Auth", "e30="));
    let script = script.chunks(200, DOCKER, &["{\"status\":\"Pulling\"}\r\n", "{\"status\":\"Done\"}\r\n"]);
    let script = script.expect("POST /v1.41/containers/create?platform=linux%2Farm64").answer(201, DOCKER, CREATED);
    let script = removes(waits(script, "next-exit").more_chunks(&[r#"{"StatusCode":0}"#]).reply("0\r\n\r\n"));
    let script = starts(script.accept().expect(attach()).reply(UPGRADED).close().accept());
    let (done, bench) = job(script, run(options().platform("linux/arm64")).auth(RegistryAuth::anonymous()));
    assert_eq!(done.unwrap().code, 0);
    bench.finish();
}

#[test]
fn an_image_that_cannot_be_pulled_is_the_error() {
    let script = Script::new().expect(Want::any()).answer(404, DOCKER, NO_IMAGE);
    let (e, bench) = failed(script.expect(Want::any()).json(404, r#"{"message":"manifest unknown"}"#));
    assert_eq!((e.operation(), e.missing_image()), (Some("ImageCreate"), Some("127.0.0.1:5100/team/app")));
    bench.finish();
    // In the middle of the answer.
    let script = Script::new().expect(Want::any()).answer(404, DOCKER, NO_IMAGE).expect(Want::any());
    let (e, bench) = failed(script.chunks(200, DOCKER, &[r#"{"errorDetail":{"message":"denied"},"error":"denied"}"#]));
    assert_eq!((e.kind(), e.message()), (ErrorKind::InStream, "denied"));
    bench.finish();
    // Not asked to.
    let script = Script::new().expect(Want::any()).answer(404, DOCKER, NO_IMAGE);
    let (done, bench) = job(script, run(options()).pull(false));
    assert!(done.unwrap_err().is_image_not_found());
    bench.finish();
    // What is missing is no image.
    let script = Script::new().expect(Want::any()).answer(404, DOCKER, r#"{"message":"network x not found"}"#);
    let (e, bench) = failed(script);
    assert_eq!(e.message(), "network x not found");
    bench.finish();
}

#[test]
fn what_cannot_be_started_is_removed() {
    let script = waits(creates(Script::new()), "next-exit").stall();
    let script = script.accept().expect(attach()).reply(UPGRADED).stall();
    let script = script.accept().expect(Want::any()).json(400, r#"{"message":"exec: not found"}"#);
    let (e, bench) = failed(removes(script));
    assert_eq!((e.operation(), e.message()), (Some("ContainerStart"), "exec: not found"));
    assert!(!bench.is_open(1) && !bench.is_open(2), "neither the wait nor the attach is left");
    bench.finish();
}

#[test]
fn too_much_output_ends_it() {
    let script = waits(creates(Script::new()), "next-exit").stall();
    let script = script.accept().expect(attach()).reply(UPGRADED).reply(frame(1, "too much")).stall();
    let (done, bench) = job(removes(starts(script.accept())), run(options()).at_most(7));
    let e = done.unwrap_err();
    assert_eq!(e.kind(), ErrorKind::TooLarge);
    assert!(e.message().contains("the limit of 7 bytes"), "{e}");
    bench.finish();
}

#[test]
fn one_that_takes_too_long_is_removed() {
    let script = waits(creates(Script::new()), "next-exit").stall();
    let script = script.accept().expect(attach()).reply(UPGRADED).stall();
    let (done, bench) = job(removes(starts(script.accept())), run(options()).timeout(Duration::from_secs(5)));
    let e = done.unwrap_err();
    assert!(e.is_timeout() && e.message().contains("c1 of 127.0.0.1:5100/team/app:2 still ran after 5s"), "{e}");
    assert_eq!(bench.time(), Duration::from_secs(5));
    bench.finish();
}

#[test]
fn what_was_run_is_not_lost_when_it_cannot_be_removed() {
    // A removal under way is waited for, and an engine that fails is asked again.
    for (statuses, gone) in
        [(&[404][..], true), (&[409, 409, 404], true), (&[500, 404], true), (&[500, 500, 500, 500], false)]
    {
        let mut script =
            waits(creates(Script::new()), "next-exit").more_chunks(&[r#"{"StatusCode":7}"#]).reply("0\r\n\r\n");
        for &status in statuses {
            let delete = Want::from("DELETE /v1.41/containers/c1?v=1&force=1");
            script = script.expect(delete).json(status, r#"{"message":"busy"}"#);
        }
        let script = script.accept().expect(attach()).reply(UPGRADED).reply(frame(1, "x")).close();
        let ran = ran(starts(script.accept()));
        assert_eq!((ran.code, &*ran.output.stdout, ran.not_removed.is_none()), (7, &b"x"[..], gone), "{statuses:?}");
    }
    // An engine that does not answer is not waited for without end.
    let script = waits(creates(Script::new()), "next-exit").more_chunks(&[r#"{"StatusCode":7}"#]).reply("0\r\n\r\n");
    let script = script.expect(Want::any()).stall().accept().expect(attach()).reply(UPGRADED).close();
    let ran = ran(starts(script.accept()));
    assert!(ran.not_removed.unwrap().is_timeout());
}

#[test]
fn one_that_is_to_be_kept_is_kept() {
    let script = waits(creates(Script::new()), "next-exit").more_chunks(&[r#"{"StatusCode":0}"#]).reply("0\r\n\r\n");
    let script = starts(script.accept().expect(attach()).reply(UPGRADED).close().accept());
    let (done, bench) = job(script, run(options()).keep(true));
    assert_eq!(done.unwrap().id, "c1");
    bench.finish();
}

#[test]
fn one_that_removes_itself_is_waited_for_until_it_is_gone() {
    let script = Script::new().expect("GET /_ping").answer(200, DOCKER, "OK");
    let script = script.expect(Want::from("POST /v1.41/containers/create").body_contains(r#""AutoRemove":true"#));
    let script = waits(script.answer(201, DOCKER, CREATED), "removed").more_chunks(&[r#"{"StatusCode":1}"#]);
    let script = script.reply("0\r\n\r\n").accept().expect(attach()).reply(UPGRADED).reply(frame(2, "e")).close();
    let (done, bench) = job(starts(script.accept()), run(options().rm(true)));
    let ran = done.unwrap();
    assert_eq!((ran.code, &*ran.output.stderr, ran.not_removed.is_none()), (1, &b"e"[..], true));
    bench.finish();
}

#[test]
fn where_no_wait_can_be_registered_it_comes_after_the_start() {
    let script = Script::new().expect("GET /_ping").answer(200, PODMAN, "OK");
    let no_auto_remove = |script: Script| {
        let create = Want::from("POST /v1.41/containers/create");
        script
            .expect(create.check("no AutoRemove", |asked| !asked.body().windows(10).any(|part| part == b"AutoRemove")))
    };
    let script = no_auto_remove(script).answer(201, PODMAN, CREATED);
    // The answer to the wait comes as a whole, as podman's does.
    let script = starts(script).expect("POST /v1.41/containers/c1/wait").pause(Duration::from_secs(2));
    let script = removes(script.answer(200, PODMAN, r#"{"StatusCode":5}"#));
    let script = script.accept().expect(attach()).reply(UPGRADED).reply(frame(1, "out")).close();
    let (done, bench) = job(script, run(options().rm(true)));
    let ran = done.unwrap();
    assert_eq!((ran.code, &*ran.output.stdout), (5, &b"out"[..]));
    bench.finish();
}

#[test]
fn an_engine_that_dies_is_no_success() {
    // The end of the output looks like any other.
    let script = waits(creates(Script::new()), "next-exit").pause(Duration::from_secs(1)).close();
    let script = script.accept().expect(attach()).reply(UPGRADED).reply(frame(1, "half")).close();
    let (e, bench) = failed(starts(script.accept()).close().refuse("nobody is there"));
    assert_eq!((e.operation(), e.kind()), (Some("ContainerWait"), ErrorKind::Truncated));
    bench.finish();
}

#[test]
fn an_error_of_the_wait_is_the_error() {
    let script = waits(creates(Script::new()), "next-exit");
    let script = script.more_chunks(&[r#"{"StatusCode":0,"Error":{"Message":"lost"}}"#]).reply("0\r\n\r\n");
    let script = removes(script).accept().expect(attach()).reply(UPGRADED).close();
    let (e, bench) = failed(starts(script.accept()));
    assert_eq!((e.kind(), e.message()), (ErrorKind::InStream, "lost"));
    bench.finish();
}

#[test]
fn whoever_watches_sees_the_output_as_it_comes() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let kept = seen.clone();
    let watch = run(options()).at_most(0).watch(move |piece| kept.lock().unwrap().push((piece.stream, piece.bytes)));
    let (done, _) = job(whole(&[frame(1, "a"), frame(2, "b")].concat(), 0), watch);
    assert_eq!(done.unwrap().output, Default::default());
    assert_eq!(*seen.lock().unwrap(), [(StreamKind::Stdout, "a".into()), (StreamKind::Stderr, "b".into())]);
}

#[test]
fn a_terminal_is_read_as_one() {
    let script = waits(creates(Script::new()), "next-exit").more_chunks(&[r#"{"StatusCode":0}"#]).reply("0\r\n\r\n");
    let script = removes(script).accept().expect(attach()).reply(UPGRADED).reply("\x01\0\0\0raw\r\n").close();
    let (done, bench) = job(starts(script.accept()), run(options().tty(true)));
    assert_eq!(done.unwrap().output.stdout, b"\x01\0\0\0raw\r\n");
    bench.finish();
}

#[test]
fn what_makes_no_sense_is_refused_before_a_byte_leaves() {
    let nothing = |work| {
        let (done, bench) = job(Script::new(), work);
        assert_eq!(bench.dials(), 0);
        done.unwrap_err()
    };
    assert!(nothing(run(options().restart("always"))).message().contains("has no one end"));
    assert!(nothing(run(options().name(""))).message().contains("name"));
    // A body, and a finished operation.
    let body = ContainerCreateBody::new().image("a\r\n");
    assert!(format!("{:?}", run(body.clone())).contains("a\\r\\n"));
    assert!(format!("{:?}", run(Create::new(body).name("x"))).contains("a\\r\\n"));
}

#[test]
fn one_that_is_dropped_leaves_its_connections() {
    use docker_proto::drive::Caller;
    use docker_proto::jobs::Job;
    use docker_proto::model::ApiVersion;
    use docker_proto::session::{CallOptions, VersionChoice};
    let script = waits(creates(Script::new()), "next-exit").stall();
    let bench = Bench::new(starts(script.accept().expect(attach()).reply(UPGRADED).stall().accept()));
    let client = Bench::client_with(|c| c.version = VersionChoice::Pinned(ApiVersion::new(1, 41)));
    let caller = Caller::new(bench.clone(), client, CallOptions::default());
    let mut work = Box::pin(run(options()).run(&caller));
    assert!(bench.poll(|cx| work.as_mut().poll(cx)).is_pending());
    assert!(bench.is_open(1) && bench.is_open(2));
    drop(work);
    assert!(!bench.is_open(1) && !bench.is_open(2));
    bench.finish();
}

#[test]
fn detached_it_goes_on() {
    let (done, bench) = job(starts(creates(Script::new())), run_detached(options()));
    assert_eq!(done.unwrap().id, "c1");
    bench.finish();
    let refused = creates(Script::new()).expect(Want::any()).json(500, r#"{"message":"port is taken"}"#);
    let (done, bench) = job(removes(refused), run_detached(options()));
    assert_eq!(done.unwrap_err().message(), "port is taken");
    bench.finish();
    let refused = creates(Script::new()).expect(Want::any()).json(500, r#"{"message":"port is taken"}"#);
    let (done, bench) = job(refused, run_detached(options()).keep(true));
    assert!(done.is_err());
    bench.finish();
}

#[test]
fn what_has_a_label_is_removed() {
    let list = "GET /v1.41/containers/json?all=1&filters=%7B%22label%22%3A%7B%22run%3D4711%22%3Atrue%7D%7D";
    let script = Script::new().expect(list).json(200, r#"[{"Id":"c1"},{"Id":"c2"}]"#);
    let script = removes(script).expect("DELETE /v1.41/containers/c2?v=1&force=1").json(404, r#"{"message":"gone"}"#);
    let (done, bench) = job(script, remove_labelled("run=4711"));
    assert_eq!(done.unwrap(), ["c1", "c2"]);
    bench.finish();
    // Nothing that could mean all of them.
    for label in ["", "=", " =x"] {
        let (done, bench) = job(Script::new(), remove_labelled(label));
        assert_eq!((done.unwrap_err().kind(), bench.dials()), (ErrorKind::Usage, 0));
    }
}
