//! Creates a network.

use crate::shared::Outcome;
use docker_blocking::Docker;
use docker_blocking::op::Invoke;
use serde_json::json;

pub(crate) fn main(docker: &Docker, name: &str) -> Outcome {
    let create =
        Invoke::new("NetworkCreate")?.set_all(&json!({ "Name": name, "Driver": "bridge", "Internal": true }))?;
    for answer in docker.begin(create) {
        println!("{}", answer?.to_value()?);
    }
    Ok(())
}
