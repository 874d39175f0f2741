//! A client with a limit for each phase of its calls: connecting, sending, waiting for the answer, waiting for its next byte.

use crate::shared::Outcome;
use docker_blocking::Docker;
use docker_blocking::api::system::Ping;
use docker_blocking::session::Timeouts;
use std::time::Duration;

pub(crate) fn main(url: &str) -> Outcome {
    let limit = |ms| Some(Duration::from_millis(ms));
    let limits = Timeouts::default().connect(limit(500)).send(limit(1000)).head(limit(2000)).idle(limit(2000));
    let docker = Docker::builder().url(url).timeouts(limits).build()?;
    println!("API {}", docker.call(Ping::new())?.api_version.unwrap_or_default());
    Ok(())
}
