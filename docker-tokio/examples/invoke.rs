//! Any operation of the Engine API from the command line: `invoke ContainerLogs id=web stdout=1 follow=1`.
//!
//! ```text
//! cargo run -p docker-tokio --example invoke -- --help
//! ```

#[path = "../../docker-proto/examples/shared/invoke/mod.rs"]
mod shared;

use docker_tokio::{Body, Docker, session::PoolLimits};
use shared::{Command, Outcome, Printer, Source, Stop, Verb};
use tokio::io::{copy, stdin};

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let done = match Command::from_args(&[]) {
        Ok(command) => run(command).await,
        Err(stop) => Err(stop),
    };
    shared::exit(done)
}

async fn run(command: Command) -> Result<(), Stop> {
    let Command { endpoint, config, invoke, verb, .. } = command;
    let docker = Docker::new(endpoint, config, PoolLimits::default());
    let mut outcome = Outcome::new(&invoke, &verb)?;

    let mut items = match verb {
        Verb::Begin => docker.begin(invoke),
        Verb::Upload(source) => docker.upload(invoke, body(source)),
        Verb::Open { stdin: wanted } => {
            let (items, mut input) = docker.open(invoke).await?.split();
            if wanted {
                // A process may end without reading all of its input, so that neither can fail the call.
                tokio::spawn(async move {
                    let _ = copy(&mut stdin(), &mut input).await;
                    let _ = input.close().await;
                });
            }
            items
        }
    };
    let mut printer = Printer::default();
    while let Some(item) = items.next().await {
        printer.print(item)?;
    }
    drop(items);

    while let Some(question) = outcome.question() {
        let pause = outcome.answer(docker.begin(question).collect().await)?;
        tokio::time::sleep(pause).await;
    }
    printer.finish()
}

fn body(source: Source) -> Body {
    match source {
        Source::Stdin => Body::reader(stdin()),
        Source::File(file, Some(length)) => Body::reader(tokio::fs::File::from_std(file)).length(length),
        Source::File(file, None) => Body::reader(tokio::fs::File::from_std(file)),
    }
}
