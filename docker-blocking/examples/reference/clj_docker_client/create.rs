//! Creates and starts a container, its body being data.

use crate::shared::Outcome;
use docker_blocking::Docker;
use docker_blocking::op::Invoke;
use serde_json::json;

pub(crate) fn main(docker: &Docker, name: &str, image: &str) -> Outcome {
    let body = json!({ "Image": image, "Cmd": ["sh", "-c", "echo hello"], "HostConfig": { "NetworkMode": "none" } });
    let create = Invoke::new("ContainerCreate")?.set_all(&json!({ "name": name, "body": body }))?;
    for answer in docker.begin(create) {
        println!("Created {}", answer?.to_value()?["Id"]);
    }
    docker.begin(Invoke::new("ContainerStart")?.set("id", name)?).finish()?;
    println!("Started");
    Ok(())
}
