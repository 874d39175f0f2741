//! Docker Engine client for tokio.
