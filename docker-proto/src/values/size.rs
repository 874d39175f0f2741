//! Amounts: bytes as `64m`, CPUs as `1.5`.

use super::refuse;
use crate::{Error, Result};
use core::fmt;
use core::str::FromStr;

const UNITS: &[(char, u32)] = &[('p', 50), ('t', 40), ('g', 30), ('m', 20), ('k', 10)];

/// A number of bytes, as `512`, `64m`, `2GB` or `1 tib`.
///
/// A whole number and a unit of `b`, `k`, `m`, `g`, `t` or `p` in either case, powers of 1024, with `b` or `ib` after it
/// if wanted and at most one space before it. `-1` is no limit. Numbers pass as they are.
///
/// The docker command line also takes fractions (`1.5k`), docker-py does so since version 5; here they are refused, as by
/// docker-py before. docker-py knows neither `t`, `p` nor `ib`, reads the empty text as 0 and gives numbers that exceed
/// the API's 64 bits; here both are refused.
///
/// Displayed with the largest unit that leaves a whole number.
///
/// ```
/// use docker_proto::values::ByteSize;
///
/// assert_eq!("512MB".parse::<ByteSize>()?, ByteSize(512 << 20));
/// assert_eq!(ByteSize::from(1536).to_string(), "1536");
/// assert_eq!(ByteSize(64 << 20).to_string(), "64m");
/// assert!("512L".parse::<ByteSize>().is_err());
/// # Ok::<(), docker_proto::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct ByteSize(pub i64);

impl ByteSize {
    /// No limit.
    pub const UNLIMITED: Self = Self(-1);
}

impl FromStr for ByteSize {
    type Err = Error;

    #[inline]
    fn from_str(text: &str) -> Result<Self> {
        let refuse = |rule: &str| refuse("byte size", text, rule);
        if text == "-1" {
            return Ok(Self::UNLIMITED);
        }
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let (number, unit) = text.split_at(digits);
        if number.is_empty() {
            return Err(refuse("must be a whole number and a unit, such as `64m`, or `-1`"));
        }
        if unit.starts_with(['.', ',']) {
            return Err(refuse("must be a whole number; write a fraction in the next smaller unit"));
        }
        let unit = unit.strip_prefix(' ').filter(|unit| !unit.is_empty()).unwrap_or(unit).to_ascii_lowercase();
        let shift = match &*unit {
            "" | "b" => 0,
            unit => {
                let named = UNITS.iter().find(|(name, _)| unit.starts_with(*name));
                // One letter, so one byte.
                let (_, shift) = named.filter(|_| matches!(&unit[1..], "" | "b" | "ib")).ok_or_else(|| {
                    refuse("the unit must be one of `b`, `k`, `m`, `g`, `t`, `p`, with `b` after it if wanted")
                })?;
                *shift
            }
        };
        let bytes = number.parse::<i64>().ok().and_then(|n| n.checked_mul(1 << shift));
        bytes.map(Self).ok_or_else(|| refuse("must fit into 64 bits"))
    }
}

impl fmt::Display for ByteSize {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whole = |shift: u32| self.0 > 0 && self.0.trailing_zeros() >= shift;
        match UNITS.iter().find(|(_, shift)| whole(*shift)) {
            Some((unit, shift)) => f.pad(&alloc::format!("{}{unit}", self.0 >> shift)),
            None => f.pad(&alloc::format!("{}", self.0)),
        }
    }
}

/// A number of CPUs in billionths of one, as `2`, `0.5` or `1.000000001`.
///
/// ```
/// use docker_proto::values::Cpus;
///
/// assert_eq!("1.5".parse::<Cpus>()?, Cpus(1_500_000_000));
/// assert_eq!(Cpus(250_000_000).to_string(), "0.25");
/// assert!("1.0000000001".parse::<Cpus>().is_err());
/// # Ok::<(), docker_proto::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Cpus(pub i64);

const BILLION: i64 = 1_000_000_000;

impl FromStr for Cpus {
    type Err = Error;

    #[inline]
    fn from_str(text: &str) -> Result<Self> {
        let refuse = |rule: &str| refuse("number of CPUs", text, rule);
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        if !digits(whole) || !digits(fraction) || (whole.is_empty() && fraction.is_empty()) {
            return Err(refuse("must be a number such as `1.5`"));
        }
        let significant = fraction.trim_end_matches('0');
        if significant.len() > 9 {
            return Err(refuse("must have at most nine digits after the point"));
        }
        let part: i64 = alloc::format!("{significant:0<9}").parse().unwrap_or(0);
        let whole: Option<i64> = if whole.is_empty() { Some(0) } else { whole.parse().ok() };
        let total = whole.and_then(|n| n.checked_mul(BILLION)).and_then(|n| n.checked_add(part));
        total.map(Self).ok_or_else(|| refuse("must fit into 64 bits of billionths"))
    }
}

impl fmt::Display for Cpus {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sign, value) = (if self.0 < 0 { "-" } else { "" }, self.0.unsigned_abs());
        let (whole, part) = (value / BILLION.unsigned_abs(), value % BILLION.unsigned_abs());
        let text = alloc::format!("{sign}{whole}.{part:09}");
        f.pad(text.trim_end_matches('0').trim_end_matches('.'))
    }
}

super::read_from_text!(ByteSize, Cpus);

impl TryFrom<u64> for ByteSize {
    type Error = Error;

    #[inline]
    fn try_from(bytes: u64) -> Result<Self> {
        let fits = i64::try_from(bytes).map(Self);
        fits.map_err(|_| refuse("byte size", &alloc::format!("{bytes}"), "must fit into 64 bits with a sign"))
    }
}

macro_rules! from_integers {
    ($to:ident { $($t:ty),* } $convert:expr) => {$(
        impl From<$t> for $to {
            #[inline]
            fn from(number: $t) -> Self {
                let convert: fn(i64) -> i64 = $convert;
                Self(convert(number.into()))
            }
        }
    )*};
}

from_integers!(ByteSize { i64, i32, u32 } | n | n);
from_integers!(Cpus { u16, u8, i32 } | n | n * BILLION);
