//! Containers: from creation to removal, and their output while they live.
//!
//! An operation belongs here if its path begins with `/containers`; commands run in a container are in
//! [`exec`](super::exec), its files in [`archive`](super::archive), its checkpoints in
//! [`checkpoints`](super::checkpoints).
//!
//! ```
//! use docker_proto::api::containers::{Create, List, Logs, Stop, Wait, WaitCondition};
//! use docker_proto::model::{ContainerCreateBody, HostConfig};
//! use std::time::{Duration, SystemTime};
//!
//! let body = ContainerCreateBody::new().image("nginx").host_config(HostConfig::new().memory(64 << 20));
//! let create = Create::new(body).name("web");
//! let wait = Wait::new("web").condition(WaitCondition::NextExit);
//! let list = List::new().all(true).filters([("label", "tier=web"), ("status", "exited")]);
//! let logs = Logs::new("web").stdout(true).stderr(true).since(SystemTime::now() - Duration::from_secs(60)).follow(true);
//! let stop = Stop::new("web").t(Duration::from_secs(5));
//! ```

mod all;
mod handle;
mod life;
mod look;
mod output;
mod settings;
mod snapshot;

pub use all::{List, Prune};
pub use handle::{Handle, named};
pub use life::{Create, Kill, Pause, Remove, Restart, Start, Stop, Unpause, Wait, WaitCondition};
pub use look::{Changes, Export, Inspect, Stats, StatsOnce, Top};
pub use output::{Attach, AttachOutput, AttachWebsocket, Logs};
pub use settings::{Rename, Resize, Update};
pub use snapshot::Snapshot;
