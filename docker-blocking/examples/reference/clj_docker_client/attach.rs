//! Writes to the stdin of a container, over a connection that is no longer HTTP, and ends it.

use crate::shared::Outcome;
use docker_blocking::Docker;
use docker_blocking::op::Invoke;
use std::io::Write;

pub(crate) fn main(docker: &Docker, container: &str, text: &str) -> Outcome {
    let attach = Invoke::new("ContainerAttach")?.set("id", container)?.set("stream", "1")?.set("stdin", "1")?;
    let mut session = docker.open(attach)?;
    session.input().write_all(text.as_bytes())?;
    session.input().close()?;
    println!("Written: {} bytes", text.len());
    Ok(())
}
