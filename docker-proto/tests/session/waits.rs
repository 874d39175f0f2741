//! Waits for containers, as engines and what stands between answer them.

use crate::common::{at, only_error, pinned, secs};
use docker_proto::ErrorKind::{InStream, Protocol, Truncated, Version};
use docker_proto::api::containers::{Wait, WaitCondition};
use docker_proto::testkit::{Bench, Script, Want};

#[test]
fn each_condition_by_its_name() {
    for (condition, name) in [
        (WaitCondition::NotRunning, "not-running"),
        (WaitCondition::NextExit, "next-exit"),
        (WaitCondition::Removed, "removed"),
    ] {
        let want = format!("POST /v1.41/containers/web/wait?condition={name}");
        let bench = Bench::new(Script::new().expect(&*want).json(200, "{\"StatusCode\":3,\"Error\":null}\n"));
        let answer = bench.call(&pinned(), Wait::new("web").condition(condition)).unwrap();
        assert_eq!((answer.status_code, answer.success().unwrap_err().exit_code()), (Some(3), Some(3)));
    }
}

#[test]
fn the_head_is_the_registration_and_the_rest_comes_hours_later() {
    let script = Script::new().expect(Want::any()).begin_chunks(200, "Content-Type: application/json\r\n");
    let bench = Bench::new(script.pause(secs(36_000)).more_chunks(&["{\"StatusCode\":0}\n"]).reply("0\r\n\r\n"));
    let mut wait = bench.begin(&pinned(), Wait::new("web").condition(WaitCondition::NextExit));
    bench.run(|cx| wait.poll_head(cx)).unwrap();
    assert_eq!(bench.time(), secs(0));
    let answer = bench.collect(&mut wait).pop().unwrap().unwrap();
    assert_eq!((answer.status_code, bench.time()), (Some(0), secs(36_000)));
}

#[test]
fn before_api_1_30_the_head_comes_with_the_exit_and_there_is_no_condition() {
    let script = Script::new().expect("POST /v1.29/containers/web/wait").pause(secs(36_000));
    let bench = Bench::new(script.json(200, "{\"StatusCode\":7}\n"));
    assert_eq!(bench.call(&at(1, 29), Wait::new("web")).unwrap().status_code, Some(7));
    let bench = Bench::new(Script::new());
    let e = bench.call(&at(1, 29), Wait::new("web").condition(WaitCondition::NextExit)).unwrap_err();
    assert!(e.kind() == Version && e.message().contains("condition"), "{e}");
}

#[test]
fn a_wait_that_the_engine_could_not_do_is_no_exit() {
    let body = r#"{"StatusCode":-1,"Error":{"Message":"failed to remove: device busy"}}"#;
    let bench = Bench::new(Script::new().expect(Want::any()).json(200, body));
    let e = bench.call(&pinned(), Wait::new("web")).unwrap().success().unwrap_err();
    assert_eq!((e.kind(), e.message(), e.exit_code()), (InStream, "failed to remove: device busy", None));
    // API 1.30 to 1.33 said nothing at all if a removal failed.
    for script in [
        Script::new().expect(Want::any()).answer(200, "Content-Type: application/json\r\n", ""),
        Script::new().expect(Want::any()).chunks(200, "", &[]),
    ] {
        let bench = Bench::new(script);
        let wait = Wait::new("web").condition(WaitCondition::Removed);
        let e = only_error(bench.collect(&mut bench.begin(&at(1, 30), wait)));
        assert_eq!((e.kind(), e.operation(), e.target()), (Truncated, Some("ContainerWait"), Some("web")));
        assert!(e.message().contains("no body"), "{e}");
    }
}

#[test]
fn what_a_proxy_appends_when_it_gives_up_is_shown() {
    // The Go client reports the text as well.
    let said = "upstream request timeout";
    let bench = Bench::new(Script::new().expect(Want::any()).chunks(200, "", &[said]));
    let e = only_error(bench.collect(&mut bench.begin(&pinned(), Wait::new("web"))));
    assert_eq!((e.kind(), e.raw().map(|raw| &raw[..])), (Protocol, Some(said.as_bytes())));
    assert_eq!(e.target(), Some("web"));
    // Behind the answer it spoils that too: it may not be the engine's.
    let bench = Bench::new(Script::new().expect(Want::any()).chunks(200, "", &["{\"StatusCode\":0}\n", said]));
    let e = only_error(bench.collect(&mut bench.begin(&pinned(), Wait::new("web"))));
    assert_eq!((e.kind(), e.raw().map(|raw| &raw[..])), (Protocol, Some(said.as_bytes())));
    // And a connection that is gone is no exit either.
    for script in [
        Script::new().expect(Want::any()).begin_chunks(200, "").close(),
        Script::new().expect(Want::any()).begin_chunks(200, "").more_chunks(&["{\"Status"]).close(),
        Script::new().expect(Want::any()).begin_chunks(200, "").more_chunks(&["{\"StatusCode\":0}\n"]).close(),
    ] {
        let bench = Bench::new(script);
        assert_eq!(only_error(bench.collect(&mut bench.begin(&pinned(), Wait::new("web")))).kind(), Truncated);
    }
}
