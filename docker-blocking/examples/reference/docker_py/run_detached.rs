//! Runs a container in the background.

use crate::shared::Outcome;
use docker_blocking::Docker;
use docker_blocking::jobs::run_detached;
use docker_blocking::values::CreateOptions;

pub(crate) fn main(docker: &Docker, image: &str) -> Outcome {
    let options = CreateOptions::new(image).command("sleep 600").rm(true).label("docker-proto-reference");
    let container = docker.job(run_detached(options))?;
    println!("{}", &container.id[..12]);
    Ok(())
}
