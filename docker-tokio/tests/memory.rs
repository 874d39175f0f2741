//! A transport of the caller's that is no socket: requests, a session with half-close, and a connection that is kept.

use docker_tokio::api::{containers, exec};
use docker_tokio::session::{Config, Endpoint, PoolLimits};
use docker_tokio::{Docker, Result};
use std::io;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};

/// An engine with no containers, in whose containers everything is `cat`.
async fn engine(mut peer: DuplexStream) -> io::Result<()> {
    loop {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(peer.read_u8().await?);
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
        return peer.shutdown().await;
    }
}

#[tokio::test]
async fn memory_carries_requests_and_sessions() -> Result<()> {
    // Room for little: nothing goes through at once.
    for room in [1, 16, 4096] {
        let dial = move || async move {
            let (ours, theirs) = tokio::io::duplex(room);
            tokio::spawn(engine(theirs));
            Ok(ours)
        };
        let docker = Docker::with_dial(dial, Config::new(&Endpoint::default()), PoolLimits::default());
        for _ in 0..3 {
            assert!(docker.call(containers::List::new()).await?.is_empty());
        }
        assert_eq!((docker.counters().dialled, docker.counters().reused), (1, 2));
        let (mut output, mut input) = docker.open(exec::Start::new("e").tty(true)).await?.split();
        let text = b"some text ".repeat(1000);
        let sent = text.clone();
        let writing = tokio::spawn(async move {
            input.write_all(&sent).await?;
            input.close().await
        });
        let mut all = Vec::new();
        while let Some(piece) = output.try_next().await? {
            all.extend_from_slice(&piece.bytes);
        }
        writing.await.expect("no panic").expect("written");
        assert!(all.strip_prefix(b"$ ") == Some(&*text), "{} bytes through {room}", all.len());
    }
    Ok(())
}
