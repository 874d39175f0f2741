//! A volume with a driver and labels, used by two containers one after the other.

use crate::shared::Outcome;
use docker_blocking::Docker;
use docker_blocking::api::volumes::{Create, List, named};
use docker_blocking::jobs::run;
use docker_blocking::model::VolumeCreateRequest;
use docker_blocking::values::CreateOptions;

pub(crate) fn main(docker: &Docker, name: &str, image: &str) -> Outcome {
    let volume = VolumeCreateRequest::new().name(name).driver("local").labels([("made", "here")]);
    docker.call(Create::new(volume))?;
    let bind = format!("{name}:/data");
    let write = CreateOptions::new(image).volume(&*bind).command("sh -c 'echo kept >/data/word'");
    docker.job(run(write))?.success()?;
    let read = CreateOptions::new(image).volume(format!("{bind}:ro")).command("cat /data/word");
    print!("{}", docker.job(run(read))?.success()?.output.stdout_text());
    let list = docker.call(List::new().filters([("label", "made=here"), ("name", name)]))?;
    println!("{:?}", list.volumes.iter().map(|volume| &volume.name).collect::<Vec<_>>());
    docker.call(named(name).remove())?;
    Ok(())
}
