//! Proof that docker-proto is free of std, all its dependencies included.
//!
//! A `#![no_std]` attribute proves little: any crate below may link std all the same, and then sockets, clocks and threads
//! are there to be used. This crate is a `staticlib`, a final artifact in which the language items must be settled. It brings
//! its own panic handler and its own allocator. If std were linked anywhere in the graph it would bring a panic handler as
//! well, and the compiler refuses two: "found duplicate lang item `panic_impl`". So that this builds is the proof:
//!
//! ```text
//! cargo build --manifest-path tests/nostd/Cargo.toml
//! ```
//!
//! And that the proof can fail is seen by switching docker-proto's default feature on, which must not build:
//!
//! ```text
//! cargo build --manifest-path tests/nostd/Cargo.toml --features std
//! ```
//!
//! [`docker_proto_without_std`] calls into every layer, so that generic code is really compiled and not only declared.
#![no_std]

extern crate alloc;

mod heap;

use alloc::sync::Arc;
use core::panic::PanicInfo;
use core::time::Duration;
use docker_proto::api::containers;
use docker_proto::session::{Call, CallOptions, Client, Config, Endpoint, Io, Progress, Verb, VersionChoice};
use docker_proto::wire::{Decode, Event, Exchange, Frames, Method, RecvBuf, RequestBody, RequestHead, Wants};
use docker_proto::{Error, Result, model::ApiVersion};

/// What std would bring as well.
#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    loop {
        core::hint::spin_loop();
    }
}

const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.multiplexed-stream\r\n\
    Transfer-Encoding: chunked\r\n\r\nd\r\n\x01\0\0\0\0\0\0\x05hello\r\n0\r\n\r\n";

/// Goes once through docker-proto: how many bytes of output the two ways of reading an answer found, or -1.
#[unsafe(no_mangle)]
pub extern "C" fn docker_proto_without_std() -> i32 {
    match call().and_then(|a| exchange().map(|b| a + b)) {
        Ok(n) => i32::try_from(n).unwrap_or(i32::MAX),
        Err(_) => -1,
    }
}

/// The session: an endpoint, a typed operation, and a driver that has the answer in its hand.
fn call() -> Result<usize> {
    let endpoint = Endpoint::parse("tcp://127.0.0.1:2375/base")?;
    let mut config = Config::new(&endpoint);
    config.version = VersionChoice::Pinned(ApiVersion::new(1, 45));
    let logs = containers::Logs::new("web").stdout(true).follow(true);
    let mut call = Call::new(Arc::new(Client::new(config)), logs, Verb::Begin, CallOptions::default());
    let (mut answer, mut found) = (ANSWER, 0);
    loop {
        match call.poll()? {
            Progress::Item(piece) => found += piece.bytes.len(),
            Progress::Done => return Ok(found),
            Progress::Io => drive(&mut call, &mut answer),
            _ => {}
        }
    }
}

fn drive(call: &mut Call<containers::Logs>, answer: &mut &[u8]) {
    let core = call.core();
    let (mut wrote, mut read, mut connect) = (0, None, false);
    match core.io(Duration::ZERO) {
        Io::Connect { .. } => connect = true,
        Io::Wait { wants, .. } => (wrote, read) = perform(wants, answer),
        _ => {}
    }
    if connect {
        core.connected(false, RecvBuf::new());
    }
    if wrote > 0 {
        core.wrote(wrote);
        core.flushed();
    }
    if let Some(n) = read {
        core.read(n);
    }
}

/// Writes to nowhere and reads from memory.
fn perform(wants: Wants<'_>, answer: &mut &[u8]) -> (usize, Option<usize>) {
    let wrote = wants.write.map_or(0, |parts| parts.iter().map(|p| p.len()).sum());
    let read = wants.read.map(|room| {
        let n = room.len().min(answer.len());
        let (now, later) = answer.split_at(n);
        room[..n].copy_from_slice(now);
        *answer = later;
        n
    });
    (wrote, read)
}

/// The wire alone: an exchange, and frames in its body.
fn exchange() -> Result<usize> {
    let mut head = RequestHead::new(Method::Get, "/containers/web/logs")?;
    head.header("Host", "docker")?;
    let mut exchange = Exchange::start(head.finish(RequestBody::None), RecvBuf::new());
    let (mut frames, mut answer, mut found) = (Frames::new(), ANSWER, 0);
    loop {
        match exchange.poll()? {
            Event::NeedIo => {
                let (wrote, read) = perform(exchange.wants(), &mut answer);
                exchange.wrote(wrote);
                exchange.flushed();
                if let Some(n) = read {
                    exchange.read(n);
                }
            }
            Event::Data => {
                if let Some(piece) = frames.decode(&mut exchange.input())? {
                    found += piece.bytes.len();
                }
            }
            Event::End => return frames.finish().map(|_| found),
            Event::Upgraded(_) => return Err(Error::protocol("nobody asked for an upgrade")),
            _ => {}
        }
    }
}
