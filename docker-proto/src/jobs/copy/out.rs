//! Files out of a container.

use super::{name_of, whole};
use crate::api::archive::{Get, Stat};
use crate::jobs::{Answers, Job, Verbs};
use crate::model::PathStat;
use crate::op::Operation as _;
use crate::tar::{EntryKind, Folder, From, Lands, Onto, Unpack};
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

    #[inline]
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
