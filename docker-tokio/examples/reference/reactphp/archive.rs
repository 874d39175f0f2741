//! Shows each file at a path of a container, while the tar arrives.

use crate::shared::{Outcome, show};
use docker_tokio::Docker;
use docker_tokio::api::archive;
use docker_tokio::op::Operation;
use docker_tokio::tar::TarItem;

pub(crate) async fn main(docker: &Docker, container: &str, path: &str) -> Outcome {
    let mut files = docker.stream(archive::Get::new(container, path).entries());
    while let Some(item) = files.try_next().await? {
        match item {
            TarItem::Entry(file) => println!("########## {} ##########", file.path_text().escape_debug()),
            TarItem::Data(bytes) => show(&bytes)?,
            _ => {}
        }
    }
    Ok(())
}
