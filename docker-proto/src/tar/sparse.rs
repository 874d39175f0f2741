//! Sparse files: the holes of a file, in the four ways that GNU tar wrote them.

use super::entry::Record;
use super::header::number;
use super::{Block, limits, pax};
use crate::Result;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

pub(super) const OFFSET: &str = "GNU.sparse.offset";
pub(super) const LENGTH: &str = "GNU.sparse.numbytes";
pub(super) const MAP: &str = "GNU.sparse.map";

/// How a sparse file is put together: the data in the tar is that of its parts, one behind another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Sparse {
    /// How long the file is, holes and all.
    pub size: u64,
    /// Its parts in order: where each begins in the file, and how long it is. All between them is zeros.
    pub parts: Vec<(u64, u64)>,
}

/// What is known of a map that is still to come, in front of the data (format 1.0).
#[derive(Debug, Default)]
pub(super) struct Coming {
    text: Vec<u8>,
    /// How many numbers are known to come, once the first line is there.
    numbers: Vec<u64>,
    searched: usize,
}

impl Sparse {
    /// The map in the records of an entry. The parts are empty if they stand in the data.
    #[inline]
    pub(super) fn from_records(records: &[Record]) -> Result<Option<Self>, String> {
        let value = |key: &str| records.iter().find(|r| r.key == key).map(|r| &*r.value);
        let size = match pax::number(records, "GNU.sparse.realsize")? {
            Some(size) => size,
            None => match pax::number(records, "GNU.sparse.size")? {
                Some(size) => size,
                None => return Ok(None),
            },
        };
        let numbers: Vec<u64> = match value(MAP) {
            Some(map) => map.split(|&b| b == b',').map(decimal).collect::<Result<_, _>>()?,
            None => Vec::new(),
        };
        if numbers.len() % 2 == 1 {
            return Err(format!("the map of the sparse file has {} numbers, which are no pairs", numbers.len()));
        }
        let parts = pairs(&numbers);
        Ok(Some(Self { size, parts }))
    }

    /// Whether the records say that the map stands in front of the data.
    #[inline]
    pub(super) fn is_coming(records: &[Record]) -> bool {
        let is = |key: &str, value: &[u8]| records.iter().any(|r| r.key == key && r.value == value);
        is("GNU.sparse.major", b"1")
    }

    /// The beginning of the map in a header of GNU's old format; true if more blocks of it follow.
    #[inline]
    pub(super) fn from_old(block: &Block) -> Result<(Self, bool), String> {
        let size = number(&block[483..495]).and_then(|n| u64::try_from(n).ok());
        let mut sparse = Self { size: size.ok_or("the size of the sparse file is no number")?, parts: Vec::new() };
        sparse.add(&block[386..482])?;
        Ok((sparse, block[482] != 0))
    }

    /// One more block of the map; true if another follows.
    #[inline]
    pub(super) fn more_old(&mut self, block: &Block) -> Result<bool, String> {
        self.add(&block[..504])?;
        if self.parts.len() > limits::MAX_RECORDS / 24 {
            return Err(format!("the map of the sparse file has more than {} parts", limits::MAX_RECORDS / 24));
        }
        Ok(block[504] != 0)
    }

    #[inline]
    fn add(&mut self, field: &[u8]) -> Result<(), String> {
        for part in field.chunks_exact(24) {
            // An empty field ends the map.
            if part[0] == 0 {
                break;
            }
            let read = |range: core::ops::Range<usize>| number(&part[range]).and_then(|n| u64::try_from(n).ok());
            let (Some(offset), Some(length)) = (read(0..12), read(12..24)) else {
                return Err(format!("the part \"{}\" of the sparse file is no pair of numbers", part.escape_ascii()));
            };
            self.parts.push((offset, length));
        }
        Ok(())
    }

    /// Whether the parts follow one another inside the file and are together as long as the data that follows.
    #[inline]
    pub(super) fn check(&self, data: u64) -> Result<(), String> {
        let (mut end, mut sum) = (0u64, 0u64);
        for &(offset, length) in &self.parts {
            let next = offset.checked_add(length).filter(|&n| offset >= end && n <= self.size);
            end = next.ok_or_else(|| {
                let size = self.size;
                format!("the part of {length} bytes at {offset} does not fit into the sparse file of {size} bytes")
            })?;
            sum += length;
        }
        if sum != data {
            return Err(format!("the parts of the sparse file hold {sum} bytes, its data {data}"));
        }
        Ok(())
    }
}

impl Coming {
    /// Takes one block of the data; the parts once the map is whole.
    #[inline]
    pub(super) fn add(&mut self, block: &[u8]) -> Result<Option<Vec<(u64, u64)>>, String> {
        self.text.extend_from_slice(block);
        while let Some(end) = memchr::memchr(b'\n', &self.text[self.searched..]) {
            let line = &self.text[self.searched..self.searched + end];
            self.numbers.push(decimal(line)?);
            self.searched += end + 1;
            // The first number says how many pairs follow.
            let wanted = self.numbers[0];
            if (self.numbers.len() as u64 - 1) / 2 == wanted && self.numbers.len() % 2 == 1 {
                return Ok(Some(pairs(&self.numbers[1..])));
            }
        }
        if self.text.len() > limits::MAX_RECORDS {
            return Err(format!("the map of the sparse file is longer than {} bytes", limits::MAX_RECORDS));
        }
        Ok(None)
    }
}

#[inline]
fn pairs(numbers: &[u64]) -> Vec<(u64, u64)> {
    numbers.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect()
}

#[inline]
fn decimal(text: &[u8]) -> Result<u64, String> {
    let number = core::str::from_utf8(text).ok().filter(|t| !t.starts_with('+')).and_then(|t| t.parse().ok());
    number.ok_or_else(|| format!("\"{}\" in the map of the sparse file is no number", text.escape_ascii()))
}
