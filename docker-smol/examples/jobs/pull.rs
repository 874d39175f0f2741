//! Pulls an image and shows how far it is: `pull IMAGE`

use docker_smol::api::images;
use docker_smol::{Docker, Result};

fn main() -> Result<()> {
    smol::block_on(async {
        let docker = Docker::from_env()?;
        let image = std::env::args().nth(1).unwrap_or_else(|| "alpine".into());
        let mut progress = docker.stream(images::named(image).pull());
        while let Some(step) = progress.try_next().await? {
            let done = step.progress_detail.unwrap_or_default();
            println!(
                "{:12} {} {:?}/{:?}",
                step.id.unwrap_or_default(),
                step.status.unwrap_or_default(),
                done.current,
                done.total
            );
        }
        Ok(())
    })
}
