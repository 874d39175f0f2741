//! The verbs that read output in other ways than item by item.

use super::{AsyncStd, Blocking, Runtime, Smol, Tokio};
use bytes::Bytes;
use docker_proto::op::{Operation, Reply};
use smol::io::AsyncReadExt as _;
use std::future::Future;
use std::io;
use tokio::io::AsyncReadExt as _;

/// What was read before the end, and how two reads behind it ended.
pub type ReadToEnd = (Vec<u8>, [io::Result<usize>; 2]);

/// See the verbs of the adapters.
pub trait Output: Runtime {
    /// Reads an answer of bytes through a reader.
    fn read_to_end<O>(items: Self::Items<O>) -> impl Future<Output = ReadToEnd> + Send
    where
        O: Operation<Reply: Reply<Item = Bytes>>;
}

macro_rules! verbs {
    ($($runtime:ty: $read:path $(, $await:tt)?;)+) => {$(
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
        }
    )+};
}

verbs! {
    Tokio: tokio_read, await;
    Smol: smol_read, await;
    AsyncStd: smol_read, await;
    Blocking: blocking_read;
}

async fn tokio_read(from: &mut (impl tokio::io::AsyncRead + Unpin), room: &mut [u8]) -> io::Result<usize> {
    from.read(room).await
}

async fn smol_read(from: &mut (impl smol::io::AsyncRead + Unpin), room: &mut [u8]) -> io::Result<usize> {
    from.read(room).await
}

fn blocking_read(from: &mut impl io::Read, room: &mut [u8]) -> io::Result<usize> {
    from.read(room)
}
