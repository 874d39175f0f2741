//! Shows what happens to containers, from the past on: `events [COUNT]`

use docker_blocking::api::system;
use docker_blocking::{Docker, Result};

fn main() -> Result<()> {
    let docker = Docker::from_env()?;
    let wanted = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(usize::MAX);
    let events = docker.stream(system::Events::new().since(0).filters([("type", "container")]));
    for event in events.take(wanted) {
        let event = event?;
        println!("{:?} {:?}", event.action, event.actor.and_then(|actor| actor.id));
    }
    Ok(())
}
