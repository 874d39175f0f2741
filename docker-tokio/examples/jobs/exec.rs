//! A shell in a container, typed to and read from at the same time: `exec CONTAINER`

use docker_tokio::Docker;
use docker_tokio::api::{containers, exec};
use docker_tokio::model::ExecConfig;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let docker = Docker::from_env()?;
    let container = containers::named(std::env::args().nth(1).ok_or("which container?")?);
    let config = ExecConfig::new().cmd(["sh"]).attach_stdin(true).attach_stdout(true).attach_stderr(true);
    let shell = exec::Handle::from(docker.call(container.exec(config)).await?);
    let (mut output, mut input) = docker.open(shell.start()).await?.split();
    tokio::spawn(async move {
        tokio::io::copy(&mut tokio::io::stdin(), &mut input).await?;
        input.close().await
    });
    while let Some(piece) = output.try_next().await? {
        print!("{}", String::from_utf8_lossy(&piece.bytes));
    }
    let code = docker.call(shell.inspect()).await?.exit_code;
    // Does not wait for input that nobody types any more.
    std::process::exit(code.and_then(|code| code.try_into().ok()).unwrap_or(1));
}
