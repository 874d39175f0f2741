//! Commands in a container: what they are created with, the ways they are started, and when their input may begin.

use super::Failure;
use super::output::apart;
use crate::engine::Engine;
use crate::peer::{Connection, Peer};
use crate::runtime::{Input, Items, Runtime};
use docker_proto::api::exec::{Create, Inspect, Start, StartDetached};
use docker_proto::jobs::{Outcome, exec_outcome};
use docker_proto::model::ExecConfig;
use docker_proto::wire::StreamKind;
use std::io::{self, Read, Write};
use std::time::Duration;

pub async fn every_flag_has_its_effect<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    let c = engine.shell(&docker, "exec sleep 60").await?;
    c.start().await?;
    let script = "pwd; id -u; echo $COLOUR-$EMPTY; grep CapEff /proc/self/status; test -t 0 && echo terminal";
    let config = || ExecConfig::new().cmd(["sh", "-c", script]).attach_stdout(true).attach_stderr(true);
    let run = async |config: ExecConfig, tty: bool| -> Result<(String, _), Failure> {
        let id = docker.call(Create::new(&*c.id, config)).await?.id.ok_or("no id")?;
        let prepared = docker.call(Inspect::new(&*id)).await?;
        let (output, _input) = docker.open(Start::new(&*id).tty(tty)).await?;
        Ok((apart(output.all().await?).0.replace('\r', ""), prepared))
    };
    let (plain, prepared) = run(config(), false).await?;
    let lines: Vec<&str> = plain.lines().collect();
    assert_eq!(lines[..3], ["/", "0", "-"], "{plain}");
    assert_eq!(lines.len(), 4, "no terminal: {plain}");
    assert_eq!(
        (prepared.open_stdin, prepared.open_stdout, prepared.open_stderr),
        (Some(false), Some(true), Some(true))
    );
    let full = config()
        .attach_stdin(true)
        .tty(true)
        .user("1234:56")
        .working_dir("/tmp")
        .env(["COLOUR=red", "EMPTY="])
        .detach_keys("ctrl-a,d");
    let (text, prepared) = run(full, true).await?;
    let seen: Vec<&str> = text.lines().collect();
    assert_eq!((seen[..3].to_vec(), seen.last()), (vec!["/tmp", "1234", "red-"], Some(&"terminal")), "{text}");
    let process = prepared.process_config.ok_or("no process")?;
    assert_eq!((process.tty, prepared.open_stdin), (Some(true), Some(true)));
    assert_eq!(process.user.as_deref(), Some("1234:56"));
    assert_eq!(process.entrypoint.as_deref(), Some("sh"));
    assert_eq!(process.arguments, ["-c", script]);
    // All capabilities, where there were fewer. 20.10 asks for all there are, on a machine that may not have them.
    let (privileged, prepared) = run(config().privileged(true), false).await?;
    let capabilities = |text: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix("CapEff:"))?;
        u64::from_str_radix(line.trim(), 16).ok()
    };
    let refused = engine.name == "d20" && privileged.contains("unable to apply caps");
    assert!(refused || capabilities(&privileged) > capabilities(&plain), "{privileged}{plain}");
    assert_eq!(prepared.process_config.and_then(|p| p.privileged), Some(true));
    // Only what is attached comes.
    let (nothing, _) = run(ExecConfig::new().cmd(["sh", "-c", "echo out"]).attach_stderr(true), false).await?;
    assert_eq!(nothing, "");
    Ok(())
}

pub async fn one_is_started_in_four_ways<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    let c = engine.shell(&docker, "exec sleep 60").await?;
    c.start().await?;
    // Buffered: all of it at its end.
    let exec = c.exec("echo out; echo err >&2; exit 3", false, false).await?;
    let (output, _input) = docker.open(Start::new(&*exec)).await?;
    assert_eq!(apart(output.all().await?), ("out\n".into(), "err\n".into()));
    assert_eq!(docker.job(exec_outcome(exec)).await?, Outcome::Exited(3));
    // Streamed: each as it is written, while the command waits for what comes next.
    let exec = c.exec("echo one; read line; echo $line >&2; exit 4", false, true).await?;
    let (mut output, mut input) = docker.open(Start::new(&*exec)).await?;
    let piece = output.next().await.ok_or("ended")??;
    assert_eq!((piece.stream, &*piece.bytes), (StreamKind::Stdout, &b"one\n"[..]));
    assert_eq!(docker.job(exec_outcome(&*exec).patience(Duration::ZERO)).await?, Outcome::Running);
    input.write(b"two\n").await?;
    let piece = output.next().await.ok_or("ended")??;
    assert_eq!((piece.stream, &*piece.bytes), (StreamKind::Stderr, &b"two\n"[..]));
    assert!(output.next().await.is_none());
    assert_eq!(docker.job(exec_outcome(exec)).await?, Outcome::Exited(4));
    // Detached: the answer comes at once, the outcome later.
    let exec = c.exec("exit 5", false, false).await?;
    docker.call(StartDetached::new(&*exec)).await?;
    // Podman 4.3 says for ever that it runs.
    let wanted = if engine.is_podman() { Outcome::Running } else { Outcome::Exited(5) };
    assert_eq!(docker.job(exec_outcome(exec)).await?, wanted);
    // Raw: the bytes of a terminal, whatever they look like.
    let exec = c.exec("printf '\\001\\000\\000\\000\\000\\000\\000\\001x'; exit 6", true, false).await?;
    let (output, _input) = docker.open(Start::new(&*exec).tty(true)).await?;
    assert_eq!(apart(output.all().await?).0, "\u{1}\0\0\0\0\0\0\u{1}x");
    assert_eq!(docker.job(exec_outcome(exec)).await?, Outcome::Exited(6));
    Ok(())
}

/// Answers an exec start late, and says whether a byte came before the answer; then echoes.
fn late(mut connection: Connection, head: &str) -> io::Result<()> {
    let Some(request) = connection.after_ping("1.45")? else { return Ok(()) };
    let length = request.lines().find_map(|line| line.strip_prefix("Content-Length: ")?.parse().ok()).unwrap_or(0);
    connection.reader.read_exact(&mut vec![0; length])?;
    // All that a client wanted to send too early would be here by then.
    let early = !connection.reader.buffer().is_empty() || !connection.writer.is_quiet(Duration::from_millis(300))?;
    connection.writer.write_all(head.as_bytes())?;
    connection.writer.write_all(if early { b"early\n" } else { b"quiet\n" })?;
    io::copy(&mut connection.reader, &mut connection.writer)?;
    connection.writer.half_close()
}

pub async fn no_input_leaves_before_the_head<R: Runtime>() -> Result<(), Failure> {
    // dockerd loses what reaches it together with the request.
    const UPGRADED: &str = "HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.raw-stream\r\n\
                            Connection: Upgrade\r\nUpgrade: tcp\r\n\r\n";
    const PLAIN: &str = "HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.raw-stream\r\n\r\n";
    for head in [UPGRADED, PLAIN] {
        for peer in [Peer::unix(move |c| late(c, head))?, Peer::tcp(move |c| late(c, head))?] {
            let docker = R::connect(&peer.url);
            let (output, mut input) = docker.open(Start::new("x").tty(true)).await?;
            input.write(b"hello").await?;
            input.close().await?;
            assert_eq!(apart(output.all().await?).0, "quiet\nhello");
        }
    }
    Ok(())
}
