//! Command lines and words.

use super::refuse;
use crate::Result;
use alloc::string::String;
use alloc::vec::Vec;

/// Splits a command line into words, as a POSIX shell does, but expands nothing.
///
/// Words stand apart by spaces, tabs and line ends. Between single quotes everything stands for itself; between double
/// quotes a backslash takes the meaning from `"` and `\`; outside of quotes it does so from any character. There are
/// no comments, variables or patterns.
///
/// # Errors
/// A quote that is not closed; a backslash at the end.
///
/// ```
/// use docker_proto::values::split_command;
///
/// assert_eq!(split_command(r#"sh -c 'echo "a  b"' """#)?, ["sh", "-c", r#"echo "a  b""#, ""]);
/// assert!(split_command("echo 'a").is_err());
/// # Ok::<(), docker_proto::Error>(())
/// ```
#[inline]
pub fn split_command(line: &str) -> Result<Vec<String>> {
    let refuse = |rule: &str| refuse("command line", line, rule);
    let no_character = || refuse("a backslash must have a character after it");
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        if matches!(c, ' ' | '\t' | '\r' | '\n') {
            words.extend(word.take());
            continue;
        }
        let word = word.get_or_insert_with(String::new);
        match c {
            '\'' | '"' => loop {
                match chars.next() {
                    None => return Err(refuse("a quote is not closed")),
                    Some(end) if end == c => break,
                    Some('\\') if c == '"' => {
                        let next = chars.next().ok_or_else(no_character)?;
                        if !matches!(next, '"' | '\\') {
                            word.push('\\');
                        }
                        word.push(next);
                    }
                    Some(inner) => word.push(inner),
                }
            },
            '\\' => word.push(chars.next().ok_or_else(no_character)?),
            plain => word.push(plain),
        }
    }
    words.extend(word);
    Ok(words)
}

/// One line that [`split_command`], or a shell, splits into these words again.
///
/// ```
/// use docker_proto::values::join_command;
///
/// assert_eq!(join_command(["echo", "it's", ""]), r#"echo 'it'"'"'s' ''"#);
/// ```
#[must_use]
#[inline]
pub fn join_command(words: impl IntoIterator<Item = impl AsRef<str>>) -> String {
    let mut line = String::new();
    for (at, word) in words.into_iter().enumerate() {
        if at > 0 {
            line.push(' ');
        }
        let word = word.as_ref();
        let safe = |b: u8| b.is_ascii_alphanumeric() || b"_@%+=:,./-".contains(&b);
        if !word.is_empty() && word.bytes().all(safe) {
            line.push_str(word);
        } else {
            line.push('\'');
            line.push_str(&word.replace('\'', r#"'"'"'"#));
            line.push('\'');
        }
    }
    line
}
