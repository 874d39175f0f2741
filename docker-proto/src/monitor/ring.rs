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
