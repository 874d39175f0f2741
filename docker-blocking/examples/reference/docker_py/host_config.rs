//! A container with limits, mounts, a log driver with options, and a health check; what the engine made of it.

use crate::shared::Outcome;
use docker_blocking::Docker;
use docker_blocking::api::containers::Handle;
use docker_blocking::values::CreateOptions;

pub(crate) fn main(docker: &Docker, image: &str) -> Outcome {
    let options = CreateOptions::new(image)
        .command("sleep 600")
        .memory("64m")
        .cpu_shares(512)
        .ulimit("nofile=1024:2048")
        .tmpfs("/run:size=1m")
        .volume("/tmp:/mnt/host:ro")
        .log_driver("json-file")
        .log_opt("max-size=1m")
        .restart("on-failure:2")
        .add_host("peer:10.0.0.7")
        .health_cmd("true");
    let container = Handle::from(docker.call(options.create()?)?);
    let made = docker.call(container.inspect())?.host_config.unwrap_or_default();
    println!("memory {:?}, binds {:?}, tmpfs {:?}", made.memory, made.binds, made.tmpfs);
    println!("hosts {:?}, ulimits {:?}", made.extra_hosts, made.ulimits.first().and_then(|limit| limit.soft));
    docker.call(container.remove())?;
    Ok(())
}
