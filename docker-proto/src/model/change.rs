//! What a container changed in its file system.

use super::Gated;
use super::lenient::Lenient;
use super::macros::model;
use alloc::string::String;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

model! {
    /// One path that a container changed against its image.
    pub struct FilesystemChange {
        /// The path inside the container.
        path: "Path" String,
        /// What happened to it.
        kind: "Kind" ChangeType,
    }
}

/// What happened to a path of a container; a number in JSON.
///
/// Open: a number that is not known here is kept as it came, and two values are equal when their numbers are.
#[derive(Debug, Clone, Copy, Default)]
#[non_exhaustive]
pub enum ChangeType {
    /// Its content or its metadata differ, or something below it changed: 0.
    #[default]
    Modified,
    /// The image does not have it: 1.
    Added,
    /// The image has it, the container does not: 2.
    Deleted,
    /// Any other number.
    Other(i64),
}

impl ChangeType {
    /// The number as it is in JSON.
    #[must_use]
    pub const fn number(self) -> i64 {
        match self {
            Self::Modified => 0,
            Self::Added => 1,
            Self::Deleted => 2,
            Self::Other(number) => number,
        }
    }
}

impl From<i64> for ChangeType {
    fn from(number: i64) -> Self {
        match number {
            0 => Self::Modified,
            1 => Self::Added,
            2 => Self::Deleted,
            other => Self::Other(other),
        }
    }
}

impl PartialEq for ChangeType {
    fn eq(&self, other: &Self) -> bool {
        self.number() == other.number()
    }
}

impl Eq for ChangeType {}

impl core::hash::Hash for ChangeType {
    fn hash<H: core::hash::Hasher>(&self, state: &mut H) {
        self.number().hash(state);
    }
}

impl Serialize for ChangeType {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_i64(self.number())
    }
}

impl<'de> Deserialize<'de> for ChangeType {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        i64::deserialize(d).map(Self::from)
    }
}

impl Gated for ChangeType {}

impl<'de> Lenient<'de> for ChangeType {}
