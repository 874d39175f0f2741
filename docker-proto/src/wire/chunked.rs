//! The chunked transfer coding (RFC 9112 section 7.1): sizes, extensions and trailers, consumed as they arrive.

use super::limits::{MAX_CHUNK_LINE, MAX_TRAILERS};
use super::recv::RecvBuf;
use crate::{Error, Result};
use alloc::format;

/// The state between two bytes of a chunked body.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Chunked {
    state: State,
    /// The size read so far, then what is left of the chunk's data.
    size: u64,
    /// Bytes of the current line, or of all trailers.
    line: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Before the first digit.
    Size,
    Digits,
    /// Space behind the digits.
    Padding,
    Extension,
    SizeLf,
    Data,
    DataCr,
    DataLf,
    /// At the start of a trailer line, or of the empty line that ends the body.
    TrailerStart,
    Trailer,
    EndLf,
    Done,
}

pub(super) enum Chunk {
    /// So many bytes at the front of the block are data; they count as consumed.
    Data(usize),
    NeedMore,
    End,
}

impl Default for Chunked {
    fn default() -> Self {
        Self { state: State::Size, size: 0, line: 0 }
    }
}

impl Chunked {
    pub(super) fn next(&mut self, recv: &mut RecvBuf) -> Result<Chunk> {
        let bytes = recv.bytes();
        if let Some((used, n)) = self.whole_line(bytes) {
            recv.skip(used);
            return Ok(Chunk::Data(n));
        }
        let mut used = 0;
        let result = loop {
            if self.state == State::Data {
                let n = self.size.min((bytes.len() - used) as u64) as usize;
                if n == 0 {
                    break Ok(Chunk::NeedMore);
                }
                self.size -= n as u64;
                if self.size == 0 {
                    self.state = State::DataCr;
                }
                break Ok(Chunk::Data(n));
            }
            if self.state == State::Done {
                break Ok(Chunk::End);
            }
            let Some(&b) = bytes.get(used) else { break Ok(Chunk::NeedMore) };
            used += 1;
            if let Err(e) = self.step(b) {
                break Err(e);
            }
        };
        recv.skip(used);
        result
    }

    /// What nearly every chunk looks like: the end of the last one and a plain size line lie whole in `bytes`, and some data
    /// behind. Returns the lengths of both; anything else is left to the states.
    #[inline]
    pub(super) fn whole_line(&mut self, bytes: &[u8]) -> Option<(usize, usize)> {
        let line = match self.state {
            State::Size => bytes,
            State::DataCr => bytes.strip_prefix(b"\r\n")?,
            _ => return None,
        };
        let (size, data) = size_line(line)?;
        let n = size.min(data.len() as u64);
        if n == 0 {
            return None;
        }
        self.size = size - n;
        self.state = if self.size == 0 { State::DataCr } else { State::Data };
        self.line = 0;
        Some((bytes.len() - data.len(), n as usize))
    }

    /// Between two chunks: whether the line end of the last one is still to come.
    pub(super) fn between(&self) -> Option<bool> {
        match self.state {
            State::Size if self.line == 0 => Some(false),
            State::DataCr => Some(true),
            _ => None,
        }
    }

    /// Whole chunks were taken, up to the end of the last one's data.
    pub(super) fn passed(&mut self) {
        (self.state, self.size, self.line) = (State::DataCr, 0, 0);
    }

    fn step(&mut self, b: u8) -> Result<()> {
        use State::*;
        self.line += 1;
        self.state = match (self.state, b) {
            (Size | Digits, b'0'..=b'9' | b'a'..=b'f' | b'A'..=b'F') => {
                // The arm admits hexadecimal digits only.
                let digit = u64::from((b as char).to_digit(16).unwrap_or_default());
                if self.size >> 60 != 0 {
                    return Err(Error::protocol("a chunk size does not fit 64 bits"));
                }
                self.size = self.size << 4 | digit;
                Digits
            }
            (Digits | Padding | Extension, b'\r') => SizeLf,
            (Digits | Padding, b' ' | b'\t') => Padding,
            (Digits | Padding, b';') => Extension,
            (Extension, b) if b != b'\n' => Extension,
            (SizeLf, b'\n') => {
                self.line = 0;
                if self.size == 0 { TrailerStart } else { Data }
            }
            (DataCr, b'\r') => DataLf,
            (DataLf, b'\n') => {
                self.line = 0;
                Size
            }
            (TrailerStart, b'\r') => EndLf,
            (TrailerStart | Trailer, b) if b != b'\n' => Trailer,
            (Trailer, b'\n') => TrailerStart,
            (EndLf, b'\n') => Done,
            (state, b) => {
                let place = match state {
                    Size | Digits | Padding | Extension | SizeLf => "in a chunk size line",
                    DataCr | DataLf => "behind the data of a chunk",
                    _ => "in the trailers of a chunked body",
                };
                return Err(Error::protocol(format!("unexpected byte {:?} {place}", b as char)));
            }
        };
        let (limit, what) = match self.state {
            TrailerStart | Trailer | EndLf | Done => (MAX_TRAILERS, "the trailers of a chunked body are"),
            _ => (MAX_CHUNK_LINE, "a chunk size line is"),
        };
        if self.line > limit {
            return Err(Error::too_large(format!("{what} longer than {limit} bytes")));
        }
        Ok(())
    }

    /// What an end of the connection cuts short here.
    pub(super) fn missing(&self) -> Error {
        match self.state {
            State::Data => {
                Error::truncated(format!("the body ended inside a chunk, {} bytes before its end", self.size))
            }
            _ => Error::truncated("the body ended before its last chunk"),
        }
    }
}

/// A plain size line, and what is behind it. A size of 0 is none here: it is that of the last chunk.
#[inline(always)]
pub(super) fn size_line(line: &[u8]) -> Option<(u64, &[u8])> {
    let (mut size, mut digits) = (0, line.iter());
    loop {
        let b = *digits.next()?;
        let digit = match b {
            b'0'..=b'9' => b - b'0',
            b'a'..=b'f' => b - b'a' + 10,
            b'A'..=b'F' => b - b'A' + 10,
            b'\r' => break,
            _ => return None,
        };
        size = size << 4 | u64::from(digit);
        // Seven digits are as far from every limit as can be.
        if size >> 28 != 0 || size == 0 {
            return None;
        }
    }
    if size == 0 { None } else { Some((size, digits.as_slice().strip_prefix(b"\n")?)) }
}
