//! Who somebody is to a registry: found where the docker command keeps it, kept there, forgotten.
//!
//! ```
//! use docker_proto::credentials::Lookup;
//! use docker_proto::resolve::{Answer, Ask, Asking, Step};
//!
//! # let config = br#"{"auths": {"reg.example:5200": {"auth": "bWU6c2VzYW1l"}}}"#;
//! let mut asking = Asking::new(Lookup::image("reg.example:5200/team/app:1"));
//! let found = loop {
//!     match asking.step()? {
//!         Step::Done(found) => break found,
//!         Step::Ask(Ask::Env(name)) if name == "HOME" => asking.answer(Answer::Text("/home/me".into())),
//!         Step::Ask(Ask::File(path)) if path == "/home/me/.docker/config.json" => {
//!             asking.answer(Answer::Bytes(config.to_vec()))
//!         }
//!         Step::Ask(_) => asking.answer(Answer::Nothing),
//!     }
//! };
//! assert_eq!(found.auth.as_ref().and_then(|auth| auth.username.as_deref()), Some("me"));
//! let header = found.header(); // for Pull, Push and all that takes credentials
//! # Ok::<(), docker_proto::Error>(())
//! ```
//!
//! The adapters answer these questions themselves: `docker.auth_for("reg.example:5200/team/app")`.
//!
//! # Where credentials are
//!
//! In this order, and the first that has some for the registry counts:
//!
//! 1. `DOCKER_AUTH_CONFIG`: a text like config.json, of which only `auths` counts.
//! 2. The registry's own helper program (`credHelpers` of config.json), or else the helper for all (`credsStore`).
//! 3. `auths` of config.json: the entry of the registry itself, or else one whose URL has that host.
//! 4. The older `~/.dockercfg`, if there is no config.json and `DOCKER_CONFIG` is not set.
//!
//! A helper that is configured and cannot be run is an error: whoever has one does not want to be anonymous by accident.
//!
//! # Names of the hub
//!
//! `docker.io`, `index.docker.io` and `https://index.docker.io/v1/` are one registry, here as well as in these files. It is
//! kept, and sent, under the last of them. All others are kept under their host and port.

mod entry;
mod helper;
mod login;
mod lookup;
mod store;

pub use login::{Login, Logout, Store, Stored};
pub use lookup::{AllCredentials, Credentials, Lookup};

use crate::{Error, Result};
use alloc::format;
use alloc::string::String;

/// What the hub's credentials are kept under.
const HUB_KEY: &str = "https://index.docker.io/v1/";
/// The hub's names.
const HUB: [&str; 2] = ["docker.io", "index.docker.io"];

/// What a registry's credentials are kept under: its host and port, or the hub's URL. Takes hosts and URLs; nothing at all
/// is the hub.
///
/// ```
/// use docker_proto::credentials::registry_key;
///
/// assert_eq!(registry_key("docker.io"), "https://index.docker.io/v1/");
/// assert_eq!(registry_key("https://reg.example:5000/v2/"), "reg.example:5000");
/// ```
#[inline]
#[must_use]
pub fn registry_key(registry: &str) -> String {
    let host = host(registry.trim());
    if host.is_empty() || HUB.contains(&host) { HUB_KEY.into() } else { host.into() }
}

/// What an entry with this name is about: the hub's tokens are kept under URLs of their own, and are no credentials.
#[inline]
fn entry_key(name: &str) -> Option<String> {
    let key = registry_key(name);
    let path = name.split_once("://").map_or(name, |(_, rest)| rest).split_once('/').map_or("", |(_, path)| path);
    (key != HUB_KEY || ["", "v1", "v2"].contains(&path.trim_matches('/'))).then_some(key)
}

/// It becomes the input of a helper program.
#[inline]
fn check_key(key: &str) -> Result<()> {
    if key.contains(|c: char| c.is_control() || c.is_whitespace()) {
        return Err(Error::usage(format!("registry: must be a host and a port, or a URL; it is {key:?}")));
    }
    Ok(())
}

/// A URL without its scheme and path.
#[inline]
fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split('/').next().unwrap_or(rest)
}
