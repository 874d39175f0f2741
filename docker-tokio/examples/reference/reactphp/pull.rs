//! Pulls an image and shows each step.

use crate::shared::Outcome;
use docker_tokio::Docker;
use docker_tokio::api::images;

pub(crate) async fn main(docker: &Docker, image: &str) -> Outcome {
    let mut steps = docker.stream(images::named(image).pull());
    while let Some(step) = steps.try_next().await? {
        println!("progress: {}", serde_json::to_string(&step)?);
    }
    println!("stream closed");
    Ok(())
}
