//! Saves an image to a file, removes it, and loads it again.

use crate::shared::Outcome;
use docker_blocking::api::images::{Load, named};
use docker_blocking::{Body, Docker};
use std::fs::File;

pub(crate) fn main(docker: &Docker, image: &str, file: &str) -> Outcome {
    println!("{} bytes", docker.stream(named(image).save()).save(file)?);
    docker.call(named(image).remove())?;
    for step in docker.upload(Load::new(), Body::reader(File::open(file)?)) {
        print!("{}", step?.stream.unwrap_or_default());
    }
    println!("back: {:?}", docker.call(named(image).snapshot())?.tags);
    Ok(())
}
