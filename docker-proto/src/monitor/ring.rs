//! What a subscriber has not taken yet.

use super::{Item, Picture};
use alloc::collections::VecDeque;
use core::mem;
use core::task::Waker;

/// Bounded by number and by bytes: when it is full, the oldest items are dropped and counted.
#[derive(Debug)]
pub(super) struct Ring {
    items: VecDeque<(Item, usize)>,
    bytes: usize,
    capacity: usize,
    max_bytes: usize,
    lagged: u64,
    /// As of the items that were taken or dropped.
    seen: Picture,
    /// Whether that is a picture at all yet.
    begun: bool,
    snapshot_due: bool,
    pub(super) waker: Option<Waker>,
}

impl Ring {
    /// With a picture to begin with, if there is one already.
    #[inline]
    pub(super) fn new(capacity: usize, max_bytes: usize, picture: Option<Picture>) -> Self {
        Self {
            items: VecDeque::new(),
            bytes: 0,
            capacity,
            max_bytes,
            lagged: 0,
            begun: picture.is_some(),
            snapshot_due: picture.is_some(),
            seen: picture.unwrap_or_default(),
            waker: None,
        }
    }

    #[inline]
    pub(super) fn push(&mut self, item: Item, weight: usize) {
        self.items.push_back((item, weight));
        self.bytes += weight;
        while self.items.len() > self.capacity || self.bytes > self.max_bytes {
            if self.pop().is_none() {
                break;
            }
            self.lagged += 1;
        }
    }

    #[inline]
    pub(super) fn take(&mut self) -> Option<Item> {
        if self.lagged > 0 {
            self.snapshot_due = self.begun;
            return Some(Item::Lagged(mem::take(&mut self.lagged)));
        }
        if mem::take(&mut self.snapshot_due) {
            return Some(Item::Snapshot(self.seen.clone()));
        }
        self.pop()
    }

    #[inline]
    pub(super) fn seen(&self) -> &Picture {
        &self.seen
    }

    #[inline]
    fn pop(&mut self) -> Option<Item> {
        let (item, weight) = self.items.pop_front()?;
        self.bytes -= weight;
        self.begun |= matches!(item, Item::Snapshot(_));
        self.seen.apply(&item);
        Some(item)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Change, Container};
    use super::*;
    use crate::model::ContainerStatus;
    use alloc::collections::BTreeMap;
    use alloc::format;
    use alloc::sync::Arc;
    use alloc::vec::Vec;
    use proptest::prelude::*;

    fn container(id: u8, name: u8) -> Arc<Container> {
        Arc::new(Container {
            id: format!("{id}"),
            name: format!("{name}"),
            image: "x".into(),
            labels: BTreeMap::new(),
            env: BTreeMap::new(),
            status: ContainerStatus::Running,
            health: None,
            exit_code: None,
        })
    }

    fn item((kind, id, name): (u8, u8, u8)) -> Item {
        let change = Change { container: container(id, name), before: None, reconciled: false };
        match kind {
            0 => Item::Removed(change),
            1 => Item::Reconnected,
            _ => Item::Created(change),
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        /// Whenever it is read, and however little it holds: a reader is right after each item, and knows how much it missed.
        #[test]
        fn a_reader_is_right_and_every_item_is_given_or_counted(
            work in proptest::collection::vec((0u8..8, 0u8..6, 0u8..9, any::<bool>()), 0..80),
            capacity in 1usize..9,
            max_bytes in 0usize..6000,
        ) {
            let mut now: Picture = (0..3).map(|id| container(id, 0)).collect();
            let mut ring = Ring::new(capacity, max_bytes, Some(now.clone()));
            let (mut held, mut given, mut missed) = (Picture::default(), 0, 0);
            // The picture after each item that was pushed.
            let mut after = Vec::from([now.clone()]);
            let mut read = |ring: &mut Ring, after: &[Picture]| {
                let next = ring.take();
                match &next {
                    None => return false,
                    Some(Item::Lagged(n)) => {
                        missed += n;
                        // What it holds is put right by what comes next.
                        return true;
                    }
                    Some(Item::Snapshot(picture)) => held = picture.clone(),
                    Some(item) => {
                        given += 1;
                        held.apply(item);
                    }
                }
                assert_eq!(held, after[(given + missed) as usize]);
                assert_eq!(&held, ring.seen());
                true
            };
            for (kind, id, name, reads) in work {
                let item = item((kind, id, name));
                now.apply(&item);
                after.push(now.clone());
                let weight = item.weight();
                ring.push(item, weight);
                assert!(ring.items.len() <= capacity && ring.bytes <= max_bytes);
                assert_eq!(ring.bytes, ring.items.iter().map(|(_, weight)| weight).sum::<usize>());
                if reads {
                    read(&mut ring, &after);
                }
            }
            while read(&mut ring, &after) {}
            prop_assert_eq!(given + missed, after.len() as u64 - 1);
            prop_assert_eq!(held, now);
        }
    }
}
