//! A websocket whose end crosses the end of the input.
#![cfg(unix)]

use docker_smol::api::containers::AttachWebsocket;
use docker_smol::model::ApiVersion;
use docker_smol::session::{Config, Endpoint, PoolLimits, VersionChoice};
use docker_smol::wire::websocket::Handshake;
use docker_smol::{Docker, Result};
use smol::future::FutureExt;
use smol::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use smol::net::unix::UnixStream;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

/// The first byte of a frame that closes.
const CLOSE: u8 = 0x88;

/// A socket that is never done with flushing a close: only the end of the session ends that wait.
struct Late {
    io: UnixStream,
    closes: bool,
}

impl AsyncRead for Late {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, room: &mut [u8]) -> Poll<io::Result<usize>> {
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

    fn poll_close(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_close(cx)
    }
}

/// An engine that answers a close.
async fn engine(mut peer: UnixStream) -> io::Result<()> {
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") {
        peer.read_exact(&mut byte).await?;
        head.push(byte[0]);
    }
    let head = String::from_utf8_lossy(&head);
    let key = head.lines().find_map(|line| line.strip_prefix("Sec-WebSocket-Key: ")).expect("a key");
    let accept = Handshake::accept(key);
    let fields = "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept";
    peer.write_all(format!("HTTP/1.1 101 Switching Protocols\r\n{fields}: {accept}\r\n\r\n").as_bytes()).await?;
    while byte[0] != CLOSE {
        peer.read_exact(&mut byte).await?;
    }
    peer.write_all(&[CLOSE, 2, 0x03, 0xE8]).await
}

#[test]
fn a_close_that_was_written_is_one_though_the_session_has_ended() -> Result<()> {
    smol::block_on(async {
        let dial = || async {
            let (io, peer) = UnixStream::pair()?;
            smol::spawn(engine(peer)).detach();
            Ok(Late { io, closes: false })
        };
        let mut config = Config::new(&Endpoint::default());
        config.version = VersionChoice::Pinned(ApiVersion::new(1, 45));
        let docker = Docker::with_dial(dial, config, PoolLimits::default());
        let (mut output, mut input) = docker.open(AttachWebsocket::new("c").stream(true)).await?.split();
        let closing = smol::spawn(async move { input.close().await });
        assert!(output.try_next().await?.is_none());
        drop(output);
        let late = async {
            smol::Timer::after(Duration::from_secs(5)).await;
            panic!("it does not end with the session")
        };
        closing.or(late).await.expect("it was written");
        Ok(())
    })
}
