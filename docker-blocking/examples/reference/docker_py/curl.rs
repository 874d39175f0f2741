//! The API without types, as curl would ask it: version, list, inspect, and the log's bytes as they are.

use crate::shared::Outcome;
use docker_blocking::Docker;
use docker_blocking::op::{Json, Raw, RawBytes};
use serde_json::{Value, json};

pub(crate) fn main(docker: &Docker, container: &str) -> Outcome {
    println!("{}", docker.call(Raw::<Json<Value>>::get("/version").unversioned())?["ApiVersion"]);
    let list = docker.call(
        Raw::<Json<Value>>::get("/containers/json").query("filters", json!({ "name": [container] }).to_string()),
    )?;
    println!("{}", list[0]["State"]);
    let one = docker.call(Raw::<Json<Value>>::get(format!("/containers/{container}/json")))?;
    println!("{}", one["Name"]);
    for bytes in docker.stream(Raw::<RawBytes>::get(format!("/containers/{container}/logs")).query("stdout", "1")) {
        println!("{:?}", bytes?);
    }
    Ok(())
}
