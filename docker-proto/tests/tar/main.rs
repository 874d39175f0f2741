//! Tars: read at any cut, checked on their way, written.

#[cfg(feature = "gzip")]
mod compressed;
mod failures;
mod folder;
mod formats;
mod judges;
mod kit;
mod packing;
mod trees;
mod unpacking;
