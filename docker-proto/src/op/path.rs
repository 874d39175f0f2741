//! Values in a path: percent-encoded, and refused where the engine would see another path than the one meant.

use crate::{Error, Result};
use alloc::format;
use alloc::string::String;
use core::fmt::Write as _;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Everything outside RFC 3986's unreserved characters.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
/// The same, but for the two characters that structure an image reference.
const RESERVED_IN_IMAGE: &AsciiSet = &RESERVED.remove(b'/').remove(b':').remove(b'@');

/// How a path value is encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PathKind {
    /// An id or name that is one segment.
    Segment,
    /// A container's: one leading `/`, as engines print names, is dropped.
    Container,
    /// A reference to an image or plugin: `/`, `:` and `@` stay.
    Image,
    /// The rest of a path: its slashes stay.
    Route,
}

/// Appends `text` percent-encoded, for a query.
pub(super) fn encode_query(out: &mut String, text: &str) {
    for part in utf8_percent_encode(text, RESERVED) {
        out.push_str(part);
    }
}

/// Appends `value` to a path.
///
/// # Errors
/// [`Usage`](crate::ErrorKind::Usage) if the value is empty, holds a control character, or has `.` or `..` or nothing
/// between slashes: engines clean such paths, and another object would be addressed.
pub(super) fn encode_path(out: &mut String, operation: &str, name: &str, value: &str, kind: PathKind) -> Result<()> {
    let value = match kind {
        PathKind::Container => value.strip_prefix('/').unwrap_or(value),
        _ => value,
    };
    let refuse = |why: &str| Err(Error::usage(format!("{operation}: path argument {name} {why}; it is {value:?}")));
    if value.is_empty() {
        return refuse("is empty, which would address another object");
    }
    if value.chars().any(char::is_control) {
        return refuse("holds a control character");
    }
    if value.split('/').any(|s| s == "." || s == "..") {
        return refuse("holds `.` or `..` between slashes, which engines resolve");
    }
    if matches!(kind, PathKind::Image | PathKind::Route) && value.split('/').any(str::is_empty) {
        return refuse("begins or ends with a slash or holds two in a row, which engines merge");
    }
    let set = match kind {
        PathKind::Image | PathKind::Route => RESERVED_IN_IMAGE,
        PathKind::Segment | PathKind::Container => RESERVED,
    };
    // Writing to a String cannot fail.
    let _ = write!(out, "{}", utf8_percent_encode(value, set));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(value: &str, kind: PathKind) -> Result<String> {
        let mut out = String::new();
        encode_path(&mut out, "Op", "id", value, kind).map(|()| out)
    }

    #[test]
    fn names_reach_the_engine_as_names() {
        for (value, kind, want) in [
            ("a?b", PathKind::Container, "a%3Fb"),
            ("a#b", PathKind::Container, "a%23b"),
            ("a b", PathKind::Container, "a%20b"),
            ("/web", PathKind::Container, "web"),
            ("//web", PathKind::Container, "%2Fweb"),
            ("a/b", PathKind::Container, "a%2Fb"),
            ("/web", PathKind::Segment, "%2Fweb"),
            ("a%2Fb", PathKind::Segment, "a%252Fb"),
            ("é", PathKind::Segment, "%C3%A9"),
            ("...", PathKind::Segment, "..."),
            ("reg:5000/x/y:tag@sha256:ab", PathKind::Image, "reg:5000/x/y:tag@sha256:ab"),
            ("a?b", PathKind::Image, "a%3Fb"),
        ] {
            assert_eq!(path(value, kind).unwrap(), want, "{value:?}");
        }
    }

    #[test]
    fn what_would_address_another_object_is_refused() {
        for (value, kind) in [
            ("", PathKind::Segment),
            ("/", PathKind::Container),
            (".", PathKind::Segment),
            ("..", PathKind::Container),
            ("/..", PathKind::Container),
            ("../images", PathKind::Segment),
            ("a/../b", PathKind::Image),
            ("a//b", PathKind::Image),
            ("a/", PathKind::Image),
            ("/a", PathKind::Image),
            ("a\nb", PathKind::Segment),
            ("a\0", PathKind::Segment),
        ] {
            let e = path(value, kind).unwrap_err();
            assert_eq!(e.kind(), crate::ErrorKind::Usage);
            assert!(e.message().contains("path argument id"), "{e}");
        }
    }
}
