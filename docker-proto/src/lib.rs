//! The Docker Engine API as a state machine: requests become bytes, bytes become answers, and nothing in between
//! touches a socket, a clock, a file or a thread.
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

mod error;
#[macro_use]
pub mod op;
pub mod api;
pub mod drive;
pub mod model;
pub mod session;
pub mod testkit;
pub mod wire;

pub use error::{Error, ErrorKind, Phase, Result, Source};
