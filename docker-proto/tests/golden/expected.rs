//! What a request must be: an encoder that knows the facts and nothing of the crate's own.

use crate::data::{Operation, Param};
use crate::{values, wire};
use docker_proto::testkit::Asked;
use serde_json::Value;
use std::collections::BTreeMap;

/// A value as it must arrive.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Sent {
    Text(String),
    Json(Value),
    /// JSON in base64 of the URL alphabet.
    Credentials(Value),
}

/// A request in parts.
#[derive(Debug, Default)]
pub(crate) struct Request {
    pub(crate) line: String,
    /// Values by name, in the order of each name.
    pub(crate) query: BTreeMap<String, Vec<Sent>>,
    /// Values by name in small letters.
    pub(crate) fields: BTreeMap<String, Vec<Sent>>,
    pub(crate) body: Body,
}

#[derive(Debug, Default, PartialEq)]
pub(crate) enum Body {
    #[default]
    None,
    Json(Value),
    Bytes(Vec<u8>),
}

/// Everything but unreserved characters and those in `keep` as `%` and two digits.
pub(crate) fn percent(text: &str, keep: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        let plain = byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) || keep.bytes().any(|k| k == byte);
        if plain {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

fn unpercent(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        if let (b'%', [a, b, tail @ ..]) = (first, tail) {
            let digits = [*a, *b];
            let digits = std::str::from_utf8(&digits).expect("two digits");
            bytes.push(u8::from_str_radix(digits, 16).unwrap_or_else(|_| panic!("{text:?} has a bad escape")));
            rest = tail;
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    String::from_utf8(bytes).expect("values are UTF-8")
}

/// Reads base64 of the URL alphabet, with its padding.
fn base64(text: &str) -> Vec<u8> {
    assert!(text.len() % 4 == 0, "{text:?} is not padded");
    let body = text.trim_end_matches('=');
    let mut bits: Vec<u8> = Vec::new();
    for c in body.bytes() {
        let value = match c {
            b'A'..=b'Z' => c - b'A',
            b'a'..=b'z' => c - b'a' + 26,
            b'0'..=b'9' => c - b'0' + 52,
            b'-' => 62,
            b'_' => 63,
            _ => panic!("{text:?} is not in the URL alphabet"),
        };
        bits.extend((0..6).rev().map(|i| value >> i & 1));
    }
    bits.chunks_exact(8).map(|byte| byte.iter().fold(0, |all, bit| all << 1 | bit)).collect()
}

/// How a value in the path of an operation is written.
pub(crate) fn path_value(operation: &Operation, param: &Param) -> String {
    let name = &*param.name;
    match (operation.path.split('/').nth(1), name) {
        (Some("images" | "plugins" | "distribution"), "name") => values::image(name),
        (_, "anyroute") => values::route(name),
        _ => values::segment(name),
    }
}

fn path(operation: &Operation) -> String {
    let mut path = operation.path.clone();
    for param in operation.params.iter().filter(|p| p.place == "path") {
        let value = path_value(operation, param);
        let keep = match (operation.path.split('/').nth(1), &*param.name) {
            (Some("images" | "plugins" | "distribution"), "name") | (_, "anyroute") => "/:@",
            _ => "",
        };
        path = path.replace(&format!("{{{}}}", param.name), &percent(&value, keep));
    }
    path
}

/// The values of a parameter, each as it must arrive.
pub(crate) fn value(operation: &Operation, param: &Param) -> Vec<Sent> {
    let name = &*param.name;
    let output = ["log_stream", "json_stream"].contains(&&*operation.transport);
    match (&*param.kind, name) {
        ("boolean", _) => vec![Sent::Text("1".into())],
        (_, "since" | "until") if output => vec![Sent::Text(values::moment_text(name))],
        ("integer", _) => vec![Sent::Text(values::number(name).to_string())],
        (_, "X-Registry-Auth") => vec![Sent::Credentials(values::auth_json())],
        (_, "X-Registry-Config") => {
            vec![Sent::Credentials(serde_json::json!({"127.0.0.1:5000": values::auth_json()}))]
        }
        (_, "filters") => vec![Sent::Json(values::filters_json())],
        _ if param.encoding == "os[/arch[/variant]]" => vec![Sent::Text(values::PLATFORM.into())],
        _ if !param.encoding.is_empty() => {
            let all = values::encoded(&param.encoding).into_iter().map(Sent::Json);
            if param.many { all.collect() } else { all.take(1).collect() }
        }
        _ if param.many => values::texts(name).map(Sent::Text).into(),
        _ => vec![Sent::Text(values::text(name))],
    }
}

impl Request {
    /// The request line and the fields that every request has.
    pub(crate) fn begin(operation: &Operation, minor: u16) -> Self {
        // A ping is how versions are agreed on.
        let versioned = operation.versioned && operation.path != "/_ping";
        let prefix = if versioned { format!("/v1.{minor}") } else { String::new() };
        let mut request = Self { line: format!("{} {prefix}{}", operation.method, path(operation)), ..Self::default() };
        request.field("host", wire::HOST);
        request.field("user-agent", wire::AGENT);
        request
    }

    /// Adds a header field.
    pub(crate) fn field(&mut self, name: &str, value: &str) {
        self.fields.entry(name.to_lowercase()).or_default().push(Sent::Text(value.into()));
    }

    /// Adds values of a parameter.
    pub(crate) fn set(&mut self, param: &Param, values: Vec<Sent>) {
        match &*param.place {
            "query" => self.query.insert(param.name.clone(), values),
            _ => self.fields.insert(param.name.to_lowercase(), values),
        };
    }

    /// The request is exactly this one.
    #[track_caller]
    pub(crate) fn is(&self, asked: &Asked, what: &str) {
        let (method, target) = (asked.method(), asked.target());
        match &self.body {
            Body::None => assert!(asked.body().is_empty(), "{what}: {asked:?}"),
            Body::Bytes(bytes) => assert_eq!(asked.body(), bytes, "{what}"),
            Body::Json(document) => {
                let got: Value = serde_json::from_slice(asked.body()).unwrap_or_else(|e| panic!("{what}: {e}"));
                if let Some(differs) = difference("", &got, document) {
                    panic!("{what}: the body differs at {differs}");
                }
            }
        }
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        assert_eq!(format!("{method} {path}"), self.line, "{what}");
        let mut got: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for pair in query.split('&').filter(|p| !p.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or_else(|| panic!("{what}: {pair:?} has no value"));
            let plain = (unpercent(name), unpercent(value));
            assert_eq!((percent(&plain.0, ""), percent(&plain.1, "")), (name.into(), value.into()), "{what}");
            got.entry(plain.0).or_default().push(plain.1);
        }
        same(&self.query, got, &format!("{what}: query"));
        let mut got: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for line in asked.head().split("\r\n").skip(1).filter(|l| !l.is_empty()) {
            let (name, value) = line.split_once(": ").unwrap_or_else(|| panic!("{what}: {line:?} is no field"));
            got.entry(name.to_lowercase()).or_default().push(value.into());
        }
        same(&self.fields, got, &format!("{what}: fields"));
    }
}

/// The first place where two documents differ, and what is there in both.
fn difference(at: &str, got: &Value, wanted: &Value) -> Option<String> {
    match (got, wanted) {
        (Value::Object(got), Value::Object(wanted)) => {
            let names = got.keys().chain(wanted.keys());
            names.into_iter().find_map(|name| {
                let of = |object: &serde_json::Map<String, Value>| object.get(name).cloned();
                match (of(got), of(wanted)) {
                    (Some(got), Some(wanted)) => difference(&format!("{at}.{name}"), &got, &wanted),
                    (got, wanted) => Some(format!("{at}.{name}: {got:?}, not {wanted:?}")),
                }
            })
        }
        (Value::Array(got), Value::Array(wanted)) if got.len() == wanted.len() => {
            let items = got.iter().zip(wanted).enumerate();
            items.into_iter().find_map(|(i, (got, wanted))| difference(&format!("{at}[{i}]"), got, wanted))
        }
        _ => (got != wanted).then(|| format!("{at}: {got}, not {wanted}")),
    }
}

#[track_caller]
fn same(wanted: &BTreeMap<String, Vec<Sent>>, got: BTreeMap<String, Vec<String>>, what: &str) {
    let names = |all: &mut dyn Iterator<Item = &String>| all.cloned().collect::<Vec<_>>();
    assert_eq!(names(&mut got.keys()), names(&mut wanted.keys()), "{what}");
    for (name, values) in wanted {
        let read = |(text, wanted): (&String, &Sent)| match wanted {
            Sent::Text(_) => Sent::Text(text.clone()),
            Sent::Json(_) => Sent::Json(serde_json::from_str(text).unwrap_or_else(|e| panic!("{what} {name}: {e}"))),
            Sent::Credentials(_) => {
                let document = serde_json::from_slice(&base64(text));
                Sent::Credentials(document.unwrap_or_else(|e| panic!("{what} {name}: {e}")))
            }
        };
        assert_eq!(got[name].len(), values.len(), "{what} {name}: {:?}", got[name]);
        let got: Vec<_> = got[name].iter().zip(values).map(read).collect();
        assert_eq!(&got, values, "{what} {name}");
    }
}
