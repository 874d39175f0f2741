//! A file on the loopback, for engines that are told to fetch one.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

/// Serves one body, whatever path is asked for.
pub struct Served {
    address: SocketAddr,
}

impl Served {
    /// Starts on a free port. It ends with the process.
    pub fn start(kind: &'static str, body: Vec<u8>) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?;
        let body: Arc<[u8]> = body.into();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let body = Arc::clone(&body);
                // What went wrong on a connection is the engine's to report.
                thread::spawn(move || serve(&stream, kind, &body));
            }
        });
        Ok(Self { address })
    }

    /// A URL of it.
    pub fn url(&self, name: &str) -> String {
        format!("http://{}/{name}", self.address)
    }
}

fn serve(stream: &TcpStream, kind: &str, body: &[u8]) -> io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    // More than any head of an engine.
    let mut reader = BufReader::new(stream).take(1 << 16);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head)? == 0 {
            return Ok(());
        }
    }
    let mut writer = stream;
    let fields = format!("Content-Type: {kind}\r\nContent-Length: {}\r\nConnection: close", body.len());
    writer.write_all(format!("HTTP/1.1 200 OK\r\n{fields}\r\n\r\n").as_bytes())?;
    if head.starts_with("HEAD ") { Ok(()) } else { writer.write_all(body) }
}
