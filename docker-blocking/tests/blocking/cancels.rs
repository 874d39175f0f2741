//! One canceller for all that is done through a client, whatever it blocks in.

use crate::peer::{Peer, answer, frame, head};
use crate::{MS, SOON};
use docker_blocking::api::{archive, containers, system};
use docker_blocking::jobs::wait_until_healthy;
use docker_blocking::resume;
use docker_blocking::session::PoolLimits;
use docker_blocking::{Canceller, Docker, Error, Result};
use std::fmt::Debug;
use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// Answers inspects, begins events and attaches, and lets everything else wait.
fn engine() -> (Peer, Arc<AtomicUsize>) {
    let asked = Arc::new(AtomicUsize::new(0));
    let count = asked.clone();
    let peer = Peer::unix(move |mut s| {
        while let Some(request) = head(&mut s) {
            if request.contains("/x/json ") {
                answer(&mut s, r#"{"Id":"x","State":{"Status":"running","Health":{"Status":"starting"}}}"#);
            } else if request.contains("/events") {
                s.write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\ne\r\n{\"Action\":\"x\"}\r\n")
                    .unwrap();
            } else if request.contains("/attach") {
                s.write_all(
                    b"HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.multiplexed-stream\r\n\r\n",
                )
                .unwrap();
                s.write_all(&frame(1, b"one")).unwrap();
            }
            count.fetch_add(1, Ordering::SeqCst);
        }
    });
    (peer, asked)
}

fn cancelled<T: Debug>(result: Result<T>) -> Error {
    let e = result.expect_err("cancelled");
    assert!(e.is_cancelled(), "{e}");
    e
}

/// Does `work` with a client that is cancelled once the engine has heard so many requests and a moment has passed.
fn while_it_blocks(requests: usize, work: impl FnOnce(&Docker) + Send) {
    let (peer, asked) = engine();
    let (docker, canceller) = (peer.pinned(PoolLimits::default()), Canceller::default());
    let begun = Instant::now();
    thread::scope(|scope| {
        let through = docker.with_canceller(&canceller);
        let worker = scope.spawn(move || work(&through));
        peer.until(|| asked.load(Ordering::SeqCst) >= requests);
        thread::sleep(30 * MS);
        assert!(!worker.is_finished(), "it did not block");
        canceller.cancel();
        worker.join().unwrap();
    });
    assert!(begun.elapsed() < SOON);
    let counters = docker.counters();
    assert_eq!((counters.in_use(), counters.places, counters.waiting), (0, 0, 0), "{counters:?}");
    // The client that it was made of is as before.
    docker.call(containers::Inspect::new("x")).unwrap();
}

#[test]
fn a_plain_call_is_cancelled_from_another_thread() {
    while_it_blocks(1, |docker| {
        let e = cancelled(docker.call(containers::Wait::new("w")));
        assert_eq!((e.operation(), e.target()), (Some("ContainerWait"), Some("w")));
        // What is begun later ends at once.
        let begun = Instant::now();
        cancelled(docker.call(containers::Inspect::new("x")));
        assert!(docker.stream(system::Events::new()).next().unwrap().unwrap_err().is_cancelled());
        assert!(begun.elapsed() < Duration::from_secs(1));
    });
}

#[test]
fn so_are_streams_sessions_uploads_and_jobs() {
    while_it_blocks(1, |docker| {
        let mut events = docker.stream(system::Events::new());
        events.next().unwrap().unwrap();
        cancelled(events.next().unwrap());
        assert!(events.next().is_none());
    });
    while_it_blocks(1, |docker| {
        let mut session = docker.open(containers::Attach::new("x")).unwrap();
        session.next().unwrap().unwrap();
        cancelled(session.next().unwrap());
        session.input().write_all(b"x").unwrap_err();
    });
    while_it_blocks(1, |docker| {
        let mut session = docker.open(containers::Attach::new("x")).unwrap();
        // Nobody reads it.
        session.input().write_all(&vec![0; 64 << 20]).unwrap_err();
    });
    while_it_blocks(1, |docker| {
        cancelled(docker.upload(archive::Put::new("x", "/"), vec![0; 64 << 20]).value());
    });
    while_it_blocks(1, |docker| {
        cancelled(docker.job(wait_until_healthy("x", Duration::from_secs(60))));
    });
    while_it_blocks(1, |docker| {
        for event in docker.resume(resume::events(system::Events::new())) {
            if let Err(e) = event {
                assert!(e.is_cancelled(), "{e}");
                return;
            }
        }
        panic!("it ended without a word");
    });
}

#[test]
fn one_cancel_ends_all_that_waits_in_any_thread() {
    let (peer, asked) = engine();
    let docker = peer.pinned(PoolLimits::default().places(2));
    let canceller = Canceller::default();
    let through = docker.with_canceller(&canceller);
    thread::scope(|scope| {
        // Two are asked, the others wait for a place.
        let calls: Vec<_> = (0..6).map(|_| scope.spawn(|| through.call(containers::Inspect::new("never")))).collect();
        peer.until(|| asked.load(Ordering::SeqCst) == 2 && docker.counters().waiting == 4);
        canceller.cancel();
        for call in calls {
            cancelled(call.join().unwrap());
        }
    });
    assert_eq!((docker.counters().places, docker.counters().open), (0, 0));
}

/// A waker keeps the descriptors of its thread: a canceller that outlives many threads keeps none of theirs.
#[test]
fn a_canceller_keeps_nothing_of_threads_that_came_and_went() {
    let (peer, _) = engine();
    let canceller = Canceller::default();
    let docker = peer.pinned(PoolLimits::default()).with_canceller(&canceller);
    let mut shown = Vec::new();
    for _ in 0..50 {
        let docker = docker.clone();
        thread::spawn(move || docker.call(containers::Inspect::new("x")).map(drop)).join().unwrap().unwrap();
        shown.push(format!("{canceller:?}"));
    }
    assert!(shown.iter().all(|text| text.contains("waiting: 0")), "{:?}", shown.last());
}
