//! Puts the files of a tar into `/tmp` of a container, and gets all that is there: `tar CONTAINER TAR`

use docker_blocking::api::containers;
use docker_blocking::{Body, Docker};
use std::fs::File;
use std::io::Write;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let docker = Docker::from_env()?;
    let [container, tar] = [1, 2].map(|n| std::env::args().nth(n).unwrap_or_default());
    let container = containers::named(container);
    let body = Body::reader(File::open(&tar)?);
    docker.upload(container.put_archive("/tmp"), body).value()?;
    let mut copy = File::create(format!("{tar}.back"))?;
    for bytes in docker.stream(container.archive("/tmp/.")) {
        copy.write_all(&bytes?)?;
    }
    Ok(())
}
