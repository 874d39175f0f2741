//! Publishes ports: one that the engine chooses, one on an address, one of UDP; and asks where they are.

use crate::shared::Outcome;
use docker_blocking::Docker;
use docker_blocking::api::containers::Handle;
use docker_blocking::values::CreateOptions;

pub(crate) fn main(docker: &Docker, network: &str, image: &str) -> Outcome {
    let options = CreateOptions::new(image).network(network).command("sleep 600");
    let options = options.publish("1111").publish("127.0.0.1::2222/udp");
    let container = Handle::from(docker.call(options.create()?)?);
    docker.call(container.start())?;
    for port in docker.call(container.snapshot())?.ports {
        println!("{:?}/{:?} {:?}:{:?}", port.private_port, port.kind, port.ip, port.public_port.is_some());
    }
    docker.call(container.remove().force(true))?;
    Ok(())
}
