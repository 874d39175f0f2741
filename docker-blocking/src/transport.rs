//! What a connection has to be able to do.

use std::io::{self, IoSlice, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::net::UnixStream;
use std::task::Waker;

/// A connection to an engine, used without blocking: what cannot be done at once says
/// [`WouldBlock`](io::ErrorKind::WouldBlock). Reading and writing may happen in two threads at the same time.
///
/// `UnixStream` and `TcpStream` are transports. One without a descriptor, in memory, is simplest if its reads always give
/// data or the end, and its writes take everything; else it has to keep the waker.
pub trait Transport: Send + Sync + 'static {
    /// Reads what is there; 0 is the end.
    ///
    /// # Errors
    /// The transport's.
    fn read(&self, room: &mut [u8]) -> io::Result<usize>;

    /// Writes as much of the parts as is taken at once.
    ///
    /// # Errors
    /// The transport's.
    fn write_vectored(&self, parts: &[IoSlice<'_>]) -> io::Result<usize>;

    /// Hands everything written to the peer.
    ///
    /// # Errors
    /// The transport's.
    fn flush(&self) -> io::Result<()> {
        Ok(())
    }

    /// Closes the writing side. Reading goes on.
    ///
    /// # Errors
    /// The transport's.
    fn shutdown_write(&self) -> io::Result<()>;

    /// What `poll(2)` can wait on, and always the same; it is set non-blocking once the connection is there.
    fn fd(&self) -> Option<BorrowedFd<'_>> {
        None
    }

    /// Called after each `WouldBlock` of a transport that has no descriptor: keep the waker of each thread that comes, and
    /// wake it when another try is worth it, at once if that is so by now. If not, only a deadline or a
    /// [`Canceller`](crate::Canceller) ends the wait.
    fn wake_when_ready(&self, _waker: &Waker) {}
}

macro_rules! socket {
    ($($socket:ty),*) => {$(
        impl Transport for $socket {
            fn read(&self, room: &mut [u8]) -> io::Result<usize> {
                Read::read(&mut &*self, room)
            }

            fn write_vectored(&self, parts: &[IoSlice<'_>]) -> io::Result<usize> {
                Write::write_vectored(&mut &*self, parts)
            }

            fn shutdown_write(&self) -> io::Result<()> {
                match self.shutdown(Shutdown::Write) {
                    // The peer was first.
                    Err(e) if e.kind() == io::ErrorKind::NotConnected => Ok(()),
                    done => done,
                }
            }

            fn fd(&self) -> Option<BorrowedFd<'_>> {
                Some(self.as_fd())
            }
        }
    )*};
}
socket!(TcpStream, UnixStream);
