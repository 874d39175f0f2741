//! Directories into a container.

use super::sent::Sent;
use super::undo::{Before, Found};
use super::{below, name_of, stat, whole};
use crate::api::archive::Put;
use crate::api::containers::Changes;
use crate::jobs::run::left;
use crate::jobs::{Answers, Content, Job, Verbs};
use crate::op::EngineKind;
use crate::tar::{From, Lands, Onto, Pack};
use crate::{Error, Result};
use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;
use core::fmt;

/// Copies a directory into a container, which need not run.
///
/// `pack` makes the upload from the [`Pack`] that it is given, as an adapter's `Body::packed` does; it may change that
/// before: leave something out, change owners.
///
/// Only what is in the directory is copied, into the directory at `path`, which is made if it is not there, in one that
/// must be. With a [name](CopyIn::named) it is the directory itself, as by `docker cp`: into a directory that is there
/// it is copied under that name. A link at `path` is followed.
///
/// A job that fails or is [called off](Job::until) removes what it made: the directory, if nothing was there before; in one
/// that was there, what is new in it and was sent. What the container itself makes meanwhile under such a path goes with it.
/// Files that were replaced by then do not come back. In a directory that was there in a volume, or in another mount, no
/// engine tells what is new: that stays, and the error says so. It does so, too, of a compressed tar, for its names are not
/// known. A job that is dropped leaves what was extracted by then. See [`keep_partial`](CopyIn::keep_partial).
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
/// Errors: [`Usage`](crate::ErrorKind::Usage) if `path` is a file; [`Body`](crate::ErrorKind::Body) if the directory cannot be
/// read; 404 no such container, or nothing above `path`; 400 or 500 something is in the way.
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
        keep_partial: false,
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
    keep_partial: bool,
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

    /// Leaves what was extracted by then if it fails or is called off. Nothing is asked beforehand then: to remove it from
    /// a directory that was there, the changes of the container must be known, which may take an engine long that has many.
    ///
    /// ```
    /// # fn example(body: impl Fn(&str, docker_proto::tar::Pack) -> Vec<u8> + Send + 'static) {
    /// let job = docker_proto::jobs::copy_in("web", "/srv", move |pack| body("site", pack)).keep_partial(true);
    /// # }
    /// ```
    #[inline]
    pub fn keep_partial(mut self, keep: bool) -> Self {
        self.keep_partial = keep;
        self
    }
}

impl Job for CopyIn {
    type Output = CopiedIn;

    #[inline]
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
            stat = super::stat(docker, id, &path).await?;
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
        let path = name.as_ref().map_or_else(|| dir.into(), |name| below(dir, name));
        let mut put = Put::new(id, dir).no_overwrite_dir_non_dir(!self.overwrite);
        if self.copy_uid_gid {
            put = put.copy_uid_gid(true);
        }
        let before = match (self.keep_partial, &name) {
            (true, _) => None,
            (false, Some(name)) => Some(before(docker, id, dir, name, lands == Lands::Within).await?),
            (false, None) => Some(changed(docker, id, dir).await),
        };
        let content = (self.pack)(name.map_or_else(Pack::new, |name| Pack::new().under(name)));
        let Some(before) = before else {
            docker.upload(put, content).value().await?;
            return Ok(CopiedIn { path });
        };
        let mut sent = Sent::new(content, matches!(before.found, Found::Directory(_)));
        let done = docker.make_from(put, &mut sent).await;
        // The engine is done with what it has once it answers, and a body that was cut has its answer.
        let answered = done.as_ref().err().is_none_or(|e| e.status().is_some() || e.is_cancelled());
        match sent.failure().map_or(done, Err) {
            Ok(_) => Ok(CopiedIn { path }),
            Err(e) => Err(left(e, before.restore(docker.shielded(), &sent.into_passed(), answered).await.err())),
        }
    }
}

/// What is at a place before a directory is put there; `exists` says that the directory is there in which it is.
#[inline]
async fn before<'a, V: Verbs>(docker: &V, id: &'a str, dir: &str, name: &str, exists: bool) -> Result<Before<'a>> {
    if exists && stat(docker, id, &below(dir, name)).await?.is_some() {
        return Ok(changed(docker, id, dir).await);
    }
    let (mut dir, mut name) = (whole(dir).0, name);
    // Others than dockerd make a directory above it as well, if that is missing.
    let makes = !exists && docker.engine().and_then(|engine| engine.engine) != Some(EngineKind::Docker);
    while let (true, Ok(above)) = (makes, name_of(dir)) {
        if stat(docker, id, dir).await?.is_some() {
            break;
        }
        dir = whole(dir.strip_suffix(above).unwrap_or_default()).0;
        name = above;
    }
    let dir = if dir.is_empty() { "/" } else { dir };
    Ok(Before { id, dir: dir.into(), found: Found::Nothing(name.into()) })
}

/// What was changed before something is added to a directory that is there. That it is not known matters only if that
/// fails.
#[inline]
async fn changed<'a, V: Verbs>(docker: &V, id: &'a str, dir: &str) -> Before<'a> {
    let changed = docker.call(Changes::new(id)).await;
    Before { id, dir: dir.into(), found: Found::Directory(changed) }
}

impl fmt::Debug for CopyIn {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CopyIn").field("container", &self.container).field("path", &self.path).finish_non_exhaustive()
    }
}
