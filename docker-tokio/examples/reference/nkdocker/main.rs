//! What NetComposer/nkdocker shows, each in a file of its own: `tokio-nkdocker NAME ARGUMENT...`

mod attach;
mod build;
mod create;
mod events;
mod life;
mod monitor;
mod remove_exited;
#[path = "../../../../docker-proto/examples/shared/reference.rs"]
#[allow(dead_code, reason = "each program needs a part of it")]
mod shared;
mod version;

use docker_tokio::Docker;
use shared::Outcome;
use std::process::ExitCode;

const USAGE: &str = "tokio-nkdocker NAME ARGUMENT...
    attach CONTAINER          build TAG BASE        create NAME IMAGE
    events CONTAINER          life NAME IMAGE       remove-exited LABEL
    monitor CONTAINER         version [HOST PORT]";

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    shared::exit(run().await)
}

async fn run() -> Outcome {
    let docker = Docker::from_env()?;
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match args[..] {
        ["attach", container] => attach::main(&docker, container).await,
        ["build", tag, base] => build::main(&docker, tag, base).await,
        ["create", name, image] => create::main(&docker, name, image).await,
        ["events", container] => events::main(&docker, container).await,
        ["life", name, image] => life::main(&docker, name, image).await,
        ["monitor", container] => monitor::main(&docker, container).await,
        ["remove-exited", label] => remove_exited::main(&docker, label).await,
        ["version"] => version::main(&docker).await,
        ["version", host, port] => version::main(&Docker::connect(&format!("tcp://{host}:{port}"))?).await,
        _ => Err(USAGE.into()),
    }
}
