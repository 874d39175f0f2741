//! Runs a decoder over every cut of its input, and sees to it that the cuts make no difference.
//!
//! A peer's bytes arrive in pieces of any size, so a decoder that is right for whole inputs only is wrong. [`every_cut`]
//! runs a [`Vector`] whole, byte by byte, cut once at every position and at random; and it ends the input after every
//! prefix, where a decoder must say that something is missing, unless the vector says that the prefix is complete.

use crate::wire::{Decode, Input, Piece, RecvBuf, StreamKind};
use crate::{Error, ErrorKind};
use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;
use bytes::Bytes;
use core::fmt::{self, Debug};

/// How many random sets of cuts [`every_cut`] tries, always the same ones.
pub const ROUNDS: usize = 64;

/// Calls in a row that may bring nothing forward before a decoder counts as stuck.
const STUCK: usize = 1000;

/// Where, short of its end, an input may stop and be a complete message all the same. Offset 0 is the empty input.
#[derive(Clone, Debug)]
pub enum Ends {
    /// Nowhere: even an empty input is incomplete.
    Nowhere,
    /// After every byte and before the first.
    Everywhere,
    /// After so many bytes each.
    At(Cow<'static, [usize]>),
    /// After the bytes for which this is true.
    After(fn(&[u8]) -> bool),
}

impl Ends {
    /// After so many bytes each.
    #[inline]
    pub fn at(offsets: &'static [usize]) -> Self {
        Self::At(Cow::Borrowed(offsets))
    }

    #[inline]
    fn has(&self, prefix: &[u8]) -> bool {
        match self {
            Self::Nowhere => false,
            Self::Everywhere => true,
            Self::At(offsets) => offsets.contains(&prefix.len()),
            Self::After(complete) => complete(prefix),
        }
    }
}

/// Something that came out of a decoder, normalised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seen<N> {
    /// An item, or several that count as one.
    Item(N),
    /// An error that concerned one item: its class, its message and the bytes attached to it.
    Error(ErrorKind, String, Option<Bytes>),
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// As a complete message.
    Clean,
    /// With a final error of this class and message. The bytes attached to it are not compared: how many of them had
    /// arrived may depend on the cut.
    Error(ErrorKind, String),
}

/// An input, what must come out of it, and where it may stop.
#[derive(Clone, Debug)]
pub struct Vector<N> {
    name: &'static str,
    bytes: Cow<'static, [u8]>,
    ends_here: Ends,
    wanted: Vec<Wanted<N>>,
    end: Option<(ErrorKind, &'static str)>,
}

#[derive(Clone, Debug)]
enum Wanted<N> {
    Item(N),
    Error(ErrorKind, &'static str),
}

impl<N: PartialEq + Debug> Vector<N> {
    /// A vector without items that ends cleanly, and does so nowhere earlier.
    #[inline]
    pub fn new(name: &'static str, bytes: impl Into<Cow<'static, [u8]>>) -> Self {
        Self { name, bytes: bytes.into(), ends_here: Ends::Nowhere, wanted: Vec::new(), end: None }
    }

    /// Says where the input may stop early.
    #[must_use]
    #[inline]
    pub fn ends_here(mut self, ends: Ends) -> Self {
        self.ends_here = ends;
        self
    }

    /// Wants this item next.
    #[must_use]
    #[inline]
    pub fn item(mut self, item: impl Into<N>) -> Self {
        self.wanted.push(Wanted::Item(item.into()));
        self
    }

    /// Wants an item error next, of this class and with this in its message.
    #[must_use]
    #[inline]
    pub fn item_error(mut self, kind: ErrorKind, message: &'static str) -> Self {
        self.wanted.push(Wanted::Error(kind, message));
        self
    }

    /// Wants the run to end with a final error, of this class and with this in its message.
    #[must_use]
    #[inline]
    pub fn error(mut self, kind: ErrorKind, message: &'static str) -> Self {
        self.end = Some((kind, message));
        self
    }

    #[inline]
    fn check(&self, run: &Run<N>) {
        let fits = |(seen, wanted): (&Seen<N>, &Wanted<N>)| match (seen, wanted) {
            (Seen::Item(a), Wanted::Item(b)) => a == b,
            (Seen::Error(a, text, _), Wanted::Error(b, part)) => a == b && text.contains(part),
            _ => false,
        };
        let ends = match (&run.end, &self.end) {
            (End::Clean, None) => true,
            (End::Error(a, text), Some((b, part))) => a == b && text.contains(part),
            _ => false,
        };
        assert!(
            run.seen.len() == self.wanted.len() && run.seen.iter().zip(&self.wanted).all(fits) && ends,
            "{}, whole\n    got {run:?}\n wanted {:?}, end {:?}",
            self.name,
            self.wanted,
            self.end
        );
    }
}

struct Run<N> {
    seen: Vec<Seen<N>>,
    end: End,
}

impl<N: PartialEq> PartialEq for Run<N> {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        self.seen == other.seen && self.end == other.end
    }
}

impl<N: Debug> Debug for Run<N> {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}, end {:?}", self.seen, self.end)
    }
}

/// Runs the decoder that `make` makes over every cut of the vector. Returns at how many positions short of its end the
/// input stopped and was complete, for a test to count.
///
/// `fold` appends an item to what was seen, or merges it into the last entry where the cut decides how much of something
/// is one item: [`each`] and [`pieces`] are two such.
///
/// # Panics
/// When any run differs from the vector or from the run over the whole input; when a prefix is complete and the vector
/// does not say so, or the reverse; when a decoder forgets a final error, gets stuck, or leaves input behind at the end.
#[inline]
pub fn every_cut<D, N>(make: impl Fn() -> D, vector: &Vector<N>, fold: impl Fn(&mut Vec<Seen<N>>, D::Item)) -> usize
where
    D: Decode,
    N: PartialEq + Debug,
{
    let (name, bytes) = (vector.name, &*vector.bytes);
    let run = |bytes: &[u8], cut: &[usize]| run(make(), bytes, cut, &fold, name);
    let whole = run(bytes, &[]);
    vector.check(&whole);
    for cut in cuts(bytes.len(), ROUNDS) {
        let other = run(bytes, &cut);
        assert!(other == whole, "{name}, cut at {cut:?}\n    got {other:?}\n  whole {whole:?}");
    }
    let mut complete = 0;
    for n in 0..bytes.len() {
        let prefix = &bytes[..n];
        let short = run(prefix, &[]);
        let (clean, wanted) = (short.end == End::Clean, vector.ends_here.has(prefix));
        assert!(
            clean == wanted,
            "{name}, stopped after {n} bytes: complete is {clean}, not {wanted}\n    got {short:?}"
        );
        let last = run(prefix, n.checked_sub(1).as_slice());
        assert!(last == short, "{name}, stopped after {n} bytes\n  whole {short:?}\n    cut {last:?}");
        complete += usize::from(clean);
    }
    complete
}

/// Sets of positions to cut an input of `len` bytes at: between any two bytes, each position alone, and `rounds` random
/// sets, the same ones each time.
#[inline]
pub fn cuts(len: usize, rounds: usize) -> impl Iterator<Item = Vec<usize>> {
    let mut random = 0x9E37_79B9_7F4A_7C15u64;
    let mut below = move |n: usize| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        // The remainder is below `n`, a `usize`.
        (random % n.max(1) as u64) as usize
    };
    let at_random = (0..rounds).map(move |_| {
        let longest = match below(3) {
            0 => 3,
            1 => 16,
            _ => len,
        };
        let mut cut = Vec::new();
        let mut at = 1 + below(longest);
        while at < len {
            cut.push(at);
            at += 1 + below(longest);
        }
        cut
    });
    core::iter::once((1..len).collect()).chain((1..len).map(|at| Vec::from([at]))).chain(at_random)
}

#[inline]
fn run<D: Decode, N>(
    mut decoder: D,
    bytes: &[u8],
    cut: &[usize],
    fold: &impl Fn(&mut Vec<Seen<N>>, D::Item),
    name: &str,
) -> Run<N> {
    let mut block = RecvBuf::new();
    let mut seen = Vec::new();
    let mut from = 0;
    for &to in cut.iter().chain([&bytes.len()]) {
        block.push(&bytes[from..to]);
        from = to;
        let mut idle = 0;
        loop {
            let before = block.len();
            let mut left = before;
            let result = decoder.decode(&mut Input::new(&mut block, &mut left));
            idle = if left < before { 0 } else { idle + 1 };
            assert!(idle < STUCK, "{name}, cut at {cut:?}: the decoder makes no progress at {} bytes", from - left);
            match step(result, &mut seen, fold) {
                Step::More => {}
                Step::Dry => break,
                Step::Failed(error) => {
                    let again = decoder.decode(&mut Input::new(&mut block, &mut left)).err();
                    let finish = decoder.finish().err();
                    return Run { seen, end: sticky(error, [again, finish], name) };
                }
            }
        }
    }
    for _ in 0..STUCK {
        match step(decoder.finish(), &mut seen, fold) {
            Step::More => {}
            Step::Dry => {
                assert!(block.is_empty(), "{name}, cut at {cut:?}: {} bytes are left behind", block.len());
                return Run { seen, end: End::Clean };
            }
            Step::Failed(error) => {
                let again = decoder.finish().err();
                let decode = decoder.decode(&mut Input::new(&mut block, &mut 0)).err();
                return Run { seen, end: sticky(error, [again, decode], name) };
            }
        }
    }
    panic!("{name}, cut at {cut:?}: `finish` does not come to an end");
}

enum Step {
    More,
    Dry,
    Failed(Error),
}

#[inline]
fn step<I, N>(result: crate::Result<Option<I>>, seen: &mut Vec<Seen<N>>, fold: &impl Fn(&mut Vec<Seen<N>>, I)) -> Step {
    match result {
        Ok(Some(item)) => fold(seen, item),
        Ok(None) => return Step::Dry,
        Err(error) if error.is_final() => return Step::Failed(error),
        Err(error) => seen.push(Seen::Error(error.kind(), error.message().into(), error.raw().cloned())),
    }
    Step::More
}

#[inline]
fn sticky(error: Error, later: [Option<Error>; 2], name: &str) -> End {
    for later in later {
        let same =
            later.as_ref().is_some_and(|e| e.is_final() && e.kind() == error.kind() && e.message() == error.message());
        assert!(same, "{name}: {error:?} is followed by {later:?}");
    }
    End::Error(error.kind(), error.message().into())
}

/// A fold for items that are the same at any cut: each is seen as itself.
#[inline]
pub fn each<N>(seen: &mut Vec<Seen<N>>, item: N) {
    seen.push(Seen::Item(item));
}

/// A fold for output: adjoining pieces of the same stream are seen as one.
#[inline]
pub fn pieces(seen: &mut Vec<Seen<(StreamKind, Vec<u8>)>>, piece: Piece) {
    match seen.last_mut() {
        Some(Seen::Item((stream, bytes))) if *stream == piece.stream => bytes.extend_from_slice(&piece.bytes),
        _ => seen.push(Seen::Item((piece.stream, piece.bytes.to_vec()))),
    }
}
