//! Pulls an image and draws bars: `pull-bars IMAGE`

#[path = "../../../docker-proto/examples/shared/bars.rs"]
mod bars;

use docker_blocking::api::images;
use docker_blocking::{Docker, Result};

fn main() -> Result<()> {
    let docker = Docker::from_env()?;
    let image = std::env::args().nth(1).unwrap_or_else(|| "alpine".into());
    let mut bars = bars::Bars::new();
    for step in docker.stream(images::named(image).pull()) {
        bars.show(&step?);
    }
    bars.finish();
    Ok(())
}
