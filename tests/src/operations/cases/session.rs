//! Connections on which gRPC is to be spoken: that engines speak HTTP/2 on them.

use crate::cover::Cover;
use crate::engine::{Failure, unique};
use docker_blocking::api::session::{Grpc, Start};
use std::io::Write;

/// What an HTTP/2 client says first.
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
/// The fourth byte of a frame's head is its kind: this one has settings.
const SETTINGS: u8 = 4;
/// The flag of a frame that says that the settings of the other side were read.
const ACK: u8 = 1;

pub fn the_engine_is_the_client(cover: &Cover) -> Result<(), Failure> {
    let start = Start::new()
        .id(unique("session"))
        .name("tests")
        .shared_key("key")
        .methods(["/moby.filesync.v1.Auth/Credentials", "/moby.filesync.v1.FileSync/DiffCopy"]);
    let mut session = cover.open(start)?;
    let mut bytes = Vec::new();
    while bytes.len() < PREFACE.len() + 9 {
        bytes.extend_from_slice(&session.try_next()?.ok_or("the connection ended")?);
    }
    let frame = bytes.strip_prefix(PREFACE).ok_or_else(|| format!("no preface: {bytes:?}"))?;
    assert_eq!(frame[3], SETTINGS, "{frame:?}");
    Ok(())
}

pub fn the_engine_is_the_server(cover: &Cover) -> Result<(), Failure> {
    let mut session = cover.open(Grpc::new())?;
    session.input().write_all(PREFACE)?;
    session.input().write_all(&[0, 0, 0, SETTINGS, 0, 0, 0, 0, 0])?;
    let (mut bytes, mut settings) = (Vec::new(), false);
    loop {
        bytes.extend_from_slice(&session.try_next()?.ok_or("the connection ended")?);
        while let [a, b, c, kind, flags, ..] = *bytes {
            let whole = 9 + u32::from_be_bytes([0, a, b, c]) as usize;
            if bytes.len() < whole {
                break;
            }
            bytes.drain(..whole);
            match (kind, flags) {
                // Ours were read, and the server's came before.
                (SETTINGS, ACK) if settings => return Ok(()),
                (SETTINGS, 0) => settings = true,
                _ => {}
            }
        }
    }
}
