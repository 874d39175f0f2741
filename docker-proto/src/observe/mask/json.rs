//! JSON, byte by byte: which bytes are part of a secret.

use super::names::{self, Urls, Value};
use alloc::vec::Vec;

/// Nesting beyond this is hidden. Nothing that engines say comes near it.
const MAX_DEPTH: usize = 128;
/// Longer names are no names of the API's.
const MAX_NAME: usize = 96;

/// Where in JSON a byte stands. Any text passes: what is not JSON ends nowhere and hides nothing more.
#[derive(Debug, Default)]
pub(super) struct Json {
    open: Vec<Level>,
    /// Levels beyond the limit.
    deeper: usize,
    text: Option<Text>,
    /// The name of the member whose value comes next.
    name: Vec<u8>,
    /// What that value is, once the name has ended.
    next: Option<Value>,
    /// In an object: the next text is a name.
    is_name_next: bool,
}

#[derive(Clone, Copy, Debug)]
struct Level {
    is_object: bool,
    /// What its elements are, and what their members are.
    of: Value,
}

#[derive(Debug)]
struct Text {
    is_name: bool,
    is_escaped: bool,
    of: Value,
    /// Of a variable: its name has ended.
    is_past_name: bool,
    urls: Urls,
}

impl Json {
    /// Whether this byte may be shown.
    #[inline]
    pub(super) fn shows(&mut self, b: u8) -> bool {
        if let Some(text) = &mut self.text {
            return Self::in_text(text, b, &mut self.name, &mut self.next).unwrap_or_else(|| {
                self.text = None;
                true
            });
        }
        match b {
            b'{' | b'[' => {
                let of = self.of_next();
                self.next = None;
                self.is_name_next = b == b'{';
                if self.open.len() < MAX_DEPTH {
                    self.open.push(Level { is_object: b == b'{', of });
                } else {
                    self.deeper += 1;
                }
                true
            }
            b'}' | b']' => {
                if self.deeper > 0 {
                    self.deeper -= 1;
                } else {
                    self.open.pop();
                }
                (self.next, self.is_name_next) = (None, false);
                true
            }
            b'"' => {
                let is_name = self.is_name_next && self.next.is_none();
                if is_name {
                    self.name.clear();
                }
                let of = match self.open[..] {
                    _ if is_name => Value::Shown,
                    // A list of texts by itself: the settings of a plugin.
                    [Level { is_object: false, .. }] => Value::Variables,
                    _ => self.of_next(),
                };
                self.text = Some(Text { is_name, is_escaped: false, of, is_past_name: false, urls: Urls::default() });
                true
            }
            b',' => {
                self.next = None;
                self.is_name_next = self.open.last().is_some_and(|level| level.is_object);
                true
            }
            b'\n' if self.open.is_empty() => {
                self.next = None;
                true
            }
            _ => !(b.is_ascii_digit() && self.of_next() == Value::Hidden),
        }
    }

    /// What the value that comes next is.
    #[inline]
    fn of_next(&self) -> Value {
        let level = self.open.last();
        if self.deeper > 0 || self.open.len() == MAX_DEPTH {
            return Value::Hidden;
        }
        match level {
            Some(Level { of: Value::Hidden, .. }) => Value::Hidden,
            Some(Level { is_object: false, of }) => *of,
            // Variables may be objects with a name and a value, or an object of names and values.
            Some(Level { of: Value::Variables, .. }) if !self.name.eq_ignore_ascii_case(b"name") => Value::Hidden,
            _ => self.next.unwrap_or(Value::Shown),
        }
    }

    /// `None` at the end of the text.
    #[inline]
    fn in_text(text: &mut Text, b: u8, name: &mut Vec<u8>, next: &mut Option<Value>) -> Option<bool> {
        if !text.is_escaped && b == b'"' {
            if text.is_name {
                // A name that cannot be read says nothing.
                let is_odd = name.len() > MAX_NAME || name.contains(&b'\\');
                *next = Some(if is_odd { Value::Hidden } else { names::member(name) });
            }
            return None;
        }
        text.is_escaped = !text.is_escaped && b == b'\\';
        if text.is_name {
            if name.len() <= MAX_NAME {
                name.push(b);
            }
            return Some(true);
        }
        Some(match text.of {
            Value::Shown => true,
            Value::Hidden => false,
            Value::Words => text.urls.shows(b),
            Value::Variables => {
                let shown = !text.is_past_name;
                text.is_past_name |= b == b'=';
                shown
            }
        })
    }
}
