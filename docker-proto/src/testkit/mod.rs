//! What this project tests itself with, for whoever builds on it.
//!
//! - [`every_cut`]: a decoder over every cut of its input.
//! - [`Script`]: an engine that says what a test wrote down, and only when it is spoken to; [`Bench`] runs calls against
//!   it in virtual time, without a socket. [`Script::dials`] gives its connections to a transport of your own.
//! - [`Transcript`]: a script recorded from a real engine, by a [`Recording`].
//!
//! A test tool: everything here panics when it finds something wrong, and says where.

mod asked;
#[cfg(feature = "std")]
mod bench;
#[cfg(feature = "std")]
mod body;
mod cuts;
#[cfg(feature = "std")]
mod link;
mod peer;
#[cfg(feature = "std")]
mod recording;
mod script;
mod transcript;
mod want;

pub use asked::Asked;
#[cfg(feature = "std")]
pub use bench::Bench;
#[cfg(feature = "std")]
pub use body::MemoryBody;
pub use cuts::{End, Ends, ROUNDS, Seen, Vector, cuts, each, every_cut, pieces};
#[cfg(feature = "std")]
pub use link::{MemoryLink, MemoryTimer};
pub use peer::{Fault, Peer};
#[cfg(feature = "std")]
pub use recording::Recording;
pub use script::{Dial, Script};
pub use transcript::{Recorder, Transcript};
pub use want::Want;
