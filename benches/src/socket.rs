//! The whole way of logs, over a socket: an engine that writes as fast as it can, and whoever reads it.
//!
//! The engine is a thread on the other end of a socket pair. Its answer is made before the clock starts: each frame is an
//! HTTP chunk of its own, every fourth is stderr, as an engine writes lines. By hand is a loop on a blocking socket that
//! knows what will come; the others are the adapters, with all they do for a call.

use crate::exchange::{BLOCK, HEAD, Payloads, Sink, hand_chunk};
use crate::frames::{Found, frame};
use docker_blocking::api::containers::Logs;
use docker_blocking::session::{Config, Endpoint, PoolLimits, VersionChoice};
use docker_blocking::wire::StreamKind;
use docker_proto::model::ApiVersion;
use docker_proto::op::Operation;
use std::cell::RefCell;
use std::future::Future;
use std::hint::black_box;
use std::io::{self, Read, Write};
use std::os::unix::net::UnixStream;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::thread;
use tokio::io::AsyncWrite;

/// Payloads that are measured.
pub const SIZES: [usize; 3] = [64, 1024, 32 * 1024];

/// An answer, as an engine that repeats itself gives it.
#[derive(Clone, Debug)]
pub struct Sample {
    part: Arc<Vec<u8>>,
    parts: usize,
    /// What is in it.
    pub found: Found,
}

/// About `bytes` of output in frames of this payload size.
pub fn sample(size: usize, bytes: usize) -> Sample {
    let (mut part, mut found) = (Vec::new(), Found::default());
    while part.len() < 1 << 20 || found.pieces % 4 != 0 {
        let stderr = found.pieces % 4 == 3;
        part.extend_from_slice(format!("{:x}\r\n", size + 8).as_bytes());
        frame(1 + u8::from(stderr), size, &mut part);
        part.extend_from_slice(b"\r\n");
        // A line each, for those who look for lines.
        let end = part.len() - 3;
        part[end] = b'\n';
        found.pieces += 1;
        found.bytes[usize::from(stderr)] += size;
    }
    let parts = bytes.div_ceil(part.len());
    let found = Found { pieces: found.pieces * parts, bytes: found.bytes.map(|n| n * parts) };
    Sample { part: Arc::new(part), parts, found }
}

impl Sample {
    /// The client's end of a connection to an engine that answers its first request with the sample.
    ///
    /// # Panics
    /// If the process has no descriptors left.
    pub fn serve(&self) -> UnixStream {
        let (client, mut engine) = UnixStream::pair().expect("a socket pair");
        let Self { part, parts, .. } = self.clone();
        thread::spawn(move || {
            let mut request = Vec::new();
            while !request.ends_with(b"\r\n\r\n") {
                let mut room = [0; 1024];
                match engine.read(&mut room) {
                    Ok(n) if n > 0 => request.extend_from_slice(&room[..n]),
                    _ => return,
                }
            }
            // A client that has seen enough closes: not a failure of the engine's.
            let _ = engine.write_all(HEAD).and_then(|()| {
                (0..parts).try_for_each(|_| engine.write_all(&part))?;
                engine.write_all(b"0\r\n\r\n")
            });
        });
        client
    }
}

const REQUEST: &[u8] = b"GET /v1.45/containers/web/logs?stdout=1&stderr=1 HTTP/1.1\r\n\r\n";

/// One buffer, chunks and frames taken apart where they stand, what is incomplete moved to the front.
struct Hand {
    block: Vec<u8>,
    start: usize,
    end: usize,
    in_head: bool,
}

impl Hand {
    fn new() -> Self {
        Self { block: vec![0; BLOCK], start: 0, end: 0, in_head: true }
    }

    fn room(&mut self) -> &mut [u8] {
        self.block.copy_within(self.start..self.end, 0);
        (self.start, self.end) = (0, self.end - self.start);
        &mut self.block[self.end..]
    }

    /// True at the end.
    fn read(&mut self, n: usize, sink: &mut impl Payloads) -> bool {
        self.end += n;
        if self.in_head {
            self.start = memchr::memmem::find(&self.block[..self.end], b"\r\n\r\n").map_or(self.end, |at| at + 4);
            self.in_head = false;
        }
        while let Some((length, used)) = hand_chunk(&self.block[self.start..self.end], sink) {
            self.start += used;
            if length == 0 {
                return true;
            }
        }
        n == 0
    }
}

fn all_by_hand(socket: &mut UnixStream, sink: &mut impl Payloads) {
    socket.write_all(REQUEST).expect("a request");
    let mut hand = Hand::new();
    loop {
        let n = socket.read(hand.room()).expect("an answer");
        if hand.read(n, sink) {
            return;
        }
    }
}

/// By hand, from a blocking socket.
///
/// # Panics
/// If the socket fails; so do the others.
pub fn by_hand(socket: &mut UnixStream) -> Found {
    let mut sink = Sink::default();
    all_by_hand(socket, &mut sink);
    sink.found()
}

/// By hand, from tokio's socket: what a runtime adds to the loop.
pub async fn by_hand_in(socket: UnixStream) -> Found {
    socket.set_nonblocking(true).expect("a socket");
    let socket = tokio::net::UnixStream::from_std(socket).expect("a runtime");
    let (mut hand, mut sink) = (Hand::new(), Sink::default());
    let mut request = REQUEST;
    while !request.is_empty() {
        socket.writable().await.expect("a socket");
        request = &request[socket.try_write(request).unwrap_or(0)..];
    }
    loop {
        let n = loop {
            match socket.try_read(hand.room()) {
                Err(e) if e.kind() == io::ErrorKind::WouldBlock => socket.readable().await.expect("a socket"),
                n => break n.expect("an answer"),
            }
        };
        if hand.read(n, &mut sink) {
            return sink.found();
        }
    }
}

/// By hand, and each payload split at its newlines: what a loop makes of frames that hold whole lines.
pub fn lines_by_hand(socket: &mut UnixStream) -> usize {
    let mut lines = 0;
    all_by_hand(socket, &mut Split(&mut lines));
    lines
}

struct Split<'a>(&'a mut usize);

impl Payloads for Split<'_> {
    #[inline]
    fn add(&mut self, _: StreamKind, payload: &[u8]) {
        for end in memchr::memchr_iter(b'\n', payload) {
            black_box(end);
            *self.0 += 1;
        }
    }
}

fn config() -> Config {
    let mut config = Config::new(&Endpoint::default());
    config.version = VersionChoice::Pinned(ApiVersion::new(1, 45));
    config
}

fn logs() -> Logs {
    Logs::new("web").stdout(true).stderr(true)
}

/// A client whose one connection is at hand.
pub fn blocking(socket: UnixStream) -> docker_blocking::Docker {
    let socket = Mutex::new(Some(socket));
    let dial = move || {
        let socket = socket.lock().ok().and_then(|mut s| s.take());
        socket.ok_or_else(|| io::Error::from(io::ErrorKind::NotConnected))
    };
    docker_blocking::Docker::with_dial(dial, config(), PoolLimits::default())
}

/// The same for tokio; made in its runtime.
pub fn tokio(socket: UnixStream) -> docker_tokio::Docker {
    let socket = Mutex::new(Some(socket));
    let dial = move || {
        let socket = socket.lock().ok().and_then(|mut s| s.take());
        let socket = socket.ok_or_else(|| io::Error::from(io::ErrorKind::NotConnected)).and_then(|s| {
            s.set_nonblocking(true)?;
            tokio::net::UnixStream::from_std(s)
        });
        std::future::ready(socket)
    };
    docker_tokio::Docker::with_dial(dial, config(), PoolLimits::default())
}

/// A runtime with its one thread.
///
/// # Panics
/// If the process has no descriptors left.
pub fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime")
}

/// One of the two writers of a copy: into the same sink as by hand.
struct To<'a>(&'a RefCell<Sink>, StreamKind);

impl Write for To<'_> {
    #[inline]
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().add(self.1, bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl AsyncWrite for To<'_> {
    #[inline]
    fn poll_write(mut self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Poll::Ready(self.write(bytes))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

/// By `copy_to`, on a thread.
pub fn copied(docker: &docker_blocking::Docker) -> Found {
    let sink = RefCell::default();
    let (stdout, stderr) = (To(&sink, StreamKind::Stdout), To(&sink, StreamKind::Stderr));
    docker.stream(logs()).copy_to(stdout, stderr).expect("a whole answer");
    sink.into_inner().found()
}

/// Item by item, on a thread.
pub fn items(docker: &docker_blocking::Docker) -> Found {
    let mut sink = Sink::default();
    for piece in docker.stream(logs()) {
        let piece = piece.expect("a whole answer");
        sink.add(piece.stream, &piece.bytes);
    }
    sink.found()
}

/// In batches, on a thread.
pub fn batches(docker: &docker_blocking::Docker) -> Found {
    let (mut sink, mut items, mut batch) = (Sink::default(), docker.stream(logs()), Vec::new());
    while items.next_batch(&mut batch, 256).expect("a whole answer") > 0 {
        for piece in batch.drain(..) {
            sink.add(piece.stream, &piece.bytes);
        }
    }
    sink.found()
}

/// Line by line, on a thread.
pub fn lines(docker: &docker_blocking::Docker) -> usize {
    let mut count = 0;
    for line in docker.stream(logs().lines()) {
        black_box(line.expect("a whole answer"));
        count += 1;
    }
    count
}

/// By `copy_to`, in a task.
pub fn copied_in(docker: &docker_tokio::Docker) -> impl Future<Output = Found> {
    let docker = docker.clone();
    async move {
        let sink = RefCell::default();
        let (stdout, stderr) = (To(&sink, StreamKind::Stdout), To(&sink, StreamKind::Stderr));
        docker.stream(logs()).copy_to(stdout, stderr).await.expect("a whole answer");
        sink.into_inner().found()
    }
}

/// Item by item, in a task.
pub fn items_in(docker: &docker_tokio::Docker) -> impl Future<Output = Found> {
    let docker = docker.clone();
    async move {
        let (mut sink, mut items) = (Sink::default(), docker.stream(logs()));
        while let Some(piece) = items.try_next().await.expect("a whole answer") {
            sink.add(piece.stream, &piece.bytes);
        }
        sink.found()
    }
}
