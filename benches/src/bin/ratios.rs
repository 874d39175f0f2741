//! Ours beside by hand, as a table: `cargo run -p docker-benches --release --bin ratios [ROUNDS]`.

use bytes::Bytes;
use docker_benches::side_by_side::{Contender, best_of, contender};
use docker_benches::{block, exchange, frames, head, json};
use std::env;

/// What a row claims to be within.
enum Budget {
    Nanoseconds(f64),
    Ratio(f64),
    None,
}

fn main() {
    // Enough for a quiet moment of each contender; takes some seconds.
    let rounds = env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(500);
    println!("| work | per | by hand | ours | ratio | budget | |");
    println!("|---|---|---|---|---|---|---|");
    frame_rows(rounds);
    json_rows(rounds);
    head_row(rounds);
    exchange_rows(rounds);
}

fn frame_rows(rounds: usize) {
    for size in frames::SIZES {
        let sample = frames::sample(size);
        let count = frames::walk(&sample).pieces;
        assert_eq!(frames::walk(&sample), frames::borrowed(&mut block(&sample)));
        assert_eq!(frames::walk(&sample), frames::owned(&mut block(&sample)));
        let times = best_of(
            rounds,
            &mut [
                // As warm as the others' bytes: copied just now.
                contender(|| sample.clone(), |s| frames::walk(s)),
                contender(|| block(&sample), frames::borrowed),
                contender(|| Bytes::from(sample.clone()), |s| frames::walk_owned(s)),
                contender(|| block(&sample), frames::owned),
            ],
        );
        let ns: Vec<f64> = times.iter().map(|t| t.as_secs_f64() * 1e9 / count as f64).collect();
        let small = size <= 1024;
        let budget = |n| if small { Budget::Nanoseconds(n) } else { Budget::None };
        row(&format!("frames of {size} B, borrowed"), "frame", ns[0], ns[1], &budget(9.0));
        row(&format!("frames of {size} B, owned"), "frame", ns[2], ns[3], &budget(25.0));
    }
}

fn json_rows(rounds: usize) {
    let sample = json::sample();
    let count = json::lines(&sample);
    assert_eq!([json::texts(&mut block(&sample)), json::serde(&sample), json::typed(&mut block(&sample))], [count; 3]);
    let times = best_of(
        rounds,
        &mut [
            contender(|| sample.clone(), |s| json::lines(s)),
            contender(|| block(&sample), json::texts),
            contender(|| sample.clone(), |s| json::serde(s)),
            contender(|| block(&sample), json::typed),
        ],
    );
    let ns: Vec<f64> = times.iter().map(|t| t.as_secs_f64() * 1e9 / count as f64).collect();
    let size = sample.len() / count;
    row(&format!("events of {size} B, undecoded / newline split"), "event", ns[0], ns[1], &Budget::Ratio(2.0));
    row(&format!("events of {size} B, typed / serde_json"), "event", ns[2], ns[3], &Budget::Ratio(1.2));
}

fn head_row(rounds: usize) {
    // One head is too short to be timed.
    const HEADS: usize = 200;
    assert_eq!(head::httparse(head::HEAD), head::exchange(head::request(), head::HEAD));
    let requests = || (0..HEADS).map(|_| head::request()).collect::<Vec<_>>();
    let by_hand: Contender<'_> =
        contender(|| (), |()| (0..HEADS).map(|_| head::httparse(std::hint::black_box(head::HEAD)).1).sum::<usize>());
    let ours = contender(requests, |r| r.drain(..).map(|r| head::exchange(r, head::HEAD).1).sum::<usize>());
    let times = best_of(rounds, &mut [by_hand, ours]);
    let ns: Vec<f64> = times.iter().map(|t| t.as_secs_f64() * 1e9 / HEADS as f64).collect();
    row("head: exchange / httparse alone", "head", ns[0], ns[1], &Budget::None);
}

fn exchange_rows(rounds: usize) {
    let sample = exchange::sample();
    let found = exchange::by_hand(&sample);
    // Frames that a read cut in two are two pieces; by hand they are waited for.
    assert_eq!([exchange::copied(&sample).bytes, exchange::items(&sample).bytes], [found.bytes; 2]);
    let times = best_of(
        rounds,
        &mut [
            contender(|| (), |()| exchange::by_hand(&sample)),
            contender(|| (), |()| exchange::copied(&sample)),
            contender(|| (), |()| exchange::items(&sample)),
        ],
    );
    let ns: Vec<f64> = times.iter().map(|t| t.as_secs_f64() * 1e9 / found.pieces as f64).collect();
    let size = exchange::PAYLOAD;
    // 0.8 of the throughput of the loop.
    row(&format!("chunked frames of {size} B, copied"), "frame", ns[0], ns[1], &Budget::Ratio(1.25));
    row(&format!("chunked frames of {size} B, items"), "frame", ns[0], ns[2], &Budget::None);
}

fn row(work: &str, per: &str, by_hand: f64, ours: f64, budget: &Budget) {
    let ratio = ours / by_hand;
    let (limit, kept) = match *budget {
        Budget::Nanoseconds(n) => (format!("{n} ns"), Some(ours <= n)),
        Budget::Ratio(n) => (format!("{n}x"), Some(ratio <= n)),
        Budget::None => (String::new(), None),
    };
    let kept = match kept {
        Some(true) => "kept",
        Some(false) => "missed",
        None => "",
    };
    println!("| {work} | {per} | {by_hand:.1} ns | {ours:.1} ns | {ratio:.2}x | {limit} | {kept} |");
}
