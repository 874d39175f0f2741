//! Which bytes of a connection may be shown.
//!
//! A byte is decided on by the bytes before it alone, so however a message is split, the same bytes are hidden.

mod json;
mod names;
#[cfg(test)]
mod tests;

use self::json::Json;
use self::names::Urls;
use super::{Bodies, Part, Piece, Reveal};
use alloc::boxed::Box;
use alloc::vec::Vec;
use core::mem;

/// Longer names of fields and parameters are hidden with their values.
const MAX_NAME: usize = 96;
/// As much of a value as frames a message.
const MAX_VALUE: usize = 96;

/// Reads the messages of one direction of a connection, and says of each byte whether it may be shown.
#[derive(Debug)]
pub(super) struct Mask {
    reveal: Reveal,
    is_answer: bool,
    /// The answer to a HEAD has no body, whatever its head says.
    is_bodiless: bool,
    at: At,
    head: Head,
    json: Option<Box<Json>>,
    shows_opaque: bool,
    /// An opaque body is text for people.
    words: Option<Urls>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum At {
    /// In a head.
    Head(Line),
    Body(Framing),
    /// After a message: nothing is expected.
    After,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Line {
    /// Up to the target of a request, or all of a status line.
    First,
    /// The name of a parameter in the target.
    Parameter,
    /// Its value, shown or not.
    Argument(bool),
    /// The name of a field, or the line feed of the empty line.
    Name,
    /// Its value, shown or not.
    Field(bool),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Framing {
    Length(u64),
    /// The size line of a chunk: the size so far, and whether its digits have ended.
    Size(u64, bool),
    Chunk(u64),
    /// The line end behind a chunk.
    ChunkEnd,
    /// The trailer, and whether its line is empty so far.
    Trailer(bool),
    UntilClose,
}

/// What was seen of a head.
#[derive(Debug, Default)]
struct Head {
    /// Bytes of the first line.
    first: usize,
    status: u16,
    name: Vec<u8>,
    value: Vec<u8>,
    length: Option<u64>,
    is_chunked: bool,
    is_json: bool,
    is_text: bool,
    is_upgrade: bool,
}

impl Mask {
    /// Of a request.
    #[inline]
    pub(super) fn request(reveal: Reveal) -> Self {
        Self::new(reveal, false, false)
    }

    /// Of the answer, to a HEAD or not.
    #[inline]
    pub(super) fn answer(reveal: Reveal, to_head: bool) -> Self {
        Self::new(reveal, true, to_head)
    }

    #[inline]
    fn new(reveal: Reveal, is_answer: bool, is_bodiless: bool) -> Self {
        let at = At::Head(Line::First);
        Self { reveal, is_answer, is_bodiless, at, head: Head::default(), json: None, shows_opaque: false, words: None }
    }

    /// Everything in a session that was opened: no messages any more.
    #[inline]
    pub(super) fn session(reveal: Reveal) -> Self {
        let shows_opaque = reveal.bodies == Bodies::All;
        let mut mask = Self::new(reveal, true, false);
        (mask.at, mask.shows_opaque) = (At::Body(Framing::UntilClose), shows_opaque);
        mask
    }

    /// Cuts what came next into pieces.
    #[inline]
    pub(super) fn feed<'a>(&mut self, bytes: &'a [u8], pieces: &mut Vec<Piece<'a>>) {
        // Bytes from here on are alike.
        let (mut from, mut alike) = (0, None);
        let mut at = 0;
        while let Some(&b) = bytes.get(at) {
            let whole = self.whole(bytes.len() - at);
            let now = if whole > 0 { (Part::Opaque, self.shows_opaque) } else { self.step(b) };
            if let Some((part, shown)) = alike.filter(|&before| before != now) {
                pieces.push(Piece::new(part, &bytes[from..at], shown));
                from = at;
            }
            alike = Some(now);
            at += whole.max(1);
        }
        if let Some((part, shown)) = alike {
            pieces.push(Piece::new(part, &bytes[from..], shown));
        }
    }

    /// How many of the next bytes need not be looked at one by one: those of a body that is no JSON.
    #[inline]
    fn whole(&mut self, bytes: usize) -> usize {
        match &mut self.at {
            _ if self.json.is_some() || self.words.is_some() => 0,
            At::Body(Framing::UntilClose) => bytes,
            // The last byte changes what comes next.
            At::Body(Framing::Length(left) | Framing::Chunk(left)) => {
                let n = usize::try_from(*left - 1).map_or(bytes, |n| n.min(bytes));
                *left -= n as u64;
                n
            }
            _ => 0,
        }
    }

    #[inline]
    fn step(&mut self, b: u8) -> (Part, bool) {
        match self.at {
            At::Head(line) => (Part::Head, self.in_head(line, b)),
            At::Body(framing) => self.in_body(framing, b),
            At::After => (Part::Opaque, false),
        }
    }

    #[inline]
    fn in_head(&mut self, line: Line, b: u8) -> bool {
        let head = &mut self.head;
        if b == b'\n' {
            if let Line::Field(_) = line {
                head.field();
            }
            let is_end = line == Line::Name && head.name.is_empty();
            head.name.clear();
            head.value.clear();
            self.at = At::Head(Line::Name);
            if is_end {
                self.begin_body();
            }
            return true;
        }
        match line {
            Line::First => {
                if self.is_answer && (9..12).contains(&head.first) && b.is_ascii_digit() {
                    head.status = head.status * 10 + u16::from(b - b'0');
                }
                head.first += 1;
                if !self.is_answer && b == b'?' {
                    self.at = At::Head(Line::Parameter);
                }
                true
            }
            Line::Parameter => {
                match b {
                    b'=' => {
                        let hidden = head.name.len() > MAX_NAME || names::parameter_is_hidden(&head.name);
                        self.at = At::Head(Line::Argument(!hidden));
                    }
                    b' ' => self.at = At::Head(Line::First),
                    b'&' => head.name.clear(),
                    b if head.name.len() <= MAX_NAME => head.name.push(b),
                    _ => {}
                }
                true
            }
            Line::Argument(shown) => {
                match b {
                    b'&' => self.at = At::Head(Line::Parameter),
                    b' ' => self.at = At::Head(Line::First),
                    _ => return shown,
                }
                head.name.clear();
                true
            }
            Line::Name => {
                match b {
                    b':' => {
                        let known =
                            head.name.len() <= MAX_NAME && names::field_is_shown(&head.name, &self.reveal.fields);
                        self.at = At::Head(Line::Field(known));
                    }
                    b'\r' => {}
                    b if head.name.len() <= MAX_NAME => head.name.push(b),
                    _ => {}
                }
                true
            }
            Line::Field(shown) => {
                if b == b'\r' || (b == b' ' && head.value.is_empty()) {
                    return true;
                }
                if head.value.len() < MAX_VALUE {
                    head.value.push(b.to_ascii_lowercase());
                }
                shown
            }
        }
    }

    #[inline]
    fn begin_body(&mut self) {
        let head = mem::take(&mut self.head);
        if self.is_answer && (100..200).contains(&head.status) && head.status != 101 {
            self.at = At::Head(Line::First);
            return;
        }
        let is_error_text = head.is_text && head.status >= 400;
        self.words = is_error_text.then(Urls::default);
        self.shows_opaque = match self.reveal.bodies {
            Bodies::None => false,
            Bodies::Json => is_error_text,
            Bodies::All => true,
        };
        self.json = (head.is_json && self.reveal.bodies != Bodies::None).then(Box::default);
        let is_session = if self.is_answer { head.status == 101 } else { head.is_upgrade };
        self.at = match head.length {
            _ if is_session && !self.is_answer && head.length.is_some_and(|n| n > 0) => {
                At::Body(Framing::Length(head.length.unwrap_or_default()))
            }
            _ if is_session => {
                (self.json, self.shows_opaque) = (None, self.reveal.bodies == Bodies::All);
                At::Body(Framing::UntilClose)
            }
            _ if self.is_bodiless || matches!(head.status, 204 | 304) => At::After,
            _ if head.is_chunked => At::Body(Framing::Size(0, false)),
            Some(0) => At::After,
            Some(n) => At::Body(Framing::Length(n)),
            None if self.is_answer => At::Body(Framing::UntilClose),
            None => At::After,
        };
    }

    #[inline]
    fn in_body(&mut self, framing: Framing, b: u8) -> (Part, bool) {
        let next = match framing {
            Framing::Length(1) => At::After,
            Framing::Length(n) => At::Body(Framing::Length(n - 1)),
            Framing::Chunk(1) => At::Body(Framing::ChunkEnd),
            Framing::Chunk(n) => At::Body(Framing::Chunk(n - 1)),
            Framing::UntilClose => self.at,
            Framing::Size(..) | Framing::ChunkEnd | Framing::Trailer(_) => {
                self.at = Self::in_framing(framing, b);
                // Extensions and trailers may say anything.
                return (Part::Framing, matches!(framing, Framing::Size(_, false) | Framing::ChunkEnd) || b <= b' ');
            }
        };
        self.at = next;
        match (&mut self.json, &mut self.words) {
            (Some(json), _) => (Part::Json, json.shows(b)),
            (None, Some(words)) => (Part::Opaque, words.shows(b) && self.shows_opaque),
            (None, None) => (Part::Opaque, self.shows_opaque),
        }
    }

    #[inline]
    fn in_framing(framing: Framing, b: u8) -> At {
        At::Body(match (framing, b) {
            (Framing::Size(0, _), b'\n') => Framing::Trailer(true),
            (Framing::Size(n, _), b'\n') => Framing::Chunk(n),
            (Framing::Size(n, false), b) => match char::from(b).to_digit(16) {
                Some(digit) => Framing::Size(n.saturating_mul(16).saturating_add(digit.into()), false),
                None => Framing::Size(n, true),
            },
            (Framing::ChunkEnd, b'\n') => Framing::Size(0, false),
            (Framing::Trailer(true), b'\n') => return At::After,
            (Framing::Trailer(_), b'\n') => Framing::Trailer(true),
            (Framing::Trailer(empty), b) => Framing::Trailer(empty && b == b'\r'),
            (other, _) => other,
        })
    }
}

impl Head {
    /// A field has ended.
    #[inline]
    fn field(&mut self) {
        let value = self.value.trim_ascii();
        let is = |name: &[u8]| self.name.eq_ignore_ascii_case(name);
        if is(b"content-length") {
            self.length = core::str::from_utf8(value).ok().and_then(|text| text.parse().ok());
        } else if is(b"transfer-encoding") {
            self.is_chunked = value.ends_with(b"chunked");
        } else if is(b"upgrade") {
            self.is_upgrade = true;
        } else if is(b"content-type") {
            let media = value.split(|&b| b == b';').next().unwrap_or_default().trim_ascii();
            self.is_json = media.ends_with(b"json") || media == b"application/json-seq";
            self.is_text = media.starts_with(b"text/");
        }
    }
}
