//! What becomes of texts before people see them: no secrets of URLs, and one line.

use alloc::borrow::Cow;
use alloc::string::String;
use core::fmt::{self, Write};

/// The text with the user information of its URLs masked: `https://user:password@host/` becomes `https://***@host/`. The
/// name alone in a URL of ssh is no secret.
pub(crate) fn without_users(text: Cow<'_, str>) -> Cow<'_, str> {
    let mut masked = String::new();
    // Where what was not looked at yet begins.
    let mut from = 0;
    while let Some(found) = text[from..].find("://") {
        let begin = from + found + 3;
        let rest = &text[begin..];
        let end = rest.find(ends_authority).unwrap_or(rest.len());
        let user = rest[..end].rfind('@').map(|at| &rest[..at]);
        let secret = user.filter(|u| u.contains(':') || !text[..begin].ends_with("ssh://"));
        masked.push_str(&text[from..begin]);
        from = begin;
        if let Some(user) = secret {
            masked.push_str("***");
            from += user.len();
        }
    }
    if masked.is_empty() {
        return text;
    }
    masked.push_str(&text[from..]);
    Cow::Owned(masked)
}

fn ends_authority(c: char) -> bool {
    c.is_whitespace() || matches!(c, '/' | '?' | '#' | '"' | '\'' | '\\')
}

/// Writes what it is given in one line: a line end becomes a space, and what would move a terminal's cursor is escaped.
pub(super) struct OneLine<'a, 'b> {
    to: &'a mut fmt::Formatter<'b>,
    /// A line ended, and something may follow.
    gap: bool,
}

impl<'a, 'b> OneLine<'a, 'b> {
    pub(super) fn new(to: &'a mut fmt::Formatter<'b>) -> Self {
        Self { to, gap: false }
    }
}

impl Write for OneLine<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for c in text.chars() {
            match c {
                '\n' | '\r' => self.gap = true,
                ' ' | '\t' if self.gap => {}
                _ => {
                    if core::mem::take(&mut self.gap) {
                        self.to.write_char(' ')?;
                    }
                    match c {
                        '\t' => self.to.write_char(' ')?,
                        c if c.is_control() => write!(self.to, "{}", c.escape_default())?,
                        c => self.to.write_char(c)?,
                    }
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Error, ErrorKind, Phase};
    use alloc::string::ToString;
    use alloc::sync::Arc;

    #[test]
    fn users_of_urls_are_masked() {
        for (text, want) in [
            ("", ""),
            ("no URL: user:pw@host", "no URL: user:pw@host"),
            ("https://host/a@b", "https://host/a@b"),
            ("https://user:pw@host/p", "https://***@host/p"),
            ("https://token@github.com/a.git#main", "https://***@github.com/a.git#main"),
            ("Get \"http://u:p~;@h:5000/v2/\": EOF", "Get \"http://***@h:5000/v2/\": EOF"),
            ("Get \"http://u:p<>@h:5000/v2/\": EOF", "Get \"http://***@h:5000/v2/\": EOF"),
            ("http://a:b@c@d http://e", "http://***@d http://e"),
            ("proxy http://u:ü@h, then https://v:w@i", "proxy http://***@h, then https://***@i"),
            ("ssh://me@host", "ssh://me@host"),
            ("ssh://me:pw@host", "ssh://***@host"),
            ("://@", "://***@"),
            ("alpine@sha256:00", "alpine@sha256:00"),
        ] {
            assert_eq!(without_users(text.into()), want);
        }
        let e = Error::engine(500, "cannot fetch https://u:pw@h/x").of("ImageBuild", "https://u:pw@h/x");
        assert!(!e.to_string().contains("pw") && !alloc::format!("{e:?}").contains("pw"), "{e}");
        assert_eq!(e.target(), Some("https://***@h/x"));
    }

    #[test]
    fn an_error_is_one_line() {
        let source = Error::protocol("cause\r\n  with lines\n");
        let e = Error::transport(ErrorKind::Transport, "first\nsecond\r\n\n  third\t\u{1b}[2Jx\0\n", Arc::new(source));
        let e = e.of("ImagePull", "a\nb").in_phase(Phase::Head);
        assert_eq!(
            e.to_string(),
            "ImagePull \"a\\nb\": first second third \\u{1b}[2Jx\\u{0} (while waiting for the answer): cause with lines"
        );
        assert!(e.message().contains('\n'), "the words as they came");
    }
}
