//! Any operation of the Engine API from the command line: `invoke ContainerLogs id=web stdout=1 follow=1`.
//!
//! ```text
//! cargo run -p docker-blocking --example invoke -- --help
//! ```

#[path = "../../docker-proto/examples/shared/invoke/mod.rs"]
mod shared;

use docker_blocking::{Body, Docker, session::PoolLimits};
use shared::{Command, Outcome, Printer, Source, Stop, Verb};
use std::io::{copy, stdin};
use std::thread;

fn main() {
    shared::exit(Command::from_args(&[]).and_then(run))
}

fn run(command: Command) -> Result<(), Stop> {
    let Command { endpoint, config, invoke, verb, .. } = command;
    let docker = Docker::new(endpoint, config, PoolLimits::default());
    let mut outcome = Outcome::new(&invoke, &verb)?;

    let items = match verb {
        Verb::Begin => docker.begin(invoke),
        Verb::Upload(source) => docker.upload(invoke, body(source)),
        Verb::Open { stdin: wanted } => {
            let (items, mut input) = docker.open(invoke)?.split();
            if wanted {
                // A process may end without reading all of its input, so that neither can fail the call.
                thread::spawn(move || {
                    let _ = copy(&mut stdin().lock(), &mut input);
                    let _ = input.close();
                });
            }
            items
        }
    };
    let mut printer = Printer::default();
    for item in items {
        printer.print(item)?;
    }

    while let Some(question) = outcome.question() {
        let pause = outcome.answer(docker.begin(question).collect())?;
        thread::sleep(pause);
    }
    printer.finish()
}

fn body(source: Source) -> Body {
    match source {
        Source::Stdin => Body::reader(stdin()),
        Source::File(file, Some(length)) => Body::reader(file).length(length),
        Source::File(file, None) => Body::reader(file),
    }
}
