//! Files out of a container and into one, as `docker cp` copies them: each direction, and what is removed again if a copy
//! into a container fails.

mod into;
mod out;
mod sent;
mod undo;

pub use into::{CopiedIn, CopyIn, copy_in};
pub use out::{CopiedOut, CopyOut, copy_out};

use super::Verbs;
use crate::api::archive::Stat;
use crate::model::PathStat;
use crate::{Error, Result};
use alloc::format;
use alloc::string::String;

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

/// The path of what has this name in a directory.
#[inline]
fn below(dir: &str, name: &str) -> String {
    format!("{}/{name}", dir.trim_end_matches('/'))
}
