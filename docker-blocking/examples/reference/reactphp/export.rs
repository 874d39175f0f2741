//! Exports a whole container to a file.

use crate::shared::Outcome;
use docker_blocking::Docker;
use docker_blocking::api::containers::Export;

pub(crate) fn main(docker: &Docker, container: &str, file: &str) -> Outcome {
    let bytes = docker.stream(Export::new(container)).save(file)?;
    println!("Exported {bytes} bytes to {file}");
    Ok(())
}
