//! Runs a command in a container: its output while it comes, each stream where it belongs, and its exit code as our own.

use crate::shared::Outcome;
use docker_tokio::Docker;
use docker_tokio::api::exec;
use docker_tokio::jobs::exec_outcome;
use docker_tokio::model::ExecConfig;
use tokio::io::{stderr, stdout};

pub(crate) async fn main(docker: &Docker, container: &str, cmd: &[&str]) -> Outcome {
    let config = ExecConfig::new().cmd(cmd.iter().copied()).attach_stdout(true).attach_stderr(true);
    let exec = exec::Handle::from(docker.call(exec::Create::new(container, config)).await?);
    docker.open(exec.start()).await?.copy_to(stdout(), stderr()).await?;
    let code = docker.job(exec_outcome(&exec)).await?.code().ok_or("it has not ended")?;
    std::process::exit(code.try_into()?)
}
