//! Header fields that the environment adds to every request.

use crate::{Error, Result};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use serde_json::Value;

/// Fields of HTTP itself and those that operations set: what is configured never replaces them.
const OURS: [&str; 11] = [
    "host",
    "user-agent",
    "connection",
    "upgrade",
    "content-length",
    "content-type",
    "transfer-encoding",
    "te",
    "expect",
    "x-registry-auth",
    "x-registry-config",
];

/// Those of config.json, by name.
pub(super) fn of_config(fields: &Value, path: &str) -> Result<Vec<(String, String)>> {
    let Value::Object(map) = fields else {
        return Err(Error::usage(format!("{path}: HttpHeaders must be an object")));
    };
    let mut kept = Vec::new();
    for (name, value) in map {
        let Value::String(value) = value else {
            return Err(Error::usage(format!("{path}: HttpHeaders: the value of {name:?} must be a text")));
        };
        keep(&mut kept, name, value).map_err(|why| Error::usage(format!("{path}: HttpHeaders: {why}")))?;
    }
    Ok(kept)
}

/// Those of `DOCKER_CUSTOM_HEADERS`: `name=value`, separated by commas, a pair with a comma in quotes.
pub(super) fn of_variable(text: &str) -> Result<Vec<(String, String)>> {
    let refuse = |why: &str| Error::usage(format!("DOCKER_CUSTOM_HEADERS: {why}"));
    let mut kept = Vec::new();
    for pair in split(text).map_err(refuse)? {
        let (name, value) = pair.split_once('=').ok_or_else(|| refuse("each field must be name=value"))?;
        keep(&mut kept, name.trim(), value).map_err(|why| refuse(&why))?;
    }
    Ok(kept)
}

/// One record of CSV: a part in quotes may hold commas, and two quotes for one.
fn split(text: &str) -> Result<Vec<String>, &'static str> {
    let mut parts = Vec::new();
    let mut rest = text.trim();
    loop {
        let part;
        (part, rest) = match rest.strip_prefix('"') {
            None => {
                let (part, rest) = rest.split_at(rest.find(',').unwrap_or(rest.len()));
                (String::from(part), rest)
            }
            Some(quoted) => {
                let mut part = String::new();
                let mut quoted = quoted;
                loop {
                    let (before, behind) = quoted.split_once('"').ok_or("a quote is not closed")?;
                    part.push_str(before);
                    match behind.strip_prefix('"') {
                        None => break (part, behind),
                        Some(more) => {
                            part.push('"');
                            quoted = more;
                        }
                    }
                }
            }
        };
        parts.push(part);
        rest = match rest.strip_prefix(',') {
            Some(rest) => rest,
            None if rest.is_empty() => return Ok(parts),
            None => return Err("only a comma may follow a closing quote"),
        };
    }
}

/// The later of two with one name wins. The value is not repeated in an error: it may be a secret.
fn keep(kept: &mut Vec<(String, String)>, name: &str, value: &str) -> Result<(), String> {
    let token = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b);
    if name.is_empty() || !name.bytes().all(token) {
        return Err(format!("{name:?} is no name of a header field"));
    }
    if value.bytes().any(|b| (b < 0x20 && b != b'\t') || b == 0x7f) {
        return Err(format!("the value of {name} holds a control character"));
    }
    kept.retain(|(other, _)| !other.eq_ignore_ascii_case(name));
    if !OURS.iter().any(|ours| ours.eq_ignore_ascii_case(name)) {
        kept.push((name.into(), value.into()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;
    use serde_json::json;

    fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
        list.iter().map(|&(n, v)| (n.into(), v.into())).collect()
    }

    #[test]
    fn a_variable_is_one_record_of_csv() {
        for (text, want) in [
            ("a=b", vec![("a", "b")]),
            ("a=b,c=d=e", vec![("a", "b"), ("c", "d=e")]),
            (" a = b ", vec![("a", " b")]),
            (r#""a=b,c","d=say ""x""""#, vec![("a", "b,c"), ("d", "say \"x\"")]),
            ("a=", vec![("a", "")]),
            ("a=1,A=2", vec![("A", "2")]),
            ("User-Agent=x,HOST=y,ok=1", vec![("ok", "1")]),
        ] {
            assert_eq!(of_variable(text).unwrap(), pairs(&want), "{text}");
        }
        for text in ["a", "=b", "a=b,", ",", "\"a=b", "\"a=b\"c", "a b=c", "a=s\u{7}cret"] {
            let e = of_variable(text).unwrap_err();
            assert!(e.message().starts_with("DOCKER_CUSTOM_HEADERS: "), "{text}: {e}");
            assert!(!e.message().contains("cret"), "{e}");
        }
    }

    #[test]
    fn what_config_json_holds_is_checked() {
        let fields = json!({"X-A": "1", "User-Agent": "mine", "x-registry-auth": "e30="});
        assert_eq!(of_config(&fields, "c").unwrap(), pairs(&[("X-A", "1")]));
        for fields in [json!([]), json!({"X": 1}), json!({"X Y": "1"}), json!({"X": "a\r\nB: c"})] {
            assert!(of_config(&fields, "c").unwrap_err().message().starts_with("c: HttpHeaders"));
        }
    }
}
