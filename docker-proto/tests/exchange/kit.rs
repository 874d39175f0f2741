//! Runs an [`Exchange`] over every cut of an answer, and ends the answer after every prefix.

use docker_proto::ErrorKind::{self, Truncated};
use docker_proto::testkit::{ROUNDS, cuts};
use docker_proto::wire::{Event, Exchange, Method, RecvBuf, Request, RequestBody, RequestHead};
use std::fmt;

/// What is asked before the answer comes.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Asks {
    Get,
    Head,
    Post,
    /// An upgrade to a two-way stream.
    Upgrade,
}

impl Asks {
    pub(crate) fn request(self) -> Request {
        let method = match self {
            Self::Get => Method::Get,
            Self::Head => Method::Head,
            Self::Post | Self::Upgrade => Method::Post,
        };
        let mut head = RequestHead::new(method, "/x").unwrap();
        if let Self::Upgrade = self {
            head.upgrade("tcp").unwrap();
        }
        head.finish(RequestBody::None)
    }
}

/// How an answer ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// Complete; true if the connection can carry another exchange.
    Complete(bool),
    /// Final and sticky.
    Error(ErrorKind, String),
    /// Nothing wrong, nothing complete, and the peer still there.
    Waits,
}

/// What came out of an exchange, the same at any cut.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Run {
    pub(crate) status: Option<u16>,
    pub(crate) upgraded: bool,
    pub(crate) body: Vec<u8>,
    pub(crate) end: End,
}

impl fmt::Debug for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cut = self.body.len().min(80);
        let body = self.body[..cut].escape_ascii();
        write!(
            f,
            "{:?}{} {body} ({} bytes), ",
            self.status,
            if self.upgraded { " upgraded" } else { "" },
            self.body.len()
        )?;
        write!(f, "{:?}", self.end)
    }
}

/// An answer and what must come of it.
pub(crate) struct Vector {
    name: &'static str,
    asks: Asks,
    bytes: Vec<u8>,
    status: Option<u16>,
    upgraded: bool,
    body: Vec<u8>,
    reusable: bool,
    error: Option<(ErrorKind, &'static str)>,
    ends_here: usize,
    sparse: bool,
}

impl Vector {
    /// An answer to a GET that is wanted to be complete, with this status and an empty body, on a connection that stays
    /// clean, and incomplete after every proper prefix.
    pub(crate) fn new(name: &'static str, bytes: impl Into<Vec<u8>>, status: u16) -> Self {
        let bytes = bytes.into();
        Self {
            name,
            asks: Asks::Get,
            ends_here: bytes.len(),
            bytes,
            status: Some(status),
            upgraded: false,
            body: Vec::new(),
            reusable: true,
            error: None,
            sparse: false,
        }
    }

    /// An answer that never gets as far as a head.
    pub(crate) fn broken(name: &'static str, bytes: impl Into<Vec<u8>>, kind: ErrorKind, part: &'static str) -> Self {
        let mut v = Self::new(name, bytes, 0).error(kind, part);
        v.status = None;
        v
    }

    pub(crate) fn asks(mut self, asks: Asks) -> Self {
        self.asks = asks;
        self
    }

    pub(crate) fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    pub(crate) fn upgraded(mut self) -> Self {
        self.upgraded = true;
        self.not_reusable()
    }

    pub(crate) fn not_reusable(mut self) -> Self {
        self.reusable = false;
        self
    }

    /// Wants the answer to end with this error, of which `part` is in the message.
    pub(crate) fn error(mut self, kind: ErrorKind, part: &'static str) -> Self {
        self.error = Some((kind, part));
        self
    }

    /// Every prefix that leaves out at most this many bytes is a complete message: close-delimited bodies, upgraded
    /// streams, and what follows a complete answer.
    pub(crate) fn ends_here(mut self, last: usize) -> Self {
        self.ends_here = self.bytes.len() - last;
        self
    }

    /// For long answers: cut byte by byte and at random only, and ended after some prefixes only.
    pub(crate) fn sparse(mut self) -> Self {
        self.sparse = true;
        self
    }

    /// Runs everything. Gives how many proper prefixes were complete.
    pub(crate) fn check(&self) -> usize {
        let (name, bytes) = (self.name, &*self.bytes);
        let whole = run(self.asks, bytes, &[], true);
        self.check_whole(&whole);
        let each: Vec<Vec<usize>> = match self.sparse {
            true => {
                let all = cuts(bytes.len(), ROUNDS);
                std::iter::once((1..bytes.len()).collect()).chain(all.skip(bytes.len()).take(12)).collect()
            }
            false => cuts(bytes.len(), ROUNDS).collect(),
        };
        for cut in each {
            let other = run(self.asks, bytes, &cut, true);
            assert!(
                other == whole,
                "{name}, cut at {:?}\n    got {other:?}\n  whole {whole:?}",
                &cut[..cut.len().min(20)]
            );
        }
        let step = if self.sparse { bytes.len() / 97 } else { 1 };
        (0..bytes.len()).step_by(step).filter(|&n| self.check_prefix(n, &whole)).count()
    }

    fn check_whole(&self, whole: &Run) {
        let fits = match (&whole.end, &self.error) {
            (End::Complete(reusable), None) => *reusable == self.reusable,
            (End::Error(kind, message), Some((wanted, part))) => kind == wanted && message.contains(part),
            _ => false,
        };
        let Self { name, status, upgraded, body, error, reusable, .. } = self;
        let body = body.escape_ascii();
        assert!(
            fits && (whole.status, whole.upgraded, &whole.body) == (*status, *upgraded, &self.body),
            "{name}\n     got {whole:?}\n  wanted {status:?}, upgraded {upgraded}, {body}, {error:?}, reusable {reusable}"
        );
    }

    /// The first `n` bytes and then the end of the connection. True if that is a complete message.
    fn check_prefix(&self, n: usize, whole: &Run) -> bool {
        let name = self.name;
        let short = run(self.asks, &self.bytes[..n], &[], true);
        let complete = matches!(short.end, End::Complete(_));
        assert_eq!(complete, n >= self.ends_here, "{name}, ended after {n} bytes: {short:?}");
        if let End::Error(kind, message) = &short.end {
            let same = short.end == whole.end;
            assert!(same || *kind == Truncated, "{name}, ended after {n} bytes: {short:?}");
            // What was incomplete, or how much of it: never only that something was.
            let says = ["before an answer", "inside the head", "Content-Length", "chunk"];
            assert!(same || says.iter().any(|s| message.contains(s)), "{name}, ended after {n} bytes: {message}");
        }
        assert!(whole.body.starts_with(&short.body), "{name}, ended after {n} bytes: {short:?}");
        // With the peer still there, nothing is an error that is none at the end.
        let open = run(self.asks, &self.bytes[..n], &[], false);
        let fine = matches!(open.end, End::Waits | End::Complete(_)) || open.end == whole.end;
        assert!(fine, "{name}, {n} bytes so far: {open:?}");
        complete
    }
}

/// Runs a table and compares how many proper prefixes were complete.
pub(crate) fn check(ends_here: usize, table: impl IntoIterator<Item = Vector>) {
    assert_eq!(table.into_iter().map(|v| v.check()).sum::<usize>(), ends_here, "complete prefixes");
}

/// Writes all that is to be written, and says that it is flushed.
pub(crate) fn send(exchange: &mut Exchange) {
    while let Some(parts) = exchange.wants().write {
        let n = parts.iter().map(|p| p.len()).sum();
        exchange.wrote(n);
    }
    exchange.flushed();
}

/// Puts `bytes` where the exchange wants to read, as far as it does. Gives how many it took.
pub(crate) fn receive(exchange: &mut Exchange, bytes: &[u8]) -> usize {
    let Some(room) = exchange.wants().read else { return 0 };
    let n = room.len().min(bytes.len());
    room[..n].copy_from_slice(&bytes[..n]);
    exchange.read(n);
    n
}

fn run(asks: Asks, bytes: &[u8], cut: &[usize], ends: bool) -> Run {
    let mut exchange = Exchange::start(asks.request(), RecvBuf::new());
    let mut run = Run { status: None, upgraded: false, body: Vec::new(), end: End::Waits };
    send(&mut exchange);
    let mut from = 0;
    for &to in cut.iter().chain([&bytes.len()]) {
        while from < to {
            match receive(&mut exchange, &bytes[from..to]) {
                // What is not read stays in the socket, where the test at checkout finds it.
                0 => break,
                n => from += n,
            }
            if !drain(&mut exchange, &mut run) {
                return run;
            }
        }
    }
    if from < bytes.len() {
        if let End::Complete(reusable) = &mut run.end {
            *reusable = false;
        }
        return run;
    }
    // A connection that is complete is not read any further, so its end is not seen here.
    if ends && run.end == End::Waits {
        exchange.read(0);
        drain(&mut exchange, &mut run);
        assert_ne!(run.end, End::Waits, "the connection has ended: {run:?}");
    }
    run
}

/// Polls until nothing more comes. False after an error, which must be sticky.
fn drain(exchange: &mut Exchange, run: &mut Run) -> bool {
    for _ in 0..1_000_000 {
        match exchange.poll() {
            Ok(Event::NeedIo) => return true,
            Ok(Event::Head(head)) => assert_eq!(run.status.replace(head.status()), None, "a second head"),
            Ok(Event::Upgraded(head)) => {
                run.upgraded = true;
                assert_eq!(run.status.replace(head.status()), None, "a second head");
            }
            Ok(Event::Data) => {
                let mut input = exchange.input();
                assert!(!input.is_empty(), "Data without data");
                run.body.extend_from_slice(&input.take(usize::MAX));
            }
            Ok(Event::End) => {
                run.end = End::Complete(exchange.is_reusable());
                assert!(matches!(exchange.poll(), Ok(Event::End)), "End is reported from then on");
                return true;
            }
            Ok(other) => panic!("unknown event {other:?}"),
            Err(e) => {
                let again = exchange.poll().expect_err("sticky");
                assert_eq!((again.kind(), again.message()), (e.kind(), e.message()));
                assert!(e.is_final() && !exchange.is_reusable());
                let wants = exchange.wants();
                assert!(wants.read.is_none() && wants.write.is_none() && wants.body.is_none(), "{wants:?} after {e}");
                run.end = End::Error(e.kind(), e.message().into());
                return false;
            }
        }
    }
    panic!("the exchange does not come to rest: {run:?}");
}
