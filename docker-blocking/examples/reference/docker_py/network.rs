//! A network with a subnet, and a container on it with an address and an alias of its own.

use crate::shared::Outcome;
use docker_blocking::Docker;
use docker_blocking::api::containers;
use docker_blocking::api::networks::{Create, named};
use docker_blocking::model::{IPAM, IPAMConfig, NetworkCreateRequest};
use docker_blocking::values::CreateOptions;

pub(crate) fn main(docker: &Docker, name: &str, image: &str) -> Outcome {
    let pool = IPAMConfig::new().subnet("10.211.7.0/24").gateway("10.211.7.254");
    let network = NetworkCreateRequest::new().name(name).driver("bridge").ipam(IPAM::new().config([pool]));
    docker.call(Create::new(network))?;
    let options = CreateOptions::new(image).command("sleep 600").network(name).ip([10, 211, 7, 9]);
    let container = containers::Handle::from(docker.call(options.create()?)?);
    docker.call(container.start())?;
    let seen = docker.call(container.inspect())?.network_settings.unwrap_or_default();
    println!("{:?}", seen.networks.values().map(|end| &end.ip_address).collect::<Vec<_>>());
    docker.call(container.remove().force(true))?;
    docker.call(named(name).remove())?;
    Ok(())
}
