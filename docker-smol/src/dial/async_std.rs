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

use crate::link::Transport;
use crate::{Docker, Result};
use ::async_std::net::TcpStream;
#[cfg(unix)]
use ::async_std::os::unix::net::UnixStream;
use async_io::Async;
use docker_proto::session::{Address, Config, Endpoint, PoolLimits};
use std::any::Any;
use std::io;
use std::net::Shutdown;

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
    Docker::with(super::endpoint(endpoint, dial), config, limits)
}

/// async-std's sockets are async-io's in a wrapper that hides the system's and writes no two slices at once; so they are
/// taken out of it once they are connected.
async fn dial(address: Address) -> io::Result<Box<dyn Transport>> {
    match address {
        #[cfg(unix)]
        Address::Unix(path) => Ok(super::unix(Async::new(UnixStream::connect(path).await?.try_into()?)?)),
        Address::Tcp(host, port) => super::tcp(Async::new(TcpStream::connect((&*host, port)).await?.try_into()?)?),
        other => Err(super::unsupported(&other)),
    }
}

/// Shuts the writing side down if it is a socket of async-std's, brought by the caller.
pub(super) fn shutdown(io: &dyn Any) -> Option<io::Result<()>> {
    #[cfg(unix)]
    if let Some(socket) = io.downcast_ref::<UnixStream>() {
        return Some(socket.shutdown(Shutdown::Write));
    }
    Some(io.downcast_ref::<TcpStream>()?.shutdown(Shutdown::Write))
}
