//! What people write, turned into what the API wants: `64m` into bytes, `127.0.0.1:8080:80/tcp` into an exposed port and a
//! binding, `docker run` flags into the body of a create; and what engines write, turned into what people read.
//!
//! A file belongs here if it reads a text that command lines, compose files or other libraries have in common, and gives
//! a value or a [`model`](crate::model). Nothing here reads files, the environment or a clock.
//!
//! Everything here is `#[inline]`, as in the models: a program pays for what it uses, and not for the rest.
//!
//! An error says what was read, the rule it breaks and what was seen, and is always of kind
//! [`Usage`](crate::ErrorKind::Usage). Where the systems that are imitated differ, the documentation says whose rule holds.

mod bind;
mod create;
mod detach;
mod device;
mod duration;
mod env;
mod fields;
mod health;
mod host;
mod limit;
mod moment;
mod mount;
mod name;
mod port_map;
mod ports;
mod reference;
mod size;
mod store;
mod usage;
mod words;

pub use bind::Bind;
pub use create::CreateOptions;
pub use detach::{DetachKeys, DetachScan};
pub use device::device_cgroup_rule;
pub use duration::Nanoseconds;
pub use env::{Env, env_file};
pub use health::Health;
pub use host::{ExtraHost, Link};
pub use mount::check_mount;
pub use name::{NameValue, container_name, name_and_value};
pub use port_map::{HostPort, PortMap};
pub use ports::{PortRange, PortSpec};
pub use reference::Reference;
pub use size::{ByteSize, Cpus};
pub use store::{Tmpfs, VolumesFrom};
pub use usage::Usage;
pub use words::{join_command, split_command};

use crate::Error;

/// The error of everything here: what was read, the rule, what was seen.
#[inline]
fn refuse(what: &str, seen: &str, rule: impl core::fmt::Display) -> Error {
    Error::usage(alloc::format!("{what}: {rule}; it is {seen:?}"))
}

/// `TryFrom` for texts, by `FromStr`: so that a function can take a text or a finished value.
macro_rules! read_from_text {
    ($($name:ident),*) => {$(
        impl TryFrom<&str> for $name {
            type Error = crate::Error;

            #[inline]
            fn try_from(text: &str) -> crate::Result<Self> {
                text.parse()
            }
        }

        impl TryFrom<alloc::string::String> for $name {
            type Error = crate::Error;

            #[inline]
            fn try_from(text: alloc::string::String) -> crate::Result<Self> {
                text.parse()
            }
        }

        impl TryFrom<&alloc::string::String> for $name {
            type Error = crate::Error;

            #[inline]
            fn try_from(text: &alloc::string::String) -> crate::Result<Self> {
                text.parse()
            }
        }
    )*};
}

use read_from_text;
