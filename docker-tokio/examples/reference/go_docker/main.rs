//! What cpuguy83/go-docker shows, each in a file of its own: `tokio-go-docker NAME ARGUMENT...`

mod client;
mod dialogue;
mod errors;
mod run;
#[path = "../../../../docker-proto/examples/shared/reference.rs"]
#[allow(dead_code, reason = "each program needs a part of it")]
mod shared;
mod tracing;
mod transport;

use docker_tokio::Docker;
use shared::Outcome;
use std::process::ExitCode;

const USAGE: &str = "tokio-go-docker NAME ARGUMENT...
    client [URL]         dialogue IMAGE       errors CONTAINER
    run IMAGE            transport SOCKET     tracing URL CONTAINER";

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    shared::exit(run_sample().await)
}

async fn run_sample() -> Outcome {
    let docker = Docker::from_env()?;
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match args[..] {
        ["client"] => client::main(None).await,
        ["client", url] => client::main(Some(url)).await,
        ["dialogue", image] => dialogue::main(&docker, image).await,
        ["errors", container] => errors::main(&docker, container).await,
        ["run", image] => run::main(&docker, image).await,
        ["tracing", url, container] => tracing::main(url, container).await,
        ["transport", socket] => transport::main(socket.to_owned()).await,
        _ => Err(USAGE.into()),
    }
}
