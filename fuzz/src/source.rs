//! Reads an input as a plan: numbers, choices and lengths. An input that is used up goes on with zeros.

/// A plan.
#[derive(Debug)]
pub(crate) struct Source<'a>(&'a [u8]);

impl<'a> Source<'a> {
    pub(crate) fn new(data: &'a [u8]) -> Self {
        Self(data)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn byte(&mut self) -> u8 {
        let Some((&first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        first
    }

    /// A number below `n`, which is at most 256.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        usize::from(self.byte()) % n
    }

    pub(crate) fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    /// The next `n` bytes of the plan itself, or what is left of it.
    pub(crate) fn take(&mut self, n: usize) -> &'a [u8] {
        let (now, later) = self.0.split_at(n.min(self.0.len()));
        self.0 = later;
        now
    }

    pub(crate) fn rest(&mut self) -> &'a [u8] {
        self.take(usize::MAX)
    }

    /// A length: small as a rule, at times beyond a block, rarely beyond the limits of 64 KiB.
    pub(crate) fn length(&mut self) -> usize {
        match self.byte() {
            b @ 0..=199 => usize::from(b % 40),
            b @ 200..=253 => usize::from(b - 199) * 40 + self.below(40),
            b => 60_000 + usize::from(b - 254) * 8_000 + self.below(256),
        }
    }

    /// So many bytes that do not use up the plan, all from `of`.
    pub(crate) fn filler(&mut self, n: usize, of: &[u8]) -> Vec<u8> {
        let mut state = u32::from(self.byte()) | 0x100;
        (0..n)
            .map(|_| {
                state = state.wrapping_mul(0x0001_9660).wrapping_add(0x3C6E_F35F);
                of[(state >> 16) as usize % of.len()]
            })
            .collect()
    }
}
