//! A two-way session as plain bytes, for interactive terminals.

use crate::{Input, Reader, Session};
use bytes::Bytes;
use docker_proto::Result;
use docker_proto::op::{Duplex, Operation, Reply};
use futures_io::{AsyncBufRead, AsyncRead, AsyncWrite};
use std::fmt;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

impl<O: Operation<Reply: Duplex + Reply<Item: Into<Bytes>>>> Session<O> {
    /// The session as a stream of bytes both ways: what a terminal shows and what is typed, or a protocol of the caller's.
    ///
    /// ```no_run
    /// # async fn example(docker: docker_smol::Docker, exec: String) -> Result<(), Box<dyn std::error::Error>> {
    /// use docker_smol::api::exec;
    ///
    /// let terminal = docker.open(exec::Start::new(exec).tty(true)).await?.into_terminal()?;
    /// let (shown, typed) = terminal.split();
    /// let (stdin, stdout) = (smol::Unblock::new(std::io::stdin()), smol::Unblock::new(std::io::stdout()));
    /// smol::future::or(smol::io::copy(shown, stdout), smol::io::copy(stdin, typed)).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Usage`](crate::ErrorKind::Usage) for a process without a terminal: its output is two streams in frames.
    /// The session is closed then.
    pub fn into_terminal(mut self) -> Result<Terminal<O>> {
        self.items.0.core().check_raw()?;
        let (output, input) = self.split();
        Ok(Terminal { output: Reader::new(output), input })
    }
}

/// A two-way session as an [`AsyncRead`] and [`AsyncWrite`].
///
/// Closing it half-closes. If the process has a terminal, the engine then ends the output as well. The end of the output
/// says that the connection ended, not how the process did.
pub struct Terminal<O: Operation> {
    output: Reader<O>,
    input: Input,
}

impl<O: Operation> Terminal<O> {
    /// Both sides, to be used by different tasks. The connection lives as long as the reading one.
    pub fn split(self) -> (Reader<O>, Input) {
        (self.output, self.input)
    }
}

impl<O: Operation<Reply: Reply<Item: Into<Bytes>>>> AsyncRead for Terminal<O> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, room: &mut [u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.output).poll_read(cx, room)
    }
}

impl<O: Operation<Reply: Reply<Item: Into<Bytes>>>> AsyncBufRead for Terminal<O> {
    fn poll_fill_buf(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<&[u8]>> {
        Pin::new(&mut self.get_mut().output).poll_fill_buf(cx)
    }

    fn consume(mut self: Pin<&mut Self>, n: usize) {
        Pin::new(&mut self.output).consume(n);
    }
}

impl<O: Operation> AsyncWrite for Terminal<O> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.input).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.input).poll_flush(cx)
    }

    fn poll_close(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.input).poll_close(cx)
    }
}

impl<O: Operation> fmt::Debug for Terminal<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Terminal").field(&self.output).finish()
    }
}
