//! The fifteen examples of clue/reactphp-docker, each in a file of its own: `smol-reactphp NAME ARGUMENT...`

mod archive;
mod attach_stream;
mod benchmark_attach;
mod benchmark_exec;
mod events;
mod exec_inspect;
mod exec_stream;
mod export;
mod info;
mod logs;
mod logs_stream;
mod pull;
mod push;
mod resize;
#[path = "../../../../docker-proto/examples/shared/reference.rs"]
mod shared;
mod stats;

use docker_smol::Docker;
use shared::Outcome;
use std::process::ExitCode;

const USAGE: &str = "smol-reactphp NAME ARGUMENT...
    archive CONTAINER PATH              attach-stream CONTAINER
    benchmark-attach [--compare] IMAGE [COMMAND...]
    benchmark-exec [--compare] CONTAINER [COMMAND...]
    events SECONDS                      exec-inspect CONTAINER COMMAND...
    exec-stream CONTAINER COMMAND...    export CONTAINER FILE
    info                                logs CONTAINER
    logs-stream CONTAINER               pull IMAGE
    push IMAGE [USER PASSWORD]          resize CONTAINER
    stats CONTAINER";

fn main() -> ExitCode {
    shared::exit(smol::block_on(run()))
}

async fn run() -> Outcome {
    let docker = Docker::from_env()?;
    let (args, compare) = shared::args("--compare");
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match args[..] {
        ["archive", container, path] => archive::main(&docker, container, path).await,
        ["attach-stream", container] => attach_stream::main(&docker, container).await,
        ["benchmark-attach", image, ref cmd @ ..] => benchmark_attach::main(&docker, image, cmd, compare).await,
        ["benchmark-exec", container, ref cmd @ ..] => benchmark_exec::main(&docker, container, cmd, compare).await,
        ["events", seconds] => events::main(&docker, seconds.parse()?).await,
        ["exec-inspect", container, ref cmd @ ..] => exec_inspect::main(&docker, container, cmd).await,
        ["exec-stream", container, ref cmd @ ..] => exec_stream::main(&docker, container, cmd).await,
        ["export", container, file] => export::main(&docker, container, file).await,
        ["info"] => info::main(&docker).await,
        ["logs", container] => logs::main(&docker, container).await,
        ["logs-stream", container] => logs_stream::main(&docker, container).await,
        ["pull", image] => pull::main(&docker, image).await,
        ["push", image] => push::main(&docker, image, None).await,
        ["push", image, user, password] => push::main(&docker, image, Some((user, password))).await,
        ["resize", container] => resize::main(&docker, container).await,
        ["stats", container] => stats::main(&docker, container).await,
        _ => Err(USAGE.into()),
    }
}
