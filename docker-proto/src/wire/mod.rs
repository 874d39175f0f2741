//! HTTP/1.1 and what engines put inside it: one exchange, body framings, output frames, JSON values, websocket frames.
//!
//! Nothing here knows what an operation is, and nothing here names Docker. Each decoder owns its partial state, takes any
//! split of its input and says at the end what was incomplete.

mod chunked;
mod collect;
mod decode;
mod exchange;
mod frames;
mod framing;
mod head;
mod hidden;
#[cfg(feature = "gzip")]
mod inflate;
mod json;
pub mod limits;
mod lines;
mod outbox;
mod recv;
mod request;
mod runs;
pub mod websocket;

pub use collect::{Collected, Collector};
pub use decode::{Decode, Input};
pub use exchange::{Event, Exchange, Wants};
pub use frames::{Frames, Output, Piece, RawOutput, StreamKind};
pub use head::ResponseHead;
pub(crate) use hidden::{Hidden, Names};
#[cfg(feature = "gzip")]
pub use inflate::{Coding, Inflate};
pub use json::{JsonDecoder, JsonText, OneJson};
pub(crate) use json::{check_json, from_text};
pub use lines::{Line, LineEnd, Lines};
pub use outbox::BodyPiece;
pub use recv::RecvBuf;
pub use request::{Method, Request, RequestBody, RequestHead};
