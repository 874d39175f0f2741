//! Shows all that happens in the next seconds.

use crate::shared::Outcome;
use docker_smol::Docker;
use docker_smol::api::system::Events;
use std::time::{Duration, SystemTime};

pub(crate) async fn main(docker: &Docker, seconds: f64) -> Outcome {
    let now = SystemTime::now();
    // Without a beginning, an engine that is told an end gives what is past as well.
    let next = Events::new().since(now).until(now + Duration::try_from_secs_f64(seconds)?);
    let mut events = docker.stream(next);
    while let Some(event) = events.try_next().await? {
        println!("{}", serde_json::to_string(&event)?);
    }
    Ok(())
}
