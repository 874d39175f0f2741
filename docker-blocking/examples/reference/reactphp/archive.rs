//! Shows each file at a path of a container, while the tar arrives.

use crate::shared::{Outcome, show};
use docker_blocking::Docker;
use docker_blocking::api::archive;
use docker_blocking::op::Operation;
use docker_blocking::tar::TarItem;

pub(crate) fn main(docker: &Docker, container: &str, path: &str) -> Outcome {
    for item in docker.stream(archive::Get::new(container, path).entries()) {
        match item? {
            TarItem::Entry(file) => println!("########## {} ##########", file.path_text().escape_debug()),
            TarItem::Data(bytes) => show(&bytes)?,
            _ => {}
        }
    }
    Ok(())
}
