//! Archives in the tar format, as containers and images travel: read and checked while they stream, written from memory or
//! from the questions that a directory answers.
//!
//! Nothing here does I/O. What is read may be cut anywhere; what is written comes in pieces of any size. The formats are
//! those that exist: ustar, pax, GNU with its long names and sparse files, the old one without a magic. What is written is
//! ustar, with pax records where ustar has no room, which every engine and every tar reads.
//!
//! | type | what it is for |
//! |---|---|
//! | [`TarReader`] | a tar as it arrives, as entries and their data |
//! | [`TarCheck`] | the bytes of a tar as they are, looked through: one that is cut, or has an engine's error behind it, is an error |
//! | [`Entry`] | one file, directory, link or device |
//! | [`Tree`] | a small tree of files, written from memory |
//! | [`Pack`] | a directory as a tar, by questions to a file system |
//! | [`Unpack`] | a tar on a disk, through a [`Folder`] |
//! | [`Lands`] | where what is copied comes to lie |

mod appended;
mod check;
mod entry;
mod found;
mod header;
mod limits;
mod names;
mod pack;
mod pax;
mod place;
mod read;
mod sparse;
mod tree;
mod unpack;
mod walk;
mod write;

pub use check::TarCheck;
pub use entry::{Entry, EntryKind, Record};
pub use found::Found;
pub use limits::{MAX_APPENDED, MAX_RECORDS, MAX_TAIL};
pub(crate) use names::Names;
pub use pack::{Ask, Choice, Pack};
pub use place::{From, Lands, Onto};
pub use read::{TarItem, TarReader};
pub use sparse::Sparse;
pub use tree::Tree;
pub use unpack::{Folder, Unpack};

/// The unit of everything in a tar.
const BLOCK: usize = 512;

/// A header, or another block.
type Block = [u8; BLOCK];

/// How many bytes of padding follow `size` bytes of data.
const fn padding(size: u64) -> u64 {
    size.wrapping_neg() % BLOCK as u64
}
