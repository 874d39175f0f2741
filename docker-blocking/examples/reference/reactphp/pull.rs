//! Pulls an image and shows each step.

use crate::shared::Outcome;
use docker_blocking::Docker;
use docker_blocking::api::images;

pub(crate) fn main(docker: &Docker, image: &str) -> Outcome {
    for step in docker.stream(images::named(image).pull()) {
        println!("progress: {}", serde_json::to_string(&step?)?);
    }
    println!("stream closed");
    Ok(())
}
