//! Proxies that the environment names.

use crate::world::World;
use docker_proto::ErrorKind;
use docker_proto::resolve::Resolve;

/// The proxy of an engine in such an environment, and what is told of it.
fn found(env: &[(&str, &str)]) -> (Option<String>, String) {
    let resolved = World::new(env).ask(Resolve::new()).unwrap_or_else(|e| panic!("{env:?}: {e}"));
    let proxy = resolved.proxy.as_ref().map(ToString::to_string);
    let told: Vec<_> = resolved.explain().candidates().iter().filter(|c| c.name.ends_with("PROXY")).collect();
    let told = told.iter().map(|c| format!("{} {}: {}", c.taken, c.name, c.seen)).collect::<Vec<_>>().join("; ");
    let (endpoint, config) = resolved.client().unwrap();
    assert_eq!(endpoint.proxy.as_ref().map(ToString::to_string), proxy);
    assert_eq!(config.endpoint.contains(" through the proxy "), proxy.is_some(), "{}", config.endpoint);
    (proxy, told)
}

const HTTP: (&str, &str) = ("HTTP_PROXY", "http://u:hidden@p:3128");
const HTTPS: (&str, &str) = ("HTTPS_PROXY", "s:1");
const THERE: (&str, &str) = ("DOCKER_HOST", "tcp://engine.example:2375");

#[test]
fn the_variable_of_the_scheme_counts() {
    let yes = |name: &str, url: &str| (Some(url.to_owned()), format!("true {name}: {url} leads there"));
    assert_eq!(found(&[HTTP, HTTPS, THERE]), yes("HTTP_PROXY", "http://p:3128"));
    assert_eq!(found(&[("http_proxy", "l:2"), HTTP, THERE]), yes("HTTP_PROXY", "http://p:3128"));
    assert_eq!(found(&[("HTTP_PROXY", " "), ("http_proxy", "l:2"), THERE]).0.as_deref(), Some("http://l:2"));
    let tls = ("DOCKER_HOST", "https://engine.example");
    assert_eq!(found(&[HTTP, HTTPS, tls]), yes("HTTPS_PROXY", "http://s:1"));
    assert_eq!(found(&[HTTP, tls]), (None, String::new()));
    assert_eq!(found(&[HTTPS, THERE]), (None, String::new()));
    let asked = ("DOCKER_TLS", "1");
    assert_eq!(found(&[HTTP, HTTPS, THERE, asked]).0.as_deref(), Some("http://s:1"));
    let e = World::new(&[("HTTP_PROXY", "socks5://u:hidden@p:1"), THERE]).refuse(Resolve::new());
    assert!(
        e.kind() == ErrorKind::Usage && e.message().contains("HTTP_PROXY") && e.message().contains("socks5"),
        "{e}"
    );
    assert!(!e.to_string().contains("hidden"), "{e}");
}

#[test]
fn sockets_and_this_machine_are_asked_directly() {
    for host in ["unix:///run/d.sock", "ssh://me@h", "tcp://127.0.0.1:1", "tcp://localhost:1", "tcp://[::1]:1", ""] {
        assert_eq!(found(&[HTTP, HTTPS, ("DOCKER_HOST", host)]), (None, String::new()), "{host}");
        // Not even a wrong one is in the way.
        assert_eq!(found(&[("HTTP_PROXY", "socks5://x"), ("DOCKER_HOST", host)]).0, None, "{host}");
    }
}

#[test]
fn exceptions_and_strangers() {
    let pass = |why: &str| (None, format!("false HTTP_PROXY: is set, but {why}"));
    for name in ["NO_PROXY", "no_proxy"] {
        let why = format!("{name} names engine.example");
        assert_eq!(found(&[HTTP, THERE, (name, "x, .example")]), pass(&why));
        assert_eq!(found(&[HTTP, THERE, (name, "other")]).0.as_deref(), Some("http://p:3128"));
    }
    // What a web server says of a request, which may hold a field `Proxy`.
    let cgi = ("REQUEST_METHOD", "GET");
    assert_eq!(found(&[HTTP, THERE, cgi]), pass("this is a CGI program, where anybody could have set it"));
    assert_eq!(found(&[("http_proxy", "l:2"), THERE, cgi]).0.as_deref(), Some("http://l:2"));
}
