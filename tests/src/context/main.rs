//! What of a directory is sent to a build: asked of the docker command line, and of our own `Body::context`.
//!
//! `context [--trees N] [--seed N] COMMAND...` makes random trees with random ignore files, has the command (a docker
//! command line with the classic builder, as `tests/engines cli d28`) build each at a scripted engine, and compares what
//! the engine got with what our own packing sends of it. The trees follow from the seed, which is printed with a failure.
//! Exits with 1 if one differs.
//!
//! Trees have empty folders, FIFOs, sockets, links to nowhere and to folders, files without permissions and names that are
//! no UTF-8. The superuser may read files without permissions, so only as another user it is seen how those are refused:
//! by both, unless they are left out. `setpriv --reuid=65534 --clear-groups context PATH/TO/docker` is such a run.

mod capture;
mod chance;
#[expect(dead_code, reason = "it is the suite's, which uses all of it")]
#[path = "../peer.rs"]
mod peer;
mod tree;

use capture::{Captured, names};
use chance::Chance;
use docker_blocking::Body;
use docker_proto::api::build::FromTar;
use docker_proto::jobs::Content;
use docker_proto::wire::BodyPiece;
use std::collections::BTreeSet;
use std::process::ExitCode;
use std::task::{self, Poll, Waker};
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
        let ours = Body::context(&tree.path).prepare(FromTar::new().dockerfile(&*tree.dockerfile));
        let ours = ours.map_err(|e| e.to_string()).and_then(|(_, content)| packed(content));
        match (theirs, ours) {
            (Err(_), Err(_)) => refused += 1,
            (Ok(theirs), Ok(ours)) => {
                // Nor can the whole tree be read if something in it is left out for that.
                let all = packed(Body::directory(&tree.path).into()).map_or(ours.len(), |all| all.len());
                (sent, left) = (sent + ours.len(), left + all - ours.len());
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
                println!("  we: {}", ours.err().unwrap_or_else(|| "took it".into()));
            }
        }
    }
    let trees = arguments.trees;
    println!("{trees} trees: {sent} paths sent, {left} left out; {refused} refused by both; {failed} differ");
    if trees >= 20 && (sent == 0 || left == 0) {
        return Err("nothing was compared".into());
    }
    Ok(failed == 0)
}

/// The paths in a tar of ours.
fn packed(content: Content) -> Result<BTreeSet<String>, String> {
    let (mut source, mut room, mut tar) = (content.into_source(), vec![0; 64 * 1024], Vec::new());
    let mut cx = task::Context::from_waker(Waker::noop());
    loop {
        match source.poll_piece(&mut cx, &mut room) {
            Poll::Ready(Ok(BodyPiece::Filled(n))) => tar.extend_from_slice(&room[..n]),
            Poll::Ready(Ok(BodyPiece::Owned(bytes))) => tar.extend_from_slice(&bytes),
            Poll::Ready(Ok(_)) => return names(&tar).map_err(|e| e.to_string()),
            Poll::Ready(Err(e)) => return Err(e.to_string()),
            Poll::Pending => return Err("a directory that waits".into()),
        }
    }
}

fn report(seed: u64, tree: &Tree) {
    println!("FAILED: seed {seed}, Dockerfile {:?}, ignore file {:?}", tree.dockerfile, tree.ignore);
}
