//! Where an input is cut: always the same places for the same input.

/// Inputs up to this length are cut at every single position.
const EVERY: usize = 24;

/// Inputs up to this length are cut between any two bytes.
const LONG: usize = 8 * 1024;

/// A seed that depends on every byte of the input (FNV-1a).
fn seed(data: &[u8]) -> u64 {
    data.iter().fold(0xCBF2_9CE4_8422_2325, |h, &b| (h ^ u64::from(b)).wrapping_mul(0x0000_0100_0000_01B3))
}

/// Sets of positions to cut `data` at: between any two bytes, at some single positions, and at random.
pub(crate) fn sets(data: &[u8]) -> Vec<Vec<usize>> {
    let mut random = crate::random::Random::new(seed(data));
    let len = data.len();
    let step = if len <= LONG { 1 } else { 7 };
    let mut sets = vec![(1..len).step_by(step).collect::<Vec<_>>()];
    if len <= EVERY {
        sets.extend((1..len).map(|at| vec![at]));
    } else {
        sets.extend((0..3).map(|_| vec![1 + random.below(len - 1)]));
    }
    for longest in [3 * step, 64 * step, len] {
        let mut set = Vec::new();
        let mut at = 1 + random.below(longest);
        while at < len {
            set.push(at);
            at += 1 + random.below(longest);
        }
        sets.push(set);
    }
    sets
}

/// Some lengths shorter than that of `data`, the one before its end among them.
pub(crate) fn prefixes(data: &[u8]) -> Vec<usize> {
    let mut random = crate::random::Random::new(!seed(data));
    let Some(last) = data.len().checked_sub(1) else { return Vec::new() };
    vec![last, random.below(data.len()), random.below(data.len())]
}

/// The pieces of `data` between the cuts.
pub(crate) fn pieces<'a>(data: &'a [u8], set: &'a [usize]) -> impl Iterator<Item = &'a [u8]> {
    let mut from = 0;
    set.iter().copied().chain([data.len()]).map(move |to| {
        let piece = &data[from..to];
        from = to;
        piece
    })
}
