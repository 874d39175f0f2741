//! The settings of a client, and what a failed connect tells.

use crate::precedence::{SKIP_FOLDER, world};
use crate::world::World;
use docker_proto::api::system;
use docker_proto::model::ApiVersion;
use docker_proto::resolve::{ConfigFile, ReadConfig, Resolve, Resolved};
use docker_proto::session::{Call, CallOptions, Client, Io, Progress, Verb, VersionChoice};
use docker_proto::tls::Tls;
use std::sync::Arc;
use std::time::Duration;

fn resolved(world: &mut World) -> Resolved {
    world.ask(Resolve::new()).unwrap()
}

#[test]
fn header_fields_and_the_version_reach_the_config() {
    let config = r#"{"HttpHeaders": {"X-Team": "s3cret", "User-Agent": "no"}, "detachKeys": "ctrl-e,e"}"#;
    let env = [("DOCKER_HOST", "tcp://h:1/base"), ("DOCKER_API_VERSION", "1.41")];
    let found = resolved(&mut World::new(&env).config(config));
    assert_eq!(found.detach_keys.as_deref(), Some("ctrl-e,e"));
    assert!(!format!("{found:?}").contains("s3cret"), "{found:?}");
    let (endpoint, config) = found.client().unwrap();
    assert_eq!((endpoint.to_string(), config.base.as_str()), ("tcp://h:1/base".into(), "/base"));
    assert_eq!(config.detach_keys.as_ref().map(ToString::to_string).as_deref(), Some("ctrl-e,e"));
    assert_eq!(config.version, VersionChoice::Pinned(ApiVersion::new(1, 41)));
    assert_eq!(config.headers, [("X-Team".to_owned(), "s3cret".to_owned())]);
    assert!(!format!("{config:?}").contains("s3cret"), "{config:?}");
    let e = resolved(&mut World::new(&env).config(r#"{"detachKeys": "ctrl-7"}"#)).client().unwrap_err();
    assert!(e.message().starts_with("config.json: ") && e.message().contains("ctrl-7"), "{e}");
    // The variable goes instead of the file.
    let mut world = World::new(&[("DOCKER_CUSTOM_HEADERS", "X-B=2")]).config(r#"{"httpheaders": {"X-A": "1"}}"#);
    assert_eq!(resolved(&mut world).headers, [("X-B".to_owned(), "2".to_owned())]);
    world.env.remove("DOCKER_CUSTOM_HEADERS");
    assert_eq!(resolved(&mut world).headers, [("X-A".to_owned(), "1".to_owned())]);
}

/// PEM, as far as that is looked at here.
fn pem(label: &str) -> String {
    format!("-----BEGIN {label}-----\nAQID\n-----END {label}-----\n")
}

/// `DOCKER_TLS_VERIFY`, `DOCKER_TLS`, `DOCKER_CERT_PATH`, each unset, empty or set to what looks like no.
#[test]
fn a_variable_that_is_not_empty_asks_for_tls() {
    for bits in 0..27u8 {
        let value = |n: u32| [None, Some(""), Some("0")][usize::from(bits / 3u8.pow(n) % 3)];
        let mut env = vec![("DOCKER_HOST", "tcp://h:1")];
        let names = ["DOCKER_TLS_VERIFY", "DOCKER_TLS", "DOCKER_CERT_PATH"];
        env.extend((0..).zip(names).filter_map(|(n, name)| Some((name, value(n)?))));
        let mut world = World::new(&env)
            .file("/home/me/.docker/ca.pem", &pem("CERTIFICATE"))
            .file("0/cert.pem", &pem("CERTIFICATE"))
            .file("0/key.pem", &pem("PRIVATE KEY"));
        let set: Vec<bool> = (0..3).map(|n| value(n) == Some("0")).collect();
        let found = resolved(&mut world);
        match &found.tls {
            None => assert!(!set.contains(&true), "{env:?}"),
            Some(tls) => {
                assert!(set.contains(&true), "{env:?}");
                assert_eq!(tls.verify, set[0], "{env:?}");
                let want = if set[2] { (None, Some("0/cert.pem")) } else { (Some("/home/me/.docker/ca.pem"), None) };
                assert_eq!((tls.ca.as_deref(), tls.cert.as_deref()), want, "{env:?}");
            }
        }
        // What the files hold reaches the endpoint; the authorities only if they are asked.
        let mut want = set.contains(&true).then(|| Tls::new().verify(set[0]));
        if set[2] {
            want = want.map(|tls| tls.client_certificate(pem("CERTIFICATE"), pem("PRIVATE KEY")));
        } else if set[0] {
            want = want.map(|tls| tls.ca(pem("CERTIFICATE")));
        }
        let (endpoint, _) = found.client().unwrap();
        assert_eq!(endpoint.tls, want, "{env:?}");
        // A socket has none, whatever they say.
        world.env.insert("DOCKER_HOST".into(), "unix:///run/x.sock".into());
        assert_eq!(resolved(&mut world).tls, None);
    }
}

#[test]
fn material_that_cannot_be_used_is_named() {
    let env = [("DOCKER_HOST", "tcp://h:1"), ("DOCKER_TLS_VERIFY", "1"), ("DOCKER_CERT_PATH", "/c")];
    let world = || World::new(&env).file("/c/cert.pem", &pem("CERTIFICATE"));
    let e = world().refuse(Resolve::new());
    assert!(e.message().contains("/c/cert.pem: its key, key.pem, is not beside it"), "{e}");
    let e = World::new(&env).file("/c/key.pem", "").refuse(Resolve::new());
    assert!(e.message().contains("/c/key.pem: its certificate, cert.pem, is not beside it"), "{e}");
    let e = world().file("/c/key.pem", "").forbid("/c/key.pem").refuse(Resolve::new());
    assert!(e.message().starts_with("/c/key.pem: "), "{e}");
    let locked = world().file("/c/key.pem", &pem("ENCRYPTED PRIVATE KEY").replace("AQID", "s3cr/t"));
    let found = resolved(&mut { locked });
    assert!(!format!("{found:?}").contains("s3cr/t"), "{found:?}");
    let e = found.client().unwrap_err();
    for part in ["the client's key: it is encrypted", "[in /c/cert.pem, /c/key.pem]", "DOCKER_HOST: tcp://h:1"] {
        assert!(e.message().contains(part) && !e.message().contains("s3cr/t"), "{e}");
    }
}

#[test]
fn tls_without_a_host_means_this_machine() {
    let found = resolved(&mut World::new(&[("DOCKER_TLS_VERIFY", "1")]));
    assert_eq!(found.host.to_string(), "tcp://127.0.0.1:2376");
    assert_eq!(found.tls.map(|tls| tls.verify), Some(true));
    // `https` alone is verified.
    let found = resolved(&mut World::new(&[("DOCKER_HOST", "https://h")]));
    assert_eq!(found.tls.map(|tls| tls.verify), Some(true));
}

#[test]
fn a_context_brings_its_own_tls() {
    let mut world = world(&[("DOCKER_CONTEXT", "skip"), ("DOCKER_TLS_VERIFY", "1")]);
    assert_eq!(resolved(&mut world).tls.map(|tls| tls.verify), Some(false));
    let path = format!("/home/me/.docker/contexts/tls/{SKIP_FOLDER}/docker/ca.pem");
    let found = resolved(&mut world.file(&path, "nobody looks at it"));
    assert_eq!(found.tls.as_ref().and_then(|tls| tls.ca.clone()), Some(path));
    let (endpoint, _) = found.client().unwrap();
    assert_eq!(endpoint.tls, Some(Tls::new().verify(false)));
}

#[test]
fn ssh_and_pipes_are_endpoints() {
    for url in ["ssh://me@there", "npipe:////./pipe/docker_engine"] {
        let (endpoint, config) = resolved(&mut World::new(&[("DOCKER_HOST", url)])).client().unwrap();
        assert_eq!((endpoint.to_string(), &*config.host), (url.to_owned(), "docker"));
    }
}

/// What the client's first connect says if nothing listens.
fn connect_failed(config: docker_proto::session::Config) -> String {
    let client = Arc::new(Client::new(config));
    let mut call = Call::new(client, system::Ping::new(), Verb::Begin, CallOptions::default());
    assert!(matches!(call.poll(), Ok(Progress::Io)));
    assert!(matches!(call.core().io(Duration::ZERO), Io::Connect { .. }));
    call.core().connect_failed(Arc::new(std::io::Error::from(std::io::ErrorKind::NotFound)));
    call.poll().map(drop).expect_err("no connection").to_string()
}

#[test]
fn a_failed_connect_tells_what_was_looked_at() {
    let (_, config) = resolved(&mut World::new(&[])).client().unwrap();
    let told = connect_failed(config);
    for part in [
        "cannot connect to the engine at unix:///var/run/docker.sock",
        "DOCKER_HOST: is not set",
        "DOCKER_CONTEXT: is not set",
        "currentContext of /home/me/.docker/config.json: is not set",
        "unix:///home/me/.orbstack/run/docker.sock: does not exist",
    ] {
        assert!(told.contains(part), "{part}\n{told}");
    }
    assert!(!told.contains('\n'), "{told}");
    let named = docker_proto::session::Config::new(&"tcp://h:1".parse().unwrap());
    assert!(!connect_failed(named).contains("looked at"), "the caller named it");
}

#[test]
fn proxies_are_those_of_the_engine_or_the_default_ones() {
    let config = ConfigFile::parse(
        r#"{"proxies": {
            "default": {"httpProxy": "http://p:1", "noProxy": "localhost", "ftpProxy": ""},
            "tcp://h:1": {"HTTPSPROXY": "http://q:2", "allProxy": "socks://s"}
        }}"#,
    )
    .unwrap();
    let pairs = |host: &str| -> Vec<String> {
        config.proxy_variables(host).into_iter().map(|(name, value)| format!("{name}={value}")).collect()
    };
    let default = ["HTTP_PROXY=http://p:1", "http_proxy=http://p:1", "NO_PROXY=localhost", "no_proxy=localhost"];
    assert_eq!(pairs("unix:///var/run/docker.sock"), default);
    let own = ["HTTPS_PROXY=http://q:2", "https_proxy=http://q:2", "ALL_PROXY=socks://s", "all_proxy=socks://s"];
    assert_eq!(pairs("tcp://h:1"), own);
    assert_eq!(ConfigFile::parse("").unwrap().proxy_variables("x"), []);
    assert_eq!(ConfigFile::parse(r#"{"proxies": 7}"#).unwrap().proxy_variables("x"), []);
}

#[test]
fn reading_config_json_says_what_is_wrong() {
    let mut world = World::new(&[]).config(r#"{"auths": {"r": {"auth": "c2VjcmV0"}}, "DetachKeys": "ctrl-a"}"#);
    let file = world.ask(ReadConfig::new()).unwrap();
    assert_eq!((file.path().as_deref(), file.detach_keys()), (Some("/home/me/.docker/config.json"), Some("ctrl-a")));
    assert!(!format!("{file:?}").contains("c2VjcmV0"), "{file:?}");
    let e = World::new(&[]).forbid("/home/me/.docker/config.json").refuse(ReadConfig::new());
    assert!(e.message().contains("/home/me/.docker/config.json: Permission denied"), "{e}");
}
