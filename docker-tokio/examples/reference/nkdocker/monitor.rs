//! Watches an engine, and what a container uses, until that container has ended. Somebody who comes later sees what runs.

use crate::shared::Outcome;
use docker_tokio::Docker;
use docker_tokio::monitor::{Item, Options};

pub(crate) async fn main(docker: &Docker, container: &str) -> Outcome {
    let (driver, monitor) = docker.monitor(Options::new());
    let driver = tokio::spawn(driver);
    let mut items = monitor.subscribe();
    while let Some(item) = items.next().await {
        match item {
            Item::Snapshot(picture) => {
                println!("{} run", picture.running().count());
                monitor.stats(container)?;
            }
            Item::Started(change) => println!("started {}", change.container.name),
            Item::Stats(sample) => println!("{} uses {:?}", sample.container.name, sample.usage().memory_used),
            Item::Stopped(change) => {
                println!("stopped {} {:?}", change.container.name, change.container.exit_code);
                if change.container.name == container {
                    break;
                }
            }
            _ => {}
        }
    }
    let late = monitor.subscribe().picture();
    println!("{container} runs: {}", late.running().any(|one| one.name == container));
    drop((items, monitor)); // Nobody is there any more: the driver ends.
    Ok(driver.await??)
}
