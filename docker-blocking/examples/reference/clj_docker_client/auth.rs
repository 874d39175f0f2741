//! Pulls from a registry that wants to know who asks.

use crate::shared::Outcome;
use docker_blocking::Docker;
use docker_blocking::api::images;
use docker_blocking::op::RegistryAuth;
use docker_blocking::values::Reference;

pub(crate) fn main(docker: &Docker, image: &str, user: &str, password: &str) -> Outcome {
    let auth = RegistryAuth::password(user, password, Reference::parse(image)?.registry());
    for step in docker.stream(images::named(image).pull().registry_auth(auth)) {
        println!("{}", step?.status.unwrap_or_default());
    }
    Ok(())
}
