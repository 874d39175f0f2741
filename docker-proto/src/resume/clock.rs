//! The engine's own clock, as the heads of its answers tell it.

use crate::model::Timestamp;
use crate::wire::ResponseHead;
use alloc::format;

/// The `Date` of an answer: whole seconds, rounded down. `None` if there is none, or none in the form that HTTP wants.
#[inline]
pub(super) fn date(head: &ResponseHead) -> Option<Timestamp> {
    http_date(head.get("date")?)
}

/// `Sat, 21 Nov 2026 06:49:05 GMT`: the one form that servers may send.
#[inline]
fn http_date(text: &str) -> Option<Timestamp> {
    const MONTHS: &str = "JanFebMarAprMayJunJulAugSepOctNovDec";
    let rest = text.split_once(", ")?.1.strip_suffix(" GMT")?;
    let mut words = rest.split(' ');
    let (day, month, year, time) = (words.next()?, words.next()?, words.next()?, words.next()?);
    let month = (0..12).find(|m| MONTHS.get(m * 3..m * 3 + 3) == Some(month))? + 1;
    match words.next() {
        None => Timestamp::parse(&format!("{year}-{month:02}-{day}T{time}Z")).ok(),
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_answers() {
        assert_eq!(http_date("Sat, 21 Nov 2026 06:49:05 GMT"), Some(Timestamp::new(1_795_243_745, 0)));
        assert_eq!(http_date("Thu, 01 Jan 1970 00:00:00 GMT"), Some(Timestamp::new(0, 0)));
        for no in [
            "",
            "Sat, 21 Nov 2026 06:49:05",
            "Sat, 21 nov 2026 06:49:05 GMT",
            "Sat, 31 Nov 2026 06:49:05 GMT",
            "x, y GMT",
        ] {
            assert_eq!(http_date(no), None, "{no}");
        }
    }
}
