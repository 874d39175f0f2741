//! Events that go on where they broke off.

use crate::{client, collect};
use docker_proto::api::system::Events;
use docker_proto::model::EventMessage;
use docker_proto::resume;
use docker_proto::testkit::{Bench, Script};

const INFO: &str = "GET /v1.45/info";

fn since(moment: &str) -> String {
    format!("GET /v1.45/events?since={moment}")
}

fn event(action: &str, nanos: u64) -> String {
    format!(r#"{{"Type":"container","Action":"{action}","Actor":{{"ID":"x"}},"timeNano":{nanos}}}"#) + "\n"
}

fn events(script: Script, request: &str, events: &[String]) -> Script {
    let events: Vec<&str> = events.iter().map(|e| &**e).collect();
    script.expect(request).begin_chunks(200, "").more_chunks(&events)
}

fn begun() -> Script {
    Script::new().expect(INFO).json(200, r#"{"SystemTime":"2026-11-21T06:56:08.77315755Z"}"#)
}

fn run(script: Script, policy: resume::Events) -> Vec<String> {
    let bench = Bench::new(script);
    let mut stream = bench.resume(&client(), policy);
    let all = collect(&bench, &mut stream, |e: EventMessage| e.action.unwrap_or_default());
    bench.finish();
    all
}

/// Ends what goes on for ever.
fn end(script: Script) -> Script {
    script.close().expect_refusal()
}

trait Refusal {
    fn expect_refusal(self) -> Self;
}

impl Refusal for Script {
    fn expect_refusal(self) -> Self {
        self.accept().expect(docker_proto::testkit::Want::any()).json(500, r#"{"message":"enough"}"#)
    }
}

const ENOUGH: &str = "Engine enough";

#[test]
fn it_begins_with_the_moment_that_the_engine_tells() {
    let script = events(begun(), &since("1795244168.773157550"), &[event("create", 1_795_244_170_000_000_000)]);
    assert_eq!(run(end(script), resume::events(Events::new())), ["create", ENOUGH]);
    // With a moment of the caller's nothing is asked.
    let script = events(Script::new(), &since("5"), &[event("create", 1_795_244_170_000_000_000)]);
    assert_eq!(run(end(script), resume::events(Events::new().since(5))), ["create", ENOUGH]);
    // An engine that does not tell it.
    let script = Script::new().expect(INFO).json(403, r#"{"message":"not for you"}"#);
    assert_eq!(run(script, resume::events(Events::new())), ["Engine not for you"]);
    let script = Script::new().expect(INFO).json(200, "{}");
    assert_eq!(run(script, resume::events(Events::new())), ["Protocol the engine does not say what time it is"]);
}

#[test]
fn what_was_delivered_is_left_out_and_what_was_forgotten_is_a_gap() {
    const S: u64 = 1_000_000_000;
    let first = [event("a", 10 * S), event("b", 11 * S), event("c", 11 * S)];
    // The second was published before the third and is older; both are of the moment asked for.
    let script = events(Script::new(), &since("5"), &first).close().refuse("no").accept();
    let again =
        [event("b", 11 * S), event("c", 11 * S), event("d", 11 * S), event("early", 10 * S + 5), event("e", 12 * S)];
    let script = events(script, &since("10"), &again).reset();
    // A new engine knows nothing of before.
    let script = events(script.accept(), &since("11"), &[event("f", 20 * S), event("g", 21 * S)]);
    let gap = "a gap after 12 until 20: the last item did not come back";
    let all = run(end(script), resume::events(Events::new().since(5)));
    assert_eq!(all, ["a", "b", "c", "d", "early", "e", gap, "f", "g", ENOUGH]);
}

#[test]
fn an_engine_that_shuts_down_does_not_end_it_and_a_bound_does() {
    const S: u64 = 1_000_000_000;
    let script = events(Script::new(), &since("5"), &[event("a", 10 * S)]).reply("0\r\n\r\n");
    let script = events(script, &since("9"), &[event("a", 10 * S), event("b", 12 * S)]);
    assert_eq!(run(end(script), resume::events(Events::new().since(5))), ["a", "b", ENOUGH]);
    let until = |request: &str| format!("{request}&until=2000000000");
    let script = events(Script::new(), &until(&since("5")), &[event("a", 10 * S)]).reply("0\r\n\r\n");
    let script = script.expect(INFO).json(200, r#"{"SystemTime":"2026-11-21T06:56:08Z"}"#);
    let script = events(script, &until(&since("9")), &[event("a", 10 * S)]).reply("0\r\n\r\n");
    let script = script.expect(INFO).json(200, r#"{"SystemTime":"2033-05-18T03:33:20Z"}"#);
    assert_eq!(run(script, resume::events(Events::new().since(5).until(2_000_000_000))), ["a"]);
}

#[test]
fn a_clock_that_went_back_is_a_gap() {
    const S: u64 = 1_000_000_000;
    let begin = 1_795_243_790;
    let script = events(Script::new(), &since("5"), &[event("a", begin * S)]).close().accept();
    let head = "Date: Sat, 21 Nov 2026 06:49:20 GMT\r\n";
    let script = script.expect(&*since("1795243789")).begin_chunks(200, head).accept();
    let script = script.expect(&*since("1795243759")).begin_chunks(200, head);
    let script = end(script.more_chunks(&[&event("b", (begin - 29) * S)]));
    let gap = "a gap after 1795243790 until 1795243760: the clock of the engine went back";
    assert_eq!(run(script, resume::events(Events::new().since(5))), ["a", gap, "b", ENOUGH]);
}

#[test]
fn another_process_goes_on_from_a_position() {
    const S: u64 = 1_000_000_000;
    let bench = Bench::new(events(Script::new(), &since("5"), &[event("a", 10 * S), event("b", 11 * S)]).stall());
    let mut stream = bench.resume(&client(), resume::events(Events::new().since(5)));
    bench.run(|cx| stream.poll_next(cx));
    let stored = stream.position().expect("a position").to_string();
    let script = events(Script::new(), &since("9"), &[event("a", 10 * S), event("b", 11 * S)]);
    let policy = resume::events(Events::new()).from(stored.parse().expect("a position"));
    assert_eq!(run(end(script), policy), ["b", ENOUGH]);
}
