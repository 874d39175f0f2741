//! A registry whose layers begin to come, and then do not go on.

use std::io::{self, BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// The configuration of the image, and its digest.
const CONFIG: &str = r#"{"architecture":"amd64","os":"linux","config":{},"rootfs":{"type":"layers","diff_ids":["sha256:0000000000000000000000000000000000000000000000000000000000000000"]}}"#;
const CONFIG_DIGEST: &str = "sha256:4edd45ccd89b92100bcc411924b6012605e845fb100fd210eeda760bd76f2a48";
const LAYER: usize = 64 << 20;
const SENT: usize = 1 << 20;

/// See the module. Each tag has a layer of its own.
pub struct Registry {
    /// HOST:PORT.
    pub address: String,
    stalled: Arc<AtomicUsize>,
}

impl Registry {
    /// On a port of the loopback.
    pub fn new() -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?.to_string();
        let stalled = Arc::new(AtomicUsize::new(0));
        let count = stalled.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let count = count.clone();
                // An engine that hangs up is done.
                thread::spawn(move || drop(serve(stream, &count)));
            }
        });
        Ok(Self { address, stalled })
    }

    /// Layers that have come to their stop.
    pub fn stalled(&self) -> usize {
        self.stalled.load(Ordering::SeqCst)
    }
}

fn serve(mut stream: TcpStream, stalled: &AtomicUsize) -> io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    loop {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if reader.read_line(&mut head)? == 0 {
                return Ok(());
            }
        }
        let mut words = head.split(' ');
        let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let (kind, body) = match path.rsplit_once('/') {
            Some((before, tag)) if before.ends_with("/manifests") => {
                ("application/vnd.docker.distribution.manifest.v2+json", manifest(tag))
            }
            Some((_, digest)) if digest == CONFIG_DIGEST => ("application/octet-stream", CONFIG.to_owned()),
            Some((before, _)) if before.ends_with("/blobs") && method == "GET" => {
                write!(
                    stream,
                    "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: {LAYER}\r\n\r\n"
                )?;
                stream.write_all(&vec![0; SENT])?;
                stalled.fetch_add(1, Ordering::SeqCst);
                // Until the engine hangs up.
                return reader.read_line(&mut String::new()).map(drop);
            }
            _ => ("application/json", "{}".to_owned()),
        };
        let length = body.len();
        write!(stream, "HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\r\n")?;
        if method != "HEAD" {
            stream.write_all(body.as_bytes())?;
        }
    }
}

fn manifest(tag: &str) -> String {
    // A digest of nothing in particular, one for each tag.
    let layer: String = tag.bytes().cycle().take(32).map(|b| format!("{b:02x}")).collect();
    format!(
        r#"{{"schemaVersion":2,"mediaType":"application/vnd.docker.distribution.manifest.v2+json","config":{{"mediaType":"application/vnd.docker.container.image.v1+json","size":{},"digest":"{CONFIG_DIGEST}"}},"layers":[{{"mediaType":"application/vnd.docker.image.rootfs.diff.tar.gzip","size":{LAYER},"digest":"sha256:{layer}"}}]}}"#,
        CONFIG.len(),
    )
}
