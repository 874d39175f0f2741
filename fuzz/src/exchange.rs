//! One exchange under a driver that reports in any order: a plan says what it does next, and how much of it.

use crate::naive::answer::{Answer, Head, answer};
use crate::naive::chunked as naive;
use crate::source::Source;
use crate::{answer as reader, chunked, head};
use docker_proto::ErrorKind::{self, Transport, Truncated};
use docker_proto::Source as Cause;
use docker_proto::wire::{BodyPiece, Event, Exchange, Method, RecvBuf, RequestBody, Wants};
use std::sync::Arc;

/// See [`TARGETS`](crate::TARGETS).
pub fn exchange(data: &[u8]) {
    let mut source = Source::new(data);
    let flags = source.byte();
    let plan = source.byte() % 64;
    let plan = source.take(usize::from(plan));
    // The rest is what the engine sends.
    let rest = source.rest();
    run(flags, plan, rest);
    // Or a plan of what it sends.
    let mut source = Source::new(rest);
    let head = head::build(&mut source);
    let (body, _) = chunked::build(&mut source);
    run(flags, plan, &[&head, &body, source.rest()].concat());
}

/// The driver, and everything it knows that the exchange must agree with.
struct Driver<'a> {
    exchange: Exchange,
    plan: std::iter::Cycle<std::slice::Iter<'a, u8>>,
    /// What the engine sends and was not read.
    answer: &'a [u8],
    read: usize,
    /// What was written, and what of the request is known so far.
    written: Vec<u8>,
    request: Vec<u8>,
    supply: Supply,
    flushed: bool,
    ended: bool,
    broke: bool,
    breaks_reading: bool,
}

/// What is left of the body of the request.
#[derive(Clone, Copy, PartialEq)]
enum Supply {
    Done,
    Length(usize),
    /// So many pieces, then the end.
    Pieces(usize),
}

fn run(flags: u8, plan: &[u8], answer_bytes: &[u8]) {
    let method = [Method::Get, Method::Head, Method::Post, Method::Put][usize::from(flags & 3)];
    let upgrade = flags & 4 != 0;
    let (body, supply) = match flags >> 3 & 3 {
        0 => (RequestBody::None, Supply::Done),
        1 => (RequestBody::Stream { length: None }, Supply::Pieces(3)),
        2 => (RequestBody::Full("full".into()), Supply::Done),
        _ => (RequestBody::Stream { length: Some(300) }, Supply::Length(300)),
    };
    let request = reader::request(method, upgrade, body.clone());
    let mut wire = request.head().to_vec();
    if let RequestBody::Full(bytes) = &body {
        wire.extend_from_slice(bytes);
    }
    let mut driver = Driver {
        exchange: Exchange::start(request, RecvBuf::new()),
        plan: if plan.is_empty() { &[9] } else { plan }.iter().cycle(),
        answer: answer_bytes,
        read: 0,
        written: Vec::new(),
        request: wire,
        supply,
        flushed: true,
        ended: false,
        broke: false,
        breaks_reading: flags & 64 != 0,
    };
    let breaks_writing = (flags & 32 != 0).then_some(plan.len());
    let seen = driver.drive(answer_bytes.len(), breaks_writing);
    driver.check(&seen, answer(answer_bytes, method, upgrade), method);
}

impl Driver<'_> {
    fn next(&mut self) -> usize {
        // The plan is a cycle over at least one byte.
        self.plan.next().copied().map_or(0, usize::from)
    }

    /// Goes on until the answer has ended, one way or another.
    fn drive(&mut self, length: usize, breaks_writing: Option<usize>) -> Answer {
        let mut out = Answer::default();
        // Each turn may move one byte only, every fourth at the latest moves something, and a body has 1000 bytes at most.
        let turns = 8 * (length + 2000);
        for turn in 0..turns {
            if breaks_writing == Some(turn) {
                self.exchange.write_broke(cause("EPIPE"));
                (self.broke, self.flushed) = (true, true);
            }
            match self.exchange.poll() {
                Ok(Event::NeedIo) => self.turn(turn % 4 == 3),
                Ok(Event::Head(head)) => out.head = Some(reader::seen(&head)),
                Ok(Event::Upgraded(head)) => {
                    out.head = Some(reader::seen(&head));
                    out.upgraded = true;
                }
                Ok(Event::Data) => {
                    let n = self.next();
                    let mut input = self.exchange.input();
                    let n = if n & 1 == 0 { input.len() } else { n.min(input.len()) };
                    if n & 2 == 0 {
                        out.body.extend_from_slice(&input.take(n));
                    } else {
                        out.body.extend_from_slice(&input.bytes()[..n]);
                        input.skip(n);
                    }
                }
                Ok(Event::End) => return out,
                Ok(other) => panic!("another event: {other:?}"),
                Err(e) => {
                    let again = self.exchange.poll().expect_err("errors are final");
                    assert_eq!((again.kind(), again.message()), (e.kind(), e.message()), "another error came later");
                    out.end = Some(e.kind());
                    return out;
                }
            }
        }
        panic!("not done after {turns} turns");
    }

    /// One report, as the plan says; `must` is a turn in which something has to move.
    fn turn(&mut self, must: bool) {
        let (what, much) = (self.next(), self.next());
        let repeatable = self.exchange.is_repeatable();
        let what = if must { 6 } else { what % 6 };
        if what == 4 {
            // Reports of nothing, which a driver may make at any time.
            self.exchange.wrote(0);
            let _ = self.exchange.poll();
        }
        if what == 3 {
            self.exchange.flushed();
            self.flushed = true;
        }
        if matches!(what, 0 | 5) {
            self.write(much % 8);
        }
        if matches!(what, 4 | 6) {
            self.write(usize::MAX);
        }
        if matches!(what, 2 | 6) {
            self.body(much);
        }
        if matches!(what, 1 | 5) {
            self.read(1 + much % 32);
        }
        if what == 6 {
            self.read(usize::MAX);
        }
        assert!(repeatable || !self.exchange.is_repeatable(), "what was sent or read is forgotten");
    }

    fn write(&mut self, n: usize) -> Option<()> {
        let Wants { write, flush, .. } = self.exchange.wants();
        assert_eq!(flush, !self.flushed, "whether bytes wait to be flushed");
        let bytes: Vec<u8> = write?.concat().into_iter().take(n).collect();
        self.written.extend_from_slice(&bytes);
        self.flushed &= bytes.is_empty();
        self.exchange.wrote(bytes.len());
        Some(())
    }

    fn read(&mut self, n: usize) -> Option<()> {
        let room = self.exchange.wants().read?;
        assert!(!room.is_empty(), "no room to read into");
        let n = n.min(room.len()).min(self.answer.len());
        let (now, later) = self.answer.split_at(n);
        room[..n].copy_from_slice(now);
        self.answer = later;
        self.read += n;
        self.ended |= n == 0;
        match n {
            0 if self.breaks_reading => self.exchange.read_broke(cause("ECONNRESET")),
            n => self.exchange.read(n),
        }
        Some(())
    }

    /// The next piece of the body, if it is time for one.
    fn body(&mut self, much: usize) -> Option<()> {
        let room = self.exchange.wants().body?;
        let left = match self.supply {
            Supply::Done => panic!("a body is asked for that has ended"),
            Supply::Length(left) => left,
            Supply::Pieces(0) => {
                self.request.extend_from_slice(b"0\r\n\r\n");
                self.supply = Supply::Done;
                self.report(BodyPiece::End);
                return Some(());
            }
            Supply::Pieces(_) => usize::MAX,
        };
        let data = vec![b'a' + (much % 26) as u8; much.max(1).min(left)];
        let piece = if much & 1 == 0 {
            room[..data.len()].copy_from_slice(&data);
            BodyPiece::Filled(data.len())
        } else {
            BodyPiece::Owned(data.clone().into())
        };
        self.supply = match self.supply {
            Supply::Pieces(n) => {
                naive::encode(&data, &mut self.request);
                Supply::Pieces(n - 1)
            }
            _ => {
                self.request.extend_from_slice(&data);
                if left == data.len() { Supply::Done } else { Supply::Length(left - data.len()) }
            }
        };
        self.report(piece);
        Some(())
    }

    fn report(&mut self, piece: BodyPiece) {
        self.exchange.body(piece).expect("a body of the right length");
    }

    /// Holds what was seen against what the naive decoder says.
    fn check(mut self, seen: &Answer, wanted: Answer, method: Method) {
        let Answer { head, upgraded, body, end, length, keeps_alive, skipped } = wanted;
        let end = if self.breaks_reading { reset(end, length, head.as_ref()) } else { end };
        // That writing failed explains a connection that then says nothing.
        let silent = self.broke && end == Some(Truncated) && head.is_none() && self.read == skipped;
        let end = if silent { Some(Transport) } else { end };
        assert_eq!((&seen.head, seen.upgraded, seen.end), (&head, upgraded, end));
        assert!(seen.body == body, "other data came out");
        assert!(self.request.starts_with(&self.written), "other bytes were written than the request has");
        assert_eq!(self.exchange.has_sent(), !self.written.is_empty());
        assert_eq!(self.exchange.has_received(), self.read > 0);
        let safe = matches!(method, Method::Get | Method::Head);
        let repeatable = self.read == 0 && (safe || self.written.is_empty());
        assert_eq!(self.exchange.is_repeatable(), repeatable);
        let wants = self.exchange.wants();
        assert!(wants.read.is_none(), "input is wanted behind the end");
        let sent = self.supply == Supply::Done && self.written.len() == self.request.len() && self.flushed;
        assert_eq!(self.exchange.is_sent(), sent || (self.broke && self.flushed), "whether the request was sent");
        let stray = length.map(|n| self.read - n);
        let reusable = sent && !self.broke && !self.ended && keeps_alive && seen.end.is_none() && stray == Some(0);
        assert_eq!(self.exchange.is_reusable(), reusable, "whether the connection can be kept");
        let left = self.exchange.into_recv().len();
        assert!(stray.is_none_or(|n| n == left), "{left} bytes are left behind the answer, not {stray:?}");
    }
}

/// What a connection that breaks where it could have ended makes of the end.
fn reset(end: Option<ErrorKind>, length: Option<usize>, head: Option<&Head>) -> Option<ErrorKind> {
    match end {
        Some(Truncated) => Some(Transport),
        None if length.is_none() && head.is_some() => Some(Transport),
        other => other,
    }
}

fn cause(text: &str) -> Cause {
    Arc::new(std::io::Error::other(text.to_owned()))
}
