//! What containers use: a stream for each whose samples are wanted and that runs.

use super::watch::Task;
use super::{Item, Sample, Tracker};
use crate::api::containers::Stats;
use crate::jobs::{Answers, Verbs};
use crate::model::ContainerStatsResponse;
use crate::{Error, Result};
use alloc::boxed::Box;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::task::{Context, Poll};
use core::time::Duration;

/// Before samples that broke off are asked for again.
const PAUSE: Duration = Duration::from_secs(1);

type Stream<V> = <V as Verbs>::Answers<Stats>;
type Came<V> = (Stream<V>, Option<Result<ContainerStatsResponse>>);

/// See the module.
pub(super) struct Samples<'a, V: Verbs> {
    docker: &'a V,
    /// How far the wishes of the hub are known.
    pub(super) looked: u64,
    wanted: BTreeSet<String>,
    streams: BTreeMap<String, Task<'a, Came<V>>>,
    /// Wishes or runs have changed.
    changed: bool,
}

impl<'a, V: Verbs> Samples<'a, V> {
    pub(super) fn new(docker: &'a V) -> Self {
        Self { docker, looked: 0, wanted: BTreeSet::new(), streams: BTreeMap::new(), changed: false }
    }

    /// These are wanted.
    pub(super) fn want(&mut self, looked: u64, wanted: BTreeSet<String>) {
        (self.looked, self.wanted, self.changed) = (looked, wanted, true);
    }

    /// An item that subscribers get.
    pub(super) fn see(&mut self, item: &Item) {
        match item {
            // A stream of the run before gives zeros.
            Item::Stopped(change) | Item::Removed(change) => {
                self.streams.remove(&change.container.id);
            }
            Item::Started(_) | Item::Snapshot(_) => self.changed = true,
            _ => {}
        }
    }

    /// Whether anything came.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>, open: bool, tracker: &Tracker, items: &mut Vec<Item>) -> bool {
        if !open {
            // Those that are wanted are asked for after the next comparison.
            self.streams.clear();
            return false;
        }
        let mut moved = core::mem::take(&mut self.changed);
        if moved {
            self.streams.retain(|id, _| self.wanted.contains(id));
            let running = |id: &&String| tracker.get(id).is_some_and(|c| c.is_running());
            for id in self.wanted.iter().filter(running) {
                let docker = self.docker;
                let begin = || sample::<V>(docker.begin(Stats::new(&**id)));
                self.streams.entry(id.clone()).or_insert_with(begin);
            }
        }
        let mut done = Vec::new();
        for (id, step) in &mut self.streams {
            let Poll::Ready((stream, came)) = step.as_mut().poll(cx) else { continue };
            moved = true;
            match came {
                Some(Ok(stats)) => {
                    // Zeros are of a container that does not run.
                    if let Some(container) = tracker.get(id).filter(|_| stats.usage().is_some()) {
                        items.push(Item::Stats(Sample { container: container.clone(), stats: Arc::new(stats) }));
                    }
                    *step = sample::<V>(stream);
                }
                Some(Err(e)) if !e.is_final() => {
                    items.push(Item::StatsFailed { container: id.clone(), error: e });
                    *step = sample::<V>(stream);
                }
                ended => done.push((id.clone(), ended.and_then(Result::err))),
            }
        }
        for (id, error) in done {
            self.ended(id, error, items);
        }
        moved
    }

    /// A stream ended, though nobody said that the container did.
    fn ended(&mut self, id: String, error: Option<Error>, items: &mut Vec<Item>) {
        let gone = error.as_ref().is_some_and(Error::is_not_found);
        if let Some(error) = error {
            items.push(Item::StatsFailed { container: id.clone(), error });
        }
        if gone {
            self.streams.remove(&id);
            return;
        }
        let docker = self.docker;
        let op = Stats::new(&*id);
        let again = Box::pin(async move {
            docker.sleep(PAUSE).await;
            let mut stream = docker.begin(op);
            let item = stream.next().await;
            (stream, item)
        });
        self.streams.insert(id, again);
    }
}

fn sample<'a, V: Verbs + 'a>(mut stream: Stream<V>) -> Task<'a, Came<V>> {
    Box::pin(async move {
        let item = stream.next().await;
        (stream, item)
    })
}
