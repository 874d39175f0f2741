//! The disk that a job copies to.
//!
//! Disks are waited for, for as long as they take: they have no readiness to be polled for, and no work is handed to
//! another thread.

use docker_proto::Source;
use docker_proto::model::Timestamp;
use docker_proto::tar::{EntryKind, Folder};
use std::ffi::OsStr;
use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, ErrorKind};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, FileExt, OpenOptionsExt, PermissionsExt, symlink};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// Where on the disk [`copy_out`](crate::jobs::copy_out) copies to: a directory that is there or not, or a file.
///
/// ```no_run
/// # fn example(docker: docker_blocking::Docker) -> docker_blocking::Result<()> {
/// use docker_blocking::{Destination, jobs::copy_out};
///
/// let copied = docker.job(copy_out("web", "/var/log/nginx", Destination::new("logs")))?;
/// println!("{} bytes", copied.size);
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct Destination(PathBuf);

impl Destination {
    /// At this path. Nothing is looked at before the job.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    fn at(&self, path: &[u8]) -> PathBuf {
        if path.is_empty() { self.0.clone() } else { self.0.join(OsStr::from_bytes(path)) }
    }
}

fn source(e: io::Error) -> Source {
    Arc::new(e)
}

/// A time that the system cannot express is left as it is.
fn time(mtime: Timestamp) -> Option<SystemTime> {
    let seconds = Duration::from_secs(mtime.seconds.unsigned_abs());
    let whole = match mtime.seconds {
        0.. => SystemTime::UNIX_EPOCH.checked_add(seconds),
        _ => SystemTime::UNIX_EPOCH.checked_sub(seconds),
    };
    whole?.checked_add(Duration::from_nanos(mtime.nanos.into()))
}

fn finish(file: &File, mode: u32, mtime: Option<Timestamp>) -> io::Result<()> {
    file.set_permissions(Permissions::from_mode(mode))?;
    mtime.and_then(time).map_or(Ok(()), |mtime| file.set_modified(mtime))
}

impl Folder for Destination {
    type File = File;

    fn path(&self) -> &[u8] {
        self.0.as_os_str().as_bytes()
    }

    fn look(&mut self, path: &[u8]) -> Result<Option<EntryKind>, Source> {
        let at = self.at(path);
        let found = if path.is_empty() { fs::metadata(&at) } else { fs::symlink_metadata(&at) };
        let kind = match found {
            Err(e) if e.kind() == ErrorKind::NotFound => return Ok(None),
            found => found.map_err(source)?.file_type(),
        };
        Ok(Some(match kind {
            kind if kind.is_dir() => EntryKind::Directory,
            kind if kind.is_symlink() => EntryKind::Symlink,
            kind if kind.is_file() => EntryKind::File,
            _ => EntryKind::Fifo,
        }))
    }

    fn make_dir(&mut self, path: &[u8]) -> Result<(), Source> {
        DirBuilder::new().mode(0o700).create(self.at(path)).map_err(source)
    }

    fn make_file(&mut self, path: &[u8]) -> Result<File, Source> {
        OpenOptions::new().write(true).create_new(true).mode(0o600).open(self.at(path)).map_err(source)
    }

    fn write(&mut self, file: &mut File, offset: u64, bytes: &[u8]) -> Result<(), Source> {
        file.write_all_at(bytes, offset).map_err(source)
    }

    fn finish_file(&mut self, file: File, size: u64, mode: u32, mtime: Timestamp) -> Result<(), Source> {
        file.set_len(size).and_then(|()| finish(&file, mode, Some(mtime))).map_err(source)
    }

    fn finish_dir(&mut self, path: &[u8], mode: u32, mtime: Option<Timestamp>) -> Result<(), Source> {
        File::open(self.at(path)).and_then(|dir| finish(&dir, mode, mtime)).map_err(source)
    }

    fn symlink(&mut self, path: &[u8], target: &[u8]) -> Result<(), Source> {
        symlink(OsStr::from_bytes(target), self.at(path)).map_err(source)
    }

    fn hard_link(&mut self, path: &[u8], of: &[u8]) -> Result<(), Source> {
        fs::hard_link(self.at(of), self.at(path)).map_err(source)
    }

    fn remove(&mut self, path: &[u8]) -> Result<(), Source> {
        fs::remove_file(self.at(path)).map_err(source)
    }

    fn remove_all(&mut self, path: &[u8]) {
        let at = self.at(path);
        // Who cannot remove what it has just made can do no more about it. A link is removed, not what it leads to.
        let _ = match fs::symlink_metadata(&at) {
            Ok(found) if found.is_dir() => fs::remove_dir_all(&at),
            _ => fs::remove_file(&at),
        };
    }
}
