//! Output in other ways than item by item: in batches, copied to writers, collected.

use crate::{ItemOf, Items, Session};
use docker_proto::drive::{Copied, Copying, Sink};
use docker_proto::op::{Operation, Reply};
use docker_proto::wire::{Collected, Output, StreamKind, limits};
use docker_proto::{Result, Source};
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tokio::io::AsyncWrite;

impl<O: Operation> Items<O> {
    /// Waits for an item, and appends it and all that are at hand behind it to `batch`: at most `max` (taken as 1 if it
    /// is 0), and without waiting for more. Gives how many; 0 once the answer has ended. Dropping the future loses nothing.
    ///
    /// ```no_run
    /// # async fn example(docker: docker_tokio::Docker) -> docker_tokio::Result<()> {
    /// use docker_tokio::api::system;
    ///
    /// let mut events = docker.stream(system::Events::new());
    /// let mut batch = Vec::new();
    /// while events.next_batch(&mut batch, 100).await? > 0 {
    ///     println!("{} events at once", batch.drain(..).count());
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// As an item's. The items before it come first, by themselves.
    pub async fn next_batch(&mut self, batch: &mut Vec<ItemOf<O>>, max: usize) -> Result<usize> {
        poll_fn(|cx| self.0.poll_batch(cx, batch, max)).await
    }
}

impl<O: Operation<Reply: Reply<Decoder = Output>>> Items<O> {
    /// Copies the output to its end, each stream to its writer, straight from where it was read to. Gives how many bytes
    /// went to each.
    ///
    /// Nothing is read while a writer is not ready. Whenever all that was read is written, the writers are flushed; they are
    /// not shut down. Dropping the future cancels the call.
    ///
    /// ```no_run
    /// # async fn example(docker: docker_tokio::Docker) -> docker_tokio::Result<()> {
    /// use docker_tokio::api::containers;
    ///
    /// let logs = docker.stream(containers::Logs::new("web").stdout(true).stderr(true).follow(true));
    /// let copied = logs.copy_to(tokio::io::stdout(), tokio::io::stderr()).await?;
    /// eprintln!("{} and {} bytes", copied.stdout, copied.stderr);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Writer`](crate::ErrorKind::Writer) if a writer fails, with its error as the source; else what ended the
    /// output, after all before it was written. An error of the engine in the middle of the output ends it as well.
    pub async fn copy_to(self, stdout: impl AsyncWrite + Unpin, stderr: impl AsyncWrite + Unpin) -> Result<Copied> {
        self.copy(Apart(stdout, stderr)).await
    }

    /// Copies the output to its end, both streams to one writer, in the order in which they came. As
    /// [`copy_to`](Self::copy_to) otherwise.
    ///
    /// # Errors
    /// As from [`copy_to`](Self::copy_to).
    pub async fn copy_merged(self, writer: impl AsyncWrite + Unpin) -> Result<Copied> {
        self.copy(Merged(writer)).await
    }

    async fn copy(mut self, mut sink: impl Sink) -> Result<Copied> {
        let mut copying = Copying::new();
        poll_fn(|cx| self.0.poll_copy(cx, &mut copying, &mut sink)).await
    }
}

impl<O: Operation> Session<O> {
    /// As [`Items::next_batch`].
    ///
    /// # Errors
    /// As an item's.
    pub async fn next_batch(&mut self, batch: &mut Vec<ItemOf<O>>, max: usize) -> Result<usize> {
        self.items.next_batch(batch, max).await
    }
}

impl<O: Operation<Reply = docker_proto::op::Session>> Session<O> {
    /// As [`Items::copy_to`]. Stdin stays open until then; [`split`](Self::split) the session to write to it meanwhile.
    ///
    /// # Errors
    /// As from [`Items::copy_to`].
    pub async fn copy_to(self, stdout: impl AsyncWrite + Unpin, stderr: impl AsyncWrite + Unpin) -> Result<Copied> {
        let (output, _input) = self.split();
        output.copy_to(stdout, stderr).await
    }

    /// Reads all output to its end, as stdout and stderr: no more than [`limits::MAX_COLLECTED`] together.
    ///
    /// # Errors
    /// The first error. [`ErrorKind::TooLarge`](crate::ErrorKind::TooLarge) if there is more.
    pub async fn collect(self) -> Result<(Vec<u8>, Vec<u8>)> {
        self.collect_at_most(limits::MAX_COLLECTED).await
    }

    /// The same with another limit, in bytes of both streams together.
    ///
    /// # Errors
    /// As from [`collect`](Self::collect).
    pub async fn collect_at_most(self, bytes: usize) -> Result<(Vec<u8>, Vec<u8>)> {
        let (mut output, _input) = self.split();
        let mut all = Collected::default();
        while let Some(piece) = output.try_next().await? {
            all.push(piece.stream, &piece.bytes, bytes)?;
        }
        Ok((all.stdout, all.stderr))
    }
}

/// A writer for each stream.
struct Apart<A, B>(A, B);

impl<A: AsyncWrite + Unpin, B: AsyncWrite + Unpin> Sink for Apart<A, B> {
    fn poll_write(&mut self, cx: &mut Context<'_>, stream: StreamKind, bytes: &[u8]) -> Poll<Result<usize, Source>> {
        match stream {
            StreamKind::Stdout => Merged(&mut self.0).poll_write(cx, stream, bytes),
            StreamKind::Stderr => Merged(&mut self.1).poll_write(cx, stream, bytes),
        }
    }

    fn poll_flush(&mut self, cx: &mut Context<'_>, stream: StreamKind) -> Poll<Result<(), Source>> {
        match stream {
            StreamKind::Stdout => Merged(&mut self.0).poll_flush(cx, stream),
            StreamKind::Stderr => Merged(&mut self.1).poll_flush(cx, stream),
        }
    }
}

/// One writer for both.
struct Merged<W>(W);

impl<W: AsyncWrite + Unpin> Sink for Merged<W> {
    fn poll_write(&mut self, cx: &mut Context<'_>, _: StreamKind, bytes: &[u8]) -> Poll<Result<usize, Source>> {
        Pin::new(&mut self.0).poll_write(cx, bytes).map_err(|e| Arc::new(e) as _)
    }

    fn poll_flush(&mut self, cx: &mut Context<'_>, _: StreamKind) -> Poll<Result<(), Source>> {
        Pin::new(&mut self.0).poll_flush(cx).map_err(|e| Arc::new(e) as _)
    }
}
