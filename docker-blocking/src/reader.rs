//! Answers that are bytes, as a reader.

use crate::{Canceller, Items};
use bytes::Bytes;
use docker_proto::drive::Unread;
use docker_proto::op::{Operation, Reply};
use std::fmt;
use std::io::{self, BufRead, Read};

impl<O: Operation<Reply: Reply<Item = Bytes>>> Items<O> {
    /// The answer as a reader: an archive for a tar library, an export for a file.
    ///
    /// ```no_run
    /// # fn example(docker: docker_blocking::Docker) -> Result<(), Box<dyn std::error::Error>> {
    /// use docker_blocking::api::archive;
    ///
    /// let mut answer = docker.stream(archive::Get::new("web", "/etc/hostname"));
    /// println!("{:?}", answer.head()?);
    /// let mut file = std::fs::File::create("hostname.tar")?;
    /// std::io::copy(&mut answer.into_reader(), &mut file)?;
    /// # Ok(()) }
    /// ```
    pub fn into_reader(self) -> Reader<O> {
        Reader::new(self)
    }
}

/// The bytes of an answer as a [`Read`], and without a copy as a [`BufRead`].
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

    /// What ends the call from another thread.
    pub fn canceller(&self) -> Canceller {
        self.items.canceller()
    }
}

impl<O: Operation<Reply: Reply<Item: Into<Bytes>>>> Read for Reader<O> {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        let Self { items, unread } = self;
        Ok(items.block(|items, cx| unread.poll_read(cx, items, room))?)
    }
}

impl<O: Operation<Reply: Reply<Item: Into<Bytes>>>> BufRead for Reader<O> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        let Self { items, unread } = self;
        items.block(|items, cx| unread.poll_fill(cx, items).map_ok(|_| ()))?;
        Ok(unread.bytes())
    }

    fn consume(&mut self, n: usize) {
        self.unread.consume(n);
    }
}

impl<O: Operation> fmt::Debug for Reader<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Reader").field(&self.items).finish()
    }
}
