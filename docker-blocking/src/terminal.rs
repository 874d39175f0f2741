//! A two-way session as plain bytes, for interactive terminals.

use crate::{Canceller, Input, Reader, Session};
use bytes::Bytes;
use docker_proto::Result;
use docker_proto::op::{Duplex, Operation, Reply};
use std::fmt;
use std::io::{self, BufRead, IoSlice, Read, Write};

impl<O: Operation<Reply: Duplex + Reply<Item: Into<Bytes>>>> Session<O> {
    /// The session as a stream of bytes both ways: what a terminal shows and what is typed, or a protocol of the caller's.
    ///
    /// ```no_run
    /// # fn example(docker: docker_blocking::Docker, exec: String) -> Result<(), Box<dyn std::error::Error>> {
    /// use docker_blocking::api::exec;
    ///
    /// let terminal = docker.open(exec::Start::new(exec).tty(true))?.into_terminal()?;
    /// let (mut shown, mut typed) = terminal.split();
    /// std::thread::spawn(move || std::io::copy(&mut std::io::stdin(), &mut typed));
    /// std::io::copy(&mut shown, &mut std::io::stdout())?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Usage`](crate::ErrorKind::Usage) for a process without a terminal: its output is two streams in frames.
    /// The session is closed then.
    pub fn into_terminal(mut self) -> Result<Terminal<O>> {
        self.items.items.core().check_raw()?;
        let (output, input) = self.split();
        Ok(Terminal { output: Reader::new(output), input })
    }
}

/// A two-way session as a [`Read`] and [`Write`].
///
/// The end of the output says that the connection ended, not how the process did.
pub struct Terminal<O: Operation> {
    output: Reader<O>,
    input: Input,
}

impl<O: Operation> Terminal<O> {
    /// Both sides, to be used by different threads. The connection lives as long as the reading one.
    pub fn split(self) -> (Reader<O>, Input) {
        (self.output, self.input)
    }

    /// Half-closes. The engine ends the output of a process with a terminal then as well.
    ///
    /// # Errors
    /// If the session has ended, or the transport fails.
    pub fn close(&mut self) -> io::Result<()> {
        self.input.close()
    }

    /// What ends this session from another thread: reading and writing.
    pub fn canceller(&self) -> Canceller {
        self.output.canceller()
    }
}

impl<O: Operation<Reply: Reply<Item: Into<Bytes>>>> Read for Terminal<O> {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        self.output.read(room)
    }
}

impl<O: Operation<Reply: Reply<Item: Into<Bytes>>>> BufRead for Terminal<O> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.output.fill_buf()
    }

    fn consume(&mut self, n: usize) {
        self.output.consume(n);
    }
}

impl<O: Operation> Write for Terminal<O> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.input.write(bytes)
    }

    fn write_vectored(&mut self, parts: &[IoSlice<'_>]) -> io::Result<usize> {
        self.input.write_vectored(parts)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.input.flush()
    }
}

impl<O: Operation> fmt::Debug for Terminal<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Terminal").field(&self.output).finish()
    }
}
