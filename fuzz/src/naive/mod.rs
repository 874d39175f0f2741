//! The same formats decoded as one would write it first: from a whole input, without states, by other means. Each says
//! what an incremental decoder must have said when the input has ended.

pub(crate) mod answer;
pub(crate) mod chunked;
pub(crate) mod endpoint;
pub(crate) mod frames;
pub(crate) mod json;
pub(crate) mod lines;
pub(crate) mod websocket;
