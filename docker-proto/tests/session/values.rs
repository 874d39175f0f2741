//! Answers of one JSON value, and streams of them.

use crate::common::{only_error, pinned};
use docker_proto::ErrorKind::{Decode, Protocol, TooLarge, Truncated};
use docker_proto::api::{archive, containers, system};
use docker_proto::op::Operation;
use docker_proto::tar::Tree;
use docker_proto::testkit::{Bench, Script, Want};
use docker_proto::wire::limits;

fn asked() -> Script {
    Script::new().expect(Want::any())
}

#[test]
fn one_value_is_one_value() {
    let run = |script: Script| {
        let bench = Bench::new(script);
        bench.call(&pinned(), containers::List::new()).map(|l| l.len()).map_err(|e| e.kind())
    };
    assert_eq!(run(asked().json(200, "[{},{}]\n")), Ok(2));
    assert_eq!(run(asked().chunks(200, "", &["[{}", ",{}", "]", "\r\n"])), Ok(2));
    assert_eq!(run(asked().reply("HTTP/1.1 200 OK\r\n\r\n[]").close()), Ok(0));
    assert_eq!(run(asked().json(200, "[][]")), Err(Protocol));
    assert_eq!(run(asked().json(200, "[] garbage")), Err(Protocol));
    assert_eq!(run(asked().json(200, "")), Err(Truncated));
    assert_eq!(run(asked().json(200, "[{}")), Err(Truncated));
    assert_eq!(run(asked().answer(204, "", "")), Err(Truncated));
    assert_eq!(run(asked().reply("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n[]").close()), Err(Truncated));
    assert_eq!(run(asked().json(200, "<html>")), Err(Protocol));
    assert_eq!(run(asked().json(200, "{}")), Err(Decode));
    let e = Bench::new(asked().json(200, "{}")).call(&pinned(), containers::List::new()).expect_err("no list");
    assert!(e.is_final() && e.raw().is_some_and(|r| r == "{}"), "{e}");
}

#[test]
fn null_is_an_empty_list_and_nothing_else() {
    for text in ["null", " null\n"] {
        let bench = Bench::new(asked().json(200, text));
        assert_eq!(bench.call(&pinned(), containers::Changes::new("a")).unwrap(), []);
    }
    let e =
        Bench::new(asked().json(200, "null")).call(&pinned(), containers::Inspect::new("a")).expect_err("no object");
    assert_eq!(e.kind(), Decode, "{e}");
    let bench = Bench::new(asked().json(200, "null"));
    let any = containers::Changes::new("a").decode_as::<Option<Vec<u8>>>();
    assert_eq!(bench.call(&pinned(), any).unwrap(), None);
}

#[test]
fn an_answer_cut_anywhere_is_an_error() {
    let answer = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n\
                  8\r\n[{\"Id\":\"\r\n4\r\na\"}]\r\n0\r\n\r\n";
    for n in 0..answer.len() {
        let bench = Bench::new(asked().reply(&answer[..n]).close());
        let e = bench.call(&pinned(), containers::List::new()).expect_err("cut");
        assert_eq!(e.kind(), Truncated, "cut after {n} bytes: {e}");
        let bench = Bench::new(asked().reply_cut(answer, &[n.max(1)]));
        assert_eq!(bench.call(&pinned(), containers::List::new()).unwrap().len(), 1);
    }
    let bench = Bench::new(asked().reply_bytewise(answer));
    assert_eq!(bench.call(&pinned(), containers::List::new()).unwrap()[0].id.as_deref(), Some("a"));
}

#[test]
fn a_value_without_end_is_bounded() {
    let chunk = "1,".repeat(512 * 1024);
    let mut script = asked().begin_chunks(200, "").more_chunks(&["["]);
    for _ in 0..limits::MAX_JSON / (1024 * 1024) + 2 {
        script = script.more_chunks(&[&chunk]);
    }
    let e = Bench::new(script).call(&pinned(), containers::List::new()).expect_err("too large");
    assert_eq!(e.kind(), TooLarge, "{e}");
}

#[test]
fn an_item_that_does_not_fit_does_not_end_the_stream() {
    // bollard: a data error ended the stream, and the good items behind it were lost.
    let chunks = ["{\"Action\":\"start\"}\n[1,2]\n", "\"text\"\n{\"Action\":\"die\"}\n"];
    let bench = Bench::new(asked().chunks(200, "", &chunks));
    let all = bench.collect(&mut bench.begin(&pinned(), system::Events::new()));
    let seen: Vec<_> = all.into_iter().map(|item| item.map(|e| e.action)).collect();
    let [Ok(start), Err(first), Err(second), Ok(die)] = &seen[..] else { panic!("{seen:?}") };
    assert_eq!((start.as_deref(), die.as_deref()), (Some("start"), Some("die")));
    for (e, raw) in [(first, "[1,2]"), (second, "\"text\"")] {
        assert_eq!((e.kind(), e.is_final(), e.raw().map(|r| &r[..])), (Decode, false, Some(raw.as_bytes())));
    }
    assert_eq!(bench.counters().idle, 1);
}

#[test]
fn a_stream_that_breaks_off_says_so_once() {
    // docker-api: the same error for ever.
    let script = asked().begin_chunks(200, "").more_chunks(&["{\"Action\":\"start\"}\n{\"Act"]).close();
    let bench = Bench::new(script);
    let mut events = bench.begin(&pinned(), system::Events::new());
    let mut all = bench.collect(&mut events);
    assert_eq!(all.len(), 2);
    let e = all.pop().unwrap().expect_err("cut");
    assert!(e.kind() == Truncated && e.is_final() && e.operation() == Some("SystemEvents"), "{e}");
    assert!(bench.run(|cx| events.poll_next(cx)).is_none());
}

#[test]
fn the_last_item_needs_no_line_end() {
    let bench = Bench::new(asked().chunks(200, "", &["{\"Action\":\"start\"}\n{\"Action\":\"die\"}"]));
    assert_eq!(bench.collect(&mut bench.begin(&pinned(), system::Events::new())).len(), 2);
}

#[test]
fn an_archive_has_its_stat_before_its_first_byte() {
    // {"name":"etc","size":4096,"mode":2147484141,"mtime":"2024-01-01T00:00:00Z","linkTarget":""}
    let stat = "eyJuYW1lIjoiZXRjIiwic2l6ZSI6NDA5NiwibW9kZSI6MjE0NzQ4NDE0MSwibXRpbWUiOiIyMDI0LTAxLTAxVDAwOjAwOjAwWiIsImxpbmtUYXJnZXQiOiIifQ==";
    let fields = format!("X-Docker-Container-Path-Stat: {stat}\r\n");
    let (tar, end) = (Tree::new().file("motd", "hi").unwrap().into_bytes(), "0\r\n\r\n");
    let sent = std::str::from_utf8(&tar).unwrap();
    let bench = Bench::new(asked().begin_chunks(200, &fields).more_chunks(&[&sent[..700], &sent[700..]]).reply(end));
    let mut items = bench.begin(&pinned(), archive::Get::new("web", "/etc"));
    bench.run(|cx| items.poll_head(cx)).unwrap();
    assert_eq!(items.head().map(|s| &*s.name), Some("etc"));
    let bytes: Vec<u8> = bench.collect(&mut items).into_iter().flat_map(|b| b.unwrap().to_vec()).collect();
    assert_eq!(bytes, tar);
    // An answer without it is none.
    let bench = Bench::new(asked().answer(200, "", "tar"));
    let e = only_error(bench.collect(&mut bench.begin(&pinned(), archive::Get::new("web", "/etc"))));
    assert!(e.kind() == Protocol && e.message().contains("X-Docker-Container-Path-Stat"), "{e}");
}

/// What a builder was told and cannot understand is all in one error; what it was not told is as in any client.
#[test]
fn a_builder_collects_settings_in_any_order() {
    use docker_proto::session::{Builder, Config, Endpoint, PoolLimits, Timeouts, VersionChoice};
    let new = || Builder::new(|endpoint: Endpoint, config: Config, limits: PoolLimits| (endpoint, config, limits));

    let (endpoint, config, limits) = new().build().unwrap();
    assert_eq!(endpoint, Endpoint::default());
    assert_eq!((config, limits), (Config::new(&endpoint), PoolLimits::default()));

    let (endpoint, config, limits) = new()
        .header("A", "1")
        .pool(PoolLimits::default().places(3))
        .version("1.41")
        .timeouts(Timeouts::NONE)
        .user_agent("mine/1")
        .header("A", "2")
        .url("tcp://h:1/base")
        .build()
        .unwrap();
    assert_eq!(endpoint.base, "/base");
    assert_eq!((&*config.base, &*config.user_agent), ("/base", "mine/1"));
    assert_eq!(config.headers, [("A".into(), "1".into()), ("A".into(), "2".into())]);
    assert_eq!((config.timeouts, limits.places), (Timeouts::NONE, 3));
    assert!(matches!(config.version, VersionChoice::Pinned(v) if v.minor == 41));
    assert_eq!(new().version("1.41").unversioned().build().unwrap().1.version, VersionChoice::Unversioned);

    let e = new().url("gopher://x").version("new").build().unwrap_err();
    assert!(e.message().contains("gopher://x") && e.message().contains("\"new\""), "{e}");
}
