//! Connections from their first byte to their last: kept alive, kept apart, closed.

use super::Failure;
use crate::engine::Engine;
use crate::peer::{Connection, Peer};
use crate::runtime::{Items, Runtime};
use docker_proto::ErrorKind;
use docker_proto::api::{containers, system};
use docker_proto::drive::KEEP_ALIVE;
use std::io::{self, Write};
use std::time::Duration;

/// Answers pings, and keeps event streams open after one event.
fn serve(mut c: Connection) -> io::Result<()> {
    while let Some(head) = c.head()? {
        if head.contains("/_ping ") {
            write!(c.writer, "HTTP/1.1 200 OK\r\nApi-Version: 1.45\r\nContent-Length: 0\r\n\r\n")?;
        } else if head.contains("/events ") {
            write!(c.writer, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\ne\r\n{{\"Action\":\"x\"}}\r\n")?;
        } else {
            c.json("200 OK", "[]")?;
        }
    }
    Ok(())
}

/// The timers of this machine's connections to a port of its own, in clock ticks; `None` where none runs. A keep-alive
/// timer is of kind 2.
fn timers(port: &str) -> io::Result<Vec<Option<u64>>> {
    let port = format!(":{:04X}", port.parse::<u16>().map_err(io::Error::other)?);
    let table = std::fs::read_to_string("/proc/net/tcp")?;
    let rows = table.lines().map(|l| l.split_whitespace().collect::<Vec<_>>());
    Ok(rows
        .filter(|row| row.len() > 5 && row[2].ends_with(&port) && row[3] == "01")
        .map(|row| {
            let (kind, left) = row[5].split_once(':')?;
            u64::from_str_radix(left, 16).ok().filter(|_| kind == "02")
        })
        .collect())
}

pub async fn a_quiet_tcp_connection_is_kept_alive<R: Runtime>() -> Result<(), Failure> {
    let peer = Peer::tcp(serve)?;
    let docker = R::connect(&peer.url);
    let mut events = docker.begin(system::Events::new());
    events.next().await.ok_or("ended")??;
    let port = peer.url.rsplit(':').next().ok_or("no port")?;
    let seen = timers(port)?;
    // The ping's connection carries the events.
    let [Some(ticks)] = seen[..] else { return Err(format!("{seen:?}").into()) };
    let idle = KEEP_ALIVE.idle.as_secs() * 100;
    assert!(ticks <= idle && ticks + 1000 > idle, "the first question comes in {ticks} ticks");
    Ok(())
}

pub async fn a_closed_client_keeps_nothing_and_goes_on<R: Runtime>() -> Result<(), Failure> {
    let peer = Peer::unix(serve)?;
    let docker = R::connect(&peer.url);
    let mut events = docker.begin(system::Events::new());
    events.next().await.ok_or("ended")??;
    docker.call(containers::List::new()).await?;
    let before = docker.counters();
    assert_eq!((before.open, before.idle, before.in_use()), (2, 1, 1), "{before:?}");
    docker.close();
    docker.close();
    let closed = docker.counters();
    assert_eq!((closed.open, closed.idle, closed.shut), (1, 0, 1), "what runs goes on: {closed:?}");
    docker.clone().call(containers::List::new()).await?;
    docker.call(containers::List::new()).await?;
    let later = docker.counters();
    assert_eq!((later.dialled, later.open, later.reused), (4, 1, before.reused), "later calls dial: {later:?}");
    // Everything ends with the last of its parts.
    drop(docker);
    peer.until(|| peer.open() == 1)?;
    drop(events);
    peer.until(|| peer.open() == 0)
}

pub async fn a_dropped_client_leaves_no_connection<R: Runtime>() -> Result<(), Failure> {
    let peer = Peer::tcp(serve)?;
    let docker = R::connect(&peer.url);
    docker.call(containers::List::new()).await?;
    let clone = docker.clone();
    drop(docker);
    clone.call(containers::List::new()).await?;
    assert_eq!((peer.accepted(), peer.open()), (1, 1));
    drop(clone);
    peer.until(|| peer.open() == 0)
}

pub async fn clients_of_several_engines_share_nothing<R: Runtime>() -> Result<(), Failure> {
    let serve = |version: &'static str| {
        move |mut c: Connection| {
            while let Some(head) = c.after_ping(version)? {
                let id = format!("{{\"Id\":{version:?}}}");
                let mine = head.contains(&format!(" /v{version}/containers/x/json "));
                c.json(if mine { "200 OK" } else { "400 Bad Request" }, &id)?;
            }
            Ok(())
        }
    };
    let versions = ["1.41", "1.43", "1.45"];
    let peers = [Peer::unix(serve(versions[0]))?, Peer::tcp(serve(versions[1]))?, Peer::unix(serve(versions[2]))?];
    let clients = peers.each_ref().map(|p| R::connect(&p.url));
    for _ in 0..10 {
        for (docker, version) in clients.iter().zip(versions) {
            assert_eq!(docker.call(containers::Inspect::new("x")).await?.id.as_deref(), Some(version));
        }
    }
    clients[0].close();
    for (n, (docker, peer)) in clients.iter().zip(&peers).enumerate() {
        let counters = docker.counters();
        assert_eq!((peer.accepted(), counters.dialled, counters.idle), (1, 1, usize::from(n > 0)), "{n}: {counters:?}");
    }
    Ok(())
}

/// Two engines of different versions in one program, as many as there are.
pub async fn two_engines_at_once<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let peer = Peer::unix(serve)?;
    let (real, other): (R, R) = (engine.client(), R::connect(&peer.url));
    for _ in 0..3 {
        assert!(real.call(system::Version::new()).await?.version.is_some());
        other.call(containers::List::new()).await?;
    }
    assert_eq!(other.engine(), Some("1.45".into()));
    assert_ne!(real.engine(), None);
    assert_eq!((real.counters().dialled, other.counters().dialled), (1, 1));
    Ok(())
}

pub async fn a_failed_connect_has_its_cause<R: Runtime>() -> Result<(), Failure> {
    let gone = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    let folder = std::env::temp_dir();
    let file = folder.join(format!("dp-no-socket-{}-{}", R::NAME, std::process::id()));
    std::fs::write(&file, "")?;
    let table = [
        ("unix:///nowhere/docker.sock".to_owned(), io::ErrorKind::NotFound),
        (format!("unix://{}", file.display()), io::ErrorKind::ConnectionRefused),
        (format!("tcp://{gone}"), io::ErrorKind::ConnectionRefused),
    ];
    for (url, kind) in table {
        let e = R::connect(&url).call(containers::Inspect::new("web")).await.err().ok_or("connected")?;
        assert_eq!((e.kind(), e.operation(), e.target()), (ErrorKind::Connect, Some("ContainerInspect"), Some("web")));
        assert!(e.message().contains(&url) && !e.to_string().contains('\n'), "{e}");
        let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(&e);
        let mut found = None;
        while let Some(e) = cause {
            found = e.downcast_ref::<io::Error>().map(io::Error::kind).or(found);
            cause = e.source();
        }
        assert_eq!(found, Some(kind), "{e}");
        assert_eq!(io::Error::from(e).kind(), kind);
    }
    std::fs::remove_file(&file)?;
    // A path that no socket can have.
    let url = format!("unix:///{}", "x".repeat(200));
    let e = R::connect(&url).call(system::Ping::new()).await.err().ok_or("connected")?;
    assert_eq!(e.kind(), ErrorKind::Connect, "{e}");
    Ok(())
}

/// A call that waits for a place has the connect deadline, and says what it waited for.
pub async fn a_place_is_waited_for_as_long_as_a_connection<R: Runtime>() -> Result<(), Failure> {
    let peer = Peer::unix(|mut c| {
        c.head()?;
        let _ = c.head();
        Ok(())
    })?;
    let docker: R = super::stalls::client(&peer.url, docker_proto::session::PoolLimits::default().places(1));
    let mut first = docker.begin(containers::Inspect::new("a"));
    assert!(first.next_within(Duration::from_millis(50)).await.is_none());
    let limited = super::stalls::limited(&docker, Duration::from_millis(150));
    let e = limited.call(containers::Inspect::new("b")).await.err().ok_or("a place for two")?;
    assert_eq!((e.kind(), e.phase()), (ErrorKind::Timeout, Some(docker_proto::Phase::Connect)), "{e}");
    assert!(e.message().contains("for a place"), "{e}");
    assert_eq!((docker.counters().places, docker.counters().waiting), (1, 0));
    drop(first);
    let counters = docker.counters();
    assert_eq!((counters.places, counters.open), (0, 0), "{counters:?}");
    Ok(())
}
