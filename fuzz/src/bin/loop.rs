//! Fuzzes one target on stable, without libfuzzer: `cargo run -p docker-fuzz --release --bin loop -- TARGET SECONDS [SEED]`.
//!
//! Or replays an input: `... --bin loop -- TARGET FILE`. An input that violates an oracle is kept in `fuzz/artifacts`.

use docker_fuzz::random::{self, Random};
use docker_fuzz::{TARGETS, Target, corpus};
use std::error::Error;
use std::panic::catch_unwind;
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};
use std::{env, fs};

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let args: Vec<String> = env::args().skip(1).collect();
    let (Some(name), Some(what)) = (args.first(), args.get(1)) else {
        return Err("give a target, and seconds or a file".into());
    };
    let names = || TARGETS.map(|t| t.name).join(", ");
    let target = *TARGETS.iter().find(|t| t.name == name).ok_or_else(|| format!("targets are {}", names()))?;
    let Ok(seconds) = what.parse() else {
        (target.run)(&fs::read(what)?);
        println!("{name}: nothing found");
        return Ok(ExitCode::SUCCESS);
    };
    let seed = args.get(2).map_or(Ok(1), |s| s.parse())?;
    run(target, Duration::from_secs(seconds), seed)
}

fn run(target: Target, time: Duration, seed: u64) -> Result<ExitCode, Box<dyn Error>> {
    let seeds: Vec<Vec<u8>> = corpus::read(target.name)?.into_iter().map(|(_, bytes)| bytes).collect();
    let mut random = Random::new(seed);
    let begun = Instant::now();
    let (mut count, mut bytes) = (0u64, 0);
    // The seeds first, as they are.
    let mut queue = seeds.clone().into_iter();
    while begun.elapsed() < time {
        let input = queue.next().unwrap_or_else(|| random::input(&mut random, &seeds, target.words));
        count += 1;
        bytes += input.len();
        if catch_unwind(|| (target.run)(&input)).is_err() {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("artifacts").join(target.name);
            fs::create_dir_all(&folder)?;
            let file = folder.join(format!("{seed}-{count}"));
            fs::write(&file, &input)?;
            println!(
                "{}: found after {count} inputs, {:.1} s: {}",
                target.name,
                begun.elapsed().as_secs_f64(),
                file.display()
            );
            return Ok(ExitCode::FAILURE);
        }
    }
    println!("{}: nothing found in {count} inputs of {} bytes on average", target.name, bytes as u64 / count.max(1));
    Ok(ExitCode::SUCCESS)
}
