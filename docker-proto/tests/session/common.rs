//! What the tests of the session share.

use docker_proto::model::ApiVersion;
use docker_proto::session::{Client, VersionChoice};
use docker_proto::testkit::Bench;
use docker_proto::wire::Piece;
use docker_proto::wire::StreamKind::{self, Stdout};
use docker_proto::{Error, Result};
use std::sync::Arc;
use std::time::Duration;

pub(crate) fn secs(n: u64) -> Duration {
    Duration::from_secs(n)
}

/// A client that asks nothing: API 1.41.
pub(crate) fn pinned() -> Arc<Client> {
    at(1, 41)
}

pub(crate) fn at(major: u16, minor: u16) -> Arc<Client> {
    Bench::client_with(|c| c.version = VersionChoice::Pinned(ApiVersion::new(major, minor)))
}

pub(crate) fn version(client: &Client) -> Option<String> {
    client.agreed().and_then(|a| a.version).map(|v| v.to_string())
}

/// One frame on stdout.
pub(crate) const FRAME: &str = "\x01\0\0\0\0\0\0\x02hi";

/// Output with adjoining pieces of a stream as one.
pub(crate) fn output(items: Vec<Result<Piece>>) -> Vec<(StreamKind, String)> {
    let mut all: Vec<(StreamKind, String)> = Vec::new();
    for item in items {
        let piece = item.expect("output");
        let text = String::from_utf8_lossy(&piece.bytes);
        match all.last_mut() {
            Some((stream, before)) if *stream == piece.stream => before.push_str(&text),
            _ => all.push((piece.stream, text.into_owned())),
        }
    }
    all
}

pub(crate) fn frames() -> Vec<(StreamKind, String)> {
    vec![(Stdout, "hi".into())]
}

pub(crate) fn raw() -> Vec<(StreamKind, String)> {
    vec![(Stdout, FRAME.into())]
}

/// The one error that a call ended with.
pub(crate) fn only_error<T: std::fmt::Debug>(mut items: Vec<Result<T>>) -> Error {
    assert_eq!(items.len(), 1, "{items:?}");
    items.remove(0).expect_err("an error")
}
