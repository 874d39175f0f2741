//! How fast the output of a command in a running container is received, unframed; the docker command beside it.

use crate::shared::{Outcome, by_docker, payload, received};
use docker_blocking::Docker;
use docker_blocking::api::exec;
use docker_blocking::model::ExecConfig;
use std::io::sink;
use std::time::Instant;

pub(crate) fn main(docker: &Docker, container: &str, cmd: &[&str], compare: bool) -> Outcome {
    let cmd = payload(cmd);
    let config = ExecConfig::new().cmd(cmd.iter().copied()).attach_stdout(true);
    let exec = exec::Handle::from(docker.call(exec::Create::new(container, config))?);

    let begun = Instant::now();
    // Made without a terminal and started with one: the engine sends stdout as it is.
    let output = docker.open(exec.start().tty(true))?;
    let copied = output.copy_to(sink(), sink())?;
    println!("{}", received(copied.stdout, begun.elapsed()));

    if compare {
        println!("docker: {}", by_docker(&["exec", container], cmd)?);
    }
    Ok(())
}
