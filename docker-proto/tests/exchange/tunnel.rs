//! The way through a proxy: its answer at every cut, and ended after every byte.

use docker_proto::session::{Endpoint, Proxy, Tunnel};
use docker_proto::testkit::{ROUNDS, cuts};
use docker_proto::{ErrorKind, Source};
use std::io;
use std::sync::Arc;

fn tunnel(proxy: &str) -> Tunnel {
    let endpoint = Endpoint::parse("tcp://engine.example:2375/base").unwrap();
    let endpoint = endpoint.with_proxy(Proxy::parse(proxy).unwrap()).unwrap();
    endpoint.tunnel().unwrap().expect("there is a proxy")
}

/// What is sent, all of it at once.
fn send(tunnel: &mut Tunnel) -> String {
    let sent = tunnel.wants().write.expect("something to write").concat();
    tunnel.wrote(sent.len());
    assert!(tunnel.wants().flush, "it is handed over");
    tunnel.flushed();
    String::from_utf8(sent).unwrap()
}

fn pieces<'a>(bytes: &'a [u8], cut: &[usize]) -> Vec<&'a [u8]> {
    let ends = cut.iter().copied().chain([bytes.len()]);
    let begins = [0].into_iter().chain(cut.iter().copied());
    begins.zip(ends).map(|(begin, end)| &bytes[begin..end]).collect()
}

/// The end of the answer, behind its last byte.
#[derive(Clone, Copy)]
enum End {
    Stays,
    Closes,
    Breaks,
}

/// What comes of an answer in these pieces.
fn answer(pieces: &[&[u8]], end: End) -> Result<bool, (ErrorKind, String)> {
    let mut tunnel = tunnel("http://me:secret@p:3128");
    let told = |e: docker_proto::Error| (e.kind(), e.to_string());
    assert!(!tunnel.poll().map_err(told)?);
    send(&mut tunnel);
    for piece in pieces.iter().filter(|piece| !piece.is_empty()) {
        let Some(room) = tunnel.wants().read else { break };
        room[..piece.len()].copy_from_slice(piece);
        tunnel.read(piece.len());
        tunnel.poll().map_err(told)?;
    }
    match end {
        End::Stays => {}
        End::Closes => tunnel.read(0),
        End::Breaks => tunnel.read_broke(Arc::new(io::Error::from(io::ErrorKind::ConnectionReset)) as Source),
    }
    tunnel.poll().map_err(told)
}

#[test]
fn what_is_asked() {
    let mut plain = tunnel("p:3128");
    let version = env!("CARGO_PKG_VERSION");
    let head = format!(
        "CONNECT engine.example:2375 HTTP/1.1\r\nHost: engine.example:2375\r\nUser-Agent: docker-proto/{version}\r\n"
    );
    assert_eq!(send(&mut plain), format!("{head}\r\n"));
    let mut known = tunnel("http://me:a%20secret@p:3128");
    assert_eq!(send(&mut known), format!("{head}Proxy-Authorization: Basic bWU6YSBzZWNyZXQ=\r\n\r\n"));
    assert!(!format!("{known:?}").contains("bWU6"), "{known:?}");
    assert!(plain.wants().body.is_none() && plain.wants().write.is_none(), "there is nothing else");
    let v6 = Endpoint::parse("tcp://[fd12::1]:1").unwrap().with_proxy(Proxy::parse("p").unwrap()).unwrap();
    let asked = send(&mut v6.tunnel().unwrap().unwrap());
    assert!(asked.starts_with("CONNECT [fd12::1]:1 HTTP/1.1\r\nHost: [fd12::1]:1\r\n"), "{asked}");
    assert!(Endpoint::parse("tcp://h:1").unwrap().tunnel().unwrap().is_none());
}

/// Answers, and what comes of them: a part of the error, or that the way is open. Behind the first empty line of a good one
/// nothing is taken.
#[test]
fn every_answer_at_every_cut() {
    use ErrorKind::{Connect, Protocol};
    let good: [&[u8]; 5] = [
        b"HTTP/1.1 200 Connection established\r\n\r\n",
        b"HTTP/1.0 200 OK\r\nProxy-Agent: tinyproxy/1.11\r\n\r\n",
        b"HTTP/1.1 204 No Content\r\n\r\n",
        // What the fields say of a body does not count.
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
    ];
    for bytes in good {
        for cut in cuts(bytes.len(), ROUNDS) {
            assert_eq!(answer(&pieces(bytes, &cut), End::Stays), Ok(true), "{} at {cut:?}", bytes.escape_ascii());
        }
        for n in 0..bytes.len() {
            assert_eq!(answer(&[&bytes[..n]], End::Stays), Ok(false), "{n} of {}", bytes.escape_ascii());
            for end in [End::Closes, End::Breaks] {
                let (kind, text) = answer(&[&bytes[..n]], end).expect_err("an end");
                let closed = matches!(end, End::Closes);
                assert_eq!(kind, if closed { ErrorKind::Truncated } else { ErrorKind::Transport }, "{text}");
                assert!(text.contains("http://p:3128") && !text.contains("secret"), "{text}");
            }
        }
        // Nobody but the proxy can have sent more.
        let more = [bytes, b"x"].concat();
        let (kind, text) = answer(&[&more], End::Stays).expect_err("a stray byte");
        assert!(kind == Connect && text.contains("sent 1 bytes behind its answer"), "{text}");
    }
    for (bytes, kind, part) in [
        (&b"HTTP/1.1 407 No\r\nContent-Length: 3\r\n\r\nwho"[..], Connect, "status 407 (it wants a user and a password, or others): who"),
        (b"HTTP/1.1 407 No\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n", Connect, "status 407 (it wants"),
        (
            b"HTTP/1.1 403 Forbidden\r\nTransfer-Encoding: chunked\r\n\r\n25\r\n<html><title>Not to port 2375</title>\r\n0\r\n\r\n",
            Connect,
            "http://p:3128 on the way to engine.example:2375 does not lead there: it answers with status 403: Not to port 2375",
        ),
        (b"HTTP/1.1 304 Not\r\n\r\n", Connect, "status 304"),
        (b"HTTP/1.1 101 Switching\r\n\r\n", Protocol, "without being asked"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", Protocol, "the answer is not HTTP"),
    ] {
        let mut seen = None;
        for cut in cuts(bytes.len(), ROUNDS) {
            let came = answer(&pieces(bytes, &cut), End::Stays).expect_err("a refusal");
            assert!(came.0 == kind && came.1.contains(part), "{came:?}, not {part:?}");
            assert!(came.1.contains("http://p:3128") && !came.1.contains("secret"), "{}", came.1);
            if let Some(seen) = &seen {
                assert_eq!(seen, &came, "another at another cut");
            }
            seen = Some(came);
        }
    }
    // A refusal that is cut short is one.
    let cut = b"HTTP/1.1 502 Bad\r\nContent-Length: 100\r\n\r\nno route";
    for end in [End::Closes, End::Breaks] {
        let (kind, text) = answer(&[cut], end).expect_err("a refusal");
        assert!(kind == Connect && text.contains("status 502: no route"), "{text}");
    }
    // One without end is read no further than is kept.
    let (kind, text) = (|| {
        let mut tunnel = tunnel("p:1");
        send(&mut tunnel);
        let told = |e: docker_proto::Error| (e.kind(), e.to_string());
        let head = b"HTTP/1.1 500 Sick\r\n\r\n";
        tunnel.wants().read.expect("room")[..head.len()].copy_from_slice(head);
        tunnel.read(head.len());
        for _ in 0..1_000_000 {
            tunnel.poll().map_err(told)?;
            let room = tunnel.wants().read.expect("room");
            room.fill(b'a');
            let n = room.len();
            tunnel.read(n);
        }
        Ok::<_, (ErrorKind, String)>(())
    })()
    .expect_err("an end");
    assert!(kind == Connect && text.len() < 8192, "{} bytes", text.len());
}

#[test]
fn a_way_that_ends_as_it_opens() {
    let bytes = b"HTTP/1.1 200 OK\r\n\r\n";
    let (kind, text) = answer(&[bytes], End::Closes).expect_err("an end");
    assert!(kind == ErrorKind::Connect && text.contains("closed the connection that it had made"), "{text}");
    // The write breaks, and the reason is there to be read.
    let mut tunnel = tunnel("p:1");
    tunnel.write_broke(Arc::new(io::Error::from(io::ErrorKind::BrokenPipe)));
    let refusal = b"HTTP/1.1 403 No\r\nContent-Length: 2\r\n\r\nno";
    tunnel.wants().read.expect("room")[..refusal.len()].copy_from_slice(refusal);
    tunnel.read(refusal.len());
    let e = tunnel.poll().expect_err("a refusal");
    assert!(e.to_string().contains("status 403: no"), "{e}");
}

#[test]
fn a_proxy_leads_to_tcp_only() {
    let proxy = || Proxy::parse("p:1").unwrap();
    for url in ["unix://", "ssh://h", "npipe://"] {
        let e = Endpoint::parse(url).unwrap().with_proxy(proxy()).expect_err(url);
        assert!(e.message().contains("TCP addresses only"), "{e}");
    }
    let endpoint = Endpoint::parse("tcp://h:1").unwrap().with_proxy(proxy()).unwrap();
    assert_eq!((endpoint.host(), endpoint.to_string()), ("h:1".into(), "tcp://h:1".into()));
    assert_eq!(format!("{:?}", endpoint.dialled()), r#"Tcp("p", 1)"#);
    assert_eq!(docker_proto::session::Config::new(&endpoint).endpoint, "tcp://h:1 through the proxy http://p:1");
}
