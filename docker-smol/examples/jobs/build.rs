//! Builds an image from a directory with a Dockerfile, and shows what is done: `build DIRECTORY TAG`

use docker_smol::api::build::FromTar;
use docker_smol::jobs::build;
use docker_smol::{Body, Docker};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    smol::block_on(async {
        let docker = Docker::from_env()?;
        let mut arguments = std::env::args().skip(1);
        let directory = arguments.next().ok_or("which directory?")?;
        let how = FromTar::new().tags([arguments.next().ok_or("which tag?")?]).forcerm(true);
        let image = build(how, Body::context(directory)).watch(|step| print!("{}", step.stream.unwrap_or_default()));
        println!("{}", docker.job(image).await?.id);
        Ok(())
    })
}
