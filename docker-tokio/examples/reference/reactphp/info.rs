//! Shows what the engine says of itself.

use crate::shared::Outcome;
use docker_tokio::Docker;
use docker_tokio::api::system::Info;

pub(crate) async fn main(docker: &Docker) -> Outcome {
    let info = docker.call(Info::new()).await?;
    println!("{}", serde_json::to_string_pretty(&info)?);
    Ok(())
}
