//! Builds an image from a tar with a Dockerfile: `build TAR`

use docker_smol::Docker;
use docker_smol::api::build;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    smol::block_on(async {
        let docker = Docker::from_env()?;
        let context = std::fs::read(std::env::args().nth(1).ok_or("which tar?")?)?;
        let image = build::FromTar::new().tags(["docker-proto-built"]).forcerm(true);
        let mut steps = docker.upload(image, context);
        while let Some(step) = steps.try_next().await? {
            print!("{}", step.stream.unwrap_or_default());
        }
        Ok(())
    })
}
