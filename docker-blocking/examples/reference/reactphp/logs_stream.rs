//! Shows the last hundred lines of a container's log, and goes on with what it writes.

use crate::shared::{Outcome, show};
use docker_blocking::Docker;
use docker_blocking::api::containers::Logs;

pub(crate) fn main(docker: &Docker, container: &str) -> Outcome {
    for piece in docker.stream(Logs::new(container).follow(true).stdout(true).stderr(true).tail("100")) {
        show(&piece?.bytes)?;
    }
    println!("CLOSED");
    Ok(())
}
