//! Says which engine is there: `ping`

use docker_smol::api::system;
use docker_smol::{Docker, Result};

fn main() -> Result<()> {
    smol::block_on(async {
        let docker = Docker::from_env()?;
        let ping = docker.call(system::Ping::new()).await?;
        println!("API {}", ping.api_version.unwrap_or_default());
        Ok(())
    })
}
