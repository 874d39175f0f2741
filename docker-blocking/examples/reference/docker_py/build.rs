//! Builds an image from a Dockerfile in memory: shows the log while it grows, and the id of the image.

use crate::shared::Outcome;
use docker_blocking::Docker;
use docker_blocking::api::build::FromTar;
use docker_blocking::build::Context;
use docker_blocking::jobs::build;

pub(crate) fn main(docker: &Docker, tag: &str, base: &str) -> Outcome {
    let dockerfile = format!("# Shared volume\nFROM {base}\nVOLUME /data\nCMD [\"/bin/sh\"]\n");
    let job = build(FromTar::new().tags([tag]).rm(true), Context::dockerfile(dockerfile));
    let built = docker.job(job.watch(|step| print!("{}", step.stream.unwrap_or_default())))?;
    println!("id {}", built.id);
    // A step that fails: its exit code, and what was printed until then.
    let job = build(FromTar::new(), Context::dockerfile(format!("FROM {base}\nRUN echo so far; exit 7\n")));
    let failed = docker.job(job).unwrap_err();
    println!("exit code {:?}, {}", failed.exit_code(), failed.output().unwrap_or_default().contains("so far"));
    Ok(())
}
