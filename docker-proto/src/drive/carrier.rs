//! A connection before HTTP is spoken on it: what TLS and the way through a proxy are built over.

use crate::session::Tunnel;
use crate::wire::Wants;
use alloc::sync::Arc;
use core::task::{Context, Poll};
use std::io::{self, ErrorKind, IoSlice};

/// A connection without TLS, used without blocking: what is not ready has arranged for the task to be woken.
pub trait Carrier {
    /// Reads into `room`; 0 is the end.
    fn poll_read(&mut self, cx: &mut Context<'_>, room: &mut [u8]) -> Poll<io::Result<usize>>;

    /// Reads what the system has now, whatever the runtime believes; [`WouldBlock`](ErrorKind::WouldBlock) if that is nothing.
    ///
    /// # Errors
    /// The transport's.
    fn try_read(&mut self, room: &mut [u8]) -> io::Result<usize>;

    /// Writes from the parts, in order, as much as is taken at once.
    fn poll_write(&mut self, cx: &mut Context<'_>, parts: &[IoSlice<'_>]) -> Poll<io::Result<usize>>;

    /// Hands everything written to the peer.
    fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>>;
}

/// Asks a proxy for a connection: moves bytes until there is one to the engine.
///
/// # Errors
/// As [`Tunnel::poll`].
pub fn poll_tunnel(tunnel: &mut Tunnel, carrier: &mut impl Carrier, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
    while !tunnel.poll()? {
        let Wants { write, flush, read, .. } = tunnel.wants();
        let sent = match write {
            Some(parts) => match carrier.poll_write(cx, &parts.map(IoSlice::new)) {
                Poll::Ready(Ok(0)) => Poll::Ready(Err(ErrorKind::WriteZero.into())),
                written => written.map_ok(Some),
            },
            None if flush => carrier.poll_flush(cx).map_ok(|()| None),
            None => Poll::Pending,
        };
        let read = read.map(|room| carrier.poll_read(cx, room));
        let moved = sent.is_ready();
        match sent {
            Poll::Ready(Ok(Some(n))) => tunnel.wrote(n),
            Poll::Ready(Ok(None)) => tunnel.flushed(),
            Poll::Ready(Err(e)) => tunnel.write_broke(Arc::new(e)),
            Poll::Pending => {}
        }
        match read {
            Some(Poll::Ready(Ok(n))) => tunnel.read(n),
            Some(Poll::Ready(Err(e))) => tunnel.read_broke(Arc::new(e)),
            _ if moved => {}
            _ => return Poll::Pending,
        }
    }
    Poll::Ready(Ok(()))
}
