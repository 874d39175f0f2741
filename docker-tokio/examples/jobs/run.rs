//! Creates a container, starts it, waits for its end and shows what it wrote: `run`

use docker_tokio::api::containers::Handle;
use docker_tokio::values::CreateOptions;
use docker_tokio::{Docker, Result};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let docker = Docker::from_env()?;
    let options = CreateOptions::new("docker-proto-test").command("sh -c 'echo hello; exit 3'");
    let job = Handle::from(docker.call(options.create()?).await?);
    docker.call(job.start()).await?;
    let code = docker.call(job.wait()).await?.status_code;
    let mut logs = docker.stream(job.logs().stdout(true).stderr(true));
    while let Some(piece) = logs.try_next().await? {
        print!("{}", String::from_utf8_lossy(&piece.bytes));
    }
    docker.call(job.remove()).await?;
    println!("exit code {code:?}");
    Ok(())
}
