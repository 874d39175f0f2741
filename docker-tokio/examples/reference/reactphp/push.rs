//! Pushes an image and shows all steps in the end.

use crate::shared::Outcome;
use docker_tokio::Docker;
use docker_tokio::api::images;
use docker_tokio::op::RegistryAuth;
use docker_tokio::values::Reference;

pub(crate) async fn main(docker: &Docker, image: &str, account: Option<(&str, &str)>) -> Outcome {
    let auth = match account {
        Some((user, password)) => RegistryAuth::password(user, password, Reference::parse(image)?.registry()),
        None => docker.auth_for(image).await?, // as the docker command has it
    };
    let steps = docker.stream(images::named(image).push().registry_auth(auth)).collect().await?;
    println!("{}", serde_json::to_string_pretty(&steps)?);
    Ok(())
}
