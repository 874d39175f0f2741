//! Shows all that happens in the next seconds.

use crate::shared::Outcome;
use docker_blocking::Docker;
use docker_blocking::api::system::Events;
use std::time::{Duration, SystemTime};

pub(crate) fn main(docker: &Docker, seconds: f64) -> Outcome {
    let now = SystemTime::now();
    // Without a beginning, an engine that is told an end gives what is past as well.
    let next = Events::new().since(now).until(now + Duration::try_from_secs_f64(seconds)?);
    for event in docker.stream(next) {
        println!("{}", serde_json::to_string(&event?)?);
    }
    Ok(())
}
