//! One client in two runtimes: connections belong to the runtime that they were made in, and outlive it in no pool.
#![cfg(unix)]

use docker_tokio::Docker;
use docker_tokio::api::{containers, system};
use std::io::{Read, Write};
use std::os::unix::net::UnixListener;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::runtime::{Builder, Runtime};

/// An engine with no containers, on a socket of its own. Counts connections.
struct Peer {
    path: PathBuf,
    accepted: Arc<AtomicUsize>,
}

impl Peer {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("dp-tokio-{name}-{}.sock", std::process::id()));
        let _ = std::fs::remove_file(&path);
        let listener = UnixListener::bind(&path).unwrap();
        let accepted = Arc::new(AtomicUsize::new(0));
        let count = accepted.clone();
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                count.fetch_add(1, Ordering::SeqCst);
                std::thread::spawn(move || {
                    let mut room = [0; 4096];
                    // Requests here are small and come one at a time, so each is one read.
                    while stream.read(&mut room).is_ok_and(|n| n > 0) {
                        let head = room.starts_with(b"HEAD");
                        let body = if head { "" } else { "[]" };
                        let answer = format!(
                            "HTTP/1.1 200 OK\r\nApi-Version: 1.45\r\nContent-Length: {}\r\n\r\n{body}",
                            body.len()
                        );
                        if stream.write_all(answer.as_bytes()).is_err() {
                            return;
                        }
                    }
                });
            }
        });
        Self { path, accepted }
    }

    fn client(&self) -> Docker {
        Docker::connect(&format!("unix://{}", self.path.display())).unwrap()
    }

    fn accepted(&self) -> usize {
        self.accepted.load(Ordering::SeqCst)
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.path);
    }
}

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

#[test]
fn a_connection_is_used_again_only_in_its_own_runtime() {
    let peer = Peer::new("own");
    let docker = peer.client();
    let (first, second) = (runtime(), runtime());
    for _ in 0..3 {
        first.block_on(docker.call(containers::List::new())).unwrap();
        second.block_on(docker.call(containers::List::new())).unwrap();
    }
    assert_eq!((peer.accepted(), docker.counters().dialled), (2, 2));
}

#[test]
fn a_client_outlives_its_first_runtime() {
    let peer = Peer::new("outlives");
    let docker = peer.client();
    runtime().block_on(docker.call(containers::List::new())).unwrap();
    let after = runtime();
    after.block_on(docker.call(containers::List::new())).unwrap();
    after.block_on(docker.call(containers::List::new())).unwrap();
    assert_eq!(peer.accepted(), 2);
}

#[test]
fn two_runtimes_at_the_same_time() {
    let peer = Peer::new("same");
    let docker = peer.client();
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
                runtime.block_on(async {
                    let calls: Vec<_> = (0..100)
                        .map(|_| {
                            let docker = docker.clone();
                            tokio::spawn(async move { docker.call(containers::List::new()).await })
                        })
                        .collect();
                    for call in calls {
                        assert_eq!(call.await.unwrap().unwrap().len(), 0);
                    }
                });
            });
        }
    });
    let counters = docker.counters();
    assert_eq!((counters.places, counters.waiting), (0, 0));
}

#[test]
fn everything_public_is_send() {
    fn send<T: Send>(_: &T) {}
    fn all<T: Send + Sync + Clone + std::fmt::Debug>(_: &T) {}
    fn half<T: Send + Unpin>() {}
    let docker = Docker::connect("unix:///nowhere").unwrap();
    all(&docker);
    send(&docker.call(system::Ping::new()));
    send(&docker.open(docker_tokio::api::exec::Start::new("e")));
    send(&docker.job(docker_tokio::jobs::list_detailed(containers::List::new())));
    let mut logs = docker.stream(containers::Logs::new("c"));
    send(&logs);
    send(&logs.next());
    send(&logs.head());
    half::<docker_tokio::Items<containers::Logs>>();
    half::<docker_tokio::Session<docker_tokio::api::exec::Start>>();
    half::<docker_tokio::Input>();
    half::<docker_tokio::One<containers::List>>();
}
