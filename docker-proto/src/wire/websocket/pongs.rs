//! From the half that reads to the half that writes: the last ping.

use super::MAX_CONTROL;
use alloc::vec::Vec;
use core::sync::atomic::{AtomicU32, AtomicU64, Ordering, fence};

const WORDS: usize = MAX_CONTROL.div_ceil(8);

/// The payload of the last ping. A later one takes the place of one that was not answered yet, as RFC 6455 allows.
///
/// One thread puts, one takes, neither waits (a sequence lock): a payload that is being replaced while it is read is not
/// there yet.
#[derive(Debug, Default)]
pub(super) struct Pongs {
    /// Twice the number of pings so far, and one more while one is being put.
    version: AtomicU32,
    len: AtomicU64,
    words: [AtomicU64; WORDS],
}

impl Pongs {
    /// Keeps the payload of a ping: at most [`MAX_CONTROL`] bytes.
    #[inline]
    pub(super) fn put(&self, payload: &[u8]) {
        let version = self.version.load(Ordering::Relaxed);
        self.version.store(version.wrapping_add(1), Ordering::Relaxed);
        fence(Ordering::Release);
        self.len.store(payload.len() as u64, Ordering::Relaxed);
        for (word, part) in self.words.iter().zip(payload.chunks(8)) {
            let mut bytes = [0; 8];
            bytes[..part.len()].copy_from_slice(part);
            word.store(u64::from_ne_bytes(bytes), Ordering::Relaxed);
        }
        self.version.store(version.wrapping_add(2), Ordering::Release);
    }

    /// The payload of the last ping, unless `answered` says that it was taken already.
    #[inline]
    pub(super) fn take(&self, answered: &mut u32) -> Option<Vec<u8>> {
        let version = self.version.load(Ordering::Acquire);
        if version == *answered || version % 2 == 1 {
            return None;
        }
        let len = self.len.load(Ordering::Relaxed) as usize;
        let mut payload: Vec<u8> = self.words.iter().flat_map(|w| w.load(Ordering::Relaxed).to_ne_bytes()).collect();
        payload.truncate(len);
        fence(Ordering::Acquire);
        (self.version.load(Ordering::Relaxed) == version).then(|| {
            *answered = version;
            payload
        })
    }
}
