//! Images: listed, brought in, passed on, removed.
//!
//! An operation belongs here if it is about finished images; how they are built is in [`build`](super::build).
//!
//! ```
//! use docker_proto::api::images::{Get, List, Prune, Pull, Push, Tag};
//! use docker_proto::model::Filters;
//! use docker_proto::op::RegistryAuth;
//!
//! let pull = Pull::new("alpine").tag("3.20").platform("linux/arm64/v8");
//! let tag = Tag::new("alpine:3.20", "registry.example.com/base/alpine").tag("3.20");
//! let push = Push::new("registry.example.com/base/alpine")
//!     .tag("3.20")
//!     .registry_auth(RegistryAuth::password("user", "secret", "registry.example.com"));
//! let unused = Prune::new().filters(Filters::new().add("dangling", true).not("label", "keep"));
//! let tar = Get::new("alpine:3.20");
//! ```

mod bring;
mod give;
mod handle;
mod look;
mod remove;

pub use bring::{Commit, Import, ImportFrom, Load, Pull};
pub use give::{Get, GetAll, Push, Tag};
pub use handle::{Handle, Snapshot, named};
pub use look::{Attestations, History, Inspect, List, Search};
pub use remove::{Prune, Remove};
