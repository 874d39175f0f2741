//! Where JSON values end, a byte at a time with a stack; and the same from serde_json.

use docker_proto::ErrorKind::{self, Protocol, TooLarge, Truncated};
use docker_proto::wire::limits::MAX_JSON_DEPTH;
use serde::de::IgnoredAny;
use serde_json::Value;

/// The texts of the values, and what is wrong behind them. No value is longer than `limit`.
pub(crate) fn split(data: &[u8], limit: usize) -> (Vec<Vec<u8>>, Option<ErrorKind>) {
    let (mut values, mut at) = (Vec::new(), 0);
    loop {
        while data.get(at).is_some_and(|b| b" \t\r\n\x1E".contains(b)) {
            at += 1;
        }
        let Some(&first) = data.get(at) else { return (values, None) };
        let value = if b"{[\"".contains(&first) {
            nested(&data[at..], limit)
        } else if b"-0123456789tfn".contains(&first) {
            scalar(&data[at..], limit)
        } else {
            Err(Protocol)
        };
        match value {
            Ok(length) => values.push(data[at..at + length].to_vec()),
            Err(kind) => return (values, Some(kind)),
        }
        at += values.last().map_or(0, Vec::len);
    }
}

fn scalar(data: &[u8], limit: usize) -> Result<usize, ErrorKind> {
    let length = data.iter().take_while(|b| b.is_ascii_alphanumeric() || b"+-.".contains(b)).count();
    if length > limit { Err(TooLarge) } else { Ok(length) }
}

fn nested(data: &[u8], limit: usize) -> Result<usize, ErrorKind> {
    let (mut open, mut escaped) = (Vec::new(), false);
    for (i, &byte) in data.iter().enumerate() {
        match (open.last(), byte) {
            // Whatever it is, it means nothing.
            (Some(b'"'), _) if escaped => escaped = false,
            (Some(b'"'), b'\\') => escaped = true,
            (Some(b'"'), b'"') | (Some(b'{'), b'}') | (Some(b'['), b']') => drop(open.pop()),
            (Some(b'"'), _) => {}
            (_, b'"') => open.push(b'"'),
            (_, b'{' | b'[') if open.len() == MAX_JSON_DEPTH => return Err(TooLarge),
            (_, b'{' | b'[') => open.push(byte),
            (_, b'}' | b']') => return Err(Protocol),
            _ => {}
        }
        if i + 1 > limit {
            return Err(TooLarge);
        }
        if open.is_empty() {
            return Ok(i + 1);
        }
    }
    Err(Truncated)
}

/// The texts of the values up to the first that serde_json refuses. It knows no record separator.
pub(crate) fn serde(data: &[u8]) -> Vec<&[u8]> {
    let mut stream = serde_json::Deserializer::from_slice(data).into_iter::<IgnoredAny>();
    let (mut values, mut end) = (Vec::new(), 0);
    while let Some(Ok(_)) = stream.next() {
        values.push(data[end..stream.byte_offset()].trim_ascii_start());
        end = stream.byte_offset();
    }
    values
}

/// A value as text, by hand; strings are escaped as `style` says.
pub(crate) fn encode(value: &Value, style: u8, out: &mut String) {
    let space = ["", " ", "\n\t", "\r\n"][usize::from(style) % 4];
    match value {
        Value::Object(map) => {
            out.push('{');
            for (i, (key, value)) in map.iter().enumerate() {
                out.push_str(if i > 0 { "," } else { "" });
                out.push_str(space);
                string(key, style, out);
                out.push_str(space);
                out.push(':');
                out.push_str(space);
                encode(value, style, out);
            }
            out.push_str(space);
            out.push('}');
        }
        Value::Array(list) => {
            out.push('[');
            for (i, value) in list.iter().enumerate() {
                out.push_str(if i > 0 { "," } else { "" });
                out.push_str(space);
                encode(value, style, out);
            }
            out.push_str(space);
            out.push(']');
        }
        Value::String(text) => string(text, style, out),
        Value::Number(number) => out.push_str(&number.to_string()),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Null => out.push_str("null"),
    }
}

fn string(text: &str, style: u8, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            _ if style & 4 != 0 => {
                c.encode_utf16(&mut [0; 2]).iter().for_each(|u| out.push_str(&format!("\\u{u:04x}")))
            }
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            c if c < ' ' => out.push_str(&format!("\\u{:04X}", c as u32)),
            c => out.push(c),
        }
    }
    out.push('"');
}
