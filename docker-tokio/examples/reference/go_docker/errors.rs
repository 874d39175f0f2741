//! Errors by their class, without looking at statuses or texts.

use crate::shared::Outcome;
use docker_tokio::api::containers::{Start, named};
use docker_tokio::model::ExecConfig;
use docker_tokio::{Docker, Error};

pub(crate) async fn main(docker: &Docker, container: &str) -> Outcome {
    let missing = docker.call(named("docker-proto-no-such").inspect()).await.err().ok_or("there is one")?;
    println!("not found: {} ({:?})", missing.is_not_found(), missing.status());
    let running = docker.call(named(container).remove()).await.err().ok_or("it was removed")?;
    println!("conflict: {}", running.is_conflict() || running.is_server_error());
    let empty: Error = docker.call(named("").exec(ExecConfig::new().cmd(["true"]))).await.err().ok_or("it was sent")?;
    println!("refused here: {:?}", empty.kind());
    println!("again: {:?}", docker.call(Start::new(container)).await?);
    Ok(())
}
