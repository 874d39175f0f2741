//! Attach, both ways: what is written is answered, the first byte is not lost, and the end of the input is what each
//! engine makes of it.

use super::Failure;
use super::output::apart;
use crate::engine::{Container, Engine, shell};
use crate::runtime::{Input, Items, Runtime};
use docker_proto::api::containers::{Attach, Logs, Pause, Unpause};
use docker_proto::api::exec::{Create, Start};
use docker_proto::jobs::{Outcome, container_outcome, exec_outcome};
use docker_proto::model::{ContainerCreateBody, ExecConfig};
use docker_proto::op::{Operation, Raw, Session};
use docker_proto::wire::{Piece, StreamKind};
use docker_proto::{Error, ErrorKind};
use std::time::Duration;

/// What came so far.
#[derive(Default)]
pub struct Seen {
    pub out: String,
    pub err: String,
}

impl Seen {
    fn take(&mut self, piece: &Piece) {
        let text = String::from_utf8_lossy(&piece.bytes);
        match piece.stream {
            StreamKind::Stderr => self.err.push_str(&text),
            StreamKind::Stdout => self.out.push_str(&text),
        }
    }

    /// Reads on until stdout holds one text and stderr another.
    pub async fn until<O, I>(&mut self, output: &mut I, out: &str, err: &str) -> Result<(), Failure>
    where
        O: Operation<Reply = Session>,
        I: Items<O>,
    {
        while !(self.out.contains(out) && self.err.contains(err)) {
            let Some(piece) = output.next().await else {
                return Err(format!("ended without {out:?}, {err:?}; came {:?}, {:?}", self.out, self.err).into());
            };
            self.take(&piece?);
        }
        Ok(())
    }

    /// Reads to the end.
    pub async fn drain<O, I>(&mut self, mut output: I) -> Result<(), Failure>
    where
        O: Operation<Reply = Session>,
        I: Items<O>,
    {
        while let Some(piece) = output.next().await {
            self.take(&piece?);
        }
        Ok(())
    }
}

/// A container with an open stdin.
pub fn open_stdin(script: &str, tty: bool, once: bool) -> ContainerCreateBody {
    shell(script).tty(tty).open_stdin(true).stdin_once(once).attach_stdin(true)
}

pub fn everything(id: &str) -> Attach {
    Attach::new(id).stream(true).stdin(true).stdout(true).stderr(true)
}

const ANSWERS: &str = "while read line; do echo \"got $line\"; echo \"err $line\" >&2; [ $line = stop ] && exit 6; done; echo end; exit 7";

pub async fn every_line_is_answered<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    for tty in [false, true] {
        let c = engine.container(&docker, open_stdin(ANSWERS, tty, true)).await?;
        let (mut output, mut input) = docker.open(everything(&c.id)).await?;
        c.start().await?;
        let mut seen = Seen::default();
        for word in ["one", "two", "three"] {
            input.write(format!("{word}\n").as_bytes()).await?;
            let (out, err) = (format!("got {word}"), format!("err {word}"));
            match tty {
                true => seen.until(&mut output, &out, "").await?,
                false => seen.until(&mut output, &out, &err).await?,
            }
        }
        match tty {
            // A terminal has no end of input but the one that is typed; here it is told to stop.
            true => input.write(b"stop\n").await?,
            false => input.close().await?,
        }
        seen.drain(output).await?;
        if tty {
            assert!(seen.out.contains("one\r\n") && seen.out.contains("err three\r\n"), "echoed: {}", seen.out);
        } else {
            assert_eq!(seen.out, "got one\ngot two\ngot three\nend\n");
            assert_eq!(seen.err, "err one\nerr two\nerr three\n");
        }
        let code = if tty { 6 } else { 7 };
        assert_eq!(docker.job(container_outcome(&*c.id)).await?, Outcome::Exited(code), "tty {tty}");
    }
    Ok(())
}

pub async fn the_first_byte_is_there<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    for tty in [false, true, false, true] {
        let c = engine.container(&docker, shell("printf x; exec sleep 60").tty(tty)).await?;
        // Once the head is there the engine is attached: no sleep.
        let (mut output, _input) = docker.open(Attach::new(&*c.id).stream(true).stdout(true).stderr(true)).await?;
        c.start().await?;
        let piece = output.next().await.ok_or("ended")??;
        assert_eq!((piece.stream, &*piece.bytes), (StreamKind::Stdout, &b"x"[..]), "tty {tty}");
    }
    Ok(())
}

pub async fn one_attach_for_each_stream<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    let c = engine.container(&docker, open_stdin(ANSWERS, false, true)).await?;
    let only = || Attach::new(&*c.id).stream(true);
    let (mut stdout, _a) = docker.open(only().stdout(true)).await?;
    let (mut stderr, _b) = docker.open(only().stderr(true)).await?;
    let (stdin, mut input) = docker.open(only().stdin(true)).await?;
    c.start().await?;
    let (mut out, mut err) = (Seen::default(), Seen::default());
    for word in ["one", "two"] {
        input.write(format!("{word}\n").as_bytes()).await?;
        out.until(&mut stdout, &format!("got {word}\n"), "").await?;
        err.until(&mut stderr, "", &format!("err {word}\n")).await?;
    }
    input.write(b"stop\n").await?;
    out.drain(stdout).await?;
    err.drain(stderr).await?;
    let (got, errs) = ("got one\ngot two\ngot stop\n", "err one\nerr two\nerr stop\n");
    match engine.is_podman() {
        false => assert_eq!((&*out.out, &*out.err, &*err.out, &*err.err), (got, "", "", errs)),
        // Podman gives both streams to each.
        true => assert_eq!((&*out.out, &*out.err, &*err.out, &*err.err), (got, errs, got, errs)),
    }
    drop(stdin);
    assert_eq!(docker.job(container_outcome(&*c.id)).await?, Outcome::Exited(6));
    Ok(())
}

/// Writes to the stdout of a container's process.
async fn say<R: Runtime>(docker: &R, c: &Container<R>, text: &str) -> Result<(), Failure> {
    let exec = c.exec(&format!("echo {text} >/proc/1/fd/1"), false, false).await?;
    let (output, _input) = docker.open(Start::new(&*exec)).await?;
    output.all().await?;
    assert_eq!(docker.job(exec_outcome(exec)).await?, Outcome::Exited(0));
    Ok(())
}

async fn log<R: Runtime>(docker: &R, id: &str) -> Result<String, Failure> {
    Ok(apart(docker.begin(Logs::new(id).stdout(true).stderr(true)).all().await?).0)
}

pub async fn a_half_close_is_what_the_engine_makes_of_it<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    let script = "echo up; while read line; do echo \"got $line\"; done; echo eof; while :; do sleep 0.1; done";
    for (tty, once) in [(false, true), (false, false), (true, true), (true, false)] {
        let what = format!("tty {tty}, once {once}");
        let c = engine.container(&docker, open_stdin(script, tty, once)).await?;
        let (mut output, mut input) = docker.open(everything(&c.id)).await?;
        c.start().await?;
        let mut seen = Seen::default();
        seen.until(&mut output, "up", "").await?;
        input.write(b"text\n").await?;
        seen.until(&mut output, "got text", "").await?;
        input.close().await?;
        // Podman minds neither `StdinOnce` nor that a terminal's input can end; dockerd detaches where it may not end the
        // input of the process.
        match (engine.is_podman(), tty, once) {
            (_, false, true) | (true, false, false) => {
                seen.until(&mut output, "eof", "").await?;
                say(&docker, &c, "later").await?;
                seen.until(&mut output, "later", "").await?;
            }
            (true, true, _) => {
                say(&docker, &c, "later").await?;
                seen.until(&mut output, "later", "").await?;
                assert!(!seen.out.contains("eof"), "{what}: {}", seen.out);
            }
            (false, ..) => {
                seen.drain(output).await?;
                say(&docker, &c, "later").await?;
                let mut log_ = log(&docker, &c.id).await?;
                while !log_.contains("later") {
                    R::sleep(Duration::from_millis(10)).await;
                    log_ = log(&docker, &c.id).await?;
                }
                assert!(!log_.contains("eof") && !seen.out.contains("later"), "{what}: {log_:?}, {:?}", seen.out);
            }
        }
        let outcome = docker.job(container_outcome(&*c.id).patience(Duration::ZERO)).await?;
        assert_eq!(outcome, Outcome::Running, "{what}");
    }
    Ok(())
}

fn broken(e: &Error) -> bool {
    e.kind() == ErrorKind::Protocol && e.message().contains("stream id 10")
}

/// A container that has said `before`, and echoes its stdin from then on.
async fn told<R: Runtime>(engine: &Engine, docker: &R, tty: bool) -> Result<Container<R>, Failure> {
    let c = engine.container(docker, open_stdin("echo before; cat", tty, true)).await?;
    c.start().await?;
    while !log(docker, &c.id).await?.contains("before") {
        R::sleep(Duration::from_millis(10)).await;
    }
    Ok(c)
}

pub async fn the_log_comes_first<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    for tty in [false, true] {
        let c = told(engine, &docker, tty).await?;
        let mut replay = docker.begin(Attach::new(&*c.id).logs(true).stdout(true).stderr(true));
        let first = replay.next().await.ok_or("no log")??;
        assert_eq!(String::from_utf8_lossy(&first.bytes).trim_end(), "before", "tty {tty}");
        match (engine.is_podman(), tty) {
            // The log alone ends by itself.
            (false, _) => assert!(replay.next().await.is_none(), "tty {tty}"),
            // Podman 4.3 does not count the newlines that its frames carry: what follows is no frame.
            (true, false) => assert!(replay.next().await.ok_or("ended")?.is_err_and(|e| broken(&e))),
            // Nor does it end.
            (true, true) => drop(replay),
        }
        // On podman the end of that attach was the end of the stdin, and so of the process.
        let c = if engine.is_podman() { told(engine, &docker, tty).await? } else { c };
        let mut seen = Seen::default();
        let (mut output, mut input) = docker.open(everything(&c.id).logs(true)).await?;
        if engine.is_podman() && !tty {
            let broken = seen.until(&mut output, "never", "").await.err().ok_or("sound")?;
            assert!(seen.out.contains("before") && broken.to_string().contains("stream id 10"), "{broken}");
            continue;
        }
        seen.until(&mut output, "before", "").await?;
        input.write(b"after\n").await?;
        seen.until(&mut output, "after", "").await?;
        assert!(seen.out.find("before") < seen.out.find("after"), "{}", seen.out);
    }
    Ok(())
}

pub async fn refusals_come_before_the_session<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    // Said by the caller, so that it is the attach that is refused, and not the question for the terminal.
    let e = docker.open(everything("nobody").tty(false)).await.err().ok_or("attached to nobody")?;
    assert!(e.is_not_found() && e.message().to_lowercase().contains("no such container"), "{e}");
    assert_eq!(e.operation(), Some("ContainerAttach"));
    let c = engine.container(&docker, open_stdin("cat", true, false)).await?;
    c.start().await?;
    let keys = Raw::<Session>::upgrade_tcp(format!("/containers/{}/attach", c.id)).query("stream", "1");
    let e = docker.open(keys.query("detachKeys", "ctrl-P").tty(true)).await.err().ok_or("such keys")?;
    // Plain text behind a hand-made head; podman's is JSON.
    let status = if engine.is_podman() { 500 } else { 400 };
    assert!(e.status() == Some(status) && e.message().contains("detach keys"), "{e}");
    assert!(e.message().contains("ctrl-P"), "{e}");
    docker.call(Pause::new(&*c.id)).await?;
    let e = docker.open(everything(&c.id)).await.err().ok_or("attached to a paused container")?;
    let status = if engine.is_podman() { 500 } else { 409 };
    assert!(e.status() == Some(status) && e.message().contains("paused"), "{e}");
    docker.call(Unpause::new(&*c.id)).await?;
    let e = docker.open(Start::new("none")).await.err().ok_or("no such exec")?;
    assert!(e.is_not_found() && e.message().to_lowercase().contains("no such exec"), "{e}");
    let create = |id: &str| Create::new(id, ExecConfig::new().cmd(["true"]).attach_stdout(true));
    let e = docker.call(create("nobody")).await.err().ok_or("an exec in nobody")?;
    assert!(e.is_not_found() && e.message().to_lowercase().contains("no such container"), "{e}");
    let stopped = engine.shell(&docker, "true").await?;
    let e = docker.call(create(&stopped.id)).await.err().ok_or("an exec in a container that does not run")?;
    assert!(e.status() == Some(status) && e.message().contains("running"), "{e}");
    Ok(())
}

pub async fn what_goes_wrong_after_it_is_in_the_output<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    let c = engine.shell(&docker, "sleep 60").await?;
    c.start().await?;
    for tty in [false, true] {
        let config = ExecConfig::new().cmd(["/no/such/program"]).attach_stdout(true).attach_stderr(true).tty(tty);
        let exec = docker.call(Create::new(&*c.id, config)).await?.id.ok_or("no id")?;
        let (output, _input) = docker.open(Start::new(&*exec).tty(tty)).await?;
        let (out, err) = apart(output.all().await?);
        let outcome = docker.job(exec_outcome(&*exec)).await?;
        let (text, nothing) = if engine.is_podman() && !tty { (err, out) } else { (out, err) };
        assert!(text.contains("/no/such/program") && text.contains("no such file") && nothing.is_empty(), "{text}");
        let code = if matches!(&*engine.name, "d20" | "d26") { 126 } else { 127 };
        assert_eq!(outcome, Outcome::Exited(code), "tty {tty}");
        // A second start is refused by podman, and told of in the output by dockerd.
        match docker.open(Start::new(&*exec).tty(tty)).await {
            Err(e) if engine.is_podman() => assert!(e.status() == Some(500), "{e}"),
            Err(e) => return Err(e.into()),
            Ok((output, _input)) => {
                let (text, _) = apart(output.all().await?);
                assert!(text.contains("has already run"), "{text}");
            }
        }
    }
    Ok(())
}
