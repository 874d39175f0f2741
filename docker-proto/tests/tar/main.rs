//! Tars: read at any cut, checked on their way, written.

mod failures;
mod formats;
mod judges;
mod kit;
mod packing;
