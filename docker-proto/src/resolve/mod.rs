//! Which engine is meant, as the docker command finds it: variables, contexts, config.json, well-known sockets.
//!
//! Nothing here looks anywhere. An [`Inquiry`] asks its driver [questions](Ask), one after another, and ends in a value
//! or in an error that says what was looked at. `Docker::from_env()` of every adapter is the first of these; the
//! adapters' `ask` does any of them.
//!
//! | inquiry | ends in |
//! |---|---|
//! | [`Resolve`] | the engine that is meant, and the settings for it |
//! | [`ReadConfig`] | config.json: header fields, proxies, detach keys |
//! | [`contexts::List`], [`contexts::Inspect`] | contexts, of the docker command's making too |
//! | [`contexts::Create`], [`contexts::Use`], [`contexts::Remove`] | a context made, made current, removed |
//!
//! Credentials are found the same way: [`credentials`](crate::credentials). What belongs here is whatever says which engine
//! to speak to; what is said to it does not.

mod ask;
mod config;
mod context;
pub mod contexts;
mod environment;
mod explain;
mod headers;
mod proxies;
mod target;

pub use ask::{Answer, Ask, Asking, Inquiry, Known, MAX_ANSWER, Program, Step, Stop};
pub use config::{ConfigFile, ReadConfig};
pub use context::{Context, TlsFiles};
pub use environment::Environment;
pub use explain::{Candidate, Explanation};
pub use target::{Resolve, Resolved};

pub(crate) use ask::unknown;
pub(crate) use config::member;
pub(crate) use environment::join;
