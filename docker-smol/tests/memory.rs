//! A transport of the caller's that is no socket: requests, a session with half-close, and a connection that is kept.

use docker_smol::api::{containers, exec};
use docker_smol::session::{Config, Endpoint, PoolLimits};
use docker_smol::{Docker, Result};
use smol::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

/// One direction.
#[derive(Default)]
struct Way {
    bytes: VecDeque<u8>,
    closed: bool,
    wakers: Vec<Waker>,
}

/// One end of a connection in memory.
struct End {
    read: Arc<Mutex<Way>>,
    write: Arc<Mutex<Way>>,
    room: usize,
}

fn pair(room: usize) -> (End, End) {
    let (a, b) = (Arc::new(Mutex::default()), Arc::new(Mutex::default()));
    (End { read: Arc::clone(&a), write: Arc::clone(&b), room }, End { read: b, write: a, room })
}

impl Way {
    fn moved(&mut self) {
        self.wakers.drain(..).for_each(Waker::wake);
    }

    fn wait<T>(&mut self, cx: &Context<'_>) -> Poll<T> {
        self.wakers.push(cx.waker().clone());
        Poll::Pending
    }
}

impl AsyncRead for End {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, room: &mut [u8]) -> Poll<io::Result<usize>> {
        let mut way = self.read.lock().unwrap();
        let n = room.len().min(way.bytes.len());
        if n == 0 && !way.closed {
            return way.wait(cx);
        }
        room.iter_mut().zip(way.bytes.drain(..n)).for_each(|(to, from)| *to = from);
        way.moved();
        Poll::Ready(Ok(n))
    }
}

impl AsyncWrite for End {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let mut way = self.write.lock().unwrap();
        if way.closed {
            return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()));
        }
        let n = bytes.len().min(self.room - way.bytes.len());
        if n == 0 {
            return way.wait(cx);
        }
        way.bytes.extend(&bytes[..n]);
        way.moved();
        Poll::Ready(Ok(n))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_close(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut way = self.write.lock().unwrap();
        way.closed = true;
        way.moved();
        Poll::Ready(Ok(()))
    }
}

impl Drop for End {
    fn drop(&mut self) {
        for way in [&self.read, &self.write] {
            let mut way = way.lock().unwrap();
            way.closed = true;
            way.moved();
        }
    }
}

/// An engine with no containers, in whose containers everything is `cat`.
async fn engine(mut peer: End) -> io::Result<()> {
    loop {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            peer.read_exact(&mut byte).await?;
            head.push(byte[0]);
        }
        let head = String::from_utf8_lossy(&head);
        if !head.contains("/start") {
            let body = if head.starts_with("GET") { "[]" } else { "" };
            let length = body.len();
            let answer = format!("HTTP/1.1 200 OK\r\nApi-Version: 1.45\r\nContent-Length: {length}\r\n\r\n{body}");
            peer.write_all(answer.as_bytes()).await?;
            continue;
        }
        let length = head.lines().find_map(|line| line.strip_prefix("Content-Length: ")?.parse().ok());
        peer.read_exact(&mut vec![0; length.unwrap_or(0)]).await?;
        peer.write_all(b"HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n").await?;
        // With bytes of the session behind the head.
        peer.write_all(b"Content-Type: application/vnd.docker.raw-stream\r\n\r\n$ ").await?;
        let mut all = Vec::new();
        peer.read_to_end(&mut all).await?;
        peer.write_all(&all).await?;
        return peer.close().await;
    }
}

#[test]
fn memory_carries_requests_and_sessions() -> Result<()> {
    smol::block_on(async {
        // Room for little: nothing goes through at once.
        for room in [1, 16, 4096] {
            let dial = move || {
                let (ours, theirs) = pair(room);
                smol::spawn(engine(theirs)).detach();
                async { Ok(ours) }
            };
            let docker = Docker::with_dial(dial, Config::new(&Endpoint::default()), PoolLimits::default());
            for _ in 0..3 {
                assert!(docker.call(containers::List::new()).await?.is_empty());
            }
            assert_eq!((docker.counters().dialled, docker.counters().reused), (1, 2));
            let (mut output, mut input) = docker.open(exec::Start::new("e").tty(true)).await?.split();
            let text = b"some text ".repeat(1000);
            let sent = text.clone();
            let writing = smol::spawn(async move {
                input.write_all(&sent).await?;
                input.close().await
            });
            let mut all = Vec::new();
            while let Some(piece) = output.try_next().await? {
                all.extend_from_slice(&piece.bytes);
            }
            writing.await.expect("written");
            assert!(all.strip_prefix(b"$ ") == Some(&*text), "{} bytes through {room}", all.len());
        }
        Ok(())
    })
}
