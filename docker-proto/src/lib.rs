//! The Docker Engine API as a state machine: requests become bytes, bytes become answers, and nothing in between
//! touches a socket, a clock, a file or a thread.
//!
//! Programs use one of the adapters, docker-tokio, docker-smol or docker-blocking, and find there the same operations
//! ([`api`]), bodies ([`model`]) and [`Error`]. This crate is for those who write another adapter, or test without an
//! engine ([`testkit`]).
//!
//! | module | what it is |
//! |---|---|
//! | [`api`] | every operation as a value |
//! | [`model`] | typed bodies |
//! | [`values`] | what people write, turned into what the API wants |
//! | [`op`] | what an operation is; [`op::Invoke`] for any operation by its name |
//! | [`progress`] | what a progress stream adds up to: layers, totals, results |
//! | [`tar`] | archives: read and checked as they stream, written from memory |
//! | [`build`](mod@build) | what a build takes along: `.dockerignore` |
//! | [`jobs`] | several operations in a row, as what people call one thing |
//! | [`resume`] | streams that go on where they broke off |
//! | [`monitor`] | a picture of an engine that outlives its restarts, for many subscribers |
//! | [`resolve`] | which engine is meant: environment, contexts, config.json, well-known sockets |
//! | [`credentials`] | who somebody is to a registry: found, kept, forgotten |
//! | [`observe`] | what calls do, told for logs, metrics, traces, and to see what goes over the wire |
//! | [`session`] | one call: connect, negotiate, send, decode, retry, deadlines; the pool's policy |
//! | [`tls`] | whom to trust and who to be; with the feature `tls`, TLS itself |
//! | [`wire`] | HTTP/1.1, output frames, JSON values, each taking any split of its input |
//! | [`drive`] | the poll loop that all adapters share |
//! | [`guide`] | pages: streams, terminals, switching from another client |
//!
//! # A complete driver
//!
//! A driver polls the call until it wants I/O, does what it wants, and reports. This one is for a blocking socket: it
//! writes before it reads, which is enough for short calls. An answer that begins before an upload is read would block it;
//! the adapters try everything at once, and wait only if nothing moved.
//!
//! ```no_run
//! # #[cfg(unix)] {
//! use docker_proto::api::containers;
//! use docker_proto::session::{Call, CallOptions, Client, Config, Endpoint, Io, Progress, Verb};
//! use docker_proto::wire::RecvBuf;
//! use std::io::{Read, Write};
//! use std::os::unix::net::UnixStream;
//! use std::sync::Arc;
//! use std::time::Instant;
//!
//! fn list() -> Result<(), docker_proto::Error> {
//!     let client = Arc::new(Client::new(Config::new(&Endpoint::default())));
//!     let mut call = Call::new(client, containers::List::new(), Verb::Begin, CallOptions::default());
//!     let begun = Instant::now();
//!     let mut socket = None;
//!     loop {
//!         match call.poll()? {
//!             Progress::Item(containers) => println!("{} containers", containers.len()),
//!             Progress::Done => return Ok(()),
//!             Progress::Io => {}
//!             _ => continue, // the head of the answer
//!         }
//!         let core = call.core();
//!         let wants = match core.io(begun.elapsed()) {
//!             Io::Wait { wants, .. } => wants, // a deadline comes with it
//!             Io::Connect { .. } => {
//!                 match UnixStream::connect("/var/run/docker.sock") {
//!                     Ok(stream) => {
//!                         socket = Some(stream);
//!                         core.connected(false, RecvBuf::new());
//!                     }
//!                     Err(e) => core.connect_failed(Arc::new(e)),
//!                 }
//!                 continue;
//!             }
//!             _ => continue,
//!         };
//!         let Some(stream) = &mut socket else { continue };
//!         if let Some(parts) = wants.write {
//!             let bytes = parts.concat();
//!             match stream.write_all(&bytes) {
//!                 Ok(()) => core.wrote(bytes.len()),
//!                 Err(e) => core.write_broke(Arc::new(e)),
//!             }
//!         } else if wants.flush {
//!             core.flushed();
//!         } else if let Some(room) = wants.read {
//!             match stream.read(room) {
//!                 Ok(n) => core.read(n),
//!                 Err(e) => core.read_broke(Arc::new(e)),
//!             }
//!         }
//!     }
//! }
//! # }
//! ```
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

mod error;
#[macro_use]
pub mod op;
pub mod api;
pub mod build;
pub mod credentials;
pub mod drive;
pub mod guide;
pub mod jobs;
pub mod model;
pub mod monitor;
pub mod observe;
pub mod progress;
pub mod resolve;
pub mod resume;
pub mod session;
pub mod tar;
pub mod testkit;
pub mod tls;
pub mod values;
pub mod wire;

pub use error::{Error, ErrorKind, Phase, Result, Source};
