//! Records what an engine says during the tour.

use crate::shared::replay::SHOWN;
use crate::shared::{Outcome, Plan, Show};
use docker_proto::testkit::Recording;
use docker_tokio::Docker;
use docker_tokio::resolve::Resolve;
use docker_tokio::session::PoolLimits;

/// Takes the tour with the engine that the environment means, and writes down what was said and what was shown.
pub(crate) async fn record(file: &str) -> Outcome {
    let (endpoint, mut config) = docker_tokio::ask(Resolve::new()).await?.client()?;
    let (recording, show) = (Recording::new(), Show::default());
    config.observers.push(recording.clone());
    let docker = Docker::new(endpoint, config, PoolLimits::default());
    crate::tour(&docker, &Plan::recorded(), &show).await?;
    let mut transcript = recording.transcript();
    // Another version of this crate says the same otherwise.
    transcript.mask("User-Agent");
    let mut text = String::from("# Made by `cargo run -p docker-tokio --example tour -- --record FILE`.\n");
    show.lines().iter().for_each(|line| text += &format!("{SHOWN}{line}\n"));
    std::fs::write(file, text + &transcript.to_string())?;
    println!("recorded in {file}");
    Ok(())
}
