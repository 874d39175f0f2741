//! Tells of every call: what it was, how it ended, how long it took. Nothing of this needs a certain tracing library.

use crate::shared::Outcome;
use docker_tokio::Docker;
use docker_tokio::api::containers::named;
use docker_tokio::observe::{self, Observer, Report};

struct Told;

impl Observer for Told {
    fn ended(&self, report: &Report<'_>) {
        let end = match &report.outcome {
            observe::Outcome::Failed(error) => error.message().into(),
            _ => String::from("ended well"),
        };
        println!("{} {:?}, {end}, {:?}", report.operation, report.status, report.times.total);
    }
}

pub(crate) async fn main(url: &str, container: &str) -> Outcome {
    let docker = Docker::builder().url(url).observer(Told).build()?;
    docker.call(named(container).inspect()).await?;
    println!("refused: {}", docker.call(named("docker-proto-no-such").inspect()).await.is_err());
    Ok(())
}
