//! Programs as connections: their stdin and stdout are one socket, so that nothing else here knows the difference.

use crate::dial::Socket;
use crate::link::Transport;
use docker_proto::session::{Command, Heard};
use std::io::{self, ErrorKind, IoSlice, Read};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::pin::Pin;
use std::process;
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Interval, interval};

/// Starts a program.
pub(crate) fn connect(command: &Command) -> io::Result<Box<dyn Transport>> {
    let (socket, process) = Process::start(command)?;
    Ok(Box::new(Child { io: Socket(tokio::net::UnixStream::from_std(socket)?), process, looks: None }))
}

struct Child {
    io: Socket<tokio::net::UnixStream>,
    process: Process,
    /// When to look how the program ended, from the end of its stdout on.
    looks: Option<Interval>,
}

impl Transport for Child {
    fn try_read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        self.io.try_read(room)
    }
}

impl AsyncRead for Child {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, room: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        this.process.listen();
        let looks = match &mut this.looks {
            Some(looks) => looks,
            None => {
                let before = room.filled().len();
                let read = ready!(Pin::new(&mut this.io).poll_read(cx, room));
                if let Some(read) = this.process.read(read.map(|()| room.filled().len() - before)) {
                    return Poll::Ready(read.map(drop));
                }
                this.looks.insert(interval(Heard::PAUSE))
            }
        };
        loop {
            ready!(looks.poll_tick(cx));
            if let Some(end) = this.process.end() {
                return Poll::Ready(end.map(drop));
            }
        }
    }
}

impl AsyncWrite for Child {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.process.listen();
        Pin::new(&mut self.io).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.process.listen();
        Pin::new(&mut self.io).poll_write_vectored(cx, parts)
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(cx)
    }
}

/// The program behind a connection. Dropping it kills and reaps it: that takes no longer than the system does.
struct Process {
    child: process::Child,
    stderr: UnixStream,
    heard: Heard,
    /// Until when its status is waited for, from the end of its stdout on.
    until: Option<Instant>,
}

impl Process {
    fn start(command: &Command) -> io::Result<(UnixStream, Self)> {
        let named = |e: io::Error| io::Error::new(e.kind(), format!("{}: {e}", command.program));
        let ((ours, theirs), (stderr, loud)) = (UnixStream::pair()?, UnixStream::pair()?);
        ours.set_nonblocking(true)?;
        stderr.set_nonblocking(true)?;
        // It is read whenever the connection is used. A program that says more meanwhile must not wait for that: what it says
        // beyond some hundred KiB is lost to it after a moment.
        loud.set_write_timeout(Some(Duration::from_millis(1)))?;
        let mut program = process::Command::new(&command.program);
        program.args(&command.args).process_group(0); // Ctrl-C is for us, and ends no connection
        for (name, value) in &command.env {
            match value {
                Some(value) => program.env(name, value),
                None => program.env_remove(name),
            };
        }
        program.stdin(OwnedFd::from(theirs.try_clone()?)).stdout(OwnedFd::from(theirs)).stderr(OwnedFd::from(loud));
        let child = program.spawn().map_err(named)?;
        Ok((ours, Self { child, stderr, heard: Heard::of(command), until: None }))
    }

    /// Takes what it said on stderr.
    fn listen(&mut self) {
        let mut room = [0; 1024];
        while let Ok(n @ 1..) = self.stderr.read(&mut room) {
            self.heard.stderr(&room[..n]);
        }
    }

    /// A read, unless it is the end of stdout.
    fn read(&mut self, read: io::Result<usize>) -> Option<io::Result<usize>> {
        match read {
            Ok(1..) => self.heard.answered(),
            // Of a program that ended while there was something for it to read.
            Err(ref e) if e.kind() == ErrorKind::ConnectionReset => return None,
            Ok(0) => return None,
            Err(_) => {}
        }
        Some(read)
    }

    /// What the end of stdout means, as soon as that can be said.
    fn end(&mut self) -> Option<io::Result<usize>> {
        let until = *self.until.get_or_insert_with(|| Instant::now() + Heard::PATIENCE);
        let status = match self.child.try_wait() {
            Ok(status) => status,
            Err(e) => return Some(Err(e)),
        };
        self.listen();
        let end = match status {
            Some(status) => self.heard.ended(status.success(), &status),
            None if Instant::now() < until => return None,
            None => self.heard.closed(),
        };
        Some(end.map(|()| 0).map_err(|e| io::Error::new(ErrorKind::UnexpectedEof, e)))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Nothing happens to one that has ended and was waited for.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
