//! Why something was chosen.

use crate::error::without_users;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

/// Everything that was looked at in the order of its rank, and why it was taken or passed over. It names no secret.
///
/// Displayed one to a line; with `{:#}` in one line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Explanation(Vec<Candidate>);

/// Something that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Candidate {
    /// What it is: a variable, a file and the key in it, a socket.
    pub name: String,
    /// What was seen there.
    pub seen: String,
    /// Whether it was taken.
    pub taken: bool,
}

impl Explanation {
    /// What was looked at.
    pub fn candidates(&self) -> &[Candidate] {
        &self.0
    }

    pub(crate) fn take(&mut self, name: impl Into<String>, seen: impl Into<String>) {
        self.0.push(Candidate { name: name.into(), seen: shown(seen), taken: true });
    }

    pub(crate) fn pass(&mut self, name: impl Into<String>, seen: impl Into<String>) {
        self.0.push(Candidate { name: name.into(), seen: shown(seen), taken: false });
    }
}

/// A URL that somebody set may be one with a password.
fn shown(seen: impl Into<String>) -> String {
    without_users(seen.into().into()).into_owned()
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, Candidate { name, seen, taken }) in self.0.iter().enumerate() {
            if f.alternate() {
                f.write_str(if n > 0 { "; " } else { "" })?;
            } else {
                f.write_str(if n > 0 { "\n" } else { "" })?;
                f.write_str(if *taken { "taken   " } else { "passed  " })?;
            }
            write!(f, "{name}: {seen}")?;
        }
        Ok(())
    }
}
