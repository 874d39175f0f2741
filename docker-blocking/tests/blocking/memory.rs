//! A transport of the caller's that is no socket: requests, a session with half-close, and a connection that is kept.

use super::pinned;
use docker_blocking::api::{containers, exec};
use docker_blocking::session::PoolLimits;
use docker_blocking::{Docker, Transport};
use std::collections::VecDeque;
use std::io::{self, IoSlice, Write};
use std::sync::{Arc, Condvar, Mutex};
use std::task::Waker;
use std::thread;

/// One direction: whoever waits on our side is woken, on the engine's side it is a thread.
#[derive(Default)]
struct Way {
    state: Mutex<(VecDeque<u8>, bool)>,
    moved: Condvar,
}

/// A connection in memory, with little room.
#[derive(Clone, Default)]
struct Memory {
    down: Arc<Way>,
    up: Arc<Way>,
    wakers: Arc<Mutex<Vec<Waker>>>,
}

const ROOM: usize = 16;

impl Memory {
    fn wake(&self) {
        self.wakers.lock().unwrap().drain(..).for_each(Waker::wake);
    }

    /// As the engine reads: `None` at the end.
    fn take(&self) -> Option<u8> {
        let state =
            self.up.moved.wait_while(self.up.state.lock().unwrap(), |s| s.0.is_empty() && !s.1).unwrap().0.pop_front();
        self.wake();
        state
    }

    /// As the engine writes.
    fn give(&self, bytes: &[u8]) {
        for piece in bytes.chunks(ROOM) {
            let wait = self.down.moved.wait_while(self.down.state.lock().unwrap(), |s| s.0.len() + piece.len() > ROOM);
            wait.unwrap().0.extend(piece);
            self.wake();
        }
    }
}

impl Transport for Memory {
    fn read(&self, room: &mut [u8]) -> io::Result<usize> {
        let mut state = self.down.state.lock().unwrap();
        let n = room.len().min(state.0.len());
        if n == 0 && !state.1 {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        room.iter_mut().zip(state.0.drain(..n)).for_each(|(to, from)| *to = from);
        self.down.moved.notify_all();
        Ok(n)
    }

    fn write_vectored(&self, parts: &[IoSlice<'_>]) -> io::Result<usize> {
        let mut state = self.up.state.lock().unwrap();
        let left = ROOM - state.0.len();
        if left == 0 {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        let before = state.0.len();
        state.0.extend(parts.iter().flat_map(|part| part.iter()).take(left));
        self.up.moved.notify_all();
        Ok(state.0.len() - before)
    }

    fn shutdown_write(&self) -> io::Result<()> {
        self.up.state.lock().unwrap().1 = true;
        self.up.moved.notify_all();
        Ok(())
    }

    fn wake_when_ready(&self, waker: &Waker) {
        // Whichever direction it is about: another try costs little, and one that is worth it now must be made.
        self.wakers.lock().unwrap().push(waker.clone());
        let ready = |way: &Way, is: fn(usize) -> bool| is(way.state.lock().unwrap().0.len());
        if ready(&self.down, |n| n > 0) || self.down.state.lock().unwrap().1 || ready(&self.up, |n| n < ROOM) {
            waker.wake_by_ref();
        }
    }
}

/// An engine with no containers, in whose containers everything is `cat`.
fn engine(peer: &Memory) -> Option<()> {
    loop {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(peer.take()?);
        }
        let head = String::from_utf8_lossy(&head);
        if !head.contains("/start") {
            peer.give(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]");
            continue;
        }
        let length = head.lines().find_map(|line| line.strip_prefix("Content-Length: ")?.parse().ok()).unwrap_or(0);
        for _ in 0..length {
            peer.take()?;
        }
        peer.give(b"HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n");
        // With bytes of the session behind the head.
        peer.give(b"Content-Type: application/vnd.docker.raw-stream\r\n\r\n$ ");
        let mut all = Vec::new();
        while let Some(byte) = peer.take() {
            all.push(byte);
        }
        peer.give(&all);
        peer.down.state.lock().unwrap().1 = true;
        peer.wake();
        return Some(());
    }
}

#[test]
fn memory_carries_requests_and_sessions() {
    let dial = || {
        let memory = Memory::default();
        let peer = memory.clone();
        thread::spawn(move || engine(&peer));
        Ok(memory)
    };
    let docker = Docker::with_dial(dial, pinned(), PoolLimits::default());
    for _ in 0..3 {
        assert!(docker.call(containers::List::new()).unwrap().is_empty());
    }
    assert_eq!((docker.counters().dialled, docker.counters().reused), (1, 2));
    let (output, mut input) = docker.open(exec::Start::new("e").tty(true)).unwrap().split();
    let text = b"some text ".repeat(500);
    let sent = text.clone();
    let writing = thread::spawn(move || {
        input.write_all(&sent)?;
        input.close()
    });
    let mut all = Vec::new();
    for piece in output {
        all.extend_from_slice(&piece.unwrap().bytes);
    }
    writing.join().unwrap().unwrap();
    assert!(all.strip_prefix(b"$ ") == Some(&*text), "{} bytes", all.len());
}
