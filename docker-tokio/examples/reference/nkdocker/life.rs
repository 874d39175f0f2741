//! A container from its beginning to its end, over everything that can be done to it in between.

use crate::shared::Outcome;
use docker_tokio::Docker;
use docker_tokio::api::containers::{Handle, WaitCondition, named};
use docker_tokio::values::CreateOptions;

pub(crate) async fn main(docker: &Docker, name: &str, image: &str) -> Outcome {
    let options = CreateOptions::new(image).name(name).network("none").command("sleep 600");
    let container = Handle::from(docker.call(options.create()?).await?);
    docker.call(container.start()).await?;
    let top = docker.call(container.top()).await?;
    println!("It runs {:?}", top.processes.first().and_then(|row| row.last()));
    docker.call(container.pause()).await?;
    docker.call(container.unpause()).await?;

    let mut exit = docker.begin(container.wait().condition(WaitCondition::NextExit));
    exit.head().await?; // From here on no end is missed.
    docker.call(container.kill()).await?;
    println!("It was killed: {:?}", exit.await?.status_code);

    docker.call(container.start()).await?;
    docker.call(container.rename(format!("{name}-b"))).await?;
    docker.call(named(format!("{name}-b")).restart().t(0)).await?;
    docker.call(container.remove().force(true).v(true)).await?;
    let gone = docker.call(container.inspect()).await;
    println!("It is gone: {}", gone.is_err_and(|e| e.is_not_found()));
    Ok(())
}
