//! What happens to callers when an engine is killed, and whether streams that resume lose or repeat anything.
//!
//! `kills --tool tests/engines --engine NAME=URL... [--invoke RUNTIME=PROGRAM]... [--filter TEXT]`. The engines are killed
//! with SIGKILL and restarted by the tool, so they must be nobody else's: bring them up with a state folder of their own, and
//! with `--live-restore`. `kills reader RUNTIME URL CONTAINER FILE` is the process that the tests kill.
//!
//! Engines are tested side by side, and on each all four runtimes at the same time.

mod engine;
mod events;
mod logs;
mod monitor;
mod outcomes;
#[path = "../proxy.rs"]
#[expect(dead_code, reason = "the suite uses all of it")]
mod proxy;
mod random;
mod reader;
mod registry;
#[path = "../runtime/mod.rs"]
#[expect(dead_code, unused_imports, reason = "the suite uses all of it")]
mod runtime;
mod streams;

use engine::{Engine, Failure};
use std::process::ExitCode;
use std::sync::Arc;
use std::thread;
use std::time::Instant;

/// What there is to test with.
pub struct Arguments {
    tool: String,
    engines: Vec<(String, String)>,
    /// The example `invoke` of an adapter, by runtime.
    invoke: Vec<(String, String)>,
    filter: String,
}

/// One line of the result: what was tested, and what was seen or went wrong.
pub struct Row {
    what: String,
    seen: Result<String, String>,
}

impl Row {
    fn new(what: impl Into<String>, seen: Result<String, String>) -> Self {
        Self { what: what.into(), seen }
    }
}

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if words.first().is_some_and(|word| word == "reader") {
        return match reader::main(&words) {
            Ok(()) => ExitCode::SUCCESS,
            Err(e) => {
                eprintln!("reader: {e}");
                ExitCode::FAILURE
            }
        };
    }
    let arguments = match arguments(words) {
        Ok(arguments) => Arc::new(arguments),
        Err(e) => {
            eprintln!("kills: {e}");
            return ExitCode::from(2);
        }
    };
    let began = Instant::now();
    let engines: Vec<_> = arguments.engines.iter().cloned().map(|engine| begin(engine, arguments.clone())).collect();
    let (mut rows, mut failed) = (0, 0);
    for (name, engine) in engines {
        let found = engine.join().unwrap_or_else(|_| vec![Row::new("all", Err("panicked".into()))]);
        for Row { what, seen } in found {
            rows += 1;
            match seen {
                Ok(seen) => println!("ok      {name:8}{what:34}{seen}"),
                Err(why) => {
                    failed += 1;
                    println!("FAILED  {name:8}{what:34}{why}");
                }
            }
        }
    }
    println!("{rows} rows, {failed} failed, in {:.1} s", began.elapsed().as_secs_f64());
    if failed > 0 || rows == 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

fn arguments(words: Vec<String>) -> Result<Arguments, Failure> {
    let mut found = Arguments { tool: String::new(), engines: Vec::new(), invoke: Vec::new(), filter: String::new() };
    let mut rest = words.into_iter();
    while let Some(flag) = rest.next() {
        let value = rest.next().ok_or_else(|| format!("{flag} needs a value"))?;
        let pair = || value.split_once('=').map(|(a, b)| (a.to_owned(), b.to_owned()));
        match &*flag {
            "--tool" => found.tool = value,
            "--engine" => found.engines.push(pair().ok_or("an engine is given as NAME=URL")?),
            "--invoke" => found.invoke.push(pair().ok_or("a program is given as RUNTIME=PATH")?),
            "--filter" => found.filter = value,
            _ => return Err(format!("unknown argument {flag}").into()),
        }
    }
    if found.tool.is_empty() || found.engines.is_empty() {
        return Err("which engines, and with what are they restarted? --tool PROGRAM --engine NAME=URL".into());
    }
    Ok(found)
}

fn begin((name, url): (String, String), arguments: Arc<Arguments>) -> (String, thread::JoinHandle<Vec<Row>>) {
    let named = name.clone();
    let work = move || match Engine::new(&name, &url, &arguments) {
        Ok(engine) => test(&engine, &arguments),
        Err(e) => vec![Row::new("begin", Err(e.to_string()))],
    };
    (named, thread::spawn(work))
}

fn test(engine: &Engine, arguments: &Arguments) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut part = |name: &str, work: &dyn Fn(&mut Vec<Row>) -> Result<(), Failure>| {
        if name.contains(&arguments.filter)
            && let Err(e) = work(&mut rows)
        {
            rows.push(Row::new(name, Err(e.to_string())));
        }
    };
    part("streams", &|rows| streams::end_in_errors(engine, arguments, rows));
    part("resume", &|rows| logs::resume(engine, rows));
    part("monitor", &|rows| monitor::survives(engine, rows));
    rows
}
