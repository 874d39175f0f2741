//! docker-py's `ParseHostTest` and `convert_filters`: not helpers of their own here, but tables that must hold.

use crate::kit::{bad, good};
use docker_proto::model::Filters;
use docker_proto::session::Endpoint;

#[test]
fn addresses_of_engines() {
    for (text, want) in [
        ("0.0.0.1:5555", "tcp://0.0.0.1:5555"),
        (":6666", "tcp://127.0.0.1:6666"),
        ("tcp://:7777", "tcp://127.0.0.1:7777"),
        ("http://:7777", "tcp://127.0.0.1:7777"),
        ("unix:///var/run/docker.sock", "unix:///var/run/docker.sock"),
        ("unix://", "unix:///var/run/docker.sock"),
        ("12.234.45.127:2375/docker/engine", "tcp://12.234.45.127:2375/docker/engine"),
        ("somehost.net:80/service/swarm", "tcp://somehost.net:80/service/swarm"),
        ("[fd12::82d1]:2375", "tcp://[fd12::82d1]:2375"),
        ("[fd12::82d1]:2375/docker/engine", "tcp://[fd12::82d1]:2375/docker/engine"),
        ("tcp://myhost.docker.net:3348", "tcp://myhost.docker.net:3348"),
        ("tcp://myhost.docker.net:2376/", "tcp://myhost.docker.net:2376"),
        ("https://kokia.jp:2375", "https://kokia.jp:2375"),
        ("https://[fd12:5672::12aa]:1090", "https://[fd12:5672::12aa]:1090"),
        ("npipe:////./pipe/docker_engine", "npipe:////./pipe/docker_engine"),
        ("ssh://user@localhost:22", "ssh://user@localhost:22"),
        ("ssh://user@remote", "ssh://user@remote"),
    ] {
        assert_eq!(good(text, Endpoint::parse(text)).to_string(), want, "{text:?}");
    }
    for (text, rule) in [
        ("0.0.0.0", "neither a scheme nor a port"),
        ("tcp://", "names no host"),
        ("udp://127.0.0.1", "unknown scheme"),
        ("udp://127.0.0.1:2375", "unknown scheme"),
        ("ssh://:22/path", "names no host"),
        ("tcp://netloc:3333/path?q=1", "no user, query, parameters or fragment"),
        ("unix:///sock/path#fragment", "a query or a fragment"),
        ("tcp://netloc:3333/path;params", "no user, query, parameters or fragment"),
        ("https://netloc:3333/path;params", "no user, query, parameters or fragment"),
        ("ssh://:clearpassword@host:22", "holds a password"),
        ("ssh://", "names no host"),
    ] {
        bad(text, rule, Endpoint::parse(text));
    }
    assert_eq!(Endpoint::default().to_string(), "unix:///var/run/docker.sock");
}

/// docker-py sends lists, which engines read as well; the form here is the newer one.
#[test]
fn filters() {
    for (filters, ours, lists) in [
        (Filters::from([("dangling", true)]), r#"{"dangling":{"true":true}}"#, r#"{"dangling": ["true"]}"#),
        (Filters::from([("dangling", "true")]), r#"{"dangling":{"true":true}}"#, r#"{"dangling": ["true"]}"#),
        (Filters::from([("exited", 0)]), r#"{"exited":{"0":true}}"#, r#"{"exited": ["0"]}"#),
        (
            Filters::from([("exited", 0), ("exited", 1)]),
            r#"{"exited":{"0":true,"1":true}}"#,
            r#"{"exited": ["0", "1"]}"#,
        ),
    ] {
        assert_eq!(filters.to_json(), ours);
        assert_eq!(good(lists, Filters::from_json(lists)), filters);
    }
}
