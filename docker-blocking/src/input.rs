//! The writing side of a two-way session.

use crate::cancel::Cancellers;
use crate::link::WriteHalf;
use docker_proto::drive::Outgoing;
use std::fmt;
use std::io::{self, IoSlice, Write};
use std::task::{Context, Poll, ready};

/// The stdin of a process: a writer that can be closed, so that the process sees the end of its input while its output goes
/// on. No deadline holds for a write: it takes as long as the process does not read, unless a canceller ends it.
///
/// Dropping it half-closes an exec without a terminal and nothing else: elsewhere the engine would end the output as well.
pub struct Input {
    half: WriteHalf,
    cancellers: Cancellers,
    outgoing: Outgoing,
}

impl Input {
    pub(crate) fn new(half: WriteHalf, cancellers: Cancellers, outgoing: Outgoing) -> Self {
        Self { half, cancellers, outgoing }
    }

    /// Half-closes: the process sees the end of its input.
    ///
    /// # Errors
    /// If the session has ended, or the transport fails.
    pub fn close(&mut self) -> io::Result<()> {
        self.block(|half, outgoing, cx| match ready!(outgoing.poll_close(|part| write(half, cx, part)))? {
            true => half.poll(cx, |io| io.shutdown_write()),
            false => push(half, cx),
        })
    }

    fn block<T>(
        &mut self,
        mut work: impl FnMut(&WriteHalf, &mut Outgoing, &Context<'_>) -> Poll<io::Result<T>>,
    ) -> io::Result<T> {
        let Self { half, cancellers, outgoing } = self;
        cancellers.block_on(|cx, cancelled| {
            if cancelled {
                return Poll::Ready(Err(io::Error::new(io::ErrorKind::BrokenPipe, "the session was cancelled")));
            }
            work(half, outgoing, cx)
        })
    }
}

/// Writes the beginning of `part`; a transport that takes nothing of something is broken.
fn write(half: &WriteHalf, cx: &Context<'_>, part: &[u8]) -> Poll<io::Result<usize>> {
    match ready!(half.poll(cx, |io| io.write_vectored(&[IoSlice::new(part)])))? {
        0 if !part.is_empty() => Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
        n => Poll::Ready(Ok(n)),
    }
}

/// Pushes what was written: it may have ended the session by now.
fn push(half: &WriteHalf, cx: &Context<'_>) -> Poll<io::Result<()>> {
    match half.poll(cx, |io| io.flush()) {
        Poll::Ready(Err(e)) if e.kind() == io::ErrorKind::BrokenPipe => Poll::Ready(Ok(())),
        other => other,
    }
}

impl Write for Input {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let n = self.block(|half, outgoing, cx| outgoing.poll_write(bytes, |part| write(half, cx, part)))?;
        // A thread can wait until the transport has all of it, and no other would push what TLS holds back.
        self.flush().map(|()| n)
    }

    fn write_vectored(&mut self, parts: &[IoSlice<'_>]) -> io::Result<usize> {
        if self.outgoing.is_plain() {
            let n = self.block(|half, _, cx| half.poll(cx, |io| io.write_vectored(parts)))?;
            return self.flush().map(|()| n);
        }
        self.write(parts.iter().find(|part| !part.is_empty()).map_or(&[], |part| part))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.block(|half, outgoing, cx| {
            ready!(outgoing.poll_flush(|part| write(half, cx, part)))?;
            push(half, cx)
        })
    }
}

impl Drop for Input {
    fn drop(&mut self) {
        if self.outgoing.closes_on_drop() {
            // Sockets shut down at once; a transport that would wait for it is closed with the output half.
            let _ = self.half.held().and_then(|held| held.io().shutdown_write());
        }
    }
}

impl fmt::Debug for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Input").finish_non_exhaustive()
    }
}
