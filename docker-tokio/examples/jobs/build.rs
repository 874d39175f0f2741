//! Builds an image from a directory with a Dockerfile, and shows what is done: `build DIRECTORY TAG`

use docker_tokio::api::build::FromTar;
use docker_tokio::jobs::build;
use docker_tokio::{Body, Docker};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let docker = Docker::from_env()?;
    let mut arguments = std::env::args().skip(1);
    let directory = arguments.next().ok_or("which directory?")?;
    let how = FromTar::new().tags([arguments.next().ok_or("which tag?")?]).forcerm(true);
    let image = build(how, Body::context(directory)).watch(|step| print!("{}", step.stream.unwrap_or_default()));
    println!("{}", docker.job(image).await?.id);
    Ok(())
}
