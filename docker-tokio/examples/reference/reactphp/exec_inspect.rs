//! Runs a command in a container, and shows what the engine knows of it before and after.

use crate::shared::Outcome;
use docker_tokio::Docker;
use docker_tokio::api::exec;
use docker_tokio::model::ExecConfig;
use docker_tokio::op::Operation;

pub(crate) async fn main(docker: &Docker, container: &str, cmd: &[&str]) -> Outcome {
    let config = ExecConfig::new().cmd(cmd.iter().copied()).attach_stdout(true).attach_stderr(true);
    let exec = exec::Handle::from(docker.call(exec::Create::new(container, config)).await?);
    println!("Created: {exec}");
    println!("Before: {}", serde_json::to_string_pretty(&docker.call(exec.inspect()).await?)?);
    println!("Output: {:?}", docker.call(exec.start().collected()).await?.stdout_text());
    println!("After: {}", serde_json::to_string_pretty(&docker.call(exec.inspect()).await?)?);
    Ok(())
}
