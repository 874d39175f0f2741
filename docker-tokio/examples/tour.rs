//! A tour of the client: a container from its image to its end, with everything in between.
//!
//! ```text
//! cargo run -p docker-tokio --example tour [-- [--import] [--replay [FILE] | --record FILE]]
//! ```
//!
//! Asks the engine that `DOCKER_HOST` names. If none can be reached, the same code talks to an engine in memory, which
//! says what a real one said when `tests/transcripts/tour-d28.txt` was recorded.

#[cfg(unix)]
#[path = "tour/record.rs"]
mod record;
#[path = "../../docker-proto/examples/shared/tour/mod.rs"]
mod shared;

use docker_tokio::api::{archive, containers, exec, images, system};
use docker_tokio::session::{Config, Endpoint, PoolLimits};
use docker_tokio::{Docker, ErrorKind, Items};
use shared::{Args, Made, Outcome, Plan, Played, Replay, Show};
use std::io;
use std::pin::Pin;
use std::process::ExitCode;
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt, ReadBuf};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    shared::exit(run().await)
}

async fn run() -> Outcome {
    let args = Args::parse(&["--import", "--replay", "--record"])?;
    #[cfg(unix)]
    if let Some(file) = args.record {
        return record::record(&file).await;
    }
    if let Some(recording) = args.replay {
        return replay(&recording).await;
    }
    let docker = Docker::from_env()?;
    let why = match docker.call(system::Version::new()).await {
        Err(e) if e.kind() == ErrorKind::Connect => format!("no engine is reachable: {e}"),
        Err(e) => return Err(e.into()),
        Ok(version) => match shared::program(&version) {
            Ok(_) => return tour(&docker, &Plan::live(args.import), &Show::default()).await,
            Err(e) => e.to_string(),
        },
    };
    println!("{why}\nreplaying tests/transcripts/tour-d28.txt");
    replay(shared::RECORDING).await
}

/// The tour, while its events are followed on a connection of their own.
async fn tour(docker: &Docker, plan: &Plan, show: &Show) -> Outcome {
    // The first call also agrees on an API version.
    let version = docker.call(system::Version::new()).await?;
    show.engine(&version, docker.engine())?;
    let program = shared::program(&version)?;

    // The engine listens a moment after the head, long before a container is made.
    let mut events = docker.stream(system::Events::new().filters([("container", &plan.name)]));
    events.head().await?;
    let visit = async {
        let mut made = Made::default();
        let visited = visit(docker, plan, show, program, &mut made).await;
        if let Err(e) = &visited {
            show.failed(e);
        }
        // What was made is removed, whatever happened.
        let removed = remove(docker, show, made).await;
        visited.and(removed)
    };
    // A failed visit ends the wait for events; events that fail do not end the visit.
    let ((), followed) = tokio::try_join!(visit, async { Ok(follow(events, show).await) })?;
    followed?;
    show.followed()
}

async fn follow(mut events: Items<system::Events>, show: &Show) -> Outcome {
    while let Some(event) = events.try_next().await? {
        if show.event(&event)? {
            break;
        }
    }
    Ok(())
}

async fn visit(docker: &Docker, plan: &Plan, show: &Show, program: Vec<u8>, made: &mut Made) -> Outcome {
    // A local image, whichever; without one, an image is uploaded. No registry is asked.
    let local = docker.call(images::List::new()).await?;
    let image = match show.smallest(local, plan) {
        Some(name) => name,
        None => {
            let [repo, tag] = &plan.image;
            let import = images::Import::new().repo(repo).tag(tag);
            let progress = docker.upload(import, program.clone()).collect().await?;
            made.image.insert(show.imported(&progress)?).clone()
        }
    };
    let create = containers::Create::new(plan.container(&image)).name(&plan.name);
    let created = docker.call(create).await?;
    let id = &*made.container.insert(show.created(&plan.name, created.id)?).clone();

    // The image need not hold anything that runs: the program goes in as a tar.
    docker.upload(archive::Put::new(id, "/"), program).await?;

    // Attached and waited for before it starts, so that nothing is missed.
    let mut output = docker.stream(containers::AttachOutput::new(id).stream(true).stdout(true).stderr(true));
    output.head().await?;
    let mut exit = docker.begin(containers::Wait::new(id).condition(containers::WaitCondition::NextExit));
    exit.head().await?;
    show.done("start", docker.call(containers::Start::new(id)).await?);
    while !show.heard_both() {
        show.output(&output.try_next().await?.ok_or("the output ended too early")?);
    }

    // A second command in it: what is written to its stdin comes back, and the half-close tells it that this was all.
    let command = docker.call(exec::Create::new(id, plan.command())).await?.id.ok_or("the engine named no command")?;
    let mut session = docker.open(exec::Start::new(&*command)).await?;
    session.input().write_all(shared::INPUT).await?;
    session.input().close().await?;
    let (stdout, stderr) = session.collect().await?;
    // The end of the output says nothing of the outcome. Podman may take a moment more to know it.
    let code = loop {
        if let Some(code) = docker.call(exec::Inspect::new(&*command)).await?.exit_code {
            break code;
        }
    };
    show.executed(shared::INPUT, (&stdout, &stderr), code)?;

    // A file goes in and comes out.
    let (letter, place) = shared::letter();
    docker.upload(archive::Put::new(id, "/"), letter.clone()).await?;
    let mut file = docker.stream(archive::Get::new(id, place));
    let stat = file.head().await?.clone();
    show.file(&letter, &stat, &file.collect().await?.concat())?;

    // The end: what it says last, and how it ended.
    show.done("stop", docker.call(containers::Stop::new(id).t(10)).await?);
    while let Some(piece) = output.try_next().await? {
        show.output(&piece);
    }
    show.stopped(exit.await?.status_code)
}

async fn remove(docker: &Docker, show: &Show, made: Made) -> Outcome {
    if let Some(id) = &made.container {
        docker.call(containers::Remove::new(id).force(true).v(true)).await?;
        show.removed(id);
    }
    if let Some(id) = &made.image {
        show.removed_image(id, &docker.call(images::Remove::new(id)).await?)?;
    }
    Ok(())
}

/// The same over connections in memory.
async fn replay(recording: &str) -> Outcome {
    let (replay, show) = (Replay::new(recording)?, Show::default());
    let dials = replay.clone();
    let dial = move || std::future::ready(dials.dial().map(Memory));
    let docker = Docker::with_dial(dial, Config::new(&Endpoint::default()), PoolLimits::default());
    tour(&docker, &Plan::recorded(), &show).await?;
    docker.close();
    replay.finish(&show)
}

struct Memory(Played);

impl AsyncRead for Memory {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match self.0.read(buf.initialize_unfilled()) {
            Ok(n) => buf.advance(n),
            Err(e) if e.kind() == io::ErrorKind::WouldBlock => {
                cx.waker().wake_by_ref();
                return Poll::Pending;
            }
            Err(e) => return Poll::Ready(Err(e)),
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Memory {
    fn poll_write(mut self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Poll::Ready(self.0.write(bytes))
    }

    fn poll_flush(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(self.0.flush())
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.0.end();
        Poll::Ready(Ok(()))
    }
}
