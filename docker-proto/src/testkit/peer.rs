//! One end of a scripted connection.

use super::asked::{Asked, Parsed};
use super::script::Step;
use super::transcript::Match;
use alloc::collections::VecDeque;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::time::Duration;

/// How a scripted connection breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// Nobody reads what is written.
    BrokenPipe,
    /// The peer is gone.
    Reset,
}

impl fmt::Display for Fault {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::BrokenPipe => "broken pipe, as scripted",
            Self::Reset => "connection reset, as scripted",
        })
    }
}

impl core::error::Error for Fault {}

/// One scripted connection as a state machine: a transport calls it, nothing runs by itself. Time is an argument.
///
/// What is written is kept back until [`flush`](Self::flush), as a TLS transport does.
///
/// # Panics
/// All methods, if what comes is not what the script expects.
#[derive(Debug)]
pub struct Peer {
    number: usize,
    steps: VecDeque<Step>,
    /// Written and not flushed.
    held: Vec<u8>,
    /// Flushed and not looked at.
    seen: Vec<u8>,
    out: VecDeque<Vec<u8>>,
    pause: Option<Duration>,
    window: usize,
    /// How many bytes are taken yet.
    budget: usize,
    /// What comes of writing more than that.
    beyond: Option<Fault>,
    ignoring: bool,
    armed: bool,
    writes: Option<Fault>,
    /// The client closed its writing side.
    ended: bool,
    /// What a read finds behind the last byte.
    last: Option<Result<(), Fault>>,
}

impl Peer {
    #[inline]
    pub(super) fn new(number: usize, steps: Vec<Step>) -> Self {
        Self {
            number,
            steps: steps.into(),
            held: Vec::new(),
            seen: Vec::new(),
            out: VecDeque::new(),
            pause: None,
            window: usize::MAX,
            budget: usize::MAX,
            beyond: None,
            ignoring: false,
            armed: false,
            writes: None,
            ended: false,
            last: None,
        }
    }

    /// Which connection of its script this is, counted from 1.
    #[inline]
    pub fn number(&self) -> usize {
        self.number
    }

    /// The client writes. `None`: it has to wait.
    #[inline]
    pub fn write(&mut self, now: Duration, parts: &[&[u8]]) -> Option<Result<usize, Fault>> {
        self.advance(now);
        if self.budget == 0 && self.writes.is_none() {
            self.writes = self.beyond;
            self.advance(now);
        }
        if let Some(fault) = self.writes {
            return Some(Err(fault));
        }
        if self.budget == 0 {
            return None;
        }
        assert!(!self.ended, "connection {}: bytes behind the end of the client's writing side", self.number);
        let mut taken = 0;
        for part in parts {
            let n = part.len().min(self.window.min(self.budget) - taken);
            self.held.extend_from_slice(&part[..n]);
            taken += n;
        }
        // Without a limit there is none to be used up.
        self.budget -= if self.budget == usize::MAX { 0 } else { taken };
        Some(Ok(taken))
    }

    /// The client hands over what it wrote.
    #[inline]
    pub fn flush(&mut self, now: Duration) -> Option<Result<(), Fault>> {
        if let Some(fault) = self.writes {
            return Some(Err(fault));
        }
        self.seen.append(&mut self.held);
        self.advance(now);
        Some(Ok(()))
    }

    /// The client closes its writing side.
    #[inline]
    pub fn end(&mut self, now: Duration) {
        self.seen.append(&mut self.held);
        self.ended = true;
        self.advance(now);
    }

    /// The client reads; 0 is the end. `None`: it has to wait.
    #[inline]
    pub fn read(&mut self, now: Duration, room: &mut [u8]) -> Option<Result<usize, Fault>> {
        self.advance(now);
        let Some(mut piece) = self.out.pop_front() else {
            return self.last.map(|end| end.map(|()| 0));
        };
        let n = piece.len().min(room.len());
        room[..n].copy_from_slice(&piece[..n]);
        if n < piece.len() {
            self.out.push_front(piece.split_off(n));
        }
        Some(Ok(n))
    }

    /// Whether a read would find nothing and no end.
    #[inline]
    pub fn is_silent(&mut self, now: Duration) -> bool {
        self.advance(now);
        self.out.is_empty() && self.last.is_none()
    }

    /// When something will happen by itself.
    #[inline]
    pub fn wakes_at(&self) -> Option<Duration> {
        self.pause
    }

    /// What of the script was not done; a connection may end while it stalls.
    #[inline]
    pub fn left(&self) -> Option<String> {
        let next = self.steps.front().filter(|s| !matches!(s, Step::Stall))?;
        Some(match next {
            Step::Reply(_) | Step::Close | Step::Reset => format!("connection {}: not yet said", self.number),
            step => format!("connection {}: still waits for {}", self.number, Waits(step)),
        })
    }

    #[inline]
    fn advance(&mut self, now: Duration) {
        while let Some(step) = self.steps.front() {
            match step {
                Step::Expect(want) => match Asked::parse(&self.seen) {
                    Parsed::Whole(asked, used) => {
                        self.check(want.breaks(&asked), &asked);
                        self.seen.drain(..used);
                    }
                    // A wrong head is told at once: its body may never come.
                    Parsed::Begun(asked) => return self.check(want.head_breaks(&asked), &asked),
                    other => return self.incomplete(other, step),
                },
                Step::Begin(want) => match Asked::parse(&self.seen) {
                    Parsed::Whole(asked, _) | Parsed::Begun(asked) => {
                        self.check(want.head_breaks(&asked), &asked);
                        self.seen.drain(..asked.head().len());
                    }
                    other => return self.incomplete(other, step),
                },
                Step::Bytes(pattern) => match pattern.matches(&self.seen) {
                    Match::Whole(used) => drop(self.seen.drain(..used)),
                    Match::More if !self.ended => return,
                    _ => panic!(
                        "connection {}: expected the bytes {pattern}; came \"{}\"",
                        self.number,
                        self.seen.escape_ascii()
                    ),
                },
                Step::ExpectEnd if self.ended && self.seen.is_empty() => {}
                Step::ExpectEnd if self.seen.is_empty() => return,
                Step::ExpectEnd => self.unexpected("the end of the client's writing side"),
                Step::Reply(pieces) => self.out.extend(pieces.iter().cloned()),
                Step::Pause(time) => {
                    let until = *self.pause.get_or_insert(now + *time);
                    if now < until {
                        return;
                    }
                    self.pause = None;
                }
                Step::Stall => return,
                Step::Close => self.last = Some(Ok(())),
                Step::Reset => {
                    (self.last, self.writes) = (Some(Err(Fault::Reset)), Some(Fault::Reset));
                }
                Step::BreakWrites(n) => {
                    if !self.armed {
                        (self.armed, self.budget, self.beyond) = (true, *n, Some(Fault::BrokenPipe));
                    }
                    if self.writes.is_none() {
                        return;
                    }
                    self.ignoring = true;
                }
                Step::Jam(n) => (self.budget, self.ignoring) = (*n, true),
                Step::Window(n) => self.window = *n,
                Step::Ignore => self.ignoring = true,
            }
            self.steps.pop_front();
        }
        if !self.seen.is_empty() && !self.ignoring && self.last.is_none() {
            self.unexpected("nothing more");
        }
        if self.ignoring {
            self.seen.clear();
        }
    }

    #[inline]
    fn check(&self, broken: Option<String>, asked: &Asked) {
        if let Some(rule) = broken {
            panic!("connection {}: expected {rule}; came {asked:?}", self.number);
        }
    }

    #[inline]
    fn incomplete(&self, parsed: Parsed, step: &Step) {
        if let Parsed::Bad(why) = parsed {
            panic!("connection {}: expected {}; came something else: {why}", self.number, Waits(step));
        }
        if self.ended {
            self.unexpected(&format!("{}", Waits(step)));
        }
    }

    #[inline]
    fn unexpected(&self, wanted: &str) -> ! {
        let end = if self.ended { ", then the end of the client's writing side" } else { "" };
        panic!("connection {}: expected {wanted}; came \"{}\"{end}", self.number, self.seen.escape_ascii());
    }
}

/// What a step waits for, in words.
struct Waits<'a>(&'a Step);

impl fmt::Display for Waits<'_> {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Step::Expect(want) => want.fmt(f),
            Step::Begin(want) => write!(f, "the head of {want}"),
            Step::Bytes(pattern) => write!(f, "the bytes {pattern}"),
            Step::ExpectEnd => f.write_str("the end of the client's writing side"),
            Step::BreakWrites(_) => f.write_str("an attempt to write"),
            Step::Pause(time) => write!(f, "{time:?} to pass"),
            other => write!(f, "{other:?}"),
        }
    }
}
