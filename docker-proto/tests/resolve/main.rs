//! Which engine is meant, and contexts: inquiries in a world that is a map.

mod contexts;
mod credentials;
mod helpers;
mod hosts;
mod precedence;
mod proxies;
mod settings;
mod world;
