//! Logs over readers that are killed, connections that are cut, and an engine that is killed and restarted: counted
//! against the log that the engine has in the end.

use crate::engine::{Container, Engine, Failure, until};
use crate::proxy::Proxy;
use crate::random::Random;
use crate::runtime::{self, Resumed, Runtime};
use crate::{Row, events, reader};
use docker_blocking::api::containers;
use docker_proto::op::Operation;
use docker_proto::resume::{self, Entry};
use std::collections::HashMap;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// How often each reader is killed and each connection cut.
const TIMES: usize = 20;
/// Numbers its lines on both streams, for 30 seconds.
const NUMBERS: &str = "i=0; while [ $i -lt 1500 ]; do i=$((i+1)); echo out $i; echo err $i >&2; \
                       [ $((i % 10)) != 0 ] || sleep 0.2; done";
/// No reader takes longer.
const LIMIT: Duration = Duration::from_secs(120);

/// What a reader came to: the lines, and how often it was killed or cut.
type Read = Result<(Vec<String>, usize), String>;

/// The test, together with that of events, for which the engine is killed the same time.
pub fn resume(engine: &Engine, rows: &mut Vec<Row>) -> Result<(), Failure> {
    let plain = engine.shell(NUMBERS, false)?;
    let tty = engine.shell(NUMBERS, true)?;
    let events = events::begin(engine)?;
    // Of readers that were killed or cut so far; the engine is killed in the middle.
    let disturbed = Arc::new(AtomicUsize::new(0));
    let mut readers: Vec<(String, &Container<'_>, JoinHandle<Read>)> = Vec::new();
    let mut begin_all = |name: &'static str, kind: &str, container| {
        readers.push((
            format!("{name}: {kind}"),
            container,
            killed(engine, name, &format!("{kind}-{}", engine.name), &container.id, &disturbed),
        ));
    };
    for name in [runtime::Tokio::NAME, runtime::Smol::NAME, runtime::AsyncStd::NAME, runtime::Blocking::NAME] {
        begin_all(name, "killed reader", &plain);
        begin_all(name, "killed, terminal", &tty);
    }
    readers.push(("tokio: cut".into(), &plain, cut::<runtime::Tokio>(engine, &plain.id, &disturbed)));
    readers.push(("smol: cut".into(), &plain, cut::<runtime::Smol>(engine, &plain.id, &disturbed)));
    readers.push(("async-std: cut".into(), &plain, cut::<runtime::AsyncStd>(engine, &plain.id, &disturbed)));
    readers.push(("blocking: cut".into(), &plain, cut::<runtime::Blocking>(engine, &plain.id, &disturbed)));
    let before = events.before_the_kill(engine)?;
    let half = readers.len() * TIMES / 2;
    until("half of the kills and cuts", LIMIT, || disturbed.load(Ordering::SeqCst) >= half)?;
    engine.kill()?;
    engine.restart()?;
    before.after_the_restart(engine, rows)?;
    let reads: Vec<_> = readers.into_iter().map(|(name, container, read)| (name, container, read.join())).collect();
    for (name, container, read) in reads {
        let row = match read.map_err(|_| "panicked".to_owned()).and_then(|read| read) {
            Err(e) => Err(e),
            Ok((lines, times)) => compare(&truth(engine, &container.id)?, &lines, times),
        };
        rows.push(Row::new(format!("logs, {name}"), row));
    }
    Ok(())
}

/// The whole log of a container that has ended.
fn truth(engine: &Engine, id: &str) -> Result<Vec<String>, Failure> {
    engine.docker.call(containers::Wait::new(id))?;
    let op = containers::Logs::new(id).stdout(true).stderr(true).messages();
    engine.docker.stream(op).map(|message| Ok(reader::line(&message?))).collect()
}

/// A reader in a process of its own that is killed at random, and started again.
fn killed(
    engine: &Engine,
    runtime: &'static str,
    kind: &str,
    id: &str,
    disturbed: &Arc<AtomicUsize>,
) -> JoinHandle<Read> {
    let (url, id, disturbed) = (engine.url.clone(), id.to_owned(), disturbed.clone());
    let name = format!("kills-{}-{runtime}-{}", std::process::id(), kind.replace([' ', ','], "-"));
    let file = std::env::temp_dir().join(&name);
    thread::spawn(move || {
        let result = kill_and_start(runtime, &url, &id, &file, &disturbed, Random::new(&name));
        let _ = std::fs::remove_file(&file);
        result.map_err(|e| e.to_string())
    })
}

fn kill_and_start(
    runtime: &str,
    url: &str,
    id: &str,
    file: &PathBuf,
    disturbed: &AtomicUsize,
    mut random: Random,
) -> Result<(Vec<String>, usize), Failure> {
    let start = || {
        let program = std::env::current_exe()?;
        Command::new(program).args(["reader", runtime, url, id]).arg(file).stdin(Stdio::null()).spawn()
    };
    let _ = std::fs::remove_file(file);
    let mut times = 0;
    while times < TIMES {
        let mut child = start()?;
        // Chance, not synchronisation: it is to be killed at any moment.
        thread::sleep(random.millis(50, 900));
        if child.try_wait()?.is_none() {
            child.kill()?;
            times += 1;
            disturbed.fetch_add(1, Ordering::SeqCst);
        }
        child.wait()?;
    }
    let mut child = start()?;
    let mut status = None;
    until("the last reader's end", LIMIT, || {
        status = child.try_wait().ok().flatten();
        status.is_some()
    })
    .inspect_err(|_| drop(child.kill()))?;
    let text = std::fs::read_to_string(file)?;
    let mut lines: Vec<String> = text.lines().filter_map(|line| Some(line.split_once('\t')?.1.into())).collect();
    if !status.is_some_and(|s| s.success()) || lines.pop().as_deref() != Some("end") {
        return Err(format!("the last reader ended with {status:?}").into());
    }
    Ok((lines, times))
}

/// A reader in this process whose connection is cut at random.
fn cut<R: Runtime>(engine: &Engine, id: &str, disturbed: &Arc<AtomicUsize>) -> JoinHandle<Read> {
    let (url, id, disturbed) = (engine.url.clone(), id.to_owned(), disturbed.clone());
    let mut random = Random::new(&format!("{}-{}", engine.name, R::NAME));
    thread::spawn(move || {
        let proxy = Arc::new(Proxy::new(&url).map_err(|e| e.to_string())?);
        let cutting = proxy.clone();
        let (begun, first) = mpsc::channel();
        let cutter = thread::spawn(move || {
            // An engine that was never met is not waited for.
            let _ = first.recv();
            for _ in 0..TIMES {
                thread::sleep(random.millis(50, 900));
                cutting.cut();
                disturbed.fetch_add(1, Ordering::SeqCst);
            }
        });
        let lines = R::block_on(async {
            let mut stream = R::connect(&proxy.url).resume(resume::logs(reader::log(&id)));
            let mut lines = Vec::new();
            while let Some(entry) = stream.next().await {
                let _ = begun.send(());
                lines.push(match entry.map_err(|e| e.to_string())? {
                    Entry::Item(message) => reader::line(&message),
                    Entry::Gap(gap) => format!("gap {gap}"),
                    _ => "something else".into(),
                });
            }
            Ok::<_, String>(lines)
        })?;
        cutter.join().map_err(|_| "the cutter panicked")?;
        Ok((lines, TIMES))
    })
}

/// Counts what is missing, repeated, out of order or a gap; none of it may be.
fn compare(truth: &[String], lines: &[String], times: usize) -> Result<String, String> {
    let gaps = lines.iter().filter(|line| line.starts_with("gap ")).count();
    let count = |lines: &[String]| {
        let mut counts: HashMap<String, i64> = HashMap::new();
        for line in lines.iter().filter(|line| !line.starts_with("gap ")) {
            *counts.entry(line.clone()).or_default() += 1;
        }
        counts
    };
    let (wanted, got) = (count(truth), count(lines));
    let missing: i64 = wanted.iter().map(|(line, n)| (n - got.get(line).copied().unwrap_or(0)).max(0)).sum();
    let repeated: i64 = got.iter().map(|(line, n)| (n - wanted.get(line).copied().unwrap_or(0)).max(0)).sum();
    let same = truth == lines;
    let gap = lines.iter().find(|line| line.starts_with("gap ")).map_or_else(String::new, |gap| format!(" ({gap})"));
    let seen = format!(
        "{} lines, disturbed {times} times: {missing} missing, {repeated} repeated, {gaps} gaps{gap}{}",
        truth.len(),
        if same { "" } else { ", not the same" }
    );
    let all = truth.iter().any(|line| line.ends_with("out 1500")) && times == TIMES;
    if same && all { Ok(seen) } else { Err(seen) }
}
