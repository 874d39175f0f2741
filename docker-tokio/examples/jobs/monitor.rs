//! Shows which containers run, and what becomes of them, over restarts of the engine: `monitor [COUNT]`

use docker_tokio::monitor::{Item, Options};
use docker_tokio::{Docker, Result};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let wanted = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(usize::MAX);
    let (driver, monitor) = Docker::from_env()?.monitor(Options::new());
    let driver = tokio::spawn(driver);
    let (mut items, mut shown) = (monitor.subscribe(), 0);
    while let Some(item) = if shown < wanted { items.next().await } else { None } {
        shown += 1;
        match item {
            Item::Snapshot(picture) => picture.running().for_each(|c| println!("{} runs", c.name)),
            Item::Started(change) => println!("{} started", change.container.name),
            Item::Stopped(change) => println!("{} ended: {:?}", change.container.name, change.container.exit_code),
            Item::Disconnected(e) => println!("the engine is away: {e}"),
            Item::Lagged(n) => println!("{n} items were missed"),
            _ => shown -= 1,
        }
    }
    monitor.stop();
    driver.await.expect("it does not panic")
}
