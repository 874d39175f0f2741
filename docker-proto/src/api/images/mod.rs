//! Images: listed, brought in, passed on, removed.
//!
//! An operation belongs here if it is about finished images; how they are built is in [`build`](super::build).

mod bring;
mod give;
mod look;
mod remove;

pub use bring::{Commit, Import, ImportFrom, Load, Pull};
pub use give::{Get, GetAll, Push, Tag};
pub use look::{Attestations, History, Inspect, List, Search};
pub use remove::{Prune, Remove};
