//! What comes out of an operation, picked from the remarks it makes on the way.

use super::{MAX_LAYERS, MAX_TEXT, clip};
use crate::model::Progress;
use alloc::string::String;
use alloc::vec::Vec;
use serde_json::Value;

/// What came out of a pull, push, load, import or build. Complete when the stream has ended without an error.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct Outcome {
    /// What was pulled, tag by tag. Podman does not tell.
    pub pulled: Vec<Pulled>,
    /// What a registry has now, tag by tag.
    pub pushed: Vec<Pushed>,
    /// Ids of the images that were built, imported, or loaded without a name. A build of several stages may tell several:
    /// the last one is the result.
    pub image_ids: Vec<String>,
    /// Names of the images that were loaded.
    pub loaded: Vec<String>,
    /// Names that a build gave its image.
    pub tagged: Vec<String>,
    /// Whether a pull brought something that was not there. Podman does not tell.
    pub is_newer: Option<bool>,
    /// The tag that digests belong to.
    tag: Option<String>,
    ids: Source,
    /// How many texts a build has printed.
    texts: u32,
}

/// A digest that was pulled.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Pulled {
    /// The tag, or the digest that was asked for; nothing if the engine does not tell.
    pub tag: Option<String>,
    /// Digest of the manifest, such as `sha256:...`.
    pub digest: String,
}

/// A tag that was pushed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Pushed {
    /// The tag.
    pub tag: String,
    /// Digest of the manifest, such as `sha256:...`.
    pub digest: String,
    /// Bytes of the manifest, if the engine tells.
    pub size: Option<u64>,
}

/// Where ids of images were found, the better one last: programs that a build runs can print the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
enum Source {
    #[default]
    None,
    /// `Successfully built 0123456789ab`: engines before API 1.30.
    Words,
    /// The only text there is, as with `q`.
    Text,
    /// Its own member.
    Member,
}

impl Outcome {
    /// Digest of what was pulled or pushed last.
    #[must_use]
    #[inline]
    pub fn digest(&self) -> Option<&str> {
        let pushed = self.pushed.last().map(|pushed| &*pushed.digest);
        pushed.or_else(|| self.pulled.last().map(|pulled| &*pulled.digest))
    }

    /// Id of the image that was built or imported.
    #[must_use]
    #[inline]
    pub fn image_id(&self) -> Option<&str> {
        self.image_ids.last().map(|id| &**id)
    }

    #[inline]
    pub(super) fn read(&mut self, item: &Progress) {
        if let Some(aux) = &item.aux {
            self.member(aux);
        }
        if let Some(status) = item.status.as_deref() {
            self.status(status, item.id.as_deref());
        }
        if let Some(text) = item.stream.as_deref().filter(|text| !text.is_empty()) {
            self.text(text);
        }
    }

    /// The result of a build, `{"ID":..}`, or of a push, `{"Tag":..,"Digest":..,"Size":..}`.
    #[inline]
    fn member(&mut self, aux: &Value) {
        let text = |name| aux.get(name).and_then(Value::as_str);
        if let Some(id) = text("ID") {
            self.image(Source::Member, id);
        } else if let (Some(tag), Some(digest)) = (text("Tag"), text("Digest")) {
            self.push(tag, digest, aux.get("Size").and_then(Value::as_u64));
        }
    }

    #[inline]
    fn status(&mut self, status: &str, id: Option<&str>) {
        if status.starts_with("Pulling from ") {
            self.tag = id.filter(|id| !id.is_empty()).map(clip);
        } else if let Some(digest) = status.strip_prefix("Digest: ") {
            let tag = self.tag.clone();
            keep(&mut self.pulled, Pulled { tag, digest: clip(digest.trim_end()) });
        } else if status.starts_with("Status: Downloaded newer ") {
            self.is_newer = Some(true);
        } else if status.starts_with("Status: Image is up to date ") {
            self.is_newer = Some(false);
        } else if is_image_id(status) {
            self.image(Source::Member, status);
        } else if let Some((tag, rest)) = status.split_once(": digest: ") {
            let (digest, size) = rest.split_once(" size: ").unwrap_or((rest, ""));
            self.push(tag, digest, size.trim_end().parse().ok());
        }
    }

    #[inline]
    fn text(&mut self, text: &str) {
        self.texts = self.texts.saturating_add(1);
        let line = text.trim_end();
        if let Some(names) = line.strip_prefix("Loaded image: ") {
            // Podman 4.3 tells all of them at once.
            names.split(',').for_each(|name| keep(&mut self.loaded, clip(name.trim())));
        } else if let Some(id) = line.strip_prefix("Loaded image ID: ") {
            self.image(Source::Member, id);
        } else if let Some(name) = line.strip_prefix("Successfully tagged ") {
            keep(&mut self.tagged, clip(name));
        } else if let Some(id) = line.strip_prefix("Successfully built ") {
            self.image(Source::Words, id);
        } else if self.texts == 1 && is_image_id(line) {
            self.image(Source::Text, line);
        } else if self.ids == Source::Text {
            // It was the output of a program, and not the answer.
            self.image_ids.clear();
            self.ids = Source::None;
        }
    }

    /// Keeps an id, unless a better source told one.
    #[inline]
    fn image(&mut self, source: Source, id: &str) {
        if source < self.ids {
            return;
        }
        if source > self.ids {
            self.image_ids.clear();
        }
        self.ids = source;
        // What comes before the id was printed by a program, or is said once more by podman.
        self.tagged.clear();
        if self.image_ids.len() == MAX_LAYERS {
            // The last one counts.
            self.image_ids.pop();
        }
        keep(&mut self.image_ids, clip(id));
    }

    /// Keeps what was pushed. Most engines say it twice, for people and for programs.
    #[inline]
    fn push(&mut self, tag: &str, digest: &str, size: Option<u64>) {
        if self.pushed.last().is_none_or(|last| last.tag != tag || last.digest != digest) {
            keep(&mut self.pushed, Pushed { tag: clip(tag), digest: clip(digest), size });
        }
    }
}

#[inline]
fn keep<T>(list: &mut Vec<T>, item: T) {
    if list.len() < MAX_LAYERS {
        list.push(item);
    }
}

/// `sha256:` and 64 digits, or, as podman has it, the digits alone.
#[inline]
fn is_image_id(text: &str) -> bool {
    let digits = text.strip_prefix("sha256:").unwrap_or(text);
    digits.len() == 64 && digits.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

// What is kept of an id holds a digest of any kind in use.
const _: () = assert!(MAX_TEXT > "sha512:".len() + 128);
