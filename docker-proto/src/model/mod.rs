//! Typed bodies.
