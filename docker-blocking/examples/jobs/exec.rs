//! A shell in a container, typed to and read from at the same time: `exec CONTAINER`

use docker_blocking::Docker;
use docker_blocking::api::{containers, exec};
use docker_blocking::model::ExecConfig;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let docker = Docker::from_env()?;
    let container = containers::named(std::env::args().nth(1).ok_or("which container?")?);
    let config = ExecConfig::new().cmd(["sh"]).attach_stdin(true).attach_stdout(true).attach_stderr(true);
    let shell = exec::Handle::from(docker.call(container.exec(config))?);
    let (output, mut input) = docker.open(shell.start())?.split();
    std::thread::spawn(move || {
        std::io::copy(&mut std::io::stdin(), &mut input)?;
        input.close()
    });
    for piece in output {
        print!("{}", String::from_utf8_lossy(&piece?.bytes));
    }
    let code = docker.call(shell.inspect())?.exit_code;
    // Does not wait for input that nobody types any more.
    std::process::exit(code.and_then(|code| code.try_into().ok()).unwrap_or(1));
}
