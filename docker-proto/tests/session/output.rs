//! Output as lines and collected.

use crate::common::at;
use docker_proto::ErrorKind::{Cancelled, InStream, TooLarge, Truncated};
use docker_proto::api::{containers, exec};
use docker_proto::op::Operation;
use docker_proto::session::{CallOptions, Verb};
use docker_proto::testkit::{Bench, Script, Want};
use docker_proto::wire::{Line, LineEnd, StreamKind, limits};
use docker_proto::{Error, Result, drive};

const MULTIPLEXED: &str = "Content-Type: application/vnd.docker.multiplexed-stream\r\n";
const UPGRADED: &str = "HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.multiplexed-stream\r\n\
                        Connection: Upgrade\r\nUpgrade: tcp\r\n\r\n";

/// A session: what the engine is decides how an exec is framed, so it is asked.
fn session() -> Script {
    Script::new().negotiate("1.45").expect(Want::any()).reply(UPGRADED)
}

fn logs() -> containers::Logs {
    containers::Logs::new("web").stdout(true).stderr(true)
}

fn asked() -> Script {
    Script::new().expect(Want::any())
}

/// Frames; the ids and payloads of engines, one after another.
fn frames(list: &[(u8, &str)]) -> String {
    let frame = |(id, text): &(u8, &str)| format!("{}\0\0\0\0\0\0{}{text}", *id as char, text.len() as u8 as char);
    list.iter().map(frame).collect()
}

fn seen(items: Vec<Result<Line>>) -> (Vec<String>, Option<Error>) {
    let (mut lines, mut end) = (Vec::new(), None);
    for item in items {
        assert!(end.is_none(), "something comes behind {end:?}");
        match item {
            Ok(line) => {
                let mark = if line.stream == StreamKind::Stderr { "!" } else { "" };
                lines.push(format!("{mark}{}{}", line.text(), if line.end == LineEnd::End { "$" } else { "" }));
            }
            Err(e) => end = Some(e),
        }
    }
    (lines, end)
}

#[test]
fn lines_of_logs() {
    let chunks = [&*frames(&[(1, "one\ntw"), (2, "er")]), &frames(&[(1, "o\nla"), (2, "r\n")])];
    let bench = Bench::new(asked().chunks(200, MULTIPLEXED, &chunks));
    let all = bench.collect(&mut bench.begin(&at(1, 45), logs().lines()));
    let (lines, end) = seen(all);
    assert_eq!((lines.join(" "), end.is_none()), ("one two !err la$".into(), true));
    assert_eq!(bench.counters().idle, 1);
    // In parts where they are long.
    let bench = Bench::new(asked().chunks(200, MULTIPLEXED, &chunks));
    let all = bench.collect(&mut bench.begin(&at(1, 45), logs().lines().at_most(2)));
    assert_eq!(seen(all).0.join(" "), "on e tw o !er !r la$");
}

#[test]
fn what_breaks_a_line_off_comes_behind_it() {
    let run = |script: Script, missing: &str| {
        let bench = Bench::new(script);
        let mut items = bench.begin(&at(1, 45), logs().lines());
        let (lines, end) = seen(bench.collect(&mut items));
        assert!(bench.run(|cx| items.poll_next(cx)).is_none(), "over is over");
        let end = end.expect("an end");
        assert_eq!(
            (lines.join(" "), end.kind(), end.operation()),
            ("one tw$ !e$".into(), Truncated, Some("ContainerLogs"))
        );
        assert!(end.message().contains(missing), "{end}");
    };
    let text = frames(&[(1, "one\ntw"), (2, "e")]);
    let head = format!("HTTP/1.1 200 OK\r\n{MULTIPLEXED}");
    // Between frames, in the middle of a chunk, of a body with a length, of a frame.
    run(asked().begin_chunks(200, MULTIPLEXED).more_chunks(&[&text]).close(), "before its last chunk");
    let chunk = format!("{head}Transfer-Encoding: chunked\r\n\r\n20\r\n{text}");
    run(asked().reply(chunk).close(), &format!("{} bytes before its end", 32 - text.len()));
    run(asked().reply(format!("{head}Content-Length: 40\r\n\r\n{text}")).close(), "17 bytes before its Content-Length");
    let cut = format!("{text}\x01\0\0");
    run(asked().begin_chunks(200, MULTIPLEXED).more_chunks(&[&cut]).reply("0\r\n\r\n"), "header: 3 of 8");
}

#[test]
fn a_cancelled_call_gives_no_more_lines() {
    let bench = Bench::new(asked().begin_chunks(200, MULTIPLEXED).more_chunks(&[&frames(&[(1, "one\ntwo")])]).stall());
    let mut items = bench.begin(&at(1, 45), logs().lines());
    assert_eq!(bench.run(|cx| items.poll_next(cx)).expect("a line").expect("no error").bytes, "one");
    items.cancel();
    let end = bench.run(|cx| items.poll_next(cx)).expect("an error").expect_err("an error");
    assert_eq!(end.kind(), Cancelled);
}

#[test]
fn lines_of_a_session() {
    let bench = Bench::new(session().reply(frames(&[(1, "a\r\n"), (2, "b")])).close());
    let op = exec::Start::new("id").lines();
    let mut items = drive::Items::new(bench.clone(), Bench::client(), op, Verb::Open, CallOptions::default(), None);
    let (lines, end) = seen(bench.collect(&mut items));
    assert_eq!((lines.join(" "), end.is_none()), ("a !b$".into(), true));
}

#[test]
fn all_of_the_output() {
    let text = frames(&[(1, "one\n"), (2, "err"), (1, "two")]);
    let chunks = [&text[..5], &text[5..]];
    let all = Bench::new(asked().chunks(200, MULTIPLEXED, &chunks)).call(&at(1, 45), logs().collected()).unwrap();
    assert_eq!((all.stdout_text(), all.stderr_text()), ("one\ntwo".into(), "err".into()));
    // A command that wants no stdin: one answer.
    let bench = Bench::new(session().reply(&text).close());
    let all = bench.call(&Bench::client(), exec::Start::new("id").collected()).unwrap();
    assert_eq!((&*all.stdout, &*all.stderr), (&b"one\ntwo"[..], &b"err"[..]));
    // Nothing is a value as well.
    let all = Bench::new(asked().chunks(200, MULTIPLEXED, &[])).call(&at(1, 45), logs().collected()).unwrap();
    assert_eq!((all.stdout.len(), all.stderr.len()), (0, 0));
}

#[test]
fn collected_output_has_a_limit() {
    let text = frames(&[(1, "12345"), (2, "67890")]);
    let run = |most| {
        Bench::new(asked().chunks(200, MULTIPLEXED, &[&text])).call(&at(1, 45), logs().collected().at_most(most))
    };
    assert_eq!(run(10).unwrap().stderr, b"67890");
    let e = run(9).unwrap_err();
    assert_eq!((e.kind(), e.operation()), (TooLarge, Some("ContainerLogs")));
    assert!(e.message().starts_with("stderr passes the limit of 9 bytes"), "{e}");
    assert!(run(4).unwrap_err().message().starts_with("stdout passes the limit of 4 bytes"));
    // The one that is meant when none is said: a stream longer than it, made of one chunk over and over.
    let chunk = frames(&[(1, &"x".repeat(120))]).repeat(1 << 13);
    let count = limits::MAX_COLLECTED / (120 << 13) + 1;
    let bench = Bench::new(asked().chunks(200, MULTIPLEXED, &vec![&*chunk; count]));
    let e = bench.call(&at(1, 45), logs().collected()).unwrap_err();
    assert!(e.kind() == TooLarge && e.message().contains(&limits::MAX_COLLECTED.to_string()), "{e}");
}

#[test]
fn output_that_is_not_whole_is_no_answer() {
    let text = frames(&[(1, "one"), (3, "log driver\n")]);
    let e = Bench::new(asked().chunks(200, MULTIPLEXED, &[&text])).call(&at(1, 45), logs().collected()).unwrap_err();
    assert_eq!((e.kind(), e.message(), e.is_final()), (InStream, "log driver", true));
    let bench = Bench::new(session().reply("\x01\0\0\0\0\0\0\x09four").close());
    let e = bench.call(&Bench::client(), exec::Start::new("id").collected()).unwrap_err();
    assert!(e.kind() == Truncated && e.message().contains("stdout: 4 of 9 bytes"), "{e}");
}
