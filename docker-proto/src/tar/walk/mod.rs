//! The way through a tar: what each byte of it is.

mod end;
mod entry;

use super::entry::Record;
use super::header::Header;
use super::limits::{MAX_APPENDED, MAX_RECORDS, MAX_TAIL};
use super::sparse::{Coming, Sparse};
use super::{BLOCK, Block, padding, pax};
use crate::{Error, Result};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::mem;

/// What the next bytes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// Headers, records, padding, the end.
    Framing,
    /// The same, and with it an entry begins: see [`Walk::entry`].
    Entry,
    /// Data of the entry.
    Data,
    /// The walk keeps them: a part of a block, or of what is no tar.
    Held,
}

/// `n` bytes were walked over.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step {
    pub(super) n: usize,
    pub(super) what: What,
    /// They complete the block in [`Walk::held`], whose other bytes were `Held` before.
    pub(super) late: bool,
}

/// Walks through a tar, at any cut.
#[derive(Debug)]
pub(super) struct Walk {
    state: State,
    /// Where in the tar the next byte is.
    at: u64,
    /// Where in it the block or the records are that are looked at, or were last.
    place: u64,
    held: Block,
    have: usize,
    /// What stands in front of the header that comes next.
    coming: Extra,
    globals: Vec<Record>,
    /// The header of the last entry, and what stood in front of it.
    header: Block,
    extra: Extra,
    sparse: Option<Sparse>,
    /// How much data the last entry has.
    size: u64,
    entries: u64,
    /// The last bytes since the last header.
    tail: Vec<u8>,
}

/// What a block is that cannot be gone on with.
enum Wrong {
    /// No tar, for this reason: what follows will show whether it is an error of the engine.
    Broken(String),
    /// A tar, but one that is refused.
    Final(Error),
}

impl From<String> for Wrong {
    fn from(why: String) -> Self {
        Self::Broken(why)
    }
}

impl From<&str> for Wrong {
    fn from(why: &str) -> Self {
        Self::Broken(why.into())
    }
}

#[derive(Debug, Default)]
struct Extra {
    name: Option<Vec<u8>>,
    link: Option<Vec<u8>>,
    records: Vec<Record>,
}

#[derive(Debug)]
enum State {
    Header,
    /// The data of a header that tells of the next one.
    Records {
        flag: u8,
        text: Vec<u8>,
        size: usize,
    },
    /// More of the map of a sparse file: GNU's old format, and the last of those with pax.
    OldMap,
    Map {
        map: Coming,
        left: u64,
    },
    Data {
        left: u64,
    },
    Padding {
        left: u64,
    },
    /// One block of zeros.
    Zero,
    /// Two of them: zeros may follow.
    End,
    /// What is here is no tar. `text` is the end of what came before, `before` bytes, and what came since.
    Lost {
        text: Vec<u8>,
        before: usize,
        why: String,
    },
    Failed(Error),
}

impl Walk {
    #[inline]
    pub(super) fn new() -> Self {
        Self {
            state: State::Header,
            at: 0,
            place: 0,
            held: [0; BLOCK],
            have: 0,
            coming: Extra::default(),
            globals: Vec::new(),
            header: [0; BLOCK],
            extra: Extra::default(),
            sparse: None,
            size: 0,
            entries: 0,
            tail: Vec::new(),
        }
    }

    /// The block that a late step completed.
    pub(super) fn held(&self) -> &Block {
        &self.held
    }

    /// Says again what ended the walk, if anything did.
    ///
    /// # Errors
    /// That.
    pub(super) fn sound(&self) -> Result<()> {
        match &self.state {
            State::Failed(e) => Err(e.clone()),
            _ => Ok(()),
        }
    }

    /// Walks over the first of `bytes`, of which there is at least one.
    ///
    /// # Errors
    /// Final and sticky.
    #[inline]
    pub(super) fn step(&mut self, bytes: &[u8]) -> Result<Step> {
        let step = match &mut self.state {
            State::Failed(e) => return Err(e.clone()),
            State::Header | State::Zero | State::OldMap | State::Map { .. } => return self.block_step(bytes),
            State::Records { text, size, .. } => {
                let n = bytes.len().min(*size - text.len());
                text.extend_from_slice(&bytes[..n]);
                if text.len() == *size {
                    self.records();
                }
                Step { n, what: What::Framing, late: false }
            }
            State::Data { left } => {
                let n = clamp(*left, bytes.len());
                *left -= n as u64;
                if *left == 0 {
                    self.state = padded(self.size);
                }
                self.remember(&bytes[..n]);
                Step { n, what: What::Data, late: false }
            }
            State::Padding { left } => {
                let n = clamp(*left, bytes.len());
                *left -= n as u64;
                if *left == 0 {
                    self.state = State::Header;
                }
                self.remember(&bytes[..n]);
                Step { n, what: What::Framing, late: false }
            }
            State::End => match bytes.iter().position(|&b| b != 0) {
                Some(0) => {
                    self.place = self.at;
                    self.lost(String::from("the tar has ended, and something else follows"), &[]);
                    return self.step(bytes);
                }
                zeros => Step { n: zeros.unwrap_or(bytes.len()), what: What::Framing, late: false },
            },
            State::Lost { text, before, .. } => {
                let room = *before + MAX_APPENDED - text.len();
                if room == 0 {
                    return Err(self.no_tar());
                }
                let n = bytes.len().min(room);
                text.extend_from_slice(&bytes[..n]);
                Step { n, what: What::Held, late: false }
            }
        };
        self.at += step.n as u64;
        Ok(step)
    }

    #[inline]
    fn block_step(&mut self, bytes: &[u8]) -> Result<Step> {
        let held;
        let (block, n, late) = match bytes.first_chunk::<BLOCK>() {
            Some(block) if self.have == 0 => (block, BLOCK, false),
            _ => {
                let n = bytes.len().min(BLOCK - self.have);
                self.held[self.have..self.have + n].copy_from_slice(&bytes[..n]);
                self.have += n;
                if self.have < BLOCK {
                    self.at += n as u64;
                    return Ok(Step { n, what: What::Held, late: false });
                }
                self.have = 0;
                held = self.held;
                (&held, n, true)
            }
        };
        self.at += n as u64;
        self.place = self.at - BLOCK as u64;
        let what = match self.block(block) {
            Ok(what) => what,
            Err(Wrong::Broken(why)) => {
                self.lost(why, block);
                What::Held
            }
            Err(Wrong::Final(e)) => return Err(self.fail(e)),
        };
        Ok(Step { n, what, late })
    }

    /// A whole block where one is wanted.
    #[inline]
    fn block(&mut self, block: &Block) -> Result<What, Wrong> {
        match &mut self.state {
            State::OldMap => {
                // Made by the header, without which there is no such state.
                let more = self.sparse.get_or_insert_default().more_old(block)?;
                if more { Ok(What::Framing) } else { self.begin(self.size) }
            }
            State::Map { map, left } => {
                *left -= BLOCK as u64;
                let left = *left;
                match map.add(block)? {
                    Some(parts) => {
                        self.sparse.get_or_insert_default().parts = parts;
                        self.begin(left)
                    }
                    None if left < BLOCK as u64 => Err("the map of the sparse file is longer than its data")?,
                    None => Ok(What::Framing),
                }
            }
            _ if block.iter().all(|&b| b == 0) => {
                self.state = if matches!(self.state, State::Zero) { State::End } else { State::Zero };
                Ok(What::Framing)
            }
            State::Zero => Err("one block of zeros, which ends no tar, is followed by another one")?,
            _ => self.header(block),
        }
    }

    #[inline]
    fn header(&mut self, block: &Block) -> Result<What, Wrong> {
        let header = Header::new(block)?;
        let size = header.size()?;
        self.tail.clear();
        let flag = header.flag();
        if matches!(flag, b'x' | b'X' | b'g' | b'L' | b'K') {
            let Some(size) = usize::try_from(size).ok().filter(|&n| n <= MAX_RECORDS) else {
                let message = format!("the records of an entry are {size} bytes long: more than {MAX_RECORDS}");
                return Err(Wrong::Final(Error::too_large(self.placed(&message))));
            };
            self.state = State::Records { flag, text: Vec::new(), size };
            if size == 0 {
                self.records();
            }
            return Ok(What::Framing);
        }
        self.header = *block;
        self.entries += 1;
        self.extra = mem::take(&mut self.coming);
        let own = pax::number(&self.extra.records, "size")?;
        let size = match own {
            Some(size) => size,
            None => pax::number(&self.globals, "size")?.unwrap_or(size),
        };
        // Its name tells only what has no flag.
        let kind = if header.flag() == 0 { header.kind(&self.path())? } else { header.kind(b"")? };
        self.size = if kind.has_data() { size } else { 0 };
        self.sparse = None;
        if header.is_old_sparse() {
            let (sparse, more) = Sparse::from_old(block)?;
            self.sparse = Some(sparse);
            if more {
                self.state = State::OldMap;
                return Ok(What::Framing);
            }
        } else if let Some(sparse) = Sparse::from_records(&self.extra.records)? {
            self.sparse = Some(sparse);
            if Sparse::is_coming(&self.extra.records) {
                if self.size < BLOCK as u64 {
                    return Err("the map of the sparse file is longer than its data")?;
                }
                self.state = State::Map { map: Coming::default(), left: self.size };
                return Ok(What::Framing);
            }
        }
        self.begin(self.size)
    }

    /// The header is complete; `left` bytes of data follow.
    fn begin(&mut self, left: u64) -> Result<What, Wrong> {
        if let Some(sparse) = &self.sparse {
            sparse.check(left)?;
        }
        // The map in front of the data is whole blocks, so the padding is that of what is left.
        self.size = left;
        self.state = if left > 0 { State::Data { left } } else { State::Header };
        Ok(What::Entry)
    }

    /// The data of a header that tells of the next one is whole.
    #[inline]
    fn records(&mut self) {
        let State::Records { flag, text, size } = mem::replace(&mut self.state, State::Header) else { return };
        let named = || {
            let end = memchr::memchr(0, &text).unwrap_or(text.len());
            Some(text[..end].into())
        };
        let read = match flag {
            b'L' => {
                self.coming.name = named();
                Ok(())
            }
            b'K' => {
                self.coming.link = named();
                Ok(())
            }
            b'g' => pax::read(&text, &mut self.globals),
            _ => pax::read(&text, &mut self.coming.records),
        };
        self.state = padded(size as u64);
        self.remember(&text);
        if let Err(why) = read {
            self.lost(why, &[]);
        }
    }

    fn remember(&mut self, bytes: &[u8]) {
        if bytes.len() >= MAX_TAIL {
            self.tail.clear();
        } else if self.tail.len() + bytes.len() > 2 * MAX_TAIL {
            self.tail.drain(..self.tail.len() - MAX_TAIL);
        }
        self.tail.extend_from_slice(last(bytes));
    }

    /// What is here is no tar, beginning with `block`, unless it is an error of the engine. That shows when it ends.
    fn lost(&mut self, why: String, block: &[u8]) {
        let mut text = last(&self.tail).to_vec();
        let before = text.len();
        text.extend_from_slice(block);
        let why = self.placed(&why);
        self.state = State::Lost { text, before, why };
    }
}

/// As much of `left` as is there.
fn clamp(left: u64, there: usize) -> usize {
    usize::try_from(left).unwrap_or(usize::MAX).min(there)
}

/// What follows `size` bytes.
fn padded(size: u64) -> State {
    match padding(size) {
        0 => State::Header,
        left => State::Padding { left },
    }
}

/// As much of the end of `bytes` as is kept.
fn last(bytes: &[u8]) -> &[u8] {
    &bytes[bytes.len().saturating_sub(MAX_TAIL)..]
}
