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
        let flushed = (flush && write.is_none()).then(|| carrier.poll_flush(cx));
        let written = write.map(|parts| carrier.poll_write(cx, &parts.map(IoSlice::new)));
        let read = read.map(|room| carrier.poll_read(cx, room));
        let mut moved = false;
        let broke = match written {
            Some(Poll::Ready(Ok(0))) => Some(ErrorKind::WriteZero.into()),
            Some(Poll::Ready(Ok(n))) => {
                tunnel.wrote(n);
                moved = true;
                None
            }
            Some(Poll::Ready(Err(e))) => Some(e),
            _ => None,
        };
        let broke = match flushed {
            Some(Poll::Ready(Ok(()))) => {
                tunnel.flushed();
                moved = true;
                broke
            }
            Some(Poll::Ready(Err(e))) => Some(e),
            _ => broke,
        };
        if let Some(e) = broke {
            tunnel.write_broke(Arc::new(e));
            moved = true;
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
