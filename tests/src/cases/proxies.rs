//! Proxies on the way to an engine.

use super::Failure;
use crate::engine::{Engine, shell};
use crate::peer::{Connection, Peer};
use crate::runtime::{Input, Items, Runtime, Work};
use crate::tls::{Authority, Door, client};
use docker_proto::api::{containers, exec, system};
use docker_proto::session::{CallOptions, Endpoint, Proxy, Timeouts};
use docker_proto::tls::Tls;
use docker_proto::{ErrorKind, Phase};
use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::os::unix::net::UnixStream;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// What a proxy was asked.
type Asked = Arc<Mutex<Vec<String>>>;

/// A proxy for which everything leads to the engine at `target`, a socket or a port of the loopback.
fn leading(target: &str) -> io::Result<(Peer, Asked)> {
    let (asked, target) = (Asked::default(), target.to_owned());
    let noted = asked.clone();
    let peer = Peer::tcp(move |mut c: Connection| {
        let Some(head) = c.head()? else { return Ok(()) };
        noted.lock().expect("no panic under this lock").push(head);
        c.writer.write_all(b"HTTP/1.1 200 Connection established\r\nProxy-Agent: test\r\n\r\n")?;
        match target.strip_prefix("unix://") {
            Some(path) => {
                let engine = UnixStream::connect(path)?;
                both_ways(c, engine.try_clone()?, engine, |engine| engine.shutdown(Shutdown::Write))
            }
            None => {
                let engine = TcpStream::connect(&target)?;
                both_ways(c, engine.try_clone()?, engine, |engine| engine.shutdown(Shutdown::Write))
            }
        }
    })?;
    Ok((peer, asked))
}

/// Half-closed as the two sides do it, unlike many proxies.
fn both_ways<S: Read + Write + Send + 'static>(
    c: Connection,
    mut from: S,
    mut to: S,
    close: fn(&S) -> io::Result<()>,
) -> io::Result<()> {
    let Connection { mut reader, mut writer } = c;
    let up = thread::spawn(move || {
        io::copy(&mut reader, &mut to)?;
        close(&to)
    });
    io::copy(&mut from, &mut writer)?;
    writer.half_close()?;
    up.join().map_err(|_| io::Error::other("a copy panicked"))?
}

/// An engine that nobody can reach but through this proxy.
fn behind(proxy: &Peer, url: &str) -> Result<Endpoint, Failure> {
    let place = proxy.url.trim_start_matches("tcp://");
    Ok(Endpoint::parse(url)?.with_proxy(Proxy::parse(&format!("http://me:s%20cret@{place}"))?)?)
}

/// One connection through the proxy for all of it; streams have their own.
pub async fn everything_goes_through_a_proxy<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let (proxy, asked) = leading(&engine.url)?;
    let docker: R = client(behind(&proxy, "tcp://engine.invalid:2375")?);
    for _ in 0..3 {
        docker.call(system::Ping::new()).await?;
    }
    let c = engine.container(&docker, shell("cat; echo after the end")).await?;
    assert_eq!(proxy.accepted(), 1);
    c.start().await?;
    let follow = containers::Logs::new(&*c.id).stdout(true).follow(true);
    let mut logs = docker.begin(follow);
    let mut out = Vec::new();
    while let Some(piece) = logs.next().await {
        out.extend_from_slice(&piece?.bytes);
    }
    assert_eq!(out, b"after the end\n");
    let sleeping = engine.container(&docker, shell("sleep 60")).await?;
    sleeping.start().await?;
    let id = sleeping.exec("cat; echo after the end; exit 7", false, true).await?;
    let (mut output, mut input) = docker.open(exec::Start::new(&*id)).await?;
    input.write(b"one\n").await?;
    input.close().await?;
    let mut out = Vec::new();
    while let Some(piece) = output.next().await {
        out.extend_from_slice(&piece?.bytes);
    }
    assert_eq!((&*out, sleeping.exec_code(&id).await?), (&b"one\nafter the end\n"[..], 7));
    let asked = asked.lock().expect("no panic under this lock");
    let first = "CONNECT engine.invalid:2375 HTTP/1.1\r\nHost: engine.invalid:2375\r\n";
    let known = "\r\nProxy-Authorization: Basic bWU6cyBjcmV0\r\n";
    assert!(asked.iter().all(|head| head.starts_with(first) && head.contains(known)), "{asked:?}");
    Ok(())
}

/// The engine's certificate is checked, with its own name; the proxy sees nothing but TLS.
pub async fn tls_is_spoken_with_the_engine_behind_the_proxy<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let ca = Authority::new("the engine's authority")?;
    let door = Door::new(ca.server(&["engine.invalid"], crate::tls::YEARS)?).open(&engine.url)?;
    let (proxy, _) = leading(&door.to_string())?;
    let secure = |url: &str, tls: Tls| Ok::<_, Failure>(behind(&proxy, url)?.with_tls(tls)?);
    let docker: R = client(secure("https://engine.invalid", Tls::new().ca(&*ca.certificate))?);
    docker.call(system::Ping::new()).await?;
    docker.call(containers::List::new()).await?;
    let docker: R = client(secure("https://other.invalid", Tls::new().ca(&*ca.certificate))?);
    let e = docker.call(system::Ping::new()).await.err().ok_or("another name was accepted")?;
    assert!(e.kind() == ErrorKind::Connect && e.to_string().contains("is for another host"), "{e}");
    Ok(())
}

/// What a proxy answers instead of a way, at every cut, and what comes of it.
pub async fn what_a_proxy_refuses_is_told<R: Runtime>() -> Result<(), Failure> {
    let cases: [(&'static [u8], ErrorKind, &str); 6] = [
        (b"HTTP/1.1 407 Who\r\nContent-Length: 4\r\n\r\nwho?", ErrorKind::Connect, "it wants a user and a password"),
        (b"HTTP/1.0 403 No\r\n\r\n<html><title>not there</title>", ErrorKind::Connect, "status 403: not there"),
        (b"HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK", ErrorKind::Connect, "behind its answer"),
        (b"HTTP/1.1 20", ErrorKind::Connect, "inside the head"),
        (b"", ErrorKind::Connect, "closed before an answer"),
        (b"SSH-2.0-x\r\n", ErrorKind::Connect, "the answer is not HTTP"),
    ];
    for (answer, kind, part) in cases {
        let proxy = Peer::tcp(move |mut c: Connection| {
            c.head()?;
            c.writer.write_all(answer)?;
            c.writer.half_close()
        })?;
        let docker: R = client(behind(&proxy, "tcp://engine.invalid:2375")?);
        let e = docker.call(system::Ping::new()).await.err().ok_or_else(|| format!("{part}: accepted"))?;
        let text = e.to_string();
        assert!(e.kind() == kind && e.phase() == Some(Phase::Connect) && text.contains(part), "{e:?}, not {part:?}");
        let way = format!("through the proxy {}", proxy.url.replace("tcp", "http"));
        assert!(text.contains(&way) && !text.contains("cret") && !text.contains("bWU6"), "{text}");
    }
    // One that is not there.
    let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    let nowhere = Proxy::parse(&format!("127.0.0.1:{port}"))?;
    let docker: R = client(Endpoint::parse("tcp://engine.invalid:1")?.with_proxy(nowhere)?);
    let e = docker.call(system::Ping::new()).await.err().ok_or("a port that is closed answered")?;
    let part =
        format!("cannot connect to the engine at tcp://engine.invalid:1 through the proxy http://127.0.0.1:{port}");
    assert!(e.kind() == ErrorKind::Connect && e.to_string().contains(&part), "{e}");
    Ok(())
}

/// One that says nothing, and one that says it slowly: the connect's own deadline ends it, and a way that opens in time is one.
pub async fn a_silent_proxy_costs_no_more_than_a_connect<R: Runtime>() -> Result<(), Failure> {
    let silent = Peer::tcp(|mut c: Connection| {
        c.head()?;
        c.writer.write_all(b"HTTP/1.1 200 ")?;
        c.reader.read_to_end(&mut Vec::new()).map(drop)
    })?;
    let docker: R = client(behind(&silent, "tcp://engine.invalid:2375")?);
    let mut options = CallOptions::default();
    options.timeouts = Some(Timeouts::default().connect(Some(Duration::from_millis(200))));
    let e = docker.with_options(options).call(system::Ping::new()).await.err().ok_or("nobody answered")?;
    assert_eq!((e.kind(), e.phase()), (ErrorKind::Timeout, Some(Phase::Connect)), "{e}");
    silent.until(|| silent.open() == 0)?;
    // Byte by byte, to several at once.
    let engine = Peer::tcp(|mut c: Connection| {
        while c.after_ping("1.45")?.is_some() {
            c.json("200 OK", "[]")?;
        }
        Ok(())
    })?;
    let target = engine.url.replace("tcp://", "");
    let slow = Peer::tcp(move |mut c: Connection| {
        c.head()?;
        for byte in b"HTTP/1.1 200 OK\r\nVia: x\r\n\r\n" {
            c.writer.write_all(&[*byte])?;
            // So that each byte comes by itself; nothing waits for it.
            thread::sleep(Duration::from_millis(2));
        }
        let engine = TcpStream::connect(&target)?;
        both_ways(c, engine.try_clone()?, engine, |engine| engine.shutdown(Shutdown::Write))
    })?;
    let docker: R = client(behind(&slow, "tcp://engine.invalid:2375")?);
    let many = (0..8).map(|_| {
        let docker = docker.clone();
        let work: Work<docker_proto::Result<()>> =
            Box::pin(async move { docker.call(containers::List::new()).await.map(drop) });
        work
    });
    for listed in R::all(many.collect()).await {
        listed?;
    }
    Ok(())
}
