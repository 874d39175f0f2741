//! JSON values through sockets: however they are cut and put together, and larger than anybody should send.

use super::Failure;
use crate::peer::{Connection, Peer};
use crate::runtime::{Items, Runtime};
use docker_proto::api::{containers, images, system};
use docker_proto::wire::limits::MAX_JSON;
use docker_proto::{Error, ErrorKind};
use std::io::{self, Write};
use std::sync::mpsc;
use std::time::Duration;

/// The same on a unix and on a TCP socket.
fn peers(serve: impl Fn(Connection) -> io::Result<()> + Clone + Send + Sync + 'static) -> io::Result<[Peer; 2]> {
    Ok([Peer::unix(serve.clone())?, Peer::tcp(serve)?])
}

/// A body in chunks of so many bytes, each in a write of its own.
fn chunked(c: &mut Connection, content_type: &str, body: &[u8], size: usize) -> io::Result<()> {
    write!(c.writer, "HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\nTransfer-Encoding: chunked\r\n\r\n")?;
    for part in body.chunks(size) {
        c.writer.write_all(&[format!("{:x}\r\n", part.len()).as_bytes(), part, b"\r\n"].concat())?;
    }
    c.writer.write_all(b"0\r\n\r\n")
}

const ONE: &str =
    r#"{"Type":"container","Action":"die","Actor":{"ID":"a}b\"]","Attributes":{"x":"café 😀"}},"timeNano":1}"#;

pub async fn values_come_apart_however_they_are_put_together<R: Runtime>() -> Result<(), Failure> {
    let pretty = serde_json::to_string_pretty(&serde_json::from_str::<serde_json::Value>(ONE)?)?;
    let bodies: [(&'static str, String); 6] = [
        ("application/json", format!("{ONE}\n{ONE}\n{ONE}\n")),
        ("application/json", format!("{ONE}\r\n\r\n{ONE}\r\n{ONE}")),
        ("application/x-ndjson", format!("{ONE}{ONE}{ONE}")),
        // API 1.52 and later.
        ("application/jsonl", format!("{ONE}\n{ONE}\n{ONE}\n")),
        ("application/json-seq", format!("\x1e{ONE}\n\x1e{ONE}\n\x1e{ONE}\n")),
        ("application/json", format!("{pretty}\n{pretty}{pretty}")),
    ];
    for (content_type, body) in bodies {
        for size in [1, 7, 4096] {
            let body = body.clone();
            let peers = peers(move |mut c| {
                c.after_ping("1.52")?;
                chunked(&mut c, content_type, body.as_bytes(), size)
            })?;
            for peer in &peers {
                let events = R::connect(&peer.url).begin(system::Events::new()).all().await?;
                assert_eq!(events.len(), 3, "{content_type} in pieces of {size}");
                let same = |event: &docker_proto::model::EventMessage| {
                    let actor = event.actor.clone().unwrap_or_default();
                    actor.id.as_deref() == Some("a}b\"]") && actor.attributes["x"] == "café 😀"
                };
                assert!(events.iter().all(same), "{events:?}");
            }
        }
    }
    Ok(())
}

pub async fn garbage_between_values_ends_the_stream_after_those_before_it<R: Runtime>() -> Result<(), Failure> {
    for (garbage, kind) in [
        ("<html>Bad Gateway</html>", ErrorKind::Protocol),
        ("{\"Action\":}", ErrorKind::Protocol),
        ("{\"Action\":\"sta", ErrorKind::Truncated),
        // A value of another type costs no more than itself.
        ("{\"Action\":7}", ErrorKind::Decode),
    ] {
        let body = format!("{ONE}\n{garbage}\n{ONE}\n");
        // What is cut off ends there.
        let body = if kind == ErrorKind::Truncated { body[..ONE.len() + 1 + garbage.len()].to_owned() } else { body };
        let peers = peers(move |mut c| {
            c.after_ping("1.45")?;
            chunked(&mut c, "application/json", body.as_bytes(), 5)
        })?;
        for peer in &peers {
            let mut events = R::connect(&peer.url).begin(system::Events::new());
            assert_eq!(events.next().await.ok_or("ended")??.action.as_deref(), Some("die"));
            let e = events.next().await.ok_or("ended")?.err().ok_or("an item")?;
            assert_eq!((e.kind(), e.is_final()), (kind, kind != ErrorKind::Decode), "{garbage}: {e}");
            if kind == ErrorKind::Decode {
                assert!(e.raw().is_some_and(|raw| raw == garbage), "{e:?}");
                assert!(events.next().await.ok_or("ended")?.is_ok());
            }
            assert!(events.next().await.is_none(), "{garbage}");
        }
    }
    Ok(())
}

/// Serves a JSON document with 64 MiB in a string, behind a small one if the answer is a stream; then says how much of it
/// could be sent.
fn large(sent: mpsc::Sender<usize>) -> impl Fn(Connection) -> io::Result<()> + Clone + Send + Sync + 'static {
    move |mut c| {
        const PIECE: usize = 1 << 20;
        let head = c.after_ping("1.45")?.unwrap_or_default();
        write!(c.writer, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")?;
        if !head.contains("/json") {
            write!(c.writer, "10\r\n{{\"status\":\"one\"}}\r\n")?;
        }
        write!(c.writer, "{:x}\r\n{{\"status\":\"", (64 << 20) + 13)?;
        let piece = vec![b'x'; PIECE];
        let whole = (0..64).take_while(|_| c.writer.write_all(&piece).is_ok()).count();
        // The test has failed if nobody listens.
        let _ = sent.send(whole * PIECE);
        c.writer.write_all(b"\"}\r\n0\r\n\r\n")
    }
}

pub async fn a_value_of_64_mib_is_refused_at_its_limit<R: Runtime>() -> Result<(), Failure> {
    // What kernels hold of a connection, at the most.
    const BUFFERED: usize = 16 << 20;
    let (tell, told) = mpsc::channel();
    let refused = |e: &Error| {
        assert_eq!((e.kind(), e.is_final()), (ErrorKind::TooLarge, true), "{e}");
        assert!(e.message().contains(&MAX_JSON.to_string()), "{e}");
        let sent = told.recv_timeout(Duration::from_secs(30)).expect("the server is done when the client is");
        assert!((MAX_JSON - (1 << 20)..MAX_JSON + BUFFERED).contains(&sent), "the server could send {sent} bytes");
    };
    for peer in &peers(large(tell))? {
        let docker = R::connect(&peer.url);
        let mut progress = docker.begin(images::Pull::new("app"));
        assert_eq!(progress.next().await.ok_or("ended")??.status.as_deref(), Some("one"));
        let e = progress.next().await.ok_or("ended")?.err().ok_or("an item")?;
        assert!(progress.next().await.is_none());
        drop(progress);
        refused(&e);

        let mut stats = docker.begin(containers::Stats::new("web"));
        assert!(stats.next().await.ok_or("ended")?.is_ok());
        let e = stats.next().await.ok_or("ended")?.err().ok_or("an item")?;
        drop(stats);
        refused(&e);

        refused(&docker.call(containers::Inspect::new("web")).await.err().ok_or("an answer")?);
    }
    Ok(())
}
