//! Creates a container, starts it, waits for its end and shows what it wrote: `run`

use docker_blocking::api::containers::Handle;
use docker_blocking::values::CreateOptions;
use docker_blocking::{Docker, Result};

fn main() -> Result<()> {
    let docker = Docker::from_env()?;
    let options = CreateOptions::new("docker-proto-test").command("sh -c 'echo hello; exit 3'");
    let job = Handle::from(docker.call(options.create()?)?);
    docker.call(job.start())?;
    let code = docker.call(job.wait())?.status_code;
    for piece in docker.stream(job.logs().stdout(true).stderr(true)) {
        print!("{}", String::from_utf8_lossy(&piece?.bytes));
    }
    docker.call(job.remove())?;
    println!("exit code {code:?}");
    Ok(())
}
