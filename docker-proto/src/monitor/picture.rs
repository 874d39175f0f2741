//! All containers of an engine at one moment.

use super::container::bare;
use super::{Container, Item};
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::sync::Arc;
use core::ops::Bound;

/// All containers of an engine, as of the items up to one of them. A clone is cheap: it shares everything.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Picture {
    containers: Arc<BTreeMap<String, Arc<Container>>>,
}

impl Picture {
    /// One container: by its full id, by its name, or by the beginning of its id if no other begins so; in this order, as
    /// engines look names up.
    #[must_use]
    #[inline]
    pub fn get(&self, container: &str) -> Option<&Arc<Container>> {
        let name = bare(container);
        let named = || self.all().find(|c| c.name == name);
        self.containers.get(container).or_else(named).or_else(|| self.beginning(container))
    }

    #[inline]
    fn beginning(&self, id: &str) -> Option<&Arc<Container>> {
        if id.is_empty() {
            return None;
        }
        let mut like = self
            .containers
            .range::<str, _>((Bound::Included(id), Bound::Unbounded))
            .take_while(|(other, _)| other.starts_with(id));
        match (like.next(), like.next()) {
            (Some((_, one)), None) => Some(one),
            _ => None,
        }
    }

    /// Every container, in the order of the ids.
    #[inline]
    pub fn all(&self) -> impl Iterator<Item = &Arc<Container>> {
        self.containers.values()
    }

    /// Those that have a process; see [`Container::is_running`].
    #[inline]
    pub fn running(&self) -> impl Iterator<Item = &Arc<Container>> {
        self.all().filter(|c| c.is_running())
    }

    /// How many containers there are.
    #[must_use]
    #[inline]
    pub fn len(&self) -> usize {
        self.containers.len()
    }

    /// Whether there is none.
    #[must_use]
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.containers.is_empty()
    }

    /// Makes it the picture after this item. A subscriber's own picture is kept so; see
    /// [`Subscription::picture`](super::Subscription::picture).
    #[inline]
    pub fn apply(&mut self, item: &Item) {
        match item {
            Item::Snapshot(picture) => *self = picture.clone(),
            Item::Removed(change) => {
                Arc::make_mut(&mut self.containers).remove(&change.container.id);
            }
            Item::Created(change)
            | Item::Started(change)
            | Item::Stopped(change)
            | Item::Renamed(change)
            | Item::Updated(change) => {
                let container = change.container.clone();
                Arc::make_mut(&mut self.containers).insert(container.id.clone(), container);
            }
            _ => {}
        }
    }

    /// Bytes that it takes, about.
    #[inline]
    pub(super) fn weight(&self) -> usize {
        self.all().map(|c| 128 + c.weight()).sum()
    }
}

impl FromIterator<Arc<Container>> for Picture {
    #[inline]
    fn from_iter<T: IntoIterator<Item = Arc<Container>>>(containers: T) -> Self {
        Self { containers: Arc::new(containers.into_iter().map(|c| (c.id.clone(), c)).collect()) }
    }
}
