//! A shell in a container, typed to and read from at the same time: `exec CONTAINER`

use docker_smol::Docker;
use docker_smol::api::{containers, exec};
use docker_smol::model::ExecConfig;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    smol::block_on(async {
        let docker = Docker::from_env()?;
        let container = containers::named(std::env::args().nth(1).ok_or("which container?")?);
        let config = ExecConfig::new().cmd(["sh"]).attach_stdin(true).attach_stdout(true).attach_stderr(true);
        let shell = exec::Handle::from(docker.call(container.exec(config)).await?);
        let (mut output, mut input) = docker.open(shell.start()).await?.split();
        smol::spawn(async move {
            smol::io::copy(smol::Unblock::new(std::io::stdin()), &mut input).await?;
            input.close().await
        })
        .detach();
        while let Some(piece) = output.try_next().await? {
            print!("{}", String::from_utf8_lossy(&piece.bytes));
        }
        let code = docker.call(shell.inspect()).await?.exit_code;
        // Does not wait for input that nobody types any more.
        std::process::exit(code.and_then(|code| code.try_into().ok()).unwrap_or(1));
    })
}
