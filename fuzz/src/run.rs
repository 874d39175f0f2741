//! Runs a decoder over one set of cuts and sees to everything that must hold on the way.

use crate::cut;
use docker_proto::testkit::{End, Seen};
use docker_proto::wire::{Decode, Input, RecvBuf, limits};
use docker_proto::{Error, ErrorKind};

/// What came out of a decoder.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Run<N> {
    pub(crate) seen: Vec<Seen<N>>,
    pub(crate) end: End,
}

impl<N> Run<N> {
    /// The class of the final error, if there was one.
    pub(crate) fn kind(&self) -> Option<ErrorKind> {
        match &self.end {
            End::Clean => None,
            End::Error(kind, _) => Some(*kind),
        }
    }
}

/// Decodes `data` cut at `set`. `check` looks at the decoder whenever it has asked for more.
///
/// # Panics
/// If the decoder leaves input behind that it would be shown again, takes more steps than the input has bytes, keeps its
/// block beyond the limit, or forgets a final error.
pub(crate) fn run<D: Decode, N>(
    decoder: &mut D,
    data: &[u8],
    set: &[usize],
    fold: impl Fn(&mut Vec<Seen<N>>, D::Item),
    check: impl Fn(&D),
) -> Run<N> {
    let mut block = RecvBuf::new();
    let mut seen = Vec::new();
    // Every step but one for each piece and one at the end brings an item, for which at least one byte was consumed.
    let mut steps = data.len() + set.len() + 3;
    let mut step = || {
        steps = steps.checked_sub(1).unwrap_or_else(|| panic!("more steps than {} bytes allow", data.len()));
    };
    for piece in cut::pieces(data, set) {
        block.push(piece);
        loop {
            step();
            let mut left = block.len();
            match decoder.decode(&mut Input::new(&mut block, &mut left)) {
                Ok(Some(item)) => fold(&mut seen, item),
                Ok(None) => break,
                Err(e) if e.is_final() => return ended(decoder, seen, e),
                Err(e) => seen.push(item_error(&e)),
            }
        }
        assert!(block.is_empty(), "{} bytes were left in the input, to be looked at again", block.len());
        assert!(block.room().len() <= limits::MAX_BLOCK, "the block outgrew its limit");
        check(decoder);
    }
    loop {
        step();
        match decoder.finish() {
            Ok(Some(item)) => fold(&mut seen, item),
            Ok(None) => return Run { seen, end: End::Clean },
            Err(e) if e.is_final() => return ended(decoder, seen, e),
            Err(e) => seen.push(item_error(&e)),
        }
    }
}

fn item_error<N>(e: &Error) -> Seen<N> {
    Seen::Error(e.kind(), e.message().into(), e.raw().cloned())
}

fn ended<D: Decode, N>(decoder: &mut D, seen: Vec<Seen<N>>, e: Error) -> Run<N> {
    let mut block = RecvBuf::from(&b"more"[..]);
    for again in [decoder.decode(&mut Input::new(&mut block, &mut 4)).err(), decoder.finish().err()] {
        let same = again.as_ref().is_some_and(|a| a.is_final() && a.kind() == e.kind() && a.message() == e.message());
        assert!(same, "{e:?} was followed by {again:?}");
    }
    Run { seen, end: End::Error(e.kind(), e.message().into()) }
}

/// Calls `once` for the whole input and for every set of cuts, and wants the same each time.
pub(crate) fn at_any_cut<R: PartialEq + std::fmt::Debug>(data: &[u8], once: impl Fn(&[usize]) -> R) -> R {
    let whole = once(&[]);
    for set in cut::sets(data) {
        let cut = once(&set);
        assert!(cut == whole, "the cuts {set:?} make a difference\n  whole {whole:?}\n    cut {cut:?}");
    }
    whole
}
