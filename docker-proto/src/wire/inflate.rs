//! Compressed bodies: gzip, and DEFLATE without anything around it.

use super::decode::{Decode, Input};
use super::recv::RecvBuf;
use crate::{Error, Result};
use alloc::boxed::Box;
use alloc::format;
use core::fmt;
use miniz_oxide::inflate::stream::{InflateState, inflate};
use miniz_oxide::{DataFormat, MZError, MZFlush, MZStatus};

/// How a body is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Coding {
    /// gzip (RFC 1952): its checksum and length are verified.
    Gzip,
    /// What dockerd calls `deflate`: DEFLATE (RFC 1951) without the zlib frame that HTTP wants around it, so without a
    /// checksum.
    Deflate,
}

impl Coding {
    /// As it stands in `Accept-Encoding` and `Content-Encoding`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Deflate => "deflate",
        }
    }
}

/// Decodes what another decoder decodes, uncompressed on the way.
///
/// The uncompressed bytes are in a block like that of a connection, so that the other decoder takes slices of it.
pub struct Inflate<D> {
    inner: D,
    /// `None` if the body is not compressed.
    state: Option<Box<State>>,
    out: RecvBuf,
    /// How many bytes at the front of the input were looked at already: the last one is consumed only when nothing is
    /// left in `out`, for a decoder without input is not asked again.
    ahead: usize,
    failed: Option<Error>,
}

struct State {
    coding: Coding,
    place: Place,
    deflate: Box<InflateState>,
    crc: Crc,
    /// Bytes of the member that came out, as gzip counts them.
    length: u32,
    /// Compressed bytes so far.
    at: u64,
}

/// Where in a gzip file it is. What is not whole is kept in as many bytes as its part of the format has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Head([u8; 10], usize),
    /// The optional parts of a head that are still to come, by their flags, and how much of a length was read.
    Extra(u8, u16, usize),
    ExtraData(u8, u16),
    Text(u8),
    HeadCrc(usize),
    Data,
    Tail([u8; 8], usize),
    End,
}

const EXTRA: u8 = 4;
const NAME: u8 = 8;
const COMMENT: u8 = 16;
const HEAD_CRC: u8 = 2;

impl<D: Default> Default for Inflate<D> {
    fn default() -> Self {
        Self::new(D::default(), None)
    }
}

impl<D> Inflate<D> {
    /// A body of this coding, or of none, for `inner`.
    pub fn new(inner: D, coding: Option<Coding>) -> Self {
        Self { inner, state: coding.map(|c| Box::new(State::new(c))), out: RecvBuf::new(), ahead: 0, failed: None }
    }
}

impl State {
    fn new(coding: Coding) -> Self {
        Self {
            coding,
            place: if coding == Coding::Gzip { Place::Head([0; 10], 0) } else { Place::Data },
            deflate: InflateState::new_boxed(DataFormat::Raw),
            crc: Crc::default(),
            length: 0,
            at: 0,
        }
    }

    /// Moves on by some of `input` and some of `out`: how much of each. Nothing of both means that it needs more input.
    fn step(&mut self, input: &[u8], out: &mut RecvBuf) -> Result<(usize, usize)> {
        if self.place == Place::Data {
            return self.data(input, out);
        }
        let mut n = 0;
        while let Some(&byte) = input.get(n) {
            self.byte(byte)?;
            n += 1;
            if self.place == Place::Data {
                break;
            }
        }
        self.at += n as u64;
        Ok((n, 0))
    }

    fn data(&mut self, input: &[u8], out: &mut RecvBuf) -> Result<(usize, usize)> {
        let room = out.room();
        let moved = inflate(&mut self.deflate, input, room, MZFlush::None);
        let (read, written) = (moved.bytes_consumed, moved.bytes_written);
        if self.coding == Coding::Gzip {
            self.crc.add(&room[..written]);
            self.length = self.length.wrapping_add(written as u32);
        }
        out.filled(written);
        self.at += read as u64;
        match moved.status {
            Ok(MZStatus::StreamEnd) => {
                self.place = if self.coding == Coding::Gzip { Place::Tail([0; 8], 0) } else { Place::End };
            }
            // It can do nothing without more input.
            Ok(_) | Err(MZError::Buf) => {}
            Err(_) => return Err(self.broken("its data is damaged")),
        }
        Ok((read, written))
    }

    /// The next byte of what is around the data.
    fn byte(&mut self, byte: u8) -> Result<()> {
        self.place = match self.place {
            Place::Head(mut head, have) => {
                head[have] = byte;
                if have + 1 < head.len() {
                    Place::Head(head, have + 1)
                } else if head[..3] != [0x1F, 0x8B, 8] {
                    return Err(self.broken("it does not begin as one"));
                } else {
                    Self::after(head[3] & (EXTRA | NAME | COMMENT | HEAD_CRC))
                }
            }
            Place::Extra(flags, low, 0) => Place::Extra(flags, low | u16::from(byte), 1),
            Place::Extra(flags, low, _) => match low | u16::from(byte) << 8 {
                0 => Self::after(flags),
                length => Place::ExtraData(flags, length),
            },
            Place::ExtraData(flags, 1) => Self::after(flags),
            Place::ExtraData(flags, left) => Place::ExtraData(flags, left - 1),
            Place::Text(flags) if byte == 0 => Self::after(flags),
            Place::HeadCrc(0) => Place::HeadCrc(1),
            Place::HeadCrc(_) => Place::Data,
            Place::Tail(mut tail, have) => {
                tail[have] = byte;
                if have + 1 < tail.len() { Place::Tail(tail, have + 1) } else { self.check(tail)? }
            }
            // Another member may follow.
            Place::End if self.coding == Coding::Gzip && byte == 0x1F => {
                *self = Self { at: self.at, ..Self::new(Coding::Gzip) };
                return self.byte(byte);
            }
            Place::End => return Err(self.broken("it has ended, and something else follows")),
            same @ (Place::Text(_) | Place::Data) => same,
        };
        Ok(())
    }

    /// The next of the optional parts of a head.
    const fn after(flags: u8) -> Place {
        match flags {
            f if f & EXTRA != 0 => Place::Extra(f & !EXTRA, 0, 0),
            f if f & NAME != 0 => Place::Text(f & !NAME),
            f if f & COMMENT != 0 => Place::Text(f & !COMMENT),
            f if f & HEAD_CRC != 0 => Place::HeadCrc(0),
            _ => Place::Data,
        }
    }

    fn check(&self, tail: [u8; 8]) -> Result<Place> {
        let [a, b, c, d, length @ ..] = tail;
        if u32::from_le_bytes([a, b, c, d]) != self.crc.sum() {
            return Err(self.broken("its checksum is that of something else"));
        }
        if u32::from_le_bytes(length) != self.length {
            return Err(self.broken("it is not as long as it says"));
        }
        Ok(Place::End)
    }

    fn broken(&self, why: &str) -> Error {
        let (coding, at) = (self.coding.as_str(), self.at);
        Error::protocol(format!("the answer is no sound {coding}: {why}, within the block that begins at offset {at}"))
    }
}

impl<D: Decode> Inflate<D> {
    fn next(&mut self, input: &mut Input<'_>) -> Result<Option<D::Item>> {
        let Some(state) = &mut self.state else { return self.inner.decode(input) };
        loop {
            let mut left = self.out.len();
            if let Some(item) = self.inner.decode(&mut Input::new(&mut self.out, &mut left))? {
                return Ok(Some(item));
            }
            let (read, written) = state.step(input.bytes().get(self.ahead..).unwrap_or_default(), &mut self.out)?;
            if (read, written) == (0, 0) {
                input.skip(self.ahead);
                self.ahead = 0;
                return Ok(None);
            }
            let looked_at = self.ahead + read;
            self.ahead = looked_at.min(1);
            input.skip(looked_at - self.ahead);
        }
    }
}

impl<D: Decode> Decode for Inflate<D> {
    type Item = D::Item;

    /// The next item of the other decoder.
    ///
    /// # Errors
    /// [`Protocol`](crate::ErrorKind::Protocol) if the compressed data is damaged; as from the other decoder.
    fn decode(&mut self, input: &mut Input<'_>) -> Result<Option<D::Item>> {
        if let Some(e) = &self.failed {
            return Err(e.clone());
        }
        let found = self.next(input);
        self.failed = found.as_ref().err().filter(|e| e.is_final()).cloned();
        found
    }

    /// # Errors
    /// [`Truncated`](crate::ErrorKind::Truncated) if the compressed data has no end; as from the other decoder.
    fn finish(&mut self) -> Result<Option<D::Item>> {
        if let Some(e) = &self.failed {
            return Err(e.clone());
        }
        match &self.state {
            Some(state) if state.place != Place::End => {
                let (coding, at) = (state.coding.as_str(), state.at);
                let e = Error::truncated(format!("the {coding} of the answer ended after {at} bytes, before its end"));
                self.failed = Some(e.clone());
                Err(e)
            }
            _ => self.inner.finish(),
        }
    }
}

impl<D: fmt::Debug> fmt::Debug for Inflate<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let coding = self.state.as_ref().map(|s| s.coding);
        f.debug_struct("Inflate").field("coding", &coding).field("inner", &self.inner).finish_non_exhaustive()
    }
}

/// CRC-32 as gzip has it, eight bytes at a time.
struct Crc(u32);

const TABLES: [[u32; 256]; 8] = tables();

const fn tables() -> [[u32; 256]; 8] {
    let mut all = [[0; 256]; 8];
    let mut n = 0;
    while n < 256 {
        let (mut c, mut bit) = (n as u32, 0);
        while bit < 8 {
            c = if c & 1 != 0 { 0xEDB8_8320 ^ (c >> 1) } else { c >> 1 };
            bit += 1;
        }
        all[0][n] = c;
        n += 1;
    }
    let mut t = 1;
    while t < 8 {
        let mut n = 0;
        while n < 256 {
            all[t][n] = (all[t - 1][n] >> 8) ^ all[0][(all[t - 1][n] & 0xFF) as usize];
            n += 1;
        }
        t += 1;
    }
    all
}

impl Default for Crc {
    fn default() -> Self {
        Self(!0)
    }
}

impl Crc {
    fn add(&mut self, bytes: &[u8]) {
        let mut crc = self.0;
        let mut rest = bytes;
        while let Some((eight, behind)) = rest.split_first_chunk::<8>() {
            rest = behind;
            let word = u64::from_le_bytes(*eight) ^ u64::from(crc);
            crc = (0..8).fold(0, |c, n| c ^ TABLES[7 - n][(word >> (8 * n)) as usize & 0xFF]);
        }
        for byte in rest {
            crc = (crc >> 8) ^ TABLES[0][((crc ^ u32::from(*byte)) & 0xFF) as usize];
        }
        self.0 = crc;
    }

    const fn sum(&self) -> u32 {
        !self.0
    }
}
