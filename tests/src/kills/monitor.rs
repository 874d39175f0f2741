//! Monitors over the death of their engine: subscribers from before, from afterwards and slow ones have the picture that
//! `docker ps -a` gives, whatever happened meanwhile.

use crate::Row;
use crate::engine::{Container, Engine, Failure, until};
use crate::proxy::Proxy;
use crate::runtime::{self, Monitors, Subscriber};
use docker_blocking::api::containers;
use docker_proto::monitor::{Item, Options, Picture};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

const LIMIT: Duration = Duration::from_secs(90);
const CAPACITY: usize = 64;
/// How long the one lives that ends while there is no engine.
const LIVES: Duration = Duration::from_secs(10);

/// A monitor at work, seen through what all runtimes have in common.
struct Watch {
    name: &'static str,
    picture: Box<dyn Fn() -> Picture>,
    items: Arc<Mutex<Vec<Item>>>,
    /// Makes a subscriber; what it makes tells its items and its picture when it is asked.
    late: Box<dyn Fn() -> Reader>,
    slow: Reader,
    stop: Box<dyn Fn()>,
    threads: Vec<JoinHandle<Result<(), String>>>,
}

/// Takes what is there, and gives it with the picture after it.
type Reader = Box<dyn FnMut() -> (Vec<Item>, Picture)>;

fn watch<R: Monitors>(url: &str) -> Watch {
    let docker = R::connect(url);
    let options = Options::new().capacity(4096).attempts(u32::MAX);
    let (driver, monitor) = docker.monitor(options);
    let driver = thread::spawn(move || R::block_on(driver).map_err(|e| e.to_string()));
    let items = Arc::new(Mutex::new(Vec::new()));
    let (seen, mut early) = (items.clone(), monitor.subscribe());
    let reader = thread::spawn(move || {
        R::block_on(async {
            while let Some(Some(item)) = early.next_within(LIMIT * 4).await {
                seen.lock().expect("no panic under this lock").push(item);
            }
        });
        Ok(())
    });
    let (one, two, three) = (monitor.clone(), monitor.clone(), monitor.clone());
    Watch {
        name: R::NAME,
        picture: Box::new(move || one.picture()),
        items,
        late: Box::new(move || taker::<R>(two.subscribe())),
        slow: taker::<R>(monitor.subscribe_within(CAPACITY, 1 << 20)),
        stop: Box::new(move || three.stop()),
        threads: vec![driver, reader],
    }
}

fn taker<R: Monitors>(mut subscriber: R::Subscriber) -> Reader {
    Box::new(move || {
        let mut taken = Vec::new();
        taken.extend(std::iter::from_fn(|| subscriber.now()));
        (taken, subscriber.picture())
    })
}

/// The part of this module.
pub fn survives(engine: &Engine, rows: &mut Vec<Row>) -> Result<(), Failure> {
    let names = ["stays", "ends-meanwhile", "stopped", "removed", "renamed", "restarted"];
    let all: Vec<_> = names.into_iter().map(|name| named(engine, name)).collect::<Result<_, _>>()?;
    let proxy = Proxy::new(&engine.url)?;
    let watches = vec![
        watch::<runtime::Tokio>(&proxy.url),
        watch::<runtime::Smol>(&proxy.url),
        watch::<runtime::AsyncStd>(&proxy.url),
        watch::<runtime::Blocking>(&proxy.url),
    ];
    for watch in &watches {
        until("the first picture", LIMIT, || ps(engine).is_ok_and(|ps| text(&(watch.picture)()) == ps))?;
    }
    // More than a slow subscriber keeps.
    for n in 0..CAPACITY {
        let name = format!("renamed-{n}");
        engine.docker.call(containers::Rename::new(&*all[4].id, &*name))?;
        for watch in &watches {
            until("a rename", LIMIT, || (watch.picture)().get(&name).is_some())?;
        }
    }
    // It ends by itself while there is no engine.
    let begun = Instant::now();
    engine.docker.call(containers::Start::new(&*all[1].id))?;
    for watch in &watches {
        until("a start", LIMIT, || (watch.picture)().get(&all[1].id).is_some_and(|c| c.is_running()))?;
    }
    // Monitors find the engine gone, and do not find it again before everything has happened.
    engine.kill()?;
    proxy.refuse(true);
    for watch in &watches {
        until("the outage", LIMIT, || has(watch, |item| matches!(item, Item::Disconnected(_))))?;
    }

    thread::sleep((LIVES + Duration::from_secs(1)).saturating_sub(begun.elapsed()));
    engine.restart()?;
    for (word, container) in [("stop", 2), ("restart", 5)] {
        engine.cli(&[word, "--time", "1", &all[container].id])?;
    }
    engine.cli(&["rm", "--force", &all[3].id])?;
    engine.cli(&["rename", &all[4].id, &format!("renamed-meanwhile-{}", engine.name)])?;
    let run = ["run", "--detach", "--network", "none", "--name", "new", crate::engine::IMAGE, "sleep", "1000"];
    let new = engine.adopt(engine.cli(&run)?.trim());
    engine.cli(&["run", "--rm", "--network", "none", crate::engine::IMAGE, "true"])?;
    // So much that dockerd, which keeps 256 events, has forgotten all that by now.
    for n in 0..300 {
        engine.docker.call(containers::Rename::new(&*new.id, format!("new-{n}")))?;
    }
    proxy.refuse(false);
    for mut watch in watches {
        let row = check(engine, &mut watch, &all);
        (watch.stop)();
        let ended: Result<Vec<_>, _> =
            watch.threads.into_iter().map(|thread| thread.join().expect("no panic")).collect();
        rows.push(Row::new(format!("monitor, {}", watch.name), row.and_then(|row| ended.map(|_| row))));
    }
    drop(new);
    Ok(())
}

/// A container of this name, running. One of them does not run yet, and ends by itself.
fn named<'a>(engine: &'a Engine, name: &str) -> Result<Container<'a>, Failure> {
    let container = match name {
        "ends-meanwhile" => engine.created(&format!("sleep {}; exit 5", LIVES.as_secs()), false)?,
        _ => engine.shell("trap 'exit 3' TERM; while :; do sleep 0.1; done", false)?,
    };
    engine.docker.call(containers::Rename::new(&*container.id, name))?;
    Ok(container)
}

/// What the docker command says: id, name and state of each.
fn ps(engine: &Engine) -> Result<Vec<String>, Failure> {
    let said = engine.cli(&["ps", "-a", "--no-trunc", "--format", "{{.ID}} {{.Names}} {{.State}}"])?;
    let mut lines: Vec<_> = said.lines().map(str::to_owned).collect();
    lines.sort();
    Ok(lines)
}

fn text(picture: &Picture) -> Vec<String> {
    picture.all().map(|c| format!("{} {} {}", c.id, c.name, c.status)).collect()
}

fn has(watch: &Watch, so: impl Fn(&Item) -> bool) -> bool {
    watch.items.lock().expect("no panic under this lock").iter().any(so)
}

/// Looks at all subscribers of one monitor.
fn check(engine: &Engine, watch: &mut Watch, all: &[Container<'_>]) -> Result<String, String> {
    let say = |e: Failure| e.to_string();
    let mut late = (watch.late)();
    let mut last = Vec::new();
    until("the picture of docker ps -a", LIMIT, || {
        last = text(&(watch.picture)());
        has(watch, |item| matches!(item, Item::Reconnected)) && ps(engine).is_ok_and(|ps| last == ps)
    })
    .map_err(|e| format!("{e}; it is {last:#?}, not {:#?}", ps(engine)))?;
    let truth = ps(engine).map_err(say)?;
    // The thread of the early one may be a little behind.
    let mut applied = Picture::default();
    until("the picture of the early one", LIMIT, || {
        applied = Picture::default();
        watch.items.lock().expect("no panic under this lock").iter().for_each(|item| applied.apply(item));
        text(&applied) == truth
    })
    .map_err(|e| format!("{e}; it is {:#?}, not {truth:#?}", text(&applied)))?;
    let items = watch.items.lock().expect("no panic under this lock").clone();
    alternate(&items)?;
    let ended = items.iter().any(|i| matches!(i, Item::Stopped(s) if s.container.id == all[1].id));
    let missed = items.iter().filter_map(Item::change).any(|change| change.reconciled);
    let again = items.iter().filter(|i| matches!(i, Item::Started(s) if s.container.id == all[5].id)).count();
    let gone = items.iter().any(|i| matches!(i, Item::Removed(r) if r.container.id == all[3].id));
    // Podman has its events in a file, and forgets none.
    if !ended || again != 1 || !gone || !missed && !engine.is_podman() {
        return Err(format!("ended {ended}, restarted {again} times, gone {gone}, found {missed}: {items:#?}"));
    }
    let (_, pictured) = late();
    if text(&pictured) != truth {
        return Err(format!("the late one has {:#?}, not {truth:#?}", text(&pictured)));
    }
    let (kept, pictured) = (watch.slow)();
    let Some(Item::Lagged(missed)) = kept.first() else { return Err(format!("the slow one got {:?}", kept.first())) };
    if text(&pictured) != truth || !matches!(kept.get(1), Some(Item::Snapshot(_))) || kept.len() > CAPACITY + 2 {
        return Err(format!("the slow one has {:#?}, not {truth:#?}, after {} items", text(&pictured), kept.len()));
    }
    let reconciled = items.iter().filter_map(Item::change).filter(|change| change.reconciled).count();
    Ok(format!(
        "{} containers as docker ps -a, {} items, {reconciled} changes found afterwards; slow: {missed} dropped, {} kept",
        truth.len(),
        items.len(),
        kept.len() - 2
    ))
}

/// A container is started only if it does not run, and the other way round.
fn alternate(items: &[Item]) -> Result<(), String> {
    let mut runs: BTreeMap<String, bool> = BTreeMap::new();
    for item in items {
        if let Item::Snapshot(picture) = item {
            runs = picture.all().map(|c| (c.id.clone(), c.is_running())).collect();
        }
        let now = match item {
            Item::Created(_) | Item::Stopped(_) => false,
            Item::Started(_) => true,
            _ => continue,
        };
        let Some(change) = item.change() else { continue };
        let before = runs.insert(change.container.id.clone(), now);
        if before == Some(now) || matches!(item, Item::Created(_)) != before.is_none() {
            return Err(format!("it was {before:?}: {item:?}"));
        }
    }
    Ok(())
}
