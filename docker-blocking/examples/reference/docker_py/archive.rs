//! Copies files into a container, asks about one, and copies it out.

use crate::shared::Outcome;
use docker_blocking::Docker;
use docker_blocking::api::containers::named;
use docker_blocking::op::Operation;
use docker_blocking::tar::{TarItem, Tree};

pub(crate) fn main(docker: &Docker, container: &str) -> Outcome {
    let container = named(container);
    let files = Tree::new().file("letters/one", "dear one\n")?;
    docker.upload(container.put_archive("/tmp"), files.into_bytes()).value()?;
    let stat = docker.call(container.stat("/tmp/letters/one"))?;
    println!("{} has {} bytes", stat.name, stat.size);
    for item in docker.stream(container.archive("/tmp/letters").entries()) {
        match item? {
            TarItem::Entry(file) => println!("{}", file.path_text()),
            TarItem::Data(bytes) => print!("{}", String::from_utf8_lossy(&bytes)),
            _ => {}
        }
    }
    Ok(())
}
