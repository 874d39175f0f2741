//! Makes an image of what a container has become, and tags it.

use crate::shared::Outcome;
use docker_blocking::Docker;
use docker_blocking::api::containers::named;
use docker_blocking::api::images::Handle;

pub(crate) fn main(docker: &Docker, container: &str, tag: &str) -> Outcome {
    let commit = named(container).commit().comment("as it is").author("somebody").changes(["ENV MADE=here", "CMD env"]);
    let image = Handle::from(docker.call(commit)?);
    docker.call(image.tag(tag))?;
    let made = docker.call(image.inspect())?;
    println!("{:?} {:?}", made.comment, made.config.unwrap_or_default().env);
    Ok(())
}
