//! Sets of API versions.

use docker_proto::model::ApiVersion;
use std::fmt;
use std::ops::{BitAnd, BitOr};

/// The oldest and the newest minor version that is compared.
pub(crate) const OLDEST: u16 = 24;
pub(crate) const NEWEST: u16 = 55;

/// Some of the versions 1.24 to 1.55.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Versions(u32);

impl Versions {
    pub(crate) const ALL: Self = Self(u32::MAX);
    pub(crate) const NONE: Self = Self(0);

    /// From one minor version to another, both inclusive.
    pub(crate) fn between(since: Option<u16>, until: Option<u16>) -> Self {
        let (since, until) = (since.unwrap_or(OLDEST), until.unwrap_or(NEWEST));
        Self((OLDEST..=NEWEST).filter(|v| (since..=until).contains(v)).fold(0, |set, v| set | 1 << (v - OLDEST)))
    }

    /// The same from the bounds of a table.
    pub(crate) fn bounded(since: Option<ApiVersion>, until: Option<ApiVersion>) -> Self {
        Self::between(since.map(|v| v.minor), until.map(|v| v.minor))
    }

    /// Reads a range as it is written: `1.24-1.31`, `1.44-`, `never`.
    pub(crate) fn read(text: &str) -> Self {
        match text.split_once('-') {
            Some((since, "")) => Self::between(Some(minor(since)), None),
            Some((since, until)) => Self::between(Some(minor(since)), Some(minor(until))),
            None if text == "never" => Self::NONE,
            None => Self::between(Some(minor(text)), Some(minor(text))),
        }
    }

    pub(crate) fn has(self, minor: u16) -> bool {
        (OLDEST..=NEWEST).contains(&minor) && self.0 & 1 << (minor - OLDEST) != 0
    }

    pub(crate) fn iter(self) -> impl DoubleEndedIterator<Item = u16> {
        (OLDEST..=NEWEST).filter(move |v| self.has(*v))
    }
}

/// The number behind the dot of `1.41`.
pub(crate) fn minor(text: &str) -> u16 {
    text.strip_prefix("1.").and_then(|m| m.parse().ok()).unwrap_or_else(|| panic!("{text:?} is no API version"))
}

impl BitAnd for Versions {
    type Output = Self;
    fn bitand(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

impl std::ops::Not for Versions {
    type Output = Self;
    fn not(self) -> Self {
        Self(!self.0)
    }
}

impl BitOr for Versions {
    type Output = Self;
    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// As ranges: `1.24-1.31, 1.44-`. What goes on has no end.
impl fmt::Display for Versions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut ranges: Vec<(u16, u16)> = Vec::new();
        for v in self.iter() {
            match ranges.last_mut() {
                Some((_, last)) if *last + 1 == v => *last = v,
                _ => ranges.push((v, v)),
            }
        }
        let text = ranges.iter().map(|&(a, b)| match b {
            NEWEST => format!("1.{a}-"),
            _ if a == b => format!("1.{a}"),
            _ => format!("1.{a}-1.{b}"),
        });
        let text = text.collect::<Vec<_>>().join(", ");
        f.write_str(if text.is_empty() { "never" } else { &text })
    }
}
