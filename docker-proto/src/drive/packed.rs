//! A directory as the body of a request.

use super::BodySource;
use crate::Source;
use crate::tar::{Ask, Found, Pack};
use crate::wire::BodyPiece;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;
use core::task::{Context, Poll};

/// A file system, as far as a [`Pack`] asks it. Paths are below the directory that is packed; see [`Ask`].
///
/// Answers are waited for: disks have no readiness to be polled for, and nothing is handed to another thread.
pub trait Disk: Send {
    /// An open file.
    type File: Send;

    /// The names in a directory, in any order.
    fn list(&mut self, path: &[u8]) -> Result<Vec<Vec<u8>>, Source>;

    /// What is at a path, a link not followed.
    fn stat(&mut self, path: &[u8]) -> Result<Found, Source>;

    /// Where a symbolic link leads.
    fn link(&mut self, path: &[u8]) -> Result<Vec<u8>, Source>;

    /// Opens a file, and tells what it is now.
    fn open(&mut self, path: &[u8]) -> Result<(Self::File, Found), Source>;

    /// Where something really is, links followed: below the directory if it is there, else absolute. What is asked for
    /// may be absolute, or lead out of the directory by `..`; the answer may be asked for elsewhere here. Only the
    /// context of a build wants to know it: of a disk that does not say otherwise, it has no links, and lies nowhere.
    fn follow(&mut self, path: &[u8]) -> Result<Vec<u8>, Source> {
        Ok(clean(path))
    }

    /// Reads on; 0 is the end of the file.
    fn read(&mut self, file: &mut Self::File, room: &mut [u8]) -> Result<usize, Source>;
}

/// A path without `.`, `//` and those `..` that have a name before them.
#[inline]
fn clean(path: &[u8]) -> Vec<u8> {
    let mut names: Vec<&[u8]> = Vec::new();
    for name in path.split(|&byte| byte == b'/').filter(|name| !name.is_empty() && *name != b".") {
        match (name, names.last()) {
            (b"..", Some(&last)) if last != b".." => drop(names.pop()),
            _ => names.push(name),
        }
    }
    let clean = names.join(&b'/');
    if path.starts_with(b"/") { [b"/", &*clean].concat() } else { clean }
}

/// A directory that becomes a tar while it is sent.
pub struct Packed<D: Disk> {
    pack: Pack,
    disk: D,
    file: Option<D::File>,
}

impl<D: Disk> Packed<D> {
    /// What `pack` makes of the answers of `disk`.
    pub fn new(pack: Pack, disk: D) -> Self {
        Self { pack, disk, file: None }
    }

    /// Answers one question; what is read goes into `room`. The bytes read, or `None` at the end of it all.
    fn answer(&mut self, room: &mut [u8]) -> Result<Option<usize>, Source> {
        let Self { pack, disk, file } = self;
        match pack.ask().map_err(|e| -> Source { Arc::new(e) })? {
            Ask::List(path) => {
                let names = disk.list(path);
                pack.listed(names);
            }
            Ask::Stat(path) => {
                let found = disk.stat(path);
                pack.found(found);
            }
            Ask::Link(path) => {
                let target = disk.link(path);
                pack.leads(target);
            }
            Ask::Open(path) => {
                let opened = disk.open(path).map(|(opened, found)| {
                    *file = Some(opened);
                    found
                });
                pack.opened(opened);
            }
            Ask::Read(most) => {
                let most = most.min(room.len());
                let n = match file {
                    Some(file) => disk.read(file, &mut room[..most]),
                    // Asked for only once a file was opened.
                    None => Ok(0),
                };
                let read = n.as_ref().copied().unwrap_or(0);
                pack.read(n);
                return Ok(Some(read));
            }
            Ask::End => {
                let n = match file.take() {
                    Some(mut file) => disk.read(&mut file, &mut [0]),
                    None => Ok(0),
                };
                pack.ends(n.map(|n| n == 0));
            }
            Ask::Take => {}
            Ask::Done => return Ok(None),
        }
        Ok(Some(0))
    }
}

impl<D: Disk> BodySource for Packed<D> {
    fn length(&self) -> Option<u64> {
        None
    }

    /// Fills the room: many small files make one piece.
    fn poll_piece(&mut self, _: &mut Context<'_>, room: &mut [u8]) -> Poll<Result<BodyPiece, Source>> {
        let mut filled = 0;
        loop {
            filled += self.pack.take(&mut room[filled..]);
            if filled == room.len() {
                return Poll::Ready(Ok(BodyPiece::Filled(filled)));
            }
            match self.answer(&mut room[filled..]) {
                Ok(Some(n)) => filled += n,
                Ok(None) if filled == 0 => return Poll::Ready(Ok(BodyPiece::End)),
                Ok(None) => return Poll::Ready(Ok(BodyPiece::Filled(filled))),
                Err(e) => return Poll::Ready(Err(e)),
            }
        }
    }
}

impl<D: Disk> fmt::Debug for Packed<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Packed").field(&self.pack).finish()
    }
}
