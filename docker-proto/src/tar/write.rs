//! The headers of an entry: one of ustar, and pax records in front of it for what that has no room for.

use super::entry::{Entry, EntryKind, Record};
use super::header::{
    CHECKSUM, GID, GROUP, LINK, MAGIC, MAJOR, MINOR, MODE, MTIME, NAME, SIZE, TYPE, UID, USER, checksum,
};
use super::{BLOCK, Block, padding};
use crate::model::Timestamp;
use crate::{Error, Result};
use alloc::borrow::Cow;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::ops::Range;

/// What has a field of its own in an entry, and is no record of the caller's.
const FIELDS: &[&str] = &["path", "linkpath", "uname", "gname", "uid", "gid", "size", "mtime", "hdrcharset"];

/// Appends all that stands in front of the data of `entry`.
///
/// # Errors
/// [`Usage`](crate::ErrorKind::Usage) for what no tar can hold.
#[inline]
pub(super) fn head(entry: &Entry, out: &mut Vec<u8>) -> Result<()> {
    check(entry)?;
    let mut path = Cow::Borrowed(&entry.path);
    if entry.is_dir() && !path.ends_with(b"/") {
        path.to_mut().push(b'/');
    }
    let mut block = [0; BLOCK];
    let mut records = Vec::new();
    let mut header = Fields { block: &mut block, records: &mut records };
    header.text("path", NAME, &path);
    header.text("linkpath", LINK, &entry.link);
    header.text("uname", USER, &entry.user);
    header.text("gname", GROUP, &entry.group);
    header.number("uid", UID, entry.uid);
    header.number("gid", GID, entry.gid);
    header.number("size", SIZE, entry.size);
    header.time(entry.mtime);
    header.number("mode", MODE, u64::from(entry.mode));
    let (flag, device) = match entry.kind {
        EntryKind::File => (b'0', None),
        EntryKind::Hardlink => (b'1', None),
        EntryKind::Symlink => (b'2', None),
        EntryKind::CharDevice(major, minor) => (b'3', Some((major, minor))),
        EntryKind::BlockDevice(major, minor) => (b'4', Some((major, minor))),
        EntryKind::Directory => (b'5', None),
        EntryKind::Fifo => (b'6', None),
        EntryKind::Other(flag) => (flag, None),
    };
    if let Some((major, minor)) = device {
        header.number("major", MAJOR, u64::from(major));
        header.number("minor", MINOR, u64::from(minor));
    }
    records.extend(entry.records.iter().cloned());
    if !records.is_empty() {
        extended(&path, &records, out);
    }
    finish(&mut block, flag, out);
    Ok(())
}

/// Appends what follows data of this size.
#[inline]
pub(super) fn pad(size: u64, out: &mut Vec<u8>) {
    out.resize(out.len() + padding(size) as usize, 0);
}

#[inline]
fn check(entry: &Entry) -> Result<()> {
    let refuse = |why: String| Err(Error::usage(format!("the entry {:?} of a tar {why}", entry.path_text())));
    if entry.path.is_empty() {
        return Err(Error::usage("an entry of a tar has an empty path"));
    }
    for (name, text) in [("path", &entry.path), ("link", &entry.link), ("user", &entry.user), ("group", &entry.group)] {
        if text.contains(&0) {
            return refuse(format!("has a NUL byte in its {name}"));
        }
    }
    if matches!(entry.kind, EntryKind::Symlink | EntryKind::Hardlink) && entry.link.is_empty() {
        return refuse("is a link to nowhere".into());
    }
    if entry.size > 0 && !entry.kind.has_data() {
        return refuse(format!("has {} bytes of data, and is none that has any", entry.size));
    }
    if entry.mode > 0o7777 {
        return refuse(format!("has the mode {:o}: more than permissions, setuid, setgid and sticky", entry.mode));
    }
    match entry.kind {
        EntryKind::CharDevice(a, b) | EntryKind::BlockDevice(a, b) if a.max(b) > 0o777_7777 => {
            return refuse(format!("has the device numbers {a} and {b}: a tar has room for 2097151"));
        }
        EntryKind::Other(flag) if matches!(flag, 0 | b'0'..=b'7' | b'x' | b'X' | b'g' | b'L' | b'K' | b'S') => {
            return refuse(format!("is said to be of the kind {:?}, which means something else", char::from(flag)));
        }
        _ => {}
    }
    if entry.sparse.is_some() {
        return refuse("is a sparse file: write it with its holes as zeros".into());
    }
    if let Some(r) = entry.records.iter().find(|r| r.key.is_empty() || r.key.contains('=') || r.value.is_empty()) {
        return refuse(format!("has the record {r:?}: a keyword without `=`, and a value, make one"));
    }
    if let Some(r) = entry.records.iter().find(|r| FIELDS.contains(&&*r.key) || r.key.starts_with("GNU.sparse.")) {
        return refuse(format!("has the record {}, which is a field of its own", r.key));
    }
    Ok(())
}

/// The records of the entry at `path`, as an entry of their own in front of it.
#[inline]
fn extended(path: &[u8], records: &[Record], out: &mut Vec<u8>) {
    let mut text = Vec::new();
    if records.iter().any(|r| FIELDS.contains(&&*r.key) && core::str::from_utf8(&r.value).is_err()) {
        record("hdrcharset", b"BINARY", &mut text);
    }
    for r in records {
        record(&r.key, &r.value, &mut text);
    }
    let mut block = [0; BLOCK];
    let mut header = Fields { block: &mut block, records: &mut Vec::new() };
    // Seen by readers that do not know such entries, which take it for a file.
    let name = path.strip_suffix(b"/").unwrap_or(path).rsplit(|&b| b == b'/').next().unwrap_or_default();
    header.text("", NAME, &[b"PaxHeaders/", &name[..name.len().min(80)]].concat());
    header.number("", MODE, 0o644);
    header.number("", UID, 0);
    header.number("", GID, 0);
    // Limited by what an entry can hold in memory, far below what the field can.
    header.number("", SIZE, text.len() as u64);
    header.number("", MTIME, 0);
    finish(&mut block, b'x', out);
    out.extend_from_slice(&text);
    pad(text.len() as u64, out);
}

/// The length in front counts its own digits.
#[inline]
fn record(key: &str, value: &[u8], out: &mut Vec<u8>) {
    let rest = key.len() + value.len() + 3;
    let mut length = rest;
    while length != rest + length.to_string().len() {
        length = rest + length.to_string().len();
    }
    out.extend_from_slice(format!("{length} {key}=").as_bytes());
    out.extend_from_slice(value);
    out.push(b'\n');
}

struct Fields<'a> {
    block: &'a mut Block,
    records: &'a mut Vec<Record>,
}

impl Fields<'_> {
    #[inline]
    fn text(&mut self, key: &str, range: Range<usize>, text: &[u8]) {
        let kept = text.len().min(range.len());
        self.block[range.start..range.start + kept].copy_from_slice(&text[..kept]);
        if kept < text.len() {
            self.records.push(Record { key: key.into(), value: text.into() });
        }
    }

    /// Octal digits and a NUL.
    #[inline]
    fn number(&mut self, key: &str, range: Range<usize>, number: u64) {
        let digits = range.len() - 1;
        let most = (1u64 << (3 * digits)) - 1;
        if number > most {
            self.records.push(Record { key: key.into(), value: number.to_string().into() });
        }
        let text = format!("{:0digits$o}", number.min(most));
        self.block[range.start..range.start + digits].copy_from_slice(text.as_bytes());
    }

    #[inline]
    fn time(&mut self, time: Timestamp) {
        let whole = u64::try_from(time.seconds);
        self.number("", MTIME, whole.unwrap_or(0).min(0o777_7777_7777));
        if time.nanos > 0 || whole.is_err() || whole.is_ok_and(|s| s > 0o777_7777_7777) {
            self.records.push(Record { key: "mtime".into(), value: decimal(time).into() });
        }
    }
}

/// Seconds with a fraction; before 1970 the fraction counts towards the past as well.
#[inline]
fn decimal(time: Timestamp) -> String {
    let (seconds, nanos) = (i128::from(time.seconds), i128::from(time.nanos));
    let all = seconds * 1_000_000_000 + nanos;
    let sign = if all < 0 { "-" } else { "" };
    let (seconds, nanos) = (all.unsigned_abs() / 1_000_000_000, all.unsigned_abs() % 1_000_000_000);
    if nanos == 0 { format!("{sign}{seconds}") } else { format!("{sign}{seconds}.{nanos:09}") }
}

#[inline]
fn finish(block: &mut Block, flag: u8, out: &mut Vec<u8>) {
    block[TYPE] = flag;
    block[MAGIC].copy_from_slice(b"ustar\x0000");
    let sum = format!("{:06o}\0 ", checksum(block));
    block[CHECKSUM].copy_from_slice(sum.as_bytes());
    out.extend_from_slice(block);
}
