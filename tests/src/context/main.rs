//! What of a directory is sent to a build: asked of the docker command line, and of our own [`Ignore`].
//!
//! `context [--trees N] [--seed N] COMMAND...` makes random trees with random ignore files, has the command (a docker
//! command line with the classic builder, as `tests/engines cli d28`) build each at a scripted engine, and compares what
//! the engine got with a walk of our own. The trees follow from the seed, which is printed with a failure. Exits with 1 if
//! one differs.
//!
//! Trees have empty folders, FIFOs, sockets, links to nowhere and to folders, files without permissions and names that are
//! no UTF-8. The superuser may read files without permissions, so as root nothing is seen of how those are refused.

mod capture;
mod chance;
#[expect(dead_code, reason = "it is the suite's, which uses all of it")]
#[path = "../peer.rs"]
mod peer;
mod tree;
mod walk;

use capture::Captured;
use chance::Chance;
use docker_proto::build::Ignore;
use std::process::ExitCode;
use tree::Tree;

type Failure = Box<dyn std::error::Error>;

fn main() -> ExitCode {
    match arguments().and_then(|arguments| compare(&arguments)) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(e) => {
            eprintln!("context: {e}");
            ExitCode::from(2)
        }
    }
}

struct Arguments {
    trees: u64,
    seed: u64,
    command: Vec<String>,
}

fn arguments() -> Result<Arguments, Failure> {
    let mut found = Arguments { trees: 50, seed: 1, command: Vec::new() };
    let mut rest = std::env::args().skip(1).peekable();
    while let Some(flag) = rest.next_if(|a| a.starts_with("--")) {
        let value = rest.next().ok_or_else(|| format!("{flag} needs a value"))?.parse()?;
        match &*flag {
            "--trees" => found.trees = value,
            "--seed" => found.seed = value,
            _ => return Err(format!("unknown argument {flag}").into()),
        }
    }
    found.command = rest.collect();
    if found.command.is_empty() {
        return Err("which docker command line? as `context tests/engines cli d28`".into());
    }
    Ok(found)
}

fn compare(arguments: &Arguments) -> Result<bool, Failure> {
    let captured = Captured::listen()?;
    // What was seen at all: a comparison in which nothing is left out, or nothing kept, compares nothing.
    let (mut sent, mut left, mut refused, mut failed) = (0, 0, 0, 0);
    for seed in arguments.seed..arguments.seed.saturating_add(arguments.trees) {
        let mut chance = Chance::new(seed);
        let tree = Tree::random(&mut chance)?;
        let theirs = captured.build(&arguments.command, &tree)?;
        let ours = Ignore::parse(&tree.ignore).map(|ignore| ignore.keep(&tree.dockerfile).keep(".dockerignore"));
        match (theirs, ours) {
            (Err(_), Err(_)) => refused += 1,
            (Ok(theirs), Ok(ignore)) => {
                let (ours, all) = (walk::sent(&tree.path, &ignore)?, walk::sent(&tree.path, &Ignore::new())?);
                (sent, left) = (sent + ours.len(), left + all.len() - ours.len());
                if ours != theirs {
                    failed += 1;
                    report(seed, &tree);
                    theirs.difference(&ours).for_each(|path| println!("  only the command line: {path}"));
                    ours.difference(&theirs).for_each(|path| println!("  only we: {path}"));
                }
            }
            (theirs, ours) => {
                failed += 1;
                report(seed, &tree);
                println!("  the command line: {}", theirs.err().unwrap_or_else(|| "took it".into()));
                println!("  we: {}", ours.err().map_or_else(|| "took it".into(), |e| e.to_string()));
            }
        }
    }
    let trees = arguments.trees;
    println!(
        "{trees} trees: {sent} paths sent, {left} left out; {refused} ignore files refused by both; {failed} differ"
    );
    if trees >= 20 && (sent == 0 || left == 0) {
        return Err("nothing was compared".into());
    }
    Ok(failed == 0)
}

fn report(seed: u64, tree: &Tree) {
    println!("FAILED: seed {seed}, Dockerfile {:?}, ignore file {:?}", tree.dockerfile, tree.ignore);
}
