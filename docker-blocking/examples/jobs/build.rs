//! Builds an image from a tar with a Dockerfile: `build TAR`

use docker_blocking::Docker;
use docker_blocking::api::build;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let docker = Docker::from_env()?;
    let context = std::fs::read(std::env::args().nth(1).ok_or("which tar?")?)?;
    let image = build::FromTar::new().tags(["docker-proto-built"]).forcerm(true);
    for step in docker.upload(image, context) {
        let step = step?;
        print!("{}", step.stream.unwrap_or_default());
    }
    Ok(())
}
