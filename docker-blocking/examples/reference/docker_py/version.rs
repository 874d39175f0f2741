//! Asks for the version of the engine, with its components, and pings it.

use crate::shared::Outcome;
use docker_blocking::Docker;
use docker_blocking::api::system::{Ping, Version};

pub(crate) fn main(docker: &Docker) -> Outcome {
    let version = docker.call(Version::new())?;
    println!("{} {}", version.version.unwrap_or_default(), version.api_version.unwrap_or_default());
    for part in version.components {
        println!("{} {}", part.name.unwrap_or_default(), part.version.unwrap_or_default());
    }
    docker.call(Ping::new())?;
    println!("true");
    Ok(())
}
