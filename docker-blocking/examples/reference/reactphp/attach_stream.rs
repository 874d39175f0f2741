//! Shows what a container has written so far and goes on writing.

use crate::shared::{Outcome, show};
use docker_blocking::Docker;
use docker_blocking::api::containers::AttachOutput;

pub(crate) fn main(docker: &Docker, container: &str) -> Outcome {
    let attach = AttachOutput::new(container).logs(true).stream(true).stdout(true).stderr(true);
    for piece in docker.stream(attach) {
        show(&piece?.bytes)?;
    }
    println!("CLOSED");
    Ok(())
}
