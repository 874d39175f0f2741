//! The address of an engine.

use crate::naive::endpoint::{self as naive, Address as Naive};
use crate::source::Source;
use docker_proto::ErrorKind;
use docker_proto::session::{Address, Endpoint, Proxy};
use docker_proto::wire::{Method, RequestBody, RequestHead};

/// Parts of addresses.
pub(crate) const WORDS: &[&[u8]] = &[
    b"unix://",
    b"tcp://",
    b"http://",
    b"https://",
    b"ssh://",
    b"npipe://",
    b"fd://",
    b"://",
    b"/",
    b"//",
    b"/var/run/docker.sock",
    b":",
    b":2375",
    b":0",
    b":65536",
    b"[",
    b"]",
    b"[::1]",
    b"127.0.0.1",
    b"localhost",
    b".",
    b"..",
    b"/base",
    b"@",
    b"?",
    b"#",
    b" ",
    b"\r\n",
    b"%2e",
    b"\xC2\xA0",
    b"\xC3\xA9",
];

/// See [`TARGETS`](crate::TARGETS).
pub fn endpoint(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    raw(&text);
    proxy(&text);
    proxy(&format!("http://u:hidden-word@{text}"));
    proxy(&format!("u:hidden-word{text}@{text}"));
    built(data);
}

fn seen(endpoint: &Endpoint) -> Naive {
    match &endpoint.address {
        Address::Unix(path) => {
            assert_eq!(endpoint.base, "");
            Naive::Unix(path.clone())
        }
        Address::Tcp(host, port) => Naive::Tcp(host.clone(), *port, endpoint.base.clone(), endpoint.tls.is_some()),
        Address::Pipe(path) => Naive::Pipe(path.clone()),
        Address::Command(command) => {
            assert_eq!((&*command.program, &*endpoint.base), ("ssh", ""));
            ssh(&command.args)
        }
        other => panic!("an address of another kind: {other:?}"),
    }
}

/// What ssh was told, and nothing that it would take for another option.
fn ssh(args: &[String]) -> Naive {
    let args: Vec<&str> = args.iter().map(|arg| &**arg).collect();
    let (user, rest) = match args[..] {
        ["-l", user, ref rest @ ..] => (Some(user.to_owned()), rest.to_vec()),
        _ => (None, args),
    };
    let (port, rest) = match rest[..] {
        ["-p", port, ref rest @ ..] => (Some(port.parse().expect("a port is a number")), rest.to_vec()),
        _ => (None, rest),
    };
    let ["-o", "ConnectTimeout=30", "-T", "--", host, "docker", ref path @ .., "system", "dial-stdio"] = rest[..]
    else {
        panic!("ssh is called with {rest:?}");
    };
    let path = match path {
        [] => None,
        [quoted] if quoted.starts_with('\'') => {
            let word = quoted.strip_prefix('\'').and_then(|q| q.strip_suffix('\'')).expect("a closing quote");
            assert!(!word.replace(r"'\''", "").contains('\''), "{quoted}: a quote ends in the middle");
            Some(word.replace(r"'\''", "'"))
        }
        [plain] => {
            assert!(!plain.contains(|c: char| c.is_whitespace() || "$`'\"\\;&|<>()*?[]#~{}!".contains(c)), "{plain}");
            Some((*plain).to_owned())
        }
        more => panic!("ssh is called with {more:?}"),
    };
    let path = path.map(|arg| arg.strip_prefix("--host=unix://").expect("a socket").to_owned());
    Naive::Ssh(user, host.into(), port, path)
}

/// The input is what a user wrote.
fn raw(url: &str) {
    let result = Endpoint::parse(url);
    match (&result, naive::parse(url)) {
        (Ok(endpoint), Some(wanted)) => {
            assert_eq!(seen(endpoint), wanted, "{url:?}");
            usable(endpoint);
        }
        (Err(e), None) => {
            assert_eq!(e.kind(), ErrorKind::Usage);
            assert!(e.message().contains("engine address"), "{e}");
        }
        (_, wanted) => panic!("{url:?} gave {result:?}, not {wanted:?}"),
    }
}

/// Whatever was accepted reads back as itself, and can stand in a request without changing its shape.
fn usable(endpoint: &Endpoint) {
    let text = endpoint.to_string();
    assert_eq!(Endpoint::parse(&text).as_ref().ok(), Some(endpoint), "{text:?} reads back as another");
    let head = RequestHead::new(Method::Get, &format!("{}/_ping", endpoint.base)).and_then(|mut head| {
        head.header("Host", &endpoint.host())?;
        Ok(head.finish(RequestBody::None))
    });
    let head = head.unwrap_or_else(|e| panic!("{text:?} cannot be asked: {e}"));
    let mut space = [httparse::EMPTY_HEADER; 4];
    let mut parsed = httparse::Request::new(&mut space);
    let status = parsed.parse(head.head());
    assert!(matches!(status, Ok(s) if s.is_complete()), "{text:?} breaks its request: {status:?}");
    assert_eq!(parsed.path, Some(&*format!("{}/_ping", endpoint.base)));
    let fields: Vec<_> = parsed.headers.iter().map(|h| (h.name, h.value)).collect();
    assert_eq!(fields, [("Host", endpoint.host().as_bytes())]);
}

/// The input is a proxy. What is accepted reads back as itself, and asks for one connection and nothing else.
fn proxy(url: &str) {
    let proxy = match Proxy::parse(url) {
        Ok(proxy) => proxy,
        Err(e) => {
            assert!(e.kind() == ErrorKind::Usage && e.message().starts_with("proxy "), "{e}");
            // Whoever stands before the place is not repeated.
            assert!(!e.message().contains("hidden-word"), "{e}");
            return;
        }
    };
    let again = Proxy::parse(&proxy.to_string()).unwrap_or_else(|e| panic!("{proxy} reads back as {e}"));
    assert_eq!(again.to_string(), proxy.to_string());
    let endpoint = Endpoint::parse("tcp://engine.example:1").and_then(|endpoint| endpoint.with_proxy(proxy));
    let endpoint = endpoint.expect("TCP");
    assert!(matches!(endpoint.dialled(), Address::Tcp(host, port) if !host.is_empty() && port > 0));
    let mut tunnel = endpoint.tunnel().expect("a host and a port").expect("a proxy");
    let request = tunnel.wants().write.expect("a request").concat();
    let mut space = [httparse::EMPTY_HEADER; 4];
    let mut parsed = httparse::Request::new(&mut space);
    let status = parsed.parse(&request).expect("a request");
    assert!(status == httparse::Status::Complete(request.len()) && parsed.method == Some("CONNECT"), "{status:?}");
    let names: Vec<_> = parsed.headers.iter().map(|h| h.name).collect();
    let known = url.contains('@');
    assert_eq!(names, ["Host", "User-Agent", "Proxy-Authorization"][..2 + usize::from(known)]);
}

/// The input is a plan of an address: its parts come out.
fn built(data: &[u8]) {
    let mut source = Source::new(data);
    let mut word = |of: &[u8]| {
        let n = 1 + source.below(12);
        String::from_utf8_lossy(&source.filler(n, of)).into_owned()
    };
    let (path, name, segment) = (word(b"abc/.-_ 1".split_at(7).0), word(b"abc-1"), word(b"ab%2-_~1"));
    let host = source.pick(&[name.as_str(), "127.0.0.1", "::1", "fe80::1", "engine.example", ""]).to_owned();
    let port = 1 + u16::from(source.byte()) * 257 % 65_535;
    let base = if source.byte() & 1 == 0 { String::new() } else { format!("/{segment}/v1") };
    let slash = source.pick(&["", "/", "//"]);
    let unix = format!("unix:///{path}");
    assert_eq!(Endpoint::parse(&unix).as_ref().map(seen).ok(), Some(Naive::Unix(format!("/{path}"))));
    let written = if host.contains(':') { format!("[{host}]") } else { host.clone() };
    let scheme = source.pick(&["tcp", "http", "https"]);
    let url = format!("{scheme}://{written}:{port}{base}{slash}");
    let dialled = if host.is_empty() { "127.0.0.1".to_owned() } else { host };
    assert_eq!(
        Endpoint::parse(&url).as_ref().map(seen).ok(),
        Some(Naive::Tcp(dialled, port, base, scheme == "https")),
        "{url}"
    );
    raw(&url);
}
