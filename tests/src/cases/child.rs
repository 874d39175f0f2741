//! Programs as the way to an engine.

use super::Failure;
use crate::peer::{Connection, Peer};
use crate::runtime::{Input, Items, Runtime};
use crate::tls::client;
use docker_proto::ErrorKind;
use docker_proto::api::{containers, exec, system};
use docker_proto::session::{Command, Endpoint, Heard};
use std::future::{Future, poll_fn};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// Pings, empty lists, logs that the bridge may not survive, and an echo.
fn engine() -> std::io::Result<Peer> {
    Peer::unix(|mut c: Connection| {
        while let Some(head) = c.after_ping("1.45")? {
            if head.contains("/logs") {
                let head =
                    "HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.multiplexed-stream\r\nConnection: close";
                write!(c.writer, "{head}\r\n\r\n")?;
                c.writer.write_all(b"\x01\0\0\0\0\0\0\x05whole")?;
                c.writer.write_all(b"\x01\0\0\0\0\0\0\x03DIE")?;
                return c.writer.half_close();
            }
            if head.contains("/start") {
                let length = head.lines().find_map(|line| line.strip_prefix("Content-Length: ")?.parse().ok());
                c.reader.read_exact(&mut vec![0; length.unwrap_or(0)])?;
                let head = "HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp";
                write!(c.writer, "{head}\r\nContent-Type: application/vnd.docker.raw-stream\r\n\r\n")?;
                let mut all = Vec::new();
                c.reader.read_to_end(&mut all)?;
                c.writer.write_all(&all)?;
                return c.writer.half_close();
            }
            c.json("200 OK", "[]")?;
        }
        Ok(())
    })
}

/// A bridge to a peer, and where it writes its number.
fn bridge(peer: &Peer, how: &str) -> Result<(Endpoint, PathBuf), Failure> {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let n = NUMBER.fetch_add(1, Ordering::Relaxed);
    let file = std::env::temp_dir().join(format!("dp-bridge-{}-{n}", std::process::id()));
    let path = peer.url.strip_prefix("unix://").ok_or("a peer on a socket")?;
    let program = std::env::current_exe()?.to_str().ok_or("a path that is no text")?.to_owned();
    let pid = file.to_str().ok_or("a path that is no text")?;
    Ok((Endpoint::command(Command::new(program, ["bridge", path, pid, how])), file))
}

/// Whether the process that wrote its number there is gone for good: not even a zombie is left.
fn is_gone(file: &Path) -> Result<bool, Failure> {
    let pid = std::fs::read_to_string(file)?;
    std::fs::remove_file(file)?;
    Ok(!Path::new(&format!("/proc/{pid}")).exists())
}

pub async fn a_program_is_a_connection_and_ends_with_it<R: Runtime>() -> Result<(), Failure> {
    let peer = engine()?;
    // Also one that says more on stderr than fits anywhere, and is not waited for while it does.
    for how in ["plain", "loud"] {
        let (endpoint, file) = bridge(&peer, how)?;
        let docker: R = client(endpoint);
        for _ in 0..10 {
            docker.call(containers::List::new()).await?;
        }
        let counters = docker.counters();
        assert_eq!((counters.dialled, counters.reused, counters.discarded), (1, 9, 0), "{how}: {counters:?}");
        drop(docker);
        assert!(is_gone(&file)?, "{how}");
    }
    Ok(())
}

pub async fn a_half_close_reaches_what_is_behind_a_program<R: Runtime>() -> Result<(), Failure> {
    let peer = engine()?;
    let (endpoint, file) = bridge(&peer, "plain")?;
    let docker: R = client(endpoint);
    let (mut output, mut input) = docker.open(exec::Start::new("e").tty(true)).await?;
    input.write(b"to and fro").await?;
    input.close().await?;
    let mut all = Vec::new();
    while let Some(piece) = output.next().await {
        all.extend_from_slice(&piece?.bytes);
    }
    assert_eq!(all, b"to and fro");
    drop((output, input, docker));
    assert!(is_gone(&file)?);
    Ok(())
}

pub async fn what_a_failing_program_said_is_in_the_error<R: Runtime>() -> Result<(), Failure> {
    let shell = |script: &str| Endpoint::command(Command::new("sh", ["-c", script]).env("SAYS", "so"));
    let cases: [(Endpoint, ErrorKind, &[&str]); 5] = [
        (
            shell("echo \"it is $SAYS\" >&2; exit 3"),
            ErrorKind::Transport,
            &["exit status: 3", "it is so", "before it answered"],
        ),
        (shell("exit 0"), ErrorKind::Transport, &["ended (exit status: 0)", "nothing on stderr"]),
        (shell("kill -9 $$"), ErrorKind::Transport, &["signal: 9"]),
        (
            Endpoint::command(Command::new("no-such-program", [""; 0])),
            ErrorKind::Connect,
            &["the command `no-such-program`", "No such file"],
        ),
        // Not a program, but no socket either: for another system.
        (Endpoint::parse("npipe://")?, ErrorKind::Connect, &["npipe:////./pipe/docker_engine", "on this system"]),
    ];
    for (endpoint, kind, parts) in cases {
        let docker: R = client(endpoint);
        let e = docker.call(system::Ping::new()).await.err().ok_or("there is no engine")?;
        let text = e.to_string();
        assert!(e.kind() == kind && parts.iter().all(|part| text.contains(part)), "{e:?}, not {parts:?}");
    }
    Ok(())
}

pub async fn a_program_that_dies_is_no_end<R: Runtime>() -> Result<(), Failure> {
    let peer = engine()?;
    for how in ["plain", "dies"] {
        let (endpoint, file) = bridge(&peer, how)?;
        let docker: R = client(endpoint);
        docker.call(containers::List::new()).await?;
        let mut logs = docker.begin(containers::Logs::new("c").stdout(true).tty(false));
        let first = logs.next().await.ok_or("no output")??;
        assert_eq!(&first.bytes[..], b"whole");
        match (how, logs.next().await) {
            ("plain", Some(Ok(_))) => {}
            ("dies", Some(Err(e))) => {
                let text = e.to_string();
                assert!(text.contains("exit status: 9") && text.contains("the line was cut"), "{e:?}");
            }
            (_, other) => return Err(format!("{how}, then {other:?}").into()),
        }
        drop((logs, docker));
        assert!(is_gone(&file)?, "{how}");
    }
    Ok(())
}

/// How long the longest poll took, beside what came of it.
async fn longest_poll<T>(work: impl Future<Output = T>) -> (T, Duration) {
    let (mut work, mut longest) = (pin!(work), Duration::ZERO);
    let done = poll_fn(|cx| {
        let start = Instant::now();
        let polled = work.as_mut().poll(cx);
        longest = longest.max(start.elapsed());
        polled
    });
    (done.await, longest)
}

pub async fn one_that_runs_on_without_stdout_blocks_no_executor<R: Runtime>() -> Result<(), Failure> {
    let mut longest = Duration::MAX;
    // The system may have something else to do in one of them, but not in all.
    for _ in 0..10 {
        let endpoint = Endpoint::command(Command::new("sh", ["-c", "echo so >&2; exec <&- >&-; exec sleep 60"]));
        let docker: R = client(endpoint);
        let (answer, poll) = longest_poll(docker.call(system::Ping::new())).await;
        let e = answer.err().ok_or("there is no engine")?;
        let whole = "closed its stdout before it answered: so";
        assert!(e.kind() == ErrorKind::Transport && e.to_string().contains(whole), "{e:?}");
        longest = longest.min(poll);
        // Where there is no executor, the first poll does it all.
        if R::NAME == "blocking" || longest < Heard::PATIENCE / 2 {
            return Ok(());
        }
    }
    Err(format!("a poll took {longest:?}").into())
}
