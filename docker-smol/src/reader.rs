//! Answers that are bytes, as a reader.

use crate::Items;
use bytes::Bytes;
use docker_proto::drive::Unread;
use docker_proto::op::{Operation, Reply};
use futures_io::{AsyncBufRead, AsyncRead};
use std::fmt;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

impl<O: Operation<Reply: Reply<Item = Bytes>>> Items<O> {
    /// The answer as a reader: an archive for a tar library, an export for a file.
    ///
    /// ```no_run
    /// # async fn example(docker: docker_smol::Docker) -> Result<(), Box<dyn std::error::Error>> {
    /// use docker_smol::api::archive;
    ///
    /// let mut answer = docker.stream(archive::Get::new("web", "/etc/hostname"));
    /// println!("{:?}", answer.head().await?);
    /// let mut file = smol::fs::File::create("hostname.tar").await?;
    /// smol::io::copy(answer.into_reader(), &mut file).await?;
    /// # Ok(()) }
    /// ```
    pub fn into_reader(self) -> Reader<O> {
        Reader::new(self)
    }
}

/// The bytes of an answer as an [`AsyncRead`], and without a copy as an [`AsyncBufRead`].
///
/// An error of a read is an [`io::Error`] with the [`Error`](crate::Error) inside. It is returned by every read from then
/// on, so that a broken answer never ends like a whole one. Dropping the reader before the end cancels the call.
pub struct Reader<O: Operation> {
    items: Items<O>,
    unread: Unread,
}

impl<O: Operation> Reader<O> {
    pub(crate) fn new(items: Items<O>) -> Self {
        Self { items, unread: Unread::default() }
    }
}

impl<O: Operation<Reply: Reply<Item: Into<Bytes>>>> AsyncRead for Reader<O> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, room: &mut [u8]) -> Poll<io::Result<usize>> {
        let Self { items, unread } = self.get_mut();
        unread.poll_read(cx, &mut items.0, room).map_err(io::Error::from)
    }
}

impl<O: Operation<Reply: Reply<Item: Into<Bytes>>>> AsyncBufRead for Reader<O> {
    fn poll_fill_buf(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<&[u8]>> {
        let Self { items, unread } = self.get_mut();
        unread.poll_fill(cx, &mut items.0).map_err(io::Error::from)
    }

    fn consume(self: Pin<&mut Self>, n: usize) {
        self.get_mut().unread.consume(n);
    }
}

impl<O: Operation> fmt::Debug for Reader<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Reader").field(&self.items).finish()
    }
}
