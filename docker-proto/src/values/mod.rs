//! What people write, turned into what the API wants: `64m` into bytes, `127.0.0.1:8080:80/tcp` into an exposed port and a
//! binding, `docker run` flags into the body of a create.
//!
//! A file belongs here if it reads a text that command lines, compose files or other libraries have in common, and gives
//! a value or a [`model`](crate::model). Nothing here reads files, the environment or a clock.
//!
//! An error says what was read, the rule it breaks and what was seen, and is always of kind
//! [`Usage`](crate::ErrorKind::Usage). Where the systems that are imitated differ, the documentation says whose rule holds.

mod reference;

pub use reference::Reference;

use crate::Error;

/// The error of everything here: what was read, the rule, what was seen.
fn refuse(what: &str, seen: &str, rule: impl core::fmt::Display) -> Error {
    Error::usage(alloc::format!("{what}: {rule}; it is {seen:?}"))
}
