//! Shows what a container uses, once a second until it ends.

use crate::shared::Outcome;
use docker_tokio::Docker;
use docker_tokio::api::containers::Stats;

pub(crate) async fn main(docker: &Docker, container: &str) -> Outcome {
    let mut samples = docker.stream(Stats::new(container));
    while let Some(sample) = samples.try_next().await? {
        let Some(usage) = sample.usage() else { break };
        let (memory, received) = (usage.memory_percent.unwrap_or_default(), usage.network_received.unwrap_or_default());
        println!("{memory:.3} % memory, {received} bytes in, {} bytes out", usage.network_sent.unwrap_or_default());
    }
    println!("stream closed");
    Ok(())
}
