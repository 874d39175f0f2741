//! Lists all containers: `list`

use docker_blocking::api::containers::{List, Snapshot};
use docker_blocking::{Docker, Result};

fn main() -> Result<()> {
    let docker = Docker::from_env()?;
    for container in docker.call(List::new().all(true))?.into_iter().map(Snapshot::from) {
        println!("{} {} {} {}", container.short_id(), container.name, container.image, container.status);
    }
    Ok(())
}
