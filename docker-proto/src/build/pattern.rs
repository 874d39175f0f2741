//! One pattern of an ignore file, and whether it matches a path.
//!
//! Engines translate a pattern into a regular expression, but for three plain forms. What is known about that
//! translation is kept, its oddities included: `**x` matches every path that ends in `x`, a class matches slashes too.
//! Where the translation gives something that nobody can have meant, the pattern is refused.

use crate::{Error, Result};
use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

/// A pattern, without the `!` that it may have had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pattern {
    /// As it is compared: cleaned, relative.
    text: String,
    form: Form,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Form {
    /// The text itself.
    Exact,
    /// The text without its `**` begins the path.
    Prefix,
    /// The text without its `**` ends the path, or is all of it but for the slash.
    Suffix,
    Tokens(Vec<Token>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Char(char),
    /// `?`: any character but a slash.
    One,
    /// `*`: any of them, as many as there are.
    Star,
    /// `**` at the end: anything.
    Rest,
    /// `**` elsewhere: nothing, or anything that ends with a slash.
    Folders,
    Class {
        not: bool,
        ranges: Vec<(char, char)>,
    },
    /// `^`: the beginning of the path, if the pattern has wildcards.
    Beginning,
}

impl Pattern {
    /// A path that is no pattern, whatever its characters are.
    #[inline]
    pub(super) fn literal(path: String) -> Self {
        Self { text: path, form: Form::Exact }
    }

    /// # Errors
    /// A rule that the pattern breaks, in words.
    #[inline]
    pub(super) fn new(text: String) -> Result<Self, &'static str> {
        let (tokens, form) = read(&text)?;
        Ok(Self { form: form.unwrap_or(Form::Tokens(tokens)), text })
    }

    /// Whether something below this folder is named by the text itself.
    #[inline]
    pub(super) fn is_below(&self, folder: &[u8]) -> bool {
        let text = self.text.as_bytes();
        text.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with(b"/"))
    }

    /// Whether the text does not begin with the names of all that it matches.
    #[inline]
    pub(super) fn is_wild(&self) -> bool {
        let text = self.text.strip_suffix("/**").unwrap_or(&self.text);
        let text = text.strip_suffix("/*").unwrap_or(text);
        self.form != Form::Exact && text.contains(['*', '[', ']', '?', '^', '\\'])
    }

    #[inline]
    pub(super) fn matches(&self, path: &[u8]) -> bool {
        let text = self.text.as_bytes();
        match &self.form {
            Form::Exact => path == text,
            Form::Prefix => text.strip_suffix(b"**").is_some_and(|start| path.starts_with(start)),
            Form::Suffix => text
                .strip_prefix(b"**")
                .is_some_and(|end| path.ends_with(end) || end.strip_prefix(b"/").is_some_and(|name| name == path)),
            Form::Tokens(tokens) => Run::new(tokens).over(path),
        }
    }
}

/// Reads a pattern: its tokens, and its form if that is one of the plain ones.
#[inline]
fn read(text: &str) -> Result<(Vec<Token>, Option<Form>), &'static str> {
    let mut tokens = Vec::new();
    let mut form = Some(Form::Exact);
    let mut rest = text.chars().peekable();
    let mut first = true;
    while let Some(c) = rest.next() {
        let token = match c {
            '*' if rest.next_if_eq(&'*').is_some() => {
                rest.next_if_eq(&'/');
                let last = rest.peek().is_none();
                form = match form {
                    _ if first => Some(Form::Suffix),
                    Some(Form::Exact) if last => Some(Form::Prefix),
                    _ => None,
                };
                tokens.push(if last { Token::Rest } else { Token::Folders });
                first = false;
                continue;
            }
            '*' => Token::Star,
            '?' => Token::One,
            '[' => class(&mut rest)?,
            '\\' => Token::Char(escaped(rest.next())?),
            c => {
                // An anchor in a regular expression, but not in the plain forms, which compare texts.
                tokens.push(if c == '^' { Token::Beginning } else { Token::Char(c) });
                // A bracket that closes nothing stands for itself, and still makes it an expression.
                if c == ']' {
                    form = None;
                }
                first = false;
                continue;
            }
        };
        tokens.push(token);
        (form, first) = (None, false);
    }
    Ok((tokens, form))
}

type Chars<'a> = core::iter::Peekable<core::str::Chars<'a>>;

/// What a backslash protects.
#[inline]
fn escaped(c: Option<char>) -> Result<char, &'static str> {
    match c {
        None => Err("a backslash must have a character behind it"),
        // In the regular expression `\d` is a digit, `\Q` begins a quotation, and `\y` is an error.
        Some(c) if c.is_ascii_alphanumeric() || !c.is_ascii() => {
            Err("a backslash must not stand before a letter or a digit, which need none")
        }
        Some(c) => Ok(c),
    }
}

/// Reads a class, behind its bracket.
#[inline]
fn class(rest: &mut Chars<'_>) -> Result<Token, &'static str> {
    const OPEN: &str = "a class that `[` begins must end with `]`";
    let not = rest.next_if_eq(&'^').is_some();
    let mut ranges = Vec::new();
    loop {
        if !ranges.is_empty() && rest.next_if_eq(&']').is_some() {
            return Ok(Token::Class { not, ranges });
        }
        let low = bound(rest, OPEN)?;
        if low == '[' && rest.peek() == Some(&':') {
            return Err("a class must not have `[:` in it, which means different things to different readers");
        }
        let high = if rest.next_if_eq(&'-').is_some() { bound(rest, OPEN)? } else { low };
        if low > high {
            return Err("a range in a class must not go backwards");
        }
        ranges.push((low, high));
    }
}

/// One end of a range in a class.
#[inline]
fn bound(rest: &mut Chars<'_>, open: &'static str) -> Result<char, &'static str> {
    match rest.next() {
        None => Err(open),
        Some('\\') => escaped(rest.next()),
        Some('-' | ']') => Err("in a class `-` and `]` need a backslash, unless they make a range or end it"),
        Some('*' | '?') => Err("in a class `*` and `?` need a backslash"),
        Some(c) => Ok(c),
    }
}

/// All that the tokens may stand for, character by character, at the same time: as many steps as tokens for each
/// character, whatever pattern and path are.
struct Run<'a> {
    tokens: &'a [Token],
    now: Vec<Mark>,
    next: Vec<Mark>,
}

/// What is known about a token, or about the end behind the last: whether it may take the next character, and whether
/// that is because the one before it was done.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Mark {
    awaits: bool,
    entered: bool,
}

impl<'a> Run<'a> {
    #[inline]
    fn new(tokens: &'a [Token]) -> Self {
        let none = vec![Mark::default(); tokens.len() + 1];
        Self { tokens, now: none.clone(), next: none }
    }

    #[inline]
    fn over(mut self, path: &[u8]) -> bool {
        self.enter(0, true);
        core::mem::swap(&mut self.now, &mut self.next);
        for part in path.utf8_chunks() {
            part.valid().chars().for_each(|c| self.step(c));
            // As in Go, each byte that is no UTF-8 is a character of its own.
            part.invalid().iter().for_each(|_| self.step(char::REPLACEMENT_CHARACTER));
        }
        self.now.last().is_some_and(|end| end.awaits)
    }

    #[inline]
    fn step(&mut self, c: char) {
        self.next.fill(Mark::default());
        for (at, token) in self.tokens.iter().enumerate() {
            if !self.now.get(at).is_some_and(|mark| mark.awaits) {
                continue;
            }
            match token {
                Token::Star if c != '/' => self.enter(at, false),
                Token::Rest if c != '\n' => self.enter(at, false),
                Token::Folders => {
                    if c != '\n' {
                        self.stay(at);
                    }
                    if c == '/' {
                        self.enter(at + 1, false);
                    }
                }
                token if token.takes(c) => self.enter(at + 1, false),
                _ => {}
            }
        }
        core::mem::swap(&mut self.now, &mut self.next);
    }

    #[inline]
    fn stay(&mut self, at: usize) {
        if let Some(mark) = self.next.get_mut(at) {
            mark.awaits = true;
        }
    }

    /// The token is the next one, and with it all behind it that may stand for nothing.
    #[inline]
    fn enter(&mut self, mut at: usize, beginning: bool) {
        while let Some(mark) = self.next.get_mut(at).filter(|mark| !mark.entered) {
            mark.entered = true;
            let (waits, passes) = match self.tokens.get(at) {
                Some(Token::Star | Token::Rest | Token::Folders) => (true, true),
                Some(Token::Beginning) => (false, beginning),
                _ => (true, false),
            };
            mark.awaits |= waits;
            if !passes {
                break;
            }
            at += 1;
        }
    }
}

impl Token {
    /// Whether it stands for exactly this character.
    #[inline]
    fn takes(&self, c: char) -> bool {
        match self {
            Self::Char(own) => *own == c,
            Self::One => c != '/',
            Self::Class { not, ranges } => ranges.iter().any(|&(low, high)| (low..=high).contains(&c)) != *not,
            Self::Star | Self::Rest | Self::Folders | Self::Beginning => false,
        }
    }
}

/// A path by its names alone: without `.`, without what a `..` takes back, without a slash at its end. As Go does it.
#[inline]
pub(super) fn clean(path: &str) -> String {
    let absolute = path.starts_with('/');
    let mut names: Vec<&str> = Vec::new();
    for name in path.split('/') {
        match name {
            "" | "." => {}
            ".." => match names.last() {
                Some(&last) if last != ".." => {
                    names.pop();
                }
                _ if absolute => {}
                _ => names.push(name),
            },
            name => names.push(name),
        }
    }
    match (absolute, names.join("/")) {
        (true, path) => format!("/{path}"),
        (false, path) if path.is_empty() => ".".to_owned(),
        (false, path) => path,
    }
}

/// The error of a pattern that breaks a rule.
#[inline]
pub(super) fn refuse(place: &str, pattern: &str, rule: &str) -> Error {
    Error::usage(format!("{place}: {rule}; it is {pattern:?}"))
}
