//! Random histories: what the tracker made of each of them.

use super::{MS, World};
use docker_proto::monitor::Item;
use std::collections::BTreeMap;

/// In whatever order: a container is started only if it did not run, stopped only if it did, and created once.
fn starts_and_ends_alternate(items: &[Item], seed: u64) {
    let mut runs: BTreeMap<String, bool> = BTreeMap::new();
    for item in items {
        match item {
            Item::Snapshot(picture) => runs = picture.all().map(|c| (c.id.clone(), c.is_running())).collect(),
            Item::Created(c) => assert_eq!(runs.insert(c.container.id.clone(), false), None, "seed {seed}: {item:?}"),
            Item::Started(c) => assert_eq!(runs.insert(c.container.id.clone(), true), Some(false), "seed {seed}"),
            Item::Stopped(c) => assert_eq!(runs.insert(c.container.id.clone(), false), Some(true), "seed {seed}"),
            Item::Removed(c) => assert_eq!(runs.remove(&c.container.id), Some(false), "seed {seed}"),
            _ => {}
        }
        if let Some(change) = item.change().filter(|_| !matches!(item, Item::Removed(_))) {
            assert_eq!(runs.get(&change.container.id), Some(&change.container.is_running()), "seed {seed}: {item:?}");
        }
    }
}

fn count(items: &[Item], kind: fn(&Item) -> bool) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for change in items.iter().filter(|item| kind(item)).filter_map(Item::change) {
        *counts.entry(change.container.id.clone()).or_default() += 1;
    }
    counts
}

#[test]
fn whatever_is_lost_the_picture_becomes_that_of_the_engine() {
    for seed in 1..2_000 {
        let mut world = World::new(seed);
        for _ in 0..3 {
            for _ in 0..world.random.below(120) {
                world.step(true);
            }
            world.settle();
            world.check(seed);
        }
        starts_and_ends_alternate(&world.items, seed);
    }
}

#[test]
fn without_loss_every_start_and_every_end_is_told_once() {
    let mut told = 0;
    for seed in 1..1_000 {
        let mut world = World::new(seed);
        world.connect();
        world.settle();
        // Starts of just before are known by then.
        world.now += 3000 * MS;
        let first = world.items.len();
        let (starts, ends) = (world.starts.clone(), world.ends.clone());
        for _ in 0..150 {
            world.step(false);
        }
        world.settle();
        world.check(seed);
        let items = &world.items[first..];
        starts_and_ends_alternate(&world.items, seed);
        for (kind, all, before) in [
            ((|i| matches!(i, Item::Started(_))) as fn(&Item) -> bool, &world.starts, &starts),
            (|i| matches!(i, Item::Stopped(_)), &world.ends, &ends),
        ] {
            let since = all.iter().map(|(id, n)| (id.clone(), n - before.get(id).copied().unwrap_or_default()));
            let since: BTreeMap<_, _> = since.filter(|(_, n)| *n > 0).collect();
            assert_eq!(count(items, kind), since, "seed {seed}");
            told += since.values().sum::<usize>();
        }
        assert!(items.iter().filter_map(Item::change).all(|change| !change.reconciled || change.before.is_some()));
    }
    assert!(told > 10_000, "{told}");
}
