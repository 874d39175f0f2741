//! Prints what is at a path of a container, while it arrives: `archive CONTAINER PATH`

use docker_blocking::Docker;
use docker_blocking::api::containers;
use docker_blocking::op::Operation;
use docker_blocking::tar::TarItem;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let docker = Docker::from_env()?;
    let [container, path] = [1, 2].map(|n| std::env::args().nth(n).unwrap_or_default());
    for item in docker.stream(containers::named(container).archive(path).entries()) {
        if let TarItem::Entry(file) = item? {
            println!("{:04o} {:>10} {}", file.mode, file.file_size(), file.path_text());
        }
    }
    Ok(())
}
