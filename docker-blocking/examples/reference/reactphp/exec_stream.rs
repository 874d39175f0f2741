//! Runs a command in a container: its output while it comes, each stream where it belongs, and its exit code as our own.

use crate::shared::Outcome;
use docker_blocking::Docker;
use docker_blocking::api::exec;
use docker_blocking::jobs::exec_outcome;
use docker_blocking::model::ExecConfig;
use std::io::{stderr, stdout};

pub(crate) fn main(docker: &Docker, container: &str, cmd: &[&str]) -> Outcome {
    let config = ExecConfig::new().cmd(cmd.iter().copied()).attach_stdout(true).attach_stderr(true);
    let exec = exec::Handle::from(docker.call(exec::Create::new(container, config))?);
    docker.open(exec.start())?.copy_to(stdout(), stderr())?;
    let code = docker.job(exec_outcome(&exec))?.code().ok_or("it has not ended")?;
    std::process::exit(code.try_into()?)
}
