//! Lists all containers: `list`

use docker_tokio::api::containers::{List, Snapshot};
use docker_tokio::{Docker, Result};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let docker = Docker::from_env()?;
    for container in docker.call(List::new().all(true)).await?.into_iter().map(Snapshot::from) {
        println!("{} {} {} {}", container.short_id(), container.name, container.image, container.status);
    }
    Ok(())
}
