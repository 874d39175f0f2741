//! What was delivered, and what of a stream that was asked again is new.

use super::{Gap, GapReason, OVERLAP, clock};
use crate::model::Timestamp;
use crate::wire::ResponseHead;
use crate::{Error, Result};
use alloc::format;
use core::fmt;
use core::str::FromStr;

/// What one item is known by: which of the streams it is of, its time, and a hash of what it says.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mark {
    pub(super) lane: Lane,
    pub(super) at: Timestamp,
    pub(super) hash: u64,
}

/// One of the streams that come as one, each with times of its own that do not run backwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lane {
    First,
    Second,
}

/// Where in its lane an item stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    lane: Lane,
    at: Timestamp,
    /// Its number among those of its lane and time, from 1.
    nth: u64,
    /// Of itself and all those before it of its lane and time; if they are not sure, of itself.
    hash: u64,
    /// Whether that number is the same however the stream is asked for.
    sure: bool,
}

/// Up to where a stream was delivered: a small value to be stored, as text, by a program that goes on after a restart.
///
/// The text has no blanks; what is in it is of this crate's own making and may be extended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    last: Place,
    /// The time of the youngest; the last is older if lanes overlap, or the clock went back.
    youngest: Timestamp,
}

impl Position {
    /// The time of the last item that was delivered.
    #[inline]
    pub fn timestamp(&self) -> Timestamp {
        self.last.at
    }
}

/// What an item is to somebody who may have had it.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Delivered,
    New(Place, Option<Gap>),
}

#[derive(Debug, Default)]
pub(super) struct Track {
    /// As of what the caller has.
    position: Option<Position>,
    /// The engine's clock went back to this moment: from it on, whatever was delivered before.
    went_back: Option<Timestamp>,
    /// The last item has to come back before anything is new.
    proving: bool,
    /// Number and hash of the last item were not enough to tell it from others: what comes next may be from before it.
    indistinct: bool,
    /// What came on this connection, by lane: the last time, how many of it, and the hash of them all.
    came: [Option<(Timestamp, u64, Hash)>; 2],
    first: [Option<Timestamp>; 2],
    youngest: [Option<Timestamp>; 2],
    /// This connection may have begun in the middle of several items of the same time.
    cut: bool,
}

impl Track {
    #[inline]
    pub(super) fn at(position: Position) -> Self {
        Self { position: Some(position), ..Self::default() }
    }

    #[inline]
    pub(super) fn position(&self) -> Option<Position> {
        self.position
    }

    /// From when on to ask again; `None` from the beginning.
    #[inline]
    pub(super) fn since(&self) -> Option<Timestamp> {
        before(self.went_back.or_else(|| self.last())?)
    }

    /// A connection begins. The last item has to come back on it, unless it is of a time that the clock has not come to again.
    #[inline]
    pub(super) fn open(&mut self, cut: bool) {
        let proving = self.position.is_some() && self.went_back.is_none();
        *self = Self { position: self.position, went_back: self.went_back, proving, cut, ..Self::default() };
    }

    /// What the head of an answer tells of the engine's clock. If that went back, what happens now is older than what was asked
    /// for, and would not come: then this is the gap, and the stream has to be asked for again.
    #[inline]
    pub(super) fn begun(&mut self, head: &ResponseHead) -> Option<Gap> {
        /// The date of an answer is in whole seconds.
        const COARSE: i64 = 1;
        let (last, now) = (self.last()?, clock::date(head)?);
        if self.went_back.is_some() || last.seconds <= now.seconds.saturating_add(COARSE) {
            return None;
        }
        self.went_back = Some(now);
        Some(Gap { after: Some(last), until: Some(now), reason: GapReason::ClockWentBack })
    }

    /// The stream has ended for good: what is missing if the last item did not come back.
    #[inline]
    pub(super) fn finish(&self) -> Option<Gap> {
        self.proving.then(|| Gap { after: self.last(), until: None, reason: GapReason::Forgotten })
    }

    /// The time of the last item.
    #[inline]
    fn last(&self) -> Option<Timestamp> {
        self.position.map(|p| p.last.at)
    }

    /// Whether the last item is still awaited.
    #[inline]
    pub(super) fn is_proving(&self) -> bool {
        self.proving
    }

    /// An item came.
    #[inline]
    pub(super) fn came(&mut self, mark: Mark) -> Verdict {
        let place = self.place(mark);
        let Some(Position { last, youngest }) = self.position.filter(|_| self.proving) else {
            let again = self.indistinct && self.position.is_some_and(|p| place.at <= p.youngest);
            self.indistinct = false;
            return Verdict::New(place, again.then(|| self.gap(place, GapReason::Indistinct)));
        };
        if place.lane == last.lane && place.at == last.at {
            if !last.sure {
                // It is the first that says the same, or one behind it: nothing is missed.
                (self.proving, self.indistinct) = (mark.hash != last.hash, mark.hash == last.hash);
                return Verdict::Delivered;
            }
            if place.nth < last.nth {
                return Verdict::Delivered;
            }
            // Something else in its place: this is another log.
            self.proving = false;
            return match place.hash == last.hash {
                true => Verdict::Delivered,
                false => Verdict::New(place, Some(self.gap(place, GapReason::Forgotten))),
            };
        }
        // What was delivered is no younger than the youngest. What is no younger and was not delivered, because it was not
        // asked for or the last item is gone, is left out, and behind it comes something that is younger, or the end.
        if place.at <= youngest {
            return Verdict::Delivered;
        }
        self.proving = false;
        Verdict::New(place, Some(self.gap(place, GapReason::Forgotten)))
    }

    #[inline]
    fn place(&mut self, Mark { lane, at, hash }: Mark) -> Place {
        let i = lane as usize;
        let first = *self.first[i].get_or_insert(at);
        let (nth, all) = match self.came[i] {
            Some((last, n, all)) if last == at => (n + 1, all),
            _ => (1, Hash::new()),
        };
        let all = all.and(&hash.to_be_bytes());
        self.came[i] = Some((at, nth, all));
        // Where the clock went back, a whole second may come a second time.
        let youngest = *self.youngest[i].insert(self.youngest[i].map_or(at, |youngest| youngest.max(at)));
        let again = at.nanos == 0 && at < youngest;
        let sure = !(again || self.cut && at == first);
        Place { lane, at, nth, hash: if sure { all.0 } else { hash }, sure }
    }

    #[inline]
    fn gap(&self, place: Place, reason: GapReason) -> Gap {
        Gap { after: self.last(), until: Some(place.at), reason }
    }

    /// The caller has it.
    #[inline]
    pub(super) fn delivered(&mut self, place: Place) {
        let youngest = self.position.map_or(place.at, |p| p.youngest.max(place.at));
        self.position = Some(Position { last: place, youngest });
        self.went_back = None;
    }
}

/// A moment [`OVERLAP`] before another; `None` before 1970, which engines do not take.
#[inline]
fn before(at: Timestamp) -> Option<Timestamp> {
    // A second or so.
    let seconds = at.seconds.checked_sub(OVERLAP.as_secs() as i64).filter(|&s| s > 0)?;
    Some(Timestamp::new(seconds, at.nanos))
}

/// FNV-1a, 64 bits: to tell items apart, not to protect them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hash(pub(super) u64);

impl Hash {
    #[inline]
    pub(super) fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    #[inline]
    pub(super) fn and(mut self, bytes: &[u8]) -> Self {
        for &byte in bytes {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        self
    }
}

impl fmt::Display for Position {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Place { lane, at, nth, hash, sure } = self.last;
        let lane = if lane == Lane::First { 1 } else { 2 };
        write!(f, "{lane}:{at}:{nth}{}:{hash:016x}:{}", if sure { "" } else { "?" }, self.youngest)
    }
}

impl FromStr for Position {
    type Err = Error;

    /// Reads what was written by [`Display`](fmt::Display).
    #[inline]
    fn from_str(text: &str) -> Result<Self> {
        parse(text).ok_or_else(|| {
            Error::usage(format!(
                "{text:?} is no position of a stream: not five parts between colons, as it was stored"
            ))
        })
    }
}

#[inline]
fn parse(text: &str) -> Option<Position> {
    let mut parts = text.split(':');
    let mut part = || parts.next();
    let lane = match part()? {
        "1" => Lane::First,
        "2" => Lane::Second,
        _ => return None,
    };
    let at = part()?.parse().ok()?;
    let nth = part()?;
    let (nth, sure) = nth.strip_suffix('?').map_or((nth, true), |nth| (nth, false));
    let nth = nth.parse().ok().filter(|&nth| nth > 0)?;
    let hash = u64::from_str_radix(part()?, 16).ok()?;
    let youngest = part()?.parse().ok()?;
    match part() {
        None => Some(Position { last: Place { lane, at, nth, hash, sure }, youngest }),
        Some(_) => None,
    }
}
