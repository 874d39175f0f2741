//! TLS: who is trusted, what is refused and how that is told, and what the end of a connection means.

use super::Failure;
use crate::peer::{Connection, Peer};
use crate::runtime::{Input, Items, Runtime};
use crate::tls::{Authority, Door, Pair, YEARS, client, endpoint};
use docker_proto::ErrorKind;
use docker_proto::api::{containers, system};
use docker_proto::session::{CallOptions, Endpoint, Timeouts};
use docker_proto::tls::Tls;
use std::io::{self, Read, Write};
use std::net::TcpListener;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// Answers every call with nothing.
fn engine() -> io::Result<Peer> {
    Peer::unix(|mut c: Connection| {
        while c.after_ping("1.45")?.is_some() {
            c.json("200 OK", "[]")?;
        }
        Ok(())
    })
}

/// What a ping through TLS comes to.
async fn ping<R: Runtime>(endpoint: Endpoint) -> docker_proto::Result<()> {
    let docker: R = client(endpoint);
    docker.call(system::Ping::new()).await.map(drop)
}

/// The text of the error that a ping ends in, which must have `parts`.
async fn refused<R: Runtime>(endpoint: Endpoint, kind: ErrorKind, parts: &[&str]) -> Result<String, Failure> {
    let e = ping::<R>(endpoint).await.err().ok_or_else(|| format!("accepted, and not {parts:?}"))?;
    let text = e.to_string();
    assert!(e.kind() == kind && parts.iter().all(|part| text.contains(part)), "{e:?}, not {kind:?} {parts:?}");
    Ok(text)
}

/// The CA, a door with its certificate, and what a client must say to come in.
fn trusted(target: &str) -> Result<(Authority, std::net::SocketAddr), Failure> {
    let ca = Authority::new("the engine's authority")?;
    let door = Door::new(ca.loopback()?).open(target)?;
    Ok((ca, door))
}

pub async fn a_certificate_that_does_not_fit_is_refused_with_the_reason<R: Runtime>() -> Result<(), Failure> {
    let engine = engine()?;
    let (ca, door) = trusted(&engine.url)?;
    let trust = || Tls::new().ca(&*ca.certificate);
    ping::<R>(endpoint(door, trust())?).await?;

    let mut told = Vec::new();
    let other = Authority::new("another authority")?;
    let wrong_ca = endpoint(door, Tls::new().ca(other.certificate))?;
    told.push(refused::<R>(wrong_ca, ErrorKind::Connect, &["127.0.0.1", "of no authority that is trusted"]).await?);
    // The system knows nothing of it either, if it knows anything.
    let of_system = ping::<R>(endpoint(door, Tls::new())?).await.err().ok_or("the system trusts a new authority")?;
    let text = of_system.to_string();
    assert!(text.contains("of no authority that is trusted") || text.contains("the system has none"), "{text}");
    for (pair, parts) in [
        (ca.server(&["engine.example"], YEARS)?, ["127.0.0.1", "is for another host", "engine.example"]),
        (ca.server(&["127.0.0.1"], (2001, 2002))?, ["127.0.0.1", "has expired", "days ago"]),
        (ca.server(&["127.0.0.1"], (2119, 2120))?, ["127.0.0.1", "is not valid before", "clock"]),
    ] {
        let door = Door::new(pair).open(&engine.url)?;
        told.push(refused::<R>(endpoint(door, trust())?, ErrorKind::Connect, &parts).await?);
    }
    told.sort();
    told.dedup();
    assert_eq!(told.len(), 4, "{told:?}");
    Ok(())
}

pub async fn what_is_not_checked_is_accepted<R: Runtime>() -> Result<(), Failure> {
    let engine = engine()?;
    let (ca, other) = (Authority::new("one")?, Authority::new("other")?);
    let elsewhere = Door::new(ca.server(&["engine.example"], YEARS)?).open(&engine.url)?;
    let old = Door::new(ca.server(&["engine.example"], (2001, 2002))?).open(&engine.url)?;
    let trust = || Tls::new().ca(&*ca.certificate);
    // Nothing is checked: neither the authority nor name and time.
    ping::<R>(endpoint(old, Tls::new().verify(false))?).await?;
    // The name alone is not.
    ping::<R>(endpoint(elsewhere, trust().verify_name(false))?).await?;
    refused::<R>(endpoint(old, trust().verify_name(false))?, ErrorKind::Connect, &["has expired"]).await?;
    let wrong = Tls::new().ca(other.certificate).verify_name(false);
    refused::<R>(endpoint(elsewhere, wrong)?, ErrorKind::Connect, &["of no authority"]).await?;
    // Another name is.
    ping::<R>(endpoint(elsewhere, trust().server_name("engine.example"))?).await?;
    let port = elsewhere.port();
    let local = Door::new(ca.server(&["localhost"], YEARS)?).open(&engine.url)?;
    ping::<R>(Endpoint::parse(&format!("tcp://localhost:{}", local.port()))?.with_tls(trust())?).await?;
    let by_name = Endpoint::parse(&format!("tcp://localhost:{port}"))?.with_tls(trust())?;
    refused::<R>(by_name, ErrorKind::Connect, &["localhost", "engine.example"]).await?;
    Ok(())
}

pub async fn a_port_without_tls_sees_no_request<R: Runtime>() -> Result<(), Failure> {
    // As Go's server does it; another closes without a word, a third answers nothing.
    let answers: [(&[u8], &[&str]); 2] = [
        (
            b"HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n400 Bad Request",
            &["does not speak TLS at this port", "HTTP/1.1 400 Bad Request"],
        ),
        (b"", &["closed without a word", "is it a port for TLS?"]),
    ];
    for (answer, parts) in answers {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?;
        let (seen, came) = mpsc::channel();
        thread::spawn(move || -> io::Result<()> {
            let (mut stream, _) = listener.accept()?;
            let mut room = [0; 4096];
            let n = stream.read(&mut room)?;
            stream.write_all(answer)?;
            stream.shutdown(std::net::Shutdown::Write)?;
            let mut all = room[..n].to_vec();
            let _ = stream.read_to_end(&mut all);
            let _ = seen.send(all);
            Ok(())
        });
        refused::<R>(endpoint(address, Tls::new().verify(false))?, ErrorKind::Connect, parts).await?;
        let all = came.recv_timeout(Duration::from_secs(10))?;
        assert_eq!(all[..2], [22, 3], "a hello");
        assert!(!all.windows(5).any(|w| w == b"_ping" || w == b"HTTP/"), "{}", all.escape_ascii());
    }
    let silent = TcpListener::bind("127.0.0.1:0")?;
    let docker: R = client(endpoint(silent.local_addr()?, Tls::new().verify(false))?);
    let mut options = CallOptions::default();
    options.timeouts = Some(Timeouts::default().connect(Some(Duration::from_millis(200))));
    let e = docker.with_options(options).call(system::Ping::new()).await.err().ok_or("nobody answered")?;
    assert_eq!((e.kind(), e.phase()), (ErrorKind::Timeout, Some(docker_proto::Phase::Connect)), "{e}");
    Ok(())
}

pub async fn a_missing_or_unknown_client_certificate_is_told<R: Runtime>() -> Result<(), Failure> {
    let engine = engine()?;
    let (ca, other) = (Authority::new("one")?, Authority::new("other")?);
    let mine = ca.client(None)?;
    let strange = other.client(None)?;
    let trust = || Tls::new().ca(&*ca.certificate);
    let show = |pair: &Pair| trust().client_certificate(&*pair.certificate, &*pair.key);
    for old in [false, true] {
        let mut door = Door::new(ca.loopback()?).clients(&ca);
        door.old = old;
        let door = door.open(&engine.url)?;
        ping::<R>(endpoint(door, show(&mine))?).await?;
        // TLS 1.3 tells only after the handshake, when the request is on its way.
        let kind = if old { ErrorKind::Connect } else { ErrorKind::Transport };
        for _ in 0..10 {
            let missing = ["a client certificate", "shown none", "TLS alert"];
            refused::<R>(endpoint(door, trust())?, kind, &missing[..if old { 1 } else { 3 }]).await?;
        }
        refused::<R>(endpoint(door, show(&strange))?, kind, &["client certificate", "TLS alert"]).await?;
    }
    // A long request is still being written when the alert comes, and writing breaks first.
    let door = Door::new(ca.loopback()?).clients(&ca).open(&engine.url)?;
    for _ in 0..10 {
        let docker: R = client(endpoint(door, trust())?);
        let body = bytes::Bytes::from(vec![b'x'; 4 << 20]);
        let put = docker_proto::api::archive::Put::new("c", "/");
        let e = docker.upload(put, body).all().await.err().ok_or("uploaded without a certificate")?;
        assert!(e.to_string().contains("a client certificate, and was shown none"), "{e:?}");
    }
    Ok(())
}

pub async fn plain_http_to_a_port_for_tls_is_told<R: Runtime>() -> Result<(), Failure> {
    let engine = engine()?;
    let (_, door) = trusted(&engine.url)?;
    let plain = || Endpoint::parse(&format!("tcp://{door}"));
    refused::<R>(plain()?, ErrorKind::Protocol, &["a TLS alert: this is a port for TLS"]).await?;
    // Even if the port closed while a long request was being written.
    let docker: R = client(plain()?);
    let body = bytes::Bytes::from(vec![b'x'; 4 << 20]);
    let e = docker.upload(docker_proto::api::archive::Put::new("c", "/"), body).all().await;
    let e = e.err().ok_or("uploaded without TLS")?;
    assert!(e.to_string().contains("this is a port for TLS"), "{e:?}");
    Ok(())
}

/// Runs openssl.
fn openssl(arguments: &[&str], input: &str) -> Result<String, Failure> {
    let mut child = Command::new("openssl")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    child.stdin.take().ok_or("no stdin")?.write_all(input.as_bytes())?;
    let output = child.wait_with_output()?;
    if !output.status.success() || output.stdout.is_empty() {
        return Err(format!("openssl {arguments:?}: {}", output.status).into());
    }
    Ok(String::from_utf8(output.stdout)?)
}

pub async fn keys_of_every_form_are_used_and_encrypted_ones_refused<R: Runtime>() -> Result<(), Failure> {
    let engine = engine()?;
    let ca = Authority::new("one")?;
    let door = Door::new(ca.loopback()?).clients(&ca).open(&engine.url)?;
    let ec = ca.client(None)?;
    let rsa = ca.client(Some(&openssl(&["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"], "")?))?;
    let sec1 = openssl(&["ec"], &ec.key)?;
    let pkcs1 = openssl(&["rsa", "-traditional"], &rsa.key)?;
    let (a, b) = ("BEGIN EC PRIVATE KEY", "BEGIN RSA PRIVATE KEY");
    assert!(sec1.contains(a) && pkcs1.contains(b) && rsa.key.contains("BEGIN PRIVATE KEY"), "{a}, {b}");
    let tls = |pair: &Pair, key: &str| Tls::new().ca(&*ca.certificate).client_certificate(&*pair.certificate, key);
    for (pair, key) in [(&ec, &ec.key), (&ec, &sec1), (&rsa, &rsa.key), (&rsa, &pkcs1)] {
        ping::<R>(endpoint(door, tls(pair, key))?).await?;
    }
    // In both forms that openssl writes.
    let new = openssl(&["pkcs8", "-topk8", "-passout", "pass:s3cret"], &ec.key)?;
    let old = openssl(&["rsa", "-traditional", "-aes128", "-passout", "pass:s3cret"], &rsa.key)?;
    for (pair, key) in [(&ec, &new), (&rsa, &old)] {
        let e = endpoint(door, tls(pair, key)).err().ok_or("an encrypted key was taken")?;
        assert!(e.kind() == ErrorKind::Usage && e.message().contains("the client's key: it is encrypted"), "{e}");
    }
    // A key of another certificate is refused before anything is sent.
    refused::<R>(endpoint(door, tls(&ec, &rsa.key))?, ErrorKind::Connect, &["the client's certificate and key"])
        .await?;
    Ok(())
}

pub async fn connections_are_kept<R: Runtime>() -> Result<(), Failure> {
    let engine = engine()?;
    let (ca, door) = trusted(&engine.url)?;
    let docker: R = client(endpoint(door, Tls::new().ca(&*ca.certificate))?);
    for _ in 0..20 {
        docker.call(containers::List::new()).await?;
    }
    let counters = docker.counters();
    assert_eq!((counters.dialled, counters.reused, counters.discarded), (1, 19, 0), "{counters:?}");
    assert_eq!(engine.accepted(), 1);
    Ok(())
}

pub async fn a_cut_is_no_end<R: Runtime>() -> Result<(), Failure> {
    // The first answer ends with its connection, the other says how long it is.
    let engine = Peer::unix(|mut c: Connection| {
        let Some(head) = c.after_ping("1.45")? else { return Ok(()) };
        if head.contains("/logs") {
            let answer = "HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.multiplexed-stream\r\nConnection: close\r\n\r\n";
            c.writer.write_all(answer.as_bytes())?;
            c.writer.write_all(b"\x01\0\0\0\0\0\0\x05whole")?;
        } else {
            c.json("200 OK\r\nConnection: close", "[]")?;
        }
        c.writer.half_close()
    })?;
    let ca = Authority::new("one")?;
    for rude in [false, true] {
        let mut door = Door::new(ca.loopback()?);
        door.rude = rude;
        let door = door.open(&engine.url)?;
        let docker: R = client(endpoint(door, Tls::new().ca(&*ca.certificate))?);
        docker.call(containers::List::new()).await?;
        let mut logs = docker.begin(containers::Logs::new("c").stdout(true).tty(false));
        let first = logs.next().await.ok_or("no output")??;
        assert_eq!(&first.bytes[..], b"whole");
        match (rude, logs.next().await) {
            (false, None) => {}
            (true, Some(Err(e))) => assert!(e.to_string().contains("may be cut short"), "{e}"),
            (_, other) => return Err(format!("rude: {rude}, then {other:?}").into()),
        }
    }
    Ok(())
}

pub async fn both_directions_at_once_lose_nothing<R: Runtime>() -> Result<(), Failure> {
    // Echoes.
    let engine = Peer::unix(|mut c: Connection| {
        if let Some(head) = c.after_ping("1.45")? {
            let length = head.lines().find_map(|line| line.strip_prefix("Content-Length: ")?.parse().ok());
            c.reader.read_exact(&mut vec![0; length.unwrap_or(0)])?;
            c.writer.write_all(b"HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nContent-Type: application/vnd.docker.raw-stream\r\n\r\n")?;
            io::copy(&mut c.reader, &mut c.writer)?;
            c.writer.half_close()?;
        }
        Ok(())
    })?;
    let (ca, door) = trusted(&engine.url)?;
    let docker: R = client(endpoint(door, Tls::new().ca(&*ca.certificate))?);
    let (mut output, mut input) = docker.open(docker_proto::api::exec::Start::new("e").tty(true)).await?;
    const LENGTH: usize = 8 << 20;
    let writing: crate::runtime::Work<io::Result<()>> = Box::pin(async move {
        for n in 0..LENGTH / 4096 {
            input.write(&[n as u8; 4096]).await?;
        }
        input.close().await
    });
    let reading: crate::runtime::Work<io::Result<()>> = Box::pin(async move {
        let mut seen = 0;
        while let Some(piece) = output.next().await {
            for byte in piece.map_err(io::Error::from)?.bytes {
                if byte != (seen / 4096) as u8 {
                    return Err(io::Error::other(format!("byte {seen} is {byte}")));
                }
                seen += 1;
            }
        }
        if seen == LENGTH { Ok(()) } else { Err(io::Error::other(format!("{seen} bytes came back"))) }
    });
    for done in R::all(vec![writing, reading]).await {
        done?;
    }
    Ok(())
}
