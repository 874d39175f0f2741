//! A tar as entries and their data.

use super::entry::Entry;
use super::walk::{Walk, What};
use crate::Result;
use crate::wire::{Decode, Input};
use alloc::boxed::Box;
use bytes::Bytes;

/// What comes out of a tar.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TarItem {
    /// An entry begins.
    Entry(Entry),
    /// Data of the entry that began last: a part of it, as it arrived. Never empty. There is as much in all as
    /// [`Entry::size`] says.
    Data(Bytes),
}

/// Reads a tar as it arrives.
///
/// The data is not copied. The same things are errors as for [`TarCheck`](super::TarCheck): a tar without its end, what an engine appended,
/// what is no tar. Of a sparse file the data is that between its holes, and [`Entry::sparse`] is where it belongs.
///
/// ```
/// use docker_proto::tar::{TarItem, TarReader, Tree};
/// use docker_proto::wire::{Decode, Input, RecvBuf};
///
/// let tar = Tree::new().file("etc/motd", "hello")?.into_bytes();
/// let mut block = RecvBuf::from(&tar[..]);
/// let mut left = block.len();
/// let mut reader = TarReader::new();
/// while let Some(item) = reader.decode(&mut Input::new(&mut block, &mut left))? {
///     match item {
///         TarItem::Entry(entry) => println!("{} of {} bytes", entry.path_text(), entry.size),
///         TarItem::Data(bytes) => assert_eq!(bytes, "hello"),
///         _ => {}
///     }
/// }
/// reader.finish()?;
/// # Ok::<(), docker_proto::Error>(())
/// ```
#[derive(Debug)]
pub struct TarReader {
    walk: Box<Walk>,
}

impl Default for TarReader {
    #[inline]
    fn default() -> Self {
        Self::new()
    }
}

impl TarReader {
    /// At the beginning of a tar.
    #[inline]
    pub fn new() -> Self {
        Self { walk: Box::new(Walk::new()) }
    }
}

impl Decode for TarReader {
    type Item = TarItem;

    /// The next entry, or the next part of its data.
    ///
    /// # Errors
    /// As from [`TarCheck`](super::TarCheck).
    #[inline]
    fn decode(&mut self, input: &mut Input<'_>) -> Result<Option<TarItem>> {
        self.walk.sound()?;
        while !input.is_empty() {
            let step = self.walk.step(input.bytes())?;
            match step.what {
                What::Data => return Ok(Some(TarItem::Data(input.take(step.n)))),
                What::Entry => {
                    input.skip(step.n);
                    return self.walk.entry().map(|entry| Some(TarItem::Entry(entry)));
                }
                What::Framing | What::Held => input.skip(step.n),
            }
        }
        Ok(None)
    }

    /// Nothing: all entries came.
    ///
    /// # Errors
    /// As from [`TarCheck`](super::TarCheck).
    #[inline]
    fn finish(&mut self) -> Result<Option<TarItem>> {
        self.walk.finish().map(|()| None)
    }
}
