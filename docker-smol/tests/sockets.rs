//! What the sockets do: half-closing, the test of idle connections, a full backlog, deadlines, a writer left alone. The
//! peer is a thread with a socket of std's.
#![cfg(unix)]

use docker_smol::api::{exec, system};
use docker_smol::session::{CallOptions, Config, Endpoint, PoolLimits, Timeouts};
use docker_smol::{Docker, ErrorKind};
use smol::future::{self, FutureExt};
use smol::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use std::future::Future;
use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

trait Peer: Read + Write + Send {}
impl<T: Read + Write + Send> Peer for T {}
type Behave = fn(&str, &mut dyn Peer) -> bool;

const PING: &[u8] =
    b"HTTP/1.1 200 OK\r\nApi-Version: 1.43\r\nServer: Docker/24.0 (linux)\r\nOstype: linux\r\nContent-Length: 0\r\n\r\n";

/// The first line of the next request; its body is read away.
fn request(peer: &mut dyn Peer) -> Option<String> {
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") {
        peer.read_exact(&mut byte).ok()?;
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).unwrap();
    let length = head.lines().find_map(|l| l.strip_prefix("Content-Length: ")).map_or(0, |n| n.parse().unwrap());
    peer.read_exact(&mut vec![0; length]).ok()?;
    Some(head.lines().next()?.into())
}

/// Serves a connection until `behave` has had enough. Pings that agree on a version are answered here.
fn serve(mut peer: impl Peer + 'static, behave: Behave) {
    thread::spawn(move || {
        while let Some(line) = request(&mut peer) {
            if line.starts_with("HEAD /_ping") {
                peer.write_all(PING).unwrap();
            } else if !behave(&line, &mut peer) {
                return;
            }
        }
    });
}

fn path() -> PathBuf {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    std::env::temp_dir().join(format!("docker-smol-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed)))
}

fn unix(behave: Behave) -> String {
    let path = path();
    let listener = UnixListener::bind(&path).unwrap();
    thread::spawn(move || listener.incoming().for_each(|s| serve(s.unwrap(), behave)));
    path.to_str().unwrap().into()
}

fn tcp(behave: Behave) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || listener.incoming().for_each(|s| serve(s.unwrap(), behave)));
    port
}

/// Clients of the same engine over every kind of dialer.
fn clients(behave: Behave) -> Vec<(&'static str, Docker)> {
    fn dial<F, D, T>(dial: F) -> Docker
    where
        F: Fn() -> D + Send + Sync + 'static,
        D: Future<Output = io::Result<T>> + Send + 'static,
        T: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        Docker::with_dial(dial, Config::new(&Endpoint::default()), PoolLimits::default())
    }
    let (path, port) = (unix(behave), tcp(behave));
    let address = std::net::SocketAddr::from(([127, 0, 0, 1], port));
    let mut all = Vec::new();
    #[cfg(feature = "smol")]
    all.extend([
        ("smol, unix", Docker::connect(&format!("unix://{path}")).unwrap()),
        ("smol, tcp", Docker::connect(&format!("tcp://localhost:{port}")).unwrap()),
    ]);
    #[cfg(feature = "async-std")]
    {
        use async_std::{net::TcpStream, os::unix::net::UnixStream};
        let p = path.clone();
        all.extend([
            ("async-std, unix", docker_smol::async_std::connect(&format!("unix://{path}")).unwrap()),
            ("async-std, tcp", docker_smol::async_std::connect(&format!("tcp://localhost:{port}")).unwrap()),
            ("own async-std, unix", dial(move || UnixStream::connect(p.clone()))),
            ("own async-std, tcp", dial(move || TcpStream::connect(address))),
        ]);
    }
    let (p, q) = (path.clone(), path);
    all.extend([
        ("own smol, unix", dial(move || smol::net::unix::UnixStream::connect(p.clone()))),
        ("own smol, tcp", dial(move || smol::net::TcpStream::connect(address))),
        ("own async-io, unix", dial(move || smol::Async::<UnixStream>::connect(q.clone()))),
        ("own async-io, tcp", dial(move || smol::Async::<TcpStream>::connect(address))),
    ]);
    all
}

/// Runs to the end, but not for ever.
fn run<T>(name: &str, work: impl Future<Output = T>) -> T {
    let limit = async {
        smol::Timer::after(Duration::from_secs(10)).await;
        panic!("{name}: took too long")
    };
    smol::block_on(work.or(limit))
}

const UPGRADED: &[u8] = b"HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.multiplexed-stream\r\n\
      Connection: Upgrade\r\nUpgrade: tcp\r\n\r\n";

/// A `cat` that answers only once its input has ended.
fn cat(_: &str, peer: &mut dyn Peer) -> bool {
    peer.write_all(UPGRADED).unwrap();
    let mut all = Vec::new();
    peer.read_to_end(&mut all).unwrap();
    peer.write_all(&[&[1, 0, 0, 0, 0, 0, 0, all.len() as u8], &*all].concat()).unwrap();
    false
}

#[test]
fn half_close_ends_the_input_and_reading_goes_on() {
    for (name, docker) in clients(cat) {
        for by_drop in [false, true] {
            let (stdout, stderr) = run(name, async {
                let mut session = docker.open(exec::Start::new("x")).await.unwrap();
                session.input().write_all(b"hello").await.unwrap();
                if by_drop {
                    let (mut output, input) = session.split();
                    drop(input);
                    let piece = output.next().await.unwrap().unwrap();
                    assert!(output.next().await.is_none());
                    return (piece.bytes.to_vec(), vec![]);
                }
                session.input().close().await.unwrap();
                session.input().write_all(b"more").await.expect_err(name);
                session.input().close().await.unwrap();
                session.collect().await.unwrap()
            });
            assert_eq!((&*stdout, &*stderr), (&b"hello"[..], &b""[..]), "{name}, by_drop {by_drop}");
        }
    }
}

#[test]
fn idle_connections_are_tested_by_a_read() {
    fn hang_up(_: &str, peer: &mut dyn Peer) -> bool {
        peer.write_all(PING).unwrap();
        false
    }
    fn babble(_: &str, peer: &mut dyn Peer) -> bool {
        peer.write_all(PING).unwrap();
        thread::sleep(Duration::from_millis(20));
        peer.write_all(b"?").is_ok()
    }
    fn fine(_: &str, peer: &mut dyn Peer) -> bool {
        peer.write_all(PING).is_ok()
    }
    for (behave, dialled, discarded) in [(hang_up as Behave, 3, 2), (babble as Behave, 3, 2), (fine as Behave, 1, 0)] {
        for (name, docker) in clients(behave) {
            run(name, async {
                for _ in 0..3 {
                    docker.call(system::Ping::new()).await.unwrap();
                    smol::Timer::after(Duration::from_millis(60)).await;
                }
            });
            let c = docker.counters();
            assert_eq!((c.dialled, c.discarded), (dialled, discarded), "{name}");
        }
    }
}

#[cfg(any(feature = "smol", feature = "async-std"))]
fn full_backlog(connect: fn(&str) -> docker_smol::Result<Docker>) {
    let path = path();
    let socket = socket2::Socket::new(socket2::Domain::UNIX, socket2::Type::STREAM, None).unwrap();
    socket.bind(&socket2::SockAddr::unix(&path).unwrap()).unwrap();
    socket.listen(0).unwrap();
    let first = UnixStream::connect(&path).unwrap();
    let listener = UnixListener::from(std::os::fd::OwnedFd::from(socket));
    thread::spawn(move || {
        thread::sleep(Duration::from_millis(200));
        drop(first);
        listener.incoming().for_each(|s| serve(s.unwrap(), |_, peer| peer.write_all(PING).is_ok()));
    });
    let url = format!("unix://{}", path.to_str().unwrap());
    let begun = Instant::now();
    run("backlog", connect(&url).unwrap().call(system::Ping::new())).unwrap();
    assert!(begun.elapsed() > Duration::from_millis(150), "it was not full");
}

#[test]
fn a_full_backlog_is_waited_for() {
    #[cfg(feature = "smol")]
    full_backlog(Docker::connect);
    #[cfg(feature = "async-std")]
    full_backlog(docker_smol::async_std::connect);
}

#[test]
fn deadlines_are_kept() {
    for (name, docker) in clients(|_, _| true) {
        let mut options = CallOptions::default();
        options.timeouts = Some(Timeouts::each(Duration::from_millis(50)));
        let docker = docker.with_options(options);
        for _ in 0..2 {
            let begun = Instant::now();
            let e = run(name, docker.call(system::Info::new())).unwrap_err();
            assert_eq!(e.kind(), ErrorKind::Timeout, "{name}: {e}");
            assert!(begun.elapsed() >= Duration::from_millis(50), "{name}");
        }
    }
}

#[test]
fn a_writer_that_waits_learns_that_the_session_went() {
    fn deaf(_: &str, peer: &mut dyn Peer) -> bool {
        peer.write_all(UPGRADED).unwrap();
        thread::sleep(Duration::from_secs(60));
        false
    }
    for (name, docker) in clients(deaf) {
        let (output, mut input) = run(name, docker.open(exec::Start::new("x"))).unwrap().split();
        let writer = thread::spawn(move || run(name, async { input.write_all(&vec![0; 64 << 20]).await }));
        thread::sleep(Duration::from_millis(100));
        drop(output);
        assert_eq!(writer.join().unwrap().unwrap_err().kind(), io::ErrorKind::BrokenPipe, "{name}");
    }
}

#[test]
fn dropping_a_future_that_dials_or_waits_loses_nothing() {
    for (name, docker) in clients(cat) {
        let mut items = docker.begin(exec::Start::new("x"));
        run(name, async {
            let mut polls = 0;
            while future::poll_once(items.head()).await.map(|r| r.map(|_| ()).unwrap()).is_none() {
                smol::Timer::after(Duration::from_millis(1)).await;
                polls += 1;
            }
            assert!(polls > 0, "{name}");
        });
        assert_eq!(docker.counters().dialled, 1, "{name}");
    }
}
