//! Creates a container with an interactive shell.

use crate::shared::Outcome;
use docker_tokio::Docker;
use docker_tokio::api::containers::Handle;
use docker_tokio::values::CreateOptions;

pub(crate) async fn main(docker: &Docker, name: &str, image: &str) -> Outcome {
    let options = CreateOptions::new(image).name(name).interactive(true).tty(true).command("/bin/sh");
    let container = Handle::from(docker.call(options.create()?).await?);
    println!("Created {container}");
    Ok(())
}
