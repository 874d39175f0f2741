//! HTTP/1.1 and what engines put inside it: one exchange, body framings, output frames, JSON values.
//!
//! Nothing here knows what an operation is, and nothing here names Docker. Each decoder owns its partial state, takes any
//! split of its input and says at the end what was incomplete.

mod decode;
pub mod limits;
mod recv;

pub use decode::{Decode, Input};
pub use recv::RecvBuf;
