//! Pulls an image, and lists what is there.

use crate::shared::Outcome;
use docker_blocking::Docker;
use docker_blocking::api::images::{List, Snapshot, named};

pub(crate) fn main(docker: &Docker, image: &str) -> Outcome {
    docker.stream(named(image).pull()).finish()?; // With its errors; they come at the end.
    let pulled = docker.call(named(image).snapshot())?;
    println!("Pulled {} {:?}", pulled.short_id(), pulled.tags);
    for one in docker.call(List::new())?.into_iter().map(Snapshot::from) {
        println!("{} {:?}", one.short_id(), one.tags);
    }
    Ok(())
}
