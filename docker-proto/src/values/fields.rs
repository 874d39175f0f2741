//! Fields joined by commas, of which some may stand in quotes.

use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

/// Splits at commas, but not inside double or single quotes that begin a field or its value; the quotes are dropped.
/// Inside double quotes, two of them are one.
#[inline]
pub(super) fn fields(text: &str) -> Result<Vec<String>, &'static str> {
    let mut fields = vec![String::new()];
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        // There is one field from the beginning on.
        let Some(field) = fields.last_mut() else { break };
        match c {
            ',' => fields.push(String::new()),
            '"' | '\'' if field.is_empty() || field.ends_with('=') => loop {
                match chars.next() {
                    None => return Err("a quote is not closed"),
                    Some('"') if c == '"' && chars.next_if_eq(&'"').is_some() => field.push('"'),
                    Some(end) if end == c => break,
                    Some(inner) => field.push(inner),
                }
            },
            plain => field.push(plain),
        }
    }
    Ok(fields)
}
