//! Runs commands in a container: to the end, with an environment and a user of its own, and in the background.

use crate::shared::Outcome;
use docker_blocking::Docker;
use docker_blocking::api::containers::named;
use docker_blocking::api::exec::Handle;
use docker_blocking::jobs::exec_run;
use docker_blocking::model::ExecConfig;

pub(crate) fn main(docker: &Docker, container: &str) -> Outcome {
    let job = exec_run(container, ["sh", "-c", "echo $MODE by $(id -u) in $(pwd)"]);
    let ran = docker.job(job.with(|exec| exec.env(["MODE=test"]).user("65534").working_dir("/tmp")))?;
    print!("{}", ran.output.stdout_text());
    let command = docker.call(named(container).exec(ExecConfig::new().cmd(["sleep", "60"])))?;
    let command = Handle::from(command);
    docker.call(command.start_detached())?;
    println!("running: {:?}", docker.call(command.inspect())?.running);
    Ok(())
}
