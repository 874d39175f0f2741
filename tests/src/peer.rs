//! A scripted server on a real socket: each connection is served by a function on a thread of its own.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::os::unix::net::{UnixListener, UnixStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// A server of a test's own.
pub struct Peer {
    /// Where it listens.
    pub url: String,
    path: Option<std::path::PathBuf>,
    counts: Arc<Counts>,
}

/// Connections of a peer.
#[derive(Default)]
struct Counts {
    accepted: AtomicUsize,
    ended: AtomicUsize,
}

/// One side of a connection.
pub trait Stream: Read + Write + Send {
    /// Another handle of the same connection.
    fn another(&self) -> io::Result<Box<dyn Stream>>;
    /// Closes the writing side.
    fn half_close(&self) -> io::Result<()>;
    /// Waits until there is something to read, and leaves it there.
    fn wait(&self) -> io::Result<()>;
    /// Makes the end of the connection a reset, once it is dropped with its last handle: on TCP. A unix socket that is
    /// dropped with something unread resets by itself.
    fn reset_at_end(&self) -> io::Result<()>;
    /// Whether nothing comes for so long. What comes is lost.
    fn is_quiet(&mut self, time: Duration) -> io::Result<bool>;
}

macro_rules! stream {
    ($($t:ty),*) => {$(
        impl Stream for $t {
            fn another(&self) -> io::Result<Box<dyn Stream>> {
                Ok(Box::new(self.try_clone()?))
            }

            fn half_close(&self) -> io::Result<()> {
                self.shutdown(Shutdown::Write)
            }

            fn wait(&self) -> io::Result<()> {
                socket2::SockRef::from(self).peek(&mut [std::mem::MaybeUninit::uninit()]).map(drop)
            }

            fn reset_at_end(&self) -> io::Result<()> {
                socket2::SockRef::from(self).set_linger(Some(Duration::ZERO))
            }

            fn is_quiet(&mut self, time: Duration) -> io::Result<bool> {
                self.set_read_timeout(Some(time))?;
                let came = self.read(&mut [0]);
                self.set_read_timeout(None)?;
                match came {
                    Err(e) if matches!(e.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut) => Ok(true),
                    other => other.map(|_| false),
                }
            }
        }
    )*};
}
stream!(UnixStream, TcpStream);

/// A connection as the script sees it.
pub struct Connection {
    /// Reads requests.
    pub reader: BufReader<Box<dyn Stream>>,
    /// Writes answers.
    pub writer: Box<dyn Stream>,
}

impl Connection {
    /// Reads the head of a request; `None` at the end of the connection.
    pub fn head(&mut self) -> io::Result<Option<String>> {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if self.reader.read_line(&mut head)? == 0 {
                return Ok(None);
            }
        }
        Ok(Some(head))
    }

    /// Answers a ping, and gives the head of the first request that is none.
    pub fn after_ping(&mut self, version: &str) -> io::Result<Option<String>> {
        loop {
            match self.head()? {
                Some(head) if head.contains("/_ping ") => {
                    write!(self.writer, "HTTP/1.1 200 OK\r\nApi-Version: {version}\r\nContent-Length: 0\r\n\r\n")?;
                }
                other => return Ok(other),
            }
        }
    }

    /// Answers with a JSON document.
    pub fn json(&mut self, status: &str, body: &str) -> io::Result<()> {
        // In one write: what a server that closes early has not sent by then is never sent.
        let length = body.len();
        let head = format!("HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {length}");
        self.writer.write_all(format!("{head}\r\n\r\n{body}").as_bytes())
    }
}

type Serve = dyn Fn(Connection) -> io::Result<()> + Send + Sync;

impl Peer {
    /// On a unix socket.
    pub fn unix(serve: impl Fn(Connection) -> io::Result<()> + Send + Sync + 'static) -> io::Result<Self> {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let n = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("dp-peer-{}-{n}.sock", std::process::id()));
        let _ = std::fs::remove_file(&path);
        let listener = UnixListener::bind(&path)?;
        let counts = Arc::new(Counts::default());
        let (count, serve): (_, Arc<Serve>) = (counts.clone(), Arc::new(serve));
        thread::spawn(move || listener.incoming().flatten().for_each(|s| spawn(Box::new(s), &count, &serve)));
        Ok(Self { url: format!("unix://{}", path.display()), path: Some(path), counts })
    }

    /// On a TCP port of the loopback.
    pub fn tcp(serve: impl Fn(Connection) -> io::Result<()> + Send + Sync + 'static) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let url = format!("tcp://{}", listener.local_addr()?);
        let counts = Arc::new(Counts::default());
        let (count, serve): (_, Arc<Serve>) = (counts.clone(), Arc::new(serve));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let _ = stream.set_nodelay(true);
                spawn(Box::new(stream), &count, &serve);
            }
        });
        Ok(Self { url, path: None, counts })
    }

    /// Connections accepted so far.
    pub fn accepted(&self) -> usize {
        self.counts.accepted.load(Ordering::SeqCst)
    }

    /// Connections whose script has not ended: one that reads until the end has a client at its other side.
    pub fn open(&self) -> usize {
        let ended = self.counts.ended.load(Ordering::SeqCst);
        self.accepted() - ended
    }

    /// Waits until it is so: what a peer does takes a moment to be seen.
    pub fn until(&self, so: impl Fn() -> bool) -> Result<(), Box<dyn std::error::Error>> {
        let end = Instant::now() + Duration::from_secs(10);
        while !so() {
            if Instant::now() > end {
                return Err(format!("accepted {}, open {}", self.accepted(), self.open()).into());
            }
            thread::sleep(Duration::from_millis(1));
        }
        Ok(())
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        if let Some(path) = &self.path {
            let _ = std::fs::remove_file(path);
        }
    }
}

fn spawn(stream: Box<dyn Stream>, counts: &Arc<Counts>, serve: &Arc<Serve>) {
    counts.accepted.fetch_add(1, Ordering::SeqCst);
    let (serve, counts) = (serve.clone(), counts.clone());
    thread::spawn(move || {
        if let Ok(reader) = stream.another() {
            // A script that meets the end of its connection is done.
            let _ = serve(Connection { reader: BufReader::new(reader), writer: stream });
        }
        counts.ended.fetch_add(1, Ordering::SeqCst);
    });
}
