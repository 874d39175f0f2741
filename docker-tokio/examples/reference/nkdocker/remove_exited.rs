//! Removes all containers of a label that have ended, and tells which.

use crate::shared::Outcome;
use docker_tokio::Docker;
use docker_tokio::api::containers::{List, Snapshot};

pub(crate) async fn main(docker: &Docker, label: &str) -> Outcome {
    let ended = List::new().all(true).filters([("status", "exited"), ("label", label)]);
    for container in docker.call(ended).await?.into_iter().map(Snapshot::from) {
        match docker.call(container.remove()).await {
            Ok(_) => println!("Removed {} {}", container.short_id(), container.name),
            Err(e) if e.is_not_found() => {} // Somebody else was faster.
            Err(e) => return Err(e.into()),
        }
    }
    Ok(())
}
