//! Sequences of JSON values.

use crate::cut;
use crate::naive::json as naive;
use crate::run::{self, Run};
use crate::source::Source;
use docker_proto::ErrorKind::{self, Decode as Misfit, Protocol};
use docker_proto::testkit::{Seen, each};
use docker_proto::wire::{JsonDecoder, JsonText, OneJson, limits};
use serde::de::IgnoredAny;
use serde_json::{Map, Value};

/// What decides where values end, and what makes them wrong.
pub(crate) const WORDS: &[&[u8]] = &[
    b"{",
    b"}",
    b"[",
    b"]",
    b"\"",
    b"\\",
    b"\\\"",
    b"\\\\",
    b"\n",
    b"\r\n",
    b"\x1E",
    b"{}",
    b"{\"a\":1}",
    b"[{\"b\":[]}]",
    b"\"\\u00e9\"",
    b"-1.5e3",
    b"true",
    b"null ",
    b",",
    b":",
    b"\xC3\xA9",
    b"\xFF",
    b"{\"a{[\\\"}]\":\"]}\"}",
    b"{\"Type\":\"pod\",\"Action\":\"0123456789012345678901234567890123456789\"}",
    b"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
    b"]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]",
];

/// See [`TARGETS`](crate::TARGETS).
pub fn json(data: &[u8]) {
    raw(data, limits::MAX_JSON);
    for n in cut::prefixes(data) {
        raw(&data[..n], limits::MAX_JSON);
    }
    raw(data, data.len() / 2);
    raw(data, 16);
    typed(data);
    one(data);
    built(data);
}

/// The input is what the engine sent, and no value may be longer than `limit`.
fn raw(data: &[u8], limit: usize) {
    let run = run::at_any_cut(data, |set| {
        let check = |d: &JsonText| assert!(d.pending() <= limit, "{} bytes are kept, not {limit}", d.pending());
        run::run(&mut JsonText::with_limit(limit), data, set, |seen, text| each(seen, text.to_vec()), check)
    });
    let (wanted, end) = naive::split(data, limit);
    let kind = run.kind();
    let texts = texts(run);
    assert_eq!((&texts, kind), (&wanted, end), "other than the naive splitter, at limit {limit}");
    if limit == limits::MAX_JSON {
        let serde = naive::serde(data);
        let deep = kind == Some(ErrorKind::TooLarge);
        let agree = texts.iter().zip(&serde).all(|(a, b)| a == b) && (texts.len() >= serde.len() || deep);
        assert!(agree, "serde_json finds other values: {serde:?}");
    }
}

fn texts(run: Run<Vec<u8>>) -> Vec<Vec<u8>> {
    let text = |seen| match seen {
        Seen::Item(text) => text,
        Seen::Error(_, message, _) => panic!("an item error where nothing is typed: {message}"),
    };
    run.seen.into_iter().map(text).collect()
}

type Object = Map<String, Value>;

/// Values as objects: what is none is an item error, and what is no JSON ends the stream.
fn typed(data: &[u8]) {
    let run = run::at_any_cut(data, |set| run::run(&mut JsonDecoder::<Object>::new(), data, set, each, |_| {}));
    let (texts, mut end) = naive::split(data, limits::MAX_JSON);
    let mut seen = run.seen.iter();
    for text in texts {
        let clean = String::from_utf8_lossy(&text);
        if let Ok(object) = serde_json::from_str::<Object>(&clean) {
            assert_eq!(seen.next(), Some(&Seen::Item(object)), "{clean}");
        } else if serde_json::from_str::<IgnoredAny>(&clean).is_ok() {
            let Some(Seen::Error(Misfit, _, Some(raw))) = seen.next() else { panic!("{clean} should not fit") };
            assert_eq!(raw[..], text, "the text of what does not fit");
        } else {
            end = Some(Protocol);
            break;
        }
    }
    assert_eq!((seen.next(), run.kind()), (None, end), "behind the last value");
}

/// A body that must be one value.
fn one(data: &[u8]) {
    let run = run::at_any_cut(data, |set| {
        run::run(
            &mut OneJson::<Value>::new(),
            data,
            set,
            |seen, (value, text)| each(seen, (value, text.to_vec())),
            |_| {},
        )
    });
    let (texts, end) = naive::split(data, limits::MAX_JSON);
    match (&texts[..], end, &run.seen[..]) {
        ([text], None, [Seen::Item((value, kept))]) => {
            assert_eq!(run.kind(), None);
            assert_eq!(kept, text);
            assert_eq!(serde_json::from_str::<Value>(&String::from_utf8_lossy(text)).ok().as_ref(), Some(value));
        }
        ([text], None, []) => {
            assert!(serde_json::from_str::<Value>(&String::from_utf8_lossy(text)).is_err(), "one value was not given");
            assert!(run.kind().is_some());
        }
        (_, _, []) => assert!(run.kind().is_some(), "{} values passed for none", texts.len()),
        (_, _, seen) => panic!("{} values and {end:?} gave {seen:?}", texts.len()),
    }
}

/// The input is a plan of values: what is encoded comes out, as text and as values.
fn built(data: &[u8]) {
    let mut source = Source::new(data);
    let (mut bytes, mut wanted) = (String::new(), Vec::new());
    while !source.is_empty() && bytes.len() < 10_000 {
        let value = value(&mut source, 0);
        let mut text = String::new();
        naive::encode(&value, source.byte(), &mut text);
        bytes.push_str(source.pick(&["\n", "\r\n", "\x1E", " ", "\t \n", ""]));
        // Two numbers or literals need something between them.
        if bytes.ends_with(|c: char| c.is_ascii_alphanumeric()) && !text.starts_with(['{', '[', '"']) {
            bytes.push('\n');
        }
        bytes.push_str(&text);
        wanted.push((text, value));
    }
    let bytes = bytes.into_bytes();
    let run = run::at_any_cut(&bytes, |set| {
        run::run(&mut JsonText::new(), &bytes, set, |seen, text| each(seen, text.to_vec()), |_| {})
    });
    assert_eq!(run.kind(), None, "what is well-formed is refused");
    let texts = texts(run);
    assert!(texts.iter().map(|t| &t[..]).eq(wanted.iter().map(|(text, _)| text.as_bytes())), "other texts came out");
    let mut decoder = JsonDecoder::<Value>::new();
    let values = run::run(&mut decoder, &bytes, &[bytes.len() / 2], each, |_| {});
    let same = values.seen.len() == wanted.len()
        && values.seen.iter().zip(&wanted).all(|(a, (_, b))| matches!(a, Seen::Item(a) if a == b));
    assert!(same, "other values came out: {:?}", values.seen);
}

fn value(source: &mut Source<'_>, depth: usize) -> Value {
    match source.below(if depth < 5 { 8 } else { 5 }) {
        0 => Value::Null,
        1 => Value::Bool(source.byte() & 1 == 1),
        2 => Value::from(i64::from(source.byte() as i8) * 7_777_777),
        3 | 4 => Value::String(text(source)),
        5 => (0..source.below(4)).map(|_| value(source, depth + 1)).collect(),
        _ => (0..source.below(5)).map(|_| (text(source), value(source, depth + 1))).collect(),
    }
}

/// Text of what could be taken for the end of a value, in all lengths around a block.
fn text(source: &mut Source<'_>) -> String {
    let length = source.below(80);
    let of = source.pick(&[&b"abcdef"[..], b"\"\\ab", b"{}[]ab", b"\"\\{}[],:\n\x01a"]);
    let mut text = String::from_utf8_lossy(&source.filler(length, of)).into_owned();
    if source.byte() & 3 == 0 {
        text.push_str("é\u{1F600}");
    }
    text
}
