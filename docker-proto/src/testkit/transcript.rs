//! What went over connections, as text: recorded from a real engine, played back by a [`Script`].

use super::script::Script;
use crate::{Error, Result};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt::{self, Write as _};
use core::str::FromStr;

/// Bytes with gaps: each gap stands for anything up to the end of a line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Pattern(Vec<Vec<u8>>);

pub(super) enum Match {
    /// So many bytes are what the pattern says.
    Whole(usize),
    /// Nothing wrong so far.
    More,
    No,
}

impl Pattern {
    #[inline]
    pub(super) fn exact(bytes: &[u8]) -> Self {
        Self(Vec::from([bytes.to_vec()]))
    }

    #[inline]
    pub(super) fn matches(&self, bytes: &[u8]) -> Match {
        let mut at = 0;
        for (i, part) in self.0.iter().enumerate() {
            if i > 0 {
                // A gap ends at the first place where the next part fits, and before the end of the line.
                let line = bytes[at..].iter().position(|b| matches!(b, b'\r' | b'\n'));
                let until = line.map_or(bytes.len(), |n| at + n);
                at = match (at..=until).find(|&p| bytes[p..].starts_with(part)) {
                    Some(p) => p,
                    None if line.is_some() && bytes.len() - until >= part.len() => return Match::No,
                    None => return Match::More,
                };
            }
            let have = &bytes[at..bytes.len().min(at + part.len())];
            if !part.starts_with(have) {
                return Match::No;
            }
            if have.len() < part.len() {
                return Match::More;
            }
            at += part.len();
        }
        Match::Whole(at)
    }

    /// Anything.
    #[cfg(feature = "std")]
    #[inline]
    pub(super) fn gap() -> Self {
        Self(Vec::from([Vec::new(), Vec::new()]))
    }

    #[inline]
    pub(super) fn push(&mut self, more: Self) {
        let is_open = self.0.len() > 1 && self.0.last().is_some_and(Vec::is_empty);
        let mut parts = more.0.into_iter().peekable();
        if is_open && parts.len() > 1 && parts.peek().is_some_and(Vec::is_empty) {
            // Two gaps in a row are one.
            self.0.pop();
            parts.next();
            self.0.extend(parts);
            return;
        }
        match (self.0.last_mut(), parts.next()) {
            (Some(last), Some(first)) => last.extend_from_slice(&first),
            (None, Some(first)) => self.0.push(first),
            _ => {}
        }
        self.0.extend(parts);
    }
}

impl fmt::Display for Pattern {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, part) in self.0.iter().enumerate() {
            if i > 0 {
                f.write_str("\\*")?;
            }
            for &b in part {
                match b {
                    b'\r' => f.write_str("\\r")?,
                    b'\n' => f.write_str("\\n")?,
                    b'\t' => f.write_str("\\t")?,
                    b'\\' => f.write_str("\\\\")?,
                    b' '..=b'~' => f.write_char(char::from(b))?,
                    _ => write!(f, "\\x{b:02x}")?,
                }
            }
        }
        Ok(())
    }
}

impl FromStr for Pattern {
    type Err = &'static str;

    #[inline]
    fn from_str(text: &str) -> core::result::Result<Self, &'static str> {
        let mut parts = Vec::from([Vec::new()]);
        let mut bytes = text.bytes();
        while let Some(b) = bytes.next() {
            let b = match b {
                b'\\' => match bytes.next() {
                    Some(b'r') => b'\r',
                    Some(b'n') => b'\n',
                    Some(b't') => b'\t',
                    Some(b'\\') => b'\\',
                    Some(b'*') => {
                        parts.push(Vec::new());
                        continue;
                    }
                    Some(b'x') => {
                        let mut digit = || bytes.next().and_then(|d| char::from(d).to_digit(16));
                        // Two digits of four bits.
                        let (Some(a), Some(b)) = (digit(), digit()) else { return Err("\\x needs two digits") };
                        (a << 4 | b) as u8
                    }
                    _ => return Err("unknown escape"),
                },
                b' '..=b'~' => b,
                _ => return Err("only ASCII stands unescaped"),
            };
            if let Some(last) = parts.last_mut() {
                last.push(b);
            }
        }
        Ok(Self(parts))
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Event {
    Dialled,
    Sent(Pattern),
    Received(Pattern),
    HalfClosed,
    Closed,
    Reset,
}

/// What went over connections, as text.
///
/// One event a line: the number of the connection, what happened, and bytes. A line of bytes ends where the bytes have a
/// line feed, so that a transcript reads like HTTP; lines that follow each other in the same direction are one.
///
/// ```text
/// # anything behind this is a comment
/// 1 +                                      dialled
/// 1 > GET /v1.41/info HTTP/1.1\r\n         sent by the client; \* stands for anything up to the end of the line
/// 1 < HTTP/1.1 200 OK\r\n                  received from the engine
/// 1 |                                      the client closed its writing side
/// 1 -                                      the engine closed the connection
/// 1 !                                      the connection was reset
/// ```
/// Escapes: `\r`, `\n`, `\t`, `\\`, `\xHH`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Transcript {
    events: Vec<(u32, Event)>,
}

impl Transcript {
    /// Reads a transcript.
    ///
    /// # Errors
    /// [`Usage`](crate::ErrorKind::Usage), naming the line.
    #[inline]
    pub fn parse(text: &str) -> Result<Self> {
        let mut transcript = Self::default();
        for (i, line) in text.lines().enumerate() {
            let refuse = |why: &str| Err(Error::usage(format!("line {} of the transcript: {why}: {line:?}", i + 1)));
            if line.trim().is_empty() || line.starts_with('#') {
                continue;
            }
            let Some((number, rest)) = line.split_once(' ') else { return refuse("no event") };
            let Ok(number) = number.parse() else { return refuse("no connection number") };
            let (what, bytes) = rest.split_at(rest.len().min(1));
            let pattern = match bytes.strip_prefix(' ').unwrap_or(bytes).parse::<Pattern>() {
                Ok(pattern) => pattern,
                Err(why) => return refuse(why),
            };
            let known = transcript.events.iter().any(|(n, _)| *n == number);
            transcript.push(
                number,
                match what {
                    "+" if known => return refuse("dialled a second time"),
                    "+" => Event::Dialled,
                    _ if !known => return refuse("not dialled yet"),
                    ">" => Event::Sent(pattern),
                    "<" if pattern.0.len() > 1 => return refuse("a gap in what the engine says"),
                    "<" => Event::Received(pattern),
                    "|" => Event::HalfClosed,
                    "-" => Event::Closed,
                    "!" => Event::Reset,
                    _ => return refuse("unknown event"),
                },
            );
        }
        Ok(transcript)
    }

    #[inline]
    pub(super) fn push(&mut self, number: u32, event: Event) {
        let last = self.events.iter_mut().rev().find(|(n, _)| *n == number).map(|(_, e)| e);
        match (last, event) {
            (Some(Event::Sent(p)), Event::Sent(more)) | (Some(Event::Received(p)), Event::Received(more)) => {
                p.push(more);
            }
            (_, event) => self.events.push((number, event)),
        }
    }

    /// Puts a gap in place of the values of a request field: what is secret, and what differs from run to run.
    #[inline]
    pub fn mask(&mut self, field: &str) {
        for (_, event) in &mut self.events {
            let Event::Sent(pattern) = event else { continue };
            let mut parts = Vec::new();
            for part in &pattern.0 {
                let mut rest = &part[..];
                while let Some((from, to)) = value_of(rest, field) {
                    parts.push(rest[..from].to_vec());
                    rest = &rest[to..];
                }
                parts.push(rest.to_vec());
            }
            pattern.0 = parts;
        }
    }
}

/// Where the value of the first such field stands, if there is one and its line is whole.
#[inline]
fn value_of(bytes: &[u8], field: &str) -> Option<(usize, usize)> {
    let mut at = 0;
    for line in bytes.split_inclusive(|&b| b == b'\n') {
        let name = line.get(..field.len()).filter(|n| n.eq_ignore_ascii_case(field.as_bytes()));
        if name.is_some() && line[field.len()..].starts_with(b": ") && line.ends_with(b"\r\n") {
            return Some((at + field.len() + 2, at + line.len() - 2));
        }
        at += line.len();
    }
    None
}

impl fmt::Display for Transcript {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, event) in &self.events {
            let (sign, pattern) = match event {
                Event::Dialled => ("+", None),
                Event::Sent(p) => (">", Some(p)),
                Event::Received(p) => ("<", Some(p)),
                Event::HalfClosed => ("|", None),
                Event::Closed => ("-", None),
                Event::Reset => ("!", None),
            };
            let Some(pattern) = pattern else {
                writeln!(f, "{number} {sign}")?;
                continue;
            };
            // The escape of a line feed ends a line; that of a backslash in front of an `n` is no line feed.
            let text = pattern.to_string();
            let mut line = String::new();
            let mut chars = text.chars();
            while let Some(c) = chars.next() {
                line.push(c);
                if c == '\\' {
                    let next = chars.next().unwrap_or_default();
                    line.push(next);
                    if next == 'n' {
                        writeln!(f, "{number} {sign} {}", core::mem::take(&mut line))?;
                    }
                }
            }
            if !line.is_empty() {
                writeln!(f, "{number} {sign} {line}")?;
            }
        }
        Ok(())
    }
}

impl FromStr for Transcript {
    type Err = Error;

    #[inline]
    fn from_str(text: &str) -> Result<Self> {
        Self::parse(text)
    }
}

impl From<Transcript> for Script {
    /// An engine that does what was recorded, connection by connection, and expects what was sent then, byte for byte but
    /// for the gaps.
    #[inline]
    fn from(transcript: Transcript) -> Self {
        let mut numbers: Vec<u32> = Vec::new();
        for (number, event) in &transcript.events {
            if *event == Event::Dialled {
                numbers.push(*number);
            }
        }
        let mut script = Self::new();
        for number in numbers {
            for (_, event) in transcript.events.iter().filter(|(n, _)| *n == number) {
                script = match event {
                    Event::Dialled => script.accept(),
                    Event::Sent(pattern) => script.expect_pattern(pattern.clone()),
                    Event::Received(pattern) => script.reply(pattern.0.concat()),
                    Event::HalfClosed => script.expect_end(),
                    Event::Closed => script.close(),
                    Event::Reset => script.reset(),
                };
            }
        }
        script
    }
}

/// Fields of a request that are never written down.
const SECRET: [&str; 3] = ["X-Registry-Auth", "X-Registry-Config", "Authorization"];

/// Writes a transcript as things happen: an adapter's transport reports to it.
#[derive(Clone, Debug, Default)]
pub struct Recorder {
    transcript: Transcript,
    dialled: u32,
}

impl Recorder {
    /// A recorder that saw nothing yet.
    #[inline]
    pub fn new() -> Self {
        Self::default()
    }

    /// A connection was made. Gives its number.
    #[inline]
    pub fn dialled(&mut self) -> u32 {
        self.dialled += 1;
        self.transcript.push(self.dialled, Event::Dialled);
        self.dialled
    }

    /// The client wrote this, and it was taken.
    #[inline]
    pub fn sent(&mut self, connection: u32, bytes: &[u8]) {
        if !bytes.is_empty() {
            self.transcript.push(connection, Event::Sent(Pattern::exact(bytes)));
        }
    }

    /// The engine said this; nothing is its end.
    #[inline]
    pub fn received(&mut self, connection: u32, bytes: &[u8]) {
        match bytes {
            [] => self.transcript.push(connection, Event::Closed),
            _ => self.transcript.push(connection, Event::Received(Pattern::exact(bytes))),
        }
    }

    /// The client closed its writing side.
    #[inline]
    pub fn half_closed(&mut self, connection: u32) {
        self.transcript.push(connection, Event::HalfClosed);
    }

    /// The connection broke.
    #[inline]
    pub fn reset(&mut self, connection: u32) {
        self.transcript.push(connection, Event::Reset);
    }

    /// What was seen so far, credentials left out.
    #[inline]
    pub fn transcript(&self) -> Transcript {
        let mut transcript = self.transcript.clone();
        SECRET.iter().for_each(|field| transcript.mask(field));
        transcript
    }
}
