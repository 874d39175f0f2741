//! Exports a whole container to a file.

use crate::shared::Outcome;
use docker_tokio::Docker;
use docker_tokio::api::containers::Export;

pub(crate) async fn main(docker: &Docker, container: &str, file: &str) -> Outcome {
    let bytes = docker.stream(Export::new(container)).save(file).await?;
    println!("Exported {bytes} bytes to {file}");
    Ok(())
}
