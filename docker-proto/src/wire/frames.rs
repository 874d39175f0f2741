//! Container output: multiplexed frames, or the raw bytes of a terminal.
//!
//! A frame is a header of 8 bytes (stream id, three zeros, length as big-endian u32) and its payload. Frames say nothing
//! about lines or characters, and their length has no bound, so a payload is handed on in pieces as it arrives. Which of
//! the two formats a body has is decided by whoever makes the decoder; the bytes never are asked.

use super::decode::{Decode, Input};
use super::limits::MAX_FRAME_ERROR;
use crate::{Error, ErrorKind, Result};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use bytes::Bytes;
use core::{fmt, mem};

const HEADER: usize = 8;
/// How much of a broken stream is attached to its error.
const RAW: usize = 256;

/// Which output of a container bytes came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StreamKind {
    /// Standard output, and everything a terminal shows. Frames of id 0 (stdin) count as this, as in the Go client.
    Stdout,
    /// Standard error.
    Stderr,
}

impl fmt::Display for StreamKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Stdout => "stdout",
            Self::Stderr => "stderr",
        })
    }
}

/// Output as it arrived: a frame, or a part of one. Never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Where it was written to.
    pub stream: StreamKind,
    /// What was written. Lines and UTF-8 characters may be split between pieces.
    pub bytes: Bytes,
    /// Whether the frame ends with this piece. Always true for raw output, which has no frames.
    pub frame_end: bool,
}

impl From<Piece> for Bytes {
    #[inline]
    fn from(piece: Piece) -> Self {
        piece.bytes
    }
}

/// The `usize` next bytes of the input belong to that stream; true if a frame ends with them.
type Next = (StreamKind, usize, bool);

/// Decodes multiplexed output.
#[derive(Debug)]
pub struct Frames {
    /// The first `have` bytes of a header that is incomplete.
    header: [u8; HEADER],
    have: usize,
    frame: Frame,
    /// Payload bytes of the frame that were not consumed yet. 0 between frames.
    left: u32,
    /// The payload length that the frame announced.
    length: u32,
    /// Where in the stream the next header begins.
    at: u64,
    /// The text of a frame of type 3, as far as it is kept.
    text: Vec<u8>,
    failed: Option<Error>,
}

/// What the payload of a frame is.
#[derive(Clone, Copy, Debug)]
enum Frame {
    Data(StreamKind),
    /// Type 3: what went wrong in the engine, in words.
    Error,
}

impl Default for Frames {
    fn default() -> Self {
        Self::new()
    }
}

impl Frames {
    /// A decoder at the beginning of a stream.
    pub fn new() -> Self {
        Self {
            header: [0; HEADER],
            have: 0,
            frame: Frame::Data(StreamKind::Stdout),
            left: 0,
            length: 0,
            at: 0,
            text: Vec::new(),
            failed: None,
        }
    }

    /// Consumes headers, and says whose the bytes behind them are: the stream, how many of the input's bytes (at least
    /// one) belong to it, and whether the frame ends with them. `None` if the input is used up.
    ///
    /// They count as consumed: the caller takes or skips exactly those before the next call. This is [`Decode::decode`]
    /// without the piece, for who copies straight from the block.
    ///
    /// # Errors
    /// As from [`Decode::decode`].
    #[inline]
    pub fn next_len(&mut self, input: &mut Input<'_>) -> Result<Option<(StreamKind, usize, bool)>> {
        match self.whole_header(input) {
            // The usual end of an input. A failed decoder says why even then.
            None if input.is_empty() && self.failed.is_none() => Ok(None),
            None => self.next_slowly(input),
            next => Ok(next),
        }
    }

    /// The last `n` of the bytes that [`next_len`](Self::next_len) gave last were neither taken nor skipped: it gives them
    /// again.
    #[inline]
    pub fn put_back(&mut self, n: usize) {
        // It gave no more than the length of a frame, and nothing was read since: the frame is still the same one.
        self.left = self.left.saturating_add(u32::try_from(n).unwrap_or(u32::MAX)).min(self.length);
    }

    /// What nearly every frame looks like: a header that lies whole in the input, sound, of output, and some payload behind.
    // Always inline: out of line, its result goes through memory, and that takes longer than all the rest of a small frame.
    #[inline(always)]
    fn whole_header(&mut self, input: &mut Input<'_>) -> Option<Next> {
        if self.left > 0 || self.have > 0 {
            return None;
        }
        let (&header, behind) = input.bytes().split_first_chunk::<HEADER>()?;
        let (stream, length) = output_header(header)?;
        let n = length.min(u32::try_from(behind.len()).unwrap_or(u32::MAX));
        if n == 0 || self.failed.is_some() {
            return None;
        }
        input.skip(HEADER);
        self.frame = Frame::Data(stream);
        self.at += HEADER as u64 + u64::from(length);
        (self.left, self.length) = (length - n, length);
        Some((stream, n as usize, n == length))
    }

    /// Whether the next byte is the first of a header.
    pub(super) fn is_between(&self) -> bool {
        self.left == 0 && self.have == 0 && self.failed.is_none()
    }

    /// Whole frames of so many bytes were taken.
    pub(super) fn passed(&mut self, n: u64) {
        self.at += n;
    }

    fn next_slowly(&mut self, input: &mut Input<'_>) -> Result<Option<Next>> {
        loop {
            if self.left == 0 && !self.begin_slowly(input)? {
                return Ok(None);
            }
            let n = self.left.min(u32::try_from(input.len()).unwrap_or(u32::MAX));
            let Frame::Data(stream) = self.frame else {
                self.error_text(input, n)?;
                return Ok(None);
            };
            // Empty frames carry nothing.
            if n > 0 {
                self.left -= n;
                return Ok(Some((stream, n as usize, self.left == 0)));
            }
            if self.left > 0 {
                return Ok(None);
            }
        }
    }

    fn enter(&mut self, id: u8, length: u32) {
        self.frame = match id {
            0 | 1 => Frame::Data(StreamKind::Stdout),
            2 => Frame::Data(StreamKind::Stderr),
            _ => Frame::Error,
        };
        self.at += HEADER as u64 + u64::from(length);
        (self.left, self.length) = (length, length);
    }

    /// Reads a header byte by byte: one that is split, or broken. What is wrong is said at the first wrong byte; a prompt
    /// of two bytes read as frames must not wait for six more.
    fn begin_slowly(&mut self, input: &mut Input<'_>) -> Result<bool> {
        if let Some(error) = &self.failed {
            return Err(error.clone());
        }
        while let Some(&byte) = input.bytes().first() {
            let wrong = match self.have {
                0 if byte > 3 => Some(format!("unrecognized stream id {byte}")),
                1..=3 if byte != 0 => Some(format!("byte {} of a frame header is {byte:#04x}, not 0", self.have)),
                _ => None,
            };
            if let Some(wrong) = wrong {
                let raw = self.header.iter().take(self.have).chain(input.bytes()).copied().take(RAW).collect();
                let at = self.at;
                let message =
                    format!("{wrong}, at offset {at} of the stream: a raw (TTY) stream read as frames looks like this");
                return self.fail(Error::protocol(message).with_raw(raw));
            }
            // At 8 the header is complete, and `have` goes back to 0.
            self.header[self.have] = byte;
            input.skip(1);
            self.have += 1;
            if self.have == HEADER {
                let [id, _, _, _, length @ ..] = self.header;
                self.have = 0;
                self.enter(id, u32::from_be_bytes(length));
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Takes `n` bytes of an engine error. The error comes when its frame ends.
    #[cold]
    fn error_text(&mut self, input: &mut Input<'_>, n: u32) -> Result<()> {
        let bytes = input.bytes().get(..n as usize).unwrap_or_default();
        let room = MAX_FRAME_ERROR.saturating_sub(self.text.len());
        self.text.extend_from_slice(bytes.get(..room).unwrap_or(bytes));
        input.skip(n as usize);
        self.left -= n;
        if self.left > 0 {
            return Ok(());
        }
        self.frame = Frame::Data(StreamKind::Stdout);
        let text = mem::take(&mut self.text);
        let message = self.words(&text);
        Err(Error::new(ErrorKind::InStream, message).with_raw(text.into()).as_item())
    }

    /// The text of an engine error as a message.
    fn words(&self, text: &[u8]) -> String {
        let words = String::from_utf8_lossy(text);
        let words = words.trim_end_matches(['\r', '\n']);
        let (had, length) = (text.len(), self.length);
        match had {
            _ if words.is_empty() => "the engine reported an error without a text".into(),
            MAX_FRAME_ERROR if length as usize > had => format!("{words} [cut: {had} of {length} bytes are kept]"),
            _ => words.into(),
        }
    }

    fn fail<T>(&mut self, error: Error) -> Result<T> {
        self.text = Vec::new();
        self.left = 0;
        self.failed = Some(error.clone());
        Err(error)
    }
}

/// The stream and the length in a sound header of output.
#[inline(always)]
pub(super) fn output_header(header: [u8; HEADER]) -> Option<(StreamKind, u32)> {
    let word = u64::from_be_bytes(header);
    let stream = match word >> 32 {
        0x0000_0000 | 0x0100_0000 => StreamKind::Stdout,
        0x0200_0000 => StreamKind::Stderr,
        _ => return None,
    };
    Some((stream, word as u32))
}

impl Decode for Frames {
    type Item = Piece;

    /// The next piece of output.
    ///
    /// # Errors
    /// [`InStream`](ErrorKind::InStream), as an item, for a frame of type 3: the engine's own words; the stream may go on.
    /// [`Protocol`](ErrorKind::Protocol) for what is no frame header, which usually is a terminal's output.
    #[inline]
    fn decode(&mut self, input: &mut Input<'_>) -> Result<Option<Piece>> {
        Ok(self.next_len(input)?.map(|next| piece(next, input)))
    }

    fn finish(&mut self) -> Result<Option<Piece>> {
        if let Some(error) = &self.failed {
            return Err(error.clone());
        }
        if self.have > 0 {
            let message = format!("the stream ended inside a frame header: {} of {HEADER} bytes", self.have);
            return self.fail(Error::truncated(message));
        }
        if self.left == 0 {
            return Ok(None);
        }
        let (had, length) = (self.length - self.left, self.length);
        let text = mem::take(&mut self.text);
        let message = match self.frame {
            Frame::Data(stream) => format!("the stream ended inside a frame of {stream}: {had} of {length} bytes"),
            Frame::Error if had == 0 => format!("the stream ended inside an engine error: 0 of {length} bytes"),
            Frame::Error => {
                format!("the stream ended inside an engine error: {had} of {length} bytes: {}", self.words(&text))
            }
        };
        self.fail(Error::truncated(message).with_raw(text.into()))
    }
}

#[inline]
fn piece((stream, n, frame_end): Next, input: &mut Input<'_>) -> Piece {
    Piece { stream, bytes: input.take(n), frame_end }
}

/// Hands on the output of a terminal: whatever arrived, at once and untouched.
#[derive(Clone, Copy, Debug, Default)]
pub struct RawOutput;

impl RawOutput {
    /// As [`Frames::next_len`]: all there is, as stdout.
    #[inline]
    pub fn next_len(&mut self, input: &mut Input<'_>) -> Option<(StreamKind, usize, bool)> {
        (!input.is_empty()).then(|| (StreamKind::Stdout, input.len(), true))
    }
}

impl Decode for RawOutput {
    type Item = Piece;

    #[inline]
    fn decode(&mut self, input: &mut Input<'_>) -> Result<Option<Piece>> {
        Ok(self.next_len(input).map(|next| piece(next, input)))
    }

    /// Nothing: raw output may end anywhere.
    fn finish(&mut self) -> Result<Option<Piece>> {
        Ok(None)
    }
}

/// The output of a container in the format that was agreed on.
#[derive(Debug)]
pub enum Output {
    /// Multiplexed: no terminal.
    Frames(Frames),
    /// Raw: a terminal.
    Raw(RawOutput),
}

impl Output {
    /// A decoder of raw output if there is a terminal (`tty`), of frames if not.
    pub fn new(tty: bool) -> Self {
        if tty { Self::Raw(RawOutput) } else { Self::Frames(Frames::new()) }
    }

    /// As [`Frames::next_len`].
    ///
    /// # Errors
    /// As from [`Frames::decode`](Decode::decode).
    #[inline]
    pub fn next_len(&mut self, input: &mut Input<'_>) -> Result<Option<(StreamKind, usize, bool)>> {
        match self {
            Self::Frames(frames) => frames.next_len(input),
            Self::Raw(raw) => Ok(raw.next_len(input)),
        }
    }

    /// As [`Frames::put_back`].
    #[inline]
    pub fn put_back(&mut self, n: usize) {
        // What is raw is given again as it is.
        if let Self::Frames(frames) = self {
            frames.put_back(n);
        }
    }
}

impl Decode for Output {
    type Item = Piece;

    #[inline]
    fn decode(&mut self, input: &mut Input<'_>) -> Result<Option<Piece>> {
        match self {
            Self::Frames(frames) => frames.decode(input),
            Self::Raw(raw) => raw.decode(input),
        }
    }

    fn finish(&mut self) -> Result<Option<Piece>> {
        match self {
            Self::Frames(frames) => frames.finish(),
            Self::Raw(raw) => raw.finish(),
        }
    }
}
