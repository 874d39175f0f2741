//! Says which engine is there: `ping`

use docker_tokio::api::system;
use docker_tokio::{Docker, Result};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let docker = Docker::from_env()?;
    let ping = docker.call(system::Ping::new()).await?;
    println!("API {}", ping.api_version.unwrap_or_default());
    Ok(())
}
