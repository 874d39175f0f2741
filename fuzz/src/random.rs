//! Random inputs without libfuzzer: seeds of the corpus and words of the target, mutated and mixed.

/// Longer than this no input is made from the corpus; what must be longer is made from a plan.
const LONGEST: usize = 700;

/// A generator of random numbers, always the same ones from the same seed (xorshift64*).
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// The generator with this seed.
    pub fn new(seed: u64) -> Self {
        Self((seed ^ 0x9E37_79B9_7F4A_7C15).max(1))
    }

    /// The next number.
    pub fn number(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    /// A number below `n`, or 0.
    pub fn below(&mut self, n: usize) -> usize {
        // The remainder is below `n`, a `usize`.
        (self.number() >> 11).checked_rem(n as u64).unwrap_or(0) as usize
    }

    fn pick<'a, T: ?Sized>(&mut self, of: &[&'a T]) -> Option<&'a T> {
        of.get(self.below(of.len())).copied()
    }
}

/// A new input.
pub fn input(random: &mut Random, corpus: &[Vec<u8>], words: &[&[u8]]) -> Vec<u8> {
    let mut out = match random.below(4) {
        // Bytes of any kind: as a plan, they choose evenly.
        0 => (0..random.below(200)).map(|_| random.number() as u8).collect(),
        1 => (0..random.below(12)).flat_map(|_| word(random, words)).collect(),
        _ => corpus.get(random.below(corpus.len())).cloned().unwrap_or_default(),
    };
    // One in eight stays as it is.
    for _ in 0..random.below(8) {
        mutate(random, &mut out, corpus, words);
    }
    out.truncate(LONGEST);
    out
}

fn word(random: &mut Random, words: &[&[u8]]) -> Vec<u8> {
    match random.below(3) {
        0 => vec![random.number() as u8],
        _ => random.pick(words).unwrap_or_default().to_vec(),
    }
}

fn mutate(random: &mut Random, out: &mut Vec<u8>, corpus: &[Vec<u8>], words: &[&[u8]]) {
    let at = random.below(out.len() + 1);
    let to = (at + random.below(17)).min(out.len());
    match random.below(7) {
        0 => {
            let word = word(random, words);
            out.splice(at..at, word);
        }
        1 => {
            let word = word(random, words);
            out.splice(at..to, word);
        }
        2 => drop(out.drain(at..to)),
        3 => out.extend_from_within(at..to),
        4 => out.truncate(at),
        5 => {
            if let Some(byte) = out.get_mut(at) {
                *byte = [byte.wrapping_add(1), byte.wrapping_sub(1), *byte ^ 1 << random.below(8), 0, 0xFF]
                    [random.below(5)];
            }
        }
        _ => {
            let other = corpus.get(random.below(corpus.len())).map_or(&[][..], Vec::as_slice);
            out.truncate(at);
            out.extend_from_slice(&other[random.below(other.len() + 1)..]);
        }
    }
}
