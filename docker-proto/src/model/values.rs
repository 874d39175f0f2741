//! Small values whose JSON form is not that of a plain Rust type.

use super::Gated;
use super::lenient::Lenient;
use alloc::collections::BTreeSet;
use alloc::string::String;
use core::ops::Deref;
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

/// A set of names, in JSON an object whose values are all `{}`: exposed ports (`80/tcp`), mount paths of volumes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Keys(BTreeSet<String>);

impl Deref for Keys {
    type Target = BTreeSet<String>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl<T: Into<String>> FromIterator<T> for Keys {
    fn from_iter<I: IntoIterator<Item = T>>(names: I) -> Self {
        Self(names.into_iter().map(Into::into).collect())
    }
}

impl<T: Into<String>> Extend<T> for Keys {
    fn extend<I: IntoIterator<Item = T>>(&mut self, names: I) {
        self.0.extend(names.into_iter().map(Into::into));
    }
}

impl<'a> IntoIterator for &'a Keys {
    type Item = &'a String;
    type IntoIter = alloc::collections::btree_set::Iter<'a, String>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl IntoIterator for Keys {
    type Item = String;
    type IntoIter = alloc::collections::btree_set::IntoIter<String>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl Serialize for Keys {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_map(self.0.iter().map(|name| (name, Empty)))
    }
}

struct Empty;

impl Serialize for Empty {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_map(Some(0))?.end()
    }
}

impl<'de> Deserialize<'de> for Keys {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct Names;

        impl<'de> Visitor<'de> for Names {
            type Value = Keys;

            fn expecting(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Keys, A::Error> {
                let mut names = BTreeSet::new();
                while let Some((name, IgnoredAny)) = map.next_entry()? {
                    names.insert(name);
                }
                Ok(Keys(names))
            }
        }

        d.deserialize_map(Names)
    }
}

/// The size of a terminal in characters; in JSON `[height, width]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ConsoleSize {
    /// Rows.
    pub height: u32,
    /// Columns.
    pub width: u32,
}

impl ConsoleSize {
    /// `height` rows of `width` columns.
    #[must_use]
    pub const fn new(height: u32, width: u32) -> Self {
        Self { height, width }
    }
}

impl From<(u32, u32)> for ConsoleSize {
    fn from((height, width): (u32, u32)) -> Self {
        Self { height, width }
    }
}

impl From<ConsoleSize> for (u32, u32) {
    fn from(size: ConsoleSize) -> Self {
        (size.height, size.width)
    }
}

impl Serialize for ConsoleSize {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        <(u32, u32)>::from(*self).serialize(s)
    }
}

impl<'de> Deserialize<'de> for ConsoleSize {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        <(u32, u32)>::deserialize(d).map(Self::from)
    }
}

impl Gated for ConsoleSize {}

impl<'de> Lenient<'de> for ConsoleSize {}

/// A text that nobody is to read by accident: `Debug` shows `***` in its place, JSON has it as it is.
///
/// ```
/// use docker_proto::model::SecretText;
///
/// let password = SecretText::from("open sesame");
/// assert_eq!(format!("{password:?}"), "***");
/// assert_eq!(&*password, "open sesame");
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Default)]
pub struct SecretText(String);

impl Serialize for SecretText {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for SecretText {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        String::deserialize(d).map(Self)
    }
}

impl Deref for SecretText {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl From<&str> for SecretText {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl From<String> for SecretText {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl core::fmt::Debug for SecretText {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("***")
    }
}

impl Gated for SecretText {}

impl<'de> Lenient<'de> for SecretText {}
