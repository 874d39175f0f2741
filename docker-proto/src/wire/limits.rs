//! Every bound on what a peer can make this crate keep, by name and with its reason.

/// The head of an answer. Engines send less than 1 KiB; proxies add cookies and policies.
pub const MAX_HEAD: usize = 64 * 1024;
/// Fields in the head of an answer.
pub const MAX_HEADERS: usize = 128;
/// Heads of 1xx answers skipped before the final one: a peer that sends them for ever makes no progress.
pub const MAX_INFORMATIONAL: usize = 16;
/// A chunk-size line with its extensions. No engine sends extensions.
pub const MAX_CHUNK_LINE: usize = 4 * 1024;
/// All trailer fields of one body together. No engine sends any.
pub const MAX_TRAILERS: usize = 16 * 1024;
/// The body of an error answer that is kept; what follows is read no further. The Go client reads as much.
pub const MAX_ERROR_BODY: usize = 1024 * 1024;
/// One JSON value of a stream, and one unary JSON answer. `docker system df` and large swarms reach a few MiB.
pub const MAX_JSON: usize = 32 * 1024 * 1024;
/// Nesting of one JSON value; deeper ones are refused. serde_json refuses at 128 as well.
pub const MAX_JSON_DEPTH: usize = 128;
/// The text of an engine error in a frame of type 3.
pub const MAX_FRAME_ERROR: usize = 64 * 1024;
/// One message of a log that is read with its time. Engines cut lines at 16 KiB; a line of a terminal comes uncut.
pub const MAX_LOG_MESSAGE: usize = 1024 * 1024;
/// A line of output, before it comes in parts. As much as an engine itself keeps of a stream that nobody reads.
pub const MAX_LINE: usize = 1024 * 1024;
/// Both streams of output together, where they are collected. What is longer is read piece by piece or copied to a writer.
pub const MAX_COLLECTED: usize = 32 * 1024 * 1024;
/// The first block that a connection reads into.
pub const MIN_BLOCK: usize = 8 * 1024;
/// The largest block that a connection reads into: larger reads gain nothing on a socket.
pub const MAX_BLOCK: usize = 256 * 1024;
/// Large receive blocks that a client keeps for whichever of its streams reads next: 1 MiB in all, however many wait.
pub const SPARE_BLOCKS: usize = 4;
/// Room offered for one piece of a request body.
pub const BODY_BLOCK: usize = 64 * 1024;
/// The payload of one websocket frame that is sent: what is masked in one go, and kept if the peer does not read.
pub const MAX_WEBSOCKET_SEND: usize = 16 * 1024;
