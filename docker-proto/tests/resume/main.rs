//! Streams that go on over several connections: against a scripted engine in virtual time, and a policy alone against a
//! model of an engine.

mod driving;
mod events;
mod logs;
mod model;

use docker_proto::drive::Resumed;
use docker_proto::model::ApiVersion;
use docker_proto::resume::{Entry, Resume};
use docker_proto::session::{Client, VersionChoice};
use docker_proto::testkit::{Bench, Script};
use docker_proto::{Error, Result};
use std::sync::Arc;

/// A client that asks nothing: API 1.45.
fn client() -> Arc<Client> {
    Bench::client_with(|c| c.version = VersionChoice::Pinned(ApiVersion::new(1, 45)))
}

/// All that came, as text: an item by `show`, a gap, an error.
fn collect<P: Resume<Item = Entry<T>>, T>(
    bench: &Bench,
    stream: &mut Resumed<Bench, P>,
    show: impl Fn(T) -> String,
) -> Vec<String> {
    let mut all = Vec::new();
    while let Some(entry) = bench.run(|cx| stream.poll_next(cx)) {
        all.push(text(entry, &show));
    }
    all
}

fn text<T>(entry: Result<Entry<T>>, show: impl Fn(T) -> String) -> String {
    match entry {
        Ok(Entry::Item(item)) => show(item),
        Ok(Entry::Gap(gap)) => gap.to_string(),
        Ok(_) => "something else".into(),
        Err(e) => error(&e),
    }
}

fn error(e: &Error) -> String {
    format!("{}{:?} {}", if e.is_final() { "" } else { "item " }, e.kind(), e.message())
}

/// One frame of output as a chunk of its own.
fn frame(id: u8, text: &str) -> String {
    let length = u8::try_from(text.len()).expect("short");
    // Below 128 bytes each is a character of its own.
    assert!(length < 128);
    format!("{}\0\0\0\0\0\0{}{text}", char::from(id), char::from(length))
}

const MULTIPLEXED: &str = "Content-Type: application/vnd.docker.multiplexed-stream\r\n";

/// The head of a log and these frames; the connection stays open.
fn log(script: Script, request: &str, frames: &[String]) -> Script {
    let frames: Vec<&str> = frames.iter().map(|f| &**f).collect();
    script.expect(request).begin_chunks(200, MULTIPLEXED).more_chunks(&frames)
}
