//! Measures contenders in turns, so that a machine that changes its mind changes it for all of them.

use std::hint::black_box;
use std::time::{Duration, Instant};

/// Something that does the work once and says how long that took, preparations excluded.
pub type Contender<'a> = Box<dyn FnMut() -> Duration + 'a>;

/// A contender that needs `prepare` done before each turn.
pub fn contender<'a, P, R>(
    mut prepare: impl FnMut() -> P + 'a,
    mut work: impl FnMut(&mut P) -> R + 'a,
) -> Contender<'a> {
    Box::new(move || {
        let mut prepared = prepare();
        let begun = Instant::now();
        black_box(work(black_box(&mut prepared)));
        begun.elapsed()
    })
}

/// The best time of each contender in so many rounds: what disturbs a run only ever makes it slower.
pub fn best_of(rounds: usize, contenders: &mut [Contender<'_>]) -> Vec<Duration> {
    let mut best = vec![Duration::MAX; contenders.len()];
    for _ in 0..rounds {
        for (best, contender) in best.iter_mut().zip(contenders.iter_mut()) {
            *best = contender().min(*best);
        }
    }
    best
}
