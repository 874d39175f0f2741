//! Reacts to each line of a container's log, as it is written.

use crate::shared::Outcome;
use docker_blocking::Docker;
use docker_blocking::api::containers::Logs;
use docker_blocking::op::Operation;

pub(crate) fn main(docker: &Docker, container: &str) -> Outcome {
    let log = Logs::new(container).stdout(true).stderr(true).follow(true);
    for line in docker.stream(log.lines()) {
        let line = line?;
        println!("{}: {}", line.stream, line.text());
    }
    Ok(())
}
