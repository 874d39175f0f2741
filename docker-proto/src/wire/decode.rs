//! What every body decoder looks like: it owns its partial state, so that any split of the input gives the same items.

use super::recv::RecvBuf;
use crate::Result;
use bytes::Bytes;

/// The part of a body that is at hand: a window on the receive block.
///
/// A decoder looks at [`bytes`](Self::bytes) and consumes by [`take`](Self::take) (a slice of the block, no copy) or
/// [`skip`](Self::skip). What it does not consume it is shown again, with more behind it.
#[derive(Debug)]
pub struct Input<'a> {
    block: &'a mut RecvBuf,
    left: &'a mut usize,
}

impl<'a> Input<'a> {
    /// A window on the next `left` bytes of `block`; `left` is kept up to date as they are consumed.
    #[inline]
    pub fn new(block: &'a mut RecvBuf, left: &'a mut usize) -> Self {
        *left = (*left).min(block.len());
        Self { block, left }
    }

    /// The bytes at hand.
    #[inline]
    pub fn bytes(&self) -> &[u8] {
        // `new` bounded `left` by the length of the block, and both shrink together.
        &self.block.bytes()[..*self.left]
    }

    /// How many bytes are at hand.
    #[inline]
    pub fn len(&self) -> usize {
        *self.left
    }

    /// Whether nothing is at hand.
    #[inline]
    pub fn is_empty(&self) -> bool {
        *self.left == 0
    }

    /// Consumes `n` bytes as a slice of the block; more than there are is taken as all.
    #[inline]
    pub fn take(&mut self, n: usize) -> Bytes {
        let n = n.min(*self.left);
        *self.left -= n;
        self.block.take(n)
    }

    /// Consumes `n` bytes unseen; more than there are is taken as all.
    #[inline]
    pub fn skip(&mut self, n: usize) {
        let n = n.min(*self.left);
        *self.left -= n;
        self.block.skip(n);
    }
}

/// An incremental decoder.
pub trait Decode {
    /// What comes out.
    type Item;

    /// The next item, or `None` when more input is needed. Call again after more input arrived, and again until `None`:
    /// one input may hold many items.
    ///
    /// A decoder may leave input unconsumed only if it returns an item, or keeps none of it in its own state.
    ///
    /// # Errors
    /// An error with [`is_final`](crate::Error::is_final) false concerns one item; call again. Any other is sticky.
    fn decode(&mut self, input: &mut Input<'_>) -> Result<Option<Self::Item>>;

    /// The body ended where its framing said it would. Call until `None`; the last items may come out here.
    ///
    /// # Errors
    /// [`Truncated`](crate::ErrorKind::Truncated), naming what was incomplete.
    fn finish(&mut self) -> Result<Option<Self::Item>>;

    /// The body broke off, and the error that says so comes next: what was kept back for more input to complete it, and
    /// means something as it is. Call until `None`. Nothing, for most decoders.
    #[inline]
    fn rest(&mut self) -> Option<Self::Item> {
        None
    }

    /// Whether what was decoded says itself that nothing follows, although the connection may stay open: it is not
    /// waited for then. True only after a `None`, and for what ends by its own means.
    fn has_ended(&self) -> bool {
        false
    }
}
