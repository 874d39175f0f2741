//! Every operation of the Engine API, executed on real engines: `operations [--engine NAME[@VERSION]=URL]... [--filter TEXT] [--complete]`.
//!
//! A case calls operations through [`Cover`], which keeps what came of each, and asserts something about the decoded
//! value or the effect. Prints the table operation x engine x outcome. With `--complete`, an operation that succeeded on
//! no engine fails the run, unless it stands in the closed list of [`EXCEPTIONS`] and an engine's own refusal was seen.

mod cases;
mod cover;
mod engine;
mod index;
mod peer;
mod served;
#[path = "../steps.rs"]
mod steps;
mod table;
mod tar;

use cover::{Cover, Log};
use engine::{Engine, Failure};
use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::{Arc, RwLock, mpsc};
use std::thread;
use std::time::{Duration, Instant};
use table::Table;

/// Operations that no engine at hand can carry out. Their request bytes are compared with golden ones by the tests of
/// docker-proto, and a case here shows how engines refuse them.
pub const EXCEPTIONS: &[(&str, &str)] = &[
    ("ImageAttestations", "needs API 1.55, which no packaged engine speaks"),
    ("PluginInspectLegacy", "was in experimental builds of Docker 1.12 only; no later engine routes it"),
    ("CheckpointCreate", "needs a CRIU that goes along with the kernel; executed where there is one"),
    ("CheckpointDelete", "as CheckpointCreate"),
];

/// A case, and where it runs.
pub struct Case {
    /// As messages print it.
    pub name: &'static str,
    /// Which engines it is for.
    pub on: On,
    /// The work.
    pub run: fn(&Cover) -> Result<(), Failure>,
}

/// Which engines a case is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum On {
    /// All of them.
    Every,
    /// Docker of this API minor or later.
    Docker(u16),
    /// As `Docker`, but only engines that the tests started: the case touches more than its own objects.
    Own(u16),
    /// Every engine that the tests started, podman included.
    OwnEvery,
    /// As `Own`: the case makes a swarm of that engine alone.
    Swarm(u16),
    /// As `Own`, and while no other engine is in an `Alone` or a `Swarm` case: several engines are in a swarm together.
    Alone(u16),
    /// The podman that the tests started: what another one has and has not depends on its version.
    Podman,
}

impl On {
    fn fits(self, engine: &Engine) -> bool {
        match self {
            Self::Every => true,
            Self::Docker(minor) => engine.docker_since(minor),
            Self::Own(minor) | Self::Swarm(minor) | Self::Alone(minor) => engine.own && engine.docker_since(minor),
            Self::OwnEvery => engine.own,
            Self::Podman => engine.own && engine.podman,
        }
    }
}

/// A case may take so long; one that takes longer hangs.
const LIMIT: Duration = Duration::from_secs(180);

/// A case that takes longer is mentioned.
const SLOW: Duration = Duration::from_secs(10);

struct Arguments {
    engines: Vec<Engine>,
    filter: String,
    complete: bool,
}

fn main() -> ExitCode {
    let arguments = match arguments() {
        Ok(arguments) => arguments,
        Err(e) => {
            eprintln!("operations: {e}");
            return ExitCode::from(2);
        }
    };
    let names: Vec<String> = arguments.engines.iter().map(|e| e.name.clone()).collect();
    let alone = Arc::new(RwLock::new(()));
    let filter: Arc<str> = arguments.filter.into();
    // Engines run side by side; clients of one engine take turns.
    let mut groups: BTreeMap<String, Vec<Engine>> = BTreeMap::new();
    for engine in arguments.engines {
        groups.entry(engine.url.clone()).or_default().push(engine);
    }
    let runs: Vec<_> = groups
        .into_values()
        .map(|group| {
            let (alone, filter) = (alone.clone(), filter.clone());
            thread::spawn(move || -> Vec<_> {
                group.into_iter().map(|engine| on_engine(&Arc::new(engine), &filter, &alone)).collect()
            })
        })
        .collect();
    let mut table = Table::new(names);
    for run in runs {
        match run.join() {
            Ok(results) => results.into_iter().for_each(|(engine, log, failed)| table.add(&engine, log, failed)),
            Err(_) => table.broken(),
        }
    }
    println!("{table}");
    if table.fails(arguments.complete) { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

fn arguments() -> Result<Arguments, Failure> {
    let mut found = Arguments { engines: Vec::new(), filter: String::new(), complete: false };
    let mut rest = std::env::args().skip(1);
    while let Some(flag) = rest.next() {
        match &*flag {
            "--complete" => found.complete = true,
            "--engine" => found.engines.push(Engine::new(&rest.next().ok_or("--engine needs NAME=URL")?)?),
            "--filter" => found.filter = rest.next().ok_or("--filter needs a text")?,
            _ => return Err(format!("unknown argument {flag}").into()),
        }
    }
    Ok(found)
}

/// Runs every case that fits one engine, one after another. Gives what came of each operation, and how many cases failed.
fn on_engine(engine: &Arc<Engine>, filter: &str, alone: &RwLock<()>) -> (String, Log, usize) {
    let (mut all, mut failures) = (Log::default(), 0);
    for case in cases::all() {
        if !case.on.fits(engine) || !case.name.contains(filter) {
            continue;
        }
        let _alone = matches!(case.on, On::Alone(_)).then(|| alone.write().unwrap_or_else(|e| e.into_inner()));
        let _swarm = matches!(case.on, On::Swarm(_)).then(|| alone.read().unwrap_or_else(|e| e.into_inner()));
        let began = Instant::now();
        let (log, failure) = attempt(case.run, engine);
        if began.elapsed() > SLOW {
            eprintln!("slow: {} on {} took {:.1?}", case.name, engine.name, began.elapsed());
        }
        if let Some(failure) = &failure {
            eprintln!("FAILED {} on {}: {failure}", case.name, engine.name);
            failures += 1;
        }
        all.take(log, failure.is_some());
    }
    (engine.name.clone(), all, failures)
}

/// Runs one case on a thread of its own, so that one that hangs is reported and not waited for.
fn attempt(run: fn(&Cover) -> Result<(), Failure>, engine: &Arc<Engine>) -> (Log, Option<String>) {
    let (done, outcome) = mpsc::channel();
    let cover = Arc::new(Cover::new(engine.clone()));
    let inner = cover.clone();
    thread::spawn(move || {
        let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| run(&inner)));
        let failure = match result {
            Ok(Ok(())) => None,
            Ok(Err(e)) => Some(e.to_string()),
            Err(panic) => Some(match (panic.downcast_ref::<&str>(), panic.downcast_ref::<String>()) {
                (Some(text), _) => (*text).to_owned(),
                (_, Some(text)) => text.clone(),
                _ => "panicked".to_owned(),
            }),
        };
        // The receiver is gone only if the case took too long.
        let _ = done.send(failure);
    });
    let failure = match outcome.recv_timeout(LIMIT) {
        Ok(failure) => failure,
        Err(_) => Some(format!("still running after {LIMIT:?}")),
    };
    (cover.log(), failure)
}
