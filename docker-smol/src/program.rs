//! Helper programs: run, fed, heard, and ended in time.

use crate::ask::told;
#[cfg(unix)]
use async_io::Async;
use async_io::Timer;
use docker_proto::resolve::{Answer, MAX_ANSWER, Program};
#[cfg(unix)]
use futures_io::{AsyncRead, AsyncWrite};
use std::future::{Future, poll_fn};
use std::io;
use std::pin::{Pin, pin};
use std::process::{Child, Command, Stdio};
#[cfg(unix)]
use std::process::{ChildStdin, ChildStdout};
use std::task::Poll;
use std::time::Duration;

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

#[inline]
pub(crate) async fn run(program: &Program) -> Answer {
    let mut talking = pin!(talk(program));
    let mut timer = Timer::after(program.timeout);
    let talked = poll_fn(|cx| match talking.as_mut().poll(cx) {
        Poll::Ready(talked) => Poll::Ready(Some(talked)),
        Poll::Pending => Pin::new(&mut timer).poll(cx).map(|_| None),
    });
    match talked.await {
        Some(talked) => told(talked, |(code, stdout)| Answer::Ran { code, stdout }),
        None => Answer::Failed(format!("took longer than {:?}", program.timeout)),
    }
}

#[cfg(unix)]
#[inline]
async fn talk(program: &Program) -> io::Result<(Option<i32>, Vec<u8>)> {
    let mut running = Running::start(program)?;
    let feed = feed(running.0.stdin.take(), &program.stdin);
    let stdout = hear(running.0.stdout.take(), feed).await?;
    // Its stdout is closed: it ends at once, or as soon as it pleases.
    loop {
        match running.0.try_wait()? {
            Some(status) => return Ok((status.code(), stdout)),
            None => Timer::after(Duration::from_millis(2)).await,
        };
    }
}

/// Writes all, and closes the pipe.
#[cfg(unix)]
#[inline]
async fn feed(pipe: Option<ChildStdin>, mut rest: &[u8]) -> io::Result<()> {
    let Some(pipe) = pipe else { return Ok(()) };
    let mut pipe = Async::new(pipe)?;
    while !rest.is_empty() {
        let n = poll_fn(|cx| Pin::new(&mut pipe).poll_write(cx, rest)).await?;
        rest = &rest[n..];
    }
    Ok(())
}

/// Reads to the end, and feeds meanwhile. If it does not want to be fed, what it prints tells why.
#[cfg(unix)]
#[inline]
async fn hear(pipe: Option<ChildStdout>, feed: impl Future<Output = io::Result<()>>) -> io::Result<Vec<u8>> {
    let (mut feed, mut fed) = (pin!(feed), false);
    let mut all = pin!(async {
        let (mut stdout, mut room) = (Vec::new(), [0; 4096]);
        let Some(pipe) = pipe else { return Ok(stdout) };
        let mut pipe = Async::new(pipe)?;
        loop {
            match poll_fn(|cx| Pin::new(&mut pipe).poll_read(cx, &mut room)).await? {
                0 => return Ok(stdout),
                n => stdout.extend_from_slice(&room[..n]),
            }
            room_left(&stdout)?;
        }
    });
    poll_fn(|cx| {
        fed = fed || feed.as_mut().poll(cx).is_ready();
        all.as_mut().poll(cx)
    })
    .await
}

/// Where pipes cannot be awaited, the thread waits.
#[cfg(not(unix))]
#[inline]
async fn talk(program: &Program) -> io::Result<(Option<i32>, Vec<u8>)> {
    use std::io::{Read, Write};
    let mut running = Running::start(program)?;
    let mut stdout = Vec::new();
    if let Some(mut pipe) = running.0.stdin.take() {
        let _ = pipe.write_all(&program.stdin);
    }
    if let Some(pipe) = running.0.stdout.take() {
        pipe.take(MAX_ANSWER as u64 + 1).read_to_end(&mut stdout)?;
    }
    room_left(&stdout)?;
    Ok((running.0.wait()?.code(), stdout))
}
