//! The block that a connection reads into.

use super::hidden::Hidden;
use super::limits::{MAX_BLOCK, MIN_BLOCK};
use bytes::{Bytes, BytesMut};
use core::{fmt, mem};

/// Received bytes that are not consumed yet, and room for more.
///
/// Slices handed out by [`take`](Self::take) share the block: no copy. The block is read into again in place as soon as
/// nobody holds a slice of it; while somebody does, the next read gets a fresh one. It starts small and doubles
/// whenever a read fills it, up to [`MAX_BLOCK`].
#[derive(Default)]
pub struct RecvBuf {
    block: Block,
    start: usize,
    end: usize,
    /// The size of the next block; 0 before the first.
    size: usize,
    /// How much the last read brought: what a replacement block is sized by.
    last: usize,
    /// The number of the connection, for those who are told of it: the block goes with its connection wherever that goes.
    pub(crate) connection: u64,
}

/// A block from this size on is worth keeping for another stream.
const LARGE: usize = 32 * 1024;

#[derive(Default)]
enum Block {
    #[default]
    None,
    /// Ours alone. Its whole length is initialised; `start..end` is received.
    Own(BytesMut),
    /// Slices of it may be in other hands.
    Lent(Bytes),
}

impl fmt::Debug for RecvBuf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("RecvBuf").field(&Hidden(self.len())).finish()
    }
}

impl RecvBuf {
    /// An empty buffer that owns no memory yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// What was received and not consumed.
    #[inline]
    pub fn bytes(&self) -> &[u8] {
        match &self.block {
            Block::None => &[],
            Block::Own(b) => &b[self.start..self.end],
            Block::Lent(b) => &b[self.start..self.end],
        }
    }

    /// How many bytes were received and not consumed.
    #[inline]
    pub fn len(&self) -> usize {
        self.end - self.start
    }

    /// Whether everything received was consumed.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.start == self.end
    }

    /// Room to read into, never empty. Report what was read with [`filled`](Self::filled).
    pub fn room(&mut self) -> &mut [u8] {
        let kept = self.len();
        // The whole block is wanted back for writing; if a slice of it is still held, what is left moves to a new one.
        self.block = match mem::take(&mut self.block) {
            Block::Lent(b) => match b.try_into_mut() {
                Ok(b) => Block::Own(b),
                Err(b) => {
                    let size = (kept + self.last * 2).next_power_of_two().clamp(MIN_BLOCK, self.size.max(MIN_BLOCK));
                    self.moved(&b, size.max((kept + MIN_BLOCK).next_power_of_two()))
                }
            },
            other => other,
        };
        if kept == 0 {
            (self.start, self.end) = (0, 0);
        }
        self.block = match mem::take(&mut self.block) {
            Block::Own(b) if self.size <= b.len() && self.end < b.len() => Block::Own(b),
            // Full behind, room in front: move what is left to the front.
            Block::Own(mut b) if self.size <= b.len() && self.start > 0 => {
                b.copy_within(self.start..self.end, 0);
                (self.start, self.end) = (0, kept);
                Block::Own(b)
            }
            Block::Own(b) => {
                let size = self.size.max((kept + MIN_BLOCK).next_power_of_two());
                self.moved(&b, size)
            }
            _ => {
                let size = self.size.max(MIN_BLOCK);
                self.moved(&[], size)
            }
        };
        match &mut self.block {
            Block::Own(b) => &mut b[self.end..],
            // The match above made it `Own`.
            _ => &mut [],
        }
    }

    /// A new block of `size` bytes that begins with what is left of `old`.
    fn moved(&mut self, old: &[u8], size: usize) -> Block {
        let mut new = BytesMut::zeroed(size);
        let kept = self.end - self.start;
        if kept > 0 {
            new[..kept].copy_from_slice(&old[self.start..self.end]);
        }
        (self.start, self.end) = (0, kept);
        self.size = size;
        Block::Own(new)
    }

    /// The driver read `n` bytes into [`room`](Self::room). More than fits is taken as what fits.
    pub fn filled(&mut self, n: usize) {
        let Block::Own(b) = &self.block else { return };
        let n = n.min(b.len() - self.end);
        self.end += n;
        self.last = n;
        if self.end == b.len() && n > 0 {
            self.size = (b.len() * 2).min(MAX_BLOCK).max(self.size);
        }
    }

    /// Appends bytes that were received elsewhere.
    pub fn push(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let room = self.room();
            let n = room.len().min(bytes.len());
            room[..n].copy_from_slice(&bytes[..n]);
            self.filled(n);
            bytes = &bytes[n..];
        }
    }

    /// Consumes `n` bytes without looking at them. More than there are is taken as all.
    #[inline]
    pub fn skip(&mut self, n: usize) {
        self.start += n.min(self.len());
    }

    /// Consumes `n` bytes as a slice of the block. More than there are is taken as all.
    #[inline]
    pub fn take(&mut self, n: usize) -> Bytes {
        let n = n.min(self.len());
        if n == 0 {
            return Bytes::new();
        }
        if let Block::Own(_) = self.block {
            self.lend();
        }
        let Block::Lent(b) = &self.block else { return Bytes::new() };
        let out = b.slice(self.start..self.start + n);
        self.start += n;
        out
    }

    /// Makes the block one that can be shared: once for each block, so apart from what is done for each slice.
    #[cold]
    fn lend(&mut self) {
        if let Block::Own(b) = &mut self.block {
            self.block = Block::Lent(mem::take(b).freeze());
        }
    }

    /// Gives the block back while nothing is received: an idle stream keeps no memory. One that is large, and in nobody
    /// else's hands, is returned: it may serve another stream, and need not be zeroed again.
    pub fn park(&mut self) -> Option<BytesMut> {
        if !self.is_empty() {
            return None;
        }
        (self.start, self.end) = (0, 0);
        // After a pause, much comes as much as before it: a stream that is read faster than it is written would begin
        // small again and again.
        self.size = self.size.min((self.last * 2).next_power_of_two()).max(MIN_BLOCK);
        let block = match mem::take(&mut self.block) {
            Block::None => None,
            Block::Own(b) => Some(b),
            Block::Lent(b) => b.try_into_mut().ok(),
        };
        block.filter(|b| b.len() >= LARGE)
    }

    /// Takes a block that [`park`](Self::park) gave back, here or elsewhere, if the next read would make a large one.
    pub fn unpark(&mut self, spare: impl FnOnce() -> Option<BytesMut>) {
        if matches!(self.block, Block::None) && self.size >= LARGE {
            if let Some(block) = spare() {
                self.size = block.len();
                self.block = Block::Own(block);
            }
        }
    }

    /// Forgets everything received.
    pub fn clear(&mut self) {
        self.start = self.end;
    }
}

impl From<&[u8]> for RecvBuf {
    fn from(bytes: &[u8]) -> Self {
        let mut buf = Self::new();
        buf.push(bytes);
        buf
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    #[test]
    fn the_block_is_reused_in_place_when_nobody_holds_a_slice() {
        let mut r = RecvBuf::new();
        let at = r.room().as_ptr();
        r.filled(100);
        drop(r.take(100));
        assert_eq!(r.room().as_ptr(), at);
    }

    #[test]
    fn a_held_slice_keeps_its_bytes() {
        let mut r = RecvBuf::from(&b"hello world"[..]);
        let hello = r.take(5);
        r.push(b" again");
        assert_eq!(hello, "hello");
        assert_eq!(r.bytes(), b" world again");
    }

    #[test]
    fn grows_to_the_largest_block_and_no_further() {
        let mut r = RecvBuf::new();
        for _ in 0..40 {
            let n = r.room().len();
            r.filled(n);
            r.skip(n);
        }
        assert_eq!(r.room().len(), MAX_BLOCK);
    }

    #[test]
    fn whatever_is_pushed_comes_out_in_order() {
        let mut r = RecvBuf::new();
        let data: Vec<u8> = (0..100_000u32).map(|i| i as u8).collect();
        let (mut out, mut held) = (Vec::new(), Vec::new());
        for (i, piece) in data.chunks(777).enumerate() {
            r.push(piece);
            if i % 3 == 0 {
                let part = r.take(r.len() / 2);
                out.extend_from_slice(&part);
                held.push(part);
            }
        }
        out.extend_from_slice(r.bytes());
        assert_eq!(out, data);
    }

    #[test]
    fn parking_frees_only_what_is_consumed() {
        let mut r = RecvBuf::from(&b"x"[..]);
        r.park();
        assert_eq!(r.bytes(), b"x");
        r.skip(1);
        assert!(r.park().is_none());
        assert!(matches!(r.block, Block::None));
    }

    #[test]
    fn a_large_block_is_parked_elsewhere_and_taken_back() {
        let mut r = RecvBuf::from(&[7; 100_000][..]);
        let held = r.take(100_000);
        assert!(r.park().is_none(), "somebody holds a slice of it");
        drop(held);
        r.unpark(|| None);
        r.push(&[8; 200_000]);
        r.skip(200_000);
        let block = r.park().expect("a large one");
        let (at, n) = (block.as_ptr(), block.len());
        r.unpark(|| Some(block));
        assert_eq!((r.room().as_ptr(), r.room().len(), r.len()), (at, n, 0));
        // A stream of which little comes takes none, and gives none.
        let mut quiet = RecvBuf::from(&b"x"[..]);
        quiet.skip(1);
        assert!(quiet.park().is_none());
        quiet.unpark(|| panic!("a small block is made when it is wanted"));
    }
}
