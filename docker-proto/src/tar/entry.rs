//! What a tar says about one file.

use super::sparse::Sparse;
use crate::model::Timestamp;
use alloc::borrow::Cow;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

/// Where extended attributes stand among the records, as star began it and Go, GNU tar and engines do it.
const XATTR: &str = "SCHILY.xattr.";

/// What an entry is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EntryKind {
    /// A regular file: its data follows.
    #[default]
    File,
    /// A directory.
    Directory,
    /// A symbolic link; [`Entry::link`] is where it leads.
    Symlink,
    /// Another name of an entry that came before; [`Entry::link`] is that entry's path.
    Hardlink,
    /// A character device, with its major and minor number.
    CharDevice(u32, u32),
    /// A block device, with its major and minor number.
    BlockDevice(u32, u32),
    /// A named pipe.
    Fifo,
    /// Anything else, by the byte in its header: `V` for the label of a volume, and so on. Data may follow.
    Other(u8),
}

impl EntryKind {
    /// Whether data follows. Of the other kinds some writers give a size all the same; engines pass over it.
    #[inline]
    pub(super) const fn has_data(self) -> bool {
        matches!(self, Self::File | Self::Other(_))
    }
}

/// A pax record: its keyword and its value. Extended attributes are those that begin with `SCHILY.xattr.`.
#[derive(Clone, PartialEq, Eq)]
pub struct Record {
    /// The keyword.
    pub key: String,
    /// The value, which may be any bytes.
    pub value: Vec<u8>,
}

impl fmt::Debug for Record {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", self.key, self.value.escape_ascii())
    }
}

/// One file, directory, link or device of a tar.
///
/// Names are bytes, for a tar may hold any; [`path_text`](Self::path_text) is for showing them. Nothing in a path is
/// cleaned: whoever writes entries to a disk must look at `..` and at a slash in front.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Entry {
    /// The path, as it stands in the tar. That of a directory may end in a slash.
    pub path: Vec<u8>,
    /// What it is.
    pub kind: EntryKind,
    /// Permissions with setuid, setgid and sticky: 0 to 0o7777.
    pub mode: u32,
    /// The number of its owner.
    pub uid: u64,
    /// The number of its group.
    pub gid: u64,
    /// The name of its owner, if the tar has it.
    pub user: Vec<u8>,
    /// The name of its group, if the tar has it.
    pub group: Vec<u8>,
    /// How many bytes of data follow in the tar. For a sparse file that is less than it is long.
    pub size: u64,
    /// When it was changed; most tars keep whole seconds.
    pub mtime: Timestamp,
    /// Where a symbolic link leads, or which entry a hard link is another name of.
    pub link: Vec<u8>,
    /// The holes of a sparse file: its data is what is between them.
    pub sparse: Option<Sparse>,
    /// The pax records that are not in the fields above: extended attributes, times of access.
    pub records: Vec<Record>,
}

impl Entry {
    #[inline]
    fn new(path: Vec<u8>, kind: EntryKind, mode: u32) -> Self {
        Self { path, kind, mode, ..Self::default() }
    }

    /// A regular file of mode 644.
    #[inline]
    pub fn file(path: impl Into<Vec<u8>>) -> Self {
        Self::new(path.into(), EntryKind::File, 0o644)
    }

    /// A directory of mode 755.
    #[inline]
    pub fn dir(path: impl Into<Vec<u8>>) -> Self {
        Self::new(path.into(), EntryKind::Directory, 0o755)
    }

    /// A symbolic link.
    #[inline]
    pub fn symlink(path: impl Into<Vec<u8>>, target: impl Into<Vec<u8>>) -> Self {
        Self { link: target.into(), ..Self::new(path.into(), EntryKind::Symlink, 0o777) }
    }

    /// Another name of the entry at `path_of`.
    #[inline]
    pub fn hardlink(path: impl Into<Vec<u8>>, path_of: impl Into<Vec<u8>>) -> Self {
        Self { link: path_of.into(), ..Self::new(path.into(), EntryKind::Hardlink, 0o644) }
    }

    /// A named pipe or a device of mode 644.
    #[inline]
    pub fn special(path: impl Into<Vec<u8>>, kind: EntryKind) -> Self {
        Self::new(path.into(), kind, 0o644)
    }

    /// Sets permissions with setuid, setgid and sticky: 0 to 0o7777.
    #[must_use]
    #[inline]
    pub fn mode(mut self, mode: u32) -> Self {
        self.mode = mode;
        self
    }

    /// Sets the numbers of owner and group.
    #[must_use]
    #[inline]
    pub fn owner(mut self, uid: u64, gid: u64) -> Self {
        (self.uid, self.gid) = (uid, gid);
        self
    }

    /// Sets when it was changed.
    #[must_use]
    #[inline]
    pub fn mtime(mut self, mtime: impl Into<Timestamp>) -> Self {
        self.mtime = mtime.into();
        self
    }

    /// Adds an extended attribute.
    #[must_use]
    #[inline]
    pub fn with_xattr(mut self, name: &str, value: impl Into<Vec<u8>>) -> Self {
        self.records.push(Record { key: format!("{XATTR}{name}"), value: value.into() });
        self
    }

    /// The path as text. What is no UTF-8 in it becomes U+FFFD.
    #[inline]
    pub fn path_text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.path)
    }

    /// The target of a link as text. What is no UTF-8 in it becomes U+FFFD.
    #[inline]
    pub fn link_text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.link)
    }

    /// True for a regular file.
    #[inline]
    pub fn is_file(&self) -> bool {
        self.kind == EntryKind::File
    }

    /// True for a directory.
    #[inline]
    pub fn is_dir(&self) -> bool {
        self.kind == EntryKind::Directory
    }

    /// How long the file is once it is unpacked, holes and all.
    #[inline]
    pub fn file_size(&self) -> u64 {
        self.sparse.as_ref().map_or(self.size, |s| s.size)
    }

    /// The value of an extended attribute, such as `security.capability`.
    #[inline]
    pub fn xattr(&self, name: &str) -> Option<&[u8]> {
        let named = |r: &&Record| r.key.strip_prefix(XATTR) == Some(name);
        self.records.iter().find(named).map(|r| &*r.value)
    }
}
