//! Shows the last hundred lines of a container's log, in one go.

use crate::shared::{Outcome, show};
use docker_smol::Docker;
use docker_smol::api::containers::Logs;

pub(crate) async fn main(docker: &Docker, container: &str) -> Outcome {
    let logs = docker.stream(Logs::new(container).stdout(true).stderr(true).tail("100")).collect().await?;
    println!("Received the following logs:");
    for piece in logs {
        show(&piece.bytes)?;
    }
    Ok(())
}
