//! Shows what the engine says of itself.

use crate::shared::Outcome;
use docker_blocking::Docker;
use docker_blocking::api::system::Info;

pub(crate) fn main(docker: &Docker) -> Outcome {
    let info = docker.call(Info::new())?;
    println!("{}", serde_json::to_string_pretty(&info)?);
    Ok(())
}
