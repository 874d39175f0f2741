//! Files out of a container and into one, as `docker cp` copies them.

use super::{Answers, Content, Job, Verbs};
use crate::api::archive::{Get, Put, Stat};
use crate::model::PathStat;
use crate::op::Operation as _;
use crate::tar::{EntryKind, Folder, From, Lands, Onto, Pack, Unpack};
use crate::{Error, ErrorKind, Result};
use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;
use core::fmt;

/// Copies a file or a directory out of a container, which need not run, to the disk: to the `Destination` of an adapter.
///
/// It comes to lie where `docker cp` would put it. Into a directory that is there it is copied under its own name. Where
/// nothing is, a directory or a file of that name is made, in a directory that must be there. With `/.` behind the path
/// it is only the contents of a directory that are copied. A link is copied as a link.
///
/// See [`Unpack`] for what becomes of permissions and owners, and for what is refused: nothing is ever written beside the
/// destination. A job that fails, is dropped or [called off](Job::until) removes what it made; files that were replaced
/// by then do not come back.
///
/// ```
/// # fn example<F: docker_proto::tar::Folder>(destination: impl Fn(&str) -> F) {
/// use docker_proto::jobs::copy_out;
///
/// let job = copy_out("web", "/var/log", destination("logs")); // docker.job(job): logs/.. or logs/log/..
/// # }
/// ```
///
/// Errors: [`Usage`](ErrorKind::Usage) for a directory that is to replace a file; [`Writer`](ErrorKind::Writer) if the disk
/// fails; [`Protocol`](ErrorKind::Protocol) for a tar that leads elsewhere; 404 no such container or path.
#[inline]
pub fn copy_out<F: Folder>(container: impl Into<String>, path: impl Into<String>, to: F) -> CopyOut<F> {
    CopyOut { container: container.into(), path: path.into(), to, left_out: None }
}

/// See [`copy_out`].
#[must_use = "a job does nothing until `docker.job(..)` does it"]
pub struct CopyOut<F> {
    container: String,
    path: String,
    to: F,
    left_out: Option<LeftOut>,
}

type LeftOut = Box<dyn FnMut(&[u8]) + Send>;

/// What was copied out.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct CopiedOut {
    /// How long the files are together, in bytes.
    pub size: u64,
    /// What was copied.
    pub stat: PathStat,
}

impl<F> CopyOut<F> {
    /// Tells `left_out` the path of each device, named pipe, and whatever else is not copied.
    #[inline]
    pub fn left_out(mut self, left_out: impl FnMut(&[u8]) + Send + 'static) -> Self {
        self.left_out = Some(Box::new(left_out));
        self
    }
}

impl<F: Folder> Job for CopyOut<F> {
    type Output = CopiedOut;

    async fn run<V: Verbs>(self, docker: &V) -> Result<CopiedOut> {
        let Self { container: id, path, mut to, left_out } = self;
        let (mut path, contents) = whole(&path);
        let mut stat = docker.call(Stat::new(&*id, path)).await?;
        let resolved;
        if contents && stat.mode.is_symlink() {
            resolved = core::mem::take(&mut stat.link_target);
            path = &resolved;
            stat = docker.call(Stat::new(&*id, path)).await?;
        }
        let from = match (stat.mode.is_dir(), contents) {
            (true, true) => From::Contents,
            (true, false) => From::Directory,
            (false, false) => From::File,
            (false, true) => return Err(Error::usage(format!("{path:?} is no directory that has contents"))),
        };
        let shown = String::from_utf8_lossy(to.path()).into_owned();
        let onto = match to.look(b"") {
            Ok(None) => Onto::Nothing,
            Ok(Some(EntryKind::Directory)) => Onto::Directory,
            Ok(Some(_)) => Onto::File,
            Err(e) => return Err(Error::transport(ErrorKind::Writer, format!("cannot look at {shown:?}"), e)),
        };
        let lands = Lands::of(from, onto, shown.ends_with('/'), &shown)?;
        let mut unpack = Unpack::new(to);
        if lands == Lands::Within {
            unpack = unpack.named(name_of(path)?);
        }
        if let Some(left_out) = left_out {
            unpack = unpack.left_out(left_out);
        }
        let mut items = docker.begin(Get::new(&*id, path).entries());
        while let Some(item) = items.next().await {
            unpack.take(item.map_err(Error::as_final)?)?;
        }
        Ok(CopiedOut { size: unpack.finish()?, stat })
    }
}

impl<F> fmt::Debug for CopyOut<F> {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CopyOut").field("container", &self.container).field("path", &self.path).finish_non_exhaustive()
    }
}

/// Copies a directory into a container, which need not run.
///
/// `pack` makes the upload from the [`Pack`] that it is given, as an adapter's `Body::packed` does; it may change that
/// before: leave something out, change owners.
///
/// Only what is in the directory is copied, into the directory at `path`, which is made if it is not there, in one that
/// must be. With a [name](CopyIn::named) it is the directory itself, as by `docker cp`: into a directory that is there
/// it is copied under that name. A link at `path` is followed. What cannot be undone is not: a job that fails, is dropped or
/// [called off](Job::until) leaves what was extracted by then.
///
/// ```
/// # fn example(body: impl Fn(&str, docker_proto::tar::Pack) -> Vec<u8> + Send + 'static) {
/// use docker_proto::jobs::copy_in;
///
/// // With an adapter: |pack| Body::packed("site", pack)
/// let job = copy_in("web", "/srv/site", move |pack| body("site", pack)); // docker.job(job)
/// # }
/// ```
///
/// Errors: [`Usage`](ErrorKind::Usage) if `path` is a file; [`Body`](ErrorKind::Body) if the directory cannot be read; 404 no
/// such container, or nothing above `path`; 400 something is in the way.
#[inline]
pub fn copy_in<C: Into<Content>>(
    container: impl Into<String>,
    path: impl Into<String>,
    pack: impl FnOnce(Pack) -> C + Send + 'static,
) -> CopyIn {
    CopyIn {
        container: container.into(),
        path: path.into(),
        pack: Box::new(|with| pack(with).into()),
        name: None,
        overwrite: false,
        copy_uid_gid: false,
    }
}

/// See [`copy_in`].
#[must_use = "a job does nothing until `docker.job(..)` does it"]
pub struct CopyIn {
    container: String,
    path: String,
    pack: Box<dyn FnOnce(Pack) -> Content + Send>,
    name: Option<String>,
    overwrite: bool,
    copy_uid_gid: bool,
}

/// What was copied in.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CopiedIn {
    /// Where in the container it is now.
    pub path: String,
}

impl CopyIn {
    /// Copies the directory itself, which has this name.
    #[inline]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Lets files replace directories, and the other way round.
    #[inline]
    pub fn overwrite(mut self, overwrite: bool) -> Self {
        self.overwrite = overwrite;
        self
    }

    /// Gives the files to the container's user instead of the owners that they have. Podman always does.
    #[inline]
    pub fn copy_uid_gid(mut self, copy: bool) -> Self {
        self.copy_uid_gid = copy;
        self
    }
}

impl Job for CopyIn {
    type Output = CopiedIn;

    async fn run<V: Verbs>(self, docker: &V) -> Result<CopiedIn> {
        let id = &*self.container;
        if let Some(name) = &self.name {
            if name_of(name)? != name {
                return Err(Error::usage(format!("named: must be a name, not a path; it is {name:?}")));
            }
        }
        let (path, _) = whole(&self.path);
        let mut stat = stat(docker, id, path).await?;
        let mut path = String::from(path);
        if let Some(link) = stat.as_ref().filter(|stat| stat.mode.is_symlink() && !stat.link_target.is_empty()) {
            path.clone_from(&link.link_target);
            stat = self::stat(docker, id, &path).await?;
        }
        let onto = match &stat {
            None => Onto::Nothing,
            Some(stat) if stat.mode.is_dir() => Onto::Directory,
            Some(_) => Onto::File,
        };
        let from = if self.name.is_some() { From::Directory } else { From::Contents };
        let lands = Lands::of(from, onto, self.path.ends_with('/'), &path)?;
        let (dir, name) = match (lands, self.name, onto) {
            (Lands::Within, name, _) => (&*path, name),
            (Lands::There, _, Onto::Directory) => (&*path, None),
            (Lands::There, ..) => {
                let name = name_of(&path)?;
                (path.strip_suffix(name).unwrap_or_default(), Some(name.into()))
            }
        };
        let dir = if dir.is_empty() { "/" } else { dir };
        let path = name.as_ref().map_or_else(|| dir.into(), |name| format!("{}/{name}", dir.trim_end_matches('/')));
        let content = (self.pack)(name.map_or_else(Pack::new, |name| Pack::new().under(name)));
        let mut put = Put::new(id, dir).no_overwrite_dir_non_dir(!self.overwrite);
        if self.copy_uid_gid {
            put = put.copy_uid_gid(true);
        }
        docker.upload(put, content).value().await?;
        Ok(CopiedIn { path })
    }
}

impl fmt::Debug for CopyIn {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CopyIn").field("container", &self.container).field("path", &self.path).finish_non_exhaustive()
    }
}

/// What is at a path of a container; `None` for nothing, and for no container: the next call tells that.
#[inline]
async fn stat<V: Verbs>(docker: &V, id: &str, path: &str) -> Result<Option<PathStat>> {
    match docker.call(Stat::new(id, path)).await {
        Ok(stat) => Ok(Some(stat)),
        Err(e) if e.is_not_found() => Ok(None),
        Err(e) => Err(e),
    }
}

/// A path without what is behind it, and whether that meant its contents.
#[inline]
fn whole(path: &str) -> (&str, bool) {
    let trim = |path: &str| path.trim_end_matches('/').len();
    match path.strip_suffix("/.") {
        Some("") => ("/", true),
        Some(before) => (&before[..trim(before).max(1)], true),
        None => (&path[..trim(path).max(path.len().min(1))], false),
    }
}

/// The last part of a path.
#[inline]
fn name_of(path: &str) -> Result<&str> {
    let name = path.rsplit('/').next().unwrap_or_default();
    if matches!(name, "" | "." | "..") {
        return Err(Error::usage(format!("{path:?} has no name at its end under which it could be copied")));
    }
    Ok(name)
}
