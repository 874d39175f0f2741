//! Pushes an image and shows all steps in the end.

use crate::shared::Outcome;
use docker_blocking::Docker;
use docker_blocking::api::images;
use docker_blocking::op::RegistryAuth;
use docker_blocking::values::Reference;

pub(crate) fn main(docker: &Docker, image: &str, account: Option<(&str, &str)>) -> Outcome {
    let auth = match account {
        Some((user, password)) => RegistryAuth::password(user, password, Reference::parse(image)?.registry()),
        None => docker.auth_for(image)?, // as the docker command has it
    };
    let steps = docker.stream(images::named(image).push().registry_auth(auth)).collect::<Result<Vec<_>, _>>()?;
    println!("{}", serde_json::to_string_pretty(&steps)?);
    Ok(())
}
