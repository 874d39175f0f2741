//! Any operation of the Engine API from the command line: `invoke ContainerLogs id=web stdout=1 follow=1`.
//!
//! ```text
//! cargo run -p docker-smol --example invoke -- --help
//! cargo run -p docker-smol --example invoke --features async-std -- --runtime async-std SystemPing
//! ```
#![cfg_attr(not(any(feature = "smol", feature = "async-std")), allow(dead_code, unused_mut, unused_variables))]

#[path = "../../docker-proto/examples/shared/invoke/mod.rs"]
mod shared;

use docker_smol::session::{Config, Endpoint, PoolLimits};
use docker_smol::{Body, Docker};
use shared::{Command, Outcome, Printer, Source, Stop, Verb};
use smol::Unblock;
use smol::io::copy;
use std::io::stdin;

/// `--runtime` chooses who connects and who polls; the first is the default.
const RUNTIMES: &[&str] = &[
    #[cfg(feature = "smol")]
    "smol",
    #[cfg(feature = "async-std")]
    "async-std",
];

fn main() {
    let done = Command::from_args(RUNTIMES).and_then(|mut command| {
        let runtime = command.runtime.take();
        match runtime.as_deref().or(RUNTIMES.first().copied()) {
            #[cfg(feature = "smol")]
            Some("smol") => smol::block_on(run(command, Docker::new)),
            #[cfg(feature = "async-std")]
            Some("async-std") => async_std::task::block_on(run(command, docker_smol::async_std::new)),
            _ => Err(Stop::Usage("it was built without the features smol and async-std".into())),
        }
    });
    shared::exit(done)
}

async fn run(command: Command, connect: fn(Endpoint, Config, PoolLimits) -> Docker) -> Result<(), Stop> {
    let Command { endpoint, config, invoke, verb, .. } = command;
    let docker = connect(endpoint, config, PoolLimits::default());
    let mut outcome = Outcome::new(&invoke, &verb)?;

    let mut items = match verb {
        Verb::Begin => docker.begin(invoke),
        Verb::Upload(source) => docker.upload(invoke, body(source)),
        Verb::Open { stdin: wanted } => {
            let (items, mut input) = docker.open(invoke).await?.split();
            if wanted {
                // A process may end without reading all of its input, so that neither can fail the call.
                let sending = async move {
                    let _ = copy(Unblock::new(stdin()), &mut input).await;
                    let _ = input.close().await;
                };
                smol::spawn(sending).detach();
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
        smol::Timer::after(pause).await;
    }
    printer.finish()
}

fn body(source: Source) -> Body {
    match source {
        Source::Stdin => Body::reader(Unblock::new(stdin())),
        Source::File(file, Some(length)) => Body::reader(Unblock::new(file)).length(length),
        Source::File(file, None) => Body::reader(Unblock::new(file)),
    }
}
