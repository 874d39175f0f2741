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
    session.input().write_all(&frame(2, b"hello\n"))?;
    let (mut bytes, mut message, mut answers) = (Vec::new(), Vec::new(), Vec::new());
    // Until the server's close frame, or the end of the connection: old engines send none.
    while let Some(piece) = session.try_next()? {
        bytes.extend_from_slice(&piece);
        while let Some((kind, payload)) = next_frame(&mut bytes)? {
            match kind {
                1 | 2 => message.extend_from_slice(&payload),
                _ => answers.push(kind),
            }
        }
        if answers.contains(&8) {
            break;
        }
    }
    assert_eq!(String::from_utf8_lossy(&message), "got hello\n");
    assert!(bytes.is_empty(), "half a frame at the end: {bytes:?}");
    assert!(answers.iter().all(|&kind| kind == 8), "{answers:?}");
    assert_eq!(cover.docker.call(Wait::new(&*c.id))?.status_code, Some(4));
    Ok(())
}

/// A short frame of a websocket client, which must mask what it sends.
fn frame(kind: u8, payload: &[u8]) -> Vec<u8> {
    const MASK: [u8; 4] = [0x37, 0xfa, 0x21, 0x3d];
    assert!(payload.len() < 126, "a length that needs another form");
    let mut frame = vec![0x80 | kind, 0x80 | payload.len() as u8];
    frame.extend_from_slice(&MASK);
    frame.extend(payload.iter().zip(MASK.iter().cycle()).map(|(byte, mask)| byte ^ mask));
    frame
}

/// Takes the first frame of a server from the bytes, if all of it is there: its kind and its payload.
fn next_frame(bytes: &mut Vec<u8>) -> Result<Option<(u8, Vec<u8>)>, Failure> {
    let [head, length, ..] = **bytes else { return Ok(None) };
    if head & 0x70 != 0 || length & 0x80 != 0 {
        return Err(format!("a frame that no server may send: {bytes:?}").into());
    }
    let (at, length) = match (length, &bytes[2..]) {
        (126, [a, b, ..]) => (4, usize::from(u16::from_be_bytes([*a, *b]))),
        (126, _) => return Ok(None),
        (127, _) => return Err("a frame longer than anything the container wrote".into()),
        (short, _) => (2, usize::from(short)),
    };
    if bytes.len() < at + length {
        return Ok(None);
    }
    let frame: Vec<u8> = bytes.drain(..at + length).collect();
    Ok(Some((head & 0x0f, frame[at..].to_vec())))
}

#[cfg(test)]
mod tests {
    use super::{frame, next_frame};

    #[test]
    fn frames_are_masked_one_way_and_taken_apart_the_other() {
        // The example of RFC 6455, 5.7.
        assert_eq!(frame(1, b"Hello"), b"\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58");
        let mut bytes = b"\x81\x05Hello\x82\x7e\x00\x80".to_vec();
        assert_eq!(next_frame(&mut bytes).expect("it is whole"), Some((1, b"Hello".to_vec())));
        assert_eq!(next_frame(&mut bytes).expect("it is a beginning"), None);
        bytes.extend_from_slice(&[7; 128]);
        assert_eq!(next_frame(&mut bytes).expect("it is whole"), Some((2, vec![7; 128])));
        assert!(bytes.is_empty());
        assert!(next_frame(&mut b"\x81\x85".to_vec()).is_err());
    }
}
