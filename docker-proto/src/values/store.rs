//! File systems in memory and the volumes of other containers.

use super::bind::is_absolute;
use super::refuse;
use crate::{Error, Result};
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::str::FromStr;

/// A file system in memory: `path[:options]`, the options as mount takes them.
///
/// ```
/// use docker_proto::values::Tmpfs;
///
/// let tmpfs: Tmpfs = "/run:size=64m,mode=1777".parse()?;
/// assert_eq!((&*tmpfs.path, &*tmpfs.options), ("/run", "size=64m,mode=1777"));
/// # Ok::<(), docker_proto::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Tmpfs {
    /// Path inside the container.
    pub path: String,
    /// Mount options; empty for the engine's own.
    pub options: String,
}

impl FromStr for Tmpfs {
    type Err = Error;

    #[inline]
    fn from_str(text: &str) -> Result<Self> {
        let (path, options) = text.split_once(':').unwrap_or((text, ""));
        if !is_absolute(path) || path == "/" {
            return Err(refuse("tmpfs", text, "the path must be absolute and not the root"));
        }
        Ok(Self { path: path.into(), options: options.into() })
    }
}

impl fmt::Display for Tmpfs {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path)?;
        if self.options.is_empty() { Ok(()) } else { write!(f, ":{}", self.options) }
    }
}

impl<P: Into<String>, O: Into<String>> From<(P, O)> for Tmpfs {
    #[inline]
    fn from((path, options): (P, O)) -> Self {
        Self { path: path.into(), options: options.into() }
    }
}

/// A container whose volumes are mounted too: `name[:mode]`, the mode `ro` or `rw`, with `z` or `Z` if wanted.
///
/// ```
/// use docker_proto::values::VolumesFrom;
///
/// let from: VolumesFrom = "data:ro".parse()?;
/// assert_eq!((&*from.container, from.mode.as_deref()), ("data", Some("ro")));
/// let all = VolumesFrom::list("data:ro,more")?;
/// assert_eq!(all[1].to_string(), "more");
/// # Ok::<(), docker_proto::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct VolumesFrom {
    /// Id or name of the container.
    pub container: String,
    /// Overrides how each volume is mounted there.
    pub mode: Option<String>,
}

impl VolumesFrom {
    /// Several of them, joined by commas.
    ///
    /// # Errors
    /// One without a container or with another mode.
    #[inline]
    pub fn list(text: &str) -> Result<Vec<Self>> {
        text.split(',').map(str::parse).collect()
    }
}

impl FromStr for VolumesFrom {
    type Err = Error;

    #[inline]
    fn from_str(text: &str) -> Result<Self> {
        let (container, mode) = match text.split_once(':') {
            Some((container, mode)) => (container, Some(mode)),
            None => (text, None),
        };
        let name = container.strip_prefix('/').unwrap_or(container);
        if name.is_empty() || !name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_.-".contains(&b)) {
            return Err(refuse("volumes from", text, "needs the id or name of a container"));
        }
        let known = ["ro", "rw", "z", "Z"];
        let fits = |mode: &str| {
            let modes: Vec<&str> = mode.split(',').collect();
            let count = |of: &[&str]| modes.iter().filter(|mode| of.contains(mode)).count();
            modes.iter().all(|mode| known.contains(mode)) && count(&known[..2]) < 2 && count(&known[2..]) < 2
        };
        if mode.is_some_and(|mode| !fits(mode)) {
            return Err(refuse("volumes from", text, "the mode must be `ro` or `rw`, with `z` or `Z` if wanted"));
        }
        Ok(Self { container: container.into(), mode: mode.map(Into::into) })
    }
}

impl fmt::Display for VolumesFrom {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.container)?;
        self.mode.as_ref().map_or(Ok(()), |mode| write!(f, ":{mode}"))
    }
}

super::read_from_text!(Tmpfs, VolumesFrom);
