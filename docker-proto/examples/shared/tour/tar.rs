//! Just enough tar: one file, there and back.

use super::Outcome;
/// 2013-03-20, when Docker was first published: the same in every run.
const MTIME: u64 = 1_363_737_600;

/// A tar with one file.
pub(crate) fn tar(name: &str, mode: u32, content: &[u8]) -> Vec<u8> {
    let mut head = Vec::with_capacity(512);
    let mut field = |length: usize, text: &str| {
        head.extend_from_slice(text.as_bytes());
        head.resize(head.len() + length - text.len(), 0);
    };
    field(100, name);
    // Mode, owner, group, size, time, and the checksum as if it were spaces.
    field(8, &format!("{mode:07o}"));
    field(8, "0000000");
    field(8, "0000000");
    field(12, &format!("{:011o}", content.len()));
    field(12, &format!("{MTIME:011o}"));
    field(8, "        ");
    // A file, not a link; then the format.
    field(101, "0");
    field(255, "ustar\x0000");
    let sum = checksum(&head);
    head[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    // Blocks of 512 bytes, and two empty ones as the end.
    head.extend_from_slice(content);
    head.resize(head.len().next_multiple_of(512) + 1024, 0);
    head
}

/// The name, the mode and the content of the one file of a tar.
pub(crate) fn untar(tar: &[u8]) -> Outcome<(String, u64, &[u8])> {
    let bad = |what: &str| format!("the tar that came out of the container {what}");
    let (head, rest) = tar.split_at_checked(512).ok_or_else(|| bad("is too short"))?;
    let octal = |from: usize, to: usize| {
        let text = std::str::from_utf8(&head[from..to]).unwrap_or_default();
        u64::from_str_radix(text.trim_matches(['\0', ' ']), 8).map_err(|_| bad("has an odd header"))
    };
    if octal(148, 156)? != checksum(head) {
        return Err(bad("has a header whose checksum is wrong").into());
    }
    let (content, end) = rest.split_at_checked(octal(124, 136)? as usize).ok_or_else(|| bad("is cut off"))?;
    if end.len() < 1024 || end.iter().any(|&b| b != 0) {
        return Err(bad("does not end as it should").into());
    }
    let name = head[..100].split(|&b| b == 0).next().unwrap_or_default();
    Ok((String::from_utf8_lossy(name).into_owned(), octal(100, 108)? & 0o777, content))
}

/// The sum of a header's bytes, its own field taken as spaces.
fn checksum(head: &[u8]) -> u64 {
    head.iter().enumerate().map(|(i, &b)| u64::from(if (148..156).contains(&i) { b' ' } else { b })).sum()
}
