//! Finds where a JSON value ends, in one pass over bytes that may come in any pieces.
//!
//! Only what decides the end is looked at: quotes, backslashes and brackets. Whether the rest is JSON is serde's
//! business. Most blocks of real values hold quotes at most, and for those the parity of the quotes is all that counts;
//! that loop has no branches, so that the compiler turns it into vector instructions.

use crate::wire::limits::MAX_JSON_DEPTH;

/// Bytes looked at together: one vector register of the baseline x86-64, or of NEON. Larger blocks hold a bracket more often.
const BLOCK: usize = 16;

// One bit per level of nesting.
const _: () = assert!(MAX_JSON_DEPTH <= 128);

/// Where in a value the scan stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum At {
    /// Inside brackets or a string.
    Nested,
    /// In a number or a literal, which ends at the first byte that cannot belong to one.
    Scalar,
}

/// What a piece of input meant for the value.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// The value ends before this index.
    End(usize),
    /// All of the input belongs to the value, and more is needed.
    More,
    /// The bracket at this index does not close the one that is open.
    Mismatch(usize),
    /// The bracket at this index nests too deeply.
    TooDeep(usize),
}

/// The state between two pieces of one value.
#[derive(Debug)]
pub(super) struct Scan {
    at: At,
    /// Bit 0 is the innermost open bracket: 1 for `{`, 0 for `[`.
    kinds: u128,
    depth: usize,
    in_string: bool,
    /// The last piece ended with the backslash of an escape.
    escaped: bool,
}

/// Whether a value may begin with `byte`.
pub(super) fn can_start(byte: u8) -> bool {
    matches!(byte, b'{' | b'[' | b'"' | b'-' | b'0'..=b'9' | b't' | b'f' | b'n')
}

/// Whether `byte` may stand between values: JSON's whitespace, and the record separator of JSON text sequences, which
/// cannot occur inside a value.
pub(super) fn is_gap(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x1E)
}

impl Scan {
    /// The scan of a value whose first byte is `first`; that byte is still to be fed.
    pub(super) fn new(first: u8) -> Self {
        let at = if matches!(first, b'{' | b'[' | b'"') { At::Nested } else { At::Scalar };
        Self { at, kinds: 0, depth: 0, in_string: false, escaped: false }
    }

    /// Whether the value is complete if nothing follows: true for numbers and literals.
    pub(super) fn may_end(&self) -> bool {
        self.at == At::Scalar
    }

    /// Reads the next bytes of the value. After anything but [`Found::More`] the scan is over.
    pub(super) fn feed(&mut self, bytes: &[u8]) -> Found {
        if self.at == At::Scalar {
            let part = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'+' | b'.');
            return bytes.iter().position(|b| !part(b)).map_or(Found::More, Found::End);
        }
        // Index of the next byte that is not the second of an escape.
        let mut resume = usize::from(self.escaped);
        let mut rest = bytes;
        let mut start = 0;
        while let Some((block, behind)) = rest.split_first_chunk::<BLOCK>() {
            // With no bracket open the value is a string, and any quote may be its end.
            let (special, odd_quotes) = survey(block);
            if !special && resume <= start && self.depth > 0 {
                self.in_string ^= odd_quotes;
            } else if let Some(found) = self.words(block, start, &mut resume) {
                return found;
            }
            rest = behind;
            start += BLOCK;
        }
        for (k, &byte) in rest.iter().enumerate() {
            if matches!(byte, b'"' | b'\\' | b'{' | b'}' | b'[' | b']') {
                if let Some(found) = self.mark(start + k, byte, &mut resume) {
                    return found;
                }
            }
        }
        self.escaped = resume > bytes.len();
        Found::More
    }

    /// Reads a block that begins at index `start`, a word at a time.
    fn words(&mut self, block: &[u8; BLOCK], start: usize, resume: &mut usize) -> Option<Found> {
        for (j, word) in block.chunks_exact(8).enumerate() {
            let start = start + j * 8;
            let marks = Marks::of(word);
            let mut left = marks.brackets;
            if marks.backslashes == 0 && *resume <= start && self.depth > 0 {
                // Lane k of the product counts the quotes up to byte k: odd is inside a string.
                let counts = (marks.quotes >> 7).wrapping_mul(Marks::ONES);
                let inside = if self.in_string { !counts } else { counts } << 7;
                left &= !inside;
                let odd = marks.quotes.count_ones() % 2 == 1;
                if left != 0 {
                    // What is left is outside strings.
                    let after = self.in_string ^ odd;
                    self.in_string = false;
                    while left != 0 {
                        let k = (left.trailing_zeros() / 8) as usize;
                        left &= left - 1;
                        let found = self.mark(start + k, word[k], resume);
                        if found.is_some() {
                            return found;
                        }
                    }
                    self.in_string = after;
                } else {
                    self.in_string ^= odd;
                }
                continue;
            }
            left |= marks.quotes | marks.backslashes;
            while left != 0 {
                let k = (left.trailing_zeros() / 8) as usize;
                left &= left - 1;
                let found = self.mark(start + k, word[k], resume);
                if found.is_some() {
                    return found;
                }
            }
        }
        None
    }

    /// Takes account of a quote, backslash or bracket.
    #[inline]
    fn mark(&mut self, i: usize, byte: u8, resume: &mut usize) -> Option<Found> {
        if i < *resume {
            return None;
        }
        match byte {
            b'"' => {
                self.in_string = !self.in_string;
                (self.depth == 0 && !self.in_string).then_some(Found::End(i + 1))
            }
            _ if self.in_string => {
                if byte == b'\\' {
                    *resume = i + 2;
                }
                None
            }
            b'{' | b'[' => {
                if self.depth == MAX_JSON_DEPTH {
                    return Some(Found::TooDeep(i));
                }
                self.kinds = self.kinds << 1 | u128::from(byte == b'{');
                self.depth += 1;
                None
            }
            b'}' | b']' => {
                // A value is entered by its opening bracket, and left when the last one closes: depth is above 0.
                if (self.kinds & 1 == 1) != (byte == b'}') || self.depth == 0 {
                    return Some(Found::Mismatch(i));
                }
                self.kinds >>= 1;
                self.depth -= 1;
                (self.depth == 0).then_some(Found::End(i + 1))
            }
            // A backslash outside a string is no JSON; serde says so.
            _ => None,
        }
    }
}

/// Whether the block holds a backslash or a bracket, and whether its number of quotes is odd.
///
/// Written so that the compiler makes vector instructions of it (rustc 1.95). With plain comparisons joined as booleans
/// and the quotes by `^` it made a loop over bytes, which took twice as long for a whole value.
#[inline]
fn survey(block: &[u8; BLOCK]) -> (bool, bool) {
    let (mut special, mut quotes) = (0u8, 0u8);
    for &byte in block {
        // `{` and `[`, `}` and `]` differ by 0x20 alone, and the folded pair by 2.
        let bracket = (byte | 0x20).wrapping_sub(b'{') & !2 == 0;
        special |= u8::from(bracket) | u8::from(byte == b'\\');
        quotes = quotes.wrapping_add(u8::from(byte == b'"'));
    }
    (special != 0, quotes % 2 == 1)
}

/// Which of 8 bytes are what: the high bit of each byte's lane; the first byte is the lowest.
struct Marks {
    quotes: u64,
    backslashes: u64,
    brackets: u64,
}

impl Marks {
    const ONES: u64 = u64::from_le_bytes([1; 8]);
    const LOW: u64 = u64::from_le_bytes([0x7F; 8]);

    #[inline]
    fn of(word: &[u8]) -> Self {
        let mut bytes = [0; 8];
        bytes.copy_from_slice(word);
        let w = u64::from_le_bytes(bytes);
        let folded = w | (Self::ONES * 0x20);
        Self {
            quotes: Self::equal(w, b'"'),
            backslashes: Self::equal(w, b'\\'),
            brackets: Self::equal(folded, b'{') | Self::equal(folded, b'}'),
        }
    }

    /// The lanes that are `byte`. No carry leaves its lane, so every bit is exact.
    #[inline]
    fn equal(w: u64, byte: u8) -> u64 {
        let x = w ^ (Self::ONES * u64::from(byte));
        !((((x & Self::LOW) + Self::LOW) | x) | Self::LOW)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    #[test]
    fn marks_are_exact_for_every_byte_in_every_place() {
        for byte in 0..=255u8 {
            for place in 0..8 {
                for filler in [0u8, 0x7F, 0x80, 0xFF, b'a'] {
                    let mut word = [filler; 8];
                    word[place] = byte;
                    let wanted = if b"{}[]\"\\".contains(&byte) { 0x80u64 << (place * 8) } else { 0 };
                    let marks = Marks::of(&word);
                    let all = marks.quotes | marks.backslashes | marks.brackets;
                    assert_eq!(all, wanted, "{byte:#x} at {place} among {filler:#x}");
                }
            }
        }
    }

    /// The scan as one would write it first: a byte at a time.
    fn naive(bytes: &[u8]) -> Option<usize> {
        let (mut depth, mut in_string, mut escaped) = (0, false, false);
        for (i, &byte) in bytes.iter().enumerate() {
            match (in_string, escaped, byte) {
                (true, true, _) => escaped = false,
                (true, false, b'\\') => escaped = true,
                (_, _, b'"') => in_string = !in_string,
                (true, ..) => {}
                (_, _, b'{' | b'[') => depth += 1,
                (_, _, b'}' | b']') => depth -= 1,
                _ => {}
            }
            if depth == 0 && !in_string {
                return Some(i + 1);
            }
        }
        None
    }

    #[test]
    fn agrees_with_the_naive_scan_wherever_blocks_begin() {
        let inner: &[&[u8]] = &[
            br#""a":"b""#,
            br#""\"":"\\""#,
            br#""{[}]":"}\\\"{""#,
            br#""long":"0123456789012345678901234567890123456789012345678901234567890123456789""#,
            br#""o":{"x":[1,2,{"y":"z"}]}"#,
            "\"ü\":\"caf\u{e9}\u{1F600}\"".as_bytes(),
        ];
        for pad in 0..70 {
            for a in inner {
                for b in inner {
                    let mut text = Vec::from(&b"{"[..]);
                    text.extend_from_slice(a);
                    text.push(b',');
                    text.resize(text.len() + pad, b' ');
                    text.extend_from_slice(b);
                    text.extend_from_slice(b"}{\"next\":1}                                  ");
                    let end = naive(&text).unwrap_or(0);
                    assert_eq!(Scan::new(b'{').feed(&text), Found::End(end));
                    for cut in 1..end {
                        let mut scan = Scan::new(b'{');
                        assert_eq!(scan.feed(&text[..cut]), Found::More);
                        assert_eq!(scan.feed(&text[cut..]), Found::End(end - cut), "cut at {cut}");
                    }
                }
            }
        }
    }
}
