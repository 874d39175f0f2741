//! Clients that connect through async-std; everything else about them is the same.
//!
//! ```no_run
//! use docker_smol::{api::system, async_std};
//!
//! # async fn example() -> docker_smol::Result<()> {
//! let docker = async_std::from_env()?;
//! docker.call(system::Ping::new()).await?;
//! # Ok(()) }
//! ```

use crate::{Docker, Result, dial};
use docker_proto::session::{Config, Endpoint, PoolLimits};

/// The engine that the environment names: `DOCKER_HOST`, else the socket at `/var/run/docker.sock`.
/// `DOCKER_API_VERSION` pins the version.
///
/// # Errors
/// [`ErrorKind::Usage`](crate::ErrorKind::Usage) if one of them cannot be understood.
pub fn from_env() -> Result<Docker> {
    let (endpoint, config) = Config::from_env(|name| std::env::var(name).ok())?;
    Ok(new(endpoint, config, PoolLimits::default()))
}

/// The engine at `url`: `unix:///path` or `tcp://host:port/base`.
///
/// # Errors
/// [`ErrorKind::Usage`](crate::ErrorKind::Usage) if the URL is malformed; nothing else is looked at.
pub fn connect(url: &str) -> Result<Docker> {
    let endpoint = Endpoint::parse(url)?;
    let config = Config::new(&endpoint);
    Ok(new(endpoint, config, PoolLimits::default()))
}

/// A client of `endpoint` with settings of its own.
pub fn new(endpoint: Endpoint, config: Config, limits: PoolLimits) -> Docker {
    Docker::with(dial::endpoint(endpoint, dial::async_std), config, limits)
}
