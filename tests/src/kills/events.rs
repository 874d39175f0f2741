//! Events over connections that are cut and an engine that is killed and restarted: counted against a watcher that is not
//! cut.

use crate::Row;
use crate::engine::{Engine, Failure, until};
use crate::proxy::Proxy;
use crate::random::Random;
use crate::runtime::{self, Resumed, Runtime};
use docker_blocking::api::{containers, system};
use docker_proto::model::{EventMessage, Timestamp};
use docker_proto::resume::{self, Entry};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// How often each connection is cut.
const TIMES: usize = 20;
const LIMIT: Duration = Duration::from_secs(60);

type Lines = Arc<Mutex<Vec<String>>>;

/// Watchers at work.
pub struct Watched {
    container: String,
    filter: String,
    watchers: Vec<Watcher>,
    truth: Lines,
    since: Timestamp,
    renames: usize,
}

struct Watcher {
    name: &'static str,
    lines: Lines,
    cutter: Option<JoinHandle<()>>,
    proxy: Arc<Proxy>,
}

fn line(event: &EventMessage) -> String {
    let name = event.actor.as_ref().and_then(|actor| actor.attributes.get("name")).cloned().unwrap_or_default();
    format!("{} {} {name}", event.time_nano.unwrap_or_default(), event.action.as_deref().unwrap_or_default())
}

fn op(container: &str) -> system::Events {
    system::Events::new().filters([("type", "container"), ("container", container)])
}

fn now(engine: &Engine) -> Result<Timestamp, Failure> {
    let time = engine.docker.call(system::Info::new())?.system_time.ok_or("an engine without a clock")?;
    Ok(Timestamp::parse(&time)?)
}

/// Begins to watch a container that is renamed and renamed.
pub fn begin(engine: &Engine) -> Result<Watched, Failure> {
    let container = engine.created("true", false)?;
    let filter = container.id.clone();
    // Removed with the engine: it has to outlive this function.
    std::mem::forget(container);
    let since = now(engine)?;
    let truth = watch(engine, op(&filter).since(since));
    let watchers = vec![
        resumed::<runtime::Tokio>(engine, &filter)?,
        resumed::<runtime::Smol>(engine, &filter)?,
        resumed::<runtime::AsyncStd>(engine, &filter)?,
        resumed::<runtime::Blocking>(engine, &filter)?,
    ];
    let mut watched = Watched { container: filter.clone(), filter, watchers, truth, since, renames: 0 };
    // An engine that was never met is not waited for.
    while watched.watchers.iter().any(|w| copy(&w.lines).is_empty()) {
        watched.rename(engine)?;
        thread::sleep(Duration::from_millis(50));
    }
    watched.watchers.iter_mut().for_each(|watcher| watcher.cut(engine));
    Ok(watched)
}

/// A watcher that is not cut, until the engine is killed.
fn watch(engine: &Engine, op: system::Events) -> Lines {
    let lines = Lines::default();
    let (docker, seen) = (engine.docker.clone(), lines.clone());
    thread::spawn(move || {
        for event in docker.stream(op).map_while(Result::ok) {
            seen.lock().expect("no panic under this lock").push(line(&event));
        }
    });
    lines
}

fn resumed<R: Runtime>(engine: &Engine, container: &str) -> Result<Watcher, Failure> {
    let proxy = Arc::new(Proxy::new(&engine.url)?);
    let lines = Lines::default();
    let (docker, seen, policy) = (R::connect(&proxy.url), lines.clone(), resume::events(op(container)));
    thread::spawn(move || {
        R::block_on(async {
            let mut stream = docker.resume(policy);
            while let Some(entry) = stream.next().await {
                let text = match entry {
                    Ok(Entry::Item(event)) => line(&event),
                    Ok(Entry::Gap(gap)) => format!("gap {gap}"),
                    Ok(_) => "something else".into(),
                    Err(e) => format!("error {e}"),
                };
                seen.lock().expect("no panic under this lock").push(text);
            }
        });
    });
    Ok(Watcher { name: R::NAME, lines, cutter: None, proxy })
}

impl Watcher {
    fn cut(&mut self, engine: &Engine) {
        let (cutting, mut random) = (self.proxy.clone(), Random::new(&format!("events-{}-{}", engine.name, self.name)));
        self.cutter = Some(thread::spawn(move || {
            for _ in 0..TIMES {
                // Chance, not synchronisation.
                thread::sleep(random.millis(50, 400));
                cutting.cut();
            }
        }));
    }
}

impl Watched {
    fn rename(&mut self, engine: &Engine) -> Result<(), Failure> {
        self.renames += 1;
        let name = format!("kills-{}-{}-{}", std::process::id(), engine.name, self.renames);
        engine.docker.call(containers::Rename::new(&*self.container, name))?;
        Ok(())
    }

    /// Goes on as long as connections are cut, and then compares: nothing is missing, and there is no gap.
    pub fn before_the_kill(mut self, engine: &Engine) -> Result<Self, Failure> {
        while self.watchers.iter().any(|w| w.cutter.as_ref().is_some_and(|c| !c.is_finished())) {
            self.rename(engine)?;
            thread::sleep(Duration::from_millis(50));
        }
        for watcher in &mut self.watchers {
            watcher.cutter.take().into_iter().for_each(|cutter| drop(cutter.join()));
        }
        self.rename(engine)?;
        let (truth, last) = (self.truth.clone(), self.renames);
        until("the last event before the kill", LIMIT, || has(&truth, last))?;
        for watcher in &self.watchers {
            let lines = &watcher.lines;
            until(&format!("{}: the last event before the kill", watcher.name), LIMIT, || has(lines, last))
                .map_err(|e| format!("{e}; it has {:?}, not {:?}", copy(lines), copy(&truth)))?;
        }
        Ok(self)
    }

    /// What happens from now on is watched as well, and what the new engine does not know is a gap.
    pub fn after_the_restart(mut self, engine: &Engine, rows: &mut Vec<Row>) -> Result<(), Failure> {
        let before = copy(&self.truth);
        // From the first event behind the last one before the kill.
        let last: i64 = before.last().and_then(|l| l.split(' ').next()?.parse().ok()).ok_or("no event at all")?;
        let since = Timestamp::new(last / 1_000_000_000, (last % 1_000_000_000) as u32 + 1);
        let truth = watch(engine, op(&self.filter).since(since.max(self.since)));
        for _ in 0..20 {
            self.rename(engine)?;
            thread::sleep(Duration::from_millis(20));
        }
        let end = self.renames;
        until("the last event", LIMIT, || has(&truth, end))?;
        // Podman reads the moment as a floating point number, which is coarser.
        let after = copy(&truth).into_iter().filter(|line| !before.contains(line)).collect();
        let all = [before.clone(), after].concat();
        for watcher in &self.watchers {
            let arrived = until("the last event", LIMIT, || has(&watcher.lines, end));
            let lines = copy(&watcher.lines);
            let (gaps, events): (Vec<_>, Vec<_>) = lines.into_iter().partition(|line| line.starts_with("gap "));
            // It began when the engine told it the time, which was after the first renames.
            let begun = all.iter().position(|line| Some(line) == events.first()).unwrap_or(0);
            let wanted = &all[begun..];
            let missing = wanted.iter().filter(|line| !events.contains(line)).count();
            let repeated = events.len() - events.iter().filter(|line| wanted.contains(line)).count()
                + events.iter().enumerate().filter(|(i, line)| events[..*i].contains(line)).count();
            let seen = format!(
                "{} events, cut {TIMES} times, engine killed once: {missing} missing, {repeated} repeated, gaps {gaps:?}",
                wanted.len()
            );
            // Dockerd has forgotten its events; podman keeps them in a file.
            let fine = arrived.is_ok() && events == wanted && gaps.len() == usize::from(!engine.is_podman());
            let explain = || format!("{seen}; arrived: {arrived:?}; got {events:?}, wanted {wanted:?}");
            rows.push(Row::new(format!("events, {}", watcher.name), if fine { Ok(seen) } else { Err(explain()) }));
        }
        engine.docker.call(containers::Remove::new(&*self.container).force(true))?;
        Ok(())
    }
}

/// Whether the rename of this number was seen.
fn has(lines: &Lines, number: usize) -> bool {
    let end = format!("-{number}");
    lines.lock().expect("no panic under this lock").iter().any(|line| line.ends_with(&end))
}

fn copy(lines: &Lines) -> Vec<String> {
    lines.lock().expect("no panic under this lock").clone()
}
