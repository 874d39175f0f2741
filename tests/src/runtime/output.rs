//! The verbs that read output in other ways than item by item.

use super::{AsyncStd, Blocking, ItemOf, Runtime, Smol, Tokio};
use bytes::Bytes;
use docker_proto::drive::Copied;
use docker_proto::op::{Operation, Plain, Reply, Session};
use docker_proto::{Result, wire};
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

/// What was read before the end, and how two reads behind it ended.
pub type ReadToEnd = (Vec<u8>, [io::Result<usize>; 2]);

/// See the verbs of the adapters.
pub trait Output: Runtime {
    /// Reads an answer of bytes through a reader.
    fn read_to_end<O>(items: Self::Items<O>) -> impl Future<Output = ReadToEnd> + Send
    where
        O: Operation<Reply: Reply<Item = Bytes>>;

    /// Copies the output to two buffers.
    fn copy_to<O>(items: Self::Items<O>) -> impl Future<Output = Result<(Vec<u8>, Vec<u8>, Copied)>> + Send
    where
        O: Operation<Reply: Reply<Decoder = wire::Output>>;

    /// Copies both streams to a writer.
    fn copy_merged<O>(items: Self::Items<O>, writer: &mut Rests) -> impl Future<Output = Result<Copied>> + Send
    where
        O: Operation<Reply: Reply<Decoder = wire::Output>>;

    /// The next items.
    fn next_batch<O>(
        items: &mut Self::Items<O>,
        batch: &mut Vec<ItemOf<O>>,
        max: usize,
    ) -> impl Future<Output = Result<usize>> + Send
    where
        O: Operation;

    /// The output of a session, collected.
    fn collect_at_most<O>(&self, op: O, bytes: usize) -> impl Future<Output = Result<(Vec<u8>, Vec<u8>)>> + Send
    where
        O: Plain<Reply = Session>;

    /// A dialogue on a terminal: waits for each text and then types the other. Gives all that was shown.
    fn dialogue<O>(&self, op: O, talk: &[(&str, &str)]) -> impl Future<Output = io::Result<String>> + Send
    where
        O: Plain<Reply = Session>;
}

macro_rules! verbs {
    ($($runtime:ty: $read:path, $write:path $(, $await:tt)?;)+) => {$(
        impl Output for $runtime {
            async fn read_to_end<O>(items: Self::Items<O>) -> ReadToEnd
            where
                O: Operation<Reply: Reply<Item = Bytes>>,
            {
                let mut reader = items.into_reader();
                let (mut all, mut room) = (Vec::new(), [0; 4000]);
                let first = loop {
                    match $read(&mut reader, &mut room)$(.$await)? {
                        Ok(n) if n > 0 => all.extend_from_slice(&room[..n]),
                        end => break end,
                    }
                };
                (all, [first, $read(&mut reader, &mut room)$(.$await)?])
            }

            async fn copy_to<O>(items: Self::Items<O>) -> Result<(Vec<u8>, Vec<u8>, Copied)>
            where
                O: Operation<Reply: Reply<Decoder = wire::Output>>,
            {
                let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
                let copied = items.copy_to(&mut stdout, &mut stderr)$(.$await)??;
                Ok((stdout, stderr, copied))
            }

            async fn copy_merged<O>(items: Self::Items<O>, writer: &mut Rests) -> Result<Copied>
            where
                O: Operation<Reply: Reply<Decoder = wire::Output>>,
            {
                items.copy_merged(writer)$(.$await)?
            }

            async fn next_batch<O>(items: &mut Self::Items<O>, batch: &mut Vec<ItemOf<O>>, max: usize) -> Result<usize>
            where
                O: Operation,
            {
                items.next_batch(batch, max)$(.$await)?
            }

            async fn collect_at_most<O>(&self, op: O, bytes: usize) -> Result<(Vec<u8>, Vec<u8>)>
            where
                O: Plain<Reply = Session>,
            {
                let session = self.0.open(op)$(.$await)??;
                session.collect_at_most(bytes)$(.$await)?
            }

            async fn dialogue<O>(&self, op: O, talk: &[(&str, &str)]) -> io::Result<String>
            where
                O: Plain<Reply = Session>,
            {
                let mut terminal = self.0.open(op)$(.$await)??.into_terminal()?;
                let (mut shown, mut room) = (Vec::new(), [0; 512]);
                let mut talk = talk.iter();
                let mut next = talk.next();
                loop {
                    match next {
                        Some((wait, typed)) if String::from_utf8_lossy(&shown).contains(wait) => {
                            $write(&mut terminal, typed.as_bytes())$(.$await)??;
                            next = talk.next();
                        }
                        _ => match $read(&mut terminal, &mut room)$(.$await)?? {
                            0 => break,
                            n => shown.extend_from_slice(&room[..n]),
                        },
                    }
                }
                assert!(next.is_none(), "{next:?} was not come to after {:?}", String::from_utf8_lossy(&shown));
                Ok(String::from_utf8_lossy(&shown).into_owned())
            }
        }
    )+};
}

verbs! {
    Tokio: tokio_read, tokio_write, await;
    Smol: smol_read, smol_write, await;
    AsyncStd: smol_read, smol_write, await;
    Blocking: blocking_read, blocking_write;
}

async fn tokio_read(from: &mut (impl tokio::io::AsyncRead + Unpin), room: &mut [u8]) -> io::Result<usize> {
    tokio::io::AsyncReadExt::read(from, room).await
}

async fn tokio_write(to: &mut (impl tokio::io::AsyncWrite + Unpin), bytes: &[u8]) -> io::Result<()> {
    tokio::io::AsyncWriteExt::write_all(to, bytes).await
}

async fn smol_read(from: &mut (impl smol::io::AsyncRead + Unpin), room: &mut [u8]) -> io::Result<usize> {
    smol::io::AsyncReadExt::read(from, room).await
}

async fn smol_write(to: &mut (impl smol::io::AsyncWrite + Unpin), bytes: &[u8]) -> io::Result<()> {
    smol::io::AsyncWriteExt::write_all(to, bytes).await
}

fn blocking_read(from: &mut impl io::Read, room: &mut [u8]) -> io::Result<usize> {
    from.read(room)
}

fn blocking_write(to: &mut impl io::Write, bytes: &[u8]) -> io::Result<()> {
    to.write_all(bytes)
}

/// A writer that counts, and once takes nothing for a while.
#[derive(Debug)]
pub struct Rests {
    /// Bytes written.
    pub written: u64,
    /// When so many were, it rests.
    pub after: u64,
    /// For so long.
    pub rest: Option<Duration>,
}

impl Rests {
    fn poll_write(&mut self, cx: &mut Context<'_>, n: usize) -> Poll<io::Result<usize>> {
        if self.written > self.after
            && let Some(rest) = self.rest.take()
        {
            let waker = cx.waker().clone();
            std::thread::spawn(move || {
                std::thread::sleep(rest);
                waker.wake();
            });
            return Poll::Pending;
        }
        self.written += n as u64;
        Poll::Ready(Ok(n))
    }
}

impl tokio::io::AsyncWrite for Rests {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Self::poll_write(&mut self, cx, bytes.len())
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

impl smol::io::AsyncWrite for Rests {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Self::poll_write(&mut self, cx, bytes.len())
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_close(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

impl io::Write for Rests {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.written > self.after {
            std::thread::sleep(self.rest.take().unwrap_or_default());
        }
        self.written += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
