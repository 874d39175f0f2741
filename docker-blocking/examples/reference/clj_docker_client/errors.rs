//! An answer of failure as an error or as data, also where a stream was asked for.

use crate::shared::Outcome;
use docker_blocking::Docker;
use docker_blocking::op::Raw;
use docker_blocking::op::{Invoke, RawBytes};

pub(crate) fn main(docker: &Docker) -> Outcome {
    let error = docker.begin(Invoke::new("ContainerInspect")?.set("id", "docker-proto-no-such")?).finish().unwrap_err();
    println!("error: {:?} {}", error.status(), error.message());
    // Of a stream, the head says that there will be none, and the message of the engine is not lost.
    let mut logs = docker.stream(Raw::<RawBytes>::get("/containers/docker-proto-no-such/logs").query("stdout", "1"));
    let error = logs.head().map(drop).unwrap_err();
    println!("stream: {:?} {}", error.status(), error.message());
    Ok(())
}
