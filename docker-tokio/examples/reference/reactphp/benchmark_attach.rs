//! How fast the output of a new container is received, in frames; the docker command beside it.

use crate::shared::{Outcome, by_docker, payload, received};
use docker_tokio::Docker;
use docker_tokio::api::containers::Handle;
use docker_tokio::values::CreateOptions;
use std::time::Instant;
use tokio::io::sink;

pub(crate) async fn main(docker: &Docker, image: &str, cmd: &[&str], compare: bool) -> Outcome {
    let cmd = payload(cmd);
    let options = CreateOptions::new(image).args(cmd.iter().copied()).network("none").log_driver("none");
    let container = Handle::from(docker.call(options.create()?).await?);

    let begun = Instant::now();
    let mut output = docker.stream(container.attach_output().stream(true).stdout(true));
    output.head().await?; // There is no log, so nothing may be written before this.
    docker.call(container.start()).await?;
    let copied = output.copy_merged(sink()).await?;
    println!("{}", received(copied.stdout, begun.elapsed()));

    docker.call(container.remove().force(true)).await?;
    if compare {
        let args = ["run", "-i", "--rm", "--network=none", "--log-driver=none", image];
        println!("docker: {}", by_docker(&args, cmd)?);
    }
    Ok(())
}
