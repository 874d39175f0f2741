//! Shows what goes over the wire, secrets left out, and how long each call took: `tap [IMAGE]`

use docker_tokio::api::{containers, images};
use docker_tokio::observe::{Observer, Printer, Report};
use docker_tokio::resolve::Resolve;
use docker_tokio::session::PoolLimits;
use docker_tokio::{Docker, Result};

/// A line a call, for logs.
struct Lines;

impl Observer for Lines {
    fn ended(&self, report: &Report<'_>) {
        let Report { operation, status, outcome, sent, received, times, .. } = report;
        eprintln!("{operation} {status:?} {outcome}: {sent} B out, {received} B in, {:?}", times.total);
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let (endpoint, mut config) = docker_tokio::ask(Resolve::new()).await?.client()?;
    config.observers.push(Printer::new(|line| println!("{line}")));
    config.observers.push(Lines);
    let docker = Docker::new(endpoint, config, PoolLimits::default());
    docker.call(containers::List::new().limit(1)).await?;
    if let Some(image) = std::env::args().nth(1) {
        docker.call(images::Inspect::new(image)).await?;
    }
    Ok(())
}
