//! Containers: from creation to removal, and their output while they live.
//!
//! An operation belongs here if its path begins with `/containers`; commands run in a container are in
//! [`exec`](super::exec), its files in [`archive`](super::archive), its checkpoints in
//! [`checkpoints`](super::checkpoints).

mod all;
mod life;
mod look;
mod output;
mod settings;

pub use all::{List, Prune};
pub use life::{Create, Kill, Pause, Remove, Restart, Start, Stop, Unpause, Wait, WaitCondition};
pub use look::{Changes, Export, Inspect, Stats, StatsOnce, Top};
pub use output::{Attach, AttachOutput, AttachWebsocket, Logs};
pub use settings::{Rename, Resize, Update};
