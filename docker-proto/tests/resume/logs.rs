//! A log that goes on where it broke off: what is asked, what is left out, what is said of what may be missing.

use crate::{MULTIPLEXED, client, collect, frame, log, text};
use docker_proto::api::containers::Logs;
use docker_proto::op::LogMessage;
use docker_proto::resume;
use docker_proto::testkit::{Bench, Script};

const FIRST: &str = "GET /v1.45/containers/web/logs?follow=1&stdout=1&stderr=1&timestamps=1";
const INSPECT: &str = "GET /v1.45/containers/web/json";
const RUNS: &str = r#"{"State":{"Running":true}}"#;
const ENDED: &str = r#"{"State":{"Running":false,"ExitCode":0}}"#;
const EMPTY: &[String] = &[];

/// The container has ended, and asked for once more, as it is, its log since that moment has only these.
fn ends(script: Script, moment: &str, frames: &[String]) -> Script {
    more(script, moment, frames).reply("0\r\n\r\n")
}

fn more(script: Script, moment: &str, frames: &[String]) -> Script {
    log(script.reply("0\r\n\r\n").expect(INSPECT).json(200, ENDED), &rest(moment), frames)
}

/// Of a container that has ended.
fn rest(moment: &str) -> String {
    since(moment).replace("follow=1&", "")
}

fn since(moment: &str) -> String {
    format!("GET /v1.45/containers/web/logs?follow=1&stdout=1&stderr=1&since={moment}&timestamps=1")
}

fn follow() -> Logs {
    Logs::new("web").stdout(true).stderr(true).follow(true)
}

/// A message of the second `at` after 2026-11-21T06:49:00Z, which is 1795243740.
fn at(id: u8, at: &str, words: &str) -> String {
    frame(id, &format!("2026-11-21T06:49:{at}Z {words}\n"))
}

fn show(message: LogMessage) -> String {
    format!("{}: {}", message.stream, String::from_utf8_lossy(&message.bytes).trim_end())
}

fn run(script: Script, policy: resume::Logs) -> Vec<String> {
    let bench = Bench::new(script);
    let mut stream = bench.resume(&client(), policy);
    let all = collect(&bench, &mut stream, show);
    bench.finish();
    all
}

#[test]
fn what_was_delivered_is_left_out_and_the_rest_goes_on() {
    let script = log(Script::new(), FIRST, &[at(1, "01.5", "a"), at(2, "02.25", "b"), at(1, "03.75", "c")]).reset();
    // Each stream by itself is in order; between them an older one may come later.
    let again = [at(1, "03.75", "c"), at(2, "03.25", "d"), at(1, "04.0", "e")];
    let script = log(script.refuse("no"), &since("1795243742.750000000"), &again).close();
    let third = [at(1, "03.75", "c"), at(2, "03.25", "d"), at(1, "04.0", "e"), at(1, "04.0", "f")];
    let script = log(script.accept(), &since("1795243743"), &third);
    // Once more, and there is one that had not been written when the log ended.
    let rest = [at(1, "04.0", "e"), at(1, "04.0", "f"), at(2, "04.0", "g")];
    let script = ends(more(script, "1795243743", &rest), "1795243743", &rest);
    let all = run(script, resume::logs(follow()));
    assert_eq!(all, ["stdout: a", "stderr: b", "stdout: c", "stderr: d", "stdout: e", "stdout: f", "stderr: g"]);
}

#[test]
fn messages_of_one_moment_are_told_apart_by_their_number() {
    // Podman tells whole seconds, and a long line comes in parts of one time.
    let script = log(Script::new(), FIRST, &[at(1, "01", "tick"), at(1, "02", "tick"), at(1, "02", "tick")]).close();
    let again =
        [at(1, "01", "tick"), at(1, "02", "tick"), at(1, "02", "tick"), at(1, "02", "tick"), at(1, "03", "tick")];
    let script = log(script.accept(), &since("1795243741"), &again);
    let all = run(ends(script, "1795243742", &again[1..]), resume::logs(follow()));
    assert_eq!(all, ["stdout: tick"; 5]);
}

#[test]
fn a_last_message_that_does_not_come_back_is_a_gap() {
    let first = || log(Script::new(), FIRST, &[at(1, "01", "a"), at(1, "02", "b")]).close().accept();
    let gone = "a gap after 1795243742 until 1795243750: the last item did not come back";
    // The log was rotated: nothing of what was delivered is there.
    let script = log(first(), &since("1795243741"), &[at(1, "10", "k"), at(1, "11", "l")]);
    let script = ends(script, "1795243750", &[at(1, "11", "l")]);
    assert_eq!(run(script, resume::logs(follow())), ["stdout: a", "stdout: b", gone, "stdout: k", "stdout: l"]);
    // Something before it is there, but not itself.
    let script = log(first(), &since("1795243741"), &[at(1, "01", "a"), at(1, "10", "k")]);
    let script = ends(script, "1795243749", &[at(1, "10", "k")]);
    assert_eq!(run(script, resume::logs(follow())), ["stdout: a", "stdout: b", gone, "stdout: k"]);
    // Another log altogether has something else at that moment.
    let gone = "a gap after 1795243742 until 1795243742: the last item did not come back";
    let script = log(first(), &since("1795243741"), &[at(1, "02", "x")]);
    let script = ends(script, "1795243741", &[at(1, "02", "x")]);
    assert_eq!(run(script, resume::logs(follow())), ["stdout: a", "stdout: b", gone, "stdout: x"]);
    // The other stream is enough to tell.
    let gone = "a gap after 1795243742 until 1795243743: the last item did not come back";
    let script = log(first(), &since("1795243741"), &[at(2, "03", "x")]);
    let script = ends(script, "1795243742", &[at(2, "03", "x")]);
    assert_eq!(run(script, resume::logs(follow())), ["stdout: a", "stdout: b", gone, "stderr: x"]);
    // It ends, and nothing came back.
    let gone = "a gap after 1795243742: the last item did not come back";
    let script = ends(log(first(), &since("1795243741"), EMPTY), "1795243741", EMPTY);
    assert_eq!(run(script, resume::logs(follow())), ["stdout: a", "stdout: b", gone]);
}

#[test]
fn the_end_of_a_log_is_believed_if_the_container_has_ended() {
    // The engine shuts down itself; it is asked until it is back, and what was written meanwhile is read.
    let script = log(Script::new(), FIRST, &[at(1, "01", "a")]).reply("0\r\n\r\n").expect(INSPECT).json(200, RUNS);
    let script = log(script, &since("1795243740"), &[at(1, "01", "a"), at(1, "02", "b")]).reply("0\r\n\r\n").close();
    let script = script.refuse("no").refuse("no").expect(INSPECT).json(200, ENDED);
    let script = log(script, &rest("1795243741"), &[at(1, "02", "b"), at(1, "03", "c")]);
    let all = run(ends(script, "1795243742", &[at(1, "03", "c")]), resume::logs(follow()));
    assert_eq!(all, ["stdout: a", "stdout: b", "stdout: c"]);
    // Without follow nothing is asked.
    let request = FIRST.replace("follow=1&", "");
    let script = log(Script::new(), &request, &[at(1, "01", "a")]).reply("0\r\n\r\n");
    assert_eq!(run(script, resume::logs(Logs::new("web").stdout(true).stderr(true))), ["stdout: a"]);
}

#[test]
fn a_log_that_is_followed_to_an_early_end_is_no_gap() {
    // Podman may end the log of a container that has just ended before it has read all of it, or any.
    let script = log(Script::new(), FIRST, &[at(1, "01", "a"), at(1, "02", "b")]).close().accept();
    let script = log(script, &since("1795243741"), EMPTY);
    let all = [at(1, "02", "b"), at(1, "03", "c")];
    let script = ends(more(script, "1795243741", &all), "1795243742", &all[1..]);
    assert_eq!(run(script, resume::logs(follow())), ["stdout: a", "stdout: b", "stdout: c"]);
    // The engine is restarted, and the container with it.
    let script = log(Script::new(), FIRST, &[at(1, "01", "a")]).reply("0\r\n\r\n").expect(INSPECT).json(200, ENDED);
    let script = script.close().refuse("no").accept();
    let script = log(script, &since("1795243740"), &[at(1, "01", "a")]);
    let script =
        ends(more(script, "1795243740", &[at(1, "01", "a"), at(1, "02", "b")]), "1795243741", &[at(1, "02", "b")]);
    assert_eq!(run(script, resume::logs(follow())), ["stdout: a", "stdout: b"]);
}

#[test]
fn a_container_that_is_gone_ends_it() {
    let gone = r#"{"message":"No such container: web"}"#;
    // Removed as it stopped.
    let script = log(Script::new(), FIRST, &[at(1, "01", "a")]).reply("0\r\n\r\n").expect(INSPECT).json(404, gone);
    assert_eq!(run(script, resume::logs(follow())), ["stdout: a"]);
    // Removed while nobody looked.
    let cut = || log(Script::new(), FIRST, &[at(1, "01", "a")]);
    let script = cut().close().accept().expect(&*since("1795243740")).json(404, gone);
    assert_eq!(run(script, resume::logs(follow())), ["stdout: a", "Engine No such container: web"]);
    let script = cut().reply("0\r\n\r\n").close().refuse("no").expect(INSPECT).json(404, gone);
    assert_eq!(run(script, resume::logs(follow())), ["stdout: a", "Engine No such container: web"]);
}

#[test]
fn a_tail_holds_for_the_first_connection_only() {
    let tail = format!("{FIRST}&tail=1");
    let script = log(Script::new(), &tail, &[at(1, "01.5", "x")]).close();
    let script = log(script.accept(), &since("1795243740.500000000"), &[at(1, "01.5", "x"), at(1, "02", "y")]);
    let script = ends(script, "1795243741", &[at(1, "01.5", "x"), at(1, "02", "y")]);
    assert_eq!(run(script, resume::logs(follow().tail("1"))), ["stdout: x", "stdout: y"]);
    // Nothing came of it, so that nobody knows what was written meanwhile.
    let script = log(Script::new(), &tail, &[]).close();
    let script = log(script.accept(), &tail, &[at(1, "02", "y")]);
    let script = ends(script, "1795243741", &[at(1, "02", "y")]);
    let gap = "a gap: the stream broke before anything of it was delivered";
    assert_eq!(run(script, resume::logs(follow().tail("1"))), [gap, "stdout: y"]);
    // It began in the middle of a second: the first that says the same may not be the one.
    let script = log(Script::new(), &tail, &[at(1, "01", "tick")]).close();
    let again = [at(1, "01", "tock"), at(1, "01", "tick"), at(1, "01", "tick"), at(1, "02", "tick")];
    let script = ends(log(script.accept(), &since("1795243740"), &again), "1795243741", &again);
    let gap = "a gap after 1795243741 until 1795243741: the last item cannot be told from others of the same time";
    assert_eq!(run(script, resume::logs(follow().tail("1"))), ["stdout: tick", gap, "stdout: tick", "stdout: tick"]);
}

#[test]
fn errors_of_the_engine_are_delivered_in_their_place() {
    let grab = frame(3, "Error grabbing logs: EOF\n");
    let script = log(Script::new(), FIRST, &[at(1, "01", "a"), frame(1, "x\n"), grab.clone()]).close();
    // What cannot be read was reported before; what the engine says of itself is news.
    let again = [at(1, "01", "a"), grab, at(1, "02", "b")];
    let again = [&[frame(1, "x\n")][..], &again].concat();
    let script = log(script.accept(), &since("1795243740"), &again);
    let all = run(ends(script, "1795243741", &[at(1, "02", "b")]), resume::logs(follow()));
    let unread = "item Decode a message of the log does not begin with a time";
    let engine = "item InStream Error grabbing logs: EOF";
    assert_eq!(all, ["stdout: a", unread, engine, engine, "stdout: b"]);
}

#[test]
fn a_clock_that_went_back_is_a_gap() {
    let script = log(Script::new(), FIRST, &[at(1, "40", "a"), at(1, "50", "b")]).close().accept();
    let script = script.expect(&*since("1795243789"));
    let head = format!("{MULTIPLEXED}Date: Sat, 21 Nov 2026 06:49:20 GMT\r\n");
    let script = script.begin_chunks(200, &head).accept().expect(&*since("1795243759")).begin_chunks(200, &head);
    let (back, again) = (at(1, "20.5", "c"), at(1, "40", "a"));
    let script = script.more_chunks(&[&again, &back]).close();
    // From here on it is the last message that counts.
    let third = [again, back, at(1, "21", "d")];
    let script = log(script.accept(), &since("1795243759.500000000"), &third);
    let all = run(ends(script, "1795243760", &third), resume::logs(follow()));
    let gap = "a gap after 1795243790 until 1795243760: the clock of the engine went back";
    assert_eq!(all, ["stdout: a", "stdout: b", gap, "stdout: a", "stdout: c", "stdout: d"]);
}

#[test]
fn a_bound_ends_it_though_the_container_runs() {
    let request = |since: &str| format!("{}&until=1795243750", self::since(since));
    let first = format!("{}&until=1795243750", FIRST);
    let order = |request: String| {
        // Parameters come in the order of the table.
        let (line, _) = request.split_once("&until").expect("a bound");
        line.replace("&timestamps", "&until=1795243750&timestamps")
    };
    let script =
        log(Script::new(), &order(first), &[at(1, "01", "a")]).reply("0\r\n\r\n").expect(INSPECT).json(200, RUNS);
    let script = log(script, &order(request("1795243740")), &[at(1, "01", "a")]).reply("0\r\n\r\n");
    let all = run(script, resume::logs(follow().until(1_795_243_750)));
    assert_eq!(all, ["stdout: a"]);
}

#[test]
fn the_end_of_a_terminals_line_is_waited_for() {
    let fields = "Content-Type: application/vnd.docker.raw-stream\r\n";
    let (a, half) = ("2026-11-21T06:49:01.5Z a\r\n", "2026-11-21T06:49:02.5Z ha");
    let script = Script::new().expect(FIRST).chunks(200, fields, &[a, half]).expect(INSPECT).json(200, RUNS);
    let request = since("1795243740.500000000");
    let rest = "lf\r\n2026-11-21T06:49:03Z $ ";
    let script = script.expect(&*request).chunks(200, fields, &[a, half, rest]).expect(INSPECT).json(200, ENDED);
    let script = script.expect(&*self::rest("1795243741.500000000")).chunks(200, fields, &[half, rest]);
    let all = run(script, resume::logs(follow()));
    assert_eq!(all, ["stdout: a", "stdout: half", "stdout: $"]);
}

#[test]
fn another_process_goes_on_from_a_position() {
    let bench =
        Bench::new(log(Script::new(), FIRST, &[at(1, "01.5", "a"), at(2, "02.5", "b"), at(1, "03", "c")]).stall());
    let mut stream = bench.resume(&client(), resume::logs(follow()));
    assert_eq!(stream.position(), None);
    for _ in 0..2 {
        bench.run(|cx| stream.poll_next(cx));
    }
    let stored = stream.position().expect("a position").to_string();
    drop(stream);
    assert!(!stored.contains(char::is_whitespace), "{stored}");
    // The engine is away when it begins, and may be.
    let script = Script::new().refuse("no").accept();
    let again = [at(1, "01.5", "a"), at(2, "02.5", "b"), at(1, "03", "c")];
    let script = ends(log(script, &since("1795243741.500000000"), &again), "1795243742", &again);
    let policy = resume::logs(follow().tail("5")).from(stored.parse().expect("a position"));
    assert_eq!(policy_position(&policy), Some(stored));
    assert_eq!(run(script, policy), ["stdout: c"]);
}

fn policy_position(policy: &resume::Logs) -> Option<String> {
    resume::Resume::position(policy).map(|p| p.to_string())
}

#[test]
fn details_come_with_the_messages() {
    let request = format!("{FIRST}&details=1");
    let sent = frame(1, "2026-11-21T06:49:01Z a=b one\n");
    let script = log(Script::new(), &request, &[sent]).stall();
    let bench = Bench::new(script);
    let mut stream = bench.resume(&client(), resume::logs(follow().details(true)));
    let entry = bench.run(|cx| stream.poll_next(cx)).expect("an entry");
    let details = text(entry, |m: LogMessage| format!("{:?} {}", m.details.clone(), show(m)));
    assert_eq!(details, r#"[("a", "b")] stdout: one"#);
}

#[test]
fn a_position_is_read_as_it_was_written_or_not_at_all() {
    for text in ["1:1795243774.430151181:1:cbf29ce484222325:1795243774.430151181", "2:5:3?:00000000000000ff:9"] {
        assert_eq!(text.parse::<resume::Position>().expect(text).to_string(), text);
    }
    let no = ["", "1", "3:5:3:ff:5", "1:5:0:ff:5", "1:5:1:xy:5", "1:5:1:ff:5:", "1:5:1:ff:-", "1:x:1:ff:5", "1:5:1:ff"];
    for text in no {
        let e = text.parse::<resume::Position>().expect_err(text);
        assert!(e.kind() == docker_proto::ErrorKind::Usage && e.message().contains("position"), "{e}");
    }
}
