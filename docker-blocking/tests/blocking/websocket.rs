//! A websocket whose end crosses the end of the input.

use super::{SOON, pinned};
use docker_blocking::api::containers::AttachWebsocket;
use docker_blocking::session::PoolLimits;
use docker_blocking::{Docker, Transport};
use docker_proto::wire::websocket::Handshake;
use std::io::{self, IoSlice, Read, Write};
use std::os::fd::BorrowedFd;
use std::os::unix::net::UnixStream;
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, channel};
use std::thread;

/// The first byte of a frame that closes.
const CLOSE: u8 = 0x88;

/// A socket whose writer goes on behind its close only when the reader has seen the end.
struct Late {
    io: UnixStream,
    ended: Mutex<Receiver<()>>,
}

impl Transport for Late {
    fn read(&self, room: &mut [u8]) -> io::Result<usize> {
        Transport::read(&self.io, room)
    }

    fn write_vectored(&self, parts: &[IoSlice<'_>]) -> io::Result<usize> {
        let closes = parts.iter().find_map(|part| part.first()) == Some(&CLOSE);
        let wrote = Transport::write_vectored(&self.io, parts);
        if closes {
            self.ended.lock().unwrap().recv_timeout(SOON).expect("the reader sees the end");
        }
        wrote
    }

    fn shutdown_write(&self) -> io::Result<()> {
        self.io.shutdown_write()
    }

    fn fd(&self) -> Option<BorrowedFd<'_>> {
        self.io.fd()
    }
}

/// An engine that answers a close at once.
fn engine(mut peer: UnixStream) -> io::Result<()> {
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") {
        peer.read_exact(&mut byte)?;
        head.push(byte[0]);
    }
    let head = String::from_utf8_lossy(&head);
    let key = head.lines().find_map(|line| line.strip_prefix("Sec-WebSocket-Key: ")).expect("a key");
    let accept = Handshake::accept(key);
    let fields = "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept";
    write!(peer, "HTTP/1.1 101 Switching Protocols\r\n{fields}: {accept}\r\n\r\n")?;
    while byte[0] != CLOSE {
        peer.read_exact(&mut byte)?;
    }
    peer.write_all(&[CLOSE, 2, 0x03, 0xE8])
}

#[test]
fn a_close_that_was_written_is_one_though_the_session_has_ended() {
    let (end, ended) = channel();
    let ended = Mutex::new(Some(ended));
    let dial = move || {
        let (io, peer) = UnixStream::pair()?;
        thread::spawn(move || engine(peer));
        Ok(Late { io, ended: Mutex::new(ended.lock().unwrap().take().expect("one connection")) })
    };
    let docker = Docker::with_dial(dial, pinned(), PoolLimits::default());
    let (output, mut input) = docker.open(AttachWebsocket::new("c").stream(true)).unwrap().split();
    let reading = thread::spawn(move || {
        // It is dropped with its end: so is the connection.
        let items = output.inspect(|item| assert!(item.is_ok(), "{item:?}")).count();
        end.send(()).unwrap();
        items
    });
    input.close().unwrap();
    assert_eq!(reading.join().unwrap(), 0);
    // Closing it again is nothing, and what is written behind it is not taken.
    input.close().unwrap();
    assert_eq!(input.write_all(b"x").unwrap_err().kind(), io::ErrorKind::WriteZero);
}
