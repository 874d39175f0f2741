//! A websocket whose end crosses the end of the input.

use docker_tokio::api::containers::AttachWebsocket;
use docker_tokio::model::ApiVersion;
use docker_tokio::session::{Config, Endpoint, PoolLimits, VersionChoice};
use docker_tokio::wire::websocket::Handshake;
use docker_tokio::{Docker, Result};
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream, ReadBuf};

/// The first byte of a frame that closes.
const CLOSE: u8 = 0x88;

/// A connection in memory that is never done with flushing a close: only the end of the session ends that wait.
struct Late {
    io: DuplexStream,
    closes: bool,
}

impl AsyncRead for Late {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, room: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_read(cx, room)
    }
}

impl AsyncWrite for Late {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.closes |= bytes.first() == Some(&CLOSE);
        Pin::new(&mut self.io).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.closes {
            return Poll::Pending;
        }
        Pin::new(&mut self.io).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(cx)
    }
}

/// An engine that answers a close.
async fn engine(mut peer: DuplexStream) -> io::Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(peer.read_u8().await?);
    }
    let head = String::from_utf8_lossy(&head);
    let key = head.lines().find_map(|line| line.strip_prefix("Sec-WebSocket-Key: ")).expect("a key");
    let accept = Handshake::accept(key);
    let fields = "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept";
    peer.write_all(format!("HTTP/1.1 101 Switching Protocols\r\n{fields}: {accept}\r\n\r\n").as_bytes()).await?;
    while peer.read_u8().await? != CLOSE {}
    peer.write_all(&[CLOSE, 2, 0x03, 0xE8]).await
}

#[tokio::test]
async fn a_close_that_was_written_is_one_though_the_session_has_ended() -> Result<()> {
    let dial = || async {
        let (io, peer) = tokio::io::duplex(4096);
        tokio::spawn(engine(peer));
        Ok(Late { io, closes: false })
    };
    let mut config = Config::new(&Endpoint::default());
    config.version = VersionChoice::Pinned(ApiVersion::new(1, 45));
    let docker = Docker::with_dial(dial, config, PoolLimits::default());
    let (mut output, mut input) = docker.open(AttachWebsocket::new("c").stream(true)).await?.split();
    let closing = tokio::spawn(async move { input.close().await });
    assert!(output.try_next().await?.is_none());
    drop(output);
    let closed = tokio::time::timeout(Duration::from_secs(5), closing).await.expect("it ends with the session");
    closed.expect("no panic").expect("it was written");
    Ok(())
}
