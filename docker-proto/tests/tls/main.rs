//! The TLS machine, over a carrier in memory with rustls' server at its other end: any split, any cut, no socket.

use docker_proto::tls::{Carrier, Connector, Secured, Tls};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, crypto::ring};
use std::io::{self, ErrorKind, IoSlice, Read, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Wake, Waker};

const CERTIFICATE: &[u8] = include_bytes!("cert.pem");
const KEY: &[u8] = include_bytes!("key.pem");

fn config() -> Arc<ServerConfig> {
    let chain = vec![CertificateDer::from_pem_slice(CERTIFICATE).unwrap()];
    let key = PrivateKeyDer::from_pem_slice(KEY).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, key);
    Arc::new(config.unwrap())
}

/// The way to a server and the server.
struct Engine {
    server: ServerConnection,
    /// What it sent and nobody read.
    sent: Vec<u8>,
    /// What it was told, decrypted.
    told: Vec<u8>,
    /// Bytes at most at a time, each way.
    step: usize,
    /// How many bytes still come from it; then its connection breaks off.
    left: usize,
    /// Nothing is taken.
    full: bool,
    writer: Option<Waker>,
}

impl Engine {
    fn new(config: Arc<ServerConfig>, step: usize) -> Self {
        let server = ServerConnection::new(config).unwrap();
        Self { server, sent: Vec::new(), told: Vec::new(), step, left: usize::MAX, full: false, writer: None }
    }

    fn say(&mut self, bytes: &[u8]) {
        self.server.writer().write_all(bytes).unwrap();
        self.turn();
    }

    fn turn(&mut self) {
        while self.server.wants_write() {
            self.server.write_tls(&mut self.sent).unwrap();
        }
    }

    fn take(&mut self, room: &mut [u8]) -> io::Result<usize> {
        let n = room.len().min(self.step).min(self.sent.len()).min(self.left);
        if n == 0 {
            return if self.left == 0 { Ok(0) } else { Err(ErrorKind::WouldBlock.into()) };
        }
        room[..n].copy_from_slice(&self.sent[..n]);
        self.sent.drain(..n);
        self.left -= n;
        Ok(n)
    }
}

impl Carrier for Engine {
    fn poll_read(&mut self, _: &mut Context<'_>, room: &mut [u8]) -> Poll<io::Result<usize>> {
        match self.take(room) {
            Err(e) if e.kind() == ErrorKind::WouldBlock => Poll::Pending,
            result => Poll::Ready(result),
        }
    }

    fn try_read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        self.take(room)
    }

    fn poll_write(&mut self, cx: &mut Context<'_>, parts: &[IoSlice<'_>]) -> Poll<io::Result<usize>> {
        if self.full {
            // As a socket does it: one waker for each direction, and the last one counts.
            self.writer = Some(cx.waker().clone());
            return Poll::Pending;
        }
        let mut bytes: Vec<u8> = parts.iter().flat_map(|part| part.iter().copied()).collect();
        bytes.truncate(self.step);
        let mut rest = &bytes[..];
        while !rest.is_empty() {
            self.server.read_tls(&mut rest).unwrap();
            // Alerts of the client are no news here.
            let _ = self.server.process_new_packets();
            let _ = self.server.reader().read_to_end(&mut self.told);
        }
        self.turn();
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

fn begin(engine: Engine) -> Secured<Engine> {
    let connector = Connector::new(&Tls::new().verify(false), "engine", Vec::new).unwrap();
    connector.connect(engine).unwrap()
}

fn cx() -> Context<'static> {
    Context::from_waker(Waker::noop())
}

fn connected(step: usize) -> Secured<Engine> {
    let mut secured = begin(Engine::new(config(), step));
    assert!(matches!(secured.poll_handshake(&mut cx()), Poll::Ready(Ok(()))));
    secured
}

/// Reads until there is nothing for now; the error or the end that came instead.
fn read(secured: &mut Secured<Engine>, into: &mut Vec<u8>) -> Option<io::Result<()>> {
    let mut room = [0; 1000];
    loop {
        match secured.poll_read(&mut cx(), &mut room) {
            Poll::Pending => return None,
            Poll::Ready(Ok(0)) => return Some(Ok(())),
            Poll::Ready(Ok(n)) => into.extend_from_slice(&room[..n]),
            Poll::Ready(Err(e)) => return Some(Err(e)),
        }
    }
}

#[test]
fn any_split_gives_the_same() {
    for step in [1, 2, 3, 17, 100, 4096, 1 << 20] {
        // Several records; byte by byte that would take long.
        let text: Vec<u8> = (0..if step < 100 { 500 } else { 50_000u32 }).map(|n| n as u8).collect();
        let mut secured = connected(step);
        let mut sent = 0;
        while sent < text.len() {
            // In three parts, as the driver has them.
            let rest = &text[sent..];
            let (a, b) = (rest.len().min(10), rest.len().min(20_000));
            let parts = [&rest[..a], &rest[a..b], &rest[b..]].map(IoSlice::new);
            let Poll::Ready(Ok(n)) = secured.poll_write(&mut cx(), &parts) else { panic!("nothing is in the way") };
            assert!(n > 0);
            sent += n;
        }
        assert!(matches!(secured.poll_flush(&mut cx()), Poll::Ready(Ok(()))));
        assert!(secured.carrier().told == text, "step {step}");
        assert_eq!(secured.carrier().server.alpn_protocol(), None);

        // Half-closed, it still reads.
        assert!(matches!(secured.poll_close(&mut cx()), Poll::Ready(Ok(()))));
        secured.carrier_mut().say(&text);
        secured.carrier_mut().server.send_close_notify();
        secured.carrier_mut().turn();
        let mut came = Vec::new();
        let end = read(&mut secured, &mut came);
        assert!(came == text && matches!(end, Some(Ok(()))), "step {step}: {} bytes, {end:?}", came.len());
    }
}

#[test]
fn a_cut_anywhere_is_an_error() {
    let config = config();
    // How much comes in all is a little different each time: signatures are.
    let run = |left: usize| {
        let mut engine = Engine::new(config.clone(), 1 << 20);
        engine.left = left;
        let mut secured = begin(engine);
        let mut came = Vec::new();
        match secured.poll_handshake(&mut cx()) {
            Poll::Ready(Ok(())) => {}
            Poll::Ready(Err(e)) => return (came, Some(Err(e)), usize::MAX - left),
            Poll::Pending => panic!("the engine said all that it has to say"),
        }
        secured.carrier_mut().say(&[7; 100]);
        secured.carrier_mut().server.send_close_notify();
        secured.carrier_mut().turn();
        let end = read(&mut secured, &mut came);
        (came, end, usize::MAX - secured.carrier().left)
    };
    let (came, end, all) = run(usize::MAX);
    assert!(came.len() == 100 && matches!(end, Some(Ok(()))) && all > 500, "{end:?} after {all}");
    // At each byte of the last 200, where the data and the end are, and at some of the handshake.
    for left in (0..all - 200).step_by(37).chain(all - 200..all - 8) {
        let (came, end, _) = run(left);
        let Some(Err(e)) = end else { panic!("cut at {left} of {all}: {end:?}") };
        assert_eq!(e.kind(), ErrorKind::UnexpectedEof, "{left}: {e}");
        let text = e.to_string();
        assert!(text.contains("was closed") || text.contains("may be cut short"), "{text}");
        assert!(came.is_empty() || came.len() == 100, "a record is whole or not there");
    }
}

#[test]
fn offers_to_resume_are_no_data() {
    let mut secured = connected(1 << 20);
    // What TLS 1.3 sends after the handshake is still to be read.
    assert!(!secured.carrier().sent.is_empty());
    let quiet = |e: io::Result<usize>| e.is_err_and(|e| e.kind() == ErrorKind::WouldBlock);
    assert!(quiet(secured.try_read(&mut [0])) && secured.carrier().sent.is_empty());
    secured.carrier_mut().say(b"x");
    assert!(matches!(secured.try_read(&mut [0]), Ok(1)));
    assert!(quiet(secured.try_read(&mut [0])));
    secured.carrier_mut().left = 0;
    assert_eq!(secured.try_read(&mut [0]).unwrap_err().kind(), ErrorKind::UnexpectedEof);
}

#[derive(Default)]
struct Woken(AtomicUsize);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

#[test]
fn what_a_full_socket_left_is_pushed_by_the_reader_and_the_writer_hears_of_it() {
    let mut secured = connected(1 << 20);
    secured.carrier_mut().full = true;
    let wrote = secured.poll_write(&mut cx(), &[IoSlice::new(b"first")]);
    assert!(matches!(wrote, Poll::Ready(Ok(5))) && secured.wants_write());
    // Another task waits to write more.
    let (writer, reader) = (Arc::new(Woken::default()), Arc::new(Woken::default()));
    let waker = Waker::from(writer.clone());
    let wrote = secured.poll_write(&mut Context::from_waker(&waker), &[IoSlice::new(b"second")]);
    assert!(wrote.is_pending());
    // The reader tries as well: the socket now knows one waker, and that must do for both.
    let waker = Waker::from(reader.clone());
    let mut room = [0; 10];
    assert!(secured.poll_read(&mut Context::from_waker(&waker), &mut room).is_pending());
    secured.carrier_mut().full = false;
    secured.carrier_mut().writer.take().expect("somebody waits").wake();
    assert_eq!((writer.0.load(Ordering::SeqCst), reader.0.load(Ordering::SeqCst)), (1, 1));
    // Who comes first does the work; here it is the reader, and no writer needs to come at all.
    assert!(secured.poll_read(&mut Context::from_waker(&waker), &mut room).is_pending());
    assert_eq!((&*secured.carrier().told, secured.wants_write()), (&b"first"[..], false));
    assert!(writer.0.load(Ordering::SeqCst) >= 2);
}

#[test]
fn garbage_is_told_every_time() {
    let mut secured = connected(1 << 20);
    secured.carrier_mut().say(b"good");
    secured.carrier_mut().sent.extend_from_slice(b"HTTP/1.1 400 Bad Request\r\n\r\n");
    let mut came = Vec::new();
    for _ in 0..3 {
        let end = read(&mut secured, &mut came);
        assert!(matches!(&end, Some(Err(e)) if e.kind() == ErrorKind::InvalidData), "{end:?}");
        assert_eq!(came, b"good");
    }
}
