//! How fast the output of a command in a running container is received, unframed; the docker command beside it.

use crate::shared::{Outcome, by_docker, payload, received};
use docker_smol::Docker;
use docker_smol::api::exec;
use docker_smol::model::ExecConfig;
use smol::io::sink;
use std::time::Instant;

pub(crate) async fn main(docker: &Docker, container: &str, cmd: &[&str], compare: bool) -> Outcome {
    let cmd = payload(cmd);
    let config = ExecConfig::new().cmd(cmd.iter().copied()).attach_stdout(true);
    let exec = exec::Handle::from(docker.call(exec::Create::new(container, config)).await?);

    let begun = Instant::now();
    // Made without a terminal and started with one: the engine sends stdout as it is.
    let output = docker.open(exec.start().tty(true)).await?;
    let copied = output.copy_to(sink(), sink()).await?;
    println!("{}", received(copied.stdout, begun.elapsed()));

    if compare {
        println!("docker: {}", by_docker(&["exec", container], cmd)?);
    }
    Ok(())
}
