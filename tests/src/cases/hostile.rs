//! Servers that break the rules: each is told by the right kind of error, at once, and nothing it said gets into another
//! answer.

use super::Failure;
use super::stalls::{answer, client, limited};
use crate::peer::{Connection, Peer};
use crate::runtime::Runtime;
use docker_proto::ErrorKind::{self, Decode, Engine, Protocol, TooLarge, Transport, Truncated};
use docker_proto::api::containers;
use docker_proto::session::PoolLimits;
use std::error::Error as _;
use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// How long a call may wait, and what it never has to.
const LIMIT: Duration = Duration::from_secs(20);
const AT_ONCE: Duration = Duration::from_secs(5);

const GOOD: &str = "HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n{\"Id\":\"bad\"}";

/// What a server says to an inspect, and what comes of it. Nothing is closed by the server.
fn table() -> Vec<(&'static str, Vec<u8>, Result<(), ErrorKind>)> {
    let text = |name, text: &str, want| (name, text.as_bytes().to_vec(), want);
    let fields = |n: usize, len: usize| {
        let fields: String = (0..n).map(|i| format!("X-{i}: {}\r\n", "y".repeat(len))).collect();
        format!("HTTP/1.1 200 OK\r\n{fields}Content-Length: 12\r\n\r\n{{\"Id\":\"bad\"}}")
    };
    let body = |head: &str, body: &str| format!("HTTP/1.1 200 OK\r\n{head}\r\n\r\n{body}");
    let json = |json: &str| body(&format!("Content-Length: {}", json.len()), json);
    vec![
        text("another protocol", "220 mail.example.org ESMTP\r\n", Err(Protocol)),
        text("SSH", "SSH-2.0-OpenSSH_9.2\r\n", Err(Protocol)),
        ("a TLS alert", b"\x15\x03\x03\x00\x02\x02\x46".to_vec(), Err(Protocol)),
        ("HTTP/2", b"\0\0\x12\x04\0\0\0\0\0\0\x03\0\0\0\x64".to_vec(), Err(Protocol)),
        ("bytes", vec![0xFF; 100_000], Err(Protocol)),
        ("zeros", vec![0; 100_000], Err(Protocol)),
        text("HTML alone", "<html><body>It works!</body></html>", Err(Protocol)),
        text("another version", "HTTP/2.0 200 OK\r\n\r\n", Err(Protocol)),
        text("a status that is none", "HTTP/1.1 abc OK\r\n\r\n", Err(Protocol)),
        text("status 099", "HTTP/1.1 099 OK\r\n\r\n", Err(Protocol)),
        text("a name with a space", "HTTP/1.1 200 OK\r\nX Y: z\r\nContent-Length: 12\r\n\r\n", Err(Protocol)),
        text("a NUL in a field", "HTTP/1.1 200 OK\r\nX: a\0b\r\nContent-Length: 12\r\n\r\n", Err(Protocol)),
        text("a head without end", &format!("HTTP/1.1 200 {}", "x".repeat(100_000)), Err(TooLarge)),
        text("a huge head", &fields(100, 1000), Err(TooLarge)),
        text("a thousand fields", &fields(1000, 1), Err(TooLarge)),
        text("a hundred fields", &fields(100, 1), Ok(())),
        text(
            "informational answers",
            &format!("{}{GOOD}", "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n".repeat(5)),
            Ok(()),
        ),
        text("only informational answers", &"HTTP/1.1 100 Continue\r\n\r\n".repeat(1000), Err(TooLarge)),
        text("an upgrade that nobody asked for", "HTTP/1.1 101 UPGRADED\r\n\r\n", Err(Protocol)),
        text("a length below zero", &body("Content-Length: -1", "{}"), Err(Protocol)),
        text("a length that is none", &body("Content-Length: 0x0C", "{}"), Err(Protocol)),
        text("a length beyond all", &body("Content-Length: 99999999999999999999999", "{}"), Err(Protocol)),
        text("two lengths", &body("Content-Length: 12\r\nContent-Length: 13", "{\"Id\":\"bad\"}"), Err(Protocol)),
        text(
            "a length and chunks",
            &body("Content-Length: 12\r\nTransfer-Encoding: chunked", "0\r\n\r\n"),
            Err(Protocol),
        ),
        text("a coding that nobody asked for", &body("Transfer-Encoding: gzip, chunked", "0\r\n\r\n"), Err(Protocol)),
        text("a chunk size that is none", &body("Transfer-Encoding: chunked", "xyz\r\n"), Err(Protocol)),
        text("a chunk size beyond all", &body("Transfer-Encoding: chunked", "fffffffffffffffff\r\n"), Err(Protocol)),
        text(
            "a chunk longer than it said",
            &body("Transfer-Encoding: chunked", "2\r\n{}{}\r\n0\r\n\r\n"),
            Err(Protocol),
        ),
        text(
            "a size line without end",
            &body("Transfer-Encoding: chunked", &format!("1;{}", "x".repeat(100_000))),
            Err(TooLarge),
        ),
        text("no JSON", &json("<html>It works!</html>"), Err(Protocol)),
        text("nothing", &json(""), Err(Truncated)),
        text("half a value", &json("{\"Id\":"), Err(Truncated)),
        text("two values", &json("{\"Id\":\"bad\"}{}"), Err(Protocol)),
        text("a value of another type", &json("[1,2]"), Err(Decode)),
        text("a member of another type", &json("{\"Id\":{}}"), Err(Decode)),
        text("a redirect", "HTTP/1.1 301 Moved\r\nLocation: /\r\nContent-Length: 0\r\n\r\n", Err(Engine)),
        text("not modified, whatever that means here", "HTTP/1.1 304 Not Modified\r\n\r\n", Err(Engine)),
        // Right, but not the end of what is said.
        text("an answer twice", &GOOD.repeat(2), Ok(())),
        text("an answer and a byte", &format!("{GOOD}!"), Ok(())),
        text(
            "an answer and chunks behind the last",
            &body("Transfer-Encoding: chunked", "c\r\n{\"Id\":\"bad\"}\r\n0\r\n\r\n4\r\n"),
            Ok(()),
        ),
    ]
}

pub async fn rules_are_broken<R: Runtime>() -> Result<(), Failure> {
    let table = Arc::new(table());
    let serve = || {
        let table = table.clone();
        move |mut c: Connection| {
            while let Some(head) = c.head()? {
                match head.split("/case").nth(1).and_then(|n| n.split('/').next()?.parse::<usize>().ok()) {
                    Some(n) => c.writer.write_all(&table[n].1)?,
                    None => answer(&mut c, &head)?,
                }
            }
            Ok(())
        }
    };
    for peer in [Peer::unix(serve())?, Peer::tcp(serve())?] {
        let docker: R = client(&peer.url, PoolLimits::default());
        for (n, (name, _, want)) in table.iter().enumerate() {
            let begun = Instant::now();
            let found = limited(&docker, LIMIT).call(containers::Inspect::new(format!("case{n}"))).await;
            assert!(begun.elapsed() < AT_ONCE, "{name}: {:?}", begun.elapsed());
            match (&found, want) {
                (Ok(found), Ok(())) => assert_eq!(found.id.as_deref(), Some("bad"), "{name}"),
                (Err(e), Err(kind)) => {
                    assert_eq!(e.kind(), *kind, "{name}: {e}");
                    assert!(e.is_final() && e.phase().is_some() && e.target().is_some(), "{name}: {e:?}");
                    assert!(e.to_string().len() < 1000 && !e.to_string().contains('\n'), "{name}: {e}");
                }
                _ => return Err(format!("{name}: {found:?}").into()),
            }
            // A call that went wrong, or whose answer was followed by something, never leaves its connection to the next.
            assert_eq!(docker.counters().idle, usize::from(CLEAN.contains(name)), "{name}");
            let mine = format!("mine{n}");
            let next = docker.call(containers::Inspect::new(&*mine)).await.map_err(|e| format!("{name}: {e}"))?;
            assert_eq!(next.id, Some(mine), "{name}");
            let c = docker.counters();
            assert_eq!((c.in_use(), c.places), (0, 0), "{name}: {c:?}");
        }
        let clean = table.iter().filter(|(name, ..)| CLEAN.contains(name)).count();
        assert_eq!((clean, peer.accepted()), (CLEAN.len(), table.len() - clean + 1), "{:?}", docker.counters());
    }
    Ok(())
}

/// After which a connection is as good as before: all of the answer was read.
const CLEAN: [&str; 6] = [
    "a hundred fields",
    "informational answers",
    "nothing",
    "half a value",
    "a value of another type",
    "a member of another type",
];

/// An end by a reset, which the transport tells apart from an end.
pub async fn a_reset_is_told_with_its_cause<R: Runtime>() -> Result<(), Failure> {
    for said in ["", "HTTP/1.1 200", "HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n{\"Id\""] {
        let serve = move |mut c: Connection| {
            // Not read: the end of a unix socket with something unread is a reset.
            c.writer.wait()?;
            c.writer.write_all(said.as_bytes())?;
            c.writer.reset_at_end()
        };
        for peer in [Peer::unix(serve)?, Peer::tcp(serve)?] {
            let docker: R = client(&peer.url, PoolLimits::default());
            let e = docker.call(containers::Inspect::new("web")).await.err().ok_or("answered")?;
            assert_eq!(e.kind(), Transport, "{said:?} on {}: {e}", peer.url);
            let cause = e.source().and_then(|s| s.downcast_ref::<io::Error>()).map(io::Error::kind);
            assert_eq!(cause, Some(io::ErrorKind::ConnectionReset), "{e}");
            let c = docker.counters();
            assert_eq!((c.open, c.spent, peer.accepted()), (0, 1, 1), "{c:?}");
        }
    }
    Ok(())
}

/// Bytes that come once the answer is complete and the connection is kept: it is not used again.
pub async fn stray_bytes_on_a_kept_connection_are_found<R: Runtime>() -> Result<(), Failure> {
    for stray in ["!", "HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n", GOOD] {
        let said = Arc::new(AtomicUsize::new(0));
        let serve = || {
            let said = said.clone();
            move |mut c: Connection| {
                while let Some(head) = c.head()? {
                    answer(&mut c, &head)?;
                    if head.contains("/first") {
                        // Once the client has put it aside.
                        while said.load(Ordering::SeqCst) == 0 {
                            std::thread::sleep(Duration::from_millis(1));
                        }
                        c.writer.write_all(stray.as_bytes())?;
                        said.store(2, Ordering::SeqCst);
                    }
                }
                Ok(())
            }
        };
        for peer in [Peer::unix(serve())?, Peer::tcp(serve())?] {
            said.store(0, Ordering::SeqCst);
            let docker: R = client(&peer.url, PoolLimits::default());
            docker.call(containers::Inspect::new("first")).await?;
            assert_eq!(docker.counters().idle, 1);
            said.store(1, Ordering::SeqCst);
            peer.until(|| said.load(Ordering::SeqCst) == 2)?;
            let found = docker.call(containers::Inspect::new("second")).await?;
            assert_eq!(found.id.as_deref(), Some("second"));
            let c = docker.counters();
            assert_eq!((c.dead, c.reused, c.dialled), (1, 0, 2), "{stray:?}: {c:?}");
        }
    }
    Ok(())
}

/// A server that answers before it was asked. HTTP has nothing to tell such an answer from the right one, but the one that
/// comes later never passes for that to another call.
pub async fn an_answer_before_the_question_spoils_no_other<R: Runtime>() -> Result<(), Failure> {
    // Each peer has its own: what the one before it still does is not this one's.
    let serve = |said: &Arc<AtomicUsize>| {
        let said = said.clone();
        move |mut c: Connection| {
            if said.load(Ordering::SeqCst) == 0 {
                c.writer.write_all(GOOD.as_bytes())?;
            }
            while let Some(head) = c.head()? {
                answer(&mut c, &head)?;
                said.store(1, Ordering::SeqCst);
            }
            Ok(())
        }
    };
    let (unix, tcp) = (Arc::default(), Arc::default());
    for (peer, said) in [(Peer::unix(serve(&unix))?, unix), (Peer::tcp(serve(&tcp))?, tcp)] {
        let docker: R = client(&peer.url, PoolLimits::default());
        let first = docker.call(containers::Inspect::new("first")).await?;
        assert!(matches!(first.id.as_deref(), Some("bad" | "first")), "{first:?}");
        peer.until(|| said.load(Ordering::SeqCst) == 1)?;
        let second = docker.call(containers::Inspect::new("second")).await?;
        assert_eq!((second.id.as_deref(), peer.accepted()), (Some("second"), 2));
    }
    Ok(())
}
