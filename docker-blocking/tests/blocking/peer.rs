//! An engine of std sockets: one thread a connection.

use docker_blocking::Docker;
use docker_blocking::model::ApiVersion;
use docker_blocking::session::{Config, Endpoint, PoolLimits, VersionChoice};
use std::io::{Read, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// A path for a socket that nothing else uses.
pub(crate) fn path() -> PathBuf {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let name = format!("docker-blocking-{}-{}.sock", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    std::env::temp_dir().join(name)
}

pub(crate) struct Peer {
    pub(crate) path: PathBuf,
}

impl Peer {
    /// Serves each connection with `work`, in threads of its own.
    pub(crate) fn unix(work: impl Fn(UnixStream) + Send + Sync + 'static) -> Self {
        let path = path();
        let listener = UnixListener::bind(&path).unwrap();
        let work = std::sync::Arc::new(work);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let work = work.clone();
                thread::spawn(move || work(stream.unwrap()));
            }
        });
        Self { path }
    }

    pub(crate) fn docker(&self) -> Docker {
        self.limited(PoolLimits::default())
    }

    pub(crate) fn limited(&self, limits: PoolLimits) -> Docker {
        let endpoint = Endpoint::unix(self.path.to_str().unwrap());
        let config = Config::new(&endpoint);
        Docker::new(endpoint, config, limits)
    }

    /// A client that asks for no version.
    pub(crate) fn pinned(&self, limits: PoolLimits) -> Docker {
        let endpoint = Endpoint::unix(self.path.to_str().unwrap());
        let mut config = Config::new(&endpoint);
        config.version = VersionChoice::Pinned(ApiVersion::new(1, 45));
        Docker::new(endpoint, config, limits)
    }

    /// Waits until something is so.
    pub(crate) fn until(&self, so: impl Fn() -> bool) {
        let begun = Instant::now();
        while !so() {
            assert!(begun.elapsed() < Duration::from_secs(5));
            thread::sleep(Duration::from_millis(1));
        }
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.path);
    }
}

/// The head of the next request; `None` at the end.
pub(crate) fn head(s: &mut impl Read) -> Option<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        match s.read(&mut byte) {
            Ok(1) => head.push(byte[0]),
            _ => return None,
        }
    }
    let head = String::from_utf8(head).unwrap();
    if head.contains(" /v1.45/exec/") {
        body(s, &head);
    }
    Some(head)
}

/// Reads a body and tells its length.
pub(crate) fn body(s: &mut impl Read, head: &str) -> u64 {
    let field = |name: &str| {
        head.lines().find_map(|l| l.split_once(": ").filter(|(n, _)| n.eq_ignore_ascii_case(name))).map(|(_, v)| v)
    };
    if let Some(n) = field("content-length") {
        return std::io::copy(&mut s.take(n.parse().unwrap()), &mut std::io::sink()).unwrap();
    }
    if field("transfer-encoding").is_none() {
        return 0;
    }
    let mut total = 0;
    loop {
        let mut line = Vec::new();
        while !line.ends_with(b"\r\n") {
            let mut byte = [0];
            if s.read(&mut byte).unwrap() == 0 {
                return total;
            }
            line.push(byte[0]);
        }
        let n = u64::from_str_radix(String::from_utf8(line).unwrap().trim(), 16).unwrap();
        std::io::copy(&mut s.take(n + 2), &mut std::io::sink()).unwrap();
        total += n;
        if n == 0 {
            return total;
        }
    }
}

/// Answers a ping.
pub(crate) fn ping(s: &mut impl Write, request: &str) -> bool {
    let ping = request.contains(" /_ping ");
    if ping {
        s.write_all(b"HTTP/1.1 200 OK\r\nApi-Version: 1.45\r\nContent-Length: 0\r\n\r\n").unwrap();
    }
    ping
}

pub(crate) fn answer(s: &mut impl Write, json: &str) {
    write!(s, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{json}", json.len())
        .unwrap();
}

/// Answers inspects.
pub(crate) fn serve(s: &mut (impl Read + Write)) {
    while let Some(request) = head(s) {
        if !ping(s, &request) {
            let id = request.split('/').nth(3).unwrap();
            answer(s, &format!("{{\"Id\":\"{id}\"}}"));
        }
    }
}

/// A stream frame.
pub(crate) fn frame(id: u8, bytes: &[u8]) -> Vec<u8> {
    let mut frame = vec![id, 0, 0, 0];
    frame.extend((bytes.len() as u32).to_be_bytes());
    frame.extend(bytes);
    frame
}
