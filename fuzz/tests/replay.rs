//! The corpus, and some thousand random inputs, always the same ones.

use docker_fuzz::random::{self, Random};
use docker_fuzz::{TARGETS, corpus};
use std::panic::catch_unwind;

/// Random inputs per target. Without optimisation they take a few seconds.
const INPUTS: usize = 600;

#[test]
fn the_corpus() {
    for target in TARGETS {
        let seeds = corpus::read(target.name).expect("every target has a corpus");
        assert!(!seeds.is_empty(), "{}", target.name);
        for (name, bytes) in seeds {
            assert!(catch_unwind(|| (target.run)(&bytes)).is_ok(), "{}/{name}", target.name);
        }
    }
}

#[test]
fn random_inputs() {
    for target in TARGETS {
        let seeds: Vec<Vec<u8>> = corpus::read(target.name).expect("a corpus").into_iter().map(|(_, b)| b).collect();
        let mut random = Random::new(1);
        for n in 0..INPUTS {
            let input = random::input(&mut random, &seeds, target.words);
            assert!(catch_unwind(|| (target.run)(&input)).is_ok(), "{} {n}: {}", target.name, input.escape_ascii());
        }
    }
}

/// Inputs of length 0 and 1 are where plans and cuts have their edges.
#[test]
fn the_shortest_inputs() {
    for target in TARGETS {
        (target.run)(&[]);
        for byte in 0..=255 {
            (target.run)(&[byte]);
        }
    }
}
