//! Shows which containers run, and what becomes of them, over restarts of the engine: `monitor [COUNT]`

use docker_blocking::monitor::{Item, Options};
use docker_blocking::{Docker, Result};

fn main() -> Result<()> {
    let wanted = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(usize::MAX);
    let (driver, monitor) = Docker::from_env()?.monitor(Options::new());
    let driver = std::thread::spawn(|| driver.run());
    let (mut items, mut shown) = (monitor.subscribe(), 0);
    while let Some(item) = if shown < wanted { items.next() } else { None } {
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
    driver.join().expect("it does not panic")
}
