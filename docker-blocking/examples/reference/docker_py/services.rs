//! A service of a swarm: created, listed, looked at, scaled and updated, removed.

use crate::shared::Outcome;
use docker_blocking::Docker;
use docker_blocking::api::services::{Create, Handle, List};
use docker_blocking::model::{ContainerSpec, ServiceSpec, TaskSpec};

pub(crate) fn main(docker: &Docker, name: &str, image: &str) -> Outcome {
    let task = TaskSpec::new().container_spec(ContainerSpec::new().image(image).command(["sleep", "600"]));
    let spec = ServiceSpec::new().name(name).task_template(task);
    let service = Handle::from(docker.call(Create::new(spec))?);
    for one in docker.call(List::new().filters([("name", name)]))? {
        println!("listed {:?}", one.spec.and_then(|spec| spec.name));
    }
    // An update needs the version that it changes, and the whole of what shall be.
    let now = docker.call(service.inspect())?;
    let version = now.version.and_then(|version| version.index).ok_or("no version")?;
    let changed = now.spec.ok_or("no spec")?.labels([("changed", "yes")]);
    docker.call(service.update(version, changed))?;
    println!("{:?}", docker.call(service.inspect())?.spec.unwrap_or_default().labels);
    docker.call(service.remove())?;
    Ok(())
}
