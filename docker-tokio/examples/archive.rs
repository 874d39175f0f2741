//! Prints what is at a path of a container, while it arrives: `archive CONTAINER PATH`

use docker_tokio::Docker;
use docker_tokio::api::containers;
use docker_tokio::op::Operation;
use docker_tokio::tar::TarItem;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let docker = Docker::from_env()?;
    let [container, path] = [1, 2].map(|n| std::env::args().nth(n).unwrap_or_default());
    let mut files = docker.stream(containers::named(container).archive(path).entries());
    while let Some(item) = files.try_next().await? {
        if let TarItem::Entry(file) = item {
            println!("{:04o} {:>10} {}", file.mode, file.file_size(), file.path_text());
        }
    }
    Ok(())
}
