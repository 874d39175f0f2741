//! What subscribers get.

use super::{Container, Picture};
use crate::Error;
use crate::model::{ContainerStatsResponse, EventMessage};
use crate::resume::Gap;
use crate::values::Usage;
use alloc::string::String;
use alloc::sync::Arc;

/// What a subscriber gets. A clone is cheap: it shares what it holds.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Item {
    /// All containers at this point: the first of a late subscriber; the first for everybody, once all are known; after
    /// [`Lagged`](Self::Lagged); and once everything was compared after a reconnect or a gap.
    Snapshot(Picture),
    /// Something happened in the engine: to a container, an image, a network, a volume or anything else. Every event comes
    /// so, once, and what it changed in the picture comes behind it.
    Event(Arc<EventMessage>),
    /// A container is there.
    Created(Change),
    /// Its process runs.
    Started(Change),
    /// Its process has ended, with the [`exit_code`](Container::exit_code).
    Stopped(Change),
    /// It has another name.
    Renamed(Change),
    /// Something else about it is different: paused or not, its health, its labels, the rest of its state.
    Updated(Change),
    /// It is gone.
    Removed(Change),
    /// What a container uses; asked for with [`stats`](super::Monitor::stats).
    Stats(Sample),
    /// The samples of a container did not come or broke off, although it runs. If the engine knows it, they are asked for
    /// again.
    StatsFailed {
        /// Its id, or what was asked for if there is no such container.
        container: String,
        /// Why.
        error: Error,
    },
    /// Events may be missing here, or be repeated from here on. Everything is compared with the engine now.
    Gap(Gap),
    /// An event that cannot be read.
    Unreadable(Error),
    /// The engine is out of reach. The picture stays as it was. Said once, however often it is tried again.
    Disconnected(Error),
    /// The engine is there again. Everything is compared with it now; what changed meanwhile comes as items marked
    /// [`reconciled`](Change::reconciled), and then a [`Snapshot`](Self::Snapshot).
    Reconnected,
    /// So many items were dropped, because this subscriber fell behind. A [`Snapshot`](Self::Snapshot) is next, as of
    /// the last of them.
    Lagged(u64),
}

/// A change of a container.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Change {
    /// As it is now; for one that is gone, as it was last.
    pub container: Arc<Container>,
    /// As it was before; nothing if it was not known.
    pub before: Option<Arc<Container>>,
    /// Found by asking the engine, and not told by an event.
    pub reconciled: bool,
}

/// A sample of what a container uses.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Sample {
    /// The container.
    pub container: Arc<Container>,
    /// The sample; the first of each run has nothing to compare with.
    pub stats: Arc<ContainerStatsResponse>,
}

impl Sample {
    /// The figures of `docker stats`.
    #[must_use]
    #[inline]
    pub fn usage(&self) -> Usage {
        // Samples of containers that do not run are not passed on.
        self.stats.usage().unwrap_or_default()
    }
}

impl Item {
    /// The change, if it is one of a container.
    #[must_use]
    #[inline]
    pub fn change(&self) -> Option<&Change> {
        match self {
            Self::Created(change)
            | Self::Started(change)
            | Self::Stopped(change)
            | Self::Renamed(change)
            | Self::Updated(change)
            | Self::Removed(change) => Some(change),
            _ => None,
        }
    }

    /// Bytes that it takes, about, as if nobody shared them.
    #[inline]
    pub(super) fn weight(&self) -> usize {
        let own = size_of::<Self>();
        own + match self {
            Self::Snapshot(picture) => picture.weight(),
            Self::Event(event) => event_weight(event),
            Self::Stats(sample) => size_of::<ContainerStatsResponse>() + 4096 + sample.container.weight(),
            Self::StatsFailed { container, .. } => container.len(),
            Self::Disconnected(_) | Self::Unreadable(_) | Self::Reconnected | Self::Gap(_) | Self::Lagged(_) => 0,
            change => change.change().map_or(0, |change| {
                change.container.weight() + change.before.as_ref().map_or(0, |before| before.weight())
            }),
        }
    }
}

#[inline]
fn event_weight(event: &EventMessage) -> usize {
    let text = |text: &Option<String>| text.as_ref().map_or(0, String::len);
    let actor = event.actor.as_ref().map_or(0, |actor| {
        text(&actor.id) + actor.attributes.iter().map(|(k, v)| 64 + k.len() + v.len()).sum::<usize>()
    });
    size_of::<EventMessage>() + text(&event.action) + text(&event.status) + text(&event.id) + text(&event.from) + actor
}
