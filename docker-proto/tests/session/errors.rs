//! Every status and its class; what an error carries and what it never shows.

use crate::common::{only_error, pinned};
use docker_proto::api::{build, containers, images};
use docker_proto::op::{Change, RegistryAuth};
use docker_proto::testkit::{Bench, MemoryBody, Script, Want};
use docker_proto::{Error, ErrorKind, Phase};
use std::error::Error as _;
use std::io;
use std::sync::Arc;

fn asked() -> Script {
    Script::new().expect(Want::any())
}

fn refused(script: Script) -> Error {
    let bench = Bench::new(script);
    only_error(bench.collect(&mut bench.begin(&pinned(), containers::Inspect::new("web"))))
}

type Is = fn(&Error) -> bool;

/// All predicates about statuses, by name.
const PREDICATES: [(&str, Is); 12] = [
    ("invalid", Error::is_invalid_argument),
    ("unauthorized", Error::is_unauthorized),
    ("forbidden", Error::is_forbidden),
    ("not found", Error::is_not_found),
    ("conflict", Error::is_conflict),
    ("rate limited", Error::is_rate_limited),
    ("not implemented", Error::is_not_implemented),
    ("unavailable", Error::is_unavailable),
    ("client", Error::is_client_error),
    ("server", Error::is_server_error),
    ("malformed", Error::is_malformed),
    ("version", Error::is_unsupported_version),
];

#[test]
fn every_status_has_its_class_whatever_its_body() {
    let table: [(u16, &[&str]); 16] = [
        (400, &["invalid", "client"]),
        (401, &["unauthorized", "client"]),
        (403, &["forbidden", "client"]),
        (404, &["not found", "client"]),
        (405, &["client"]),
        (406, &["client"]),
        (407, &["client"]),
        (409, &["conflict", "client"]),
        (413, &["client"]),
        (418, &["client"]),
        (429, &["rate limited", "client"]),
        (500, &["server"]),
        (501, &["not implemented", "server"]),
        (502, &["unavailable", "server"]),
        (503, &["unavailable", "server"]),
        (599, &["server"]),
    ];
    let bodies = [
        ("application/json", r#"{"message":"words"}"#, "words"),
        ("application/json", r#"{"cause":"deep","message":"words: deep","response":400}"#, "words: deep"),
        ("text/plain", "words\n", "words"),
        ("text/html", "<!DOCTYPE html><html><head><title>words</title></head><body><h1>x</h1></body></html>", "words"),
        ("application/json", r#"{"mess"#, r#"{"mess"#),
        ("text/plain", "", ""),
    ];
    for (status, classes) in table {
        for (kind, body, words) in bodies {
            let fields = format!("Content-Type: {kind}\r\nRetry-After: 7\r\n");
            let e = refused(asked().answer(status, &fields, body));
            let found: Vec<&str> = PREDICATES.iter().filter(|(_, is)| is(&e)).map(|(name, _)| *name).collect();
            assert_eq!(found, classes, "{status} {body:?}");
            assert_eq!((e.kind(), e.status(), e.is_final()), (ErrorKind::Engine, Some(status), true));
            assert!(e.message().contains(words) && !e.message().is_empty(), "{e}");
            assert!(!e.to_string().contains('\n'), "{e}");
            let head = e.head().expect("the head of the answer");
            assert_eq!((head.status(), head.get("retry-after")), (status, Some("7")));
            assert_eq!(e.raw().map(|r| &r[..]), (!body.is_empty()).then_some(body.as_bytes()));
        }
    }
}

/// go-docker turns it into an error that its own check never lets through, docker-api into one that hides it.
#[test]
fn not_modified_is_a_value() {
    let bench = Bench::new(asked().answer(304, "", ""));
    assert_eq!(bench.call(&pinned(), containers::Start::new("web")).unwrap(), Change::Unchanged);
}

#[test]
fn an_error_goes_everywhere_and_costs_a_pointer() {
    fn everywhere<T: Clone + Send + Sync + std::error::Error + 'static>() {}
    everywhere::<Error>();
    assert_eq!(size_of::<Result<(), Error>>(), size_of::<usize>());
}

#[test]
fn all_of_it_is_in_one_line_and_the_cause_behind_it() {
    let e = refused(asked().json(409, r#"{"message":"container web\nis paused"}"#));
    assert_eq!(e.to_string(), r#"ContainerInspect "web": 409 container web is paused"#);
    let cause: Arc<dyn std::error::Error + Send + Sync> = Arc::new(io::Error::from(io::ErrorKind::ConnectionRefused));
    let e = Error::transport(ErrorKind::Connect, "cannot connect", cause).of("Ping", "").in_phase(Phase::Connect);
    let source = e.source().and_then(|s| s.downcast_ref::<io::Error>());
    assert_eq!(source.map(io::Error::kind), Some(io::ErrorKind::ConnectionRefused));
    assert_eq!(e.to_string(), "Ping: cannot connect (while connecting): connection refused");
    let inside = io::Error::from(e.clone());
    assert_eq!(inside.kind(), io::ErrorKind::ConnectionRefused);
    assert!(inside.get_ref().and_then(|e| e.downcast_ref::<Error>()).is_some_and(|e| e.kind() == ErrorKind::Connect));
}

/// What a registry says comes under any status, or in the middle of a stream.
#[test]
fn a_registry_that_has_had_enough() {
    let words = "toomanyrequests: You have reached your pull rate limit";
    let body = format!("{{\"errorDetail\":{{\"message\":{words:?}}},\"error\":{words:?}}}");
    let bench = Bench::new(asked().json(200, &body));
    let e = only_error(bench.collect(&mut bench.begin(&pinned(), images::Pull::new("app"))));
    assert!(e.is_rate_limited() && e.kind() == ErrorKind::InStream, "{e}");
    let e = refused(asked().json(500, &format!("{{\"message\":{words:?}}}")));
    assert!(e.is_rate_limited() && e.is_server_error(), "{e}");
}

/// No header, no body of a request and no password of a URL gets into what is printed of an error.
#[test]
fn secrets_stay_out_of_errors() {
    const SECRET: &str = "sw~ordf;ish";
    let auth = || RegistryAuth::password("tester", SECRET, "r:5000");
    let encoded = "c3d-b3JkZjtpc2";
    let silent = |e: &Error| {
        for text in [e.to_string(), format!("{e:?}"), format!("{e:#?}"), e.message().into()] {
            assert!(!text.contains(SECRET) && !text.contains(encoded), "{text}");
        }
    };
    let scripts = [
        asked().json(500, r#"{"message":"denied"}"#),
        asked().close(),
        asked().reply("SSH-2.0-OpenSSH\r\n"),
        asked().stall(),
        Script::new().refuse("nobody there"),
    ];
    for script in scripts {
        let bench = Bench::new(script);
        let options = docker_proto::session::CallOptions::new()
            .timeouts(docker_proto::session::Timeouts::each(crate::common::secs(1)))
            .header("X-Token", SECRET);
        let pull = images::Pull::new("r:5000/app").registry_auth(auth());
        silent(&only_error(bench.collect(&mut bench.begin_with(&pinned(), pull, options))));
    }
    let remote = format!("https://me:{}@git.example/app.git", SECRET.replace(';', "%3B"));
    let words = format!(r#"{{"message":"unable to access '{remote}/': 403"}}"#);
    let bench = Bench::new(asked().json(500, &words));
    let e = only_error(bench.collect(&mut bench.begin(&pinned(), build::FromRemote::new(&*remote))));
    assert!(e.message().contains("https://***@git.example/app.git/': 403"), "{e}");
    assert!(!format!("{e} {e:?} {:?}", e.target()).contains("ordf"), "{e}");
    let bench = Bench::new(asked().json(500, "{}"));
    let body = MemoryBody::new().piece(SECRET);
    let mut load = bench.upload(&pinned(), images::Load::new(), body);
    silent(&only_error(bench.collect(&mut load)));
}
