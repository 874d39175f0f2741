//! Reads an answer through an [`Exchange`], as a driver would that has it in its hand.

use crate::cut;
use crate::naive::answer::{Answer, Head};
use docker_proto::wire::{Event, Exchange, Method, RecvBuf, Request, RequestBody, RequestHead, ResponseHead, limits};

/// A request that is answered.
pub(crate) fn request(method: Method, upgrade: bool, body: RequestBody) -> Request {
    let mut head = RequestHead::new(method, "/x").expect("a path");
    if upgrade {
        head.upgrade("tcp").expect("a token");
    }
    head.finish(body)
}

/// What an exchange makes of the answer `data` cut at `set`. The parts that are not seen are left at their defaults.
///
/// # Panics
/// If the exchange gets stuck, takes more polls than the input has bytes, or keeps more than its limits allow.
pub(crate) fn read(method: Method, upgrade: bool, data: &[u8], set: &[usize]) -> Answer {
    let mut exchange = Exchange::start(request(method, upgrade, RequestBody::None), RecvBuf::new());
    let mut pieces = cut::pieces(data, set);
    let mut piece = pieces.next().unwrap_or_default();
    let (mut out, mut fed, mut ended) = (Answer::default(), 0, false);
    // A poll either asks for input or brings something: a head, the end, or data of at least one byte.
    let mut polls = 2 * data.len() + 2 * set.len() + 8;
    loop {
        polls = polls.checked_sub(1).unwrap_or_else(|| panic!("more polls than {} bytes allow", data.len()));
        match exchange.poll() {
            Ok(Event::NeedIo) => {
                let wants = exchange.wants();
                let wrote = wants.write.map_or(0, |parts| parts.iter().map(|p| p.len()).sum());
                let room = wants.read.unwrap_or_else(|| panic!("the exchange waits, but not for input"));
                assert!(!ended, "the exchange waits behind the end of its input");
                assert!(!room.is_empty() && room.len() <= limits::MAX_BLOCK, "room of {} bytes", room.len());
                if piece.is_empty() {
                    piece = pieces.next().unwrap_or_default();
                }
                let n = piece.len().min(room.len());
                let (now, later) = piece.split_at(n);
                room[..n].copy_from_slice(now);
                piece = later;
                fed += n;
                exchange.wrote(wrote);
                exchange.flushed();
                exchange.read(n);
                ended = n == 0;
            }
            Ok(Event::Head(head)) => out.head = Some(seen(&head)),
            Ok(Event::Upgraded(head)) => {
                out.head = Some(seen(&head));
                out.upgraded = true;
            }
            Ok(Event::Data) => {
                let mut input = exchange.input();
                assert!(!input.is_empty(), "data of no bytes");
                // Whether it is taken in parts makes no difference.
                let n = input.len().div_ceil(2);
                out.body.extend_from_slice(&input.take(n));
            }
            Ok(Event::End) => {
                out.keeps_alive = exchange.is_reusable();
                let left = exchange.into_recv().len();
                out.length = (!ended).then_some(fed - left);
                // Bytes behind the message are kept, and spoil the connection.
                assert!(left == 0 || !out.keeps_alive, "a connection with {left} stray bytes is kept");
                return out;
            }
            Ok(other) => panic!("another event: {other:?}"),
            Err(e) => {
                let again = exchange.poll().expect_err("errors are final");
                assert_eq!((again.kind(), again.message()), (e.kind(), e.message()), "another error came later");
                assert!(e.is_final() && !exchange.is_reusable());
                out.end = Some(e.kind());
                return out;
            }
        }
    }
}

pub(crate) fn seen(head: &ResponseHead) -> Head {
    let fields = head.fields().map(|(name, value)| (name.into(), value.into())).collect();
    Head { status: head.status(), http11: head.is_http11(), fields }
}

/// Reads `data` at any cut and wants what the naive decoder says.
pub(crate) fn check(method: Method, upgrade: bool, data: &[u8]) {
    let wanted = crate::naive::answer::answer(data, method, upgrade);
    for set in std::iter::once(Vec::new()).chain(cut::sets(data)) {
        let mut run = read(method, upgrade, data, &set);
        // A connection is kept if the head allows it and nothing stray was read behind the message.
        let kept = std::mem::replace(&mut run.keeps_alive, wanted.keeps_alive);
        run.skipped = wanted.skipped;
        assert!(run == wanted, "cut at {set:?}, other than the naive decoder\n    got {run:?}\n wanted {wanted:?}");
        let stray = wanted.length.is_none_or(|n| n < data.len());
        assert!(!kept || (wanted.keeps_alive && wanted.length.is_some()), "a connection is kept that must not be");
        assert!(kept || stray || !wanted.keeps_alive, "a connection is not kept");
    }
}
