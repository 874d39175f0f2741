//! Unpacks a path of a container into a directory, by the `tar` crate: `unpack CONTAINER PATH DIRECTORY`

use docker_blocking::Docker;
use docker_blocking::api::containers;
use std::io;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let docker = Docker::from_env()?;
    let [container, path, directory] = [1, 2, 3].map(|n| std::env::args().nth(n).unwrap_or_default());
    let mut reader = docker.stream(containers::named(container).archive(path)).into_reader();
    tar::Archive::new(&mut reader).unpack(directory)?;
    // The crate stops at the end of the tar; what an engine appends to it would be behind that.
    io::copy(&mut reader, &mut io::sink())?;
    Ok(())
}
