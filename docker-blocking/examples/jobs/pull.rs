//! Pulls an image and shows how far it is: `pull IMAGE`

use docker_blocking::api::images;
use docker_blocking::{Docker, Result};

fn main() -> Result<()> {
    let docker = Docker::from_env()?;
    let image = std::env::args().nth(1).unwrap_or_else(|| "alpine".into());
    let progress = docker.stream(images::named(image).pull());
    for step in progress {
        let step = step?;
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
}
