//! Receives events while something else is done, until a container has started.

use crate::shared::Outcome;
use docker_tokio::Docker;
use docker_tokio::api::{containers, system::Events};
use std::time::SystemTime;

pub(crate) async fn main(docker: &Docker, container: &str) -> Outcome {
    // An engine listens a moment after it has said so: what happens until then is past, and asked for as well.
    let ours = Events::new().since(SystemTime::now()).filters([("container", container), ("type", "container")]);
    let mut events = docker.stream(ours);
    events.head().await?;
    docker.call(containers::Start::new(container)).await?;
    while let Some(event) = events.try_next().await? {
        println!("{:?} {:?}", event.action, event.actor.and_then(|actor| actor.id));
        if event.action.as_deref() == Some("start") {
            break;
        }
    }
    Ok(())
}
