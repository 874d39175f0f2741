//! What a build takes along: which files of a directory are its context.
//!
//! A file belongs here if it decides about a build's context without looking at a disk: names and texts come in, answers
//! go out. Whoever walks the directory asks here.

mod ignore;
mod pattern;

pub use ignore::{Ignore, Place};
