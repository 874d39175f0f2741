//! Answers in a type of the caller's, and values with the text they were.

use crate::common::{only_error, pinned};
use docker_proto::ErrorKind::{Decode, InStream, Protocol, Truncated};
use docker_proto::api::{containers, images, system};
use docker_proto::op::{Encode, Operation};
use docker_proto::testkit::{Bench, MemoryBody, Script, Want};
use serde::Deserialize;
use serde_json::{Value, json};

fn asked() -> Script {
    Script::new().expect(Want::any())
}

#[derive(Debug, Deserialize, PartialEq)]
struct Named {
    #[serde(rename = "Name")]
    name: String,
}

fn name(text: &str) -> Named {
    Named { name: text.into() }
}

#[test]
fn one_document_in_a_type_of_ones_own() {
    let run = |body: &str| {
        let op = containers::Inspect::new("web").size(true).decode_as::<Named>();
        let bench = Bench::new(Script::new().expect("GET /v1.41/containers/web/json?size=1").json(200, body));
        let answer = bench.call(&pinned(), op);
        bench.finish();
        answer
    };
    assert_eq!(run(r#"{"Name":"/web","More":[{}]}"#).unwrap(), name("/web"));
    let e = run(r#"{"Id":"abc"}"#).expect_err("no name");
    assert_eq!(
        (e.kind(), e.is_final(), e.operation(), e.target()),
        (Decode, true, Some("ContainerInspect"), Some("web"))
    );
    assert_eq!(e.raw().map(|r| &r[..]), Some(&br#"{"Id":"abc"}"#[..]));
    assert_eq!(run(r#"{"Name":"/web"} {}"#).unwrap_err().kind(), Protocol);
    assert_eq!(run(r#"{"Name":"/we"#).unwrap_err().kind(), Truncated);
    assert_eq!(run("").unwrap_err().kind(), Truncated);
}

#[test]
fn a_refusal_is_a_refusal_in_any_type() {
    let op = containers::Inspect::new("web").decode_as::<Value>();
    let e = Bench::new(asked().json(404, r#"{"message":"No such container: web"}"#)).call(&pinned(), op).unwrap_err();
    assert!(e.is_not_found() && e.message().contains("No such container"), "{e}");
}

#[test]
fn one_document_and_its_text() {
    // What the type does not know, and how it was written, is in the text.
    let body = " {\"Id\" : \"abc\",\n\"Later\":[1.50]}\r\n";
    let answer = || asked().chunks(200, "", &[&body[..5], &body[5..20], &body[20..]]);
    let op = containers::Inspect::new("web").with_text();
    let (typed, text) = Bench::new(answer()).call(&pinned(), op).unwrap();
    assert_eq!(typed.id.as_deref(), Some("abc"));
    assert_eq!(text, body.trim());
    // Both at once.
    let op = containers::Inspect::new("web").decode_as::<Value>().with_text();
    let (value, text) = Bench::new(answer()).call(&pinned(), op).unwrap();
    assert_eq!((&value["Later"], &text[..]), (&json!([1.5]), body.trim().as_bytes()));
}

#[test]
fn events_in_a_type_of_ones_own() {
    // One that does not fit does not end the stream.
    let chunks = ["{\"Action\":\"start\"}\n{\"Act", "ion\":7}\n\"text\"\x1e{\"Action\":\"die\",\"x\":1}"];
    #[derive(Debug, Deserialize, PartialEq)]
    struct Action {
        #[serde(rename = "Action")]
        action: String,
    }
    let bench = Bench::new(Script::new().expect("GET /v1.41/events").chunks(200, "", &chunks));
    let all = bench.collect(&mut bench.begin(&pinned(), system::Events::new().decode_as::<Action>()));
    let [Ok(start), Err(first), Err(second), Ok(die)] = &all[..] else { panic!("{all:?}") };
    assert_eq!((&*start.action, &*die.action), ("start", "die"));
    for (e, raw) in [(first, &b"{\"Action\":7}"[..]), (second, b"\"text\"")] {
        assert_eq!((e.kind(), e.is_final(), e.raw().map(|r| &r[..])), (Decode, false, Some(raw)));
    }
    assert_eq!(bench.counters().idle, 1);

    let bench = Bench::new(asked().chunks(200, "", &chunks));
    let all = bench.collect(&mut bench.begin(&pinned(), system::Events::new().with_text()));
    let [Ok((start, text)), Err(_), Err(_), Ok((die, more))] = &all[..] else { panic!("{all:?}") };
    assert_eq!((start.action.as_deref(), &text[..]), (Some("start"), &b"{\"Action\":\"start\"}"[..]));
    assert_eq!((die.action.as_deref(), &more[..]), (Some("die"), &b"{\"Action\":\"die\",\"x\":1}"[..]));
}

#[test]
fn a_broken_stream_is_broken_in_any_type() {
    let run = |script: Script| {
        let bench = Bench::new(script);
        let mut items = bench.begin(&pinned(), system::Events::new().with_text());
        let mut all = bench.collect(&mut items);
        assert!(bench.run(|cx| items.poll_next(cx)).is_none(), "over is over");
        (all.len(), all.pop().expect("an end").expect_err("an error").kind())
    };
    let begun = || asked().begin_chunks(200, "").more_chunks(&["{\"Action\":\"start\"}\n"]);
    assert_eq!(run(begun().close()), (2, Truncated));
    assert_eq!(run(begun().more_chunks(&["{\"Act"]).reply("0\r\n\r\n")), (2, Truncated));
    assert_eq!(run(begun().more_chunks(&["{\"Action\":nonsense}"]).reply("0\r\n\r\n")), (2, Protocol));
}

const PROGRESS: [&str; 2] = [
    "{\"status\":\"one\",\"id\":\"a\"}\r\n{}[1]{\"status\":\"t",
    "wo\"}\r\n{\"error\":\"boom\"}\r\n{\"status\":\"three\"}\n",
];

/// The engine's error ends the stream, whatever the type; its rest is read away.
#[test]
fn progress_in_a_type_of_ones_own_fails_as_ever() {
    #[derive(Debug, Deserialize)]
    struct Status {
        status: String,
    }
    let bench = Bench::new(asked().chunks(200, "", &PROGRESS));
    let mut items = bench.begin(&pinned(), images::Pull::new("alpine").decode_as::<Status>());
    let all = bench.collect(&mut items);
    assert!(bench.run(|cx| items.poll_next(cx)).is_none(), "over is over");
    let [Ok(one), Err(empty), Err(list), Ok(two), Err(boom)] = &all[..] else { panic!("{all:?}") };
    assert_eq!((&*one.status, &*two.status), ("one", "two"));
    assert_eq!((empty.kind(), empty.is_final()), (Decode, false));
    assert_eq!((list.kind(), list.is_final(), list.raw().map(|r| &r[..])), (Decode, false, Some(&b"[1]"[..])));
    assert_eq!((boom.kind(), boom.message(), boom.is_final()), (InStream, "boom", true));
    assert_eq!(boom.operation(), Some("ImageCreate"));
    assert_eq!((bench.counters().idle, bench.is_open(1)), (1, true), "the connection is clean");
}

#[test]
fn progress_and_its_text() {
    let bench = Bench::new(asked().chunks(200, "", &PROGRESS));
    let all = bench.collect(&mut bench.begin(&pinned(), images::Pull::new("alpine").with_text()));
    let [Ok((one, text)), Ok((empty, braces)), Err(list), Ok((two, _)), Err(boom)] = &all[..] else {
        panic!("{all:?}")
    };
    assert_eq!((one.id.as_deref(), &text[..]), (Some("a"), &br#"{"status":"one","id":"a"}"#[..]));
    assert_eq!((empty.status.as_deref(), &braces[..]), (None, &b"{}"[..]));
    assert_eq!(two.status.as_deref(), Some("two"));
    assert_eq!((list.kind(), boom.kind()), (Decode, InStream));
    // Both at once.
    let bench = Bench::new(asked().chunks(200, "", &["{\"status\":\"one\"}"]));
    let op = images::Pull::new("alpine").decode_as::<Value>().with_text();
    let all = bench.collect(&mut bench.begin(&pinned(), op));
    let [Ok((value, text))] = &all[..] else { panic!("{all:?}") };
    assert_eq!((&value["status"], &text[..]), (&json!("one"), &b"{\"status\":\"one\"}"[..]));
}

/// The error is found where the caller's type would not see it, and where its text is not UTF-8.
#[test]
fn no_type_hides_an_error_of_the_engine() {
    let run = |item: &[u8]| {
        let answer = [&format!("{:x}\r\n", item.len()).into_bytes()[..], item, b"\r\n0\r\n\r\n"].concat();
        let bench = Bench::new(asked().begin_chunks(200, "").reply(answer));
        only_error(bench.collect(&mut bench.begin(&pinned(), images::Pull::new("alpine").decode_as::<Value>())))
    };
    assert_eq!(run(br#"{"errorDetail":{"code":401,"message":"no"}}"#).status(), Some(401));
    let e = run(b"{\"error\":\"bad \xff\"}");
    assert_eq!((e.kind(), e.message()), (InStream, "bad \u{fffd}"));
    let e = run(b"{\"errorDetail\":{\"message\":\"bad \xff\"},\"id\":5}");
    assert_eq!(e.kind(), InStream, "{e}");
}

#[test]
fn what_is_asked_stays_the_same() {
    let op = images::Import::new().repo("x");
    let bench =
        Bench::new(Script::new().expect(Want::from("POST /v1.41/images/create?fromSrc=-&repo=x").body("tar")).chunks(
            200,
            "",
            &["{\"status\":\"ok\"}"],
        ));
    let mut items = bench.upload(&pinned(), op.decode_as::<Value>(), MemoryBody::new().piece("tar"));
    let all: Vec<_> = bench.collect(&mut items).into_iter().map(|item| item.unwrap()).collect();
    assert_eq!(all, [json!({"status": "ok"})]);
    bench.finish();
    let op = containers::Inspect::new("web").decode_as::<Named>();
    let copy = op.clone();
    assert_eq!((format!("{op:?}"), op.target()), (format!("{copy:?}"), "web"));
    assert!(format!("{op:?}").starts_with("As(Inspect"), "{op:?}");
}
