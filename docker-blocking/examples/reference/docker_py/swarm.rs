//! Makes a swarm of this engine, names and labels its node, and leaves it.

use crate::shared::Outcome;
use docker_blocking::Docker;
use docker_blocking::api::nodes;
use docker_blocking::api::swarm::{Init, Inspect, Leave};
use docker_blocking::model::SwarmInitBody;

pub(crate) fn main(docker: &Docker) -> Outcome {
    let request = SwarmInitBody::new().listen_addr("127.0.0.1").advertise_addr("127.0.0.1");
    docker.call(Init::new(request))?;
    let changed = label(docker);
    docker.call(Leave::new().force(true))?; // Whatever happened: the last manager does not leave by itself.
    changed
}

fn label(docker: &Docker) -> Outcome {
    println!("swarm {}", docker.call(Inspect::new())?.id.is_some());
    for node in docker.call(nodes::List::new())? {
        let version = node.version.and_then(|version| version.index).ok_or("no version")?;
        let spec = node.spec.unwrap_or_default().name("first").labels([("kind", "test")]);
        let id = node.id.unwrap_or_default();
        docker.call(nodes::Update::new(&*id, version, spec))?;
        println!("{:?}", docker.call(nodes::Inspect::new(id))?.spec.unwrap_or_default().labels);
    }
    Ok(())
}
