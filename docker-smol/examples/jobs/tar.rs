//! Puts the files of a tar into `/tmp` of a container, and gets all that is there: `tar CONTAINER TAR`

use docker_smol::api::containers;
use docker_smol::{Body, Docker};
use smol::fs::File;
use smol::io::AsyncWriteExt;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    smol::block_on(async {
        let docker = Docker::from_env()?;
        let [container, tar] = [1, 2].map(|n| std::env::args().nth(n).unwrap_or_default());
        let container = containers::named(container);
        let body = Body::reader(File::open(&tar).await?);
        docker.upload(container.put_archive("/tmp"), body).await?;
        let mut copy = File::create(format!("{tar}.back")).await?;
        let mut files = docker.stream(container.archive("/tmp/."));
        while let Some(bytes) = files.try_next().await? {
            copy.write_all(&bytes).await?;
        }
        copy.flush().await?;
        Ok(())
    })
}
