//! Creates a container, opens its stdout, starts it, copies what it writes, and removes it.

use crate::shared::Outcome;
use docker_tokio::Docker;
use docker_tokio::api::containers::Handle;
use docker_tokio::values::CreateOptions;
use tokio::io::{sink, stdout};

pub(crate) async fn main(docker: &Docker, image: &str) -> Outcome {
    let options = CreateOptions::new(image).args(["/bin/echo", "hello"]).network("none");
    let container = Handle::from(docker.call(options.create()?).await?);
    let mut output = docker.stream(container.attach_output().stream(true).stdout(true));
    output.head().await?; // Open before the start: not a byte is missed.
    docker.call(container.start()).await?;
    output.copy_to(stdout(), sink()).await?;
    docker.call(container.remove().force(true)).await?;
    Ok(())
}
