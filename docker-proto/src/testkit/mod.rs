//! What this project tests itself with, for whoever builds on it.
//!
//! A test tool: everything here panics when it finds something wrong, and says where.

mod cuts;

pub use cuts::{End, Ends, ROUNDS, Seen, Vector, cuts, each, every_cut, pieces};
