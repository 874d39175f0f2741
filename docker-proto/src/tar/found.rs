//! What a file system knows of a path, in its own terms.

use super::entry::EntryKind;
use crate::model::Timestamp;

/// What a file system knows of a path.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Kind and permissions, as in `st_mode`.
    pub mode: u32,
    /// Owner.
    pub uid: u32,
    /// Group.
    pub gid: u32,
    /// Length of a file.
    pub size: u64,
    /// Time of the last change.
    pub mtime: Timestamp,
    /// The device it is on.
    pub dev: u64,
    /// Its number there.
    pub ino: u64,
    /// How many names it has.
    pub links: u64,
    /// Which device it is, if it is one; as the system that packs encodes it.
    pub rdev: u64,
}

impl Found {
    /// `None` for what has no form in a tar: a socket.
    #[inline]
    pub(crate) fn kind(&self) -> Option<EntryKind> {
        Some(match self.mode & 0o170_000 {
            0o100_000 => EntryKind::File,
            0o040_000 => EntryKind::Directory,
            0o120_000 => EntryKind::Symlink,
            0o010_000 => EntryKind::Fifo,
            0o020_000 => {
                let (major, minor) = self.device();
                EntryKind::CharDevice(major, minor)
            }
            0o060_000 => {
                let (major, minor) = self.device();
                EntryKind::BlockDevice(major, minor)
            }
            _ => return None,
        })
    }

    /// Major and minor number.
    const fn device(&self) -> (u32, u32) {
        let dev = self.rdev;
        if cfg!(any(target_os = "linux", target_os = "android")) {
            let major = (dev >> 32) & 0xFFFF_F000 | (dev >> 8) & 0xFFF;
            let minor = (dev >> 12) & 0xFFFF_FF00 | dev & 0xFF;
            (major as u32, minor as u32)
        } else {
            ((dev >> 24) as u32 & 0xFF, dev as u32 & 0xFF_FFFF)
        }
    }
}
