//! A forwarder in front of an engine that counts connections and can cut the idle ones.

use std::io::{self, Read, Write};
use std::net::Shutdown;
use std::os::unix::net::{UnixListener, UnixStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

/// See the [module documentation](self). Listens until it is dropped.
pub struct Proxy {
    /// Where clients connect.
    pub url: String,
    path: std::path::PathBuf,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    accepted: AtomicUsize,
    closed: AtomicBool,
    refuses: AtomicBool,
    open: Mutex<Vec<(UnixStream, UnixStream)>>,
}

impl Proxy {
    /// In front of the engine at `url`, a unix one.
    pub fn new(url: &str) -> io::Result<Self> {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let n = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("dp-proxy-{}-{n}.sock", std::process::id()));
        let _ = std::fs::remove_file(&path);
        let listener = UnixListener::bind(&path)?;
        let target = url.strip_prefix("unix://").unwrap_or(url).to_owned();
        let shared = Arc::new(Shared::default());
        let ours = shared.clone();
        thread::spawn(move || {
            for client in listener.incoming() {
                if ours.closed.load(Ordering::SeqCst) {
                    return;
                }
                if ours.refuses.load(Ordering::SeqCst) {
                    continue;
                }
                ours.accepted.fetch_add(1, Ordering::SeqCst);
                if let (Ok(client), Ok(engine)) = (client, UnixStream::connect(&target)) {
                    let _ = forward(&ours, client, engine);
                }
            }
        });
        Ok(Self { url: format!("unix://{}", path.display()), path, shared })
    }

    /// Connections accepted so far.
    pub fn accepted(&self) -> usize {
        self.shared.accepted.load(Ordering::SeqCst)
    }

    /// From now on hangs up on everybody, or does not any more.
    pub fn refuse(&self, refuses: bool) {
        self.shared.refuses.store(refuses, Ordering::SeqCst);
    }

    /// Cuts every connection that is open now.
    pub fn cut(&self) {
        for (client, engine) in self.shared.open.lock().expect("no panic under this lock").drain(..) {
            let _ = client.shutdown(Shutdown::Both);
            let _ = engine.shutdown(Shutdown::Both);
        }
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.shared.closed.store(true, Ordering::SeqCst);
        let _ = UnixStream::connect(&self.path);
        let _ = std::fs::remove_file(&self.path);
        self.cut();
    }
}

fn forward(shared: &Shared, client: UnixStream, engine: UnixStream) -> io::Result<()> {
    let (up, down) = ((client.try_clone()?, engine.try_clone()?), (engine.try_clone()?, client.try_clone()?));
    shared.open.lock().expect("no panic under this lock").push((client, engine));
    for (from, to) in [up, down] {
        thread::spawn(move || {
            let _ = copy(from, to);
        });
    }
    Ok(())
}

fn copy(mut from: UnixStream, mut to: UnixStream) -> io::Result<()> {
    let mut room = vec![0; 64 * 1024];
    loop {
        match from.read(&mut room) {
            Ok(0) | Err(_) => return to.shutdown(Shutdown::Write),
            Ok(n) => to.write_all(&room[..n])?,
        }
    }
}
