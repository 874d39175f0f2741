//! Inspects an image by the name of the operation; the answer is JSON as the engine wrote it.

use crate::shared::Outcome;
use docker_blocking::Docker;
use docker_blocking::op::Invoke;

pub(crate) fn main(docker: &Docker, image: &str) -> Outcome {
    let inspect = Invoke::new("ImageInspect")?.set("name", image)?;
    for answer in docker.begin(inspect) {
        let image = answer?.to_value()?;
        println!("{} {}", image["Id"], image["RepoTags"]);
    }
    Ok(())
}
