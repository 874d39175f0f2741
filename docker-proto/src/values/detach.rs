//! Keys that detach from a terminal.

use super::refuse;
use crate::{Error, Result};
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::str::FromStr;

/// Keys that detach from a terminal when they are typed one after another: `ctrl-p,ctrl-q`, which is the default.
///
/// Written as engines and the docker command line read them: a list with commas, of single ASCII characters, `ctrl-` and
/// one of `a`-`z`, `@`, `[`, `\`, `]`, `^`, `_`, and `DEL`.
///
/// Engines look for them in what is written to a terminal (20.10 to 28.5 only if each key comes alone, as typed). The
/// stream then ends as it does when the process ends. A program that wants to tell the two apart looks for the keys
/// itself, with [`scan`](Self::scan).
///
/// ```
/// use docker_proto::values::DetachKeys;
///
/// let keys: DetachKeys = "ctrl-a,d".parse()?;
/// assert_eq!(keys.bytes(), b"\x01d");
/// assert_eq!(keys.to_string(), "ctrl-a,d");
/// assert_eq!(DetachKeys::default().to_string(), "ctrl-p,ctrl-q");
/// assert!("ctrl-A".parse::<DetachKeys>().is_err());
/// # Ok::<(), docker_proto::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct DetachKeys(Vec<u8>);

/// What stands behind `ctrl-` for the codes 0 to 31.
const CONTROL: &[u8; 32] = b"@abcdefghijklmnopqrstuvwxyz[\\]^_";
const DEL: u8 = 0x7F;

impl DetachKeys {
    /// What a terminal sends for the keys, one byte each; never empty.
    #[inline]
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// Looks for the keys in what is typed.
    #[inline]
    pub fn scan(&self) -> DetachScan {
        DetachScan { keys: self.clone(), held: 0 }
    }
}

impl Default for DetachKeys {
    #[inline]
    fn default() -> Self {
        Self(b"\x10\x11"[..].into())
    }
}

impl FromStr for DetachKeys {
    type Err = Error;

    #[inline]
    fn from_str(text: &str) -> Result<Self> {
        let key = |key: &str| match key.as_bytes() {
            [single] => Some(*single),
            b"DEL" => Some(DEL),
            [b'c', b't', b'r', b'l', b'-', letter] => CONTROL.iter().position(|c| c == letter).map(|code| code as u8),
            _ => None,
        };
        text.split(',').map(key).collect::<Option<_>>().map(Self).ok_or_else(|| {
            refuse(
                "detach keys",
                text,
                "must be a list with commas of single ASCII characters, `ctrl-` and one of a-z @ [ \\ ] ^ _, and `DEL`",
            )
        })
    }
}

impl fmt::Display for DetachKeys {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, &code) in self.0.iter().enumerate() {
            if n > 0 {
                f.write_str(",")?;
            }
            match CONTROL.get(usize::from(code)) {
                Some(&letter) => write!(f, "ctrl-{}", char::from(letter))?,
                None if code == DEL => f.write_str("DEL")?,
                None => write!(f, "{}", char::from(code))?,
            }
        }
        Ok(())
    }
}

/// For parameters, which are text: `Attach::new("web").detach_keys(keys)`.
impl From<DetachKeys> for String {
    #[inline]
    fn from(keys: DetachKeys) -> Self {
        alloc::string::ToString::to_string(&keys)
    }
}

super::read_from_text!(DetachKeys);

/// Looks for [`DetachKeys`] in what is typed, however it is cut. Keys that may be the beginning are held back until it
/// is clear that they are not.
///
/// ```
/// use docker_proto::values::DetachKeys;
///
/// let mut scan = DetachKeys::default().scan();
/// let mut send = Vec::new();
/// assert!(!scan.feed(b"ls\r\x10", &mut send));
/// assert_eq!(send, b"ls\r");
/// assert!(scan.feed(b"\x11", &mut send));
/// ```
#[derive(Debug, Clone)]
pub struct DetachScan {
    keys: DetachKeys,
    /// So many of the keys were typed last.
    held: usize,
}

impl DetachScan {
    /// Appends to `send` what is to be sent of `typed`. True once the keys were typed: they and what follows are not sent.
    #[inline]
    pub fn feed(&mut self, typed: &[u8], send: &mut Vec<u8>) -> bool {
        for &byte in typed {
            let keys = self.keys.bytes();
            if self.held == 0 && keys.first() != Some(&byte) {
                send.push(byte);
                continue;
            }
            // The longest end of what was held and this byte that is a beginning of the keys is held; the rest is sent.
            let mut tail: Vec<u8> = keys[..self.held].into();
            tail.push(byte);
            let kept = (0..=tail.len()).rev().find(|&n| keys.starts_with(&tail[tail.len() - n..])).unwrap_or(0);
            send.extend_from_slice(&tail[..tail.len() - kept]);
            self.held = kept;
            if kept == keys.len() {
                self.held = 0;
                return true;
            }
        }
        false
    }

    /// What is held back: the input has ended.
    #[inline]
    pub fn rest(&self) -> &[u8] {
        &self.keys.bytes()[..self.held]
    }
}
