//! Pax records: `length keyword=value\n`, the length counting the whole record.

use super::entry::{Entry, Record};
use super::limits::MAX_KEYS;
use super::sparse::{self, Sparse};
use crate::Result;
use crate::model::Timestamp;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// Reads records into `into`, each in the place of an earlier one of its keyword. An empty value takes it away.
///
/// # Errors
/// What is wrong, in words.
#[inline]
pub(super) fn read(mut bytes: &[u8], into: &mut Vec<Record>) -> Result<(), String> {
    let mut count = 0;
    while !bytes.is_empty() {
        let (record, rest) = one(bytes).ok_or_else(|| {
            let seen = &bytes[..bytes.len().min(40)];
            format!("no pax record: \"{}\"", seen.escape_ascii())
        })?;
        bytes = rest;
        // The first way to write a sparse map was a pair of records for each part: the same as the second, one list.
        if matches!(&*record.key, sparse::OFFSET | sparse::LENGTH) {
            match into.last_mut().filter(|last| last.key == sparse::MAP) {
                Some(map) => map.value.extend_from_slice(&[b",", &*record.value].concat()),
                None => into.push(Record { key: sparse::MAP.into(), value: record.value }),
            }
            continue;
        }
        count += 1;
        if count > MAX_KEYS {
            return Err(format!("more than {MAX_KEYS} pax records for one entry"));
        }
        into.retain(|old| old.key != record.key);
        if !record.value.is_empty() {
            into.push(record);
        }
    }
    Ok(())
}

#[inline]
fn one(bytes: &[u8]) -> Option<(Record, &[u8])> {
    let space = bytes.iter().take(20).position(|&b| b == b' ')?;
    let length: usize = decimal(&bytes[..space])?.try_into().ok()?;
    let (record, rest) = bytes.split_at_checked(length)?;
    let record = record.get(space + 1..)?.strip_suffix(b"\n")?;
    let equals = memchr::memchr(b'=', record)?;
    let key = core::str::from_utf8(&record[..equals]).ok().filter(|k| !k.is_empty())?;
    let value = &record[equals + 1..];
    // Names end at a NUL for whoever unpacks them: what one reader shows must be what another makes.
    if matches!(key, "path" | "linkpath" | "uname" | "gname") && value.contains(&0) {
        return None;
    }
    Some((Record { key: key.into(), value: value.into() }, rest))
}

#[inline]
fn decimal(digits: &[u8]) -> Option<u64> {
    if digits.is_empty() {
        return None;
    }
    digits.iter().try_fold(0u64, |n, b| match b {
        b'0'..=b'9' => n.checked_mul(10)?.checked_add(u64::from(b - b'0')),
        _ => None,
    })
}

/// The number in a record.
///
/// # Errors
/// If it is there and is none.
#[inline]
pub(super) fn number(records: &[Record], key: &str) -> Result<Option<u64>, String> {
    let Some(record) = records.iter().rev().find(|r| r.key == key) else { return Ok(None) };
    let bad = || format!("the pax record {key} is no number: \"{}\"", record.value.escape_ascii());
    decimal(&record.value).map(Some).ok_or_else(bad)
}

/// Seconds with a fraction of any length, perhaps negative.
#[inline]
fn time(value: &[u8]) -> Option<Timestamp> {
    let (negative, value) = value.strip_prefix(b"-").map_or((false, value), |v| (true, v));
    let point = value.iter().position(|&b| b == b'.');
    let (whole, fraction) = point.map_or((value, &b""[..]), |at| (&value[..at], &value[at + 1..]));
    let seconds = i64::try_from(decimal(whole)?).ok()?;
    if !fraction.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let digit = |n: usize| fraction.get(n).map_or(0, |b| u32::from(b - b'0'));
    let nanos = (0..9).fold(0, |n, at| n * 10 + digit(at));
    Some(match (negative, nanos) {
        (false, _) => Timestamp::new(seconds, nanos),
        (true, 0) => Timestamp::new(-seconds, 0),
        (true, _) => Timestamp::new(-seconds - 1, 1_000_000_000 - nanos),
    })
}

/// Puts what the records say into the fields of an entry, and leaves the others beside them.
///
/// # Errors
/// What is wrong, in words.
#[inline]
pub(super) fn apply(records: Vec<Record>, entry: &mut Entry) -> Result<(), String> {
    entry.sparse = Sparse::from_records(&records)?;
    let mut sparse_name = None;
    for record in records {
        let bad =
            |what: &str| format!("the pax record {} is no {what}: \"{}\"", record.key, record.value.escape_ascii());
        let number = || decimal(&record.value).ok_or_else(|| bad("number"));
        match &*record.key {
            "path" => entry.path = record.value,
            "linkpath" => entry.link = record.value,
            "uname" => entry.user = record.value,
            "gname" => entry.group = record.value,
            "uid" => entry.uid = number()?,
            "gid" => entry.gid = number()?,
            "size" => entry.size = number()?,
            "mtime" => entry.mtime = time(&record.value).ok_or_else(|| bad("time"))?,
            "GNU.sparse.name" => sparse_name = Some(record.value),
            // It says that names may be any bytes, which they may here without it.
            "hdrcharset" => {}
            key if key.starts_with("GNU.sparse.") => {}
            _ => entry.records.push(record),
        }
    }
    // The path beside it is one that tells a reader who knows nothing of sparse files what he has.
    if let Some(name) = sparse_name {
        entry.path = name;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times() {
        let read = |text: &str| time(text.as_bytes()).map(|t| (t.seconds, t.nanos));
        assert_eq!(read("1700000000"), Some((1_700_000_000, 0)));
        assert_eq!(read("1.5"), Some((1, 500_000_000)));
        assert_eq!(read("1.1234567899"), Some((1, 123_456_789)));
        assert_eq!(read("-1"), Some((-1, 0)));
        assert_eq!(read("-1.25"), Some((-2, 750_000_000)));
        assert_eq!(read("-0.000000001"), Some((-1, 999_999_999)));
        for bad in ["", "-", ".5", "1.x", "1e3", "99999999999999999999"] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }

    #[test]
    fn records() {
        let mut records = Vec::new();
        read(b"12 path=abc\n11 a=x\ny=\xFF\n", &mut records).unwrap();
        assert_eq!(alloc::format!("{records:?}"), "[path=abc, a=x\\ny=\\xff]");
        // A later one takes the place of an earlier one, an empty one takes it away.
        read(b"12 path=xyz\n5 a=\n", &mut records).unwrap();
        assert_eq!(alloc::format!("{records:?}"), "[path=xyz]");
        for bad in [&b"12 path=abc"[..], b"13 path=abc\n", b"5 abc\n", b"5 =a\n", b"x a=b\n", b"12 path=a\0c\n", b"3\n"]
        {
            assert!(read(bad, &mut Vec::new()).is_err(), "{}", bad.escape_ascii());
        }
    }
}
