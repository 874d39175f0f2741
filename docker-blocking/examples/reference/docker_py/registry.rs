//! What a registry says of an image, without pulling it.

use crate::shared::Outcome;
use docker_blocking::Docker;
use docker_blocking::api::images::named;

pub(crate) fn main(docker: &Docker, image: &str) -> Outcome {
    let found = docker.call(named(image).distribution())?;
    println!("{}", found.descriptor.and_then(|it| it.digest).unwrap_or_default());
    for platform in found.platforms {
        println!("{}/{}", platform.os.unwrap_or_default(), platform.architecture.unwrap_or_default());
    }
    Ok(())
}
