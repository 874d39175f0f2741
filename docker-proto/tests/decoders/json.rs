//! Streams of JSON values, and single ones.

use docker_proto::ErrorKind::{Decode as Misfit, Protocol, TooLarge, Truncated};
use docker_proto::testkit::{Ends, Seen, Vector, each, every_cut};
use docker_proto::wire::{Decode, Input, JsonDecoder, JsonText, OneJson, RecvBuf, limits};
use proptest::prelude::*;
use serde::Deserialize;

fn text(seen: &mut Vec<Seen<String>>, text: bytes::Bytes) {
    seen.push(Seen::Item(String::from_utf8_lossy(&text).into_owned()));
}

fn vector(name: &'static str, bytes: impl Into<Vec<u8>>) -> Vector<String> {
    Vector::new(name, bytes.into())
}

/// `{"a":1}` and `{"b":2}` in any dress. They may end before, between and inside what separates them.
fn two_values(name: &'static str, bytes: &'static [u8], ends: &'static [usize]) {
    let v = vector(name, bytes).item(r#"{"a":1}"#).item(r#"{"b":2}"#).ends_here(Ends::at(ends));
    assert_eq!(every_cut(JsonText::new, &v, text), ends.len());
}

#[test]
fn whatever_separates_values() {
    two_values("LF", b"{\"a\":1}\n{\"b\":2}\n", &[0, 7, 8, 15]);
    // docker-api: LF-terminated progress was withheld until the end, because only `\r\n` flushed.
    two_values("CRLF", b"{\"a\":1}\r\n{\"b\":2}\r\n", &[0, 7, 8, 9, 16, 17]);
    // shiplift, dockerode: one value per chunk or line was taken for granted.
    two_values("nothing", b"{\"a\":1}{\"b\":2}", &[0, 7]);
    two_values("blank lines and tabs", b"\n\n{\"a\":1}\t \n{\"b\":2}", &[0, 1, 2, 9, 10, 11, 12]);
    // bollard: json-seq was an error at byte 0.
    two_values("RS", b"\x1E{\"a\":1}\n\x1E{\"b\":2}\n", &[0, 1, 8, 9, 10, 17]);
    // docker-api: `bytes remaining in stream`, for ever. docker-modem: the last line was dropped.
    two_values("last without newline", b"{\"a\":1}\n{\"b\":2}", &[0, 7, 8]);
}

#[test]
fn pretty_printed_values_keep_their_newlines() {
    // bollard: newlines met inside a value were stripped. All line-based clients: an error for each line.
    let value = "{\r\n  \"a\": [\n    1,\n    {}\n  ]\n}";
    let v = vector("pretty", format!("{value}\n{value}\n")).item(value).item(value);
    let v = v.ends_here(Ends::At(vec![0, value.len(), value.len() + 1, 2 * value.len() + 1].into()));
    assert_eq!(every_cut(JsonText::new, &v, text), 4);
}

#[test]
fn brackets_and_quotes_in_strings_are_text() {
    for value in [
        r#"{"a":"}"}"#,
        r#"{"a":"\"}"}"#,
        r#"{"a":"\\"}"#,
        r#"["\\\"[","]"]"#,
        r#""x\"{""#,
        r#"{"{\\":{"[":"\u007b"}}"#,
    ] {
        let v = vector("strings", format!("{value}{value}")).item(value).item(value);
        assert_eq!(every_cut(JsonText::new, &v.ends_here(Ends::At(vec![0, value.len()].into())), text), 2);
    }
}

#[test]
fn split_utf8() {
    // docker-py: `caf\xc3|\xa9` -> two replacement characters. docker-modem: the same by per-chunk `toString()`.
    let value = r#"{"status":"café 😀"}"#;
    assert_eq!(every_cut(JsonText::new, &vector("utf-8", value).item(value).ends_here(Ends::at(&[0])), text), 1);
    // shiplift: `{"status":"Pul` + `ling"}` = two errors, and the value lost.
    let value = r#"{"status":"Pulling"}"#;
    assert_eq!(every_cut(JsonText::new, &vector("Pulling", value).item(value).ends_here(Ends::at(&[0])), text), 1);
}

#[test]
fn numbers_and_literals_end_at_a_delimiter_or_at_the_end() {
    // A prefix of a number is a number; of a literal, serde says what it is not.
    let v = vector("scalars", "-1.5e+3 true\nnull[]12\"s\"3{}false");
    let v = ["-1.5e+3", "true", "null", "[]", "12", "\"s\"", "3", "{}", "false"].into_iter().fold(v, Vector::item);
    // Not inside the brackets and the string.
    let inside = |prefix: &[u8]| !matches!(prefix.len(), 18 | 22 | 23 | 26);
    assert_eq!(every_cut(JsonText::new, &v.ends_here(Ends::After(inside)), text), 28);
}

#[test]
fn garbage_between_items_ends_the_stream_and_is_shown() {
    // docker-py: garbage stopped delivery silently until the end. docker-modem: uncaught exception.
    let v = vector("HTML", "{}\n<html>").item("{}").error(Protocol, "byte 0x3c, at offset 3");
    assert_eq!(every_cut(JsonText::new, &v.ends_here(Ends::at(&[0, 2, 3])), text), 3);
    for (byte, name) in [(b',', "byte 0x2c"), (b'}', "byte 0x7d"), (0, "byte 0x00"), (0xEF, "byte 0xef")] {
        let v = vector("garbage", [b'1', byte]).item("1").error(Protocol, name);
        assert_eq!(every_cut(JsonText::new, &v.ends_here(Ends::at(&[0, 1])), text), 2);
    }
    let mut long = b"<!DOCTYPE html>".to_vec();
    long.resize(10_000, b'.');
    let (mut block, mut left) = (RecvBuf::from(&long[..]), long.len());
    let error = JsonText::new().decode(&mut Input::new(&mut block, &mut left)).expect_err("HTML");
    assert_eq!(error.raw().map(|raw| &raw[..]), Some(&long[..256]));
}

#[test]
fn brackets_must_match() {
    for (bytes, at) in [("{]", "']' at offset 1"), ("[{}}", "'}' at offset 3"), (" [[1]}", "'}' at offset 5")] {
        let v = vector("mismatch", bytes).error(Protocol, at);
        let ends = if bytes.starts_with(' ') { Ends::at(&[0, 1]) } else { Ends::at(&[0]) };
        every_cut(JsonText::new, &v.ends_here(ends), text);
    }
}

#[test]
fn a_value_over_the_limit_is_refused_and_one_at_it_is_not() {
    // bollard, docker-py, docker-modem: no limit, and a re-parse of everything at every read.
    let make = || JsonText::with_limit(8);
    for value in ["[1,2,34]", "\"abcdef\"", "12345678"] {
        let v = vector("at the limit", format!("{value} ")).item(value);
        let scalar = |prefix: &[u8]| !matches!(prefix.first(), Some(b'[' | b'"')) || prefix.len() == 8;
        every_cut(make, &v.ends_here(Ends::After(scalar)), text);
    }
    for value in ["[1,2,345]", "\"abcdefg\"", "123456789", "[1,2,3,4,5,6]]", "[1,2,34 5}"] {
        let v = vector("over the limit", value).error(TooLarge, "limit of 8 bytes");
        let scalar = |prefix: &[u8]| prefix.is_empty() || prefix[0] == b'1';
        every_cut(make, &v.ends_here(Ends::After(scalar)), text);
    }
}

#[test]
fn a_value_of_64_mib_is_refused_before_it_is_kept() {
    let mut decoder = JsonText::new();
    let (mut block, mut fed) = (RecvBuf::from(&b"{\"a\":\""[..]), 0);
    let error = loop {
        let mut left = block.len();
        match decoder.decode(&mut Input::new(&mut block, &mut left)) {
            Ok(item) => assert_eq!(item, None),
            Err(error) => break error,
        }
        assert!(decoder.pending() <= limits::MAX_JSON);
        block.push(&[b'x'; 1 << 16]);
        fed += 1 << 16;
        assert!(fed < 64 << 20);
    };
    assert_eq!((error.kind(), error.is_final(), decoder.pending()), (TooLarge, true, 0));
}

#[test]
fn every_byte_is_looked_at_once() {
    // bollard: 33, 112, 420 and 1741 ms for one value of 1, 2, 4 and 8 MiB; docker-py much the same. Time says little on a busy
    // machine, so what is counted is what the decoder is shown, call by call.
    for mib in [1, 2, 4, 8] {
        for piece in [1 << 10, 4 << 10, 256 << 10] {
            let mut value = br#"{"a":["#.to_vec();
            while value.len() < mib << 20 {
                value.extend_from_slice(br#"{"b":"0123456789abcdef{[\"","c":[1,2,3]},"#);
            }
            value.extend_from_slice(b"0]}");
            let (mut decoder, mut block, mut shown, mut calls, mut found) =
                (JsonText::new(), RecvBuf::new(), 0, 0, None);
            for part in value.chunks(piece) {
                block.push(part);
                calls += 1;
                let mut left = block.len();
                shown += left;
                found = decoder.decode(&mut Input::new(&mut block, &mut left)).unwrap();
            }
            assert_eq!((shown, calls), (value.len(), value.len().div_ceil(piece)), "{mib} MiB in {piece} bytes each");
            assert_eq!(found.map(|text| text.len()), Some(value.len()));
        }
    }
}

#[test]
fn nesting_is_bounded() {
    let deepest = "[".repeat(limits::MAX_JSON_DEPTH) + &"]".repeat(limits::MAX_JSON_DEPTH);
    every_cut(JsonText::new, &vector("deepest", &*deepest).item(&*deepest).ends_here(Ends::at(&[0])), text);
    let v = vector("too deep", format!("[{deepest}]")).error(TooLarge, "limit of 128 levels");
    every_cut(JsonText::new, &v.ends_here(Ends::at(&[0])), text);
}

#[derive(Debug, Deserialize, PartialEq)]
struct Event {
    #[serde(rename = "Type")]
    kind: Kind,
}

/// A closed enum, as generated clients have them.
#[derive(Debug, Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Container,
    Image,
}

#[test]
fn a_wrong_type_in_the_middle_costs_one_item() {
    // bollard: a data error (unknown enum value) ended the stream, and the good items behind it were lost.
    let bytes = b"{\"Type\":\"container\"}\n{\"Type\":\"pod\"}\n{\"Type\":7}[]{\"Type\":\"image\"}\n";
    let v = Vector::<Event>::new("pod", &bytes[..])
        .item(Event { kind: Kind::Container })
        .item_error(Misfit, "unknown variant `pod`")
        .item_error(Misfit, "does not fit its type")
        .item_error(Misfit, "does not fit its type")
        .item(Event { kind: Kind::Image })
        .ends_here(Ends::at(&[0, 20, 21, 35, 36, 46, 48, 64]));
    assert_eq!(every_cut(JsonDecoder::new, &v, each), 8);
}

#[test]
fn the_text_of_a_misfit_is_attached() {
    let bytes = br#"{"Type":"pod"} "#;
    let (mut block, mut left) = (RecvBuf::from(&bytes[..]), bytes.len());
    let error = JsonDecoder::<Event>::new().decode(&mut Input::new(&mut block, &mut left)).expect_err("no such kind");
    assert_eq!(error.raw().map(|raw| &raw[..]), Some(&br#"{"Type":"pod"}"#[..]));
}

#[test]
fn what_is_no_json_ends_the_stream_even_behind_a_wrong_type() {
    for bytes in [r#"{"Type" 1}"#, r#"{"Type":"pod" "x"}"#, "[1,,2]", "truth ", "01 ", "{\"Type\":\"a\nb\"}", "\"\\x\""]
    {
        let v = Vector::<Event>::new("no JSON", bytes.as_bytes()).error(Protocol, "a value is no JSON");
        // `0` alone is a value, though no `Event`.
        let ends = Ends::After(|prefix| matches!(prefix, b"" | b"0"));
        assert_eq!(
            every_cut(JsonDecoder::<Event>::new, &v.ends_here(ends), each),
            1 + usize::from(bytes.starts_with('0'))
        );
    }
}

#[test]
fn strange_but_valid_json_costs_one_item_at_most() {
    // serde_json calls all of these broken text.
    let deep = "[".repeat(128) + &"]".repeat(128);
    for value in ["1e999", r#""\ud800""#, &deep] {
        let bytes = format!("{value}\n[\"x\"]");
        let (mut decoder, mut block, mut left) =
            (JsonDecoder::<(String,)>::new(), RecvBuf::from(bytes.as_bytes()), bytes.len());
        let error = decoder.decode(&mut Input::new(&mut block, &mut left)).expect_err(value);
        assert_eq!((error.kind(), error.is_final()), (Misfit, false));
        let next = decoder.decode(&mut Input::new(&mut block, &mut left)).expect("the stream goes on");
        assert_eq!(next, Some(("x".into(),)));
    }
}

#[test]
fn invalid_utf8_is_replaced() {
    // docker-api: non-UTF-8 replaced the answer by an error. bollard: the stream ended.
    let v = Vector::<(String,)>::new("invalid UTF-8", &b"[\"a\xFFb\"]\n[\"ok\"]"[..]);
    let v = v.item(("a\u{FFFD}b".to_owned(),)).item(("ok".to_owned(),)).ends_here(Ends::at(&[0, 7, 8]));
    assert_eq!(every_cut(JsonDecoder::<(String,)>::new, &v, each), 3);
    let v = Vector::<(u8,)>::new("a misfit with it", &b"[\"a\xFFb\"]"[..]).item_error(Misfit, "a\u{FFFD}b");
    assert_eq!(every_cut(JsonDecoder::<(u8,)>::new, &v.ends_here(Ends::at(&[0])), each), 1);
}

#[test]
fn one_value_and_nothing_else() {
    type One = (Vec<u8>, bytes::Bytes);
    let one = || OneJson::<Vec<u8>>::new();
    let v = |name, bytes: &'static str| Vector::<One>::new(name, bytes.as_bytes());
    let item = || (vec![1, 2], bytes::Bytes::from("[1,2]"));
    assert_eq!(every_cut(one, &v("one", "[1,2]").item(item()), each), 0);
    assert_eq!(every_cut(one, &v("newline", "\n[1,2]\r\n").item(item()).ends_here(Ends::at(&[6, 7])), each), 2);
    let end = Ends::at(&[5]);
    let two = v("two", "[1,2][3]").error(Protocol, "goes on behind its JSON value").ends_here(end.clone());
    assert_eq!(every_cut(one, &two, each), 1);
    assert_eq!(every_cut(one, &v("tail", "[1,2]}").error(Protocol, "byte 0x7d").ends_here(end), each), 1);
    every_cut(one, &v("empty", "").error(Truncated, "no body"), each);
    every_cut(one, &v("blank", " \n").error(Truncated, "no body"), each);
    // bollard: `{"message":"trunc` lost the status; here at least the length of what there was is told.
    every_cut(one, &v("cut", "[1,2").error(Truncated, "4 bytes after its beginning"), each);
    every_cut(one, &v("misfit", "[300]").error(Misfit, "does not fit"), each);
    every_cut(one, &v("HTML", "<html>").error(Protocol, "byte 0x3c"), each);
    let number = Vector::<(u8, bytes::Bytes)>::new("number", &b"12"[..])
        .item((12, bytes::Bytes::from("12")))
        .ends_here(Ends::at(&[1]));
    assert_eq!(every_cut(OneJson::<u8>::new, &number, each), 1);
}

fn value() -> impl Strategy<Value = serde_json::Value> {
    use serde_json::Value;
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "[a-z\"\\\\{}\\[\\]\n\u{e9}\u{1F600}]{0,40}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("[a-z\"\\\\}]{0,8}", inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// Any values, compact or pretty, with anything or nothing between them, come out as they went in, at any cut.
    #[test]
    fn any_values(list in prop::collection::vec((value(), any::<bool>(), 0..6usize), 0..5)) {
        let (mut bytes, mut wanted) = (String::new(), Vec::new());
        for (value, pretty, gap) in &list {
            let text = if *pretty { format!("{value:#}") } else { value.to_string() };
            bytes += ["\n", "\r\n", "\u{1E}", " ", "\t\n\n", ""][*gap];
            // Two scalars in a row need a gap.
            if *gap == 5 && !text.starts_with(['{', '[', '"']) {
                bytes += "\n";
            }
            bytes += &text;
            wanted.push(text);
        }
        // The reference: serde's own stream, which knows no record separator.
        let complete = |prefix: &[u8]| {
            let prefix: Vec<u8> = prefix.iter().map(|&b| if b == 0x1E { b' ' } else { b }).collect();
            let mut values = serde_json::Deserializer::from_slice(&prefix).into_iter::<serde::de::IgnoredAny>();
            let mut end = 0;
            while let Some(Ok(_)) = values.next() {
                end = values.byte_offset();
            }
            let rest = prefix[end..].trim_ascii_start();
            rest.first().is_none_or(|first| !b"{[\"".contains(first))
        };
        let v = wanted.into_iter().fold(vector("generated", bytes), Vector::item);
        every_cut(JsonText::new, &v.ends_here(Ends::After(complete)), text);
    }

    /// Any bytes at all: never a panic.
    #[test]
    fn any_bytes(bytes in prop::collection::vec(prop_oneof![3 => prop::sample::select(&b"{}[]\"\\ 1t"[..]), 1 => any::<u8>()], 0..200)) {
        let (mut decoder, mut block, mut left) = (JsonText::new(), RecvBuf::from(&bytes[..]), bytes.len());
        while let Ok(Some(text)) = decoder.decode(&mut Input::new(&mut block, &mut left)) {
            prop_assert!(!text.is_empty());
        }
        let _ = decoder.finish();
    }
}
