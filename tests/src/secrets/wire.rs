//! What really goes over the wire: a forwarder in front of an engine that takes note of all header fields, from which the
//! list of secrets is made.

use super::list::Secrets;
use std::io::{self, Read, Write};
use std::net::Shutdown;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

/// Fields that HTTP and this crate set themselves, and that tell nothing.
const OPEN: [&str; 12] = [
    "accept",
    "accept-encoding",
    "connection",
    "content-length",
    "content-type",
    "expect",
    "host",
    "sec-websocket-version",
    "te",
    "transfer-encoding",
    "upgrade",
    "user-agent",
];

/// Listens for as long as the program runs.
pub struct Wire {
    /// Where clients connect.
    pub url: String,
    path: PathBuf,
}

impl Wire {
    /// In front of the engine at `url`, a unix one. The values of header fields become secrets.
    pub fn new(url: &str, secrets: &Secrets) -> io::Result<Self> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let n = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("dp-secrets-{}-{n}.sock", std::process::id()));
        let listener = UnixListener::bind(&path)?;
        let (target, secrets) = (url.trim_start_matches("unix://").to_owned(), secrets.clone());
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let Ok(engine) = UnixStream::connect(&target) else { continue };
                if let (Ok(from), Ok(to)) = (engine.try_clone(), client.try_clone()) {
                    thread::spawn(move || forward(from, to, None));
                }
                let secrets = secrets.clone();
                thread::spawn(move || forward(client, engine, Some(secrets)));
            }
        });
        Ok(Self { url: format!("unix://{}", path.display()), path })
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.path);
    }
}

fn forward(mut from: UnixStream, mut to: UnixStream, secrets: Option<Secrets>) {
    let (mut room, mut line) = (vec![0; 64 * 1024], Vec::new());
    while let Ok(n @ 1..) = from.read(&mut room) {
        if let Some(secrets) = &secrets {
            room[..n].iter().for_each(|&b| note(&mut line, b, secrets));
        }
        if to.write_all(&room[..n]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Write);
}

/// Every line that looks like a header field.
fn note(line: &mut Vec<u8>, b: u8, secrets: &Secrets) {
    if b != b'\n' {
        if line.len() < 64 * 1024 {
            line.push(b);
        }
        return;
    }
    let whole = std::mem::take(line);
    let Some(colon) = whole.iter().position(|&b| b == b':') else { return };
    let (name, value) = (&whole[..colon], whole[colon + 1..].trim_ascii());
    let is_name = !name.is_empty() && name.iter().all(|&b| b.is_ascii_alphanumeric() || b == b'-');
    let Ok(name) = std::str::from_utf8(name) else { return };
    if is_name && whole.ends_with(b"\r") && !OPEN.contains(&&*name.to_ascii_lowercase()) {
        secrets.add(&format!("the value of {name}"), value);
    }
}
