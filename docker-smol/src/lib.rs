//! Docker Engine client for smol.
