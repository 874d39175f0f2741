//! A server that stops at each point where it can: every call ends with a timeout that says where, and when it was allowed
//! to; what was read before is kept; the connection is not.

use super::Failure;
use super::faults::{UPGRADED, frame};
use crate::peer::{Connection, Peer};
use crate::runtime::{Items, Runtime};
use bytes::Bytes;
use docker_proto::api::{archive, containers, exec, images, system};
use docker_proto::model::ApiVersion;
use docker_proto::session::{CallOptions, Config, Endpoint, PoolLimits, Timeouts, VersionChoice};
use docker_proto::{Error, ErrorKind, Phase};
use socket2::{Domain, SockAddr, Socket, Type};
use std::io::{self, Read, Write};
use std::net::SocketAddr;
use std::thread;
use std::time::{Duration, Instant};

/// What each wait is allowed: long enough for a peer that plays its part on a busy machine.
const LIMIT: Duration = Duration::from_millis(400);
/// What a busy machine may add to it.
const SLACK: Duration = Duration::from_secs(5);

/// A client that asks for no version.
pub fn client<R: Runtime>(url: &str, limits: PoolLimits) -> R {
    let endpoint = Endpoint::parse(url).expect("the suite's own URL");
    let mut config = Config::new(&endpoint);
    config.version = VersionChoice::Pinned(ApiVersion::new(1, 45));
    R::new(endpoint, config, limits)
}

/// The same client with this limit for every wait.
pub fn limited<R: Runtime>(docker: &R, each: Duration) -> R {
    let options = CallOptions::new().timeouts(Timeouts::each(each));
    docker.with_options(options)
}

/// What a server does on its first connection.
type First = Box<dyn Fn(&mut Connection) -> io::Result<()> + Send + Sync>;

/// Plays `first` once a request's head is there, waits until the client goes, and answers every other connection well.
fn then_well(
    first: impl Fn(&mut Connection) -> io::Result<()> + Clone + Send + Sync + 'static,
) -> io::Result<[Peer; 2]> {
    let serve = |first: First| {
        let begun = std::sync::atomic::AtomicBool::new(false);
        move |mut c: Connection| {
            if !begun.swap(true, std::sync::atomic::Ordering::SeqCst) {
                first(&mut c)?;
                return io::copy(&mut c.reader, &mut io::sink()).map(drop);
            }
            while let Some(head) = c.head()? {
                answer(&mut c, &head)?;
            }
            Ok(())
        }
    };
    Ok([Peer::unix(serve(Box::new(first.clone())))?, Peer::tcp(serve(Box::new(first)))?])
}

/// Answers an inspect with the name that was asked for.
pub fn answer(c: &mut Connection, head: &str) -> io::Result<()> {
    let name = head.split('/').nth(3).unwrap_or_default();
    c.json("200 OK", &format!("{{\"Id\":{name:?}}}"))
}

/// A call after it is answered, and on another connection.
async fn check<R: Runtime>(docker: &R, peer: &Peer, begun: Instant, e: &Error, phase: Phase) -> Result<(), Failure> {
    let took = begun.elapsed();
    assert_eq!((e.kind(), e.phase(), e.is_final()), (ErrorKind::Timeout, Some(phase), true), "{e}");
    assert!(e.operation().is_some() && e.message().contains("longer than allowed"), "{e}");
    assert!(took + Duration::from_millis(5) >= LIMIT && took < LIMIT * 4 + SLACK, "{took:?}: {e}");
    let c = docker.counters();
    assert_eq!((c.in_use(), c.idle, c.spent, c.places), (0, 0, 1, 0), "{c:?}");
    next(docker, peer, 2).await
}

async fn next<R: Runtime>(docker: &R, peer: &Peer, connections: usize) -> Result<(), Failure> {
    let found = docker.call(containers::Inspect::new("next")).await?;
    assert_eq!((found.id.as_deref(), peer.accepted()), (Some("next"), connections));
    Ok(())
}

/// A request that has one answer, against what a server says and no more.
async fn stalled<R: Runtime>(said: &'static str, phase: Phase) -> Result<(), Failure> {
    for peer in &then_well(move |c| {
        c.head()?;
        c.writer.write_all(said.as_bytes())
    })? {
        let docker: R = client(&peer.url, PoolLimits::default());
        let begun = Instant::now();
        let e = limited(&docker, LIMIT).call(containers::Inspect::new("web")).await.err().ok_or("answered")?;
        assert_eq!(e.target(), Some("web"));
        check(&docker, peer, begun, &e, phase).await?;
    }
    Ok(())
}

pub async fn in_every_part_of_an_answer<R: Runtime>() -> Result<(), Failure> {
    stalled::<R>("", Phase::Head).await?;
    stalled::<R>("H", Phase::Head).await?;
    stalled::<R>("HTTP/1.1 200 OK\r\nContent-Le", Phase::Head).await?;
    stalled::<R>("HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r", Phase::Head).await?;
    stalled::<R>("HTTP/1.1 100 Continue\r\n\r\n", Phase::Head).await?;
    stalled::<R>("HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n", Phase::Body).await?;
    stalled::<R>("HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n{\"Id\":\"w", Phase::Body).await?;
    stalled::<R>("HTTP/1.1 200 OK\r\n\r\n{\"Id\":\"w", Phase::Body).await?;
    let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    for rest in ["", "5", "5\r", "5\r\n", "5\r\n{\"Id", "5\r\n{\"Id\"", "5\r\n{\"Id\"\r", "5\r\n{\"Id\"\r\n0\r\n"] {
        // Few enough to be leaked.
        stalled::<R>([chunked, rest].concat().leak(), Phase::Body).await?;
    }
    Ok(())
}

/// A refusal is one from its status on.
pub async fn in_the_body_of_a_refusal<R: Runtime>() -> Result<(), Failure> {
    for peer in &then_well(|c| {
        c.head()?;
        write!(c.writer, "HTTP/1.1 409 Conflict\r\nContent-Length: 99\r\n\r\n{{\"message\":\"paus")
    })? {
        let docker: R = client(&peer.url, PoolLimits::default());
        let begun = Instant::now();
        let e = limited(&docker, LIMIT).call(containers::Inspect::new("web")).await.err().ok_or("answered")?;
        assert_eq!((e.kind(), e.status()), (ErrorKind::Engine, Some(409)));
        assert!(e.message().contains("paus") && begun.elapsed() < LIMIT * 4 + SLACK, "{e}");
        next(&docker, peer, 2).await?;
    }
    Ok(())
}

pub async fn while_a_version_is_agreed_on<R: Runtime>() -> Result<(), Failure> {
    for peer in &then_well(|c| c.head().map(drop))? {
        let docker = R::connect(&peer.url);
        let e = limited(&docker, LIMIT).call(containers::Inspect::new("web")).await.err().ok_or("answered")?;
        assert_eq!((e.kind(), e.phase()), (ErrorKind::Timeout, Some(Phase::Negotiate)), "{e}");
    }
    Ok(())
}

pub async fn while_the_terminal_is_asked_for<R: Runtime>() -> Result<(), Failure> {
    for peer in &then_well(|c| c.head().map(drop))? {
        let docker: R = client(&peer.url, PoolLimits::default());
        // Whose exec it is decides on podman, and this may be one.
        let begun = Instant::now();
        let e = limited(&docker, LIMIT).open(exec::Start::new("e")).await.err().ok_or("answered")?;
        check(&docker, peer, begun, &e, Phase::Inspect).await?;
    }
    Ok(())
}

/// What came is delivered before the error, and the error once.
pub async fn in_a_stream<R: Runtime>() -> Result<(), Failure> {
    for peer in &then_well(|c| {
        c.head()?;
        write!(c.writer, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n12\r\n{{\"Action\":\"x\"}}\n{{\"A\r\n")
    })? {
        let docker: R = client(&peer.url, PoolLimits::default());
        let mut events = limited(&docker, LIMIT).begin(system::Events::new());
        assert_eq!(events.next().await.ok_or("ended")??.action.as_deref(), Some("x"));
        let begun = Instant::now();
        let e = events.next().await.ok_or("ended")?.err().ok_or("another event")?;
        assert!(events.next().await.is_none());
        check(&docker, peer, begun, &e, Phase::Body).await?;
    }
    Ok(())
}

pub async fn in_a_session<R: Runtime>() -> Result<(), Failure> {
    for peer in &then_well(|c| {
        c.head()?;
        c.writer.write_all(&[UPGRADED.as_bytes(), &frame(1, b"one"), &frame(2, b"cut")[..9]].concat())
    })? {
        let docker: R = client(&peer.url, PoolLimits::default());
        let (mut output, _input) = limited(&docker, LIMIT).open(containers::Attach::new("web")).await?;
        assert_eq!(&output.next().await.ok_or("ended")??.bytes[..], b"one");
        assert_eq!(&output.next().await.ok_or("ended")??.bytes[..], b"c", "the part of a frame that came");
        let begun = Instant::now();
        let e = output.next().await.ok_or("ended")?.err().ok_or("more output")?;
        check(&docker, peer, begun, &e, Phase::Body).await?;
    }
    Ok(())
}

/// Nobody reads the request: a short one is gone all the same, a long one is not.
pub async fn while_a_request_is_sent<R: Runtime>() -> Result<(), Failure> {
    for peer in &then_well(|c| {
        c.head()?;
        thread::sleep(LIMIT * 40);
        Ok(())
    })? {
        let docker: R = client(&peer.url, PoolLimits::default());
        let begun = Instant::now();
        let put = archive::Put::new("web", "/");
        let upload = limited(&docker, LIMIT).upload(put, Bytes::from(vec![7; 64 << 20]));
        let e = upload.value().await.err().ok_or("answered")?;
        check(&docker, peer, begun, &e, Phase::Send).await?;
    }
    for peer in &then_well(|c| {
        c.head()?;
        thread::sleep(LIMIT * 40);
        Ok(())
    })? {
        let docker: R = client(&peer.url, PoolLimits::default());
        let begun = Instant::now();
        let body = io::repeat(7).take(64 << 20);
        let e = limited(&docker, LIMIT).upload_from(images::Load::new(), body).all().await.err().ok_or("answered")?;
        check(&docker, peer, begun, &e, Phase::Send).await?;
    }
    Ok(())
}

/// The kernel takes no more connections for a server that accepts none.
pub async fn while_connecting<R: Runtime>() -> Result<(), Failure> {
    let path = std::env::temp_dir().join(format!("dp-deaf-{}-{}.sock", R::NAME, std::process::id()));
    let _ = std::fs::remove_file(&path);
    let any: SocketAddr = "127.0.0.1:0".parse()?;
    for (domain, address) in [(Domain::UNIX, SockAddr::unix(&path)?), (Domain::IPV4, any.into())] {
        let listener = Socket::new(domain, Type::STREAM, None)?;
        listener.bind(&address)?;
        listener.listen(1)?;
        let address = listener.local_addr()?;
        let mut fillers = Vec::new();
        for _ in 0..8 {
            let filler = Socket::new(domain, Type::STREAM, None)?;
            filler.set_nonblocking(true)?;
            let _ = filler.connect(&address);
            fillers.push(filler);
        }
        let url = match address.as_socket() {
            Some(tcp) => format!("tcp://{tcp}"),
            None => format!("unix://{}", path.display()),
        };
        let docker: R = client(&url, PoolLimits::default());
        let begun = Instant::now();
        let e = limited(&docker, LIMIT).call(containers::Inspect::new("web")).await.err().ok_or("answered")?;
        assert_eq!((e.kind(), e.phase()), (ErrorKind::Timeout, Some(Phase::Connect)), "{url}: {e}");
        assert!(begun.elapsed() + Duration::from_millis(5) >= LIMIT && begun.elapsed() < LIMIT + SLACK, "{url}");
        let c = docker.counters();
        assert_eq!((c.dialled, c.open, c.places), (0, 0, 0), "{c:?}");
    }
    let _ = std::fs::remove_file(&path);
    Ok(())
}

/// A byte now and then is no silence; only the limit for the whole call ends that.
pub async fn a_slow_server_is_not_a_silent_one<R: Runtime>() -> Result<(), Failure> {
    const ANSWER: &str = "HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n{\"Id\":\"web\"}";
    let drip = |c: &mut Connection| {
        c.head()?;
        for byte in ANSWER.as_bytes() {
            c.writer.write_all(&[*byte])?;
            thread::sleep(Duration::from_millis(15));
        }
        Ok(())
    };
    for peer in &then_well(drip)? {
        let docker: R = client(&peer.url, PoolLimits::default());
        let begun = Instant::now();
        // Shorter than the answer takes, by far longer than each byte of it.
        let quick = limited(&docker, LIMIT);
        assert_eq!(quick.call(containers::Inspect::new("web")).await?.id.as_deref(), Some("web"));
        assert!(begun.elapsed() > LIMIT, "{:?}", begun.elapsed());
    }
    for peer in &then_well(drip)? {
        let docker: R = client(&peer.url, PoolLimits::default());
        let options = CallOptions::new().timeouts(Timeouts::NONE.total(Some(LIMIT)));
        let begun = Instant::now();
        let e = docker.with_options(options).call(containers::Inspect::new("web")).await.err().ok_or("answered")?;
        assert!(e.message().contains("for the whole call"), "{e}");
        check(&docker, peer, begun, &e, Phase::Head).await?;
    }
    Ok(())
}

/// The question is answered, the start on the same connection is not.
pub async fn once_the_terminal_is_known<R: Runtime>() -> Result<(), Failure> {
    for peer in &then_well(|c| {
        c.head()?;
        c.json("200 OK", "{}")
    })? {
        let docker: R = client(&peer.url, PoolLimits::default());
        let begun = Instant::now();
        let e = limited(&docker, LIMIT).open(exec::Start::new("e")).await.err().ok_or("answered")?;
        check(&docker, peer, begun, &e, Phase::Head).await?;
    }
    Ok(())
}
