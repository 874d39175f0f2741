//! No secret is told: `secrets --engine NAME=URL... [--swarm NAME=URL] [--runtime NAME]`.
//!
//! Everything that carries secrets is done on real engines, through all four runtimes, while everything is logged at the
//! finest level: `Debug` of every value and answer, errors with their causes, spans and events, the wire as it is printed
//! and as it is recorded. The list of secrets is made on the way: passwords, tokens and keys as they are made or given, and
//! the value of every header field that really went over the wire. Then each of them is looked for, in every form in which
//! programs write such things. At the end one is told on purpose, and has to be found in all its forms.
//!
//! A swarm is made on the engines that are given as `--swarm`, which must be nobody else's.

#[path = "../collector.rs"]
#[expect(dead_code, reason = "the suite uses all of it")]
mod collector;
mod found;
mod list;
mod log;
mod proxies;
#[path = "../runtime/mod.rs"]
#[expect(dead_code, unused_imports, reason = "the suite uses all of it")]
mod runtime;
mod scenes;
mod swarm;
mod wire;

use list::Secrets;
use log::Log;
use runtime::Runtime;
use std::process::ExitCode;
use std::time::Instant;

type Failure = Box<dyn std::error::Error>;

/// An engine.
#[derive(Clone)]
pub struct Engine {
    name: String,
    url: String,
    is_swarm: bool,
}

/// Where a scene is played.
pub struct Stage {
    log: Log,
    secrets: Secrets,
    wire: wire::Wire,
    engine: Engine,
    /// The registry that asks for accounts, and one that does not.
    registries: Option<(String, String)>,
}

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(e) => {
            eprintln!("secrets: {e}");
            ExitCode::from(2)
        }
    }
}

fn run() -> Result<bool, Failure> {
    let (mut engines, mut only) = (Vec::new(), String::new());
    let mut arguments = std::env::args().skip(1);
    while let Some(flag) = arguments.next() {
        let value = arguments.next().ok_or("a flag without a value")?;
        if flag == "--runtime" {
            only = value;
            continue;
        }
        let is_swarm = flag == "--swarm";
        if flag != "--engine" && !is_swarm {
            return Err(format!("unknown argument {flag}").into());
        }
        let (name, url) = value.split_once('=').ok_or("an engine is given as NAME=URL")?;
        engines.push(Engine { name: name.into(), url: url.into(), is_swarm });
    }
    println!("{:<12}{:<12}{:>9}{:>10}{:>9}{:>12}  found", "engine", "runtime", "secrets", "needles", "lines", "bytes");
    let mut passed = !engines.is_empty();
    for engine in &engines {
        passed &= one::<runtime::Tokio>(engine, &only);
        passed &= one::<runtime::Smol>(engine, &only);
        passed &= one::<runtime::AsyncStd>(engine, &only);
        passed &= one::<runtime::Blocking>(engine, &only);
    }
    Ok(passed)
}

fn one<R: Runtime>(engine: &Engine, only: &str) -> bool {
    if !only.is_empty() && only != R::NAME {
        return true;
    }
    let begun = Instant::now();
    match play::<R>(engine) {
        Ok(passed) => {
            println!("{:<24}{:.1} s", "", begun.elapsed().as_secs_f64());
            passed
        }
        Err(e) => {
            println!("FAILED: {} with {}: {e}", engine.name, R::NAME);
            false
        }
    }
}

fn play<R: Runtime>(engine: &Engine) -> Result<bool, Failure> {
    let (log, secrets) = (Log::default(), Secrets::default());
    let _guard = tracing::subscriber::set_default(log.collector.clone());
    let wire = wire::Wire::new(&engine.url, &secrets)?;
    let registry = |name: &str| std::env::var(name).ok();
    let registries = registry("DOCKER_TEST_REGISTRY_AUTH").zip(registry("DOCKER_TEST_REGISTRY"));
    let stage = Stage { log, secrets, wire, engine: engine.clone(), registries };
    R::block_on(async {
        if engine.is_swarm { swarm::all::<R>(&stage).await } else { scenes::all::<R>(&stage).await }
    })?;
    let lines = stage.log.everything();
    let (found, needles) = stage.secrets.search(&lines);
    let bytes: usize = lines.iter().map(String::len).sum();
    println!(
        "{:<12}{:<12}{:>9}{:>10}{:>9}{bytes:>12}  {}",
        engine.name,
        R::NAME,
        stage.secrets.len(),
        needles,
        lines.len(),
        found.len()
    );
    for found in &found {
        println!("TOLD: {} ({}): {}", found.what, found.form, found.line);
    }
    // The search finds what is there, and the log has what happened.
    found::on_purpose(&stage, &lines)?;
    Ok(found.is_empty())
}
