//! Output copied to writers, and items in batches.

use crate::common::at;
use docker_proto::ErrorKind::{InStream, Truncated, Writer};
use docker_proto::api::{containers, system};
use docker_proto::drive::{Copied, Copying, Items, Sink};
use docker_proto::testkit::{Bench, Script, Want, cuts};
use docker_proto::wire::StreamKind::{self, Stderr, Stdout};
use docker_proto::{Error, Result, Source};
use proptest::prelude::*;
use std::io;
use std::sync::Arc;
use std::task::{Context, Poll};

/// Two writers that see in which order they were written to.
#[derive(Default)]
struct Writers {
    seen: Vec<(StreamKind, Vec<u8>)>,
    /// Bytes taken at once; all if 0.
    at_once: usize,
    /// Pending before every so many writes; never if 0.
    pending: usize,
    /// Fails once so many bytes were written.
    fails_after: Option<usize>,
    /// Takes nothing.
    full: bool,
    calls: usize,
    written: usize,
    flushed: usize,
}

impl Sink for Writers {
    fn poll_write(&mut self, cx: &mut Context<'_>, stream: StreamKind, bytes: &[u8]) -> Poll<Result<usize, Source>> {
        assert!(!bytes.is_empty());
        self.calls += 1;
        if self.pending > 0 && self.calls % (self.pending + 1) == 1 {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        if self.fails_after.is_some_and(|n| self.written >= n) {
            return Poll::Ready(Err(Arc::new(io::Error::new(io::ErrorKind::BrokenPipe, "nobody reads"))));
        }
        if self.full {
            return Poll::Ready(Ok(0));
        }
        let n = if self.at_once > 0 { bytes.len().min(self.at_once) } else { bytes.len() };
        self.written += n;
        match self.seen.last_mut() {
            Some((last, run)) if *last == stream => run.extend_from_slice(&bytes[..n]),
            _ => self.seen.push((stream, bytes[..n].to_vec())),
        }
        Poll::Ready(Ok(n))
    }

    fn poll_flush(&mut self, _: &mut Context<'_>, _: StreamKind) -> Poll<Result<(), Source>> {
        self.flushed = self.written;
        Poll::Ready(Ok(()))
    }
}

fn frame(id: u8, payload: &[u8]) -> Vec<u8> {
    let mut out = vec![id, 0, 0, 0];
    out.extend_from_slice(&(payload.len() as u32).to_be_bytes());
    out.extend_from_slice(payload);
    out
}

const MULTIPLEXED: &str = "Content-Type: application/vnd.docker.multiplexed-stream\r\n";

fn answer(body: &[u8], missing: usize) -> Vec<u8> {
    let head = format!("HTTP/1.1 200 OK\r\n{MULTIPLEXED}Content-Length: {}\r\n\r\n", body.len() + missing);
    [head.as_bytes(), body].concat()
}

/// The same in chunks: one for each frame, or of this many bytes.
fn chunked(frames: &[Vec<u8>], of: Option<usize>) -> Vec<u8> {
    let mut out = format!("HTTP/1.1 200 OK\r\n{MULTIPLEXED}Transfer-Encoding: chunked\r\n\r\n").into_bytes();
    let all = frames.concat();
    let chunks: Vec<&[u8]> = match of {
        Some(n) => all.chunks(n).collect(),
        None => frames.iter().map(|f| &f[..]).collect(),
    };
    for chunk in chunks {
        out.extend_from_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
        out.extend_from_slice(chunk);
        out.extend_from_slice(b"\r\n");
    }
    [&out[..], b"0\r\n\r\n"].concat()
}

fn asked() -> Script {
    Script::new().expect(Want::any())
}

fn logs() -> containers::Logs {
    containers::Logs::new("web").stdout(true).stderr(true)
}

fn copy(
    bench: &Bench,
    items: &mut Items<Bench, containers::Logs>,
    copying: &mut Copying,
    writers: &mut Writers,
) -> Result<Copied> {
    loop {
        let calls = writers.calls;
        if let Poll::Ready(result) = bench.poll(|cx| items.poll_copy(cx, copying, writers)) {
            return result;
        }
        // A writer that was pending is ready the next time; else the engine says something.
        assert!(writers.calls > calls || bench.advance(), "stuck");
    }
}

fn copied(script: Script, writers: &mut Writers) -> Result<Copied> {
    let bench = Bench::new(script);
    copy(&bench, &mut bench.begin(&at(1, 45), logs()), &mut Copying::new(), writers)
}

fn text(seen: &[(StreamKind, Vec<u8>)]) -> String {
    seen.iter()
        .map(|(s, b)| format!("{}{} ", if *s == Stderr { "!" } else { "" }, String::from_utf8_lossy(b)))
        .collect()
}

#[test]
fn each_stream_goes_to_its_writer_in_order() {
    let body = [frame(1, b"one"), frame(1, b"two"), frame(2, b"err"), frame(2, b""), frame(0, b"three")].concat();
    let mut writers = Writers::default();
    let all = copied(asked().reply(answer(&body, 0)), &mut writers).unwrap();
    assert_eq!(all, Copied { stdout: 11, stderr: 3 });
    assert_eq!(text(&writers.seen), "onetwo !err three ");
    // Short pieces of a stream are written together.
    assert_eq!((writers.calls, writers.flushed), (3, 14));
}

#[test]
fn what_was_read_is_written_and_flushed_before_a_wait() {
    let script = asked().begin_chunks(200, MULTIPLEXED);
    let script = script.reply([b"b\r\n", &frame(1, b"one")[..], b"\r\n"].concat()).stall();
    let bench = Bench::new(script);
    let mut items = bench.begin(&at(1, 45), logs());
    let (mut writers, mut copying) = (Writers::default(), Copying::new());
    while bench.poll(|cx| items.poll_copy(cx, &mut copying, &mut writers)).is_pending() && bench.advance() {}
    assert_eq!((text(&writers.seen), writers.flushed, copying.copied().stdout), ("one ".into(), 3, 3));
}

#[test]
fn a_writer_that_fails_is_the_callers() {
    let body = [frame(1, b"one"), frame(2, b"err"), frame(1, b"two")].concat();
    let mut writers = Writers { fails_after: Some(3), ..Writers::default() };
    let e = copied(asked().reply(answer(&body, 0)), &mut writers).unwrap_err();
    assert_eq!((e.kind(), e.operation(), e.target()), (Writer, Some("ContainerLogs"), Some("web")));
    assert_eq!(e.message(), "the writer of stderr failed, after 3 bytes of stdout and 0 of stderr");
    let source = std::error::Error::source(&e).and_then(|s| s.downcast_ref::<io::Error>()).expect("the writer's own");
    assert_eq!(source.kind(), io::ErrorKind::BrokenPipe);
    let e = copied(asked().reply(answer(&body, 0)), &mut Writers { full: true, ..Writers::default() }).unwrap_err();
    assert!(e.kind() == Writer && e.message().starts_with("the writer of stdout takes no more bytes"), "{e}");
}

#[test]
fn what_ends_the_output_comes_behind_what_was_written() {
    let run = |script: Script, last: &str| {
        let mut writers = Writers { at_once: 1, ..Writers::default() };
        let e = copied(script, &mut writers).unwrap_err();
        assert_eq!((text(&writers.seen), writers.flushed), (last.to_owned(), writers.written));
        e
    };
    let cut = &[frame(1, b"one"), frame(2, b"error")].concat()[..21];
    let e = run(asked().reply(answer(cut, 0)), "one !er ");
    assert!(e.kind() == Truncated && e.message().contains("stderr: 2 of 5 bytes"), "{e}");
    let e = run(asked().reply(answer(cut, 9)).close(), "one !er ");
    assert!(e.kind() == Truncated && e.message().contains("9 bytes before its Content-Length"), "{e}");
    // An error that concerns one item: a writer has no place for it, and it must not be hidden.
    let body = [frame(1, b"one"), frame(3, b"boom"), frame(1, b"two")].concat();
    let e = run(asked().reply(answer(&body, 0)), "one ");
    assert_eq!((e.kind(), e.message(), e.is_final()), (InStream, "boom", true));
    let e = run(Script::new().expect(Want::any()).json(404, "{\"message\":\"none\"}"), "");
    assert!(e.is_not_found());
}

#[test]
fn frames_in_chunks_of_their_own_at_every_cut() {
    // All that is taken apart in one go, and everything in between that is not.
    let list =
        [frame(1, b"one"), frame(2, b"e"), frame(2, b""), frame(0, &[b'x'; 300]), frame(3, b"boom"), frame(1, b"y")];
    let wanted = format!("one !e {} ", "x".repeat(300));
    let answer = chunked(&list, None);
    for cut in cuts(answer.len(), 64) {
        let mut writers = Writers::default();
        let e = copied(asked().reply_cut(&answer, &cut), &mut writers).unwrap_err();
        assert_eq!((e.message(), text(&writers.seen)), ("boom", wanted.clone()), "cut at {cut:?}");
    }
    // Where it ends too early, and what is no header: the offset counts what was taken.
    for n in answer.len() - 40..answer.len() {
        let e = copied(asked().reply(&answer[..n]).close(), &mut Writers::default()).unwrap_err();
        assert!(matches!(e.kind(), Truncated | InStream), "{n}: {e}");
    }
    let list = [frame(1, b"one"), frame(2, b"e"), b"prompt$ and more".to_vec()];
    let e = copied(asked().reply(chunked(&list, None)), &mut Writers::default()).unwrap_err();
    assert!(e.message().contains("at offset 20 of the stream"), "{e}");
    // A chunk that is longer or shorter than its frame.
    for of in [10, 11, 12, 13, 25] {
        let mut writers = Writers::default();
        copied(asked().reply(chunked(&[frame(1, b"one"), frame(2, b"err"), frame(1, b"two")], Some(of))), &mut writers)
            .unwrap();
        assert_eq!(text(&writers.seen), "one !err two ");
    }
}

#[test]
fn a_copy_may_begin_in_the_middle_and_go_on_with_other_writers() {
    let long = "x".repeat(3000);
    let body = [frame(1, b"one"), frame(2, b"second"), frame(1, long.as_bytes())].concat();
    let bench = Bench::new(asked().reply(answer(&body, 0)));
    let mut items = bench.begin(&at(1, 45), logs());
    assert_eq!(bench.run(|cx| items.poll_next(cx)).unwrap().unwrap().bytes, "one");
    let mut copying = Copying::new();
    // What a writer that fails did not take is not lost.
    for (fails_after, at_once, wanted) in [(0, 0, ""), (2, 2, "!se "), (1004, 1000, "!cond xxx")] {
        let mut writers = Writers { fails_after: Some(fails_after), at_once, ..Writers::default() };
        assert_eq!(copy(&bench, &mut items, &mut copying, &mut writers).unwrap_err().kind(), Writer);
        assert!(text(&writers.seen).starts_with(wanted), "{}", text(&writers.seen));
    }
    let mut rest = Writers::default();
    assert_eq!(copy(&bench, &mut items, &mut copying, &mut rest).unwrap(), Copied { stdout: 3000, stderr: 6 });
    assert_eq!(text(&rest.seen).len(), 2001);
}

#[test]
fn events_come_in_batches() {
    let chunks = ["{\"Action\":\"a\"}{\"Action\":\"b\"}{\"Act", "ion\":\"c\"}7{\"Action\":\"d\"}{\"Action\":\"e\"}"];
    let bench = Bench::new(asked().begin_chunks(200, "").more_chunks(&chunks).close());
    let mut items = bench.begin(&at(1, 45), system::Events::new());
    let mut batch = Vec::new();
    let mut next = |max| {
        let n = bench.run(|cx| items.poll_batch(cx, &mut batch, max)).map_err(|e: Error| e.is_final());
        let names: String = batch.drain(..).map(|e| e.action.unwrap_or_default()).collect();
        (n, names)
    };
    // All at hand, at most as many as wanted; what did not fit, and what ended them, behind those before it.
    assert_eq!(next(1), (Ok(1), "a".into()));
    assert_eq!(next(0), (Ok(1), "b".into()));
    assert_eq!(next(9), (Ok(1), "c".into()));
    assert_eq!(next(9), (Err(false), "".into()));
    assert_eq!(next(9), (Ok(2), "de".into()));
    assert_eq!(next(9), (Err(true), "".into()));
    assert_eq!(next(9), (Ok(0), "".into()));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    /// Any frames, read in any pieces, written in any pieces: all of it, in order, and no more.
    #[test]
    fn any_copy(
        list in prop::collection::vec((0..3u8, prop_oneof![0..20usize, 2040..2060usize, 16_000..17_000usize]), 0..6),
        at_once in 0..5usize,
        pending in 0..3usize,
    ) {
        let (mut frames, mut wanted) = (Vec::new(), Vec::<(StreamKind, Vec<u8>)>::new());
        for (i, (id, length)) in list.iter().enumerate() {
            let payload: Vec<u8> = (0..*length).map(|n| (n * 7 + i) as u8).collect();
            frames.push(frame(*id, &payload));
            let stream = if *id == 2 { Stderr } else { Stdout };
            match wanted.last_mut() {
                _ if payload.is_empty() => {}
                Some((last, run)) if *last == stream => run.extend(payload),
                _ => wanted.push((stream, payload)),
            }
        }
        let at_once = [0, 1, 700, 2048, 5000][at_once];
        let answers = [answer(&frames.concat(), 0), chunked(&frames, None), chunked(&frames, Some(21))];
        for (way, answer) in answers.iter().enumerate() {
            for cut in [vec![]].into_iter().chain(cuts(answer.len(), 4).skip(1).step_by(4999)) {
                let mut writers = Writers { at_once, pending, ..Writers::default() };
                let all = copied(asked().reply_cut(answer, &cut), &mut writers).unwrap();
                prop_assert!(writers.seen == wanted, "way {} cut at {:?}", way, cut);
                prop_assert_eq!((all.stdout + all.stderr) as usize, writers.flushed);
            }
        }
    }
}
