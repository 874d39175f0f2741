//! Peers that misbehave in ways an engine does not do on demand.

use super::Failure;
use crate::peer::{Connection, Peer};
use crate::runtime::{Input, Items, Runtime, Work};
use bytes::Bytes;
use docker_proto::ErrorKind;
use docker_proto::Phase;
use docker_proto::api::{archive, containers, exec, images, system};
use docker_proto::session::{CallOptions, Config, Endpoint, Timeouts};
use socket2::{Domain, SockAddr, Socket, Type};
use std::io::{self, Read, Write};
use std::sync::mpsc;
use std::time::Duration;

/// The same on a unix and on a TCP socket.
fn peers(serve: impl Fn(Connection) -> io::Result<()> + Clone + Send + Sync + 'static) -> io::Result<[Peer; 2]> {
    Ok([Peer::unix(serve.clone())?, Peer::tcp(serve)?])
}

pub async fn an_answer_before_the_upload_is_read_does_not_deadlock<R: Runtime>() -> Result<(), Failure> {
    const ANSWER: usize = 4 << 20;
    const UPLOAD: usize = 8 << 20;
    let peers = peers(|mut c| {
        c.after_ping("1.45")?;
        // All of the answer before a byte of the request's body is read.
        let line = format!("{{\"status\":\"{}\"}}\r\n", "x".repeat(1011));
        write!(c.writer, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")?;
        for _ in 0..ANSWER / line.len() {
            write!(c.writer, "{:x}\r\n{line}\r\n", line.len())?;
        }
        let mut left = UPLOAD;
        let mut room = vec![0; 64 * 1024];
        while left > 0 {
            match c.reader.read(&mut room)? {
                0 => return Ok(()),
                n => left -= n.min(left),
            }
        }
        write!(c.writer, "0\r\n\r\n")
    })?;
    for peer in &peers {
        let docker = R::connect(&peer.url);
        let progress = docker.upload(images::Import::new(), Bytes::from(vec![7; UPLOAD])).all().await?;
        assert_eq!(progress.len(), ANSWER / 1026);
    }
    Ok(())
}

pub async fn an_early_refusal_of_an_upload_is_reported_and_not_the_broken_pipe<R: Runtime>() -> Result<(), Failure> {
    let peers = peers(|mut c| {
        c.after_ping("1.45")?;
        c.json("400 Bad Request", "{\"message\":\"no tar of mine\"}")?;
        // The rest of the upload is never read: closing now resets what is on its way.
        Ok(())
    })?;
    for peer in &peers {
        let docker = R::connect(&peer.url);
        let put = || archive::Put::new("web", "/");
        let e = docker.upload(put(), Bytes::from(vec![7; 16 << 20])).value().await.err().ok_or("accepted")?;
        assert_eq!((e.status(), e.message()), (Some(400), "no tar of mine"), "{e:?}");
        let e = docker.upload_from(put(), io::repeat(7).take(16 << 20)).value().await.err().ok_or("accepted")?;
        assert_eq!((e.status(), e.message()), (Some(400), "no tar of mine"), "{e:?}");
    }
    Ok(())
}

pub async fn a_server_that_never_answers_times_out_in_the_head<R: Runtime>() -> Result<(), Failure> {
    let peers = peers(|mut c| {
        c.after_ping("1.45")?;
        c.reader.read_to_end(&mut Vec::new()).map(drop)
    })?;
    for peer in &peers {
        let mut options = CallOptions::default();
        options.timeouts = Some(Timeouts::each(Duration::from_millis(100)));
        let docker = R::connect(&peer.url).with_options(options);
        let e = docker.call(containers::List::new()).await.err().ok_or("answered")?;
        assert_eq!((e.kind(), e.phase()), (ErrorKind::Timeout, Some(Phase::Head)), "{e:?}");
    }
    Ok(())
}

pub async fn a_dead_pooled_connection_is_redialled_for_a_get<R: Runtime>() -> Result<(), Failure> {
    // Every connection answers two requests, takes a third, and dies of it: a test of the idle connection sees nothing.
    let peers = peers(|mut c| {
        for _ in 0..3 {
            match c.head()? {
                Some(head) if head.contains("/_ping ") => {
                    write!(c.writer, "HTTP/1.1 200 OK\r\nApi-Version: 1.45\r\nContent-Length: 0\r\n\r\n")?;
                }
                Some(_) => c.json("200 OK", "[]")?,
                None => return Ok(()),
            }
        }
        c.head().map(drop)
    })?;
    for peer in &peers {
        let docker = R::connect(&peer.url);
        for _ in 0..7 {
            docker.call(containers::List::new()).await?;
        }
        assert!(peer.accepted() > 1);
    }
    Ok(())
}

pub async fn a_full_backlog_is_waited_for<R: Runtime>() -> Result<(), Failure> {
    let path = std::env::temp_dir().join(format!("dp-backlog-{}-{}.sock", R::NAME, std::process::id()));
    let _ = std::fs::remove_file(&path);
    let address = SockAddr::unix(&path)?;
    let socket = || Socket::new(Domain::UNIX, Type::STREAM, None);
    let listener = socket()?;
    listener.bind(&address)?;
    listener.listen(1)?;
    // Connections that nobody accepts, until the kernel takes no more.
    let mut fillers = Vec::new();
    loop {
        let filler = socket()?;
        filler.set_nonblocking(true)?;
        match filler.connect(&address) {
            Ok(()) => fillers.push(filler),
            Err(e) if e.kind() == io::ErrorKind::WouldBlock => break,
            Err(e) => return Err(e.into()),
        }
    }
    let docker = R::connect(&format!("unix://{}", path.display()));
    let caller = docker.clone();
    let call: Work<Result<(), String>> =
        Box::pin(async move { caller.call(system::Ping::new()).await.map(drop).map_err(|e| e.to_string()) });
    let serve: Work<Result<(), String>> = Box::pin(async move {
        // The call has its place, so it dials; only now is there room.
        while docker.counters().places == 0 {
            R::sleep(Duration::from_millis(1)).await;
        }
        drop(fillers);
        std::thread::spawn(move || {
            while let Ok((stream, _)) = listener.accept() {
                let mut request = [0; 4096];
                if matches!((&stream).read(&mut request), Ok(n) if n > 0) {
                    return (&stream).write_all(b"HTTP/1.1 200 OK\r\nApi-Version: 1.45\r\nContent-Length: 2\r\n\r\nOK");
                }
            }
            Ok(())
        });
        Ok(())
    });
    for result in R::all(vec![call, serve]).await {
        result?;
    }
    let _ = std::fs::remove_file(&path);
    Ok(())
}

pub async fn a_dial_in_small_ticks_loses_nothing<R: Runtime>() -> Result<(), Failure> {
    let peer = Peer::unix(|mut c| {
        c.after_ping("1.45")?;
        write!(c.writer, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")?;
        write!(c.writer, "e\r\n{{\"Action\":\"x\"}}\r\n0\r\n\r\n")
    })?;
    let endpoint = Endpoint::parse(&peer.url)?;
    let config = Config::new(&endpoint);
    let docker = R::slow(endpoint, config, Duration::from_millis(200));
    let mut events = docker.begin(system::Events::new());
    let mut ticks = 0;
    let item = loop {
        match events.next_within(Duration::from_millis(1)).await {
            None => ticks += 1,
            Some(item) => break item,
        }
    };
    assert_eq!(item.ok_or("ended")??.action.as_deref(), Some("x"));
    // A dialer of the caller's own blocks a thread for as long as it takes.
    assert!(ticks > 5 || R::NAME == "blocking", "the dial took no time: {ticks} ticks");
    assert_eq!(peer.accepted(), 1, "a tick dialled again");
    Ok(())
}

pub const UPGRADED: &str = "HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.multiplexed-stream\r\n\
                        Connection: Upgrade\r\nUpgrade: tcp\r\n\r\n";

pub fn frame(stream: u8, text: &[u8]) -> Vec<u8> {
    let mut frame = vec![stream, 0, 0, 0];
    frame.extend_from_slice(&(text.len() as u32).to_be_bytes());
    frame.extend_from_slice(text);
    frame
}

/// Reads the body of an exec start, whose end is the end of its JSON.
fn start_body(c: &mut Connection) -> io::Result<()> {
    let mut byte = [0];
    while byte != *b"}" {
        c.reader.read_exact(&mut byte)?;
    }
    Ok(())
}

pub async fn output_behind_the_upgrade_head_is_kept<R: Runtime>() -> Result<(), Failure> {
    let peers = peers(|mut c| {
        c.after_ping("1.45")?;
        start_body(&mut c)?;
        let mut all = UPGRADED.as_bytes().to_vec();
        all.extend_from_slice(&frame(1, b"first"));
        all.extend_from_slice(&frame(2, b"err"));
        c.writer.write_all(&all)
    })?;
    for peer in &peers {
        let docker = R::connect(&peer.url);
        let (output, _input) = docker.open(exec::Start::new("e")).await?;
        assert_eq!(super::output::apart(output.all().await?), ("first".into(), "err".into()));
    }
    Ok(())
}

pub async fn half_close_is_seen_by_the_peer_and_reading_goes_on<R: Runtime>() -> Result<(), Failure> {
    let peers = peers(|mut c| {
        c.after_ping("1.45")?;
        start_body(&mut c)?;
        c.writer.write_all(UPGRADED.as_bytes())?;
        let mut all = Vec::new();
        c.reader.read_to_end(&mut all)?;
        c.writer.write_all(&frame(1, &all))?;
        c.writer.half_close()
    })?;
    for peer in &peers {
        let docker = R::connect(&peer.url);
        let (output, mut input) = docker.open(exec::Start::new("e")).await?;
        input.write(b"one ").await?;
        input.write(b"two").await?;
        input.close().await?;
        assert_eq!(super::output::apart(output.all().await?).0, "one two");
    }
    Ok(())
}

pub async fn a_200_instead_of_101_is_a_session<R: Runtime>() -> Result<(), Failure> {
    let peers = peers(|mut c| {
        c.after_ping("1.45")?;
        start_body(&mut c)?;
        write!(c.writer, "HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.raw-stream\r\n\r\n")?;
        c.writer.write_all(&frame(2, b"framed all the same"))
    })?;
    for peer in &peers {
        let docker = R::connect(&peer.url);
        let (output, _input) = docker.open(exec::Start::new("e")).await?;
        assert_eq!(super::output::apart(output.all().await?).1, "framed all the same");
    }
    Ok(())
}

pub async fn a_drop_closes_the_connection<R: Runtime>() -> Result<(), Failure> {
    let (closed, seen) = mpsc::channel();
    let peer = Peer::unix(move |mut c| {
        c.after_ping("1.45")?;
        write!(c.writer, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\ne\r\n{{\"Action\":\"x\"}}\r\n")?;
        let end = c.reader.read_to_end(&mut Vec::new());
        let _ = closed.send(end.is_ok());
        Ok(())
    })?;
    let docker = R::connect(&peer.url);
    let mut events = docker.begin(system::Events::new());
    events.next().await.ok_or("ended")??;
    drop(events);
    assert!(seen.recv_timeout(Duration::from_secs(5))?, "the peer saw no end");
    Ok(())
}

pub async fn ten_thousand_frames_in_one_read_arrive<R: Runtime>() -> Result<(), Failure> {
    let peer = Peer::unix(|mut c| {
        c.after_ping("1.45")?;
        let frames: Vec<u8> = (0..10_000).flat_map(|i| frame(1 + (i % 2) as u8, b"x")).collect();
        write!(c.writer, "HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.multiplexed-stream\r\n")?;
        write!(c.writer, "Content-Length: {}\r\n\r\n", frames.len())?;
        c.writer.write_all(&frames)
    })?;
    let docker = R::connect(&peer.url);
    let pieces = docker.begin(containers::Logs::new("web").stdout(true)).all().await?;
    let (out, err) = super::output::apart(pieces);
    assert_eq!((out.len(), err.len()), (5000, 5000));
    Ok(())
}
