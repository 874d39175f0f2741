//! Reports in any order: whatever a driver does first, the same bytes go out and the same answer comes in.

use docker_proto::wire::{BodyPiece, Event, Exchange, Method, RecvBuf, RequestBody, RequestHead};
use proptest::prelude::*;

/// One step of a driver, with how much of it at most.
#[derive(Clone, Debug)]
enum Step {
    Write(usize),
    Flush,
    Read(usize),
    Body,
    Poll,
    Consume(usize),
    Park,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (0..40usize).prop_map(Step::Write),
        1 => Just(Step::Flush),
        3 => (1..40usize).prop_map(Step::Read),
        2 => Just(Step::Body),
        2 => Just(Step::Poll),
        2 => (0..40usize).prop_map(Step::Consume),
        1 => Just(Step::Park),
    ]
}

const ANSWERS: [&[u8]; 4] = [
    b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1;x\r\n!\r\n0\r\nA: b\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\nhello, world",
    b"HTTP/1.1 409 Conflict\r\nConnection: close\r\n\r\nuntil the end",
    b"HTTP/1.1 200 OK\r\nContent-Length: 40\r\n\r\ncut short",
];

struct Sim {
    exchange: Exchange,
    answer: &'static [u8],
    pieces: Vec<BodyPiece>,
    sent: Vec<u8>,
    got: Vec<u8>,
    status: Option<u16>,
    end: Option<String>,
    /// The last poll found nothing to do: only then the end of the connection is shown, for one that comes before a
    /// complete answer was noticed rightly spoils the connection.
    idle: bool,
}

impl Sim {
    fn new(answer: usize, length: bool, sizes: &[usize]) -> Self {
        let bytes = |n: usize, i: usize| vec![b'a' + i as u8; n];
        let mut pieces: Vec<_> = sizes.iter().enumerate().map(|(i, &n)| BodyPiece::Owned(bytes(n, i).into())).collect();
        let length = length.then(|| sizes.iter().sum::<usize>() as u64);
        if length.is_none() {
            pieces.push(BodyPiece::End);
        }
        pieces.reverse();
        let head = RequestHead::new(Method::Put, "/x").unwrap();
        let exchange = Exchange::start(head.finish(RequestBody::Stream { length }), RecvBuf::new());
        let answer = ANSWERS[answer];
        Self { exchange, answer, pieces, sent: Vec::new(), got: Vec::new(), status: None, end: None, idle: false }
    }

    /// Does one step as far as the exchange wants it.
    fn step(&mut self, step: &Step) {
        let idle = std::mem::replace(&mut self.idle, false);
        let wants = self.exchange.wants();
        match *step {
            Step::Write(n) => {
                if let Some(parts) = wants.write {
                    let parts = parts.concat();
                    let n = n.min(parts.len());
                    self.sent.extend_from_slice(&parts[..n]);
                    self.exchange.wrote(n);
                }
            }
            Step::Flush if wants.flush => self.exchange.flushed(),
            Step::Read(n) => {
                if let Some(room) = wants.read.filter(|_| idle || !self.answer.is_empty()) {
                    let n = n.min(room.len()).min(self.answer.len());
                    room[..n].copy_from_slice(&self.answer[..n]);
                    self.answer = &self.answer[n..];
                    self.exchange.read(n);
                }
            }
            Step::Body if wants.body.is_some() => {
                let piece = self.pieces.pop().expect("more asked for than there is");
                self.exchange.body(piece).unwrap();
            }
            Step::Poll => match self.exchange.poll() {
                Ok(Event::Head(head)) => self.status = Some(head.status()),
                Ok(Event::End) => self.end = Some("complete".into()),
                Ok(Event::NeedIo) => self.idle = true,
                Ok(Event::Data) => {}
                Ok(other) => panic!("{other:?}"),
                Err(e) => self.end = Some(e.message().into()),
            },
            Step::Consume(n) => {
                let mut input = self.exchange.input();
                self.got.extend_from_slice(&input.take(n));
            }
            Step::Park => drop(self.exchange.park()),
            Step::Flush | Step::Body => {}
        }
    }

    /// Goes on in the plain order until all is done.
    fn finish(mut self) -> (String, Vec<u8>, Option<u16>, Option<String>, bool) {
        for _ in 0..200 {
            for step in
                [Step::Write(9), Step::Flush, Step::Body, Step::Poll, Step::Read(9), Step::Poll, Step::Consume(9)]
            {
                self.step(&step);
            }
        }
        let reusable = self.exchange.is_reusable();
        (String::from_utf8(self.sent).unwrap(), self.got, self.status, self.end, reusable)
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]

    #[test]
    fn any_order_of_reports_gives_the_same_result(
        answer in 0..ANSWERS.len(),
        length in any::<bool>(),
        sizes in prop::collection::vec(0..50usize, 0..6),
        steps in prop::collection::vec(step(), 0..200),
    ) {
        let plain = Sim::new(answer, length, &sizes).finish();
        let mut sim = Sim::new(answer, length, &sizes);
        for step in &steps {
            sim.step(step);
        }
        let other = sim.finish();
        // A request that an error cut short is cut wherever the driver was.
        if answer == 3 {
            prop_assert_eq!(plain.3.as_deref(), Some("the body ended 31 bytes before its Content-Length"));
            prop_assert_eq!((&other.1, other.2, &other.3), (&plain.1, plain.2, &plain.3));
        } else {
            prop_assert_eq!(other, plain);
        }
    }

    /// Reports that make no sense are answered with an error or nothing, never with a panic or a wrong byte sent.
    #[test]
    fn nonsense_does_no_harm(
        answer in 0..ANSWERS.len(),
        steps in prop::collection::vec((0..9u8, any::<usize>(), step()), 0..100),
    ) {
        let mut sim = Sim::new(answer, false, &[3, 4]);
        for (what, n, step) in &steps {
            let (x, n) = (&mut sim.exchange, *n);
            match what {
                0 => x.flushed(),
                1 => { let _ = x.body(BodyPiece::Filled(n)); }
                2 => { let _ = x.body(BodyPiece::Owned("zz".into())); }
                3 => x.wrote(0),
                4 => { let mut input = x.input(); input.skip(n); }
                5 => x.read(n.min(1 << 20)),
                6 => x.wrote(n),
                7 => { let _ = x.poll(); }
                _ => {
                    // The source is asked for as often as it is wanted, which nonsense makes more often than it should be.
                    if sim.pieces.is_empty() { sim.pieces.push(BodyPiece::End); }
                    sim.step(step);
                }
            }
        }
        let _ = (sim.exchange.is_reusable(), sim.exchange.is_repeatable(), sim.exchange.wants());
    }
}
