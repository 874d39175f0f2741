//! The output of a command: collected or as it comes, both streams together or apart.

use crate::shared::Outcome;
use docker_blocking::Docker;
use docker_blocking::api::containers::named;
use docker_blocking::api::exec::Handle;
use docker_blocking::jobs::exec_run;
use docker_blocking::model::ExecConfig;
use std::io::{Write, stdout};

const CMD: [&str; 3] = ["sh", "-c", "echo hello stdout; sleep 0.2; echo hello stderr >&2"];

pub(crate) fn main(docker: &Docker, container: &str) -> Outcome {
    let start = || -> Outcome<_> {
        let config = ExecConfig::new().cmd(CMD).attach_stdout(true).attach_stderr(true);
        Ok(docker.open(Handle::from(docker.call(named(container).exec(config))?).start())?)
    };
    let both: Vec<u8> = start()?.map(|piece| Ok(piece?.bytes)).collect::<Outcome<Vec<_>>>()?.concat();
    println!("collected, together: {:?}", String::from_utf8_lossy(&both));
    print!("as it comes, together: ");
    for piece in start()? {
        stdout().write_all(&piece?.bytes)?;
    }
    for piece in start()? {
        let piece = piece?;
        println!("as it comes, apart: {} {:?}", piece.stream, String::from_utf8_lossy(&piece.bytes));
    }
    let ran = docker.job(exec_run(container, CMD))?;
    println!("collected, apart: {:?} {:?}, exit code {}", ran.output.stdout_text(), ran.output.stderr_text(), ran.code);
    Ok(())
}
