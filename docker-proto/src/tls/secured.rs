//! A TLS connection over anything that carries bytes.

use super::refusal::{Beginning, Refused, cut, explain};
use crate::drive::Carrier;
use alloc::boxed::Box;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::task::Wake;
use alloc::vec;
use core::fmt;
use core::ops::Range;
use core::task::{Context, Poll, Waker, ready};
use rustls::ClientConnection;
use std::io::{self, ErrorKind, IoSlice, Read, Write};

/// A TLS connection: bytes go in and out in records.
///
/// The end of the peer is one only if the peer said so (`close_notify`): a connection that just breaks off is an
/// [`UnexpectedEof`](ErrorKind::UnexpectedEof), so that nothing cut short passes for complete.
///
/// ```text
/// poll_write ─► records ─► Carrier::poll_write      what the socket did not take yet is kept, at most 64 KiB, and pushed
/// poll_read  ◄─ records ◄─ Carrier::poll_read       by the next write, flush, close or read
/// ```
pub struct Secured<C> {
    carrier: C,
    tls: ClientConnection,
    host: String,
    /// Encrypted bytes that were read, and which of them are still to be looked at. rustls alone reads 4 KiB at a time.
    inbox: Box<[u8]>,
    unread: Range<usize>,
    beginning: Beginning,
    refused: Option<Refused>,
    /// A writer that waits, perhaps in another task than the reader.
    writer: Option<Waker>,
    closed: bool,
}

/// A record and its head.
const INBOX: usize = 16 * 1024 + 256;

impl<C: Carrier> Secured<C> {
    pub(super) fn new(carrier: C, tls: ClientConnection, host: String) -> Self {
        Self {
            carrier,
            tls,
            host,
            inbox: vec![0; INBOX].into(),
            unread: 0..0,
            beginning: Beginning::default(),
            refused: None,
            writer: None,
            closed: false,
        }
    }

    /// What carries it.
    pub fn carrier(&self) -> &C {
        &self.carrier
    }

    /// What carries it. Reading from it or writing to it breaks the connection.
    pub fn carrier_mut(&mut self) -> &mut C {
        &mut self.carrier
    }

    /// Whether bytes wait for the carrier to take them: a pending handshake waits for that, else for bytes to read.
    pub fn wants_write(&self) -> bool {
        self.tls.wants_write()
    }

    /// Agrees on keys and checks the engine's certificate. Nothing of a request is sent before.
    ///
    /// # Errors
    /// Whatever the two cannot agree on, in words for people; the transport's.
    pub fn poll_handshake(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        loop {
            ready!(self.poll_flush(cx))?;
            if !self.tls.is_handshaking() {
                return Poll::Ready(Ok(()));
            }
            if ready!(self.fill(|carrier, room| carrier.poll_read(cx, room)))? == 0 {
                return Poll::Ready(Err(self.beginning.ended(&self.host)));
            }
            self.process();
            if let Some(refused) = &self.refused {
                let e = refused.error();
                // The peer is told why, if it still listens.
                let _ = self.poll_flush(cx);
                return Poll::Ready(Err(e));
            }
        }
    }

    /// Reads into `room`; 0 is the end that the peer announced.
    ///
    /// # Errors
    /// An alert of the peer; a peer that broke off; the transport's.
    pub fn poll_read(&mut self, cx: &mut Context<'_>, room: &mut [u8]) -> Poll<io::Result<usize>> {
        self.push_for_the_writer(cx);
        self.read_with(room, |carrier, room| carrier.poll_read(cx, room))
    }

    /// Reads what is there now. Records that hold no data, as those in which a peer offers to resume, count for nothing.
    ///
    /// # Errors
    /// [`WouldBlock`](ErrorKind::WouldBlock); as [`poll_read`](Self::poll_read).
    pub fn try_read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        let read = self.read_with(room, |carrier, room| match carrier.try_read(room) {
            Err(e) if e.kind() == ErrorKind::WouldBlock => Poll::Pending,
            result => Poll::Ready(result),
        });
        match read {
            Poll::Ready(result) => result,
            Poll::Pending => Err(ErrorKind::WouldBlock.into()),
        }
    }

    fn read_with(
        &mut self,
        room: &mut [u8],
        mut read: impl FnMut(&mut C, &mut [u8]) -> Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        loop {
            match self.tls.reader().read(room) {
                Err(e) if e.kind() == ErrorKind::WouldBlock => {}
                Err(e) if e.kind() == ErrorKind::UnexpectedEof => return Poll::Ready(Err(cut())),
                result => return Poll::Ready(result),
            }
            if let Some(refused) = &self.refused {
                return Poll::Ready(Err(refused.error()));
            }
            ready!(self.fill(&mut read))?;
            self.process();
        }
    }

    /// Gives encrypted bytes to rustls; 0 is the end of the transport.
    fn fill(&mut self, mut read: impl FnMut(&mut C, &mut [u8]) -> Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        if self.unread.is_empty() {
            let n = ready!(read(&mut self.carrier, &mut self.inbox))?;
            self.beginning.see(&self.inbox[..n]);
            self.unread = 0..n;
        }
        let n = self.tls.read_tls(&mut &self.inbox[self.unread.clone()])?;
        self.unread.start += n;
        Poll::Ready(Ok(n))
    }

    fn process(&mut self) {
        if let Err(e) = self.tls.process_new_packets() {
            self.refused = Some(explain(e, &self.beginning, &self.host));
        }
    }

    /// Writes from the parts, in order, as much as fits.
    ///
    /// # Errors
    /// The transport's.
    pub fn poll_write(&mut self, cx: &mut Context<'_>, parts: &[IoSlice<'_>]) -> Poll<io::Result<usize>> {
        // Nothing is taken while something is left, so that the sender is no faster than the transport.
        ready!(self.poll_push(cx))?;
        let n = self.tls.writer().write_vectored(parts)?;
        match self.poll_push(cx) {
            Poll::Ready(Err(e)) => Poll::Ready(Err(e)),
            _ => Poll::Ready(Ok(n)),
        }
    }

    /// Hands everything written to the peer.
    ///
    /// # Errors
    /// The transport's.
    pub fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_push(cx))?;
        self.carrier.poll_flush(cx)
    }

    /// Ends the writing side with `close_notify`; reading goes on. The transport stays open both ways, as Go's does: an engine
    /// that sees it end takes the whole connection for gone.
    ///
    /// # Errors
    /// The transport's.
    pub fn poll_close(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if !core::mem::replace(&mut self.closed, true) {
            self.tls.send_close_notify();
        }
        self.poll_flush(cx)
    }

    /// Writes all records that are ready.
    fn poll_push(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let pushed = push(&mut self.tls, &mut self.carrier, cx);
        self.writer = pushed.is_pending().then(|| cx.waker().clone());
        pushed
    }

    /// A writer who did not flush may have gone; whoever reads pushes then. A transport remembers one waker for each direction:
    /// a writer who waits must stay among those that are woken.
    fn push_for_the_writer(&mut self, cx: &Context<'_>) {
        if self.tls.wants_write() {
            let reader = cx.waker().clone();
            let both = match &self.writer {
                Some(writer) if !writer.will_wake(&reader) => Waker::from(Arc::new(Both(writer.clone(), reader))),
                _ => reader,
            };
            // What breaks here is told to the next who writes, and the reader learns more by reading.
            if push(&mut self.tls, &mut self.carrier, &mut Context::from_waker(&both)).is_ready() {
                self.writer.take().into_iter().for_each(Waker::wake);
            }
        }
    }
}

struct Both(Waker, Waker);

impl Wake for Both {
    fn wake(self: Arc<Self>) {
        self.0.wake_by_ref();
        self.1.wake_by_ref();
    }
}

fn push(tls: &mut ClientConnection, carrier: &mut impl Carrier, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
    let mut out = Out { carrier, cx };
    while tls.wants_write() {
        match tls.write_tls(&mut out) {
            Ok(0) => return Poll::Ready(Err(ErrorKind::WriteZero.into())),
            Ok(_) => {}
            Err(e) if e.kind() == ErrorKind::WouldBlock => return Poll::Pending,
            Err(e) => return Poll::Ready(Err(e)),
        }
    }
    Poll::Ready(Ok(()))
}

/// A carrier as rustls writes to one.
struct Out<'a, 'b, C> {
    carrier: &'a mut C,
    cx: &'a mut Context<'b>,
}

impl<C: Carrier> Write for Out<'_, '_, C> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.write_vectored(&[IoSlice::new(bytes)])
    }

    fn write_vectored(&mut self, parts: &[IoSlice<'_>]) -> io::Result<usize> {
        match self.carrier.poll_write(self.cx, parts) {
            Poll::Ready(result) => result,
            Poll::Pending => Err(ErrorKind::WouldBlock.into()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<C> fmt::Debug for Secured<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Secured").field("host", &self.host).finish_non_exhaustive()
    }
}
