//! What is measured: for each part of the wire the same work done by docker-proto and by hand, on the same bytes.
//!
//! `cargo bench -p docker-benches` measures each contender by itself, with statistics. `cargo run -p docker-benches
//! --release --bin ratios` measures them side by side and prints how they compare, beside the budgets of the design.
//! Nothing here fails for being slow: machines differ, and ratios are for people to judge.

pub mod exchange;
pub mod frames;
pub mod head;
pub mod json;
pub mod side_by_side;
pub mod socket;

use docker_proto::wire::RecvBuf;

/// The bytes in one block, as one large read would have left them there.
pub fn block(bytes: &[u8]) -> RecvBuf {
    RecvBuf::from(bytes)
}
