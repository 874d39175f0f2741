//! Runs a container to its end: its output; its exit code, if that is not 0, with what it wrote to stderr.

use crate::shared::Outcome;
use docker_blocking::Docker;
use docker_blocking::jobs::run;
use docker_blocking::values::CreateOptions;

pub(crate) fn main(docker: &Docker, image: &str) -> Outcome {
    let hello = docker.job(run(CreateOptions::new(image).command("echo hello world")))?.success()?;
    print!("{}", hello.output.stdout_text());
    // A failure is a value until it is asked to be a success.
    let failed = docker.job(run(CreateOptions::new(image).command("sh -c 'echo oops >&2; exit 3'")))?;
    println!("exit code {}", failed.code);
    println!("{}", failed.success().unwrap_err());
    Ok(())
}
