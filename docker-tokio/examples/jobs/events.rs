//! Shows what happens to containers, from the past on: `events [COUNT]`

use docker_tokio::api::system;
use docker_tokio::{Docker, Result};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let docker = Docker::from_env()?;
    let wanted = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(usize::MAX);
    let mut events = docker.stream(system::Events::new().since(0).filters([("type", "container")]));
    for _ in 0..wanted {
        let Some(event) = events.try_next().await? else { break };
        println!("{:?} {:?}", event.action, event.actor.and_then(|actor| actor.id));
    }
    Ok(())
}
