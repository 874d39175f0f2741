//! Programs as connections: their stdin and stdout are one socket, so that nothing else here knows the difference.

use crate::dial::Socket;
use crate::link::Transport;
use docker_proto::session::Command;
use std::io::{self, ErrorKind, IoSlice, Read};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::pin::Pin;
use std::process;
use std::task::{Context, Poll, ready};
use std::thread;
use std::time::{Duration, Instant};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Starts a program.
pub(crate) fn connect(command: &Command) -> io::Result<Box<dyn Transport>> {
    let (socket, process) = Process::start(command)?;
    Ok(Box::new(Child { io: Socket(tokio::net::UnixStream::from_std(socket)?), process }))
}

struct Child {
    io: Socket<tokio::net::UnixStream>,
    process: Process,
}

impl Transport for Child {
    fn try_read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        let read = self.io.try_read(room);
        self.process.judge(read)
    }
}

impl AsyncRead for Child {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, room: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        self.process.listen();
        let before = room.filled().len();
        let read = ready!(Pin::new(&mut self.io).poll_read(cx, room));
        let n = room.filled().len() - before;
        Poll::Ready(self.process.judge(read.map(|()| n)).map(drop))
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
    name: String,
    stderr: UnixStream,
    /// The end of what it said on stderr.
    said: Vec<u8>,
    /// Whether it ever gave a byte.
    answered: bool,
}

/// As much of stderr is kept.
const SAID: usize = 4 * 1024;
/// A program that has closed its stdout is about to end. How it ended is worth a short wait.
const ENDING: Duration = Duration::from_millis(50);

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
        let process = Self { child, name: command.to_string(), stderr, said: Vec::new(), answered: false };
        Ok((ours, process))
    }

    /// Takes what it said on stderr.
    fn listen(&mut self) {
        let mut room = [0; 1024];
        while let Ok(n @ 1..) = self.stderr.read(&mut room) {
            self.said.extend_from_slice(&room[..n]);
            let over = self.said.len().saturating_sub(SAID);
            self.said.drain(..over);
        }
    }

    /// What a read means: an end is one only if the program came to a good one.
    fn judge(&mut self, read: io::Result<usize>) -> io::Result<usize> {
        match read {
            Ok(n @ 1..) => {
                self.answered = true;
                return Ok(n);
            }
            // Of a program that ended while there was something for it to read.
            Err(e) if e.kind() != ErrorKind::ConnectionReset => return Err(e),
            _ => {}
        }
        let end = Instant::now() + ENDING;
        let status = loop {
            match self.child.try_wait()? {
                None if Instant::now() < end => thread::sleep(Duration::from_millis(1)),
                status => break status,
            }
        };
        self.listen();
        let how = match status {
            Some(status) if status.success() && self.answered => return Ok(0),
            None if self.answered => return Ok(0),
            Some(status) => format!("ended ({status})"),
            None => "closed its stdout".into(),
        };
        let said = String::from_utf8_lossy(&self.said);
        let said = match said.trim() {
            "" => "nothing on stderr".into(),
            said => said.replace(['\r', '\n'], " "),
        };
        let when = if self.answered { "" } else { " before it answered" };
        Err(io::Error::new(ErrorKind::UnexpectedEof, format!("{} {how}{when}: {said}", self.name)))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Nothing happens to one that has ended and was waited for.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
