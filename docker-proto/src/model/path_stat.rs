//! What an engine tells about one path inside a container.

use super::lenient;
use crate::{Error, ErrorKind, Result};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use bytes::Bytes;
use core::fmt::{self, Write};
use serde::de::MapAccess;
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A path inside a container, as the header `X-Docker-Container-Path-Stat` describes it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct PathStat {
    /// Last part of the path.
    pub name: String,
    /// Size in bytes; of no meaning for directories.
    pub size: i64,
    /// Kind and permissions.
    pub mode: FileMode,
    /// Time of the last change, RFC 3339.
    pub mtime: String,
    /// Where a symbolic link leads; empty for everything else.
    pub link_target: String,
}

impl<'de> lenient::Model<'de> for PathStat {
    #[inline]
    fn set<A: MapAccess<'de>>(&mut self, name: &str, fields: &mut A) -> Result<(), A::Error> {
        match name {
            "name" => self.name = or_default(fields)?,
            "size" => self.size = or_default(fields)?,
            "mode" => self.mode = or_default(fields)?,
            "mtime" => self.mtime = or_default(fields)?,
            "linkTarget" => self.link_target = or_default(fields)?,
            _ => lenient::skip(fields)?,
        }
        Ok(())
    }
}

/// Reads the value of the next field, which may be null.
#[inline]
fn or_default<'de, A: MapAccess<'de>, T: lenient::Lenient<'de>>(fields: &mut A) -> Result<T, A::Error> {
    Ok(lenient::read::<A, Option<T>>(fields)?.unwrap_or_default())
}

impl<'de> Deserialize<'de> for PathStat {
    #[inline]
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        lenient::model(d)
    }
}

impl Serialize for PathStat {
    #[inline]
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let mut fields = s.serialize_map(None)?;
        fields.serialize_entry("name", &self.name)?;
        fields.serialize_entry("size", &self.size)?;
        fields.serialize_entry("mode", &self.mode)?;
        fields.serialize_entry("mtime", &self.mtime)?;
        fields.serialize_entry("linkTarget", &self.link_target)?;
        fields.end()
    }
}

/// Engines write the standard alphabet with padding; the rest is for proxies and other implementations.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

impl PathStat {
    /// An empty description.
    #[must_use]
    #[inline]
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads the value of the header: base64 of either alphabet, padded or not, around JSON.
    #[inline]
    pub fn from_header(value: &[u8]) -> Result<Self> {
        let broken = |why: &dyn fmt::Display| {
            Error::new(ErrorKind::Decode, format!("the path description in the header cannot be read: {why}"))
                .with_raw(Bytes::copy_from_slice(value))
        };
        let standard: Vec<u8> = value
            .trim_ascii()
            .iter()
            .map(|b| match b {
                b'-' => b'+',
                b'_' => b'/',
                b => *b,
            })
            .collect();
        let json = LENIENT.decode(standard).map_err(|e| broken(&e))?;
        serde_json::from_slice(&json).map_err(|e| broken(&e))
    }

    /// Last part of the path.
    #[must_use]
    #[inline]
    pub fn name(mut self, v: impl Into<String>) -> Self {
        self.name = v.into();
        self
    }

    /// Size in bytes; of no meaning for directories.
    #[must_use]
    #[inline]
    pub fn size(mut self, v: i64) -> Self {
        self.size = v;
        self
    }

    /// Kind and permissions.
    #[must_use]
    #[inline]
    pub fn mode(mut self, v: FileMode) -> Self {
        self.mode = v;
        self
    }

    /// Time of the last change, RFC 3339.
    #[must_use]
    #[inline]
    pub fn mtime(mut self, v: impl Into<String>) -> Self {
        self.mtime = v.into();
        self
    }

    /// Where a symbolic link leads; empty for everything else.
    #[must_use]
    #[inline]
    pub fn link_target(mut self, v: impl Into<String>) -> Self {
        self.link_target = v.into();
        self
    }
}

/// Kind and permissions of a file in the bits of Go's `os.FileMode`, which are not those of `st_mode`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct FileMode(pub u32);

impl Serialize for FileMode {
    #[inline]
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_u32(self.0)
    }
}

impl<'de> Deserialize<'de> for FileMode {
    #[inline]
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        u32::deserialize(d).map(Self)
    }
}

const DIR: u32 = 1 << 31;
const SYMLINK: u32 = 1 << 27;
const DEVICE: u32 = 1 << 26;
const PIPE: u32 = 1 << 25;
const SOCKET: u32 = 1 << 24;
const SETUID: u32 = 1 << 23;
const SETGID: u32 = 1 << 22;
const CHAR_DEVICE: u32 = 1 << 21;
const STICKY: u32 = 1 << 20;
const IRREGULAR: u32 = 1 << 19;
const PERMISSIONS: u32 = 0o777;

impl FileMode {
    /// True for a directory.
    #[must_use]
    #[inline]
    pub const fn is_dir(self) -> bool {
        self.has(DIR)
    }

    /// True for a symbolic link.
    #[must_use]
    #[inline]
    pub const fn is_symlink(self) -> bool {
        self.has(SYMLINK)
    }

    /// True for a regular file.
    #[must_use]
    #[inline]
    pub const fn is_file(self) -> bool {
        !self.has(DIR | SYMLINK | DEVICE | PIPE | SOCKET | CHAR_DEVICE | IRREGULAR)
    }

    /// The permissions alone, 0 to 0o777.
    #[must_use]
    #[inline]
    pub const fn permissions(self) -> u32 {
        self.0 & PERMISSIONS
    }

    /// The same as Unix has it in `st_mode`; Go's remaining bits have no place there.
    #[must_use]
    #[inline]
    pub const fn to_unix(self) -> u32 {
        let mut mode = self.permissions() | self.kind().1;
        if self.has(SETUID) {
            mode |= 0o4000;
        }
        if self.has(SETGID) {
            mode |= 0o2000;
        }
        if self.has(STICKY) {
            mode |= 0o1000;
        }
        mode
    }

    /// The letter of `ls` and the bits of `st_mode`.
    const fn kind(self) -> (char, u32) {
        if self.has(DIR) {
            ('d', 0o040_000)
        } else if self.has(SYMLINK) {
            ('l', 0o120_000)
        } else if self.has(CHAR_DEVICE) {
            ('c', 0o020_000)
        } else if self.has(DEVICE) {
            ('b', 0o060_000)
        } else if self.has(PIPE) {
            ('p', 0o010_000)
        } else if self.has(SOCKET) {
            ('s', 0o140_000)
        } else if self.has(IRREGULAR) {
            ('?', 0)
        } else {
            ('-', 0o100_000)
        }
    }

    const fn has(self, bits: u32) -> bool {
        self.0 & bits != 0
    }
}

impl fmt::Display for FileMode {
    /// Ten characters as `ls` prints them: `drwxr-xr-x`.
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char(self.kind().0)?;
        for (shift, special, letter) in [(6, SETUID, 's'), (3, SETGID, 's'), (0, STICKY, 't')] {
            let bits = self.0 >> shift;
            f.write_char(if bits & 4 != 0 { 'r' } else { '-' })?;
            f.write_char(if bits & 2 != 0 { 'w' } else { '-' })?;
            f.write_char(match (self.has(special), bits & 1 != 0) {
                (true, true) => letter,
                (true, false) => letter.to_ascii_uppercase(),
                (false, true) => 'x',
                (false, false) => '-',
            })?;
        }
        Ok(())
    }
}

impl From<u32> for FileMode {
    #[inline]
    fn from(bits: u32) -> Self {
        Self(bits)
    }
}

impl lenient::Lenient<'_> for FileMode {}
