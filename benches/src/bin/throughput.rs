//! Logs over a socket, ours beside by hand, as a table: `cargo run -p docker-benches --release --bin throughput [ROUNDS [FILTER]]`.
//!
//! Two threads have to run at the same time, so this one wants a quiet machine with two cores. Beside the time there is
//! what the reading thread took of a processor, which others disturb less.

use docker_benches::frames::Found;
use docker_benches::socket::{self, Sample};
use std::env;
use std::hint::black_box;
use std::time::{Duration, Instant};

/// Output in a turn.
const BYTES: usize = 24 << 20;

/// Times of a turn: on the wall, and of a processor.
type Times = (Duration, Duration);
type Turn<'a> = Box<dyn FnMut() -> Times + 'a>;

fn main() {
    let rounds = env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(60);
    println!("| work | GB/s | of the loop | budget | CPU s/GB | of the loop |");
    println!("|---|---|---|---|---|---|");
    let runtime = socket::runtime();
    for (size, budget) in socket::SIZES.into_iter().zip([0.8, 0.9, 0.95]) {
        let sample = socket::sample(size, BYTES);
        let right = |found: Found| assert_eq!(found.bytes, sample.found.bytes);
        let turns: Vec<(&str, Option<f64>, Turn<'_>)> = vec![
            ("by hand", None, turn(&sample, |s| s, move |mut s| right(socket::by_hand(&mut s)))),
            ("by hand, tokio", None, {
                let runtime = &runtime;
                turn(&sample, |s| s, move |s| right(runtime.block_on(socket::by_hand_in(s))))
            }),
            ("copy_to, thread", Some(budget), turn(&sample, socket::blocking, move |d| right(socket::copied(&d)))),
            ("copy_to, tokio", Some(budget), {
                let runtime = &runtime;
                turn(&sample, socket::tokio, move |d| right(runtime.block_on(socket::copied_in(&d))))
            }),
            ("items, thread", None, turn(&sample, socket::blocking, move |d| right(socket::items(&d)))),
            ("batches, thread", None, turn(&sample, socket::blocking, move |d| right(socket::batches(&d)))),
            ("items, tokio", None, {
                let runtime = &runtime;
                turn(&sample, socket::tokio, move |d| right(runtime.block_on(socket::items_in(&d))))
            }),
        ];
        rows(rounds, &format!("frames of {size} B"), sample.found.bytes.iter().sum(), turns);
    }
    let sample = socket::sample(64, BYTES);
    let count = sample.found.pieces;
    let turns: Vec<(&str, Option<f64>, Turn<'_>)> = vec![
        ("by hand", None, turn(&sample, |s| s, |mut s| assert_eq!(socket::lines_by_hand(&mut s), count))),
        ("lines, thread", None, turn(&sample, socket::blocking, |d| assert_eq!(socket::lines(&d), count))),
    ];
    rows(rounds, "lines of 64 B", sample.found.bytes.iter().sum(), turns);
}

fn turn<'a, C>(
    sample: &'a Sample,
    client: impl Fn(std::os::unix::net::UnixStream) -> C + 'a,
    work: impl Fn(C) + 'a,
) -> Turn<'a> {
    Box::new(move || {
        let client = client(sample.serve());
        let (begun, cpu) = (Instant::now(), cpu());
        work(black_box(client));
        (begun.elapsed(), self::cpu().saturating_sub(cpu))
    })
}

/// What this thread has had of a processor.
fn cpu() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::try_from(time).unwrap_or_default()
}

fn rows(rounds: usize, what: &str, bytes: usize, mut turns: Vec<(&str, Option<f64>, Turn<'_>)>) {
    let filter = env::args().nth(2).unwrap_or_default();
    turns.retain(|(name, ..)| format!("{what}, {name}").contains(&filter));
    if turns.is_empty() {
        return;
    }
    let mut best = vec![(Duration::MAX, Duration::MAX); turns.len()];
    for _ in 0..rounds {
        for (best, (.., turn)) in best.iter_mut().zip(&mut turns) {
            let (wall, cpu) = turn();
            *best = (wall.min(best.0), cpu.min(best.1));
        }
    }
    let gb = bytes as f64 / 1e9;
    let (wall, cpu) = (best[0].0.as_secs_f64(), best[0].1.as_secs_f64());
    for ((name, budget, _), best) in turns.iter().zip(&best) {
        let (w, c) = (best.0.as_secs_f64(), best.1.as_secs_f64());
        let budget = match budget {
            Some(b) if wall / w >= *b => format!("{b}, kept"),
            Some(b) => format!("{b}, missed"),
            None => String::new(),
        };
        println!("| {what}, {name} | {:.2} | {:.2} | {budget} | {:.2} | {:.2} |", gb / w, wall / w, c / gb, c / cpu);
    }
}
