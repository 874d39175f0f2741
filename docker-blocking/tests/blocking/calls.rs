//! Calls: cancelled, late, and both ways at once.

use crate::peer::{self, Peer, answer, frame, head, ping, serve};
use crate::{MS, SOON, each, pinned};
use docker_blocking::api::{containers, exec, system};
use docker_blocking::session::{Endpoint, PoolLimits};
use docker_blocking::{Body, Canceller, Docker, ErrorKind, Input, Items, Session, Transport};
use std::io::{self, Read, Write};
use std::net::TcpListener;
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

#[test]
fn everything_public_goes_where_threads_go() {
    fn send<T: Send>() {}
    fn sync<T: Sync>() {}
    fn clone<T: Clone + std::fmt::Debug>() {}
    send::<Docker>();
    sync::<Docker>();
    clone::<Docker>();
    send::<Canceller>();
    sync::<Canceller>();
    clone::<Canceller>();
    send::<Items<containers::Logs>>();
    send::<Items<containers::List>>();
    send::<Session<exec::Start>>();
    send::<Input>();
    sync::<Input>();
    send::<Body>();
    send::<docker_blocking::Error>();
    sync::<docker_blocking::Error>();
}

#[test]
fn a_follow_is_cancelled_from_another_thread() {
    let closed = Arc::new(AtomicUsize::new(0));
    let seen = closed.clone();
    let peer = Peer::unix(move |mut s| {
        while let Some(request) = head(&mut s) {
            if ping(&mut s, &request) {
                continue;
            }
            s.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.multiplexed-stream\r\n\r\n").unwrap();
            s.write_all(&frame(1, b"one")).unwrap();
            assert_eq!(s.read(&mut [0]).unwrap(), 0);
            seen.fetch_add(1, Ordering::SeqCst);
        }
    });
    let docker = peer.docker();
    let mut logs = docker.stream(containers::Logs::new("x").stdout(true).follow(true).tty(false));
    let canceller = logs.canceller();
    assert_eq!(&logs.next().unwrap().unwrap().bytes[..], b"one");
    let begun = Instant::now();
    thread::scope(|scope| {
        let canceller = canceller.clone();
        scope.spawn(move || {
            thread::sleep(50 * MS);
            canceller.cancel();
            canceller.cancel();
        });
        let e = logs.next().unwrap().unwrap_err();
        assert_eq!(e.kind(), ErrorKind::Cancelled, "{e}");
        assert!(e.is_final());
    });
    assert!(begun.elapsed() >= 50 * MS && begun.elapsed() < SOON);
    assert!(logs.next().is_none());
    canceller.cancel();
    assert!(logs.next().is_none());
    assert!(canceller.is_cancelled());
    // The connection is closed although the items are still there.
    peer.until(|| closed.load(Ordering::SeqCst) == 1);
    drop(logs);
}

#[test]
fn a_unary_wait_is_cancelled_before_during_and_after() {
    let peer = Peer::unix(|mut s| {
        while let Some(request) = head(&mut s) {
            if ping(&mut s, &request) {
                continue;
            }
            if request.contains("/json ") {
                answer(&mut s, "{\"Id\":\"x\"}");
                continue;
            }
            s.write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n").unwrap();
        }
    });
    let docker = peer.docker();
    let mut wait = docker.begin(containers::Wait::new("x"));
    wait.head().unwrap();
    let canceller = wait.canceller();
    thread::scope(|scope| {
        scope.spawn(move || {
            thread::sleep(30 * MS);
            canceller.cancel();
        });
        assert_eq!(wait.value().unwrap_err().kind(), ErrorKind::Cancelled);
    });
    let before = docker.begin(containers::Inspect::new("x"));
    before.canceller().cancel();
    assert!(before.value().unwrap_err().is_cancelled());
    let mut after = docker.begin(containers::Inspect::new("x"));
    let canceller = after.canceller();
    assert!(after.next().unwrap().is_ok());
    assert!(after.next().is_none());
    canceller.cancel();
    assert!(after.next().is_none());
    assert!(after.head().is_ok());
}

/// Upgrades, and gives the socket to `talk`.
fn upgrading(talk: impl Fn(UnixStream) + Send + Sync + 'static) -> Peer {
    Peer::unix(move |mut s| {
        while let Some(request) = head(&mut s) {
            if ping(&mut s, &request) {
                continue;
            }
            s.write_all(b"HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n").unwrap();
            return talk(s);
        }
    })
}

fn start() -> exec::Start {
    exec::Start::new("e").tty(false)
}

#[test]
fn half_close_ends_the_input_and_not_the_output() {
    let peer = upgrading(|mut s| {
        let mut input = Vec::new();
        s.read_to_end(&mut input).unwrap();
        s.write_all(&frame(1, &input)).unwrap();
        s.write_all(&frame(2, b"done")).unwrap();
    });
    let docker = peer.docker();
    for by_drop in [false, true] {
        let mut session = docker.open(start()).unwrap();
        session.input().write_all(b"hello").unwrap();
        session.input().flush().unwrap();
        if by_drop {
            let (mut output, input) = session.split();
            drop(input);
            assert_eq!(&output.next().unwrap().unwrap().bytes[..], b"hello");
            assert_eq!(&output.try_next().unwrap().unwrap().bytes[..], b"done");
            assert!(output.next().is_none());
        } else {
            session.input().close().unwrap();
            let (stdout, stderr) = session.collect_all().unwrap();
            assert_eq!((&stdout[..], &stderr[..]), (&b"hello"[..], &b"done"[..]));
        }
    }
}

#[test]
fn reader_and_writer_work_at_the_same_time() {
    const TOTAL: usize = 8 << 20;
    let peer = upgrading(|mut s| {
        let mut block = vec![0; 32 << 10];
        loop {
            match s.read(&mut block).unwrap() {
                0 => break,
                n => s.write_all(&frame(1, &block[..n])).unwrap(),
            }
        }
    });
    let (mut output, mut input) = peer.docker().open(start()).unwrap().split();
    thread::scope(|scope| {
        scope.spawn(move || {
            // The reader waits for a while before it gets anything.
            thread::sleep(30 * MS);
            for i in 0..TOTAL / 4096 {
                input.write_all(&[i as u8; 4096]).unwrap();
            }
            input.close().unwrap();
        });
        let mut got = 0;
        while let Some(piece) = output.try_next().unwrap() {
            for byte in &piece.bytes {
                assert_eq!(*byte, (got / 4096) as u8);
                got += 1;
            }
        }
        assert_eq!(got, TOTAL);
    });
}

#[test]
fn a_writer_that_waits_ends_with_the_session() {
    // The peer never reads.
    let peer = upgrading(|s| {
        thread::sleep(10 * SOON);
        drop(s);
    });
    for cancel in [false, true] {
        let begun = Instant::now();
        let session = peer.docker().open(start()).unwrap();
        let canceller = session.canceller();
        let (output, mut input) = session.split();
        thread::scope(|scope| {
            let writer = scope.spawn(move || input.write_all(&vec![0; 64 << 20]).unwrap_err().kind());
            thread::sleep(50 * MS);
            // Cancelled while nobody reads, or the reading half dropped.
            let kept = if cancel {
                canceller.cancel();
                Some(output)
            } else {
                drop(output);
                None
            };
            assert_eq!(writer.join().unwrap(), io::ErrorKind::BrokenPipe);
            if let Some(mut output) = kept {
                assert!(output.next().unwrap().unwrap_err().is_cancelled());
            }
        });
        assert!(begun.elapsed() < SOON);
    }
}

#[test]
fn opening_a_session_can_be_cancelled() {
    let peer = Peer::unix(|mut s| while head(&mut s).is_some() {});
    let opening = peer.pinned(PoolLimits::default()).begin(start());
    let canceller = opening.canceller();
    thread::spawn(move || {
        thread::sleep(30 * MS);
        canceller.cancel();
    });
    assert!(opening.open().unwrap_err().is_cancelled());
}

#[test]
fn a_silent_engine_is_a_timeout_in_the_phase_head() {
    let peer = Peer::unix(|mut s| while head(&mut s).is_some() {});
    let docker = each(&peer.pinned(PoolLimits::default()), 50 * MS);
    let begun = Instant::now();
    let e = docker.call(containers::Inspect::new("x")).unwrap_err();
    assert_eq!((e.kind(), e.phase()), (ErrorKind::Timeout, Some(docker_proto::Phase::Head)), "{e}");
    let took = begun.elapsed();
    assert!(took >= 50 * MS && took < 1000 * MS, "{took:?}");
    // A limit beyond what clocks express is none.
    let docker = each(&peer.pinned(PoolLimits::default()), Duration::from_secs(u64::MAX / 4));
    let call = docker.begin(containers::Inspect::new("x"));
    let canceller = call.canceller();
    thread::spawn(move || {
        thread::sleep(50 * MS);
        canceller.cancel();
    });
    assert!(call.value().unwrap_err().is_cancelled());
}

#[test]
fn a_full_backlog_is_tried_again_until_the_deadline() {
    use rustix::net::{AddressFamily, SocketAddrUnix, SocketType, accept, bind, listen, socket};
    let path = peer::path();
    let listener = socket(AddressFamily::UNIX, SocketType::STREAM, None).unwrap();
    bind(&listener, &SocketAddrUnix::new(&path).unwrap()).unwrap();
    listen(&listener, 0).unwrap();
    let _first = UnixStream::connect(&path).unwrap();
    let docker = Docker::new(Endpoint::unix(path.to_str().unwrap()), pinned(), PoolLimits::default());
    let begun = Instant::now();
    let e = each(&docker, 60 * MS).call(containers::Inspect::new("x")).unwrap_err();
    assert_eq!((e.kind(), e.phase()), (ErrorKind::Timeout, Some(docker_proto::Phase::Connect)), "{e}");
    assert!(begun.elapsed() >= 60 * MS && begun.elapsed() < 1000 * MS);
    thread::spawn(move || {
        thread::sleep(50 * MS);
        drop(accept(&listener).unwrap());
        let mut s = UnixStream::from(accept(&listener).unwrap());
        head(&mut s).unwrap();
        answer(&mut s, "{\"Id\":\"x\"}");
    });
    assert_eq!(docker.call(containers::Inspect::new("x")).unwrap().id.as_deref(), Some("x"));
    std::fs::remove_file(&path).unwrap();
}

#[test]
fn tcp_connects_within_its_deadline_or_says_why_not() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut s = stream.unwrap();
            thread::spawn(move || serve(&mut s));
        }
    });
    // A name that may have several addresses, of which only one answers.
    for host in ["127.0.0.1", "localhost"] {
        let docker = Docker::connect(&format!("tcp://{host}:{port}")).unwrap();
        assert_eq!(docker.call(containers::Inspect::new("x")).unwrap().id.as_deref(), Some("x"));
        assert_eq!(docker.call(containers::Inspect::new("y")).unwrap().id.as_deref(), Some("y"));
        let counters = docker.counters();
        assert_eq!((counters.dialled, counters.reused), (1, 1));
    }

    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let e = Docker::connect(&format!("tcp://127.0.0.1:{closed}")).unwrap().call(system::Ping::new()).unwrap_err();
    assert_eq!(e.kind(), ErrorKind::Connect, "{e}");
    assert!(std::error::Error::source(&e).is_some());

    // A listener whose backlog is full does not answer a TCP connect at all.
    use rustix::net::{AddressFamily, SocketType, bind, getsockname, listen, socket};
    let full = socket(AddressFamily::INET, SocketType::STREAM, None).unwrap();
    bind(&full, &"127.0.0.1:0".parse::<std::net::SocketAddr>().unwrap()).unwrap();
    listen(&full, 0).unwrap();
    let address = std::net::SocketAddr::try_from(getsockname(&full).unwrap()).unwrap();
    let kept: Vec<_> = (0..4).map(|_| std::net::TcpStream::connect_timeout(&address, 20 * MS)).collect();
    if kept.iter().any(|s| s.is_err()) {
        let begun = Instant::now();
        let docker = each(&Docker::connect(&format!("tcp://{address}")).unwrap(), 50 * MS);
        let e = docker.call(system::Ping::new()).unwrap_err();
        assert_eq!((e.kind(), e.phase()), (ErrorKind::Timeout, Some(docker_proto::Phase::Connect)), "{e}");
        assert!(begun.elapsed() >= 50 * MS && begun.elapsed() < 1000 * MS);
    }
}
