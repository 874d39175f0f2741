//! Places and connections, bodies, and transports of the caller's own.

use crate::peer::{self, Peer, answer, head, ping, serve};
use crate::{MS, SOON, each, pinned};
use docker_blocking::api::{archive, containers};
use docker_blocking::op::Operation;
use docker_blocking::session::PoolLimits;
use docker_blocking::{Body, Docker, ErrorKind, Transport};
use std::collections::VecDeque;
use std::io::{self, IoSlice, Read, Write};
use std::os::unix::net::UnixStream;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::Waker;
use std::thread;
use std::time::Instant;

#[test]
fn many_threads_share_few_places() {
    let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let seen = most.clone();
    let peer = Peer::unix(move |mut s| {
        while let Some(request) = head(&mut s) {
            most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            thread::sleep(MS);
            now.fetch_sub(1, Ordering::SeqCst);
            if !ping(&mut s, &request) {
                let id = request.split('/').nth(3).unwrap().to_string();
                answer(&mut s, &format!("{{\"Id\":\"{id}\"}}"));
            }
        }
    });
    let docker = peer.limited(PoolLimits::default().places(4));
    thread::scope(|scope| {
        for t in 0..64 {
            let docker = docker.clone();
            scope.spawn(move || {
                for i in 0..10 {
                    let id = format!("c{t}-{i}");
                    assert_eq!(docker.call(containers::Inspect::new(&*id)).unwrap().id, Some(id));
                }
            });
        }
    });
    assert!((2..=4).contains(&seen.load(Ordering::SeqCst)), "{seen:?}");
    let counters = docker.counters();
    assert_eq!((counters.places, counters.waiting), (0, 0));
    assert!(counters.dialled <= 8, "{counters:?}");
    docker.close();
    assert_eq!(docker.counters().idle, 0);
}

#[test]
fn who_waits_for_a_place_is_woken_cancelled_or_timed_out() {
    let peer = Peer::unix(|mut s| {
        while let Some(request) = head(&mut s) {
            if request.contains("slow") {
                thread::sleep(200 * MS);
            }
            answer(&mut s, "{\"Id\":\"x\"}");
        }
    });
    let docker = peer.pinned(PoolLimits::default().places(1));
    let begun = Instant::now();
    thread::scope(|scope| {
        let slow = scope.spawn(|| docker.call(containers::Inspect::new("slow")));
        peer.until(|| docker.counters().places == 1);
        let woken = scope.spawn(|| docker.call(containers::Inspect::new("quick")));
        let limited = each(&docker, 30 * MS);
        let late = scope.spawn(move || limited.call(containers::Inspect::new("late")));
        let call = docker.begin(containers::Inspect::new("cancelled"));
        let canceller = call.canceller();
        let cancelled = scope.spawn(move || call.value());
        peer.until(|| docker.counters().waiting == 3);
        canceller.cancel();
        assert!(cancelled.join().unwrap().unwrap_err().is_cancelled());
        let e = late.join().unwrap().unwrap_err();
        assert_eq!((e.kind(), e.phase()), (ErrorKind::Timeout, Some(docker_proto::Phase::Connect)), "{e}");
        assert!(!slow.is_finished());
        slow.join().unwrap().unwrap();
        woken.join().unwrap().unwrap();
    });
    assert!(begun.elapsed() >= 200 * MS && begun.elapsed() < SOON);
    assert_eq!((docker.counters().dialled, docker.counters().reused), (1, 1));
}

#[test]
fn a_connection_that_died_idle_is_replaced() {
    let peer = Peer::unix(|mut s| {
        head(&mut s).unwrap();
        answer(&mut s, "{\"Id\":\"x\"}");
    });
    let docker = peer.pinned(PoolLimits::default());
    for _ in 0..3 {
        docker.call(containers::Inspect::new("x")).unwrap();
        thread::sleep(20 * MS);
    }
    assert_eq!((docker.counters().dialled, docker.counters().discarded), (3, 2));
}

/// Gives back what was uploaded, by length.
fn counting() -> Peer {
    Peer::unix(|mut s| {
        while let Some(request) = head(&mut s) {
            if ping(&mut s, &request) {
                continue;
            }
            if request.starts_with("GET") {
                s.write_all(
                    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-Docker-Container-Path-Stat: e30=\r\n\r\n",
                )
                .unwrap();
                for _ in 0..64 {
                    write!(s, "4000\r\n{}\r\n", "x".repeat(0x4000)).unwrap();
                }
                s.write_all(b"0\r\n\r\n").unwrap();
                continue;
            }
            let bytes = peer::body(&mut s, &request);
            if bytes < 1 << 20 {
                return;
            }
            s.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").unwrap();
        }
    })
}

#[test]
fn bodies_are_bytes_or_readers_of_known_or_unknown_length() {
    let peer = counting();
    let docker = peer.docker();
    let put = || archive::Put::new("x", "/");
    docker.upload(put(), vec![0; 1 << 20]).value().unwrap();
    docker.upload(put(), Body::reader(io::repeat(1).take(1 << 20))).value().unwrap();
    docker.upload(put(), Body::reader(io::repeat(1).take(1 << 20)).length(1 << 20)).value().unwrap();
    let short = docker.upload(put(), Body::reader(io::repeat(1).take(1 << 10)).length(1 << 20)).value().unwrap_err();
    assert!(short.message().contains("before the length"), "{short}");
}

#[test]
fn an_upload_may_read_a_download_in_the_same_thread() {
    let peer = counting();
    let docker = peer.docker();
    // What the peer sends is no tar.
    let bytes = docker.stream(archive::Get::new("x", "/").unchecked()).into_reader();
    docker.upload(archive::Put::new("x", "/"), Body::reader(bytes)).value().unwrap();
}

/// In memory; always has data or the end.
struct Canned(Mutex<io::Cursor<&'static [u8]>>);

impl Transport for Canned {
    fn read(&self, room: &mut [u8]) -> io::Result<usize> {
        self.0.lock().unwrap().read(room)
    }

    fn write_vectored(&self, parts: &[IoSlice<'_>]) -> io::Result<usize> {
        Ok(parts.iter().map(|p| p.len()).sum())
    }

    fn shutdown_write(&self) -> io::Result<()> {
        Ok(())
    }
}

/// In memory; somebody else has to come along.
#[derive(Clone, Default)]
struct Slow(Arc<Mutex<(VecDeque<u8>, Vec<Waker>)>>);

impl Transport for Slow {
    fn read(&self, room: &mut [u8]) -> io::Result<usize> {
        match self.0.lock().unwrap().0.read(room)? {
            0 => Err(io::ErrorKind::WouldBlock.into()),
            n => Ok(n),
        }
    }

    fn write_vectored(&self, parts: &[IoSlice<'_>]) -> io::Result<usize> {
        Ok(parts.iter().map(|p| p.len()).sum())
    }

    fn shutdown_write(&self) -> io::Result<()> {
        Ok(())
    }

    fn wake_when_ready(&self, waker: &Waker) {
        let mut inner = self.0.lock().unwrap();
        if inner.0.is_empty() { inner.1.push(waker.clone()) } else { waker.wake_by_ref() }
    }
}

#[test]
fn transports_without_a_descriptor() {
    const JSON: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{\"Id\":\"x\"}";
    let dial = || Ok(Canned(Mutex::new(io::Cursor::new(JSON))));
    let docker = Docker::with_dial(dial, pinned(), PoolLimits::default());
    for _ in 0..2 {
        assert_eq!(docker.call(containers::Inspect::new("x")).unwrap().id.as_deref(), Some("x"));
    }

    let slow = Slow::default();
    let dialled = slow.clone();
    let docker = Docker::with_dial(move || Ok(dialled.clone()), pinned(), PoolLimits::default());
    let e = each(&docker, 30 * MS).call(containers::Inspect::new("x")).unwrap_err();
    assert_eq!(e.kind(), ErrorKind::Timeout);
    thread::scope(|scope| {
        scope.spawn(|| {
            for piece in JSON.chunks(7) {
                thread::sleep(5 * MS);
                let mut inner = slow.0.lock().unwrap();
                inner.0.extend(piece);
                inner.1.drain(..).for_each(Waker::wake);
            }
        });
        assert_eq!(docker.call(containers::Inspect::new("x")).unwrap().id.as_deref(), Some("x"));
    });
}

/// In memory; whoever writes can read the answer at once.
#[derive(Default)]
struct Prompt(Mutex<VecDeque<u8>>);

impl Transport for Prompt {
    fn read(&self, room: &mut [u8]) -> io::Result<usize> {
        match self.0.lock().unwrap().read(room)? {
            0 => Err(io::ErrorKind::WouldBlock.into()),
            n => Ok(n),
        }
    }

    fn write_vectored(&self, parts: &[IoSlice<'_>]) -> io::Result<usize> {
        self.0.lock().unwrap().extend(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{\"Id\":\"x\"}");
        Ok(parts.iter().map(|p| p.len()).sum())
    }

    fn shutdown_write(&self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn an_answer_that_is_there_at_once_keeps_its_connection() {
    let docker = Docker::with_dial(|| Ok(Prompt::default()), pinned(), PoolLimits::default());
    for _ in 0..3 {
        docker.call(containers::Inspect::new("x")).unwrap();
    }
    assert_eq!((docker.counters().dialled, docker.counters().reused), (1, 2));
}

#[test]
fn a_blocking_socket_of_the_callers_does_not_block() {
    let peer = Peer::unix(|mut s| while head(&mut s).is_some() {});
    let path = peer.path.clone();
    let docker = Docker::with_dial(move || UnixStream::connect(&path), pinned(), PoolLimits::default());
    assert!(each(&docker, 30 * MS).call(containers::Inspect::new("x")).unwrap_err().is_timeout());
    let docker = Docker::with_dial(|| UnixStream::connect("/nowhere"), pinned(), PoolLimits::default());
    assert_eq!(docker.call(containers::Inspect::new("x")).unwrap_err().kind(), ErrorKind::Connect);
}

#[test]
fn a_call_from_a_thread_that_ends() {
    struct AtEnd(Docker, Arc<AtomicUsize>);
    impl Drop for AtEnd {
        fn drop(&mut self) {
            self.0.call(containers::Inspect::new("x")).unwrap();
            self.1.fetch_add(1, Ordering::SeqCst);
        }
    }
    thread_local!(static AT_END: std::cell::RefCell<Option<AtEnd>> = const { std::cell::RefCell::new(None) });
    let peer = Peer::unix(|mut s| serve(&mut s));
    let done = Arc::new(AtomicUsize::new(0));
    for call_first in [false, true] {
        let (docker, done) = (peer.docker(), done.clone());
        thread::spawn(move || {
            if call_first {
                docker.call(containers::Inspect::new("x")).unwrap();
            }
            AT_END.set(Some(AtEnd(docker.clone(), done)));
            docker.call(containers::Inspect::new("x")).unwrap();
        })
        .join()
        .unwrap();
    }
    assert_eq!(done.load(Ordering::SeqCst), 2);
}

#[test]
fn a_call_that_moves_between_threads_is_still_cancelled() {
    let peer = Peer::unix(|mut s| {
        head(&mut s).unwrap();
        s.write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n").unwrap();
        head(&mut s);
    });
    let mut wait = peer.pinned(PoolLimits::default()).begin(containers::Wait::new("x"));
    let canceller = wait.canceller();
    let wait = thread::spawn(move || {
        wait.head().unwrap();
        wait
    })
    .join()
    .unwrap();
    // The first thread is gone; its waker is not.
    thread::spawn(move || {
        thread::sleep(30 * MS);
        canceller.cancel();
    });
    assert!(wait.value().unwrap_err().is_cancelled());
}
