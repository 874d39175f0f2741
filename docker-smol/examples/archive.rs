//! Prints what is at a path of a container, while it arrives: `archive CONTAINER PATH`

use docker_smol::Docker;
use docker_smol::api::containers;
use docker_smol::op::Operation;
use docker_smol::tar::TarItem;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    smol::block_on(async {
        let docker = Docker::from_env()?;
        let [container, path] = [1, 2].map(|n| std::env::args().nth(n).unwrap_or_default());
        let mut files = docker.stream(containers::named(container).archive(path).entries());
        while let Some(item) = files.try_next().await? {
            if let TarItem::Entry(file) = item {
                println!("{:04o} {:>10} {}", file.mode, file.file_size(), file.path_text());
            }
        }
        Ok(())
    })
}
