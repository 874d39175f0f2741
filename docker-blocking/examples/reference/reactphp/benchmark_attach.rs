//! How fast the output of a new container is received, in frames; the docker command beside it.

use crate::shared::{Outcome, by_docker, payload, received};
use docker_blocking::Docker;
use docker_blocking::api::containers::Handle;
use docker_blocking::values::CreateOptions;
use std::io::sink;
use std::time::Instant;

pub(crate) fn main(docker: &Docker, image: &str, cmd: &[&str], compare: bool) -> Outcome {
    let cmd = payload(cmd);
    let options = CreateOptions::new(image).args(cmd.iter().copied()).network("none").log_driver("none");
    let container = Handle::from(docker.call(options.create()?)?);

    let begun = Instant::now();
    let mut output = docker.stream(container.attach_output().stream(true).stdout(true));
    output.head()?; // There is no log, so nothing may be written before this.
    docker.call(container.start())?;
    let copied = output.copy_merged(sink())?;
    println!("{}", received(copied.stdout, begun.elapsed()));

    docker.call(container.remove().force(true))?;
    if compare {
        let args = ["run", "-i", "--rm", "--network=none", "--log-driver=none", image];
        println!("docker: {}", by_docker(&args, cmd)?);
    }
    Ok(())
}
