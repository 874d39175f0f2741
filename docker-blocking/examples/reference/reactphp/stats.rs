//! Shows what a container uses, once a second until it ends.

use crate::shared::Outcome;
use docker_blocking::Docker;
use docker_blocking::api::containers::Stats;

pub(crate) fn main(docker: &Docker, container: &str) -> Outcome {
    for sample in docker.stream(Stats::new(container)) {
        let Some(usage) = sample?.usage() else { break };
        let (memory, received) = (usage.memory_percent.unwrap_or_default(), usage.network_received.unwrap_or_default());
        println!("{memory:.3} % memory, {received} bytes in, {} bytes out", usage.network_sent.unwrap_or_default());
    }
    println!("stream closed");
    Ok(())
}
