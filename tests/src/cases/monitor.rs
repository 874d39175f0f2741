//! Monitors on engines that others use as well: each looks only at the containers of its test, by a label.

use super::Failure;
use crate::engine::{Container, Engine, shell};
use crate::proxy::Proxy;
use crate::runtime::{Monitors, Subscriber};
use docker_proto::api::containers;
use docker_proto::monitor::{Item, Monitor, Options, Picture};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

const LIMIT: Duration = Duration::from_secs(60);

/// A monitor whose driver runs in a thread.
struct Watch<R: Monitors> {
    label: String,
    docker: R,
    monitor: Monitor<R::Subscriber>,
    driver: JoinHandle<docker_proto::Result<()>>,
}

impl<R: Monitors> Watch<R> {
    fn new(url: &str, options: Options) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let n = NUMBER.fetch_add(1, Ordering::Relaxed);
        let label = format!("docker-proto-monitor={}-{n}", std::process::id());
        let docker = R::connect(url);
        let (driver, monitor) = docker.monitor(options.label(&*label));
        Self { label, docker, monitor, driver: thread::spawn(move || R::block_on(driver)) }
    }

    /// A container that this monitor looks at.
    async fn container(&self, engine: &Engine) -> Result<Container<R>, Failure> {
        let (name, value) = self.label.split_once('=').ok_or("a label")?;
        // Whatever it is doing, it can be stopped.
        let body = shell("while :; do sleep 0.05; done").stop_signal("SIGKILL").env(["A=b=c", "EMPTY="]);
        engine.container(&engine.client(), body.labels([(name, value)])).await
    }

    /// Drops the handle and this subscriber, the last ones, and waits for the driver to end.
    fn end(self, last: R::Subscriber) -> Result<(), Failure> {
        drop((self.monitor, last));
        self.driver.join().map_err(|_| "the driver panicked")??;
        Ok(())
    }
}

/// The items up to the one that is waited for, changes of containers in short.
async fn until<S: Subscriber>(items: &mut S, so: impl Fn(&Item) -> bool) -> Result<Vec<String>, Failure> {
    let end = Instant::now() + LIMIT;
    let mut told = Vec::new();
    loop {
        let Some(item) = items.next_within(end.saturating_duration_since(Instant::now())).await else {
            return Err(format!("not within {LIMIT:?}; told {told:?}").into());
        };
        let item = item.ok_or_else(|| format!("the driver ended; told {told:?}"))?;
        told.extend(short(&item));
        if so(&item) {
            return Ok(told);
        }
    }
}

/// Nothing for what engines tell in different ways.
fn short(item: &Item) -> Option<String> {
    let change = item.change()?;
    let code = change.container.exit_code.map_or("-".to_owned(), |code| code.to_string());
    let told = match item {
        Item::Created(_) => "created".into(),
        Item::Started(_) => "started".into(),
        Item::Stopped(_) => format!("stopped {code}"),
        Item::Renamed(_) => format!("renamed {}", change.container.name),
        Item::Removed(_) => "removed".into(),
        _ => return None,
    };
    Some(if change.reconciled { told + "!" } else { told })
}

fn text(picture: &Picture) -> Vec<String> {
    picture.all().map(|c| format!("{} {} {} {:?}", c.id, c.name, c.status, c.exit_code)).collect()
}

pub async fn a_life_is_told_once_with_everything_about_it<R: Monitors>(engine: &Engine) -> Result<(), Failure> {
    let watch: Watch<R> = Watch::new(&engine.url, Options::new());
    let mut items = watch.monitor.subscribe();
    until(&mut items, |item| matches!(item, Item::Snapshot(p) if p.is_empty())).await?;
    assert!(watch.monitor.engine().is_some());
    let c = watch.container(engine).await?;
    c.start().await?;
    let mut told = until(&mut items, |item| matches!(item, Item::Started(_))).await?;
    let known = watch.monitor.picture().get(&c.name).cloned().ok_or("not in the picture")?;
    let env = |name: &str| known.env.get(name).map(|value| &**value);
    assert_eq!((&*known.id, env("A"), env("EMPTY")), (&*c.id, Some("b=c"), Some("")));
    assert!(known.image.ends_with("docker-proto-test:latest") && known.is_running(), "{known:?}");
    assert!(known.labels.iter().any(|(k, v)| format!("{k}={v}") == watch.label), "{known:?}");
    // Names, ids and the beginning of one all find it.
    let picture = watch.monitor.picture();
    assert!([&*c.id, &c.id[..12], &*format!("/{}", c.name)].iter().all(|name| picture.get(name).is_some()));

    let docker = &watch.docker;
    // A busy machine freezes a program not always at once.
    let end = Instant::now() + LIMIT;
    while let Err(e) = docker.call(containers::Pause::new(&*c.id)).await {
        assert!(e.status() == Some(500) && Instant::now() < end, "{e}");
    }
    let paused = |item: &Item| matches!(item, Item::Updated(u) if u.container.status.as_str() == "paused");
    told.extend(until(&mut items, paused).await?);
    docker.call(containers::Unpause::new(&*c.id)).await?;
    docker.call(containers::Rename::new(&*c.id, format!("{}-b", c.name))).await?;
    docker.call(containers::Restart::new(&*c.id)).await?;
    docker.call(containers::Kill::new(&*c.id)).await?;
    c.exit().await?;
    docker.call(containers::Remove::new(&*c.id).force(true)).await?;
    told.extend(until(&mut items, |item| matches!(item, Item::Removed(_))).await?);
    let renamed = format!("renamed {}-b", c.name);
    let life = ["created", "started", &renamed, "stopped 137", "started", "stopped 137", "removed"];
    assert_eq!(told, life);
    assert!(watch.monitor.picture().is_empty());
    watch.end(items)
}

pub async fn who_comes_late_and_who_is_slow_have_the_same_picture<R: Monitors>(engine: &Engine) -> Result<(), Failure> {
    let watch: Watch<R> = Watch::new(&engine.url, Options::new());
    let (mut fast, mut slow) = (watch.monitor.subscribe(), watch.monitor.subscribe_within(32, 1 << 20));
    // What is before it is not told.
    until(&mut fast, |item| matches!(item, Item::Snapshot(_))).await?;
    let c = watch.container(engine).await?;
    c.start().await?;
    for n in 0..40 {
        let name = format!("{}-{n}", c.name);
        watch.docker.call(containers::Rename::new(&*c.id, &*name)).await?;
        until(&mut fast, |item| matches!(item, Item::Renamed(r) if r.container.name == name)).await?;
    }
    let other = watch.container(engine).await?;
    until(&mut fast, |item| matches!(item, Item::Created(created) if created.container.id == other.id)).await?;
    let mut late = watch.monitor.subscribe();
    assert!(matches!(late.now(), Some(Item::Snapshot(picture)) if picture.len() == 2));
    let Some(Item::Lagged(missed)) = slow.now() else { return Err("nothing was dropped".into()) };
    assert!(missed > 40, "{missed}");
    assert!(matches!(slow.now(), Some(Item::Snapshot(_))));
    let mut kept = 0;
    while slow.now().is_some() {
        kept += 1;
    }
    assert!(kept <= 32, "{kept}");
    while fast.now().is_some() || late.now().is_some() {}
    let picture = watch.monitor.picture();
    assert!(picture.get(&format!("{}-39", c.name)).is_some());
    for theirs in [fast.picture(), slow.picture(), late.picture()] {
        assert_eq!(text(&theirs), text(&picture));
    }
    drop((fast, slow));
    watch.end(late)
}

pub async fn samples_are_shared_and_come_again_with_the_next_run<R: Monitors>(engine: &Engine) -> Result<(), Failure> {
    let proxy = Proxy::new(&engine.url)?;
    let watch: Watch<R> = Watch::new(&proxy.url, Options::new());
    let c = watch.container(engine).await?;
    c.start().await?;
    let (mut one, mut other) = (watch.monitor.subscribe(), watch.monitor.subscribe());
    until(&mut one, |item| matches!(item, Item::Snapshot(_) | Item::Started(_))).await?;
    let running = |picture: &Picture| picture.running().any(|known| known.id == c.id);
    while !running(&watch.monitor.picture()) {
        until(&mut one, |_| true).await?;
    }
    watch.monitor.stats(&c.name)?;
    let sample =
        |item: &Item| matches!(item, Item::Stats(s) if s.container.id == c.id && s.usage().memory_used > Some(0));
    until(&mut one, sample).await?;
    until(&mut other, sample).await?;
    let connections = proxy.accepted();
    for known in [&c.id, &c.id[..12], &c.name, &c.id[..32], &c.id[..16], &*format!("/{}", c.name)] {
        watch.monitor.stats(known)?;
        // The driver has heard of it once it has told something else. Podman takes five seconds for a sample.
        let told = watch.container(engine).await?;
        until(&mut other, |item| matches!(item, Item::Created(created) if created.container.id == told.id)).await?;
    }
    // The first of them may have been on its way before.
    for _ in 0..2 {
        until(&mut other, sample).await?;
    }
    // An inspect may have needed one.
    assert!(proxy.accepted() < connections + 4, "asked for six times more, and one connection");
    assert!(watch.monitor.stats("there-is-no-such-container").is_err());
    watch.docker.call(containers::Stop::new(&*c.id)).await?;
    until(&mut one, |item| matches!(item, Item::Stopped(_))).await?;
    // What was on its way is gone by the next start.
    c.start().await?;
    until(&mut one, |item| matches!(item, Item::Started(_))).await?;
    until(&mut one, sample).await?;
    drop(one);
    watch.end(other)
}

pub async fn what_a_cut_hides_is_found_afterwards<R: Monitors>(engine: &Engine) -> Result<(), Failure> {
    let proxy = Proxy::new(&engine.url)?;
    let watch: Watch<R> = Watch::new(&proxy.url, Options::new());
    let mut items = watch.monitor.subscribe();
    until(&mut items, |item| matches!(item, Item::Snapshot(_))).await?;
    let (a, b, gone) = (watch.container(engine).await?, watch.container(engine).await?, watch.container(engine).await?);
    for c in [&b, &gone] {
        c.start().await?;
        until(&mut items, |item| matches!(item, Item::Started(s) if s.container.id == c.id)).await?;
    }
    proxy.refuse(true);
    proxy.cut();
    until(&mut items, |item| matches!(item, Item::Disconnected(_))).await?;
    let docker: R = engine.client();
    a.start().await?;
    docker.call(containers::Restart::new(&*b.id)).await?;
    docker.call(containers::Rename::new(&*b.id, format!("{}-b", b.name))).await?;
    docker.call(containers::Remove::new(&*gone.id).force(true)).await?;
    let new = watch.container(engine).await?;
    new.start().await?;
    proxy.refuse(false);
    let mut told = until(&mut items, |item| matches!(item, Item::Snapshot(_))).await?;
    // Podman tells again what was missed, and dockerd what it still has; whoever tells it, it is told once.
    told.iter_mut().for_each(|told| *told = told.trim_end_matches('!').into());
    let count = |what: &str| told.iter().filter(|told| told.starts_with(what)).count();
    assert_eq!((count("created"), count("started"), count("removed")), (1, 3, 1), "{told:?}");
    assert_eq!((count("stopped"), count(&format!("renamed {}-b", b.name))), (2, 1), "{told:?}");
    let picture = watch.monitor.picture();
    assert!([&a, &b, &new].iter().all(|c| picture.get(&c.id).is_some_and(|known| known.is_running())));
    assert_eq!((picture.len(), text(&items.picture())), (3, text(&picture)));
    watch.end(items)
}
