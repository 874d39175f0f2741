//! Records what an engine says during the tour.

use crate::shared::replay::SHOWN;
use crate::shared::{Outcome, Plan, Show};
use docker_proto::testkit::Recorder;
use docker_tokio::Docker;
use docker_tokio::resolve::Resolve;
use docker_tokio::session::{Address, PoolLimits};
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::UnixStream;

/// Takes the tour with the engine that the environment means, and writes down what was said and what was shown.
pub(crate) async fn record(file: &str) -> Outcome {
    let (endpoint, config) = docker_tokio::ask(Resolve::new()).await?.client()?;
    let Address::Unix(path) = endpoint.address else { return Err("only unix sockets are recorded".into()) };
    let (recorder, show) = (Shared::default(), Show::default());
    let dials = recorder.clone();
    let dial = move || {
        let (recorder, path) = (dials.clone(), path.clone());
        async move {
            let io = UnixStream::connect(path).await?;
            let number = recorder.get().dialled();
            Ok::<_, io::Error>(Recorded { io, number, recorder })
        }
    };
    let docker = Docker::with_dial(dial, config, PoolLimits::default());
    crate::tour(&docker, &Plan::recorded(), &show).await?;
    let mut transcript = recorder.get().transcript();
    // Another version of this crate says the same otherwise.
    transcript.mask("User-Agent");
    let mut text = String::from("# Made by `cargo run -p docker-tokio --example tour -- --record FILE`.\n");
    show.lines().iter().for_each(|line| text += &format!("{SHOWN}{line}\n"));
    std::fs::write(file, text + &transcript.to_string())?;
    println!("recorded in {file}");
    Ok(())
}

#[derive(Clone, Default)]
struct Shared(Arc<Mutex<Recorder>>);

impl Shared {
    fn get(&self) -> MutexGuard<'_, Recorder> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A socket, and who listens.
struct Recorded {
    io: UnixStream,
    number: u32,
    recorder: Shared,
}

impl AsyncRead for Recorded {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        ready!(Pin::new(&mut self.io).poll_read(cx, buf))?;
        self.recorder.get().received(self.number, &buf.filled()[before..]);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Recorded {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let n = ready!(Pin::new(&mut self.io).poll_write(cx, bytes))?;
        self.recorder.get().sent(self.number, &bytes[..n]);
        Poll::Ready(Ok(n))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.recorder.get().half_closed(self.number);
        Pin::new(&mut self.io).poll_shutdown(cx)
    }
}
