//! A client of the engine that is meant by the environment, or of the one at a URL, and the version both speak.

use crate::shared::Outcome;
use docker_tokio::Docker;
use docker_tokio::api::system::Version;

pub(crate) async fn main(url: Option<&str>) -> Outcome {
    let docker = match url {
        Some(url) => Docker::connect(url)?,
        None => Docker::from_env()?,
    };
    docker.call(Version::new()).await?;
    let agreed = docker.engine().and_then(|engine| engine.version).ok_or("nothing was agreed on")?;
    println!("API {agreed}");
    Ok(())
}
