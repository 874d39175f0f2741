//! Running a command in a container.

use super::run as job;
use super::run::{DOCKER, frame};
use docker_proto::ErrorKind;
use docker_proto::jobs::exec_run;
use docker_proto::model::ExecConfig;
use docker_proto::testkit::{Script, Want};
use std::time::Duration;

const UPGRADED: &str = "HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.raw-stream\r\n\r\n";

/// A command that writes this, and how the second connection ends; the first is asked for the code.
fn begins(body: &str) -> Script {
    let create = Want::from("POST /v1.41/containers/web/exec").body(body);
    Script::new().expect(create).answer(201, DOCKER, r#"{"Id":"e1"}"#)
}

fn starts(script: Script, output: &[u8]) -> Script {
    let start = Want::from("POST /v1.41/exec/e1/start").body_contains(r#""Detach":false"#);
    script.accept().expect(start).reply(UPGRADED).reply(output)
}

const ECHO: &str = r#"{"AttachStdout":true,"AttachStderr":true,"Cmd":["echo","hi"]}"#;

#[test]
fn the_code_and_both_outputs_are_a_value() {
    let script = begins(r#"{"AttachStdout":true,"AttachStderr":true,"Cmd":["echo","hi"],"User":"0"}"#);
    // For a moment the engine does not know that it has ended.
    let script = script.expect("GET /v1.41/exec/e1/json").json(200, r#"{"Running":true,"ExitCode":null}"#);
    let script = script.expect("GET /v1.41/exec/e1/json").json(200, r#"{"Running":false,"ExitCode":3}"#);
    let script = starts(script, &[frame(1, "out"), frame(2, "err\n")].concat()).close();
    let (done, bench) = job(script, exec_run("web", ["echo", "hi"]).with(|exec| exec.user("0")));
    let ran = done.unwrap();
    assert_eq!((&*ran.id, ran.code, &*ran.output.stdout_text(), &*ran.output.stderr_text()), ("e1", 3, "out", "err\n"));
    let e = ran.success().unwrap_err();
    assert_eq!((e.exit_code(), e.message()), (Some(3), "the command ended with exit code 3; it wrote: err"));
    bench.finish();
}

#[test]
fn a_terminal_is_told_twice() {
    let script = begins(r#"{"AttachStdout":true,"AttachStderr":true,"Tty":true,"Cmd":["echo","hi"]}"#);
    let script = script.expect(Want::any()).json(200, r#"{"Running":false,"ExitCode":0}"#);
    let start = Want::from("POST /v1.41/exec/e1/start").body_contains(r#""Tty":true"#);
    let script = script.accept().expect(start).reply(UPGRADED).reply("\x01\0raw").close();
    let (done, bench) = job(script, exec_run("web", ["echo", "hi"]).with(|exec| exec.tty(true)));
    assert_eq!(done.unwrap().success().unwrap().output.stdout, b"\x01\0raw");
    bench.finish();
}

#[test]
fn an_engine_that_dies_is_no_success() {
    let script = starts(begins(ECHO).close(), &frame(1, "half")).close().refuse("nobody is there");
    let (done, bench) = job(script, exec_run("web", ["echo", "hi"]));
    let e = done.unwrap_err();
    assert_eq!((e.operation(), e.kind()), (Some("ExecInspect"), ErrorKind::Connect));
    bench.finish();
}

#[test]
fn one_that_never_ends_by_the_engine_is_not_waited_for_without_end() {
    let mut script = begins(ECHO);
    for _ in 0..2000 {
        script = script.expect("GET /v1.41/exec/e1/json").json(200, r#"{"Running":true}"#);
    }
    let (done, bench) = job(starts(script, b"").close(), exec_run("web", ["echo", "hi"]));
    let e = done.unwrap_err();
    assert!(e.is_timeout() && e.message().contains("after 10s it has not: Running"), "{e}");
    assert_eq!(bench.time(), Duration::from_secs(10));
}

#[test]
fn limits_hold() {
    let (done, _) = job(starts(begins(ECHO), &frame(1, "much")).stall(), exec_run("web", ["echo", "hi"]).at_most(3));
    assert_eq!(done.unwrap_err().kind(), ErrorKind::TooLarge);
    let work = exec_run("web", ["echo", "hi"]).timeout(Duration::from_secs(5));
    let (done, bench) = job(starts(begins(ECHO), b"").stall(), work);
    let e = done.unwrap_err();
    assert!(e.is_timeout() && e.message().contains("in web still ran after 5s"), "{e}");
    assert!(!bench.is_open(2));
}

#[test]
fn refusals_are_typed() {
    let script = Script::new().expect(Want::any()).json(409, r#"{"message":"container web is not running"}"#);
    let (done, bench) = job(script, exec_run("web", ["echo", "hi"]));
    assert!(done.unwrap_err().is_conflict());
    bench.finish();
    let (done, bench) = job(Script::new(), exec_run("web", ["cat"]).with(|exec| exec.attach_stdin(true)));
    assert_eq!((done.unwrap_err().kind(), bench.dials()), (ErrorKind::Usage, 0));
}

const KILLABLE: &str =
    r#"{"AttachStdout":true,"AttachStderr":true,"Cmd":["sh","-c","echo $$; exec \"$@\"","sh","echo","hi"]}"#;

/// Each part in a frame of stdout, or of stderr for those that begin with `!`.
fn killable(parts: &[&str], code: u8) -> Script {
    let script = begins(KILLABLE).expect("GET /v1.41/exec/e1/json");
    let script = script.json(200, &format!(r#"{{"Running":false,"ExitCode":{code}}}"#));
    let frames = parts.iter().flat_map(|part| match part.strip_prefix('!') {
        Some(text) => frame(2, text),
        None => frame(1, part),
    });
    starts(script, &frames.collect::<Vec<_>>()).close()
}

#[test]
fn the_line_of_a_killable_one_is_no_output() {
    for (whole, shown) in [("123\nout\n7\n", "out\n7\n"), ("1\r\n\r\n", "\r\n"), ("42\n", ""), ("77\n8\n", "8\n")] {
        let check = |parts: &[&str], stderr: &str| {
            let (done, bench) = job(killable(parts, 3), exec_run("web", ["echo", "hi"]).killable());
            let ran = done.unwrap();
            assert_eq!(
                (ran.code, &*ran.output.stdout_text(), &*ran.output.stderr_text()),
                (3, shown, stderr),
                "{parts:?}"
            );
            bench.finish();
        };
        for at in 0..whole.len() {
            check(&[&whole[..at], &whole[at..]], "");
            check(&[&whole[..at], "!5\n", &whole[at..]], "5\n");
        }
        let bytes: Vec<String> = whole.chars().map(String::from).collect();
        check(&bytes.iter().map(|byte| &**byte).collect::<Vec<_>>(), "");
    }
}

#[test]
fn what_is_no_such_line_is_output() {
    for whole in ["no number\n", "12a\n", "\n", "0\n", "99999999999\n", "123456789012345678\n", "12", "", "\r\n"] {
        for at in 0..=whole.len() {
            let script = killable(&[&whole[..at], &whole[at..]], 126);
            let (done, bench) = job(script, exec_run("web", ["echo", "hi"]).killable());
            let ran = done.unwrap();
            assert_eq!((ran.code, &*ran.output.stdout_text()), (126, whole), "{at}");
            bench.finish();
        }
    }
}

#[test]
fn a_killable_one_takes_a_shell_and_stdout() {
    let said = "OCI runtime exec failed: exec failed: unable to start container process: exec: \"sh\": executable file \
                not found in $PATH: unknown\r\n";
    let ended =
        |script: Script| script.expect("GET /v1.41/exec/e1/json").json(200, r#"{"Running":false,"ExitCode":126}"#);
    let script = starts(ended(ended(begins(KILLABLE))), &frame(1, said)).close();
    let (done, bench) = job(script, exec_run("web", ["echo", "hi"]).killable());
    let e = done.unwrap_err();
    assert_eq!((e.kind(), e.exit_code()), (ErrorKind::Exit, Some(126)));
    assert!(
        e.message().starts_with("the container web has no sh, which a killable command is run by; it wrote: OCI"),
        "{e}"
    );
    bench.finish();
    for (work, said) in [
        (exec_run("web", ["cat"]).with(|exec| exec.attach_stdout(false)), "attach_stdout: must be set"),
        (exec_run("web", [""; 0]), "cmd: must not be empty"),
        (exec_run("web", ["cat"]).with(|exec| exec.attach_stdin(true)), "attach_stdin: must not be set"),
    ] {
        let (done, bench) = job(Script::new(), work.killable());
        let e = done.unwrap_err();
        assert!(e.kind() == ErrorKind::Usage && e.message().contains(said) && bench.dials() == 0, "{e}");
    }
}

/// Its requests are answered on the first connection, its output on the others.
fn signalled(script: Script, signal: &str, found: u8, runs: bool) -> Script {
    let kill = Want::from("POST /v1.41/containers/web/exec").body_contains(r#""User":"7""#);
    let kill = kill.body_contains(format!(r#""sh","42","{signal}"]"#)).body_contains(r#""Env":["A=b"]"#);
    let script = script.expect(kill).json(201, r#"{"Id":"e2"}"#).expect("GET /v1.41/exec/e2/json");
    let script = script.json(200, &format!(r#"{{"Running":false,"ExitCode":{found}}}"#));
    script.expect("GET /v1.41/exec/e1/json").json(200, &format!(r#"{{"Running":{runs},"ExitCode":137}}"#))
}

fn kills(script: Script) -> Script {
    script.accept().expect("POST /v1.41/exec/e2/start").reply(UPGRADED).close()
}

#[test]
fn too_much_output_ends_a_killable_one_as_it_was_run() {
    let create = Want::from("POST /v1.41/containers/web/exec").body_contains(r#""echo $$; exec \"$@\"","sh","echo"]"#);
    let script = Script::new().expect(create).answer(201, DOCKER, r#"{"Id":"e1"}"#);
    let script = signalled(signalled(script, "TERM", 0, true), "0", 1, false);
    // Of both streams together, and before the line came.
    let output = [frame(2, "much"), frame(1, "4"), frame(1, "2\n"), frame(1, "more")].concat();
    let script = kills(kills(starts(script, &output).stall()));
    let with = |exec: ExecConfig| exec.user("7").env(["A=b"]).working_dir("/gone").tty(false);
    let (done, bench) = job(script, exec_run("web", ["echo"]).with(with).at_most(3).killable());
    let e = done.unwrap_err();
    assert!(e.kind() == ErrorKind::TooLarge && !e.message().contains("may still run"), "{e}");
    bench.finish();
}

#[test]
fn what_cannot_be_ended_is_told() {
    // It never tells its process id.
    let work = || exec_run("web", ["echo", "hi"]).killable().timeout(Duration::from_secs(5));
    let script = starts(begins(KILLABLE), &frame(2, "loud")).stall().accept();
    let script = script.expect("GET /v1.41/exec/e1/json").json(200, r#"{"Running":true}"#);
    let (done, bench) = job(script, work());
    let e = done.unwrap_err();
    assert!(
        e.is_timeout()
            && e.message().ends_with("; and the command may still run: it did not tell its process id within 30s"),
        "{e}"
    );
    assert_eq!(bench.time(), Duration::from_secs(5 + 30));
    // The engine is gone.
    let script = starts(begins(KILLABLE).close(), &frame(1, "42\n")).stall();
    let script = script.refuse("nobody is there").refuse("nobody is there");
    let (done, _) = job(script, work());
    let e = done.unwrap_err();
    assert!(
        e.message().contains("still ran after 5s; and the command may still run: ")
            && e.message().contains("nobody is there"),
        "{e}"
    );
}

/// Nothing can be run in a container that is paused, which a signal is not either.
#[test]
fn one_that_is_paused_cannot_be_ended() {
    let mut script = begins(KILLABLE);
    for _ in 0..9 {
        let kill = Want::from("POST /v1.41/containers/web/exec").body_contains(r#""sh","42","TERM"]"#);
        script = script.expect(kill).json(409, r#"{"message":"container web is paused"}"#);
        script = script.expect("GET /v1.41/exec/e1/json").json(200, r#"{"Running":true}"#);
    }
    let work = exec_run("web", ["echo", "hi"]).killable().timeout(Duration::from_secs(5));
    let (done, bench) = job(starts(script, &frame(1, "42\n")).stall(), work);
    let e = done.unwrap_err();
    assert!(
        e.is_timeout() && e.message().contains("and the command may still run: ") && e.message().contains("is paused"),
        "{e}"
    );
    assert!(bench.time() < Duration::from_secs(5 + 2), "{:?}", bench.time());
    bench.finish();
}

/// That the command has ended says nothing of what it has started: only that the container does not run does.
#[test]
fn one_whose_container_ends_has_ended() {
    let refused = |script: Script, status, said: &str, runs: bool| {
        let script =
            script.expect("POST /v1.41/containers/web/exec").json(status, &format!(r#"{{"message":"{said}"}}"#));
        let script = script.expect("GET /v1.41/exec/e1/json").json(200, r#"{"Running":false,"ExitCode":137}"#);
        let state = format!(r#"{{"Id":"web","State":{{"Running":{runs}}}}}"#);
        script.expect("GET /v1.41/containers/web/json").json(200, &state)
    };
    let script = refused(begins(KILLABLE), 500, "try again", true);
    let script = refused(script, 409, "container web is not running", false);
    let work = exec_run("web", ["echo", "hi"]).killable().timeout(Duration::from_secs(5));
    let (done, bench) = job(starts(script, &frame(1, "42\n")).stall(), work);
    assert_eq!(done.unwrap_err().message(), "the command in web still ran after 5s");
    bench.finish();
}

#[test]
fn a_refused_start_leaves_nothing_to_end() {
    let script = begins(KILLABLE).accept().expect("POST /v1.41/exec/e1/start");
    let script = script.json(409, r#"{"message":"container web is paused"}"#);
    let script = script.expect("GET /v1.41/exec/e1/json").json(200, r#"{"Running":false,"ExitCode":null}"#);
    let (done, bench) = job(script, exec_run("web", ["echo", "hi"]).killable());
    let e = done.unwrap_err();
    assert!(e.is_conflict() && e.message() == "container web is paused", "{e}");
    bench.finish();
}
