use super::Told;
use docker_proto::api::{containers, images, system};
use docker_proto::model::ApiVersion;
use docker_proto::op::{Done, Raw};
use docker_proto::session::{CallOptions, PoolLimits, VersionChoice};
use docker_proto::testkit::{Bench, Script};
use std::time::Duration;

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn each_step_is_told_once_and_in_its_order() {
    let script = Script::new()
        .accept_after(SECOND)
        .pause(SECOND)
        .negotiate("1.41")
        .expect("GET /v1.41/containers/web/json")
        .pause(2 * SECOND)
        .json(200, "{}")
        .expect("GET /v1.41/containers/web/json")
        .json(404, r#"{"message":"No such container: web"}"#);
    let (told, bench) = (Told::default(), Bench::new(script));
    let client = told.client(|_| {});
    bench.call(&client, containers::Inspect::new("web")).unwrap();
    bench.call(&client, containers::Inspect::new("web")).unwrap_err();
    let fields =
        concat!("HTTP/1.1\r\nHost: docker\r\nUser-Agent: docker-proto/", env!("CARGO_PKG_VERSION"), "\r\n\r\n");
    let request = ["GET /v1.41/containers/web/json ", fields].concat().len();
    let both = request + ["HEAD /_ping ", fields].concat().len();
    assert_eq!(
        told.lines(),
        [
            "1 begins ContainerInspect \"web\"",
            "1 0s Dialling",
            "1 1s Connected { connection: 1, reused: false }",
            "1 1s Negotiation HEAD /_ping",
            "1 2s Negotiated { version: ApiVersion { major: 1, minor: 41 }, engine: Docker }",
            "1 2s Call GET /v1.41/containers/web/json",
            &*format!("1 2s Sent {{ bytes: {both} }}"),
            "1 4s Head { status: 200 }",
            "1 ends: done",
            "2 begins ContainerInspect \"web\"",
            "2 4s Connected { connection: 1, reused: true }",
            "2 4s Call GET /v1.41/containers/web/json",
            &*format!("2 4s Sent {{ bytes: {request} }}"),
            "2 4s Head { status: 404 }",
            "2 ends: ContainerInspect \"web\": 404 No such container: web",
        ]
    );
    let ended = told.ended();
    let (first, second) = (&ended[0], &ended[1]);
    assert_eq!((first.operation, &*first.target, first.status), ("ContainerInspect", "web", Some(200)));
    let times = first.times;
    assert_eq!([times.queued, times.connect, times.negotiate], [Duration::ZERO, SECOND, SECOND]);
    assert_eq!([times.send + times.head, times.body, times.total], [2 * SECOND, Duration::ZERO, 4 * SECOND]);
    assert_eq!((first.flags, second.flags), ([false, true, false], [true, true, false]));
    assert_eq!((&*second.outcome, second.status, second.connection), ("Engine", Some(404), Some(1)));
    assert_eq!((first.bytes.0, second.bytes.0), (both as u64, request as u64));
    assert!(first.bytes.1 > 30 && second.bytes.1 > 30, "{ended:?}");
}

#[test]
fn a_dead_connection_is_told_of() {
    let kept = || Script::new().expect("GET /_ping").answer(200, "", "OK");
    for (name, script, lines) in [
        (
            "closed before it is used",
            kept().close(),
            ["2 0s Discarded { connection: 1 }", "2 0s Dialling", "2 0s Connected { connection: 2, reused: false }"],
        ),
        (
            "closed while it is used",
            kept().expect("GET /_ping").close(),
            ["2 0s Redialled Truncated", "2 0s Dialling", "2 0s Connected { connection: 2, reused: false }"],
        ),
    ] {
        let bench = Bench::new(script.accept().expect("GET /_ping").answer(200, "", "OK"));
        let told = Told::default();
        let client = told.client(|_| {});
        bench.call(&client, system::Ping::new()).unwrap();
        bench.call(&client, system::Ping::new()).unwrap();
        let seen = told.lines().join("\n");
        assert!(seen.contains(&lines.join("\n")), "{name}: {seen}");
        let second = &told.ended()[1];
        assert_eq!(second.flags, [false, true, name.ends_with("while it is used")], "{name}");
        bench.finish();
    }
}

#[test]
fn who_gives_up_is_told_of_with_the_phase() {
    let told = Told::default();
    let client = told.client(|c| c.version = VersionChoice::Pinned(ApiVersion::new(1, 41)));
    let bench = Bench::new(Script::new().expect("GET /v1.41/events").begin_chunks(200, "").stall());
    let mut events = bench.begin(&client, system::Events::new());
    bench.run(|cx| events.poll_head(cx)).unwrap();
    bench.pass(3 * SECOND);
    drop(events);
    let ended = told.ended().remove(0);
    assert_eq!((&*ended.outcome, ended.status), ("dropped while reading the answer", Some(200)));
    assert_eq!((ended.times.body, ended.times.total, ended.flags[1]), (3 * SECOND, 3 * SECOND, false));
    // One that was never polled, and one that was wrong from the beginning.
    drop(bench.begin(&client, system::Events::new()));
    let e = bench.call(&client, containers::Inspect::new("")).unwrap_err();
    let ended = told.ended();
    assert_eq!(ended.iter().map(|e| &*e.outcome).collect::<Vec<_>>(), ["dropped while preparing the request", "Usage"]);
    assert_eq!(e.operation(), Some("ContainerInspect"));
    assert!(ended.iter().all(|e| e.times.total.is_zero() && e.connection.is_none()), "{ended:?}");
}

#[test]
fn an_error_in_a_stream_is_the_outcome_though_the_answer_is_read_to_its_end() {
    let told = Told::default();
    let client = told.client(|c| c.version = VersionChoice::Pinned(ApiVersion::new(1, 41)));
    let script = Script::new().expect("POST /v1.41/images/create?fromImage=x&tag=1").chunks(
        200,
        "",
        &["{\"status\":\"a\"}\n", "{\"errorDetail\":{\"message\":\"no\"}}\n"],
    );
    let bench = Bench::new(script);
    let all = bench.collect(&mut bench.begin(&client, images::Pull::new("x").tag("1")));
    assert!(all.last().unwrap().is_err());
    let ended = told.ended().remove(0);
    assert_eq!((&*ended.outcome, ended.flags[1]), ("InStream", true));
}

#[test]
fn a_call_that_waits_for_its_turn_says_so() {
    let told = Told::default();
    let client = told.client(|c| c.version = VersionChoice::Unversioned);
    let script =
        Script::new().expect("GET /_ping").pause(SECOND).answer(200, "", "").expect("GET /_ping").answer(200, "", "");
    let bench = Bench::with_limits(script, PoolLimits::default().places(1));
    let (mut a, mut b) = (bench.begin(&client, system::Ping::new()), bench.begin(&client, system::Ping::new()));
    assert!(bench.poll(|cx| a.poll_head(cx)).is_pending());
    assert!(bench.poll(|cx| b.poll_head(cx)).is_pending());
    bench.collect(&mut a);
    bench.collect(&mut b);
    let ended = told.ended();
    assert_eq!((ended[0].times.queued, ended[1].times.queued), (Duration::ZERO, SECOND));
    assert!(told.lines().contains(&"2 0s Queued".to_owned()));
}

#[test]
fn of_a_call_with_options_the_calls_own_observer_is_told_as_well() {
    let (clients, own) = (Told::default(), Told::default());
    let client = clients.client(|c| c.version = VersionChoice::Unversioned);
    let bench = Bench::new(
        Script::new().expect("GET /_ping").answer(200, "", "OK").expect("POST /x?token=s").answer(200, "", ""),
    );
    let mut options = CallOptions::default();
    options.observers.push(own.clone());
    bench.collect(&mut bench.begin_with(&client, system::Ping::new(), options));
    bench.collect(&mut bench.begin(&client, Raw::<Done>::post("/x").query("token", "s")));
    assert_eq!((clients.ended().len(), own.ended().len()), (2, 1));
    let lines = clients.lines().join("\n");
    assert!(lines.contains("POST /x?token=***"), "{lines}");
}
