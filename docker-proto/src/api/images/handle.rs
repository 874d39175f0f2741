//! An image as a value, and what it was when it was asked about.

use super::{Attestations, Get, History, Inspect, Pull, Push, Remove, Tag};
use crate::api::distribution;
use crate::model::{IdResponse, ImageInspect, ImageSummary, Timestamp};
use crate::values::Reference;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

handle! {
    /// An image: its id, or a name with registry, path and tag or digest.
    ///
    /// ```
    /// use docker_proto::api::images;
    ///
    /// let alpine = images::named("alpine:3.19");
    /// assert_eq!(alpine.history(), images::History::new("alpine:3.19"));
    /// assert_eq!(alpine.tag("registry:5000/mine:1"), images::Tag::new("alpine:3.19", "registry:5000/mine").tag("1"));
    /// ```
    Handle from [IdResponse] {
        inspect => Inspect,
        history => History,
        remove => Remove,
        save => Get,
        attestations => Attestations,
        distribution => distribution::Inspect,
    }
}

// A text that is no reference, an id for example, is passed on as it is: the engine says what is wrong with it. One
// that is keeps the form it was written in, for podman reads `alpine` and `docker.io/library/alpine` differently.
impl Handle {
    /// [`Pull`] of it; of its tag `latest`, if its name has neither a tag nor a digest.
    #[must_use]
    #[inline]
    pub fn pull(&self) -> Pull {
        match Reference::parse(self.as_str()) {
            Ok(name) if name.tag().is_none() && name.digest().is_none() => Pull::new(format!("{self}:latest")),
            _ => Pull::new(self),
        }
    }

    /// [`Push`] of it: of the one tag in its name, or of all if there is none.
    #[must_use]
    #[inline]
    pub fn push(&self) -> Push {
        match split(self.as_str()) {
            (name, Some(tag)) => Push::new(name).tag(tag),
            (name, None) => Push::new(name),
        }
    }

    /// [`Tag`] of it: a new name with a tag, `latest` if that has none.
    #[must_use]
    #[inline]
    pub fn tag(&self, name: impl Into<String>) -> Tag {
        let name = name.into();
        match split(&name) {
            (repo, Some(tag)) => Tag::new(self, repo).tag(tag),
            (repo, None) => Tag::new(self, repo),
        }
    }
}

/// A name without its tag, and the tag, if it has one and no digest.
#[inline]
fn split(name: &str) -> (&str, Option<&str>) {
    let Ok(reference) = Reference::parse(name) else { return (name, None) };
    let Some(tag) = reference.tag().filter(|_| reference.digest().is_none()) else { return (name, None) };
    match name.rsplit_once(':') {
        Some((repo, written)) if written == tag => (repo, Some(written)),
        _ => (name, None),
    }
}

snapshot! {
    /// What an image was when it was asked about: the same facts from a listing and from an inspect.
    Snapshot: Inspect => ImageInspect {
        /// Its names with tags, `alpine:3.19`; empty if it has none.
        tags: Vec<String>,
        /// Its names with digests.
        digests: Vec<String>,
        /// Its labels.
        labels: BTreeMap<String, String>,
        /// Bytes of its layers.
        size: Option<i64>,
        /// When it was built.
        created: Option<Timestamp>,
        /// What it runs on: `amd64`; `None` from a listing.
        architecture: Option<String>,
        /// The operating system it needs; `None` from a listing.
        os: Option<String>,
    }
}

/// Names without the one that older engines give to what has none.
#[inline]
fn real(names: Vec<String>) -> Vec<String> {
    names.into_iter().filter(|name| !name.starts_with("<none>") && !name.ends_with("<none>")).collect()
}

impl From<ImageSummary> for Snapshot {
    #[inline]
    fn from(said: ImageSummary) -> Self {
        Self {
            handle: named(said.id.unwrap_or_default()),
            tags: real(said.repo_tags),
            digests: real(said.repo_digests),
            labels: said.labels,
            size: said.size,
            created: said.created.map(Timestamp::from),
            architecture: None,
            os: None,
        }
    }
}

impl From<ImageInspect> for Snapshot {
    #[inline]
    fn from(said: ImageInspect) -> Self {
        Self {
            handle: named(said.id.unwrap_or_default()),
            tags: real(said.repo_tags),
            digests: real(said.repo_digests),
            labels: said.config.unwrap_or_default().labels,
            size: said.size,
            created: said.created.as_deref().and_then(|text| Timestamp::parse(text).ok()),
            architecture: said.architecture,
            os: said.os,
        }
    }
}
