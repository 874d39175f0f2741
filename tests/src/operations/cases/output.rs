//! What containers write, and connections to their processes.

use crate::cover::Cover;
use crate::engine::{Container, Failure, shell};
use docker_blocking::api::containers::{Attach, AttachOutput, AttachWebsocket, Logs, Start, Wait};
use docker_blocking::model::Timestamp;
use docker_blocking::wire::{Piece, StreamKind};
use std::io::Write;
use std::time::{Duration, SystemTime};

/// Stdout and stderr of pieces.
pub(super) fn apart(pieces: &[Piece]) -> (String, String) {
    let of = |stream| -> Vec<u8> {
        pieces.iter().filter(|p| p.stream == stream).flat_map(|p| p.bytes.iter().copied()).collect()
    };
    let text = |stream| String::from_utf8_lossy(&of(stream)).into_owned();
    (text(StreamKind::Stdout), text(StreamKind::Stderr))
}

pub fn logs(cover: &Cover) -> Result<(), Failure> {
    let before = SystemTime::now() - Duration::from_secs(2);
    let c = Container::run(&cover.docker, "echo one; echo two; echo err >&2")?;
    let logs = || Logs::new(&*c.id).stdout(true).stderr(true);
    // Followed, it ends with the container.
    assert_eq!(apart(&cover.all(logs().follow(true))?), ("one\ntwo\n".into(), "err\n".into()));
    c.exit()?;
    // Which stream has the last line is chance.
    let (out, err) = apart(&cover.all(logs().tail("1").timestamps(true).since(before))?);
    let last = out + &err;
    let (time, text) = last.split_once(' ').ok_or("no time before the line")?;
    assert!(text == "two\n" || text == "err\n", "{last}");
    assert!(time.parse::<Timestamp>()? >= Timestamp::from(before), "{time}");
    assert_eq!(apart(&cover.all(logs().until(before))?), (String::new(), String::new()));
    Ok(())
}

pub fn attached_with_input(cover: &Cover) -> Result<(), Failure> {
    let script = "read line; echo \"got $line\"; echo err >&2; cat; exit 5";
    let c = Container::create(&cover.docker, shell(script).attach_stdin(true).open_stdin(true).stdin_once(true))?;
    let mut session = cover.open(Attach::new(&*c.id).stream(true).stdin(true).stdout(true).stderr(true))?;
    cover.docker.call(Start::new(&*c.id))?;
    session.input().write_all(b"hello\nrest\n")?;
    // The process has read its line before its input ends.
    let mut pieces = Vec::new();
    while !apart(&pieces).0.contains("hello") {
        pieces.push(session.try_next()?.ok_or("the output ended early")?);
    }
    session.input().close()?;
    pieces.extend(session.collect::<Result<Vec<_>, _>>()?);
    assert_eq!(apart(&pieces), ("got hello\nrest\n".into(), "err\n".into()));
    assert_eq!(c.exit()?, 5);
    Ok(())
}

pub fn attached_to_output(cover: &Cover) -> Result<(), Failure> {
    let c = Container::create(&cover.docker, shell("echo first; echo err >&2; echo last"))?;
    let output = cover.begin(AttachOutput::new(&*c.id).stream(true).stdout(true).stderr(true))?;
    cover.docker.call(Start::new(&*c.id))?;
    let pieces = output.collect::<Result<Vec<_>, _>>()?;
    assert_eq!(apart(&pieces), ("first\nlast\n".into(), "err\n".into()));
    Ok(())
}

pub fn attached_over_a_websocket(cover: &Cover) -> Result<(), Failure> {
    let script = "read line; echo \"got $line\"; exit 4";
    let c = Container::create(&cover.docker, shell(script).attach_stdin(true).open_stdin(true).stdin_once(true))?;
    let mut attach = AttachWebsocket::new(&*c.id).stream(true);
    if cover.engine.docker_since(42) {
        attach = attach.stdin(true).stdout(true).stderr(true);
    }
    let mut session = cover.open(attach)?;
    cover.docker.call(Start::new(&*c.id))?;
    session.input().write_all(b"hello\n")?;
    // To the engine's close frame.
    let mut message = Vec::new();
    while let Some(piece) = session.try_next()? {
        message.extend_from_slice(&piece);
    }
    assert_eq!(String::from_utf8_lossy(&message), "got hello\n");
    assert_eq!(cover.docker.call(Wait::new(&*c.id))?.status_code, Some(4));
    Ok(())
}
