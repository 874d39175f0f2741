//! What a build takes along, and what it tells: the files of a directory that are its context, and the traces of BuildKit.
//!
//! A file belongs here if it decides about a build without looking at a disk or a socket: names, texts and bytes come in,
//! answers go out. Whoever walks the directory asks here; [`jobs::build`](crate::jobs::build()) does the build.

mod context;
mod ignore;
mod pattern;
mod trace;
mod walk;

pub use context::{Context, MAX_FILE};
pub use ignore::{Ignore, Place};
pub use trace::{Trace, TraceLog};
