//! A transport of one's own: whatever can be read from and written to carries requests and two-way sessions alike.

use crate::shared::Outcome;
use docker_tokio::Docker;
use docker_tokio::api::system::Ping;
use docker_tokio::session::{Config, Endpoint, PoolLimits};
use tokio::net::UnixStream;

pub(crate) async fn main(socket: String) -> Outcome {
    let dial = move || {
        println!("dialling");
        UnixStream::connect(socket.clone())
    };
    let docker = Docker::with_dial(dial, Config::new(&Endpoint::default()), PoolLimits::default());
    for _ in 0..2 {
        println!("API {}", docker.call(Ping::new()).await?.api_version.unwrap_or_default());
    }
    Ok(())
}
