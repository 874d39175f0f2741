//! Volumes in their short form: `[source:]target[:options]`.

use super::name::is_name;
use super::refuse;
use crate::model::{BindOptions, Mount, MountPropagation, MountType, VolumeOptions};
use crate::{Error, Result};
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::str::FromStr;

const WHAT: &str = "volume";

/// Options that exclude each other stand in one group.
const OPTIONS: &[&[&str]] = &[
    &["rw", "ro"],
    &["z", "Z"],
    &["private", "rprivate", "shared", "rshared", "slave", "rslave"],
    &["consistent", "cached", "delegated", "default"],
    &["nocopy"],
];

/// A directory of the host or a volume, and where it is mounted: `/data:/data:ro`, `cache:/var/cache`, `C:\a:D:\b`; or a
/// path alone, which gets an anonymous volume.
///
/// Options are split at commas, never cut off by their letters: the volume `micro` keeps its name. The options must be
/// Docker's and fit the source; [`option`](Self::option) adds any other. A source is an absolute path or the name of a
/// volume: the engine knows no current directory.
///
/// ```
/// use docker_proto::values::Bind;
///
/// let bind: Bind = r"C:\windows\path:D:\hello\world:rw".parse()?;
/// assert_eq!((bind.source(), bind.target()), (Some(r"C:\windows\path"), r"D:\hello\world"));
/// assert_eq!(Bind::new("micro", "/pro").read_only(true).to_string(), "micro:/pro:ro");
/// assert!("./data:/data".parse::<Bind>().is_err());
/// # Ok::<(), docker_proto::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Bind {
    source: Option<String>,
    target: String,
    options: Vec<String>,
}

impl Bind {
    /// A source at a target, with the engine's default options. Unlike a text, nothing is checked yet.
    #[must_use]
    #[inline]
    pub fn new(source: impl Into<String>, target: impl Into<String>) -> Self {
        Self { source: Some(source.into()), target: target.into(), options: Vec::new() }
    }

    /// An anonymous volume at a target.
    #[must_use]
    #[inline]
    pub fn anonymous(target: impl Into<String>) -> Self {
        Self { source: None, target: target.into(), options: Vec::new() }
    }

    /// Adds an option, without a check.
    #[must_use]
    #[inline]
    pub fn option(mut self, option: impl Into<String>) -> Self {
        self.options.push(option.into());
        self
    }

    /// Adds `ro`, or else `rw`.
    #[must_use]
    #[inline]
    pub fn read_only(self, read_only: bool) -> Self {
        self.option(if read_only { "ro" } else { "rw" })
    }

    /// Adds how later mounts travel.
    #[must_use]
    #[inline]
    pub fn propagation(self, propagation: impl Into<MountPropagation>) -> Self {
        self.option(propagation.into().as_str())
    }

    /// The path on the host or the name of a volume; none for an anonymous volume.
    #[must_use]
    #[inline]
    pub fn source(&self) -> Option<&str> {
        self.source.as_deref()
    }

    /// The path inside the container.
    #[must_use]
    #[inline]
    pub fn target(&self) -> &str {
        &self.target
    }

    /// The options in order.
    #[must_use]
    #[inline]
    pub fn options(&self) -> &[String] {
        &self.options
    }

    /// Whether the source is a path of the host.
    #[must_use]
    #[inline]
    pub fn is_path(&self) -> bool {
        self.source().is_some_and(is_absolute)
    }

    /// Checks what a text would be checked for, but for options that are not known.
    ///
    /// # Errors
    /// A target or source that is no absolute path nor a name; options that exclude each other or do not fit the
    /// source.
    #[inline]
    pub fn check(&self) -> Result<()> {
        let refuse = |rule: &str| Err(refuse(WHAT, &alloc::format!("{self}"), rule));
        if !is_absolute(&self.target) {
            return refuse("the target must be an absolute path");
        }
        if matches!(&*self.target, "/" | "\\") {
            return refuse("the target must not be the root");
        }
        match self.source() {
            Some(source) if !is_absolute(source) && !is_name(source) => {
                return refuse(
                    "the source must be an absolute path, or the name of a volume: two or more letters, digits, `_`, `.`, `-`",
                );
            }
            None if !self.options.is_empty() => return refuse("options need a source"),
            _ => {}
        }
        for group in OPTIONS {
            if self.options.iter().filter(|option| group.contains(&&***option)).count() > 1 {
                return refuse("two of the options exclude each other");
            }
        }
        let has = |group: usize| self.options.iter().any(|option| OPTIONS[group].contains(&&**option));
        if has(2) && !self.is_path() {
            return refuse("propagation is for paths of the host");
        }
        if has(4) && self.is_path() {
            return refuse("`nocopy` is for volumes");
        }
        Ok(())
    }

    /// The structured form; Docker from 1.13 on takes both.
    ///
    /// # Errors
    /// What [`check`](Self::check) refuses, and options that have no structured form, such as `z`.
    #[inline]
    pub fn to_mount(&self) -> Result<Mount> {
        self.check()?;
        let kind = if self.is_path() { MountType::Bind } else { MountType::Volume };
        let mut mount = Mount::new().kind(kind).target(&*self.target).read_only(false);
        mount.source.clone_from(&self.source);
        for option in &self.options {
            mount = match &**option {
                "ro" => mount.read_only(true),
                "rw" => mount,
                "nocopy" => mount.volume_options(VolumeOptions::new().no_copy(true)),
                option if OPTIONS[2].contains(&option) => mount.bind_options(BindOptions::new().propagation(option)),
                option if OPTIONS[3].contains(&option) => mount.consistency(option),
                _ => return Err(refuse(WHAT, option, "the option has no structured form")),
            };
        }
        Ok(mount)
    }
}

impl FromStr for Bind {
    type Err = Error;

    #[inline]
    fn from_str(text: &str) -> Result<Self> {
        let parts = split(text);
        let (source, target, options) = match &*parts {
            [target] => (None, *target, None),
            [source, target] => (Some(*source), *target, None),
            [source, target, options] => (Some(*source), *target, Some(*options)),
            _ => return Err(refuse(WHAT, text, "must be `[source:]target[:options]`")),
        };
        let mut bind = Self { source: source.map(Into::into), target: target.into(), options: Vec::new() };
        for option in options.into_iter().flat_map(|options| options.split(',')) {
            if !OPTIONS.iter().any(|group| group.contains(&option)) {
                return Err(refuse(
                    WHAT,
                    text,
                    "the options must be `ro`, `rw`, `z`, `Z`, `nocopy`, a propagation or a consistency",
                ));
            }
            bind.options.push(option.into());
        }
        bind.check().map_err(|e| Error::usage(alloc::format!("{} (from {text:?})", e.message())))?;
        Ok(bind)
    }
}

/// At colons, but for the one after a drive: a lone letter is no name of a volume.
#[inline]
fn split(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut begin, mut from) = (0, 0);
    while let Some(colon) = text[from..].find(':').map(|at| from + at) {
        from = colon + 1;
        let drive = text[begin..colon].len() == 1 && text[begin..].starts_with(|c: char| c.is_ascii_alphabetic());
        if !(drive && text[from..].starts_with(['\\', '/'])) {
            parts.push(&text[begin..colon]);
            begin = from;
        }
    }
    parts.push(&text[begin..]);
    parts
}

/// An absolute path of Unix or Windows, named pipes included.
#[inline]
pub(super) fn is_absolute(path: &str) -> bool {
    let drive = matches!(path.as_bytes(), [letter, b':', b'/' | b'\\', ..] if letter.is_ascii_alphabetic());
    drive || path.starts_with('/') || path.starts_with('\\')
}

impl fmt::Display for Bind {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(source) = &self.source {
            write!(f, "{source}:")?;
        }
        f.write_str(&self.target)?;
        for (at, option) in self.options.iter().enumerate() {
            write!(f, "{}{option}", if at == 0 { ':' } else { ',' })?;
        }
        Ok(())
    }
}

super::read_from_text!(Bind);

impl<S: Into<String>, T: Into<String>> From<(S, T)> for Bind {
    /// Source and target, readable and writable.
    #[inline]
    fn from((source, target): (S, T)) -> Self {
        Self::new(source, target).read_only(false)
    }
}
