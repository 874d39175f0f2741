//! Pulls an image and draws bars: `pull-bars IMAGE`

#[path = "../../../docker-proto/examples/shared/bars.rs"]
mod bars;

use docker_smol::api::images;
use docker_smol::{Docker, Result};

fn main() -> Result<()> {
    smol::block_on(async {
        let docker = Docker::from_env()?;
        let image = std::env::args().nth(1).unwrap_or_else(|| "alpine".into());
        let mut progress = docker.stream(images::named(image).pull());
        let mut bars = bars::Bars::new();
        while let Some(step) = progress.try_next().await? {
            bars.show(&step);
        }
        bars.finish();
        Ok(())
    })
}
