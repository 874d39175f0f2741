//! Helper programs: run, fed, heard, and ended in time.

use docker_proto::resolve::{MAX_ANSWER, Program};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use std::io::{self, ErrorKind, Read, Write};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// What a program printed so far. One that prints too much is stopped.
#[inline]
fn room_left(stdout: &[u8]) -> io::Result<()> {
    if stdout.len() > MAX_ANSWER { Err(io::Error::other("printed too much")) } else { Ok(()) }
}

/// A program that runs. Dropping it kills and reaps it.
struct Running(Child);

impl Running {
    #[inline]
    fn start(program: &Program) -> io::Result<Self> {
        let mut command = Command::new(&program.name);
        command.args(&program.args).envs(program.env.iter().map(|(name, value)| (name, value)));
        Ok(Self(command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?))
    }
}

impl Drop for Running {
    #[inline]
    fn drop(&mut self) {
        // Nothing happens to one that has ended and was waited for.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Feeds a program and reads what it prints, at the same time, until both are at their end.
#[inline]
pub(crate) fn run(program: &Program) -> io::Result<(Option<i32>, Vec<u8>)> {
    let end = Instant::now() + program.timeout;
    let late = || io::Error::other(format!("took longer than {:?}", program.timeout));
    let mut running = Running::start(program)?;
    let (mut stdin, Some(mut output)) = (running.0.stdin.take(), running.0.stdout.take()) else {
        return Err(io::Error::other("has no stdout"));
    };
    if let Some(pipe) = &stdin {
        rustix::io::ioctl_fionbio(pipe, true)?;
    }
    let (mut rest, mut stdout, mut room) = (&*program.stdin, Vec::new(), [0; 4096]);
    loop {
        if let Some(pipe) = &mut stdin {
            match pipe.write(rest) {
                Ok(n) => rest = &rest[n..],
                Err(e) if e.kind() == ErrorKind::WouldBlock => {}
                // It does not want to read; what it prints tells why.
                Err(_) => rest = &[],
            }
        }
        stdin = stdin.filter(|_| !rest.is_empty());
        let mut fds = vec![PollFd::new(&output, PollFlags::IN)];
        fds.extend(stdin.as_ref().map(|pipe| PollFd::new(pipe, PollFlags::OUT)));
        let left = end.saturating_duration_since(Instant::now());
        match poll(&mut fds, Timespec::try_from(left).ok().as_ref()) {
            Ok(0) => return Err(late()),
            Err(Errno::INTR) => continue,
            polled => polled?,
        };
        if fds[0].revents().is_empty() {
            continue;
        }
        match output.read(&mut room)? {
            0 => break,
            n => stdout.extend_from_slice(&room[..n]),
        }
        room_left(&stdout)?;
    }
    // Its stdout is closed: it ends at once, or as soon as it pleases.
    loop {
        match running.0.try_wait()? {
            Some(status) => return Ok((status.code(), stdout)),
            None if Instant::now() > end => return Err(late()),
            None => thread::sleep(Duration::from_millis(2)),
        }
    }
}
