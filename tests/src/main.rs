//! The behaviour suite: every test of the verbs, written once, run on each runtime, against scripted peers and against
//! every engine it is given.
//!
//! `suite [--engine NAME=URL]... [--filter TEXT] [--runtime NAME]`. Prints a table of test x engine x runtime, and exits
//! with 1 if any cell is not `ok`. `suite --quiet SECONDS --engine ...` runs instead the one test that is mostly waiting.

mod bridge;
mod cases;
#[path = "context/chance.rs"]
#[expect(dead_code, reason = "`context` uses all of it")]
mod chance;
mod collector;
mod engine;
mod peer;
mod place;
mod proxy;
mod quiet;
mod runtime;
mod steps;
mod table;
mod tls;
mod trees;

use engine::Engine;
use place::Place;
use runtime::Runtime;
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};
use table::{Cell, Table};

/// What a test gives: an explanation if it failed.
type Outcome = Result<(), Box<dyn std::error::Error>>;

/// A test, instantiated for one runtime.
pub struct Case {
    name: &'static str,
    run: Run,
}

enum Run {
    /// Against a peer of the test's own.
    Peer(Box<dyn Fn() -> Outcome + Send + Sync>),
    /// Against an engine.
    Live(Box<dyn Fn(&Engine) -> Outcome + Send + Sync>),
    /// Against one engine only: it is the client that is tested, and it takes long.
    Once(Box<dyn Fn(&Engine) -> Outcome + Send + Sync>),
}

/// A test may take so long, with others beside it on a busy machine; one that takes longer hangs.
const LIMIT: Duration = Duration::from_secs(240);

/// The table that all runtimes fill at the same time.
type Shared<'a> = Mutex<&'a mut Table>;

fn add(table: &Shared<'_>, test: &'static str, engine: &str, runtime: &'static str, cell: Cell) {
    // Tests run on threads of their own, and nothing panics while it holds this.
    table.lock().expect("a lock that nobody poisons").add(test, engine, runtime, cell);
}

struct Arguments {
    engines: Vec<Engine>,
    filter: String,
    runtime: String,
    quiet: Option<Duration>,
}

fn main() -> ExitCode {
    let begun: Vec<String> = std::env::args().skip(1).collect();
    let other_side = match begun.first().map_or("", |a| a) {
        "reader" => Some(reader(&begun)),
        "account" => Some(account(&begun)),
        "storm" => Some(storm(&begun)),
        "bridge" => Some(bridge::main(&begun)),
        _ => None,
    };
    if let Some(outcome) = other_side {
        return match outcome {
            Ok(()) => ExitCode::SUCCESS,
            Err(e) => {
                eprintln!("{}: {e}", begun[0]);
                ExitCode::FAILURE
            }
        };
    }
    let arguments = match arguments() {
        Ok(arguments) => arguments,
        Err(e) => {
            eprintln!("suite: {e}");
            return ExitCode::from(2);
        }
    };
    let mut table = Table::default();
    match arguments.quiet {
        Some(silence) => quiet::run(&arguments.engines, silence, &mut table),
        None => {
            // Engines and the scripted peers side by side, for nearly all of it is waiting.
            let shared = Mutex::new(&mut table);
            let places = std::iter::once(Place::Peers).chain(Place::engines(&arguments.engines));
            thread::scope(|scope| {
                for place in places {
                    let (arguments, shared) = (&arguments, &shared);
                    scope.spawn(move || place.run(arguments, shared));
                }
            });
        }
    }
    if cases::tool().is_none() {
        println!("SKIPPED: contexts and credentials with registries and docker commands: tests/engines brings them up");
    }
    print!("{table}");
    if table.failed() > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

fn arguments() -> Result<Arguments, Box<dyn std::error::Error>> {
    let mut found = Arguments { engines: Vec::new(), filter: String::new(), runtime: String::new(), quiet: None };
    let mut rest = std::env::args().skip(1);
    while let Some(flag) = rest.next() {
        let value = rest.next().ok_or_else(|| format!("{flag} needs a value"))?;
        match &*flag {
            "--engine" => found.engines.push(Engine::new(&value)?),
            "--filter" => found.filter = value,
            "--runtime" => found.runtime = value,
            "--quiet" => found.quiet = Some(Duration::from_secs(value.parse()?)),
            _ => return Err(format!("unknown argument {flag}").into()),
        }
    }
    Ok(found)
}

/// The other side of the memory test: `suite reader RUNTIME URL CONTAINER items|copy`.
fn reader(arguments: &[String]) -> Outcome {
    let [_, runtime, url, id, how] = arguments else { return Err("reader RUNTIME URL CONTAINER items|copy".into()) };
    match &**runtime {
        runtime::Tokio::NAME => cases::memory::reader::<runtime::Tokio>(url, id, how),
        runtime::Smol::NAME => cases::memory::reader::<runtime::Smol>(url, id, how),
        runtime::AsyncStd::NAME => cases::memory::reader::<runtime::AsyncStd>(url, id, how),
        _ => cases::memory::reader::<runtime::Blocking>(url, id, how),
    }
}

/// The other side of tests about credentials, in an environment of its own: `suite account RUNTIME REGISTRY`.
fn account(arguments: &[String]) -> Outcome {
    let [_, runtime, registry] = arguments else { return Err("account RUNTIME REGISTRY".into()) };
    match &**runtime {
        runtime::Tokio::NAME => cases::credentials::account::<runtime::Tokio>(registry),
        runtime::Smol::NAME => cases::credentials::account::<runtime::Smol>(registry),
        runtime::AsyncStd::NAME => cases::credentials::account::<runtime::AsyncStd>(registry),
        _ => cases::credentials::account::<runtime::Blocking>(registry),
    }
}

/// The other side of the storm: `suite storm RUNTIME URL SEED [ID...]`.
fn storm(arguments: &[String]) -> Outcome {
    let [_, runtime, url, seed, ids @ ..] = arguments else { return Err("storm RUNTIME URL SEED [ID...]".into()) };
    let seed = seed.parse::<u128>()? as u64;
    match &**runtime {
        runtime::Tokio::NAME => cases::storm::client::<runtime::Tokio>(url, seed, ids),
        runtime::Smol::NAME => cases::storm::client::<runtime::Smol>(url, seed, ids),
        runtime::AsyncStd::NAME => cases::storm::client::<runtime::AsyncStd>(url, seed, ids),
        _ => cases::storm::client::<runtime::Blocking>(url, seed, ids),
    }
}

fn attempt(test: &str, engine: &str, runtime: &str, work: impl FnOnce() -> Outcome + Send + 'static) -> Cell {
    attempt_within(LIMIT, test, engine, runtime, work)
}

/// Runs one test on a thread of its own, so that one that hangs is reported and not waited for.
fn attempt_within(
    limit: Duration,
    test: &str,
    engine: &str,
    runtime: &str,
    work: impl FnOnce() -> Outcome + Send + 'static,
) -> Cell {
    let started = Instant::now();
    let (done, outcome) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let result = catch_unwind(AssertUnwindSafe(work));
        let message = match result {
            Ok(Ok(())) => None,
            Ok(Err(e)) => Some(e.to_string()),
            Err(panic) => Some(panic_text(&*panic)),
        };
        // The receiver is gone only if the test took too long.
        let _ = done.send(message);
    });
    let failure = match outcome.recv_timeout(limit) {
        Ok(None) => return Cell::Ok(started.elapsed()),
        Ok(Some(message)) => message,
        Err(_) => format!("still running after {limit:?}"),
    };
    eprintln!("FAILED {test} on {engine} with {runtime}: {failure}");
    Cell::Failed
}

fn panic_text(panic: &(dyn Any + Send)) -> String {
    match (panic.downcast_ref::<&str>(), panic.downcast_ref::<String>()) {
        (Some(text), _) => (*text).to_owned(),
        (_, Some(text)) => text.clone(),
        _ => "panicked".to_owned(),
    }
}
