//! Versions of the Engine API.

use crate::{Error, Result};
use alloc::format;
use core::fmt;
use core::str::FromStr;

/// A version of the Engine API, such as 1.41. Ordered by number: 1.9 is older than 1.41.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ApiVersion {
    /// The number before the dot; 1 on every engine so far.
    pub major: u16,
    /// The number after the dot.
    pub minor: u16,
}

impl ApiVersion {
    /// The oldest version that this crate speaks.
    pub const OLDEST: Self = Self::new(1, 24);
    /// The newest version that this crate knows.
    pub const NEWEST: Self = Self::new(1, 55);

    /// The version `major.minor`.
    #[must_use]
    pub const fn new(major: u16, minor: u16) -> Self {
        Self { major, minor }
    }

    /// Reads `MAJOR.MINOR`: digits, one dot, digits, nothing else, each number at most 65535.
    pub fn parse(text: &str) -> Result<Self> {
        Self::read(text.as_bytes())
            .ok_or_else(|| Error::usage(format!("{text:?} is not an API version: it must look like 1.41")))
    }

    /// The same in constants; `None` for anything else than `MAJOR.MINOR`.
    pub(crate) const fn read(text: &[u8]) -> Option<Self> {
        let Some((major, rest)) = number(text) else { return None };
        let [b'.', rest @ ..] = rest else { return None };
        match number(rest) {
            Some((minor, [])) => Some(Self::new(major, minor)),
            _ => None,
        }
    }
}

/// One or more digits and what follows them.
const fn number(mut text: &[u8]) -> Option<(u16, &[u8])> {
    let mut value: Option<u16> = None;
    while let [digit @ b'0'..=b'9', rest @ ..] = text {
        let before = match value {
            Some(before) => before,
            None => 0,
        };
        let Some(shifted) = before.checked_mul(10) else { return None };
        value = shifted.checked_add((*digit - b'0') as u16);
        if value.is_none() {
            return None;
        }
        text = rest;
    }
    match value {
        Some(value) => Some((value, text)),
        None => None,
    }
}

impl fmt::Display for ApiVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

impl FromStr for ApiVersion {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        Self::parse(text)
    }
}

impl From<(u16, u16)> for ApiVersion {
    fn from((major, minor): (u16, u16)) -> Self {
        Self::new(major, minor)
    }
}
