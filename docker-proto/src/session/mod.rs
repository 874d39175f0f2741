//! One call from its first connection to its last byte: connect, agree on a version, ask how the answer is framed if that
//! is not known, send, decode, and decide what may be repeated, what has taken too long and which connection may be kept.
//!
//! - [`Client`]: what all calls to one engine share: endpoint, agreed version, defaults.
//! - [`Call`]: one operation, typed; [`Core`]: everything about it that needs no types, and all that a driver drives.
//! - [`Pool`]: which connections are kept, and who waits for a place.
//! - [`Endpoint`]: where an engine is; [`HostSpec`]: what people write for it; [`Command`]: a program that leads to one, and
//!   [`Heard`]: how such a program ended; [`Proxy`]: a proxy on the way, and [`Tunnel`]: the way through it.
//! - [`Builder`]: the settings of a client.

mod builder;
mod call;
mod client;
mod command;
mod core;
mod deadline;
mod endpoint;
mod heard;
mod host;
mod pool;
mod proxy;
mod refusal;
mod sub;
mod tunnel;

pub use self::builder::Builder;
pub use self::call::{Call, Progress};
pub use self::client::{Agreed, CallOptions, Client, Config, Verb, VersionChoice};
pub use self::command::Command;
pub use self::core::{Core, CoreEvent, Fate, Io};
pub use self::deadline::Timeouts;
pub use self::endpoint::{Address, Endpoint};
pub use self::heard::Heard;
pub use self::host::HostSpec;
pub use self::pool::{Counters, Pool, PoolLimits, Ticket};
pub use self::proxy::Proxy;
pub use self::tunnel::Tunnel;
