//! Errors in progress streams, in every shape that engines have sent or that clients of the field got wrong.

use docker_proto::ErrorKind::{self, Decode as Misfit, InStream, Protocol, TooLarge, Truncated};
use docker_proto::model::Progress;
use docker_proto::op::ProgressDecoder;
use docker_proto::testkit::{Ends, Seen, Vector, every_cut};
use docker_proto::wire::{Decode, Input, RecvBuf, limits};

const ONE: &str = "{\"status\":\"one\"}";

fn status(seen: &mut Vec<Seen<String>>, item: Progress) {
    seen.push(Seen::Item(item.status.unwrap_or_default()));
}

/// An item, then `error`, then `behind`; at every cut.
fn failing(error: &[u8], behind: &str, words: &'static str) {
    let bytes = [ONE.as_bytes(), b"\r\n", error, behind.as_bytes()].concat();
    let vector = Vector::new("failing", bytes).item("one").error(InStream, words);
    // No prefix of the error is complete but what stands before it.
    let before = |prefix: &[u8]| prefix.is_empty() || (16..=18).contains(&prefix.len());
    assert_eq!(every_cut(ProgressDecoder::default, &vector.ends_here(Ends::After(before)), status), 4);
}

/// The error that comes out of `text` alone.
fn error_of(text: &[u8]) -> docker_proto::Error {
    let (mut block, mut left) = (RecvBuf::from(text), text.len());
    ProgressDecoder::default().decode(&mut Input::new(&mut block, &mut left)).expect_err("an error")
}

#[test]
fn every_shape_at_every_cut() {
    let shapes: &[(&[u8], &'static str, Option<u16>)] = &[
        // bollard, docker-api: `error` alone was an item without anything in it. docker-modem, docker-py: all of them were.
        (br#"{"error":"boom"}"#, "boom", None),
        (br#"{"error":"format error"}"#, "format error", None),
        (br#"{"errorDetail":{"message":"boom"}}"#, "boom", None),
        (br#"{"errorDetail":{"code":401,"message":"who"},"error":"who"}"#, "who", Some(401)),
        (br#"{"error":"who","errorDetail":{"message":"who","code":401}}"#, "who", Some(401)),
        (br#"{"errorDetail":{"code":137},"error":"killed"}"#, "killed", Some(137)),
        (br#"{"errorDetail":{"code":1}}"#, "without a message", Some(1)),
        (br#"{"errorDetail":{"code":0}}"#, "without a message", None),
        // Codes that are no status and no exit code.
        (br#"{"errorDetail":{"code":-1,"message":"boom"}}"#, "boom", None),
        (br#"{"errorDetail":{"code":70000,"message":"boom"}}"#, "boom", None),
        (br#"{"errorDetail":{}}"#, "without a message", None),
        (br#"{"errorDetail":{"message":""},"error":"plain"}"#, "plain", None),
        (br#"{"errorDetail":{"message":null,"code":null},"error":"plain"}"#, "plain", None),
        (br#"{"errorDetail":null,"error":"plain"}"#, "plain", None),
        // The members of an item may stand beside it.
        (
            br#"{"status":"Pulling","id":"a","progressDetail":{},"error":"boom","errorDetail":{"message":"boom"}}"#,
            "boom",
            None,
        ),
        (br#"{"stream":"x","aux":{"ID":"y"},"errorDetail":{"message":"boom"}}"#, "boom", None),
        // Members of another type must not hide it.
        (br#"{"status":7,"progressDetail":[],"error":"boom"}"#, "boom", None),
        (br#"{"id":{},"errorDetail":{"message":"boom","code":2}}"#, "boom", Some(2)),
        // Spread over lines, with more inside.
        (b"{\n  \"errorDetail\": {\n    \"message\": \"boom\",\n    \"more\": [1, {}]\n  }\n}", "boom", None),
        // Bytes that are no UTF-8, escapes, brackets in the text.
        (b"{\"error\":\"caf\xC3\"}", "caf\u{FFFD}", None),
        (b"{\"error\":\"\xFF\xFEboom\",\"status\":\"\xFF\"}", "\u{FFFD}\u{FFFD}boom", None),
        ("{\"error\":\"café 😀\"}".as_bytes(), "café 😀", None),
        (br#"{"error":"a\u0000\u001b[91m}]\"{\\"}"#, "}]\"{\\", None),
    ];
    for (error, words, status) in shapes {
        for behind in ["", "\r\n", "\n{\"status\":\"more\"}\n", "{\"error\":\"another\"}", "garbage"] {
            failing(error, behind, words);
        }
        let e = error_of(error);
        assert_eq!((e.kind(), e.status(), e.is_final()), (InStream, *status, true), "{e:?}");
    }
}

#[test]
fn what_looks_like_an_error_and_is_none() {
    for item in [
        "{}",
        r#"{"error":""}"#,
        r#"{"error":null}"#,
        r#"{"error":null,"errorDetail":null}"#,
        r#"{"progressDetail":{}}"#,
        r#"{"stream":"{\"error\":\"boom\"}"}"#,
        r#"{"aux":{"error":"boom","errorDetail":{"message":"boom"}}}"#,
        r#"{"message":"boom"}"#,
        r#"{"Error":"boom"}"#,
    ] {
        let vector = Vector::new("none", item.as_bytes()).item("").ends_here(Ends::at(&[0]));
        assert_eq!(every_cut(ProgressDecoder::default, &vector, status), 1, "{item}");
    }
}

#[test]
fn an_error_of_another_type_is_an_error_all_the_same() {
    // It fits nothing, so it is delivered as what it is, with its text, and the stream goes on.
    for item in [r#"{"error":{"message":"boom"}}"#, r#"{"errorDetail":"boom"}"#, r#"{"error":7}"#, "[]", "\"boom\""] {
        let bytes = format!("{ONE}{item}{ONE}");
        let ends = [0, ONE.len(), ONE.len() + item.len()];
        let vector =
            Vector::new("misfit", bytes.into_bytes()).item("one").item_error(Misfit, "does not fit").item("one");
        assert_eq!(every_cut(ProgressDecoder::default, &vector.ends_here(Ends::At(ends.to_vec().into())), status), 3);
    }
}

#[test]
fn a_stream_that_breaks_is_no_success() {
    let broken: &[(&[u8], ErrorKind, &'static str)] = &[
        (b"{\"error\":\"boom", Truncated, "inside a JSON value"),
        (b"<html>", Protocol, "byte 0x3c"),
        (b"{\"error\" \"boom\"}", Protocol, "no JSON"),
    ];
    for (bytes, kind, words) in broken {
        let all = [ONE.as_bytes(), bytes].concat();
        let vector = Vector::new("broken", all).item("one").error(*kind, words).ends_here(Ends::at(&[0, 16]));
        assert_eq!(every_cut(ProgressDecoder::default, &vector, status), 2);
    }
}

#[test]
fn an_error_over_the_limit_is_not_waited_for() {
    let (mut decoder, mut block, mut fed) = (ProgressDecoder::default(), RecvBuf::from(&b"{\"error\":\""[..]), 0);
    let error = loop {
        let mut left = block.len();
        match decoder.decode(&mut Input::new(&mut block, &mut left)) {
            Ok(item) => assert_eq!(item, None),
            Err(error) => break error,
        }
        block.push(&[b'x'; 1 << 16]);
        fed += 1 << 16;
        assert!(fed <= limits::MAX_JSON + (1 << 16), "{fed}");
    };
    assert_eq!((error.kind(), error.is_final()), (TooLarge, true));
}
