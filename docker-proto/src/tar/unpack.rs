//! A tar unpacked to a disk, and never beside the place that it is meant for.

use super::entry::{Entry, EntryKind};
use super::read::TarItem;
use crate::model::Timestamp;
use crate::{Error, ErrorKind, Result, Source};
use alloc::boxed::Box;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use bytes::Bytes;
use core::fmt;

/// A file system, as far as an [`Unpack`] needs it. Paths are below the destination, without a slash in front; that of the
/// destination itself is empty. No method follows a link.
///
/// Answers are waited for: disks have no readiness to be polled for, and nothing is handed to another thread.
pub trait Folder: Send {
    /// An open file.
    type File: Send;

    /// The path of the destination, as it was given.
    fn path(&self) -> &[u8];

    /// What is at a path; `None` for nothing. Of the destination itself, and only of that, a link is followed.
    fn look(&mut self, path: &[u8]) -> Result<Option<EntryKind>, Source>;

    /// Makes a directory that is for its owner alone, until [`finish_dir`](Self::finish_dir).
    fn make_dir(&mut self, path: &[u8]) -> Result<(), Source>;

    /// Makes a file that is not there yet, for its owner alone.
    fn make_file(&mut self, path: &[u8]) -> Result<Self::File, Source>;

    /// Writes all of it at this offset.
    fn write(&mut self, file: &mut Self::File, offset: u64, bytes: &[u8]) -> Result<(), Source>;

    /// Gives a file its length, permissions and time.
    fn finish_file(&mut self, file: Self::File, size: u64, mode: u32, mtime: Timestamp) -> Result<(), Source>;

    /// Gives a directory its permissions, and its time if that is known.
    fn finish_dir(&mut self, path: &[u8], mode: u32, mtime: Option<Timestamp>) -> Result<(), Source>;

    /// Makes a symbolic link.
    fn symlink(&mut self, path: &[u8], target: &[u8]) -> Result<(), Source>;

    /// Gives a file another name.
    fn hard_link(&mut self, path: &[u8], of: &[u8]) -> Result<(), Source>;

    /// Removes a file or a link.
    fn remove(&mut self, path: &[u8]) -> Result<(), Source>;

    /// Removes whatever is there, a directory with all that is in it. Nobody is told of errors.
    fn remove_all(&mut self, path: &[u8]);
}

/// Unpacks a tar that comes from an engine into a [`Folder`].
///
/// The first part of every path, the name of what was asked for, is put in place of by another, or left out. An entry
/// whose path has `..` in it, or leads through a link, is refused: nothing is written beside the destination, whatever
/// the tar says. (Whoever else works there at the same time is not reckoned with.) Symbolic links are made as they are, and
/// not followed. What is there already is kept as it is, but for files and links in whose place others come. Files belong
/// to whoever unpacks; of their permissions setuid, setgid and sticky are left out, and so are extended attributes and
/// the times of links. Devices and named pipes are left out: [`left_out`](Self::left_out) is told.
///
/// Dropped before [`finish`](Self::finish) it removes what it made; a file that was replaced does not come back. What it
/// keeps in memory are the paths of the directories.
pub struct Unpack<F: Folder> {
    folder: F,
    /// In place of the first part of the paths.
    name: Vec<u8>,
    open: Option<Open<F::File>>,
    /// Directories that are known to be ones, whether they were or were made.
    sound: BTreeSet<Vec<u8>>,
    /// What was made in directories that were there before.
    made: Vec<Vec<u8>>,
    /// Directories that get their permissions and times at the end, which what is put into them changes.
    dirs: BTreeMap<Vec<u8>, Option<(u32, Timestamp)>>,
    left_out: Option<LeftOut>,
    size: u64,
}

type LeftOut = Box<dyn FnMut(&[u8]) + Send>;

/// The file that is being written.
struct Open<F> {
    file: F,
    path: Vec<u8>,
    entry: Entry,
    /// How much of the data came.
    came: u64,
}

impl<F: Folder> Unpack<F> {
    /// Unpacks to the folder itself: what was asked for becomes the destination.
    #[inline]
    pub fn new(folder: F) -> Self {
        Self {
            folder,
            name: Vec::new(),
            open: None,
            sound: BTreeSet::new(),
            made: Vec::new(),
            dirs: BTreeMap::new(),
            left_out: None,
            size: 0,
        }
    }

    /// What was asked for gets this name in the folder.
    #[must_use]
    #[inline]
    pub fn named(mut self, name: impl Into<Vec<u8>>) -> Self {
        self.name = name.into();
        self
    }

    /// Tells `left_out` the path of each device, named pipe, and whatever else is not unpacked.
    #[must_use]
    #[inline]
    pub fn left_out(mut self, left_out: impl FnMut(&[u8]) + Send + 'static) -> Self {
        self.left_out = Some(Box::new(left_out));
        self
    }

    /// Takes what comes next out of the tar.
    ///
    /// # Errors
    /// [`Protocol`](ErrorKind::Protocol) for a path that leads out of the folder; [`Writer`](ErrorKind::Writer) if the disk
    /// fails, or something is in the way. Final.
    #[inline]
    pub fn take(&mut self, item: TarItem) -> Result<()> {
        match item {
            TarItem::Data(bytes) => self.data(&bytes),
            TarItem::Entry(entry) => {
                self.close()?;
                self.entry(entry)
            }
        }
    }

    /// Ends it: the tar was whole. Gives how long its files are together, in bytes.
    ///
    /// # Errors
    /// As from [`take`](Self::take).
    #[inline]
    pub fn finish(mut self) -> Result<u64> {
        self.close()?;
        // What is below another one first: its parent may not be written to any more.
        while let Some((path, known)) = self.dirs.pop_last() {
            let (mode, mtime) = known.map_or((0o755, None), |(mode, mtime)| (mode, Some(mtime)));
            self.folder.finish_dir(&path, mode, mtime).map_err(|e| failed("finish", &path, e))?;
        }
        self.made.clear();
        Ok(self.size)
    }

    #[inline]
    fn entry(&mut self, entry: Entry) -> Result<()> {
        let path = self.place(&entry.path)?;
        if let Some((parent, _)) = split(&path) {
            self.enter(parent)?;
        }
        let there = self.folder.look(&path).map_err(|e| failed("look at", &path, e))?;
        let mode = entry.mode & 0o777;
        if entry.kind == EntryKind::Directory {
            match there {
                // It may be one that something in it made.
                Some(EntryKind::Directory) => {
                    self.dirs.entry(path.clone()).and_modify(|known| *known = Some((mode, entry.mtime)));
                }
                Some(_) => return Err(in_the_way(&path, "which is no directory")),
                None => {
                    self.make(&path, "make", |folder, path| folder.make_dir(path))?;
                    self.dirs.insert(path.clone(), Some((mode, entry.mtime)));
                }
            }
            self.sound.insert(path);
            return Ok(());
        }
        if !matches!(entry.kind, EntryKind::File | EntryKind::Symlink | EntryKind::Hardlink) {
            self.leave(&path);
            return Ok(());
        }
        match there {
            Some(EntryKind::Directory) => return Err(in_the_way(&path, "which is a directory")),
            Some(_) => self.folder.remove(&path).map_err(|e| failed("replace", &path, e))?,
            None => {}
        }
        match entry.kind {
            EntryKind::Symlink => self.make(&path, "link", |folder, path| folder.symlink(path, &entry.link)),
            EntryKind::Hardlink => {
                let first = self.place(&entry.link)?;
                if let Some((parent, _)) = split(&first) {
                    self.enter(parent)?;
                }
                match self.folder.look(&first).map_err(|e| failed("look at", &first, e))? {
                    Some(EntryKind::File) => self.make(&path, "link", |folder, path| folder.hard_link(path, &first)),
                    // Another name of what was left out.
                    None => {
                        self.leave(&path);
                        Ok(())
                    }
                    _ => Err(refused(&path, "is another name of what is no file", &first)),
                }
            }
            _ => {
                let mut file = None;
                self.make(&path, "make", |folder, path| {
                    file = Some(folder.make_file(path)?);
                    Ok(())
                })?;
                self.open = file.map(|file| Open { file, path, entry, came: 0 });
                Ok(())
            }
        }
    }

    #[inline]
    fn leave(&mut self, path: &[u8]) {
        if let Some(left_out) = &mut self.left_out {
            left_out(path);
        }
    }

    /// Makes something, and remembers that it did, unless it is in what it made before.
    #[inline]
    fn make(&mut self, path: &[u8], verb: &str, make: impl FnOnce(&mut F, &[u8]) -> Result<(), Source>) -> Result<()> {
        make(&mut self.folder, path).map_err(|e| failed(verb, path, e))?;
        let is_within = |made: &Vec<u8>| path.strip_prefix(&**made).is_some_and(|rest| rest.first() == Some(&b'/'));
        // Nothing is beside the destination: if it was made, so was all else.
        if !self.made.iter().any(|made| made.is_empty() || is_within(made)) {
            self.made.push(path.into());
        }
        Ok(())
    }

    #[inline]
    fn data(&mut self, bytes: &Bytes) -> Result<()> {
        // Of what was left out.
        let Some(open) = &mut self.open else { return Ok(()) };
        let mut bytes = &bytes[..];
        while !bytes.is_empty() {
            let (offset, room) = spot(&open.entry, open.came);
            let (now, rest) = bytes.split_at(usize::try_from(room).unwrap_or(usize::MAX).min(bytes.len()));
            self.folder.write(&mut open.file, offset, now).map_err(|e| failed("write", &open.path, e))?;
            open.came += now.len() as u64;
            bytes = rest;
        }
        Ok(())
    }

    #[inline]
    fn close(&mut self) -> Result<()> {
        let Some(Open { file, path, entry, .. }) = self.open.take() else { return Ok(()) };
        let size = entry.file_size();
        self.size += size;
        self.folder.finish_file(file, size, entry.mode & 0o777, entry.mtime).map_err(|e| failed("finish", &path, e))
    }

    /// Where something of the tar comes to lie.
    #[inline]
    fn place(&self, path: &[u8]) -> Result<Vec<u8>> {
        let mut place = self.name.clone();
        // The first part is the name of what was asked for; that of `/` is empty.
        for part in path.split(|&b| b == b'/').skip(1).filter(|part| !part.is_empty() && *part != b".") {
            if part == b".." || part.contains(&0) {
                return Err(refused(path, "leads out of the folder", part));
            }
            if !place.is_empty() {
                place.push(b'/');
            }
            place.extend_from_slice(part);
        }
        Ok(place)
    }

    /// Sees to it that this is a directory, and all above it are, and none of them a link.
    #[inline]
    fn enter(&mut self, dir: &[u8]) -> Result<()> {
        if self.sound.contains(dir) {
            return Ok(());
        }
        if let Some((parent, _)) = split(dir) {
            self.enter(parent)?;
        }
        match self.folder.look(dir).map_err(|e| failed("look at", dir, e))? {
            Some(EntryKind::Directory) => {}
            Some(_) => return Err(refused(dir, "is no directory, and is to have something in it", dir)),
            None => {
                self.make(dir, "make", |folder, path| folder.make_dir(path))?;
                self.dirs.insert(dir.into(), None);
            }
        }
        self.sound.insert(dir.into());
        Ok(())
    }
}

impl<F: Folder> Drop for Unpack<F> {
    #[inline]
    fn drop(&mut self) {
        self.open = None;
        while let Some(path) = self.made.pop() {
            self.folder.remove_all(&path);
        }
    }
}

impl<F: Folder> fmt::Debug for Unpack<F> {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unpack").field("name", &shown(&self.name)).field("size", &self.size).finish_non_exhaustive()
    }
}

/// Where the next data of a file belongs, and how much of it.
#[inline]
fn spot(entry: &Entry, came: u64) -> (u64, u64) {
    let Some(sparse) = &entry.sparse else { return (came, u64::MAX) };
    let mut before = 0;
    for &(offset, length) in &sparse.parts {
        if came < before + length {
            return (offset + (came - before), before + length - came);
        }
        before += length;
    }
    (sparse.size, u64::MAX)
}

/// The directory that something is in, and its name there; `None` for the destination itself.
#[inline]
fn split(path: &[u8]) -> Option<(&[u8], &[u8])> {
    match path.iter().rposition(|&b| b == b'/') {
        Some(at) => Some((&path[..at], &path[at + 1..])),
        None if path.is_empty() => None,
        None => Some((b"", path)),
    }
}

#[inline]
fn shown(path: &[u8]) -> String {
    format!("{:?}", String::from_utf8_lossy(if path.is_empty() { b"." } else { path }))
}

#[inline]
fn failed(verb: &str, path: &[u8], e: Source) -> Error {
    Error::transport(ErrorKind::Writer, format!("cannot {verb} {} of the destination", shown(path)), e)
}

#[inline]
fn in_the_way(path: &[u8], what: &str) -> Error {
    Error::new(ErrorKind::Writer, format!("{} of the destination is there already, {what}", shown(path)))
}

#[inline]
fn refused(path: &[u8], why: &str, what: &[u8]) -> Error {
    Error::protocol(format!("{} in the tar {why}: {}", shown(path), shown(what)))
}
