//! The grammar of host strings.

use docker_proto::ErrorKind;
use docker_proto::session::{Endpoint, HostSpec};

/// docker-py's table, and what other clients and proxies add: what is accepted, and as what.
#[test]
fn every_accepted_form() {
    for (url, want) in [
        ("0.0.0.1:5555", "tcp://0.0.0.1:5555"),
        (":6666", "tcp://127.0.0.1:6666"),
        ("tcp://:7777", "tcp://127.0.0.1:7777"),
        ("http://:7777", "tcp://127.0.0.1:7777"),
        ("https://kokia.jp:2375", "https://kokia.jp:2375"),
        ("https://kokia.jp", "https://kokia.jp:2376"),
        ("unix:///var/run/docker.sock", "unix:///var/run/docker.sock"),
        ("http+unix:///run/d.sock", "unix:///run/d.sock"),
        ("unix://", "unix:///var/run/docker.sock"),
        ("unix:///with:colon@at", "unix:///with:colon@at"),
        ("12.234.45.127:2375/docker/engine", "tcp://12.234.45.127:2375/docker/engine"),
        ("somehost.net:80/service/swarm", "tcp://somehost.net:80/service/swarm"),
        ("http://proxy.example/engines/7/", "tcp://proxy.example:2375/engines/7"),
        ("npipe:////./pipe/docker_engine", "npipe:////./pipe/docker_engine"),
        ("npipe://", "npipe:////./pipe/docker_engine"),
        ("[fd12::82d1]:2375", "tcp://[fd12::82d1]:2375"),
        ("tcp://[fe80::1%eth0]", "tcp://[fe80::1%eth0]:2375"),
        ("https://[fd12:5672::12aa]:1090", "https://[fd12:5672::12aa]:1090"),
        ("[fd12::82d1]:2375/docker/engine", "tcp://[fd12::82d1]:2375/docker/engine"),
        ("ssh://[fd12::82d1]", "ssh://[fd12::82d1]"),
        ("ssh://user@[fd12::82d1]:8765", "ssh://user@[fd12::82d1]:8765"),
        ("ssh://user@localhost:22", "ssh://user@localhost:22"),
        ("ssh://user@remote", "ssh://user@remote"),
        ("ssh://remote/run/user/1000/docker.sock", "ssh://remote/run/user/1000/docker.sock"),
        (" tcp://h \n", "tcp://h:2375"),
    ] {
        let spec = HostSpec::parse(url).unwrap_or_else(|e| panic!("{url}: {e}"));
        assert_eq!(spec.to_string(), want, "{url}");
        assert_eq!(HostSpec::parse(want).as_ref().ok(), Some(&spec), "{want} reads back as another");
        let endpoint = Endpoint::from(spec);
        assert_eq!(endpoint.to_string(), want, "{url}");
        assert_eq!(endpoint.tls.is_some(), want.starts_with("https://"), "{url}");
        assert_eq!(Endpoint::parse(want).as_ref().ok(), Some(&endpoint), "{want} reads back as another");
    }
}

/// What is refused, and a part of the reason.
#[test]
fn every_refused_form() {
    for (url, why) in [
        ("", "is empty"),
        (" \t", "is empty"),
        ("0.0.0.0", "neither a scheme nor a port"),
        ("/var/run/docker.sock", "is a path"),
        ("~/docker.sock", "is a path"),
        ("://host:1", "empty scheme"),
        ("tcp://", "names no host"),
        ("https:///base", "names no host"),
        ("udp://127.0.0.1", "unknown scheme"),
        ("udp://127.0.0.1:2375", "unknown scheme"),
        ("ssl://h:1", "unknown scheme"),
        ("fd://3", "is for engines"),
        ("tcp://h:65536", "not 1 to 65535"),
        ("tcp://h:0", "not 1 to 65535"),
        ("tcp://h:", "not 1 to 65535"),
        ("tcp://h:+1", "not 1 to 65535"),
        ("tcp://fd12::82d1:2375", "without brackets"),
        ("tcp://[fd12::82d1", "not closed"),
        ("tcp://netloc:3333/path?q=1", "holds '?'"),
        ("https://netloc:3333/path;params", "holds ';'"),
        ("tcp://user@netloc:3333", "holds '@'"),
        ("tcp://h/a/../b", "cannot stand before requests"),
        ("unix:///sock/path#fragment", "query or a fragment"),
        ("unix://relative/path", "absolute path"),
        ("npipe://pipe", "no named pipe"),
        ("npipe:////./pipe/", "no named pipe"),
        ("ssh://", "names no host"),
        ("ssh://:22/path", "names no host"),
        ("ssh://-oProxyCommand=x", "has '=' in its host"),
        ("ssh://-l", "names no host"),
        ("ssh://-l@host", "user that is none"),
        ("ssh://@host", "user that is none"),
        ("ssh://$(reboot)@host", "user that is none"),
        ("ssh://host?x=1", "holds '?'"),
        ("ssh://:clearpassword@host:22", "holds a password"),
        ("tcp://h\r\nX: y", "control character"),
    ] {
        let e = HostSpec::parse(url).err().unwrap_or_else(|| panic!("{url} was accepted"));
        assert_eq!(e.kind(), ErrorKind::Usage);
        assert!(e.message().contains("engine address") && e.message().contains(why), "{url}: {e}");
        assert!(!e.message().contains("clearpassword"), "{e}");
        assert_eq!(Endpoint::parse(url).err().map(|e| e.to_string()), Some(e.to_string()));
    }
    let e = HostSpec::parse("tcp://me:hunter2@h:1").expect_err("a password");
    assert!(e.message().contains("tcp://***@h:1") && !e.message().contains("hunter2"), "{e}");
    for url in ["tcp://h:1?token=hunter2", "http://hunter2@h:1", "https://h/x?a=hunter2@b"] {
        let e = HostSpec::parse(url).expect_err("a token");
        assert!(e.message().contains("***") && !e.message().contains("hunter2"), "{e}");
    }
}
