//! Lines out of output, of each stream by itself.
//!
//! Frames are not lines: one may hold many, or the middle of one, while the other stream writes between its parts.

use super::decode::{Decode, Input};
use super::frames::{Output, StreamKind};
use crate::{Error, Result};
use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;
use bytes::Bytes;
use core::mem;
use memchr::memchr2;

/// A line of output, or a part of a long one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Where it was written to.
    pub stream: StreamKind,
    /// The line without what ends it, untouched: it need not be UTF-8. A slice of the block it was read into where it lies
    /// whole in a piece; kept for long it is better copied, since the block is kept with it.
    pub bytes: Bytes,
    /// What ended it.
    pub end: LineEnd,
    /// The line before it on this stream ended in `\r` without a `\n`: this one is written over it, as progress is.
    pub over: bool,
}

impl Line {
    /// The line as text; what is not UTF-8 is replaced.
    #[inline]
    pub fn text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.bytes)
    }
}

/// What ended a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LineEnd {
    /// `\n`.
    Newline,
    /// `\r`. It is delivered at once, before it is known whether a `\n` follows, which then ends the same line: the lines
    /// of a terminal, which end in `\r\n`, and progress look alike here. [`Line::over`] of the next line tells.
    Return,
    /// Nothing yet: the line is longer than the limit, and the next item of this stream continues it.
    Cut,
    /// The end of the output, clean or not.
    End,
}

/// Decodes output into lines.
///
/// A line ends with `\n`, with `\r\n`, or with a `\r` alone, which delivers it at once: progress that is written over and
/// over is seen while it happens. Several `\r` in a row, and a `\n` behind them, are one end; a `\r` before any text is
/// none. So no split of the input makes a difference, and no end of a line is seen twice. What is left without an end is
/// delivered when the output ends, or breaks off, before the error that says so.
///
/// A line is kept until its end arrives, up to `max` bytes for each stream; then it comes in parts of that size.
#[derive(Debug)]
pub struct Lines {
    output: Output,
    max: usize,
    /// The next `left` bytes of the input belong to `stream`.
    stream: StreamKind,
    left: usize,
    texts: [Text; 2],
    failed: Option<Error>,
}

/// A stream between two pieces.
#[derive(Debug, Default)]
struct Text {
    /// The beginning of a line whose end has not come. Never more than the limit.
    held: Vec<u8>,
    /// It is written over the line before.
    over: bool,
    /// A line was delivered at a `\r`, and nothing but `\r` has come since.
    returned: bool,
}

impl Lines {
    /// The lines of `output`, in parts of `max` bytes where they are longer. At least 1.
    #[inline]
    pub fn new(output: Output, max: usize) -> Self {
        let texts = Default::default();
        Self { output, max: max.max(1), stream: StreamKind::Stdout, left: 0, texts, failed: None }
    }
}

impl Text {
    /// Takes text until a line is complete or its bytes, the first `left` of the input, are used up.
    #[inline]
    fn next(&mut self, stream: StreamKind, input: &mut Input<'_>, left: &mut usize, max: usize) -> Option<Line> {
        loop {
            // One byte more than there is room for shows whether the line is too long, and nothing is searched twice.
            let room = max - self.held.len();
            let n = (*left).min(room.saturating_add(1));
            let window = input.bytes();
            let window = window.get(..n).unwrap_or(window);
            let first = *window.first()?;
            if self.returned {
                self.returned = first == b'\r';
                self.over = first != b'\n' && first != b'\r';
                if !self.over {
                    input.skip(1);
                    *left -= 1;
                    continue;
                }
            }
            let (n, end) = match memchr2(b'\n', b'\r', window) {
                Some(n) if window.get(n) == Some(&b'\n') => (n, LineEnd::Newline),
                Some(0) if self.held.is_empty() => {
                    input.skip(1);
                    *left -= 1;
                    continue;
                }
                Some(n) => (n, LineEnd::Return),
                None if window.len() > room => (room, LineEnd::Cut),
                None => {
                    let n = window.len();
                    self.held.extend_from_slice(window);
                    input.skip(n);
                    *left -= n;
                    continue;
                }
            };
            let bytes = if self.held.is_empty() {
                input.take(n)
            } else {
                self.held.extend_from_slice(window.get(..n).unwrap_or_default());
                input.skip(n);
                mem::take(&mut self.held).into()
            };
            let used = usize::from(end != LineEnd::Cut);
            input.skip(used);
            *left -= n + used;
            self.returned = end == LineEnd::Return;
            return Some(Line { stream, bytes, end, over: mem::take(&mut self.over) });
        }
    }

    #[inline]
    fn rest(&mut self, stream: StreamKind) -> Option<Line> {
        (!self.held.is_empty()).then(|| {
            let bytes = mem::take(&mut self.held).into();
            Line { stream, bytes, end: LineEnd::End, over: mem::take(&mut self.over) }
        })
    }
}

impl Decode for Lines {
    type Item = Line;

    /// The next line.
    ///
    /// # Errors
    /// As from [`Output`].
    #[inline]
    fn decode(&mut self, input: &mut Input<'_>) -> Result<Option<Line>> {
        loop {
            if self.left > 0 {
                let text = &mut self.texts[usize::from(self.stream == StreamKind::Stderr)];
                let line = text.next(self.stream, input, &mut self.left, self.max);
                if line.is_some() || self.left > 0 {
                    return Ok(line);
                }
            }
            if self.failed.is_some() {
                return self.ended();
            }
            match self.output.next_len(input) {
                Ok(Some((stream, n, _))) => (self.stream, self.left) = (stream, n),
                Ok(None) => return Ok(None),
                Err(e) if e.is_final() => self.failed = Some(e),
                Err(e) => return Err(e),
            }
        }
    }

    #[inline]
    fn finish(&mut self) -> Result<Option<Line>> {
        self.ended()
    }

    #[inline]
    fn rest(&mut self) -> Option<Line> {
        let [out, err] = &mut self.texts;
        out.rest(StreamKind::Stdout).or_else(|| err.rest(StreamKind::Stderr))
    }
}

impl Lines {
    /// What has no end comes first, then how the output ended.
    #[cold]
    fn ended(&mut self) -> Result<Option<Line>> {
        match (self.rest(), &self.failed) {
            (Some(line), _) => Ok(Some(line)),
            (None, Some(e)) => Err(e.clone()),
            (None, None) => self.output.finish().map(|_| None),
        }
    }
}
