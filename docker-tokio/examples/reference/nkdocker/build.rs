//! Builds an image from files in memory, if there is no image of that name yet.

use crate::shared::Outcome;
use docker_tokio::Docker;
use docker_tokio::api::build::FromTar;
use docker_tokio::jobs::{build, ensure_built};
use docker_tokio::tar::Tree;

pub(crate) async fn main(docker: &Docker, tag: &str, base: &str) -> Outcome {
    let dockerfile = format!("FROM {base}\nCOPY greeting /\nCMD cat /greeting\n");
    let files = Tree::new().file("Dockerfile", dockerfile)?.file("greeting", "hello\n")?;
    let ensured = docker.job(ensure_built(tag, build(FromTar::new().rm(true), files))).await?;
    match ensured.built {
        Some(built) => println!("{}{tag} was built: {}", built.log, built.id),
        None => println!("{tag} is there"),
    }
    Ok(())
}
