//! Connects, by the environment or by host and port, and asks for the engine's version.

use crate::shared::Outcome;
use docker_tokio::Docker;
use docker_tokio::api::system::Version;

pub(crate) async fn main(docker: &Docker) -> Outcome {
    let version = docker.call(Version::new()).await?;
    println!("API {}", version.api_version.unwrap_or_default());
    println!("Version {}", version.version.unwrap_or_default());
    println!("{} {}", version.os.unwrap_or_default(), version.arch.unwrap_or_default());
    Ok(())
}
