//! What goes over the wire, for people to read.

use super::{Observer, Part, Piece, Reveal, Wire};
use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use core::fmt;
use core::mem;
use std::sync::{Mutex, PoisonError};

/// Prints what goes over the wire: heads line by line, JSON indented, other bodies as their lengths, each line with the number
/// of its connection and its direction. Secrets stand there as `***`.
///
/// ```
/// use docker_proto::observe::{Printer, Reveal};
///
/// let printer = Printer::new(|line| eprintln!("{line}"));
/// let more = Printer::new(|line| eprintln!("{line}")).reveal(Reveal::new().field("X-Request-Id"));
/// // Docker::builder().observer(printer)
/// ```
/// ```text
/// 1 + dialled
/// 1 > POST /v1.51/containers/create?name=web HTTP/1.1
/// 1 > X-Registry-Auth: ***
/// 1 >
/// 1 > {
/// 1 >   "Image": "alpine",
/// 1 >   "Env": [
/// 1 >     "TOKEN=***"
/// ```
pub struct Printer {
    print: Mutex<State>,
    reveal: Reveal,
}

struct State {
    print: Box<dyn FnMut(&str) + Send>,
    /// By connection, and whether it is what the engine says.
    ways: BTreeMap<(u64, bool), Way>,
}

/// One direction of a connection: the line that is not printed yet.
#[derive(Default)]
struct Way {
    line: String,
    part: Option<Part>,
    depth: usize,
    is_text: bool,
    is_escaped: bool,
    /// The line ends with a bracket; what is in it goes on lines of its own, if there is anything.
    is_opened: bool,
    /// Bytes of an opaque body.
    counted: usize,
    is_masked: bool,
}

impl Printer {
    /// Gives each line to `print`, without a line end.
    #[inline]
    pub fn new(print: impl FnMut(&str) + Send + 'static) -> Self {
        let state = State { print: Box::new(print), ways: BTreeMap::new() };
        Self { print: Mutex::new(state), reveal: Reveal::new() }
    }

    /// Shows more, or less.
    #[must_use]
    #[inline]
    pub fn reveal(mut self, reveal: Reveal) -> Self {
        self.reveal = reveal;
        self
    }
}

impl Observer for Printer {
    #[inline]
    fn tap(&self) -> Option<Reveal> {
        Some(self.reveal.clone())
    }

    #[inline]
    fn wire(&self, connection: u64, _: u64, wire: Wire<'_>) {
        let mut state = self.print.lock().unwrap_or_else(PoisonError::into_inner);
        match wire {
            Wire::Sent(pieces) => state.moved(connection, false, pieces),
            Wire::Received(pieces) => state.moved(connection, true, pieces),
            Wire::Dialled => state.happened(connection, "+ dialled"),
            Wire::HalfClosed => state.happened(connection, "> (half-closed)"),
            Wire::Ended => state.happened(connection, "< (ended)"),
            Wire::Broke => state.happened(connection, "! (broke)"),
        }
    }
}

impl fmt::Debug for Printer {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Printer").field("reveal", &self.reveal).finish_non_exhaustive()
    }
}

impl State {
    #[inline]
    fn happened(&mut self, connection: u64, what: &str) {
        for is_answer in [false, true] {
            if let Some(way) = self.ways.get_mut(&(connection, is_answer)) {
                way.line_end(&prefix(connection, is_answer), &mut self.print);
            }
        }
        (self.print)(&format!("{connection} {what}"));
        if what.starts_with(['!', '<']) {
            self.ways.retain(|(number, _), _| *number != connection);
        }
    }

    #[inline]
    fn moved(&mut self, connection: u64, is_answer: bool, pieces: &[Piece<'_>]) {
        let way = self.ways.entry((connection, is_answer)).or_default();
        let prefix = prefix(connection, is_answer);
        for piece in pieces {
            way.piece(piece, &prefix, &mut self.print);
        }
        // What may be all there is for a long time is seen at once.
        let is_whole = match way.part {
            Some(Part::Json) => way.depth == 0 && !way.is_text,
            Some(Part::Head) => false,
            _ => true,
        };
        if is_whole {
            way.line_end(&prefix, &mut self.print);
        }
    }
}

#[inline]
fn prefix(connection: u64, is_answer: bool) -> String {
    format!("{connection} {} ", if is_answer { '<' } else { '>' })
}

impl Way {
    #[inline]
    fn line_end(&mut self, prefix: &str, print: &mut dyn FnMut(&str)) {
        if self.counted > 0 {
            self.line += &format!("[{} bytes]", mem::take(&mut self.counted));
        }
        if !self.line.is_empty() {
            print(format!("{prefix}{}", mem::take(&mut self.line)).trim_end());
        }
    }

    #[inline]
    fn piece(&mut self, piece: &Piece<'_>, prefix: &str, print: &mut dyn FnMut(&str)) {
        if piece.part == Part::Framing {
            return;
        }
        if self.part != Some(piece.part) {
            self.line_end(prefix, print);
            (self.part, self.depth, self.is_text, self.is_escaped) = (Some(piece.part), 0, false, false);
        }
        if piece.shown.is_none() && mem::take(&mut self.is_opened) {
            self.indent(prefix, print);
        }
        let Some(bytes) = piece.shown else {
            match piece.part {
                Part::Opaque => self.counted += piece.len,
                // Once, in however many pieces it comes.
                _ if self.is_masked => {}
                _ => self.line += "***",
            }
            self.is_masked = true;
            return;
        };
        self.is_masked = false;
        let text = String::from_utf8_lossy(bytes);
        match piece.part {
            Part::Json => text.chars().for_each(|c| self.json(c, prefix, print)),
            _ => {
                for c in text.chars() {
                    match c {
                        '\n' if self.line.is_empty() => print(prefix.trim_end()),
                        '\n' => self.line_end(prefix, print),
                        '\r' => {}
                        c => self.line.extend(escaped(c).chars()),
                    }
                }
            }
        }
    }

    #[inline]
    fn json(&mut self, c: char, prefix: &str, print: &mut dyn FnMut(&str)) {
        if self.is_text {
            let is_end = c == '"' && !self.is_escaped;
            self.is_escaped = c == '\\' && !self.is_escaped;
            self.is_text = !is_end;
            self.line += &escaped(c);
            return;
        }
        if c.is_whitespace() {
            return;
        }
        if mem::take(&mut self.is_opened) && !matches!(c, '}' | ']') {
            self.indent(prefix, print);
        }
        match c {
            '"' => {
                self.is_text = true;
                self.line.push(c);
            }
            '{' | '[' => {
                self.line.push(c);
                self.depth += 1;
                self.is_opened = true;
            }
            '}' | ']' => {
                self.depth = self.depth.saturating_sub(1);
                if !self.line.ends_with(['{', '[']) {
                    self.indent(prefix, print);
                }
                self.line.push(c);
                if self.depth == 0 {
                    self.line_end(prefix, print);
                }
            }
            ',' => {
                self.line.push(c);
                self.indent(prefix, print);
            }
            ':' => self.line += ": ",
            c => self.line += &escaped(c),
        }
    }

    #[inline]
    fn indent(&mut self, prefix: &str, print: &mut dyn FnMut(&str)) {
        self.line_end(prefix, print);
        self.line = "  ".repeat(self.depth.min(MAX_INDENT));
    }
}

/// Deeper levels are not indented any further.
const MAX_INDENT: usize = 32;

/// Nothing that a terminal would obey.
#[inline]
fn escaped(c: char) -> Cow<'static, str> {
    if c.is_control() { format!("{}", c.escape_default()).into() } else { String::from(c).into() }
}
