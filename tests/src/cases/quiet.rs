//! Streams on which nothing happens for minutes. There are no heartbeats: silence is all there is.

use super::Failure;
use crate::engine::{Container, Engine, shell};
use crate::runtime::{Input, Items, Runtime, Work};
use docker_proto::api::exec::Start;
use docker_proto::api::{containers, system};
use docker_proto::wire::Piece;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How much earlier than the others the command speaks.
const SPARE: Duration = Duration::from_secs(5);

/// Follows a log, with and without a terminal, an attached container, a command and the events, all at the same time; all
/// are quiet for so long, and then say what they have to say.
pub async fn streams_survive_silence<R: Runtime>(engine: &Engine, silence: Duration) -> Result<(), Failure> {
    let docker: R = engine.client();
    let script = format!("echo first; sleep {}; echo last", silence.as_secs());
    let plain = Arc::new(engine.container(&docker, shell(&script)).await?);
    let tty = Arc::new(engine.container(&docker, shell(&script).tty(true)).await?);
    let attach = containers::AttachOutput::new(&*plain.id).stdout(true).stderr(true).stream(true);
    let mut attached = docker.begin(attach);
    attached.head().await?;
    // Podman listens before its head comes, and a file of its own holds what was before; see `streams`.
    let mut events = system::Events::new().filters([("container", &*plain.id), ("type", "container")]);
    if !engine.is_podman() {
        events = events.since(std::time::SystemTime::now());
    }
    let mut events = docker.begin(events);
    events.head().await?;
    plain.start().await?;
    tty.start().await?;
    let work: Vec<Work<Result<(), String>>> = vec![
        Box::pin(told(followed::<R>(docker.clone(), plain.clone(), "last\n", silence), "logs")),
        Box::pin(told(followed::<R>(docker.clone(), tty.clone(), "last\r\n", silence), "logs of a terminal")),
        Box::pin(told(ends_with(attached, "last\n", silence), "attach")),
        Box::pin(told(echoed::<R>(docker.clone(), plain.clone(), silence), "exec")),
        Box::pin(told(died::<R>(events, silence), "events")),
    ];
    let failed: Vec<String> = R::all(work).await.into_iter().filter_map(Result::err).collect();
    if failed.is_empty() { Ok(()) } else { Err(failed.join("; ").into()) }
}

async fn told(work: impl Future<Output = Result<(), Failure>>, what: &str) -> Result<(), String> {
    work.await.map_err(|e| format!("{what}: {e}"))
}

async fn followed<R: Runtime>(docker: R, c: Arc<Container<R>>, last: &str, silence: Duration) -> Result<(), Failure> {
    let logs = containers::Logs::new(&*c.id).stdout(true).stderr(true).follow(true);
    ends_with(docker.begin(logs), last, silence).await
}

/// Reads `first`, waits, and reads `last` and the end.
async fn ends_with<O>(mut output: impl Items<O>, last: &str, silence: Duration) -> Result<(), Failure>
where
    O: docker_proto::op::Operation,
    O::Reply: docker_proto::op::Reply<Item = Piece>,
{
    let mut all = Vec::new();
    let mut longest = Duration::ZERO;
    loop {
        let before = Instant::now();
        let Some(piece) = output.next().await else { break };
        longest = longest.max(before.elapsed());
        all.extend_from_slice(&piece?.bytes);
    }
    let text = String::from_utf8_lossy(&all);
    let first = last.replace("last", "first");
    if *text != format!("{first}{last}") {
        return Err(format!("{text:?}").into());
    }
    // Some of the silence may have passed before this reader came.
    if longest < silence.mul_f32(0.9) {
        return Err(format!("it was quiet for {longest:?} only").into());
    }
    Ok(())
}

async fn echoed<R: Runtime>(docker: R, c: Arc<Container<R>>, silence: Duration) -> Result<(), Failure> {
    // Shorter by what a busy machine may lose: the container ends with the silence, and takes its commands with it.
    let exec = c.exec("cat; exit 5", false, true).await?;
    let (mut output, mut input) = docker.open(Start::new(&*exec)).await?;
    R::sleep(silence.saturating_sub(SPARE)).await;
    input.write(b"late").await?;
    input.close().await?;
    let mut all = Vec::new();
    while let Some(piece) = output.next().await {
        all.extend_from_slice(&piece?.bytes);
    }
    let code = c.exec_code(&exec).await?;
    if all != b"late" || code != 5 {
        return Err(format!("{:?}, code {code}", String::from_utf8_lossy(&all)).into());
    }
    Ok(())
}

async fn died<R: Runtime>(mut events: R::Items<system::Events>, silence: Duration) -> Result<(), Failure> {
    let mut longest = Duration::ZERO;
    loop {
        let before = Instant::now();
        let event = events.next().await.ok_or("ended")??;
        longest = longest.max(before.elapsed());
        if let Some("die" | "died") = event.action.as_deref() {
            break;
        }
    }
    // The command ends before the container, and is an event too.
    if longest < silence.saturating_sub(SPARE * 2) {
        return Err(format!("it was quiet for {longest:?} only").into());
    }
    Ok(())
}
