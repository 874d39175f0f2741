//! One header block: its fields, where they stand and how numbers are written in them.

use super::Block;
use super::entry::EntryKind;
use crate::Result;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

pub(super) const NAME: Range<usize> = 0..100;
pub(super) const MODE: Range<usize> = 100..108;
pub(super) const UID: Range<usize> = 108..116;
pub(super) const GID: Range<usize> = 116..124;
pub(super) const SIZE: Range<usize> = 124..136;
pub(super) const MTIME: Range<usize> = 136..148;
pub(super) const CHECKSUM: Range<usize> = 148..156;
pub(super) const TYPE: usize = 156;
pub(super) const LINK: Range<usize> = 157..257;
pub(super) const MAGIC: Range<usize> = 257..265;
pub(super) const USER: Range<usize> = 265..297;
pub(super) const GROUP: Range<usize> = 297..329;
pub(super) const MAJOR: Range<usize> = 329..337;
pub(super) const MINOR: Range<usize> = 337..345;
const PREFIX: Range<usize> = 345..500;
/// In what Schilling's star wrote the prefix is shorter, and the block ends in `tar\0`.
const STAR_PREFIX: Range<usize> = 345..476;
const STAR_TRAILER: Range<usize> = 508..512;

/// The three dialects that differ in their fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Dialect {
    /// Without a magic: only the fields up to the link are there.
    Old,
    /// POSIX: with a prefix of the name.
    Ustar,
    /// GNU: no prefix, other fields in its place.
    Gnu,
}

/// A header whose checksum is right.
#[derive(Clone, Copy, Debug)]
pub(super) struct Header<'a> {
    block: &'a Block,
    dialect: Dialect,
}

impl<'a> Header<'a> {
    /// Reads a header. The error says what is wrong with it, without a place.
    #[inline]
    pub(super) fn new(block: &'a Block) -> Result<Self, String> {
        let written = octal(&block[CHECKSUM]).filter(|&n| n > 0);
        let unsigned = checksum(block);
        match written {
            Some(n) if n == u64::from(unsigned) => {}
            // Some old writers added the bytes up as signed ones.
            Some(n) if i64::try_from(n) == Ok(signed_checksum(block, unsigned)) => {}
            Some(n) => return Err(format!("the checksum in it is {n}, that of its bytes {unsigned}")),
            None => {
                return Err(format!("the checksum in it, \"{}\", is no number", block[CHECKSUM].escape_ascii()));
            }
        }
        Ok(Self::sound(block))
    }

    /// A header that was read before, with the right checksum.
    #[inline]
    pub(super) fn sound(block: &'a Block) -> Self {
        let dialect = match &block[MAGIC] {
            b"ustar  \0" => Dialect::Gnu,
            [b'u', b's', b't', b'a', b'r', 0, ..] => Dialect::Ustar,
            _ => Dialect::Old,
        };
        Self { block, dialect }
    }

    /// The byte that says what follows.
    #[inline]
    pub(super) fn flag(&self) -> u8 {
        self.block[TYPE]
    }

    /// The name, as far as the block alone has it.
    #[inline]
    pub(super) fn name(&self) -> Vec<u8> {
        let name = text(&self.block[NAME]);
        let prefix = match self.dialect {
            Dialect::Ustar if self.block[STAR_TRAILER] == *b"tar\0" => text(&self.block[STAR_PREFIX]),
            Dialect::Ustar => text(&self.block[PREFIX]),
            _ => b"",
        };
        if prefix.is_empty() { name.into() } else { [prefix, b"/", name].concat() }
    }

    #[inline]
    pub(super) fn link(&self) -> &'a [u8] {
        text(&self.block[LINK])
    }

    /// Names of owner and group.
    #[inline]
    pub(super) fn names(&self) -> (&'a [u8], &'a [u8]) {
        match self.dialect {
            Dialect::Old => (b"", b""),
            _ => (text(&self.block[USER]), text(&self.block[GROUP])),
        }
    }

    /// What it is; `path` tells old directories from files.
    #[inline]
    pub(super) fn kind(&self, path: &[u8]) -> Result<EntryKind, String> {
        let device = || -> Result<(u32, u32), String> {
            let part = |name, range: Range<usize>| {
                let number = self.number(name, range)?;
                u32::try_from(number).map_err(|_| format!("the {name} {number} is no device number"))
            };
            Ok((part("major number", MAJOR)?, part("minor number", MINOR)?))
        };
        Ok(match self.flag() {
            // Before there were flags, a slash said it.
            0 if path.ends_with(b"/") => EntryKind::Directory,
            // Contiguous files and sparse ones are files.
            0 | b'0' | b'7' => EntryKind::File,
            b'S' if self.is_old_sparse() => EntryKind::File,
            b'1' => EntryKind::Hardlink,
            b'2' => EntryKind::Symlink,
            b'3' => device().map(|(major, minor)| EntryKind::CharDevice(major, minor))?,
            b'4' => device().map(|(major, minor)| EntryKind::BlockDevice(major, minor))?,
            b'5' => EntryKind::Directory,
            b'6' => EntryKind::Fifo,
            other => EntryKind::Other(other),
        })
    }

    /// Whether it is a sparse file of GNU's old format, whose map stands in the header.
    #[inline]
    pub(super) fn is_old_sparse(&self) -> bool {
        self.flag() == b'S' && self.dialect == Dialect::Gnu
    }

    #[inline]
    pub(super) fn mode(&self) -> Result<u32, String> {
        // Some writers put the kind of the file above the permissions.
        Ok((self.number("mode", MODE)? & 0o7777) as u32)
    }

    #[inline]
    pub(super) fn uid(&self) -> Result<u64, String> {
        self.natural("uid", UID)
    }

    #[inline]
    pub(super) fn gid(&self) -> Result<u64, String> {
        self.natural("gid", GID)
    }

    #[inline]
    pub(super) fn size(&self) -> Result<u64, String> {
        self.natural("size", SIZE)
    }

    #[inline]
    pub(super) fn mtime(&self) -> Result<i64, String> {
        self.number("mtime", MTIME)
    }

    #[inline]
    fn natural(&self, name: &str, range: Range<usize>) -> Result<u64, String> {
        let number = self.number(name, range)?;
        u64::try_from(number).map_err(|_| format!("the {name} in it is {number}"))
    }

    #[inline]
    fn number(&self, name: &str, range: Range<usize>) -> Result<i64, String> {
        number(&self.block[range.clone()])
            .ok_or_else(|| format!("the {name} in it, \"{}\", is no number", self.block[range].escape_ascii()))
    }
}

/// A text field: up to its first NUL, or all of it.
#[inline]
fn text(field: &[u8]) -> &[u8] {
    let end = memchr::memchr(0, field).unwrap_or(field.len());
    &field[..end]
}

/// A numeric field: octal digits, or, with the highest bit set, a big-endian number in two's complement.
#[inline]
pub(super) fn number(field: &[u8]) -> Option<i64> {
    match field {
        [first, rest @ ..] if first & 0x80 != 0 => {
            // Seven bits with their sign; what does not fit into 64 bits is no number that a file has.
            let top = (i64::from(*first) << 57) >> 57;
            rest.iter().try_fold(top, |n, &byte| Some(n.checked_mul(256)? | i64::from(byte)))
        }
        _ => octal(field).and_then(|n| i64::try_from(n).ok()),
    }
}

/// Octal digits, up to a space or NUL, with such in front; nothing at all is 0.
#[inline]
fn octal(field: &[u8]) -> Option<u64> {
    let begin = field.iter().position(|b| !matches!(b, b' ' | 0)).unwrap_or(field.len());
    let field = &field[begin..];
    let end = field.iter().position(|b| matches!(b, b' ' | 0)).unwrap_or(field.len());
    let digits = &field[..end];
    digits.iter().try_fold(0u64, |n, b| match b {
        b'0'..=b'7' => n.checked_mul(8).map(|n| n | u64::from(b - b'0')),
        _ => None,
    })
}

/// The checksum that belongs into a header: the sum of its bytes, the checksum itself taken as spaces.
#[inline]
pub(super) fn checksum(block: &Block) -> u32 {
    let sum = |part: &[u8]| part.iter().map(|&b| u32::from(b)).sum::<u32>();
    sum(block) - sum(&block[CHECKSUM]) + 8 * u32::from(b' ')
}

/// The same, the bytes taken as signed ones.
#[inline]
fn signed_checksum(block: &Block, unsigned: u32) -> i64 {
    let high = block[..CHECKSUM.start].iter().chain(&block[CHECKSUM.end..]).filter(|&&b| b >= 0x80).count();
    i64::from(unsigned) - 256 * high as i64
}
