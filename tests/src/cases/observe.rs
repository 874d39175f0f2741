//! What is told of calls: spans, the wire, and header fields on every kind of call.

use super::Failure;
use crate::collector::{Collector, Seen};
use crate::engine::Engine;
use crate::peer::Peer;
use crate::runtime::{Input, Items, Runtime};
use bytes::Bytes;
use docker_proto::api::{archive, containers, exec, system};
use docker_proto::observe::{Observer, Report};
use docker_proto::session::{CallOptions, Config, Endpoint, PoolLimits};
use docker_proto::tar::Tree;
use std::io::{Read, Write};
use std::sync::{Arc, Mutex};

fn spans(collector: &Collector, operation: &str) -> Vec<Seen> {
    collector.seen().into_iter().filter(|seen| seen.is_span && seen.field("operation") == Some(operation)).collect()
}

fn number(seen: &Seen, field: &str) -> u64 {
    seen.field(field).and_then(|text| text.parse().ok()).unwrap_or_default()
}

pub async fn a_call_is_a_span<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let collector = Collector::default();
    let _guard = tracing::subscriber::set_default(collector.clone());
    let docker: R = engine.client();
    let outer = tracing::info_span!(target: "docker_tests", "outer");
    let ping = outer.in_scope(|| docker.begin(system::Ping::new()));
    ping.value().await?;
    let c = engine.shell(&docker, "cat; exit 3").await?;
    c.start().await?;
    let refused = docker.call(containers::Inspect::new("no-such-container")).await.err().ok_or("inspected")?;

    let pinged = spans(&collector, "SystemPing").remove(0);
    let outer = collector.seen().iter().find(|seen| seen.name == "outer").and_then(|seen| seen.span);
    assert!(pinged.parent.is_some() && pinged.parent == outer, "{pinged}");
    assert_eq!(pinged.name, "docker");
    for (field, value) in [
        ("otel.name", "SystemPing"),
        ("otel.kind", "client"),
        ("http.request.method", "GET"),
        ("url.template", "/_ping"),
        ("server.address", &engine.url),
        ("http.response.status_code", "200"),
        ("docker.connection", "1"),
        ("docker.connection.reused", "false"),
    ] {
        assert_eq!(pinged.field(field), Some(value), "{field}: {pinged}");
    }
    assert!(number(&pinged, "docker.sent") > 20 && number(&pinged, "docker.received") > 20, "{pinged}");
    assert_eq!(pinged.field("error.type"), None);

    let started = spans(&collector, "ContainerStart").remove(0);
    assert_eq!((started.field("docker.target"), started.parent), (Some(&*c.id), None), "{started}");
    assert_eq!(started.field("docker.connection.reused"), Some("true"), "{started}");
    let failed = spans(&collector, "ContainerInspect").remove(0);
    assert_eq!(
        (failed.field("error.type"), failed.field("otel.status_code")),
        (Some("404"), Some("ERROR")),
        "{failed}"
    );
    assert_eq!(failed.field("error.message"), Some(&*refused.to_string()));
    // Its steps, and what went over the wire, are in the order in which they happened.
    let steps: Vec<String> =
        collector.seen().iter().filter(|s| !s.is_span && s.span == failed.span).map(|s| s.name.clone()).collect();
    assert_eq!(steps, ["connected", "request", "sent", "head", "ended"]);
    let wire =
        collector.seen().iter().filter(|s| s.field("connection") == Some("1")).map(|s| &*s.name).collect::<String>();
    assert!(wire.contains("> GET /_ping HTTP/1.1") && wire.contains("< HTTP/1.1 200 OK"), "{wire}");
    Ok(())
}

/// Operations, outcomes and bytes of all calls that ended.
#[derive(Clone, Default)]
struct Ended(Arc<Mutex<Vec<End>>>);

type End = (&'static str, String, u64, u64);

impl Observer for Ended {
    fn ended(&self, report: &Report<'_>) {
        let seen = (report.operation, report.outcome.to_string(), report.sent, report.received);
        self.0.lock().expect("nothing panics under this lock").push(seen);
    }
}

impl Ended {
    fn of(&self, operation: &str) -> Option<End> {
        self.0.lock().expect("nothing panics under this lock").iter().rev().find(|seen| seen.0 == operation).cloned()
    }
}

pub async fn bytes_are_counted_on_every_kind_of_call<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let ended = Ended::default();
    let endpoint = Endpoint::parse(&engine.url)?;
    let mut config = Config::new(&endpoint);
    config.observers.push(ended.clone());
    let docker = R::new(endpoint, config, PoolLimits::default());
    let c = engine.shell(&docker, "trap 'exit 0' TERM; while :; do sleep 0.1; done").await?;
    c.start().await?;
    let exec = c.exec("wc -c; head -c 5000 /dev/zero", false, true).await?;
    let (output, mut input) = docker.open(exec::Start::new(&*exec)).await?;
    input.write(&[b'x'; 3000]).await?;
    input.close().await?;
    output.all().await?;
    let (_, outcome, sent, received) = ended.of("ExecStart").ok_or("no report of the exec")?;
    assert_eq!(outcome, "done");
    assert!((3000..4000).contains(&sent) && (5000..6000).contains(&received), "{sent} and {received}");
    let tree = Tree::new().file("letter", [b'y'; 20_000])?;
    docker.upload(archive::Put::new(&*c.id, "/"), tree.into_bytes()).value().await?;
    let (_, outcome, sent, _) = ended.of("PutContainerArchive").ok_or("no report of the upload")?;
    assert!(outcome == "done" && sent > 20_000, "{outcome}, {sent}");
    let mut events = docker.begin(system::Events::new());
    events.head().await?;
    drop(events);
    let (_, outcome, ..) = ended.of("SystemEvents").ok_or("no report of the events")?;
    assert_eq!(outcome, "dropped while reading the answer");
    Ok(())
}

/// The heads of all requests that a peer saw.
type Heads = Arc<Mutex<Vec<String>>>;

pub async fn header_fields_are_on_every_kind_of_call<R: Runtime>() -> Result<(), Failure> {
    let heads = Heads::default();
    let seen = heads.clone();
    let server = Peer::unix(move |mut c| {
        while let Some(head) = c.head()? {
            seen.lock().expect("nothing panics under this lock").push(head.clone());
            let length = head.lines().find_map(|line| line.strip_prefix("Content-Length: ")?.parse().ok());
            c.reader.read_exact(&mut vec![0; length.unwrap_or(0)])?;
            let word = |word: &str| head.contains(word);
            if word("HEAD /_ping") {
                write!(c.writer, "HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nContent-Length: 0\r\n\r\n")?;
            } else if word("/exec/") && word("/start") {
                write!(c.writer, "HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n")?;
                return Ok(());
            } else if word("/json ") {
                c.json("200 OK", "{\"Id\":\"x\",\"Config\":{\"Tty\":true}}")?;
            } else {
                write!(c.writer, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")?;
            }
        }
        Ok(())
    })?;
    let endpoint = Endpoint::parse(&server.url)?;
    let mut config = Config::new(&endpoint);
    config.user_agent = "suite/1".into();
    config.headers.push(("X-Team".into(), "build".into()));
    let docker = R::new(endpoint, config, PoolLimits::default());
    let mut options = CallOptions::default();
    let traced = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    options.headers.push(("traceparent".into(), traced.into()));
    let docker = docker.with_options(options);
    docker.call(containers::Inspect::new("x")).await?;
    docker.begin(containers::Logs::new("x").stdout(true)).all().await?;
    let (output, _input) = docker.open(exec::Start::new("x").tty(true)).await?;
    output.all().await?;
    docker.upload(archive::Put::new("x", "/"), Bytes::from_static(b"tar")).value().await?;
    let heads = heads.lock().expect("nothing panics under this lock");
    // The negotiation, an inspect, the question for the TTY and the logs, a session, an upload.
    for request in
        ["HEAD /_ping", "GET /v1.41/containers/x/json", "/logs", "/exec/x/start", "PUT /v1.41/containers/x/archive"]
    {
        assert!(heads.iter().any(|head| head.contains(request)), "{request}: {heads:?}");
    }
    for head in heads.iter() {
        for field in ["User-Agent: suite/1", "X-Team: build", &format!("traceparent: {traced}")] {
            assert!(head.contains(&format!("\r\n{field}\r\n")), "no {field} in {head}");
        }
    }
    Ok(())
}
