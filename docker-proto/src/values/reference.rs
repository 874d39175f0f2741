//! The name of an image: `[host[:port]/]path[:tag][@digest]`.

use super::refuse;
use crate::{Error, Result};
use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;
use core::fmt;
use core::str::FromStr;

const WHAT: &str = "image reference";
/// The registry that is meant when none is named.
const HUB: &str = "docker.io";
/// An older name of it, which engines read as [`HUB`].
const OLD_HUB: &str = "index.docker.io";
/// Where the hub keeps the images that have a name of one part.
const LIBRARY: &str = "library/";
/// The longest path that engines take, in bytes.
const MAX_PATH: usize = 255;

/// The name of an image, taken apart and completed as engines do it.
///
/// `alpine`, `library/alpine`, `docker.io/alpine` and `index.docker.io/library/alpine` are one name. The short form is
/// what people write and engines list, and is what [`Display`](fmt::Display) gives; [`full`](Self::full) names the registry
/// as well. Both can be parsed again. A missing tag stays missing; see [`or_latest`](Self::or_latest).
///
/// The id of an image (64 hexadecimal digits, with `sha256:` before them or not) is no name, and is refused.
///
/// ```
/// use docker_proto::values::Reference;
///
/// let image: Reference = "registry.example:5000/team/app:1.2".parse()?;
/// assert_eq!(image.registry(), "registry.example:5000");
/// assert_eq!(image.path(), "team/app");
/// assert_eq!(image.tag(), Some("1.2"));
///
/// let image = Reference::parse("index.docker.io/library/alpine")?;
/// assert_eq!(image.full(), "docker.io/library/alpine");
/// assert_eq!(image.or_latest().to_string(), "alpine:latest");
/// # Ok::<(), docker_proto::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Reference {
    registry: String,
    path: String,
    tag: Option<String>,
    digest: Option<String>,
}

impl Reference {
    /// Takes a name apart.
    ///
    /// What stands before the first slash is the registry if it has a dot, a colon or an upper case letter, or is
    /// `localhost`; else the registry is `docker.io`.
    ///
    /// # Errors
    /// A path that is empty, longer than 255 bytes or not of lower case letters, digits and single separators; a bad
    /// registry, tag or digest; the id of an image.
    #[inline]
    pub fn parse(text: &str) -> Result<Self> {
        let refuse = |rule: &str| refuse(WHAT, text, rule);
        if is_id(text) || text.strip_prefix("sha256:").is_some_and(is_id) {
            return Err(refuse("an image id is not a name"));
        }
        let (name, digest) = match text.split_once('@') {
            Some((name, digest)) => (name, Some(digest)),
            None => (text, None),
        };
        let (registry, rest) = split_registry(name);
        let (path, tag) = match rest.split_once(':') {
            Some((path, tag)) => (path, Some(tag)),
            None => (rest, None),
        };
        check_registry(registry).map_err(refuse)?;
        if path.is_empty() {
            return Err(refuse("needs a path"));
        }
        let path = if registry == HUB && !path.contains('/') { format!("{LIBRARY}{path}") } else { path.to_owned() };
        check_path(&path).map_err(refuse)?;
        if let Some(tag) = tag {
            check_tag(tag).map_err(refuse)?;
        }
        if let Some(digest) = digest {
            check_digest(digest).map_err(refuse)?;
        }
        Ok(Self { registry: registry.to_owned(), path, tag: tag.map(Into::into), digest: digest.map(Into::into) })
    }

    /// The host, and the port if one was written: `docker.io` if none was named.
    #[must_use]
    #[inline]
    pub fn registry(&self) -> &str {
        &self.registry
    }

    /// The path at the registry: `library/alpine`.
    #[must_use]
    #[inline]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The tag, if one was written.
    #[must_use]
    #[inline]
    pub fn tag(&self) -> Option<&str> {
        self.tag.as_deref()
    }

    /// The digest, if one was written: `sha256:` and 64 digits.
    #[must_use]
    #[inline]
    pub fn digest(&self) -> Option<&str> {
        self.digest.as_deref()
    }

    /// What a pull asks for: the digest if there is one, else the tag, else `latest`.
    #[must_use]
    #[inline]
    pub fn tag_or_digest(&self) -> &str {
        self.digest().or_else(|| self.tag()).unwrap_or("latest")
    }

    /// The same image with the tag `latest`, if it has neither a tag nor a digest.
    #[must_use]
    #[inline]
    pub fn or_latest(mut self) -> Self {
        if self.tag.is_none() && self.digest.is_none() {
            self.tag = Some("latest".into());
        }
        self
    }

    /// The same image with another tag.
    ///
    /// # Errors
    /// Not a tag: up to 128 letters, digits, `_`, `.` and `-`, neither `.` nor `-` first.
    #[inline]
    pub fn with_tag(mut self, tag: &str) -> Result<Self> {
        check_tag(tag).map_err(|rule| refuse("image tag", tag, rule))?;
        self.tag = Some(tag.into());
        Ok(self)
    }

    /// The same image with another digest.
    ///
    /// # Errors
    /// Not a digest: an algorithm, a colon, and as many hexadecimal digits as the algorithm gives.
    #[inline]
    pub fn with_digest(mut self, digest: &str) -> Result<Self> {
        check_digest(digest).map_err(|rule| refuse("image digest", digest, rule))?;
        self.digest = Some(digest.into());
        Ok(self)
    }

    /// Only registry and path.
    #[must_use]
    #[inline]
    pub fn without_version(mut self) -> Self {
        self.tag = None;
        self.digest = None;
        self
    }

    /// With the registry: `docker.io/library/alpine:3.22`.
    #[must_use]
    #[inline]
    pub fn full(&self) -> String {
        let mut text = format!("{}/{}", self.registry, self.path);
        self.version(&mut text);
        text
    }

    /// As people write it: `alpine:3.22`. What cannot be shortened without meaning something else is in full.
    #[must_use]
    #[inline]
    pub fn familiar(&self) -> String {
        let full = self.full();
        if self.registry != HUB {
            return full;
        }
        let short = self.path.strip_prefix(LIBRARY).filter(|name| !name.contains('/')).unwrap_or(&self.path);
        let mut text = short.to_owned();
        self.version(&mut text);
        // `docker.io/a.b/c` without its registry would be at the registry `a.b`.
        if Self::parse(&text).is_ok_and(|again| again == *self) { text } else { full }
    }

    #[inline]
    fn version(&self, text: &mut String) {
        for (mark, part) in [(':', &self.tag), ('@', &self.digest)] {
            if let Some(part) = part {
                text.push(mark);
                text.push_str(part);
            }
        }
    }
}

impl fmt::Display for Reference {
    /// The [familiar](Reference::familiar) form.
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.familiar())
    }
}

impl FromStr for Reference {
    type Err = Error;

    #[inline]
    fn from_str(text: &str) -> Result<Self> {
        Self::parse(text)
    }
}

super::read_from_text!(Reference);

impl From<Reference> for String {
    #[inline]
    fn from(reference: Reference) -> Self {
        reference.familiar()
    }
}

impl From<&Reference> for String {
    #[inline]
    fn from(reference: &Reference) -> Self {
        reference.familiar()
    }
}

/// 64 lower case hexadecimal digits, which engines take for an id wherever they expect a name.
#[inline]
fn is_id(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

#[inline]
fn split_registry(name: &str) -> (&str, &str) {
    match name.split_once('/') {
        Some((OLD_HUB, rest)) => (HUB, rest),
        Some((host, rest)) if is_registry(host) => (host, rest),
        _ => (HUB, name),
    }
}

#[inline]
fn is_registry(host: &str) -> bool {
    host == "localhost" || host.contains(['.', ':']) || host.chars().any(char::is_uppercase)
}

#[inline]
fn check_registry(registry: &str) -> Result<(), &'static str> {
    let (host, port) = match registry.strip_prefix('[') {
        Some(rest) => {
            let (address, rest) = rest.split_once(']').ok_or("the registry's `[` has no `]`")?;
            if address.is_empty() || !address.bytes().all(|b| b.is_ascii_hexdigit() || b == b':') {
                return Err("the registry has no IPv6 address between its brackets");
            }
            let port = match rest.strip_prefix(':') {
                Some(port) => Some(port),
                None if rest.is_empty() => None,
                None => return Err("only `:` and a port may follow the registry's `]`"),
            };
            (None, port)
        }
        None => match registry.split_once(':') {
            Some((host, port)) => (Some(host), Some(port)),
            None => (Some(registry), None),
        },
    };
    let label = |part: &str| {
        part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !part.is_empty()
            && !part.starts_with('-')
            && !part.ends_with('-')
    };
    if host.is_some_and(|host| !host.split('.').all(label)) {
        return Err("the registry must be a host name: letters, digits, and `-` and `.` between them");
    }
    if port.is_some_and(|port| port.is_empty() || !port.bytes().all(|b| b.is_ascii_digit())) {
        return Err("the registry's port must be a number");
    }
    Ok(())
}

#[inline]
fn check_path(path: &str) -> Result<(), &'static str> {
    if path.chars().any(char::is_uppercase) {
        return Err("the path must be in lower case");
    }
    if !path.split('/').all(is_path_part) {
        return Err(
            "each part of the path must be letters and digits, with one `.`, one or two `_` or any `-` between them",
        );
    }
    if path.len() > MAX_PATH {
        return Err("the path must not be longer than 255 bytes");
    }
    Ok(())
}

/// Letters and digits, and between them one of the separators.
#[inline]
fn is_path_part(part: &str) -> bool {
    let letter = |b: &u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    let bytes = part.as_bytes();
    let (Some(first), Some(last)) = (bytes.first(), bytes.last()) else { return false };
    letter(first)
        && letter(last)
        && bytes.split(letter).all(|gap| matches!(gap, b"" | b"." | b"_" | b"__") || gap.iter().all(|&b| b == b'-'))
}

#[inline]
fn check_tag(tag: &str) -> Result<(), &'static str> {
    let word = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    let fits = tag.bytes().next().is_some_and(word)
        && tag.len() <= 128
        && tag.bytes().all(|b| word(b) || b == b'.' || b == b'-');
    if fits {
        Ok(())
    } else {
        Err("a tag must be 1 to 128 letters, digits, `_`, `.` and `-`, and not begin with `.` or `-`")
    }
}

/// Algorithms that are not known here must fit the grammar alone.
#[inline]
fn check_digest(digest: &str) -> Result<(), &'static str> {
    let (algorithm, hex) = digest.split_once(':').ok_or("a digest must be an algorithm, `:` and hexadecimal digits")?;
    let part =
        |p: &str| p.starts_with(|c: char| c.is_ascii_alphabetic()) && p.bytes().all(|b| b.is_ascii_alphanumeric());
    if !algorithm.split(['-', '_', '+', '.']).all(part) {
        return Err("a digest's algorithm must be words of letters and digits, joined by `-`, `_`, `+` or `.`");
    }
    let known = match algorithm {
        "sha256" => Some(64),
        "sha384" => Some(96),
        "sha512" => Some(128),
        _ => None,
    };
    if let Some(len) = known {
        if hex.len() != len || !hex.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
            return Err(
                "a digest must have 64 lower case hexadecimal digits for sha256, 96 for sha384, 128 for sha512",
            );
        }
    } else if hex.len() < 32 || !hex.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Err("a digest must have at least 32 hexadecimal digits");
    }
    Ok(())
}
