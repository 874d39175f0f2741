//! What a copy into a container made, removed again.
//!
//! No operation of the API removes a path. What does it is a tar of two entries: an empty file of that name, and a hard
//! link of that name to itself. An engine removes what is in the way of either, whole trees too, and then there is nothing
//! to link: it fails, and nothing is there any more. So a refusal is what is expected (500 by 20.10.24 and podman 4.3.1,
//! 404 by 26.1.5 and 28.5.2; seen 2026-11 for files, directories, links, pipes, running and stopped), and only a look
//! afterwards tells. Without the file podman leaves symbolic links, for it looks for what they lead to.

use super::sent::Passed;
use super::{below, stat};
use crate::api::archive::Put;
use crate::api::containers::{Changes, Inspect};
use crate::jobs::outcome::Pauses;
use crate::jobs::{Answers, Verbs};
use crate::model::{ChangeType, FilesystemChange};
use crate::op::EngineKind;
use crate::tar::Tree;
use crate::{Error, ErrorKind, Result};
use alloc::borrow::ToOwned;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;

/// How often it is tried to remove what is still there.
const ATTEMPTS: usize = 3;
/// How long it is looked for more that comes if nothing tells that the engine is done with what it has. dockerd does one
/// thing after another with the files of a container; podman does not.
const SETTLE: Duration = Duration::from_millis(500);
/// Where what the engine itself mounts is.
const SYSTEM: [&str; 3] = ["/dev", "/proc", "/sys"];

/// What was there before, and how that is known.
pub(super) struct Before<'a> {
    pub(super) id: &'a str,
    /// The directory below which something is made. It is there.
    pub(super) dir: String,
    pub(super) found: Found,
}

pub(super) enum Found {
    /// Nothing had this name there.
    Nothing(String),
    /// A directory, to which something was added. These paths of the container were changed before.
    Directory(Result<Vec<FilesystemChange>>),
}

impl Before<'_> {
    /// Removes what was made; `answered` if the engine is done with it.
    ///
    /// # Errors
    /// What may still be there, and why.
    #[inline]
    pub(super) async fn restore<V: Verbs>(self, docker: &V, sent: &Passed, answered: bool) -> Result<()> {
        if !sent.began {
            return Ok(());
        }
        let settled = answered || docker.engine().and_then(|e| e.engine) == Some(EngineKind::Docker);
        let mut pauses = Pauses::new(if settled { Duration::ZERO } else { SETTLE });
        match self.remove(docker, sent, &mut pauses).await {
            // With the container all of it is gone.
            Err(e) if e.is_not_found() => Ok(()),
            done => done,
        }
    }

    #[inline]
    async fn remove<V: Verbs>(mut self, docker: &V, sent: &Passed, pauses: &mut Pauses) -> Result<()> {
        if matches!(self.found, Found::Directory(_)) {
            self.dir = real(docker, self.id, &self.dir).await?;
        }
        let (mut mounts, mut attempts, mut why) = (None, 0, None);
        let kept = loop {
            let mut made = self.made(docker, sent).await?;
            if made.is_empty() && mounts.is_none() && matches!(self.found, Found::Nothing(_)) {
                if pauses.pause(docker).await {
                    continue;
                }
                return Ok(());
            }
            let mounts = match &mut mounts {
                Some(mounts) => mounts,
                none => none.insert(Mounts::of(docker, self.id, &self.dir).await?),
            };
            let kept = mounts.take_from(&mut made, sent);
            if made.is_empty() {
                if pauses.pause(docker).await {
                    continue;
                }
                break kept;
            }
            if attempts == ATTEMPTS {
                return Err(still_there(&self.dir, &made, why));
            }
            attempts += 1;
            for name in made {
                let tar = Tree::new().file(&*name, [])?.hardlink(&*name, &*name)?;
                why = docker.upload(Put::new(self.id, &*self.dir), tar.into()).value().await.err();
            }
        };
        kept.map_or(Ok(()), |kept| Err(Error::new(ErrorKind::Usage, kept)))
    }

    /// The names, below the directory, of what is there now and was not before: the topmost ones.
    #[inline]
    async fn made<V: Verbs>(&self, docker: &V, sent: &Passed) -> Result<Vec<Vec<u8>>> {
        match &self.found {
            Found::Nothing(name) => {
                let there = stat(docker, self.id, &below(&self.dir, name)).await?;
                Ok(there.map(|_| name.as_bytes().to_vec()).into_iter().collect())
            }
            Found::Directory(before) => {
                let before = match before {
                    Ok(before) => before,
                    Err(e) => {
                        // Unless there is no such container any more.
                        docker.call(Inspect::new(self.id)).await?;
                        return Err(unknown(&self.dir, &format!("the engine did not say what was there before: {e}")));
                    }
                };
                let names = sent.names.as_ref().map_err(|why| unknown(&self.dir, why))?;
                if names.is_empty() {
                    return Ok(Vec::new());
                }
                let now = docker.call(Changes::new(self.id)).await?;
                Ok(added(before, &now, &self.dir, names))
            }
        }
    }
}

/// What of `names`, below `dir`, is there now by these changes and was not by those before; without what is in another
/// one of them.
#[inline]
fn added(before: &[FilesystemChange], now: &[FilesystemChange], dir: &str, names: &BTreeSet<Vec<u8>>) -> Vec<Vec<u8>> {
    let before: BTreeMap<&str, ChangeType> = told(before).collect();
    let is_new = |&(path, kind): &(&str, ChangeType)| match before.get(path) {
        None => kind == ChangeType::Added,
        // The image has it, the container had not.
        Some(&ChangeType::Deleted) => kind != ChangeType::Deleted,
        Some(_) => false,
    };
    let new: BTreeSet<&str> = told(now).filter(is_new).map(|(path, _)| path).collect();
    let is_made = |name: &[u8]| new.contains(&*below(dir, &String::from_utf8_lossy(name)));
    let above = |name: &[u8]| {
        let slashes: Vec<usize> = memchr::memchr_iter(b'/', name).collect();
        slashes.into_iter().any(|at| name.get(..at).is_some_and(is_made))
    };
    names.iter().filter(|name| is_made(name) && !above(name)).cloned().collect()
}

#[inline]
fn told(changes: &[FilesystemChange]) -> impl Iterator<Item = (&str, ChangeType)> {
    changes.iter().filter_map(|change| Some((change.path.as_deref()?, change.kind?)))
}

/// What is mounted into a container. It is never removed, nor what it is mounted in: that would empty it.
struct Mounts {
    /// The directory that was copied to, links in its path followed.
    dir: String,
    paths: Vec<String>,
}

impl Mounts {
    #[inline]
    async fn of<V: Verbs>(docker: &V, id: &str, dir: &str) -> Result<Self> {
        let about = docker.call(Inspect::new(id)).await?;
        let tmpfs = about.host_config.map(|host| host.tmpfs).unwrap_or_default();
        let mounted = about.mounts.into_iter().filter_map(|mount| mount.destination).chain(tmpfs.into_keys());
        let mut paths: Vec<String> = SYSTEM.map(ToOwned::to_owned).into();
        for path in mounted {
            paths.push(real(docker, id, &path).await?);
        }
        Ok(Self { dir: real(docker, id, dir).await?, paths })
    }

    /// Takes away what has a mount in it, and tells of what cannot be known to have been made: that in a mount, of which
    /// no engine tells what is new.
    #[inline]
    fn take_from(&self, made: &mut Vec<Vec<u8>>, sent: &Passed) -> Option<String> {
        let mut kept = None;
        let path = |name: &[u8]| below(&self.dir, &String::from_utf8_lossy(name));
        made.retain(|name| {
            let path = path(name);
            let mount = self.paths.iter().find(|mount| **mount == path || is_below(mount, &path));
            if let Some(mount) = mount {
                kept = Some(format!("{path:?}, for {mount:?} is mounted there"));
            }
            mount.is_none()
        });
        kept.or_else(|| {
            let names = sent.names.as_ref().ok()?;
            let within = |mount: &&String| names.iter().any(|name| is_below(&path(name), mount));
            let mount = self.paths.iter().find(within)?;
            Some(format!("what was copied into {mount:?}, which is mounted, cannot be told from what was there"))
        })
    }
}

/// Whether a path leads to something in a directory.
#[inline]
fn is_below(path: &str, dir: &str) -> bool {
    path.strip_prefix(dir.trim_end_matches('/')).is_some_and(|rest| rest.len() > 1 && rest.starts_with('/'))
}

/// A path with the links on its way followed: as changes and mounts are told.
#[inline]
async fn real<V: Verbs>(docker: &V, id: &str, path: &str) -> Result<String> {
    let mut real = String::new();
    for name in path.split('/').filter(|name| !matches!(*name, "" | ".")) {
        if name == ".." {
            real.truncate(real.rfind('/').unwrap_or_default());
            continue;
        }
        real = below(&real, name);
        let link = stat(docker, id, &real).await?.filter(|stat| stat.mode.is_symlink());
        if let Some(link) = link.filter(|link| !link.link_target.is_empty()) {
            // An engine follows all links on the way when it tells where one leads.
            real = link.link_target.trim_end_matches("/.").trim_end_matches('/').into();
        }
    }
    Ok(if real.is_empty() { "/".into() } else { real })
}

#[inline]
fn unknown(dir: &str, why: &str) -> Error {
    Error::new(ErrorKind::Usage, format!("what of it is in {dir:?} cannot be told: {why}"))
}

#[inline]
fn still_there(dir: &str, made: &[Vec<u8>], why: Option<Error>) -> Error {
    let shown = made.first().map(|name| below(dir, &String::from_utf8_lossy(name))).unwrap_or_default();
    let more = if made.len() > 1 { format!(" and {} more", made.len() - 1) } else { String::new() };
    let why = why.map(|e| format!("; the engine says: {e}")).unwrap_or_default();
    Error::new(ErrorKind::Usage, format!("{shown:?}{more}{why}"))
}
