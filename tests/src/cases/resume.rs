//! Streams that outlive their connections; `kills` has what happens to them when engines die.

use super::Failure;
use crate::engine::Engine;
use crate::proxy::Proxy;
use crate::runtime::{Resumed, Runtime};
use docker_proto::api::containers::Logs;
use docker_proto::resume::{self, Entry};

/// The connection is cut under the reader again and again, and once the reader itself is replaced.
pub async fn a_log_that_is_cut_goes_on<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    const LINES: u32 = 300;
    let proxy = Proxy::new(&engine.url)?;
    let (docker, cut): (R, R) = (engine.client(), R::connect(&proxy.url));
    let c = engine
        .shell(&docker, &format!("i=0; while [ $i -lt {LINES} ]; do echo $i; i=$((i+1)); sleep 0.005; done"))
        .await?;
    c.start().await?;
    let op = Logs::new(&*c.id).stdout(true).stderr(true).follow(true);
    let mut logs = cut.resume(resume::logs(op.clone()));
    for wanted in 0..LINES {
        let entry = logs.next().await.ok_or_else(|| format!("it ended before line {wanted}"))??;
        let Entry::Item(message) = entry else { return Err(format!("before line {wanted}: {entry:?}").into()) };
        assert_eq!(message.bytes, format!("{wanted}\n"));
        if wanted % 40 == 20 {
            proxy.cut();
        }
        if wanted == LINES / 2 {
            let position = logs.position().ok_or("no position")?.to_string();
            logs = cut.resume(resume::logs(op.clone()).from(position.parse()?));
        }
    }
    match logs.next().await {
        None => Ok(()),
        more => Err(format!("behind the last line: {more:?}").into()),
    }
}
