//! Every job over every way to an engine: a ping, logs that are followed, a command with stdin and a half-close, and a gigabyte
//! up, through unix sockets, TCP, mutual TLS, ssh and a child process, with all four runtimes.
//!
//! `transports --engine NAME=URL... --tools FOLDER [--tls NAME=HOST:PORT --certificates FOLDER] [--size MIB] [--filter TEXT]
//! [--runtime NAME]`. The tools are those of `tests/sshd`; the engine with TLS is one of its own (`tests/transports` brings it
//! up). `transports certificates FOLDER` makes what that one needs. The gigabyte, or whatever SIZE says, goes to the first engine
//! and to that with TLS, 64 MiB to the others. Prints a table, and exits with 1 if any cell is not `ok`.

mod contexts;
#[path = "../engine.rs"]
#[expect(dead_code, reason = "the suite uses all of it")]
mod engine;
mod jobs;
#[path = "../runtime/mod.rs"]
#[expect(dead_code, unused_imports, reason = "the suite uses all of it")]
mod runtime;
#[path = "../tls.rs"]
mod tls;
mod ways;

use engine::Engine;
use runtime::Runtime;
use std::collections::{BTreeMap, BTreeSet};
use std::process::ExitCode;
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};
use ways::Way;

type Failure = Box<dyn std::error::Error>;

/// What there is to test with.
#[derive(Default)]
pub struct Arguments {
    engines: Vec<Engine>,
    tools: String,
    /// An engine that itself speaks TLS: its name and address.
    tls: Option<(String, String)>,
    certificates: String,
    megabytes: u64,
    filter: String,
    runtime: String,
}

/// What a job came to, by engine, way and job, and then by runtime.
type Results = BTreeMap<(String, usize, &'static str, usize, &'static str), BTreeMap<&'static str, Cell>>;

enum Cell {
    Took(Duration),
    Failed,
}

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let done = match &words[..] {
        [word, folder] if word == "certificates" => ways::certificates(folder).map(|()| true),
        _ => arguments(words).and_then(|arguments| test(&arguments)),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(e) => {
            eprintln!("transports: {e}");
            ExitCode::from(2)
        }
    }
}

fn arguments(words: Vec<String>) -> Result<Arguments, Failure> {
    let mut found = Arguments { megabytes: 1024, ..Arguments::default() };
    let mut rest = words.into_iter();
    while let Some(flag) = rest.next() {
        let value = rest.next().ok_or_else(|| format!("{flag} needs a value"))?;
        match &*flag {
            "--engine" => found.engines.push(Engine::new(&value)?),
            "--tools" => found.tools = value,
            "--tls" => {
                let (name, address) = value.split_once('=').ok_or("an engine with TLS is given as NAME=HOST:PORT")?;
                found.tls = Some((name.into(), address.into()));
            }
            "--certificates" => found.certificates = value,
            "--size" => found.megabytes = value.parse()?,
            "--filter" => found.filter = value,
            "--runtime" => found.runtime = value,
            _ => return Err(format!("unknown argument {flag}").into()),
        }
    }
    if found.engines.is_empty() || found.tools.is_empty() {
        return Err("which engines, and where are ssh and docker? --engine NAME=URL --tools FOLDER".into());
    }
    Ok(found)
}

fn test(arguments: &Arguments) -> Result<bool, Failure> {
    let began = Instant::now();
    let ways = ways::all(arguments)?;
    let results = Mutex::new(Results::new());
    let engines: BTreeSet<&str> = ways.iter().map(|way| &*way.engine.name).collect();
    // Engines side by side: much of it is waiting.
    thread::scope(|scope| {
        for engine in engines {
            let (ways, results) = (&ways, &results);
            scope.spawn(move || {
                run::<runtime::Tokio>(arguments, engine, ways, results);
                run::<runtime::Smol>(arguments, engine, ways, results);
                run::<runtime::AsyncStd>(arguments, engine, ways, results);
                run::<runtime::Blocking>(arguments, engine, ways, results);
            });
        }
    });
    let results = results.into_inner()?;
    let failed = print(&results);
    // Of this process at its largest; all that was sent went through it, on both sides of its TLS.
    let status = std::fs::read_to_string("/proc/self/status")?;
    let peak =
        status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse::<u64>().ok());
    let peak = peak.ok_or("the system does not tell how large this process was")? / 1024;
    let children = children()?;
    println!(
        "{failed} cells not ok, in {:.0} s; {peak} MiB at most, {children} children left",
        began.elapsed().as_secs_f64()
    );
    Ok(failed == 0 && !results.is_empty() && peak < 200 && children == 0)
}

/// Processes of ours that nobody waited for.
fn children() -> Result<usize, Failure> {
    let mut count = 0;
    for task in std::fs::read_dir("/proc/self/task")? {
        count += std::fs::read_to_string(task?.path().join("children")).unwrap_or_default().split_whitespace().count();
    }
    Ok(count)
}

fn run<R: Runtime>(arguments: &Arguments, engine: &str, ways: &[Way], results: &Mutex<Results>) {
    if !arguments.runtime.is_empty() && arguments.runtime != R::NAME {
        return;
    }
    for (at, way) in ways.iter().enumerate().filter(|(_, way)| way.engine.name == engine) {
        for (number, (job, work)) in jobs::all::<R>(arguments).into_iter().enumerate() {
            let what = format!("{} {} {job}", way.engine.name, way.name);
            if !what.contains(&arguments.filter) {
                continue;
            }
            let began = Instant::now();
            let cell = match R::block_on(work(way)) {
                Ok(()) => Cell::Took(began.elapsed()),
                Err(e) => {
                    eprintln!("FAILED {what} with {}: {e}", R::NAME);
                    Cell::Failed
                }
            };
            let key = (way.engine.name.clone(), at, way.name, number, job);
            // Nothing panics while it holds this.
            results.lock().expect("a lock that nobody poisons").entry(key).or_default().insert(R::NAME, cell);
        }
    }
}

/// Prints the table; how many cells are not ok, those that are empty among them.
fn print(results: &Results) -> usize {
    let mut runtimes: Vec<&str> = results.values().flat_map(|row| row.keys().copied()).collect();
    runtimes.sort_unstable();
    runtimes.dedup();
    print!("{:8}{:16}{:12}", "engine", "way", "job");
    runtimes.iter().for_each(|runtime| print!("{runtime:>12}"));
    println!();
    let mut failed = 0;
    for ((engine, _, way, _, job), row) in results {
        print!("{engine:8}{way:16}{job:12}");
        for runtime in &runtimes {
            let text = match row.get(runtime) {
                Some(Cell::Took(time)) => format!("ok {:.2}s", time.as_secs_f64()),
                Some(Cell::Failed) => "FAILED".into(),
                None => "EMPTY".into(),
            };
            failed += usize::from(!text.starts_with("ok"));
            print!("{text:>12}");
        }
        println!();
    }
    failed
}
