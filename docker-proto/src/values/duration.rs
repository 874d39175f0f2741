//! Lengths of time as the docker command line writes them: `1m30s`.

use super::refuse;
use crate::{Error, Result};
use core::fmt;
use core::str::FromStr;
use core::time::Duration;

const UNITS: &[(&str, i64)] = &[
    // The longer names first, since `m` begins `ms`.
    ("ns", 1),
    ("us", 1_000),
    ("µs", 1_000),
    ("μs", 1_000),
    ("ms", 1_000_000),
    ("s", 1_000_000_000),
    ("m", 60_000_000_000),
    ("h", 3_600_000_000_000),
];

/// A length of time in nanoseconds, as `1m30s`, `1.5h`, `250ms` or `0`.
///
/// The text is Go's: numbers, each with a unit of `h`, `m`, `s`, `ms`, `us`, `ns`; fractions are allowed, and what is less
/// than a nanosecond is dropped. A number without a unit is refused, but for `0`; an integer is a number of nanoseconds, as in
/// the API. Negative times are refused. Displayed as Go does.
///
/// ```
/// use docker_proto::values::Nanoseconds;
/// use std::time::Duration;
///
/// let time: Nanoseconds = "1m30s".parse()?;
/// assert_eq!(time, Nanoseconds::from(Duration::from_secs(90)));
/// assert_eq!(time.to_string(), "1m30s");
/// assert!("30".parse::<Nanoseconds>().is_err());
/// # Ok::<(), docker_proto::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Nanoseconds(pub i64);

impl FromStr for Nanoseconds {
    type Err = Error;

    #[inline]
    fn from_str(text: &str) -> Result<Self> {
        let refuse = |rule: &str| refuse("duration", text, rule);
        let mut rest = text.strip_prefix('+').unwrap_or(text);
        if rest == "0" {
            return Ok(Self(0));
        }
        if rest.is_empty() {
            return Err(refuse("must be numbers with units, such as `1m30s`"));
        }
        if rest.starts_with('-') {
            return Err(refuse("must not be negative"));
        }
        let mut total = 0i64;
        while !rest.is_empty() {
            let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
            let (number, tail) = rest.split_at(end);
            let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
            if (whole.is_empty() && fraction.is_empty()) || fraction.contains('.') {
                return Err(refuse("must be numbers with units, such as `1m30s`"));
            }
            let end = tail.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(tail.len());
            let (name, tail) = tail.split_at(end);
            let Some((_, unit)) = UNITS.iter().find(|(unit, _)| *unit == name) else {
                return Err(refuse("each number needs a unit of `h`, `m`, `s`, `ms`, `us` or `ns`"));
            };
            let part = span(whole, fraction, *unit).and_then(|part| total.checked_add(part));
            total = part.ok_or_else(|| refuse("must fit into 64 bits of nanoseconds, about 292 years"))?;
            rest = tail;
        }
        Ok(Self(total))
    }
}

/// `whole.fraction` units, in nanoseconds.
#[inline]
fn span(whole: &str, fraction: &str, unit: i64) -> Option<i64> {
    let whole: i64 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    // Digits beyond the eighteenth are less than a nanosecond even of an hour.
    let digits = &fraction[..fraction.len().min(18)];
    let part = match digits.parse::<i128>() {
        Ok(digits_value) => digits_value * i128::from(unit) / 10i128.pow(u32::try_from(digits.len()).ok()?),
        Err(_) => 0,
    };
    whole.checked_mul(unit)?.checked_add(i64::try_from(part).ok()?)
}

impl fmt::Display for Nanoseconds {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let nanos = self.0.unsigned_abs();
        let decimal = |value: u64, unit: u64, digits: usize| {
            let text = alloc::format!("{}.{:0digits$}", value / unit, value % unit);
            alloc::string::String::from(text.trim_end_matches('0').trim_end_matches('.'))
        };
        let text = match nanos {
            0 => "0s".into(),
            1..1_000 => alloc::format!("{nanos}ns"),
            1_000..1_000_000 => decimal(nanos, 1_000, 3) + "µs",
            1_000_000..1_000_000_000 => decimal(nanos, 1_000_000, 6) + "ms",
            _ => {
                let minutes = nanos / 60_000_000_000;
                let seconds = decimal(nanos % 60_000_000_000, 1_000_000_000, 9);
                match (minutes / 60, minutes % 60) {
                    (0, 0) => alloc::format!("{seconds}s"),
                    (0, m) => alloc::format!("{m}m{seconds}s"),
                    (h, m) => alloc::format!("{h}h{m}m{seconds}s"),
                }
            }
        };
        f.pad(&alloc::format!("{sign}{text}"))
    }
}

super::read_from_text!(Nanoseconds);

impl From<i64> for Nanoseconds {
    #[inline]
    fn from(nanoseconds: i64) -> Self {
        Self(nanoseconds)
    }
}

impl From<Duration> for Nanoseconds {
    /// The longest time that fits, if this one does not.
    #[inline]
    fn from(time: Duration) -> Self {
        Self(i64::try_from(time.as_nanos()).unwrap_or(i64::MAX))
    }
}
