//! An engine that is killed in the middle of everything that takes long: each caller gets a typed error at once.

use crate::engine::{Engine, Failure, IMAGE, until};
use crate::registry::Registry;
use crate::runtime::{self, Items, Runtime, Work};
use crate::{Arguments, Row, outcomes};
use docker_proto::api::build::{Builder, FromTar};
use docker_proto::api::{archive, containers, exec, images, system};
use docker_proto::jobs;
use docker_proto::model::{ContainerCreateBody, ExecConfig, HostConfig};
use docker_proto::op::{Operation, Plain};
use docker_proto::tar::Tree;
use docker_proto::{ErrorKind, Result};
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

/// How soon an error has to come.
const AT_ONCE: Duration = Duration::from_secs(1);
/// What has not ended by then hangs.
const LIMIT: Duration = Duration::from_secs(20);

/// What there is to stream from.
pub struct Subject {
    pub url: String,
    pub plain: String,
    pub tty: String,
    pub registry: String,
}

/// Counts those that are in the middle of it.
#[derive(Clone)]
pub struct Ready(Arc<AtomicUsize>);

impl Ready {
    fn now(&self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

type Case<R> = (&'static str, fn(R, Arc<Subject>, Ready) -> Work<Result<()>>);

fn cases<R: Runtime>() -> Vec<Case<R>> {
    vec![
        ("follow", |docker, on, ready| Box::pin(items(docker.begin(follow(&on.plain)), ready))),
        ("follow as messages", |docker, on, ready| Box::pin(items(docker.begin(follow(&on.plain).messages()), ready))),
        ("follow with a terminal", |docker, on, ready| Box::pin(items(docker.begin(follow(&on.tty)), ready))),
        ("events", |docker, _, ready| Box::pin(events(docker, ready))),
        ("stats", |docker, on, ready| Box::pin(items(docker.begin(containers::Stats::new(&*on.plain)), ready))),
        ("wait", |docker, on, ready| Box::pin(wait(docker, on, ready))),
        // The registry tells when it is in the middle.
        ("pull", |docker, on, _| Box::pin(pull(docker, on))),
        ("build", |docker, _, ready| Box::pin(build(docker, ready))),
        ("upload", |docker, _, ready| Box::pin(upload(docker, ready))),
        ("exec", |docker, on, ready| Box::pin(exec(docker, on, ready, false))),
        ("exec with a terminal", |docker, on, ready| Box::pin(exec(docker, on, ready, true))),
        ("run, a job", |docker, _, ready| Box::pin(run(docker, ready))),
        ("exec_run, a job", |docker, on, ready| Box::pin(exec_run(docker, on, ready))),
        ("attach", |docker, on, ready| Box::pin(attach(docker, on.plain.clone(), ready, false))),
        ("attach with a terminal", |docker, on, ready| Box::pin(attach(docker, on.tty.clone(), ready, true))),
    ]
}

fn follow(id: &str) -> containers::Logs {
    containers::Logs::new(id).stdout(true).stderr(true).follow(true)
}

/// Reads on and on; ready once something came.
async fn items<O: Operation>(mut items: impl Items<O>, ready: Ready) -> Result<()> {
    let mut first = Some(ready);
    while let Some(item) = items.next().await {
        item?;
        if let Some(ready) = first.take() {
            ready.now();
        }
    }
    Ok(())
}

async fn events<R: Runtime>(docker: R, ready: Ready) -> Result<()> {
    let mut stream = docker.begin(system::Events::new());
    stream.head().await?;
    ready.now();
    while let Some(item) = stream.next().await {
        item?;
    }
    Ok(())
}

async fn wait<R: Runtime>(docker: R, on: Arc<Subject>, ready: Ready) -> Result<()> {
    let mut wait = docker.begin(containers::Wait::new(&*on.plain));
    // Not every engine says that it waits.
    if let Some(early) = wait.next_within(Duration::from_millis(500)).await {
        return early.map_or(Ok(()), |item| item.map(drop));
    }
    ready.now();
    wait.value().await.map(drop)
}

async fn pull<R: Runtime>(docker: R, on: Arc<Subject>) -> Result<()> {
    let image = format!("{}/kills", on.registry);
    docker.begin(images::Pull::new(image).tag(R::NAME)).all().await.map(drop)
}

async fn build<R: Runtime>(docker: R, ready: Ready) -> Result<()> {
    let tar = Tree::new().file("Dockerfile", "FROM docker-proto-test:latest\nRUN sleep 600\n")?.into_bytes();
    let op = FromTar::new().version(Builder::Classic).networkmode("none").nocache(true).rm(true).forcerm(true);
    let mut progress = docker.upload(op, tar);
    let mut first = Some(ready);
    while let Some(item) = progress.next().await {
        let item = item?;
        if item.stream.is_some_and(|text| text.contains("RUN sleep"))
            && let Some(ready) = first.take()
        {
            ready.now();
        }
    }
    Ok(())
}

async fn upload<R: Runtime>(docker: R, ready: Ready) -> Result<()> {
    let tar = Tree::new().file("big", vec![0; 8 << 20])?.into_bytes();
    let slow = Slow { left: io::Cursor::new(tar), reads: 0, ready: Some(ready) };
    docker.upload_from(FromTar::new().version(Builder::Classic), slow).all().await.map(drop)
}

/// A body that takes minutes, piece by piece.
struct Slow {
    left: io::Cursor<bytes::Bytes>,
    reads: u32,
    ready: Option<Ready>,
}

impl io::Read for Slow {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        self.reads += 1;
        if self.reads > 4
            && let Some(ready) = self.ready.take()
        {
            ready.now();
        }
        // Each stream has a thread of its own, and this is what the body is like; nothing waits for it.
        thread::sleep(Duration::from_millis(20));
        let n = room.len().min(4096);
        io::Read::read(&mut self.left, &mut room[..n])
    }
}

async fn exec<R: Runtime>(docker: R, on: Arc<Subject>, ready: Ready, tty: bool) -> Result<()> {
    let config = ExecConfig::new().cmd(["sh", "-c", "while :; do echo tick; sleep 0.1; done"]);
    let config = config.attach_stdout(true).attach_stderr(true).tty(tty);
    let exec = docker.call(exec::Create::new(&*on.plain, config)).await?.id.unwrap_or_default();
    let session = docker.open(exec::Start::new(&*exec).tty(tty)).await?;
    until_end(session.0, ready).await;
    // The end of the output says nothing: whoever reports an outcome asks. By hand, and by the job for it.
    match tty {
        false => outcome(&docker, exec::Inspect::new(exec)).await,
        true => docker.job(jobs::exec_outcome(exec)).await.map(drop),
    }
}

async fn attach<R: Runtime>(docker: R, id: String, ready: Ready, tty: bool) -> Result<()> {
    let session = docker.open(containers::Attach::new(&*id).stream(true).stdout(true).stderr(true)).await?;
    until_end(session.0, ready).await;
    match tty {
        false => outcome(&docker, containers::Wait::new(id)).await,
        true => docker.job(jobs::container_outcome(id)).await.map(drop),
    }
}

/// The command leaves a file when it runs.
async fn exec_run<R: Runtime>(docker: R, on: Arc<Subject>, ready: Ready) -> Result<()> {
    let mark = format!("/tmp/ran-{}", R::NAME);
    let script = format!("touch {mark}; while :; do echo tick; sleep 0.1; done");
    let job = jobs::exec_run(&*on.plain, ["sh".to_owned(), "-c".to_owned(), script]);
    let (running, watching) = (docker.clone(), docker);
    let work: Vec<Work<Result<()>>> = vec![
        Box::pin(async move { running.job(job).await.map(drop) }),
        Box::pin(async move {
            loop {
                match watching.call(archive::Stat::new(&*on.plain, &*mark)).await {
                    Ok(_) => {
                        ready.now();
                        break Ok(());
                    }
                    Err(e) if e.is_not_found() => R::sleep(Duration::from_millis(20)).await,
                    Err(e) => break Err(e),
                }
            }
        }),
    ];
    R::all(work).await.swap_remove(0)
}

async fn run<R: Runtime>(docker: R, ready: Ready) -> Result<()> {
    let body = ContainerCreateBody::new().image(IMAGE).cmd(["sh", "-c", "while :; do echo tick; sleep 0.1; done"]);
    let body = body.host_config(HostConfig::new().network_mode("none").auto_remove(true));
    let mut first = Some(ready);
    let watch = move |_| first.take().into_iter().for_each(|ready| ready.now());
    docker.job(jobs::run(containers::Create::new(body)).watch(watch)).await.map(drop)
}

/// Reads to the end of a session, however it comes.
async fn until_end<O: Operation>(session: impl Items<O>, ready: Ready) {
    let _ = items(session, ready).await;
}

async fn outcome<R: Runtime, O: Plain>(docker: &R, question: O) -> Result<()>
where
    O::Reply: docker_proto::op::Unary,
    runtime::ItemOf<O>: Send,
{
    docker.begin(question).value().await.map(drop)
}

type Ended = (String, Result<()>, Instant);

fn begin<R: Runtime>(on: &Arc<Subject>, ready: &Ready, ended: &mpsc::Sender<Ended>) -> usize {
    let cases = cases::<R>();
    let count = cases.len();
    for (name, case) in cases {
        let (on, ready, ended) = (on.clone(), ready.clone(), ended.clone());
        thread::spawn(move || {
            let docker = R::connect(&on.url);
            let result = R::block_on(case(docker, on, ready));
            // The receiver has given up only if this took too long.
            let _ = ended.send((format!("{} {name}", R::NAME), result, Instant::now()));
        });
    }
    count
}

/// The test: begins everything, kills, and looks at what each of them got.
pub fn end_in_errors(engine: &Engine, arguments: &Arguments, rows: &mut Vec<Row>) -> Result<(), Failure> {
    const TICK: &str = "while :; do echo tick; sleep 0.1; done";
    let (plain, tty) = (engine.shell(TICK, false)?, engine.shell(TICK, true)?);
    let registry = Registry::new()?;
    let on = Arc::new(Subject {
        url: engine.url.clone(),
        plain: plain.id.clone(),
        tty: tty.id.clone(),
        registry: registry.address.clone(),
    });
    let ready = Ready(Arc::default());
    let (sender, ended) = mpsc::channel();
    let count = begin::<runtime::Tokio>(&on, &ready, &sender)
        + begin::<runtime::Smol>(&on, &ready, &sender)
        + begin::<runtime::AsyncStd>(&on, &ready, &sender)
        + begin::<runtime::Blocking>(&on, &ready, &sender);
    let programs = outcomes::begin(engine, arguments, &plain.id)?;
    let middle = || ready.0.load(Ordering::SeqCst) + registry.stalled() >= count;
    if let Err(e) = until("all streams in the middle", LIMIT, middle) {
        let early: Vec<_> = ended.try_iter().map(|(name, result, _)| format!("{name}: {result:?}")).collect();
        let came = ready.0.load(Ordering::SeqCst);
        return Err(format!("{e}: {came} and {} pulls of {count}; ended: {early:?}", registry.stalled()).into());
    }
    let killed = engine.kill()?;
    let mut slowest = Duration::ZERO;
    let mut good = 0;
    for _ in 0..count {
        let left = (killed + LIMIT).saturating_duration_since(Instant::now());
        let Ok((name, result, at)) = ended.recv_timeout(left) else {
            rows.push(Row::new("killed", Err(format!("a stream hangs; {good} of {count} have ended as they should"))));
            break;
        };
        let after = at.saturating_duration_since(killed);
        match typed(&result) {
            Err(why) => rows.push(Row::new(format!("killed: {name}"), Err(why))),
            Ok(_) if after > AT_ONCE || at < killed => {
                rows.push(Row::new(format!("killed: {name}"), Err(format!("ended after {after:?}: {result:?}"))));
            }
            Ok(()) => {
                good += 1;
                slowest = slowest.max(after);
            }
        }
    }
    let seen = format!("{good} of {count} streams in typed errors, the last after {} ms", slowest.as_millis());
    rows.push(Row::new("killed", if good == count { Ok(seen) } else { Err(seen) }));
    outcomes::check(programs, rows)?;
    engine.restart()
}

/// Whether it is an error that says that the connection or the engine is gone. Or that an engine could still say itself what
/// the kill did: podman's builds have a child that dies with the first of its threads, and another thread may tell
/// ("while running runtime: signal: killed") before it dies too.
fn typed(result: &Result<()>) -> Result<(), String> {
    match result {
        Err(e) if matches!(e.kind(), ErrorKind::Transport | ErrorKind::Truncated | ErrorKind::Connect) => Ok(()),
        Err(e)
            if e.kind() == ErrorKind::InStream
                && e.operation() == Some("ImageBuild")
                && e.to_string().contains("signal: killed") =>
        {
            Ok(())
        }
        _ => Err(format!("{result:?}")),
    }
}
