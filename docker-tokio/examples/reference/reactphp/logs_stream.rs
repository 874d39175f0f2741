//! Shows the last hundred lines of a container's log, and goes on with what it writes.

use crate::shared::{Outcome, show};
use docker_tokio::Docker;
use docker_tokio::api::containers::Logs;

pub(crate) async fn main(docker: &Docker, container: &str) -> Outcome {
    let mut logs = docker.stream(Logs::new(container).follow(true).stdout(true).stderr(true).tail("100"));
    while let Some(piece) = logs.try_next().await? {
        show(&piece.bytes)?;
    }
    println!("CLOSED");
    Ok(())
}
