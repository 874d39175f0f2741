//! Waiting for a port.

use super::run as job;
use super::run::{DOCKER, frame};
use docker_proto::ErrorKind;
use docker_proto::jobs::wait_until_port;
use docker_proto::testkit::{Script, Want};
use std::time::Duration;

const MINUTE: Duration = Duration::from_secs(60);
const HEAD: &str = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";
/// One that is connected to port 80, and nobody who listens there.
const CONNECTED: &str =
    "   0: 0100007F:0050 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 1\n";
const LISTENS: &str = "   1: 00000000:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 2\n";
const LISTENS_V6: &str =
    "   0: 00000000000000000000000000000000:1F90 00000000000000000000000000000000:0000 0A 0 0 0 3\n";
const UPGRADED: &str = "HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.raw-stream\r\n\
                        Connection: Upgrade\r\nUpgrade: tcp\r\n\r\n";

fn inspects(script: Script, state: &str) -> Script {
    let ports = r#"{"80/tcp":[{"HostIp":"0.0.0.0","HostPort":"8080"}],"81/tcp":null}"#;
    let body = format!(r#"{{"Id":"c1","State":{state},"NetworkSettings":{{"Ports":{ports}}}}}"#);
    script.expect("GET /v1.41/containers/db/json").answer(200, DOCKER, &body)
}

const RUNS: &str = r#"{"Status":"running","Running":true}"#;

/// The exec and what it writes, on a connection of its own; what comes next is on the first again.
fn lists(script: Script, wrote: &str, code: u8, next: impl FnOnce(Script) -> Script) -> Script {
    let cat = Want::from("POST /v1.41/containers/db/exec").body_contains(r#"["cat","/proc/net/tcp","/proc/net/tcp6"]"#);
    let script = script.expect(cat).json(201, r#"{"Id":"e1"}"#);
    let ended = format!(r#"{{"ID":"e1","Running":false,"ExitCode":{code},"Pid":7}}"#);
    let script = next(script.expect("GET /v1.41/exec/e1/json").json(200, &ended));
    let script = script.accept().expect("POST /v1.41/exec/e1/start").reply(UPGRADED);
    script.reply(frame(1, wrote)).close()
}

#[test]
fn one_that_listens_is_told_with_where_it_is_published() {
    let script = lists(inspects(Script::new(), RUNS), &format!("{HEAD}{CONNECTED}{LISTENS}"), 1, |script| script);
    let (done, bench) = job(script, wait_until_port("db", 80, MINUTE));
    let [published] = &done.unwrap()[..] else { panic!("one binding") };
    assert_eq!(published.host_port.as_deref(), Some("8080"));
    bench.finish();
    // Nowhere, and by IPv6.
    let script = lists(inspects(Script::new(), RUNS), &format!("{HEAD}{LISTENS}{LISTENS_V6}"), 0, |script| script);
    let (done, bench) = job(script, wait_until_port("db", 8080, MINUTE));
    assert!(done.unwrap().is_empty());
    bench.finish();
}

#[test]
fn it_is_waited_for() {
    let script = inspects(Script::new(), r#"{"Status":"created","Running":false}"#);
    let script = inspects(script, RUNS).expect("POST /v1.41/containers/db/exec");
    // Paused meanwhile.
    let script = script.json(409, r#"{"message":"container is paused"}"#);
    let script = lists(inspects(script, RUNS), &format!("{HEAD}{LISTENS}"), 0, |script| script);
    let (done, bench) = job(script, wait_until_port("db", 80, MINUTE));
    assert_eq!(done.unwrap().len(), 1);
    bench.finish();
}

#[test]
fn one_that_never_listens_is_late() {
    let script = inspects(Script::new(), RUNS);
    let script = lists(script, &format!("{HEAD}{CONNECTED}{LISTENS_V6}"), 0, |script| inspects(script, "{}").stall());
    let (done, _) = job(script, wait_until_port("db", 80, Duration::from_millis(150)));
    let e = done.unwrap_err();
    assert!(e.is_timeout() && e.message().contains("\"db\" does not listen on port 80 after 150ms"), "{e}");
}

#[test]
fn what_cannot_be_seen_is_an_error() {
    // It might have been just about to end.
    let said = "exec failed: \"cat\" not found";
    let again = |script| {
        let script = inspects(script, RUNS).expect(Want::any()).json(201, r#"{"Id":"e1"}"#);
        script.expect(Want::any()).json(200, r#"{"ID":"e1","Running":false,"ExitCode":127,"Pid":7}"#)
    };
    let script = lists(inspects(Script::new(), RUNS), said, 127, again);
    let script = script.accept().expect("POST /v1.41/exec/e1/start").reply(UPGRADED).reply(frame(1, said)).close();
    let (done, _) = job(script, wait_until_port("db", 80, MINUTE));
    let e = done.unwrap_err();
    assert!(e.kind() == ErrorKind::Usage && e.message().contains("\"db\" has no cat"), "{e}");
    let (done, bench) = job(Script::new(), wait_until_port("db", 0, MINUTE));
    assert_eq!((done.unwrap_err().kind(), bench.dials()), (ErrorKind::Usage, 0));
    let script = inspects(Script::new(), r#"{"Status":"exited","Running":false,"ExitCode":4}"#);
    let script = script.expect(Want::any()).answer(200, "Api-Version: 1.41\r\n", "");
    let e = job(script, wait_until_port("db", 80, MINUTE)).0.unwrap_err();
    assert_eq!((e.kind(), e.exit_code()), (ErrorKind::Exit, Some(4)));
    assert!(e.message().contains("before something listened on port 80"), "{e}");
}
