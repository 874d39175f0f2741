//! Lists all containers: `list`

use docker_smol::api::containers::{List, Snapshot};
use docker_smol::{Docker, Result};

fn main() -> Result<()> {
    smol::block_on(async {
        let docker = Docker::from_env()?;
        for container in docker.call(List::new().all(true)).await?.into_iter().map(Snapshot::from) {
            println!("{} {} {} {}", container.short_id(), container.name, container.image, container.status);
        }
        Ok(())
    })
}
