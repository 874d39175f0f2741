//! The writing side of a two-way session.

use crate::link::WriteHalf;
use docker_proto::drive::Outgoing;
use futures_io::AsyncWrite;
use std::fmt;
use std::future::poll_fn;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

/// The stdin of a process: an [`AsyncWrite`] whose close half-closes, so that the process sees the end of its input
/// while its output goes on. No deadline holds for a write: it takes as long as the process does not read.
///
/// Dropping it half-closes an exec without a terminal and nothing else: elsewhere the engine would end the output as well.
/// Over a websocket, flush what was written last: a part of it may be kept until then.
pub struct Input {
    half: WriteHalf,
    outgoing: Outgoing,
}

impl Input {
    pub(crate) fn new(half: WriteHalf, outgoing: Outgoing) -> Self {
        Self { half, outgoing }
    }

    /// Half-closes: the process sees the end of its input.
    ///
    /// # Errors
    /// If the session has ended, or the transport fails.
    pub async fn close(&mut self) -> io::Result<()> {
        poll_fn(|cx| Pin::new(&mut *self).poll_close(cx)).await
    }
}

impl AsyncWrite for Input {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let Self { half, outgoing } = &mut *self;
        outgoing.poll_write(buf, |part| half.write(cx, part))
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        if self.outgoing.is_plain() {
            return self.half.poll(cx, |io, cx| io.poll_write(cx, bufs));
        }
        let first = bufs.iter().find(|buf| !buf.is_empty());
        self.as_mut().poll_write(cx, first.map_or(&[], |buf| buf))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Self { half, outgoing } = &mut *self;
        ready!(outgoing.poll_flush(|part| half.write(cx, part)))?;
        half.poll(cx, |io, cx| io.poll_flush(cx))
    }

    fn poll_close(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Self { half, outgoing } = &mut *self;
        let half_close = ready!(outgoing.poll_close(|part| half.write(cx, part)))?;
        match half.poll(cx, |io, cx| if half_close { io.poll_close(cx) } else { io.poll_flush(cx) }) {
            // What was written may have ended the session by now.
            Poll::Ready(Err(e)) if e.kind() == io::ErrorKind::BrokenPipe && !half_close => Poll::Ready(Ok(())),
            other => other,
        }
    }
}

impl Drop for Input {
    fn drop(&mut self) {
        if self.outgoing.closes_on_drop() {
            // Sockets shut down at once; a transport that would wait for it is closed with the output half.
            let mut cx = Context::from_waker(std::task::Waker::noop());
            let _ = Pin::new(self).poll_close(&mut cx);
        }
    }
}

impl fmt::Debug for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Input").finish_non_exhaustive()
    }
}
