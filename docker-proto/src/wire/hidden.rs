//! What is printed in the place of what may be a secret.

use core::fmt;

/// Bytes, of which only the number is shown.
pub(crate) struct Hidden(pub(crate) usize);

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.0)
    }
}

/// Header fields, of which only the names are shown.
pub(crate) struct Names<'a, N, V>(pub(crate) &'a [(N, V)]);

impl<N: AsRef<str>, V> fmt::Debug for Names<'_, N, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(name, _)| name.as_ref())).finish()
    }
}

/// Whether the value of a field of an answer may be a secret, by its name.
pub(super) fn may_be_secret(name: &str) -> bool {
    const PARTS: [&str; 4] = ["auth", "cookie", "token", "secret"];
    let name = name.as_bytes();
    PARTS.iter().any(|p| name.windows(p.len()).any(|w| w.eq_ignore_ascii_case(p.as_bytes())))
}
