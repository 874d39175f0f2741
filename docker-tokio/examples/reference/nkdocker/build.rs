//! Builds an image from files in memory, if there is no image of that name yet.

use crate::shared::Outcome;
use docker_tokio::Docker;
use docker_tokio::api::{build, images};
use docker_tokio::tar::Tree;

pub(crate) async fn main(docker: &Docker, tag: &str, base: &str) -> Outcome {
    match docker.call(images::Inspect::new(tag)).await {
        Ok(_) => println!("{tag} is there"),
        Err(e) if e.is_not_found() => {
            let dockerfile = format!("FROM {base}\nCOPY greeting /\nCMD cat /greeting\n");
            let context = Tree::new().file("Dockerfile", dockerfile)?.file("greeting", "hello\n")?;
            let mut steps = docker.upload(build::FromTar::new().tags([tag]).rm(true), context.into_bytes());
            while let Some(step) = steps.try_next().await? {
                print!("{}", step.stream.unwrap_or_default());
            }
            println!("{tag} was built: {:?}", docker.call(images::Inspect::new(tag)).await?.id);
        }
        Err(e) => return Err(e.into()),
    }
    Ok(())
}
