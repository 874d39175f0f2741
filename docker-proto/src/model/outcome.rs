//! What the ends of processes mean: success, or an error with the exit code.

use super::{ContainerWaitResponse, ExecInspectResponse};
use crate::{Error, ErrorKind, Result};
use alloc::format;

impl ContainerWaitResponse {
    /// Nothing if the container's process ended with 0.
    ///
    /// # Errors
    /// [`Exit`](ErrorKind::Exit), with the [code](Error::exit_code), if it ended otherwise;
    /// [`InStream`](ErrorKind::InStream) if the engine could not wait for it; [`Decode`](ErrorKind::Decode) if no code
    /// came.
    #[inline]
    pub fn success(&self) -> Result<()> {
        if let Some(message) = self.error.as_ref().and_then(|e| e.message.clone()).filter(|m| !m.is_empty()) {
            return Err(Error::new(ErrorKind::InStream, message));
        }
        exited(self.status_code, "the container")
    }
}

impl ExecInspectResponse {
    /// Nothing if the command ended with 0.
    ///
    /// # Errors
    /// [`Exit`](ErrorKind::Exit), with the [code](Error::exit_code), if it ended otherwise; [`Usage`](ErrorKind::Usage)
    /// if it still runs; [`Decode`](ErrorKind::Decode) if no code came.
    #[inline]
    pub fn success(&self) -> Result<()> {
        if self.running == Some(true) {
            return Err(Error::usage("the command still runs: it has no exit code yet"));
        }
        exited(self.exit_code, "the command")
    }
}

#[inline]
fn exited(code: Option<i64>, what: &str) -> Result<()> {
    match code {
        Some(0) => Ok(()),
        Some(code) => Err(Error::exit(code, format!("{what} ended with exit code {code}"))),
        None => Err(Error::new(ErrorKind::Decode, format!("the engine did not tell how {what} ended"))),
    }
}
