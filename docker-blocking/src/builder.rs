//! A client with settings of its own.

use crate::Docker;
use docker_proto::session::Builder;

impl Docker {
    /// Settings of a client, one after another.
    ///
    /// ```
    /// use docker_blocking::{Docker, session::Timeouts};
    /// use std::time::Duration;
    ///
    /// let docker = Docker::builder()
    ///     .url("tcp://127.0.0.1:2375")
    ///     .version("1.45")
    ///     .timeouts(Timeouts::default().connect(Some(Duration::from_secs(3))))
    ///     .build()?;
    /// # Ok::<(), docker_blocking::Error>(())
    /// ```
    pub fn builder() -> Builder<Self> {
        Builder::new(Self::new)
    }
}
