//! Small trees of files, written from memory.

use super::entry::{Entry, EntryKind};
use super::{BLOCK, write};
use crate::{Error, Result};
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use bytes::Bytes;
use core::fmt;

/// A tar that is written from memory, entry by entry, in the order in which they are added.
///
/// Files are readable by all and belong to root; [`add`](Self::add) takes an [`Entry`] where that, or the time of a
/// change, matters. Paths may be of any length and of any bytes but NUL. An engine makes a directory that is missing.
///
/// ```
/// use docker_proto::tar::{Entry, Tree};
///
/// let tree = Tree::new()
///     .dir("etc/app")?
///     .file("etc/app/config.toml", "debug = true\n")?
///     .add(Entry::file("usr/bin/run").mode(0o755).owner(1000, 1000), "#!/bin/sh\n")?
///     .symlink("usr/bin/start", "run")?
///     .hardlink("usr/bin/again", "usr/bin/run")?;
/// // The body of an upload: `docker.upload(archive::Put::new("web", "/"), tree)`.
/// assert_eq!(tree.into_bytes().len() % 512, 0);
/// # Ok::<(), docker_proto::Error>(())
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
#[must_use]
pub struct Tree {
    tar: Vec<u8>,
    /// What was added, for other names of it.
    files: BTreeMap<Vec<u8>, Entry>,
}

impl Tree {
    /// An empty one.
    #[inline]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file.
    ///
    /// # Errors
    /// [`Usage`](crate::ErrorKind::Usage) if the path is empty or has a NUL byte.
    #[inline]
    pub fn file(self, path: impl Into<Vec<u8>>, data: impl AsRef<[u8]>) -> Result<Self> {
        self.add(Entry::file(path), data)
    }

    /// Adds a directory.
    ///
    /// # Errors
    /// As [`file`](Self::file).
    #[inline]
    pub fn dir(self, path: impl Into<Vec<u8>>) -> Result<Self> {
        self.add(Entry::dir(path), [])
    }

    /// Adds a symbolic link that leads to `target`.
    ///
    /// # Errors
    /// As [`file`](Self::file), for both.
    #[inline]
    pub fn symlink(self, path: impl Into<Vec<u8>>, target: impl Into<Vec<u8>>) -> Result<Self> {
        self.add(Entry::symlink(path, target), [])
    }

    /// Adds another name of the file at `path_of`, which was added before. It has the same mode, owner and time: whoever
    /// unpacks it sets them once more.
    ///
    /// # Errors
    /// As [`file`](Self::file), and if there is no such file in the tree.
    #[inline]
    pub fn hardlink(self, path: impl Into<Vec<u8>>, path_of: impl Into<Vec<u8>>) -> Result<Self> {
        let (path, link) = (path.into(), path_of.into());
        let Some(file) = self.files.get(&link) else {
            let (path, link) = (String::from_utf8_lossy(&path), String::from_utf8_lossy(&link));
            return Err(Error::usage(format!(
                "{path:?} is to be another name of {link:?}, which is no file of the tree"
            )));
        };
        let entry = Entry { path, link, kind: EntryKind::Hardlink, records: Vec::new(), ..file.clone() };
        self.add(entry, [])
    }

    /// Adds an entry with its data. The size in the entry is that of the data, whatever it was before.
    ///
    /// # Errors
    /// [`Usage`](crate::ErrorKind::Usage), naming the entry and the rule, for what no tar can hold: an empty path, a NUL
    /// byte in it, data of something that has none.
    #[inline]
    pub fn add(mut self, mut entry: Entry, data: impl AsRef<[u8]>) -> Result<Self> {
        let data = data.as_ref();
        entry.size = data.len() as u64;
        write::head(&entry, &mut self.tar)?;
        self.tar.extend_from_slice(data);
        write::pad(entry.size, &mut self.tar);
        if entry.is_file() {
            self.files.insert(entry.path.clone(), entry);
        }
        Ok(self)
    }

    /// The tar without its end: another one may follow.
    #[inline]
    pub(crate) fn into_entries(self) -> Vec<u8> {
        self.tar
    }

    /// The tar.
    #[inline]
    pub fn into_bytes(mut self) -> Bytes {
        self.tar.resize(self.tar.len() + 2 * BLOCK, 0);
        self.tar.into()
    }
}

impl From<Tree> for Bytes {
    #[inline]
    fn from(tree: Tree) -> Self {
        tree.into_bytes()
    }
}

impl fmt::Debug for Tree {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tree").field("bytes", &self.tar.len()).finish()
    }
}
