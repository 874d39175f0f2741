//! A tour of the client: a container from its image to its end, with everything in between.
//!
//! ```text
//! cargo run -p docker-blocking --example tour [-- [--import] [--replay [FILE]]]
//! ```
//!
//! Asks the engine that `DOCKER_HOST` names. If none can be reached, the same code talks to an engine in memory, which
//! says what a real one said when `tests/transcripts/tour-d28.txt` was recorded.

#[path = "../../docker-proto/examples/shared/tour/mod.rs"]
mod shared;

use docker_blocking::api::{archive, containers, exec, images, system};
use docker_blocking::session::{Config, Endpoint, PoolLimits};
use docker_blocking::{Docker, ErrorKind, Items, Transport};
use shared::{Args, Made, Outcome, Plan, Played, Replay, Show};
use std::io::{self, IoSlice, Write};
use std::process::ExitCode;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::Waker;
use std::thread;

fn main() -> ExitCode {
    shared::exit(run())
}

fn run() -> Outcome {
    let args = Args::parse(&["--import", "--replay"])?;
    if let Some(recording) = args.replay {
        return replay(&recording);
    }
    let docker = Docker::from_env()?;
    let why = match docker.call(system::Version::new()) {
        Err(e) if e.kind() == ErrorKind::Connect => format!("no engine is reachable: {e}"),
        Err(e) => return Err(e.into()),
        Ok(version) => match shared::program(&version) {
            Ok(_) => return tour(&docker, &Plan::live(args.import), &Show::default()),
            Err(e) => e.to_string(),
        },
    };
    println!("{why}\nreplaying tests/transcripts/tour-d28.txt");
    replay(shared::RECORDING)
}

/// The tour, while another thread follows its events.
fn tour(docker: &Docker, plan: &Plan, show: &Show) -> Outcome {
    // The first call also agrees on an API version.
    let version = docker.call(system::Version::new())?;
    show.engine(&version, docker.engine())?;
    let program = shared::program(&version)?;

    // The engine listens a moment after the head, long before a container is made.
    let mut events = docker.stream(system::Events::new().filters([("container", &plan.name)]));
    events.head()?;
    let no_more = events.canceller();
    thread::scope(|scope| {
        let followed = scope.spawn(|| follow(events, show));
        let mut made = Made::default();
        let visited = visit(docker, plan, show, program, &mut made);
        if let Err(e) = &visited {
            show.failed(e);
        }
        // What was made is removed, whatever happened.
        let removed = remove(docker, show, made);
        if let Err(e) = visited.and(removed) {
            no_more.cancel();
            return Err(e);
        }
        followed.join().map_err(|_| "the thread that followed the events failed")?
    })?;
    show.followed()
}

fn follow(events: Items<system::Events>, show: &Show) -> Outcome {
    for event in events {
        if show.event(&event?)? {
            break;
        }
    }
    Ok(())
}

fn visit(docker: &Docker, plan: &Plan, show: &Show, program: Vec<u8>, made: &mut Made) -> Outcome {
    // A local image, whichever; without one, an image is uploaded. No registry is asked.
    let local = docker.call(images::List::new())?;
    let image = match show.smallest(local, plan) {
        Some(name) => name,
        None => {
            let [repo, tag] = &plan.image;
            let import = images::Import::new().repo(repo).tag(tag);
            let progress: Vec<_> = docker.upload(import, program.clone()).collect::<Result<_, _>>()?;
            made.image.insert(show.imported(&progress)?).clone()
        }
    };
    let create = containers::Create::new(plan.container(&image)).name(&plan.name);
    let created = docker.call(create)?;
    let id = &*made.container.insert(show.created(&plan.name, created.id)?).clone();

    // The image need not hold anything that runs: the program goes in as a tar.
    docker.upload(archive::Put::new(id, "/"), program).value()?;

    // Attached and waited for before it starts, so that nothing is missed.
    let mut output = docker.stream(containers::AttachOutput::new(id).stream(true).stdout(true).stderr(true));
    output.head()?;
    let mut exit = docker.begin(containers::Wait::new(id).condition(containers::WaitCondition::NextExit));
    exit.head()?;
    show.done("start", docker.call(containers::Start::new(id))?);
    while !show.heard_both() {
        show.output(&output.next().ok_or("the output ended too early")??);
    }

    // A second command in it: what is written to its stdin comes back, and the half-close tells it that this was all.
    let command = docker.call(exec::Create::new(id, plan.command()))?.id.ok_or("the engine named no command")?;
    let mut session = docker.open(exec::Start::new(&*command))?;
    session.input().write_all(shared::INPUT)?;
    session.input().close()?;
    let (stdout, stderr) = session.collect_all()?;
    // The end of the output says nothing of the outcome. Podman may take a moment more to know it.
    let code = loop {
        if let Some(code) = docker.call(exec::Inspect::new(&*command))?.exit_code {
            break code;
        }
    };
    show.executed(shared::INPUT, (&stdout, &stderr), code)?;

    // A file goes in and comes out.
    let (letter, place) = shared::letter();
    docker.upload(archive::Put::new(id, "/"), letter.clone()).value()?;
    let mut file = docker.stream(archive::Get::new(id, place));
    let stat = file.head()?.clone();
    let pieces: Vec<_> = file.collect::<Result<_, _>>()?;
    show.file(&letter, &stat, &pieces.concat())?;

    // The end: what it says last, and how it ended.
    show.done("stop", docker.call(containers::Stop::new(id).t(10))?);
    for piece in output {
        show.output(&piece?);
    }
    show.stopped(exit.value()?.status_code)
}

fn remove(docker: &Docker, show: &Show, made: Made) -> Outcome {
    if let Some(id) = &made.container {
        docker.call(containers::Remove::new(id).force(true).v(true))?;
        show.removed(id);
    }
    if let Some(id) = &made.image {
        show.removed_image(id, &docker.call(images::Remove::new(id))?)?;
    }
    Ok(())
}

/// The same over connections in memory.
fn replay(recording: &str) -> Outcome {
    let (replay, show) = (Replay::new(recording)?, Show::default());
    let dials = replay.clone();
    let dial = move || dials.dial().map(|played| Memory(Mutex::new(played)));
    let docker = Docker::with_dial(dial, Config::new(&Endpoint::default()), PoolLimits::default());
    tour(&docker, &Plan::recorded(), &show)?;
    docker.close();
    replay.finish(&show)
}

struct Memory(Mutex<Played>);

impl Memory {
    fn played(&self) -> MutexGuard<'_, Played> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Transport for Memory {
    fn read(&self, room: &mut [u8]) -> io::Result<usize> {
        self.played().read(room)
    }

    fn write_vectored(&self, parts: &[IoSlice<'_>]) -> io::Result<usize> {
        parts.iter().map(|part| self.played().write(part)).sum()
    }

    fn flush(&self) -> io::Result<()> {
        self.played().flush()
    }

    fn shutdown_write(&self) -> io::Result<()> {
        self.played().end();
        Ok(())
    }

    fn wake_when_ready(&self, waker: &Waker) {
        waker.wake_by_ref();
    }
}
