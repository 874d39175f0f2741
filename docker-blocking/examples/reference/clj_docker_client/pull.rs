//! Pulls an image by the name of the operation, with a map of parameters.

use crate::shared::Outcome;
use docker_blocking::Docker;
use docker_blocking::op::Invoke;
use serde_json::json;

pub(crate) fn main(docker: &Docker, image: &str) -> Outcome {
    let pull = Invoke::new("ImageCreate")?.set_all(&json!({ "fromImage": image }))?;
    for step in docker.stream(pull) {
        println!("{}", step?.to_value()?);
    }
    Ok(())
}
