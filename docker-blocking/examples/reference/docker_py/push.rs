//! Pushes an image, and shows each step.

use crate::shared::Outcome;
use docker_blocking::Docker;
use docker_blocking::api::images::named;
use docker_blocking::progress::Tracker;

pub(crate) fn main(docker: &Docker, image: &str) -> Outcome {
    let mut tracker = Tracker::new();
    for step in docker.stream(named(image).push().registry_auth(docker.auth_for(image)?)) {
        let step = step?;
        tracker.update(&step);
        println!("{}", step.status.unwrap_or_default());
    }
    println!("digest {:?}", tracker.finish().digest());
    Ok(())
}
