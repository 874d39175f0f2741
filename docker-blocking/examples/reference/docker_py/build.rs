//! Builds an image from a Dockerfile in memory, shows the log and gives the image's id.

use crate::shared::Outcome;
use docker_blocking::Docker;
use docker_blocking::api::build::FromTar;
use docker_blocking::progress::Tracker;
use docker_blocking::tar::Tree;

pub(crate) fn main(docker: &Docker, tag: &str, base: &str) -> Outcome {
    let dockerfile = format!("# Shared volume\nFROM {base}\nVOLUME /data\nCMD [\"/bin/sh\"]\n");
    let context = Tree::new().file("Dockerfile", dockerfile)?.into_bytes();
    let mut tracker = Tracker::new();
    for step in docker.upload(FromTar::new().tags([tag]).rm(true), context) {
        let step = step?;
        tracker.update(&step);
        print!("{}", step.stream.unwrap_or_default());
    }
    println!("id {}", tracker.finish().image_id().ok_or("the engine told no id")?);
    Ok(())
}
