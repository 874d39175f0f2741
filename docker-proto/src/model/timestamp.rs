//! Moments, as requests carry them.

use crate::{Error, Result};
use alloc::format;
use core::fmt;
use core::str::FromStr;
use core::time::Duration;
use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A moment, counted from the start of 1970 in UTC.
///
/// Engines take nothing but `seconds[.nanoseconds]`, which is what [`Display`](fmt::Display) writes. Parsing also
/// takes RFC 3339, so that a time from an answer can be sent back. In the bounds of logs and events, 0 means unset.
///
/// ```
/// use docker_proto::model::Timestamp;
///
/// let moment: Timestamp = "2024-01-02T03:04:05.5+01:00".parse()?;
/// assert_eq!(moment.to_string(), "1704161045.500000000");
/// # Ok::<(), docker_proto::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp {
    /// Whole seconds, rounded down; negative before 1970.
    pub seconds: i64,
    /// Nanoseconds after that second, below 1 000 000 000.
    pub nanos: u32,
}

const NANOS_PER_SECOND: u32 = 1_000_000_000;

impl Timestamp {
    /// The moment `nanos` nanoseconds after `seconds`; whole seconds in `nanos` are carried over.
    #[must_use]
    #[inline]
    pub const fn new(seconds: i64, nanos: u32) -> Self {
        let carried = (nanos / NANOS_PER_SECOND) as i64;
        Self { seconds: seconds.saturating_add(carried), nanos: nanos % NANOS_PER_SECOND }
    }

    /// Reads `seconds[.fraction]` or RFC 3339. Digits of a fraction after the ninth are dropped.
    #[inline]
    pub fn parse(text: &str) -> Result<Self> {
        unix(text)
            .or_else(|| rfc3339(text.as_bytes()))
            .ok_or_else(|| Error::usage(format!("{text:?} is no time: neither seconds[.nanoseconds] nor RFC 3339")))
    }
}

#[inline]
fn unix(text: &str) -> Option<Timestamp> {
    let (seconds, fraction) = text.split_once('.').map_or((text, None), |(s, f)| (s, Some(f)));
    let digits = seconds.strip_prefix('-').unwrap_or(seconds);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let nanos = match fraction.map(|f| leading_fraction(f.as_bytes())) {
        None => 0,
        Some(Some((nanos, []))) => nanos,
        Some(_) => return None,
    };
    Some(Timestamp { seconds: seconds.parse().ok()?, nanos })
}

/// One or more digits after a point as nanoseconds, and what follows them.
#[inline]
fn leading_fraction(text: &[u8]) -> Option<(u32, &[u8])> {
    let digits = text.iter().take_while(|b| b.is_ascii_digit()).count();
    let (fraction, rest) = text.split_at_checked(digits)?;
    let padded = fraction.iter().chain(core::iter::repeat(&b'0')).take(9);
    (digits > 0).then(|| (padded.fold(0, |nanos, b| nanos * 10 + u32::from(b - b'0')), rest))
}

#[inline]
fn rfc3339(text: &[u8]) -> Option<Timestamp> {
    let (year, rest) = number(text, 4, 0..=9999)?;
    let (month, rest) = number(after(rest, b"-")?, 2, 1..=12)?;
    let (day, rest) = number(after(rest, b"-")?, 2, 1..=days_in(year, month))?;
    let (hour, rest) = number(after(rest, b"Tt ")?, 2, 0..=23)?;
    let (minute, rest) = number(after(rest, b":")?, 2, 0..=59)?;
    // 60 is a leap second, which is counted as the second after it.
    let (second, rest) = number(after(rest, b":")?, 2, 0..=60)?;
    let (nanos, rest) = match after(rest, b".,") {
        Some(fraction) => leading_fraction(fraction)?,
        None => (0, rest),
    };
    let offset = match *rest {
        [b'Z' | b'z'] => 0,
        [sign @ (b'+' | b'-'), ref rest @ ..] => {
            let (hours, rest) = number(rest, 2, 0..=23)?;
            let (minutes, []) = number(after(rest, b":")?, 2, 0..=59)? else { return None };
            (hours * 3600 + minutes * 60) * if sign == b'-' { -1 } else { 1 }
        }
        _ => return None,
    };
    let seconds = days_since_1970(year, month, day) * 86400 + hour * 3600 + minute * 60 + second - offset;
    Some(Timestamp { seconds, nanos })
}

/// Exactly `digits` digits within `range`, and what follows them.
#[inline]
fn number(text: &[u8], digits: usize, range: core::ops::RangeInclusive<i64>) -> Option<(i64, &[u8])> {
    let (number, rest) = text.split_at_checked(digits)?;
    let value = number
        .iter()
        .try_fold(0, |value, b| b.is_ascii_digit().then(|| value * 10 + i64::from(b - b'0')))
        .filter(|value| range.contains(value))?;
    Some((value, rest))
}

/// What follows one byte that is in `one_of`.
#[inline]
fn after<'a>(text: &'a [u8], one_of: &[u8]) -> Option<&'a [u8]> {
    text.split_first().filter(|(first, _)| one_of.contains(first)).map(|(_, rest)| rest)
}

#[inline]
fn days_in(year: i64, month: i64) -> i64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Days in the Gregorian calendar, counted in years that begin in March so that the leap day comes last.
#[inline]
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    let before_month = (153 * month + 2) / 5;
    // 719468 days lie between 1 March of year 0 and 1970.
    year * 365 + leap_days + before_month + day - 1 - 719_468
}

impl fmt::Display for Timestamp {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.nanos == 0 { write!(f, "{}", self.seconds) } else { write!(f, "{}.{:09}", self.seconds, self.nanos) }
    }
}

impl FromStr for Timestamp {
    type Err = Error;

    #[inline]
    fn from_str(text: &str) -> Result<Self> {
        Self::parse(text)
    }
}

// What a literal is, unless something else is asked for.
impl From<i32> for Timestamp {
    /// Seconds since 1970.
    #[inline]
    fn from(seconds: i32) -> Self {
        Self::from(i64::from(seconds))
    }
}

impl From<i64> for Timestamp {
    /// Seconds since 1970.
    #[inline]
    fn from(seconds: i64) -> Self {
        Self { seconds, nanos: 0 }
    }
}

impl From<u64> for Timestamp {
    /// Seconds since 1970; what an `i64` cannot hold becomes its end.
    #[inline]
    fn from(seconds: u64) -> Self {
        Self { seconds: i64::try_from(seconds).unwrap_or(i64::MAX), nanos: 0 }
    }
}

impl From<Duration> for Timestamp {
    /// The time since the start of 1970.
    #[inline]
    fn from(since_1970: Duration) -> Self {
        Self { nanos: since_1970.subsec_nanos(), ..Self::from(since_1970.as_secs()) }
    }
}

#[cfg(feature = "std")]
impl From<std::time::SystemTime> for Timestamp {
    #[inline]
    fn from(time: std::time::SystemTime) -> Self {
        match time.duration_since(std::time::UNIX_EPOCH) {
            Ok(after) => Self::from(after),
            Err(e) => {
                let before = Self::from(e.duration());
                match before.nanos {
                    0 => Self { seconds: -before.seconds, nanos: 0 },
                    nanos => Self { seconds: -before.seconds - 1, nanos: NANOS_PER_SECOND - nanos },
                }
            }
        }
    }
}

impl Serialize for Timestamp {
    #[inline]
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    #[inline]
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct Form;

        impl Visitor<'_> for Form {
            type Value = Timestamp;

            #[inline]
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("seconds since 1970 or a time as text")
            }

            #[inline]
            fn visit_i64<E>(self, seconds: i64) -> Result<Timestamp, E> {
                Ok(Timestamp::from(seconds))
            }

            #[inline]
            fn visit_u64<E>(self, seconds: u64) -> Result<Timestamp, E> {
                Ok(Timestamp::from(seconds))
            }

            #[inline]
            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Timestamp, E> {
                Timestamp::parse(text).map_err(E::custom)
            }
        }

        d.deserialize_any(Form)
    }
}

#[cfg(feature = "chrono")]
impl<Tz: chrono::TimeZone> From<chrono::DateTime<Tz>> for Timestamp {
    #[inline]
    fn from(time: chrono::DateTime<Tz>) -> Self {
        // In a leap second the nanoseconds go beyond a second, which `new` carries over.
        Self::new(time.timestamp(), time.timestamp_subsec_nanos())
    }
}

#[cfg(feature = "time")]
impl From<time::OffsetDateTime> for Timestamp {
    #[inline]
    fn from(time: time::OffsetDateTime) -> Self {
        Self::new(time.unix_timestamp(), time.nanosecond())
    }
}

#[cfg(all(test, feature = "chrono", feature = "time"))]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn the_usual_time_types_are_moments() {
        for (seconds, nanos) in [(1_704_161_045, 500_000_000), (-1, 999_999_999), (0, 1)] {
            let want = Timestamp::new(seconds, nanos);
            let chrono = chrono::DateTime::from_timestamp(seconds, nanos).unwrap();
            assert_eq!(Timestamp::from(chrono), want);
            let time = time::OffsetDateTime::from_unix_timestamp_nanos(
                i128::from(seconds) * 1_000_000_000 + i128::from(nanos),
            );
            assert_eq!(Timestamp::from(time.unwrap()), want);
        }
        let leap = chrono::DateTime::parse_from_rfc3339("2016-12-31T23:59:60.5Z").unwrap();
        assert_eq!(Timestamp::from(leap).to_string(), "1483228800.500000000");
    }
}
