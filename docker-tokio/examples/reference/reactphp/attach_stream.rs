//! Shows what a container has written so far and goes on writing.

use crate::shared::{Outcome, show};
use docker_tokio::Docker;
use docker_tokio::api::containers::AttachOutput;

pub(crate) async fn main(docker: &Docker, container: &str) -> Outcome {
    let attach = AttachOutput::new(container).logs(true).stream(true).stdout(true).stderr(true);
    let mut output = docker.stream(attach);
    while let Some(piece) = output.try_next().await? {
        show(&piece.bytes)?;
    }
    println!("CLOSED");
    Ok(())
}
