//! Docker Engine client for blocking.
