//! Makes the terminal of a container ten rows and columns larger than it was when it was created.

use crate::shared::Outcome;
use docker_blocking::Docker;
use docker_blocking::api::containers;

pub(crate) fn main(docker: &Docker, container: &str) -> Outcome {
    let container = containers::named(container);
    let host = docker.call(container.inspect())?.host_config.unwrap_or_default();
    let size = host.console_size.unwrap_or_default();
    println!("It was created with {} rows and {} columns", size.height, size.width);
    docker.call(container.resize(size.height + 10, size.width + 10))?;
    println!("Now it has ten more of each");
    Ok(())
}
