//! Says which engine is there: `ping`

use docker_blocking::api::system;
use docker_blocking::{Docker, Result};

fn main() -> Result<()> {
    let docker = Docker::from_env()?;
    let ping = docker.call(system::Ping::new())?;
    println!("API {}", ping.api_version.unwrap_or_default());
    Ok(())
}
