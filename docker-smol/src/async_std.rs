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

use crate::{Docker, Result, ask, dial};
use docker_proto::session::{Config, Endpoint, PoolLimits};

/// The engine that the environment means, found as the docker command finds it: `DOCKER_HOST`, `DOCKER_CONTEXT`, the
/// context in use, the default socket, and others; see [`Resolve`](crate::resolve::Resolve). Reads a few small files.
///
/// # Errors
/// [`ErrorKind::Usage`](crate::ErrorKind::Usage) for what cannot be understood, or an endpoint that cannot be dialled;
/// [`ErrorKind::Context`](crate::ErrorKind::Context) for a context that is not there.
pub fn from_env() -> Result<Docker> {
    let (endpoint, config) = ask::from_env()?;
    let limits = endpoint.pool_limits();
    Ok(new(endpoint, config, limits))
}

/// The engine at `url`: `unix:///path`, `tcp://host:port/base`, `https://host:port/base` (with the feature `tls`) or
/// `ssh://user@host`.
///
/// # Errors
/// [`ErrorKind::Usage`](crate::ErrorKind::Usage) if the URL is malformed; nothing else is looked at.
pub fn connect(url: &str) -> Result<Docker> {
    let endpoint = Endpoint::parse(url)?;
    let (config, limits) = (Config::new(&endpoint), endpoint.pool_limits());
    Ok(new(endpoint, config, limits))
}

/// A client of `endpoint` with settings of its own.
pub fn new(endpoint: Endpoint, config: Config, limits: PoolLimits) -> Docker {
    Docker::with(dial::endpoint(endpoint, dial::async_std), config, limits)
}
