//! Runs a command in a container, and shows what the engine knows of it before and after.

use crate::shared::Outcome;
use docker_blocking::Docker;
use docker_blocking::api::exec;
use docker_blocking::model::ExecConfig;
use docker_blocking::op::Operation;

pub(crate) fn main(docker: &Docker, container: &str, cmd: &[&str]) -> Outcome {
    let config = ExecConfig::new().cmd(cmd.iter().copied()).attach_stdout(true).attach_stderr(true);
    let exec = exec::Handle::from(docker.call(exec::Create::new(container, config))?);
    println!("Created: {exec}");
    println!("Before: {}", serde_json::to_string_pretty(&docker.call(exec.inspect())?)?);
    println!("Output: {:?}", docker.call(exec.start().collected())?.stdout_text());
    println!("After: {}", serde_json::to_string_pretty(&docker.call(exec.inspect())?)?);
    Ok(())
}
