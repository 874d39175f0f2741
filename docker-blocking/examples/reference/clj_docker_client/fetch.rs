//! Any request, documented or not, over the same connections and with the same errors.

use crate::shared::Outcome;
use docker_blocking::Docker;
use docker_blocking::op::{Json, Raw};
use serde_json::Value;

pub(crate) fn main(docker: &Docker, path: &str) -> Outcome {
    let answer = docker.call(Raw::<Json<Value>>::get(path).header("x-asked-by", "fetch"))?;
    println!("{answer}");
    Ok(())
}
