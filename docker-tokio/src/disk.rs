//! Directories to upload, and files to download to.
//!
//! Disks are waited for, for as long as they take: they have no readiness to be polled for, and no work is handed to
//! another thread.

#[cfg(unix)]
mod unpack;

use crate::{Body, Error, ErrorKind, Items, Result};
use bytes::Bytes;
use docker_proto::op::{Operation, Reply};
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

#[cfg(unix)]
pub use unpack::Destination;

impl<O: Operation<Reply: Reply<Item = Bytes>>> Items<O> {
    /// Writes the answer to a file: an archive, an export, an image. Gives its length in bytes.
    ///
    /// Until the answer is complete the bytes are in a file of another name beside it. An error, and dropping the
    /// future, leave no file behind, and one that was at `path` as it was. A refusal never gets into a file.
    ///
    /// ```no_run
    /// # async fn example(docker: docker_tokio::Docker) -> docker_tokio::Result<()> {
    /// use docker_tokio::api::images;
    ///
    /// docker.stream(images::Get::new("nginx")).save("nginx.tar").await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// What ended the answer; [`Writer`](ErrorKind::Writer) if the file cannot be written;
    /// [`Usage`](ErrorKind::Usage), before anything is sent, if something is at `path` that is no regular file.
    pub async fn save(mut self, path: impl AsRef<Path>) -> Result<u64> {
        let (mut part, mut length) = (Part::beside(path.as_ref())?, 0);
        while let Some(bytes) = self.try_next().await? {
            part.write(&bytes)?;
            length += bytes.len() as u64;
        }
        part.keep()?;
        Ok(length)
    }
}

/// A file that is being written, under a name of its own. Removed on drop.
struct Part {
    file: File,
    path: PathBuf,
    target: PathBuf,
}

impl Part {
    fn beside(target: &Path) -> Result<Self> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        // What a link leads to is replaced, not the link.
        let target = fs::canonicalize(target).unwrap_or_else(|_| target.into());
        let refuse = |why| Err(Error::usage(format!("{} {why}", target.display())));
        if fs::metadata(&target).is_ok_and(|m| !m.is_file()) {
            return refuse("is there already, and is no regular file");
        }
        let Some(name) = target.file_name() else { return refuse("is no name for a file") };
        loop {
            let mut part = std::ffi::OsString::from(".");
            part.push(name);
            let n = NUMBER.fetch_add(1, Ordering::Relaxed);
            part.push(format!(".{}-{n}.part", std::process::id()));
            let path = target.with_file_name(part);
            match File::create_new(&path) {
                Ok(file) => return Ok(Self { file, path, target }),
                // Left by a process of the same number that was killed.
                Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {}
                Err(e) => return Err(failed("create", &path, e)),
            }
        }
    }

    fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.file.write_all(bytes).map_err(|e| failed("write", &self.path, e))
    }

    fn keep(mut self) -> Result<()> {
        fs::rename(&self.path, &self.target).map_err(|e| failed("replace", &self.target, e))?;
        // Nothing is there any more that would have to be removed.
        self.path.clear();
        Ok(())
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        if !self.path.as_os_str().is_empty() {
            // Who cannot remove a file that it has just made can do no more about it.
            let _ = fs::remove_file(&self.path);
        }
    }
}

fn failed(verb: &str, path: &Path, e: io::Error) -> Error {
    Error::transport(ErrorKind::Writer, format!("cannot {verb} {}", path.display()), Arc::new(e))
}

#[cfg(unix)]
mod packing {
    use super::{Body, File, PathBuf, fs};
    use docker_proto::Source;
    use docker_proto::build::Context;
    use docker_proto::drive::{Disk, Packed};
    use docker_proto::model::Timestamp;
    use docker_proto::tar::{Found, Pack};
    use std::ffi::OsStr;
    use std::fs::Metadata;
    use std::io::{self, Read};
    use std::os::unix::ffi::{OsStrExt, OsStringExt};
    use std::os::unix::fs::MetadataExt;
    use std::sync::Arc;

    impl Body {
        /// A directory as a tar, packed while it is sent: all that is in it, as the engine's `archive::Put`, a build or an
        /// import want it. Links are not followed; sockets are left out. See [`Pack`].
        ///
        /// A file that cannot be read, or changes while it is, abandons the request, and the error names it.
        ///
        /// ```no_run
        /// # async fn example(docker: docker_tokio::Docker) -> docker_tokio::Result<()> {
        /// use docker_tokio::{Body, api::archive};
        ///
        /// docker.upload(archive::Put::new("web", "/srv"), Body::directory("site")).await?;
        /// # Ok(()) }
        /// ```
        pub fn directory(path: impl Into<PathBuf>) -> Self {
            Self::packed(path, Pack::new())
        }

        /// A directory as the context of a build, without what its `.dockerignore` leaves out. See [`Context`].
        ///
        /// ```no_run
        /// # async fn example(docker: docker_tokio::Docker) -> docker_tokio::Result<()> {
        /// use docker_tokio::{Body, api::build::FromTar, jobs::build};
        ///
        /// let work = build(FromTar::new().tags(["app:1"]).dockerfile("docker/Dockerfile"), Body::context("."));
        /// println!("{}", docker.job(work).await?.id);
        /// # Ok(()) }
        /// ```
        pub fn context(path: impl Into<PathBuf>) -> Context {
            Context::directory(Root(path.into()))
        }

        /// A directory as a tar, with choices: what is left out, who owns it.
        pub fn packed(path: impl Into<PathBuf>, pack: Pack) -> Self {
            Self { source: Box::new(Packed::new(pack, Root(path.into()))) }
        }
    }

    /// The directory that is packed.
    struct Root(PathBuf);

    impl Root {
        fn at(&self, path: &[u8]) -> PathBuf {
            self.0.join(OsStr::from_bytes(path))
        }
    }

    fn source(e: io::Error) -> Source {
        Arc::new(e)
    }

    fn found(m: &Metadata) -> Found {
        Found {
            mode: m.mode(),
            uid: m.uid(),
            gid: m.gid(),
            size: m.size(),
            mtime: Timestamp::new(m.mtime(), m.mtime_nsec().try_into().unwrap_or(0)),
            dev: m.dev(),
            ino: m.ino(),
            links: m.nlink(),
            rdev: m.rdev(),
        }
    }

    impl Disk for Root {
        type File = File;

        fn list(&mut self, path: &[u8]) -> Result<Vec<Vec<u8>>, Source> {
            let path = self.at(path);
            let names = fs::read_dir(&path)
                .and_then(|entries| entries.map(|entry| entry.map(|entry| entry.file_name().into_vec())).collect());
            // Whoever asks does not know where the directory is.
            names.map_err(|e| source(io::Error::new(e.kind(), format!("{}: {e}", path.display()))))
        }

        fn stat(&mut self, path: &[u8]) -> Result<Found, Source> {
            fs::symlink_metadata(self.at(path)).map(|m| found(&m)).map_err(source)
        }

        fn link(&mut self, path: &[u8]) -> Result<Vec<u8>, Source> {
            fs::read_link(self.at(path)).map(|target| target.into_os_string().into_vec()).map_err(source)
        }

        fn open(&mut self, path: &[u8]) -> Result<(File, Found), Source> {
            let file = File::open(self.at(path)).map_err(source)?;
            let now = file.metadata().map_err(source)?;
            Ok((file, found(&now)))
        }

        fn follow(&mut self, path: &[u8]) -> Result<Vec<u8>, Source> {
            let (root, real) =
                (fs::canonicalize(&self.0).map_err(source)?, fs::canonicalize(self.at(path)).map_err(source)?);
            Ok(real.strip_prefix(root).unwrap_or(&real).as_os_str().as_bytes().to_vec())
        }

        fn read(&mut self, file: &mut File, room: &mut [u8]) -> Result<usize, Source> {
            loop {
                match file.read(room) {
                    Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                    read => return read.map_err(source),
                }
            }
        }
    }
}
