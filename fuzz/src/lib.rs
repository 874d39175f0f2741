//! What the fuzz targets do, as plain functions: an input goes in, and a panic comes out if an oracle is violated.
//!
//! Each target looks at its input twice: as the bytes of a peer, compared with an independent naive decoder, and as a plan
//! after which valid messages are built, encoded naively, decoded and compared with what was built. Both run whole and cut
//! in many ways, and all runs must agree. `fuzz/prove` shows that the oracles bite.
//!
//! - [`TARGETS`]: name, body and vocabulary of each.
//! - [`corpus`]: the seeds, which `cargo test -p docker-fuzz` replays on stable.
//! - [`random`]: inputs for the loop on stable, which needs no libfuzzer.

mod answer;
mod archive;
mod chunked;
pub mod corpus;
mod cut;
mod endpoint;
mod exchange;
mod frames;
mod head;
mod json;
mod lines;
mod naive;
pub mod random;
mod run;
mod settings;
mod source;
mod websocket;

pub use archive::tar;
pub use chunked::chunked;
pub use endpoint::endpoint;
pub use exchange::exchange;
pub use frames::frames;
pub use head::head;
pub use json::json;
pub use lines::lines;
pub use settings::settings;
pub use websocket::websocket;

/// A fuzz target.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// Its name, which is that of its corpus too.
    pub name: &'static str,
    /// Panics if an oracle is violated.
    pub run: fn(&[u8]),
    /// Words that random inputs are made of.
    pub words: &'static [&'static [u8]],
}

/// All targets.
pub const TARGETS: [Target; 10] = [
    Target { name: "head", run: head, words: head::WORDS },
    Target { name: "chunked", run: chunked, words: chunked::WORDS },
    Target { name: "frames", run: frames, words: frames::WORDS },
    Target { name: "lines", run: lines, words: lines::WORDS },
    Target { name: "json", run: json, words: json::WORDS },
    Target { name: "exchange", run: exchange, words: head::WORDS },
    Target { name: "endpoint", run: endpoint, words: endpoint::WORDS },
    Target { name: "tar", run: tar, words: archive::WORDS },
    Target { name: "settings", run: settings, words: settings::WORDS },
    Target { name: "websocket", run: websocket, words: websocket::WORDS },
];
