//! Manages containers: lists them, looks at one, reads its log, stops it.

use crate::shared::Outcome;
use docker_blocking::Docker;
use docker_blocking::api::containers::{List, Snapshot, named};
use docker_blocking::op::Operation;
use std::io::{Write, stdout};

pub(crate) fn main(docker: &Docker, container: &str) -> Outcome {
    for one in docker.call(List::new())?.into_iter().map(Snapshot::from) {
        println!("{} {} {}", one.short_id(), one.name, one.status);
    }
    let one = docker.call(named(container).snapshot())?;
    println!("Image {}", one.image);
    stdout().write_all(&docker.call(one.logs().stdout(true).stderr(true).collected())?.stdout)?;
    docker.call(one.stop().t(0))?;
    println!("Now {}", docker.call(one.reload())?.status);
    Ok(())
}
