//! Builds an image from a tar with a Dockerfile: `build TAR`

use docker_tokio::Docker;
use docker_tokio::api::build;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let docker = Docker::from_env()?;
    let context = std::fs::read(std::env::args().nth(1).ok_or("which tar?")?)?;
    let image = build::FromTar::new().tags(["docker-proto-built"]).forcerm(true);
    let mut steps = docker.upload(image, context);
    while let Some(step) = steps.try_next().await? {
        print!("{}", step.stream.unwrap_or_default());
    }
    Ok(())
}
