//! Stdin and stdout of a container before it is started: what is written comes back, and the half-close ends it.

use crate::shared::Outcome;
use docker_tokio::Docker;
use docker_tokio::api::containers::Handle;
use docker_tokio::values::CreateOptions;
use tokio::io::AsyncWriteExt;

pub(crate) async fn main(docker: &Docker, image: &str) -> Outcome {
    let options = CreateOptions::new(image).args(["cat"]).interactive(true).network("none");
    let container = Handle::from(docker.call(options.create()?).await?);
    let mut session = docker.open(container.attach().stream(true).stdin(true).stdout(true).stderr(true)).await?;
    docker.call(container.start()).await?;
    session.input().write_all(b"one\ntwo\n").await?;
    session.input().close().await?;
    let (stdout, _) = session.collect().await?;
    print!("{}", String::from_utf8_lossy(&stdout));
    println!("exit code {:?}", docker.call(container.wait()).await?.status_code);
    docker.call(container.remove()).await?;
    Ok(())
}
