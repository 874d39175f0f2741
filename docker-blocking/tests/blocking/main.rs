//! The adapter against peers made of std sockets and threads.
#![cfg(unix)]

mod calls;
mod cancels;
mod memory;
mod peer;
mod places;
mod websocket;

use docker_blocking::Docker;
use docker_blocking::model::ApiVersion;
use docker_blocking::session::{CallOptions, Config, Endpoint, Timeouts, VersionChoice};
use std::time::Duration;

const MS: Duration = Duration::from_millis(1);
/// Far more than anything here takes, far less than any default deadline.
const SOON: Duration = Duration::from_secs(5);

fn each(docker: &Docker, limit: Duration) -> Docker {
    let mut options = CallOptions::default();
    options.timeouts = Some(Timeouts::each(limit));
    docker.with_options(options)
}

fn pinned() -> Config {
    let mut config = Config::new(&Endpoint::default());
    config.version = VersionChoice::Pinned(ApiVersion::new(1, 45));
    config
}
