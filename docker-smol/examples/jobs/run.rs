//! Creates a container, starts it, waits for its end and shows what it wrote: `run`

use docker_smol::api::containers::Handle;
use docker_smol::values::CreateOptions;
use docker_smol::{Docker, Result};

fn main() -> Result<()> {
    smol::block_on(async {
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
    })
}
