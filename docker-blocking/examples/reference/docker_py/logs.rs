//! Shows the log of a container while it is written.

use crate::shared::Outcome;
use docker_blocking::Docker;
use docker_blocking::api::containers::Logs;
use docker_blocking::op::Operation;

pub(crate) fn main(docker: &Docker, container: &str) -> Outcome {
    for line in docker.stream(Logs::new(container).stdout(true).stderr(true).follow(true).lines()) {
        println!("{}", line?.text().trim());
    }
    Ok(())
}
