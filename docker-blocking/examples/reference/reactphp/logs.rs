//! Shows the last hundred lines of a container's log, in one go.

use crate::shared::{Outcome, show};
use docker_blocking::Docker;
use docker_blocking::api::containers::Logs;

pub(crate) fn main(docker: &Docker, container: &str) -> Outcome {
    let logs =
        docker.stream(Logs::new(container).stdout(true).stderr(true).tail("100")).collect::<Result<Vec<_>, _>>()?;
    println!("Received the following logs:");
    for piece in logs {
        show(&piece.bytes)?;
    }
    Ok(())
}
